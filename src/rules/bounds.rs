//! Rules of proportion: one side does not exceed the other, one needs the other, no line stands twice.

use crate::definitions::form::{Check, Form, Missing, Rule};
use crate::rules::sums::{columns_value, equal};
use crate::rules::{Comparison, Verdict, row_lines, rows_value};
use crate::values::cells::{Cells, Line, Value};
use std::collections::BTreeMap;

/// From this number on, equal months of two lines are no coincidence (forms.md, Rules).
const REPEATED_FROM: i64 = 10;

/// Left ≤ right; "-" on the left exceeds nothing, on the right it bounds nothing.
fn within(left: Option<Value>, right: Option<Value>) -> Verdict {
    match (left, right) {
        (Some(left), Some(right)) => match (left.number(), right.number()) {
            (None | Some(0), right) => Verdict::holds(0, right.unwrap_or(0)),
            (Some(_), None) => Verdict::CannotBeChecked,
            (Some(left), Some(right)) if left > right => Verdict::Fails { left, right },
            (Some(left), Some(right)) => Verdict::holds(left, right),
        },
        _ => Verdict::CannotBeChecked,
    }
}

/// Left > 0 only if right > 0.
fn needs(left: Option<Value>, right: Option<Value>) -> Verdict {
    match (left, right) {
        (Some(left), Some(right)) => match (left.number(), right.number()) {
            (None | Some(0), right) => Verdict::holds(0, right.unwrap_or(0)),
            (Some(_), None) => Verdict::CannotBeChecked,
            (Some(left), Some(0)) => Verdict::Fails { left, right: 0 },
            (Some(left), Some(right)) => Verdict::holds(left, right),
        },
        _ => Verdict::CannotBeChecked,
    }
}

/// Rules between rows, per column of the left one.
pub(crate) fn rows<'a>(form: &Form, cells: &'a Cells, rule: &Rule) -> Option<Vec<Comparison<'a>>> {
    let line = *row_lines(form, cells, rule.left.first()?).first()?;
    let columns = 0..form.grid_of(line.row).columns.len();
    Some(
        columns
            .map(|column| {
                let left = rows_value(form, cells, &rule.left, column);
                let right = rows_value(form, cells, &rule.right, column);
                let unknown = |side: &Option<Value>| side.as_ref().is_none_or(|value| value.number().is_none());
                let verdict = match rule.check {
                    Check::RowsBound => within(left, right),
                    Check::NeedsOther => needs(left, right),
                    _ if rule.missing == Missing::CannotBeChecked && unknown(&left) != unknown(&right) => {
                        Verdict::CannotBeChecked
                    }
                    _ => equal(left, right),
                };
                Comparison { line, column, verdict }
            })
            .collect(),
    )
}

/// Left columns ≤ right columns, on every line.
pub(crate) fn columns<'a>(form: &Form, cells: &'a Cells, rule: &Rule) -> Vec<Comparison<'a>> {
    cells
        .lines
        .iter()
        .filter_map(|line| {
            let column = form.grid_of(line.row).column(rule.left_columns.first()?)?;
            let verdict =
                within(columns_value(form, line, &rule.left_columns), columns_value(form, line, &rule.right_columns));
            Some(Comparison { line, column, verdict })
        })
        .collect()
}

/// Two lines of one block with the same three months, at least two of them ≥ 10.
pub(crate) fn repeated<'a>(form: &Form, cells: &'a Cells, rule: &Rule) -> Vec<Comparison<'a>> {
    let mut met: BTreeMap<(usize, Vec<i64>), &Line> = BTreeMap::new();
    let mut comparisons = Vec::new();
    for line in cells.lines.iter().filter(|line| !line.key.is_row() && rule.left.contains(&form.rows[line.row].id)) {
        let grid = form.grid_of(line.row);
        let months = |line: &Line| -> Option<Vec<i64>> {
            let places = grid.columns.iter().enumerate().filter(|(_, column)| column.month.is_some());
            places.map(|(place, _)| line.values[place].number()).collect()
        };
        let Some(values) = months(line) else { continue };
        let large = values.iter().filter(|value| **value >= REPEATED_FROM).count() >= 2;
        let quarter = grid.columns.iter().position(|column| column.month.is_none()).unwrap_or(0);
        let twin = if large { met.insert((line.row, values), line) } else { None };
        let verdict = match twin {
            Some(twin) => {
                let side = |line: &Line| line.values[quarter].number().unwrap_or(0);
                Verdict::Fails { left: side(line), right: side(twin) }
            }
            None => Verdict::Holds { sides: None },
        };
        comparisons.push(Comparison { line, column: quarter, verdict });
    }
    comparisons
}
