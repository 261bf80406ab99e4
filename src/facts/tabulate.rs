//! Facts × form → cells. Each value is a measure over the facts that pass row ∧ column filters.

use crate::body::organisation::Zeros;
use crate::definitions::Definitions;
use crate::definitions::dimension::{Class, ESTABLISHED, RESULTS, SETS};
use crate::definitions::form::{Column, Form, LineBy, Measure, Row, RowKind};
use crate::definitions::sieve::Sieve;
use crate::facts::deriver::Derived;
use crate::facts::fact::sums;
use crate::values::cells::{Cells, Established, Line, LineKey, Value};
use crate::values::period::Period;
use anyhow::{Context, Result};
use polars::prelude::*;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

/// What tabulation needs besides the facts.
#[derive(Debug)]
pub struct Tabulator<'a> {
    pub definitions: &'a Definitions,
    pub derived: &'a Derived,
    /// Tables handed over, and `table.field` for their columns (D1).
    pub given: &'a BTreeSet<String>,
    pub period: Period,
    pub zeros: Zeros,
    /// Only the facts of this unit.
    pub unit: Option<u32>,
}

/// Identities of a line, in the order provider, service, system; 0 where the row has no such level.
type Ids = [u32; 3];

/// Values of the lines of a row, and of the row itself under `[0, 0, 0]`.
type Counted = BTreeMap<Ids, i64>;

impl Tabulator<'_> {
    /// Fills a form.
    pub fn fill(&self, form: &Form) -> Result<Cells> {
        let mut lines: Vec<Vec<Line>> = Vec::with_capacity(form.rows.len());
        for (position, row) in form.rows.iter().enumerate() {
            lines.push(match &row.facts {
                Some(_) => self.row(form, position)?,
                None => Vec::new(),
            });
        }
        // Sums after what they sum; sums of sums (TOTAL) may stand above their parts.
        for depth in 0..2 {
            for (position, row) in form.rows.iter().enumerate().filter(|(_, row)| !row.sum.is_empty()) {
                if depth == 1
                    || row
                        .sum
                        .iter()
                        .all(|part| form.row_position(part).is_some_and(|part| form.rows[part].sum.is_empty()))
                {
                    lines[position] = vec![sum_row(form, position, &lines)];
                }
            }
        }
        for (row, block) in form.rows.iter().zip(&mut lines).filter(|(row, _)| row.lines_only) {
            block.retain(|line| !line.key.is_row());
            debug_assert!(!row.lines.is_empty());
        }
        let mut cells = Cells { quarter: self.period.quarter, lines: lines.into_iter().flatten().collect() };
        if self.zeros == Zeros::Dash {
            dash_zeros(form, &mut cells);
        }
        Ok(cells)
    }

    /// How much of the cells of rows others established: months and quarter.
    pub fn established(&self, form: &Form) -> Result<Established> {
        let mut found = Established::default();
        let results = form.rows.iter().enumerate().filter(|(_, row)| row.facts.as_deref() == Some(SETS[RESULTS].name));
        for (position, row) in results {
            let frame = self.facts_of(row)?;
            let classes = frame.column("class")?.u64()?.into_no_null_iter().map(Class);
            let mask: BooleanChunked = classes.map(|class| class.code(ESTABLISHED) == Class::YES).collect();
            let frame = frame.filter(&mask)?;
            if frame.height() == 0 {
                continue;
            }
            let columns = &form.grid_of(position).columns;
            for (place, column) in columns.iter().enumerate().filter(|(_, column)| column.months.is_empty()) {
                let of_month = of_month(&frame, column.month)?;
                let sum = self.count(&of_month, row, column)?.get(&[0; 3]).copied().unwrap_or(0);
                let quarter = columns.iter().position(|quarter| quarter.months.contains(&column.id));
                for place in [Some(place), quarter].into_iter().flatten() {
                    *found.0.entry((position, place)).or_default() += sum;
                }
            }
        }
        Ok(found)
    }

    /// A row that counts facts, followed by its lines.
    fn row(&self, form: &Form, position: usize) -> Result<Vec<Line>> {
        let row = &form.rows[position];
        let grid = form.grid_of(position);
        let unknown = !self.is_given(&row.needs) || (row.whole_only && self.unit.is_some());
        let frame = self.facts_of(row)?;
        let mut of_months: BTreeMap<Option<u32>, DataFrame> = BTreeMap::new();
        let mut counted: Vec<Option<Counted>> = Vec::with_capacity(grid.columns.len());
        for column in &grid.columns {
            let known = !unknown && self.is_given(&column.needs) && self.has_ended(column);
            if !known || !column.months.is_empty() {
                counted.push(None);
                continue;
            }
            let of_month = match of_months.entry(column.month) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(free) => free.insert(of_month(&frame, column.month)?),
            };
            counted.push(Some(self.count(of_month, row, column)?));
        }
        let mut keys: Vec<Ids> = counted.iter().flatten().flat_map(BTreeMap::keys).copied().collect();
        keys.push([0; 3]);
        keys.sort_unstable();
        keys.dedup();
        // keys and counts are in the same order
        let mut counted: Vec<_> = counted.into_iter().map(|counts| Some(counts?.into_iter().peekable())).collect();
        let mut lines = Vec::new();
        for ids in keys {
            let mut values: Vec<Value> = counted
                .iter_mut()
                .map(|counts| {
                    let Some(counts) = counts else { return Value::NoInfo };
                    Value::Number(counts.next_if(|(own, _)| *own == ids).map_or(0, |(_, value)| value))
                })
                .collect();
            for (place, column) in grid.columns.iter().enumerate().filter(|(_, column)| !column.months.is_empty()) {
                let months = column.months.iter().filter_map(|month| grid.column(month)).map(|month| &values[month]);
                values[place] = match row.kind {
                    RowKind::Flow => Value::sum(months).unwrap_or(Value::Blank),
                    RowKind::Stock => Value::last(months),
                };
            }
            let nothing = values.iter().all(|value| value.number().unwrap_or(0) == 0);
            if ids == [0; 3] || !nothing {
                lines.push(Line { row: position, key: self.line_key(row, ids), values });
            }
        }
        Ok(lines)
    }

    /// D1: every needed group of tables has a member that was handed over.
    fn is_given(&self, needs: &[Vec<String>]) -> bool {
        needs.iter().all(|any| any.iter().any(|table| self.given.contains(table)))
    }

    /// D1: a month that has not ended is "-"; a column of the quarter needs one that has.
    fn has_ended(&self, column: &Column) -> bool {
        self.period.ended_months() >= column.month.unwrap_or(1)
    }

    /// The facts that pass the filter of the row (and the unit).
    fn facts_of(&self, row: &Row) -> Result<DataFrame> {
        let set = row.facts.as_ref().and_then(|facts| SETS.iter().position(|set| set.name == facts));
        let set = set.with_context(|| format!("row {}: no facts", row.id))?;
        let mut needed: BTreeSet<&str> = ["class", number(row.measure)].into();
        if matches!(row.measure, Measure::Distinct | Measure::DistinctItems) {
            needed.extend(["service", "item"]);
        }
        needed.extend(row.lines.iter().map(|by| key_column(*by)));
        needed.extend(self.unit.map(|_| "unit"));
        let frame = self.derived.frames[set].select(needed)?;
        let sieve =
            Sieve::new(set, &[&row.filter], self.definitions).with_context(|| format!("row {}: filter", row.id))?;
        let passed = keep(&frame, |class| sieve.passes(class))?;
        let Some(unit) = self.unit else { return Ok(passed) };
        let mask: BooleanChunked = passed.column("unit")?.u32()?.into_no_null_iter().map(|id| id == unit).collect();
        Ok(passed.filter(&mask)?)
    }

    /// One column of a row, from the facts of its month: the row itself and each of its lines.
    fn count(&self, frame: &DataFrame, row: &Row, column: &Column) -> Result<Counted> {
        let set = row.facts.as_ref().and_then(|facts| SETS.iter().position(|set| set.name == facts)).unwrap_or(0);
        let sieve = Sieve::new(set, &[&column.filter], self.definitions)
            .with_context(|| format!("column {}: its filter does not fit row {}", column.id, row.id))?;
        let passed = keep(frame, |class| sieve.passes(class))?;
        let measured = match row.measure {
            Measure::Distinct | Measure::DistinctItems => {
                passed.unique_stable(Some(&["item".into(), "service".into()][..]), UniqueKeepStrategy::Any, None)?
            }
            _ => passed,
        };
        let mut counted = Counted::new();
        counted.insert([0; 3], total(&measured, row.measure)?);
        for depth in 1..=row.lines.len() {
            let level = &row.lines[..depth];
            // service and system are one level; provider and service are two
            if level.last() == Some(&LineBy::Service) && row.lines.get(depth) == Some(&LineBy::System) {
                continue;
            }
            self.count_level(&measured, row, level, &mut counted)?;
        }
        Ok(counted)
    }

    #[allow(clippy::unused_self)]
    fn count_level(&self, measured: &DataFrame, row: &Row, level: &[LineBy], counted: &mut Counted) -> Result<()> {
        let keys: Vec<&str> = level.iter().map(|by| key_column(*by)).collect();
        let mut ones = measured.clone();
        if matches!(row.measure, Measure::Distinct | Measure::DistinctItems) {
            ones.with_column(polars::prelude::Column::new("quantity".into(), vec![1_i64; measured.height()]))?;
        }
        let number = number(row.measure);
        let grouped = sums(&ones, &keys, &[number])?;
        let values = grouped.column(number)?.i64()?;
        let ids: Vec<&UInt32Chunked> =
            keys.iter().map(|key| grouped.column(key)?.u32()).collect::<PolarsResult<_>>()?;
        for (place, value) in values.into_no_null_iter().enumerate() {
            let mut line = [0; 3];
            for (by, ids) in level.iter().zip(&ids) {
                line[*by as usize] = ids.get(place).unwrap_or(0);
            }
            if value != 0 {
                counted.insert(line, value);
            }
        }
        Ok(())
    }

    fn line_key(&self, row: &Row, ids: Ids) -> LineKey {
        if ids == [0; 3] {
            return LineKey::default();
        }
        let [provider, service, system] = ids;
        let has = |by: LineBy| row.lines.contains(&by);
        LineKey {
            provider: self.derived.providers.party(provider).filter(|_| has(LineBy::Provider)).cloned(),
            service: self.derived.services.party(service).filter(|_| has(LineBy::Service)).cloned(),
            system: has(LineBy::System)
                .then(|| self.derived.systems.party(system).map(|party| party.name.clone()).unwrap_or_default()),
        }
    }
}

/// The column of the facts that a measure sums.
fn number(measure: Measure) -> &'static str {
    if measure == Measure::Amount { "amount" } else { "quantity" }
}

/// The facts whose class passes.
fn keep(frame: &DataFrame, passes: impl Fn(Class) -> bool) -> PolarsResult<DataFrame> {
    let classes = frame.column("class")?.u64()?.into_no_null_iter();
    let mask: BooleanChunked = classes.map(|class| passes(Class(class))).collect();
    frame.filter(&mask)
}

/// The facts of a month of the quarter, from 1; all without one.
fn of_month(frame: &DataFrame, month: Option<u32>) -> PolarsResult<DataFrame> {
    let Some(month) = month else { return Ok(frame.clone()) };
    keep(frame, |class| class.month() + 1 == month)
}

/// The column of the facts that holds a level of lines.
fn key_column(by: LineBy) -> &'static str {
    match by {
        LineBy::Provider => "provider",
        LineBy::Service => "service",
        LineBy::System => "system",
    }
}

fn total(measured: &DataFrame, measure: Measure) -> PolarsResult<i64> {
    let column = match measure {
        Measure::Distinct => return Ok(i64::try_from(measured.height()).unwrap_or(i64::MAX)),
        Measure::DistinctItems => return Ok(i64::try_from(measured.column("item")?.n_unique()?).unwrap_or(i64::MAX)),
        Measure::Quantity => "quantity",
        Measure::Amount => "amount",
    };
    Ok(measured.column(column)?.i64()?.sum().unwrap_or(0))
}

/// A row that is the sum of others.
fn sum_row(form: &Form, position: usize, lines: &[Vec<Line>]) -> Line {
    let parts: Vec<&Line> = form.rows[position]
        .sum
        .iter()
        .filter_map(|part| form.row_position(part))
        .filter_map(|part| lines[part].iter().find(|line| line.key.is_row()))
        .collect();
    let width = form.grid_of(position).columns.len();
    let values = (0..width)
        .map(|column| Value::sum(parts.iter().map(|part| &part.values[column])).unwrap_or(Value::Blank))
        .collect();
    Line { row: position, key: LineKey::default(), values }
}

/// Known zeros of flow rows as "-" (D1). A stock keeps its zeros: the quarter is its last month that
/// has a value, and a zero that was hidden would bring back an older number.
fn dash_zeros(form: &Form, cells: &mut Cells) {
    for line in cells.lines.iter_mut().filter(|line| form.rows[line.row].kind == RowKind::Flow) {
        for value in line.values.iter_mut().filter(|value| **value == Value::Number(0)) {
            *value = Value::NoInfo;
        }
    }
}
