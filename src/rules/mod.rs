//! Rules over cells. Every check holds, fails, or cannot be checked; a failure shows both sides.

pub mod beside;
pub mod bounds;
pub mod sums;
pub mod guess;
pub mod causes;
pub mod part;
pub mod recipe;
pub mod term;
pub mod terms;

use crate::rules::beside::Beside;

use crate::definitions::form::{Check, Form, Rule};
use crate::report::Outcomes;
use crate::values::cells::{Cells, Line, Value};
use crate::words::finding::{Finding, Place};
use std::collections::HashMap;

/// What came of all checks of a form: the failures and what could not be checked, and how many of each.
#[derive(Debug, Default)]
pub struct Checked {
    pub findings: Vec<Finding>,
    pub outcomes: Outcomes,
}

/// One comparison of a rule.
pub(crate) struct Comparison<'a> {
    /// The line and column at which a failure is shown.
    line: &'a Line,
    column: usize,
    verdict: Verdict,
}

/// Both sides, where they are numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Holds { sides: Option<(i64, i64)> },
    Fails { left: i64, right: i64 },
    CannotBeChecked,
}

impl Verdict {
    fn holds(left: i64, right: i64) -> Self {
        Self::Holds { sides: Some((left, right)) }
    }
}

/// Checks a filled form against all its rules, and against what is known beside it.
pub fn check(form: &Form, cells: &Cells, known: &Beside) -> Checked {
    let mut checked = Checked::default();
    check_values(form, cells, &mut checked);
    let positions: HashMap<*const Line, usize> =
        cells.lines.iter().enumerate().map(|(place, line)| (std::ptr::from_ref(line), place)).collect();
    for rule in &form.rules {
        let comparisons = compare(form, cells, rule, known);
        let Some(comparisons) = comparisons else {
            checked.outcomes.cannot_be_checked += 1;
            checked.findings.push(Finding {
                rule: Some(rule.id.clone()),
                cannot_be_checked: true,
                ..Finding::new("rule", form_place(form, cells))
            });
            continue;
        };
        for comparison in comparisons {
            let at = positions.get(&std::ptr::from_ref(comparison.line)).map(|line| (*line, comparison.column));
            judge(form, cells, rule, &comparison, at, &mut checked);
        }
    }
    checked
}

/// All comparisons of a rule; `None`: there is nothing to compare with.
fn compare<'a>(form: &Form, cells: &'a Cells, rule: &Rule, known: &Beside) -> Option<Vec<Comparison<'a>>> {
    match rule.check {
        Check::RowsSum => sums::rows(form, cells, rule),
        Check::LinesSum => Some(sums::lines(form, cells, rule)),
        Check::QuarterFlow | Check::QuarterStock => Some(sums::quarter(form, cells, rule)),
        Check::ColumnsSum => Some(sums::columns(form, cells, rule)),
        Check::ColumnsBound => Some(bounds::columns(form, cells, rule)),
        Check::RowsBound | Check::RowsEqual | Check::NeedsOther => bounds::rows(form, cells, rule),
        Check::RepeatedLines => Some(bounds::repeated(form, cells, rule)),
        Check::NeedsOtherNowOrBefore
        | Check::Jump
        | Check::StockAgainstPrevious
        | Check::OtherForm
        | Check::ExecutedLater => beside::compare(form, cells, rule, known),
    }
}

fn judge(
    form: &Form,
    cells: &Cells,
    rule: &Rule,
    comparison: &Comparison<'_>,
    at: Option<(usize, usize)>,
    checked: &mut Checked,
) {
    let mut finding = Finding { rule: Some(rule.id.clone()), at, ..Finding::new("rule", Place::default()) };
    match comparison.verdict {
        Verdict::Holds { .. } => {
            checked.outcomes.holds += 1;
            return;
        }
        Verdict::Fails { left, right } => {
            checked.outcomes.fails += 1;
            (finding.left, finding.right) = (Some(left), Some(right));
        }
        Verdict::CannotBeChecked => {
            checked.outcomes.cannot_be_checked += 1;
            finding.cannot_be_checked = true;
        }
    }
    finding.place = cell_place(form, cells, comparison.line, comparison.column);
    checked.findings.push(finding);
}

/// A cell that is blank or no whole number ≥ 0. Source: Rules, Annex 1 expl. 31, Annex 2 expl. 30.
fn check_values(form: &Form, cells: &Cells, checked: &mut Checked) {
    for (place, line) in cells.lines.iter().enumerate() {
        for (column, value) in line.values.iter().enumerate() {
            let name = match value {
                Value::NoInfo => None,
                Value::Number(number) => (*number < 0).then_some("cell_not_a_number"),
                Value::Blank => Some("cell_blank"),
                Value::Fault(_) => Some("cell_not_a_number"),
            };
            match name {
                None => checked.outcomes.holds += 1,
                Some(name) => {
                    checked.outcomes.fails += 1;
                    let at = Some((place, column));
                    let place = Place { value: Some(value.print()), ..cell_place(form, cells, line, column) };
                    checked.findings.push(Finding { at, ..Finding::new(name, place).with("value", value.print()) });
                }
            }
        }
    }
}

fn form_place(form: &Form, cells: &Cells) -> Place {
    Place { form: Some(form.form.clone()), period: Some(cells.quarter.to_string()), ..Place::default() }
}

/// The place of a cell of the form.
pub fn cell_place(form: &Form, cells: &Cells, line: &Line, column: usize) -> Place {
    let row = &form.rows[line.row];
    let filled = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let (provider, service) = (line.key.provider.as_ref(), line.key.service.as_ref());
    Place {
        section: filled(&row.section),
        row: Some(row.no.clone()),
        provider_bin: provider.and_then(|party| filled(&party.code)),
        provider_name: provider.and_then(|party| filled(&party.name)),
        service_code: service.and_then(|party| filled(&party.code)),
        service_name: service.and_then(|party| filled(&party.name)),
        information_system: line.key.system.as_deref().and_then(filled),
        column: form.grid_of(line.row).columns.get(column).map(|column| column.id.clone()),
        ..form_place(form, cells)
    }
}

/// The printed row of a rule, or where it is not printed (4-mk) the first of its lines.
fn row_lines<'a>(form: &Form, cells: &'a Cells, id: &str) -> Vec<&'a Line> {
    let Some(position) = form.row_position(id) else { return Vec::new() };
    if form.rows[position].lines_only {
        return cells.block(position).filter(|line| line.key.service.is_none()).collect();
    }
    cells.row(position).into_iter().collect()
}

/// Σ of rows in one column; `None` when a cell is blank or at fault or a row is missing.
fn rows_value(form: &Form, cells: &Cells, ids: &[String], column: usize) -> Option<Value> {
    let mut values = Vec::new();
    for id in ids {
        let lines = row_lines(form, cells, id);
        let optional = form.row_position(id).is_some_and(|position| form.rows[position].lines_only);
        if lines.is_empty() && !optional {
            return None;
        }
        values.extend(lines.into_iter().filter_map(|line| line.values.get(column)));
    }
    Value::sum(values)
}
