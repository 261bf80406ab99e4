//! The cells of a year: each month as its quarter's report has it, the year from its months.

use crate::consolidate::merge::{Reports, merge};
use crate::consolidate::part::{NO_INFO, NameNumbers, UnitReport};
use crate::definitions::form::{Form, RowKind};
use crate::values::cells::{Cells, Line, Value};
use crate::words::lang::{Lang, Text};
use crate::year::form::{column_id, quarters, total_id};

/// The reports of a year.
#[derive(Debug, Clone, Copy)]
pub struct Year<'a> {
    /// The edition of its last quarter, and the form of the year made of it.
    pub form: &'a Form,
    pub yearly: &'a Form,
    pub year: i32,
    /// One for each quarter; absent: no report.
    pub parts: [Option<&'a UnitReport<'a>>; 4],
    pub spellings: &'a NameNumbers,
    /// The leading language.
    pub lang: Lang,
}

/// The report in rows and columns of the edition; how many of its figures the edition has no place for.
pub fn in_edition<'d>(part: UnitReport<'d>, form: &'d Form) -> (UnitReport<'d>, usize) {
    if std::ptr::eq(part.form, form) {
        return (part, 0);
    }
    let (mut lines, mut lost) = (Vec::new(), 0);
    for packed in &part.lines {
        let own = usize::from(packed.row);
        let figures = |values: &[i64]| values.iter().filter(|value| **value > 0).count();
        let Some(row) = form.row_position(&part.form.rows[own].id) else {
            lost += figures(&packed.values);
            continue;
        };
        let (before, columns) = (&part.form.grid_of(own).columns, &form.grid_of(row).columns);
        let mut moved = packed.clone();
        moved.row = u16::try_from(row).unwrap_or(u16::MAX);
        let value = |id: &String| before.iter().position(|column| column.id == *id).map(|at| packed.values[at]);
        moved.values = columns.iter().map(|column| value(&column.id).unwrap_or(NO_INFO)).collect();
        lost += figures(&packed.values).saturating_sub(figures(&moved.values));
        lines.push(moved);
    }
    (UnitReport { form, lines, ..part }, lost)
}

impl Year<'_> {
    /// The cells of the year.
    pub fn cells(self) -> Cells {
        let [_, _, _, last] = quarters(self.year);
        let known: Vec<(usize, &UnitReport<'_>)> =
            self.parts.iter().enumerate().filter_map(|(nth, part)| Some((nth, (*part)?))).collect();
        let parts: Vec<&UnitReport<'_>> = known.iter().map(|(_, part)| *part).collect();
        let names = vec![Text::default(); parts.len()];
        let Self { form, spellings, lang, .. } = self;
        // who is the same is found as among reports of units
        let merged = merge(Reports { form, quarter: last, parts: &parts, names: &names, spellings, lang });
        let mut lines = Vec::new();
        for (line, sources) in merged.cells.lines.into_iter().zip(&merged.contributors) {
            let mut found: [Vec<Vec<Value>>; 4] = Default::default();
            for (part, source) in sources {
                found[known[*part].0].push(parts[*part].lines[*source].unpack());
            }
            let quarter = |nth: usize| -> Vec<Value> {
                let width = form.grid_of(line.row).columns.len();
                match (self.parts[nth], found[nth].as_slice()) {
                    (None, _) => vec![Value::Unknown; width],
                    (Some(_), []) if line.key.is_row() => vec![Value::Blank; width],
                    (Some(part), []) => (0..width).map(|column| nothing(form, part, line.row, column)).collect(),
                    (Some(_), [one]) => one.clone(),
                    (Some(_), several) => (0..width).map(|column| added(several, column)).collect(),
                }
            };
            let of_quarters = [0, 1, 2, 3].map(quarter);
            let values = self.values(line.row, &of_quarters);
            lines.push(Line { values, ..line });
        }
        Cells { quarter: last, lines }
    }

    /// Values of a line in the columns of the year, from those of its quarters.
    fn values(&self, row: usize, of_quarters: &[Vec<Value>; 4]) -> Vec<Value> {
        let (before, columns) = (&self.form.grid_of(row).columns, &self.yearly.grid_of(row).columns);
        let mut values = vec![Value::NoInfo; columns.len()];
        let place = |id: &str| columns.iter().position(|column| column.id == id);
        let is_monthly = before.iter().any(|column| column.month.is_some());
        for (quarter, own) in quarters(self.year).into_iter().zip(of_quarters) {
            for (column, value) in before.iter().zip(own).filter(|(column, _)| column.month.is_some()) {
                if let Some(at) = place(&column_id(quarter, &column.id)) {
                    values[at] = value.clone();
                }
            }
        }
        for (at, column) in before.iter().enumerate().filter(|(_, column)| column.month.is_none()) {
            let id = if is_monthly { total_id(self.year, &column.id) } else { column.id.clone() };
            let Some(place) = place(&id) else { continue };
            let months = &columns[place].months;
            let parts: Vec<&Value> = if months.is_empty() {
                of_quarters.iter().map(|own| &own[at]).collect()
            } else {
                columns
                    .iter()
                    .zip(&values)
                    .filter(|(own, _)| months.contains(&own.id))
                    .map(|(_, value)| value)
                    .collect()
            };
            values[place] = total(self.form.rows[row].kind, &parts);
        }
        values
    }
}

/// The year from its months or quarters; it is blank where one of them is.
fn total(kind: RowKind, parts: &[&Value]) -> Value {
    if !parts.iter().all(|value| value.is_sound()) {
        return Value::Blank;
    }
    match kind {
        RowKind::Flow => Value::sum(parts.iter().copied()).unwrap_or(Value::Blank),
        RowKind::Stock => Value::last(parts.iter().copied()),
    }
}

fn added(several: &[Vec<Value>], column: usize) -> Value {
    Value::sum(several.iter().map(|values| &values[column])).unwrap_or(Value::Blank)
}

/// What a report that has no such line says of it: nothing fed it, unless the row itself is not known there.
fn nothing(form: &Form, part: &UnitReport<'_>, row: usize, column: usize) -> Value {
    let of_row = |packed: &&crate::consolidate::part::Packed| packed.key == [0; 3];
    let own = part.lines.iter().filter(of_row).find(|packed| usize::from(packed.row) == row);
    let grid = form.grid_of(row);
    // a row of which only lines are printed is known as the form's other rows are
    let near = || part.lines.iter().filter(of_row).find(|packed| std::ptr::eq(form.grid_of(packed.row.into()), grid));
    let known = own.or_else(near).and_then(|packed| packed.unpack().get(column).cloned());
    match known {
        Some(value @ (Value::NoInfo | Value::Blank)) => value,
        _ => Value::Number(0),
    }
}
