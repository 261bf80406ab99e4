//! Which facts feed which cell: one question, asked forwards and backwards.

use crate::definitions::Definitions;
use crate::definitions::dimension::{Class, SETS};
use crate::definitions::form::{Column, Form, LineBy, Measure, Row, RowKind};
use crate::definitions::sieve::Sieve;
use crate::facts::deriver::Derived;
use crate::facts::trace::Traced;
use crate::values::cells::{Cells, Line};
use crate::values::period::Period;
use std::collections::BTreeSet;

/// What one record adds to a cell.
#[derive(Debug, Clone, Copy)]
pub struct Contribution<'t> {
    pub traced: &'t Traced,
    /// The row that counts the fact: the cell's own, or a part of its sum.
    pub row: usize,
    /// 0 where the same thing was counted already.
    pub quantity: i64,
}

/// One part of a cell: a row that counts facts, under a column that is no sum of months.
#[derive(Debug)]
pub struct Part {
    pub row: usize,
    pub column: usize,
    set: usize,
    row_sieve: Sieve,
    column_sieve: Sieve,
    month: Option<u32>,
}

/// The parts of a cell: rows below a sum, months of a quarter.
pub fn parts(form: &Form, row: usize, column: usize, period: Period, definitions: &Definitions) -> Vec<Part> {
    let mut found = Vec::new();
    for leaf in leaves(form, row) {
        let Some(set) = set_of(&form.rows[leaf]) else { continue };
        for place in columns(form, leaf, column, period) {
            let definition = &form.grid_of(leaf).columns[place];
            let row_sieve = Sieve::new(set, &[&form.rows[leaf].filter], definitions);
            let column_sieve = Sieve::new(set, &[&definition.filter], definitions);
            if let (Some(row_sieve), Some(column_sieve)) = (row_sieve, column_sieve) {
                found.push(Part { row: leaf, column: place, set, row_sieve, column_sieve, month: definition.month });
            }
        }
    }
    found
}

impl Part {
    /// Kind of fact and filter, for a trace.
    pub fn wanted(&self) -> (usize, Sieve) {
        (self.set, self.row_sieve.clone())
    }

    /// Whether facts of a kind in a month of the quarter may be among its own.
    pub(crate) fn may_take(&self, set: usize, month: u32) -> bool {
        self.set == set && self.month.is_none_or(|own| own == month)
    }

    pub(crate) fn takes(&self, traced: &Traced) -> bool {
        self.passes(traced.set, Class(traced.fact.class))
    }

    /// Whether facts of a kind and class are among its own.
    pub(crate) fn passes(&self, set: usize, class: Class) -> bool {
        set == self.set
            && self.month.is_none_or(|month| class.month() + 1 == month)
            && self.row_sieve.passes(class)
            && self.column_sieve.passes(class)
    }
}

/// Kind of fact that a row counts.
pub fn set_of(row: &Row) -> Option<usize> {
    let facts = row.facts.as_ref()?;
    SETS.iter().position(|set| set.name == facts)
}

/// The rows that count facts below a row, itself included.
pub fn leaves(form: &Form, row: usize) -> Vec<usize> {
    let parts = form.rows[row].sum.iter().filter_map(|id| form.row_position(id));
    if form.rows[row].facts.is_some() { vec![row] } else { parts.flat_map(|part| leaves(form, part)).collect() }
}

/// A column itself; for a quarter its months, for the quarter of a stock the last month that has ended.
fn columns(form: &Form, row: usize, column: usize, period: Period) -> Vec<usize> {
    let grid = form.grid_of(row);
    let ended = |column: &Column| period.ended_months() >= column.month.unwrap_or(1);
    let own = &grid.columns[column];
    if own.months.is_empty() {
        return if ended(own) { vec![column] } else { Vec::new() };
    }
    let months: Vec<usize> =
        own.months.iter().filter_map(|id| grid.column(id)).filter(|place| ended(&grid.columns[*place])).collect();
    match form.rows[row].kind {
        RowKind::Flow => months,
        RowKind::Stock => months.last().copied().into_iter().collect(),
    }
}

/// Whose facts stand on a line of a report.
#[derive(Debug)]
pub struct Owner<'d> {
    derived: &'d Derived,
    /// Identity of the unit, for the report of one unit.
    unit: Option<u32>,
}

impl<'d> Owner<'d> {
    /// `unit`: code and name of the unit of the report, if it is of one.
    pub fn new(derived: &'d Derived, unit: Option<&crate::values::cells::Party>) -> Self {
        let known = |wanted: &crate::values::cells::Party| {
            let same = |party: &crate::values::cells::Party| {
                if wanted.code.is_empty() { party.name == wanted.name } else { party.code == wanted.code }
            };
            let place = derived
                .units
                .printed
                .iter()
                .skip(1)
                .position(|party| same(party))
                .map_or(u32::MAX as usize, |place| place + 1);
            u32::try_from(place).unwrap_or(u32::MAX)
        };
        Self { derived, unit: unit.map(known) }
    }

    pub(crate) fn holds(&self, traced: &Traced, row: &Row, line: &Line) -> bool {
        let fact = &traced.fact;
        let (derived, key) = (self.derived, &line.key);
        if self.unit.is_some_and(|unit| row.whole_only || derived.units.identity[fact.unit as usize] != unit) {
            return false;
        }
        let provider = derived.providers.party(derived.providers.identity[fact.provider as usize]);
        let service = derived.services.party(derived.services.identity[fact.service as usize]);
        let system = derived.systems.party(derived.systems.identity[fact.system as usize]);
        let has = |by| row.lines.contains(&by);
        key.is_row()
            || (!has(LineBy::Provider) || provider == key.provider.as_ref())
                && (key.service.is_none() || service == key.service.as_ref())
                && (!has(LineBy::System)
                    || system.map_or("", |party| party.name.as_str()) == key.system.as_deref().unwrap_or_default())
    }

    /// The records of a cell in the order of their places; their quantities add up to the cell.
    pub fn contributions<'t>(
        &self,
        form: &Form,
        line: &Line,
        parts: &[Part],
        traced: &'t [Traced],
    ) -> Vec<Contribution<'t>> {
        let mut found = Vec::new();
        for part in parts {
            let row = &form.rows[part.row];
            let mut counted = BTreeSet::new();
            for traced in traced.iter().filter(|traced| part.takes(traced) && self.holds(traced, row, line)) {
                let fact = &traced.fact;
                let quantity = match row.measure {
                    Measure::Quantity => fact.quantity,
                    Measure::Amount => fact.amount,
                    Measure::Distinct | Measure::DistinctItems => {
                        let of_row = row.measure == Measure::DistinctItems && line.key.is_row();
                        let service = if of_row { 0 } else { self.derived.services.identity[fact.service as usize] };
                        i64::from(counted.insert((fact.item, service)))
                    }
                };
                if quantity != 0 || matches!(row.measure, Measure::Distinct | Measure::DistinctItems) {
                    found.push(Contribution { traced, row: part.row, quantity });
                }
            }
        }
        found.sort_by_key(|one| (one.traced.source, one.traced.line, one.row, one.traced.fact.class));
        found
    }

    /// Every cell that the facts of one record feed, with what they add, in the order of the form.
    pub fn cells(
        &self,
        form: &Form,
        cells: &Cells,
        period: Period,
        definitions: &Definitions,
        own: &[Traced],
    ) -> Vec<((usize, usize), i64)> {
        let mut fed = Vec::new();
        let mut parts_of = std::collections::BTreeMap::new();
        for (place, line) in cells.lines.iter().enumerate() {
            for column in 0..line.values.len() {
                let parts: &Vec<Part> = parts_of
                    .entry((line.row, column))
                    .or_insert_with(|| parts(form, line.row, column, period, definitions));
                let quantity: i64 = self.contributions(form, line, parts, own).iter().map(|one| one.quantity).sum();
                if quantity != 0 {
                    fed.push(((place, column), quantity));
                }
            }
        }
        fed
    }
}
