//! A filled form checked against its rules: each failure becomes a finding at its cell.

use crate::definitions::form::{Check, Form, Rule};
use crate::report::Outcomes;
use crate::rules::beside::Beside;
use crate::rules::recipe::{Index, Sums};
use crate::rules::term::CheckResult;
use crate::rules::{beside, repeated, terms};
use crate::values::cells::{Cells, Line, Value};
use crate::values::period::Quarter;
use crate::words::finding::{Finding, Outcome, Place};

/// What came of all checks of a form: the failures and what could not be checked, and how many of each.
#[derive(Debug, Default)]
pub struct Checked {
    pub findings: Vec<Finding>,
    pub outcomes: Outcomes,
}

/// Checks a filled form against all its rules, and against what is known beside it.
pub fn check(form: &Form, cells: &Cells, known: &Beside) -> Checked {
    let mut checked = Checked::default();
    check_values(form, cells, &mut checked);
    check_rules(form, cells, known, form.rules.iter(), &mut checked);
    checked
}

/// Checks a filled form against the reports of other quarters alone.
pub fn check_between(form: &Form, cells: &Cells, known: &Beside) -> Checked {
    let mut checked = Checked::default();
    let rules = form.rules.iter().filter(|rule| rule.check.is_between_quarters());
    check_rules(form, cells, known, rules, &mut checked);
    checked
}

fn check_rules<'r>(
    form: &Form,
    cells: &Cells,
    known: &Beside,
    rules: impl Iterator<Item = &'r Rule>,
    checked: &mut Checked,
) {
    let index = Index::new(form, &cells.lines);
    let sums = Sums { form, lines: &cells.lines, index: &index };
    for rule in rules {
        let compared = compare(sums, cells.quarter, rule, known, &mut |at, result| {
            judge(form, cells, rule, at, &result, checked);
        });
        if !compared {
            checked.outcomes.cannot_be_checked += 1;
            checked.findings.push(Finding {
                rule: Some(rule.id.clone()),
                cannot_be_checked: true,
                ..Finding::new("rule", form_place(form, cells))
            });
        }
    }
}

/// Tells every comparison of a rule: line and column at which a failure is shown, and what came of it. `false`: there
/// is nothing to compare with.
pub(crate) fn compare(
    sums: Sums<'_>,
    quarter: Quarter,
    rule: &Rule,
    known: &Beside,
    tell: &mut dyn FnMut((usize, usize), CheckResult),
) -> bool {
    match rule.check {
        Check::RepeatedLines => {
            repeated::compare(sums, rule, tell);
            true
        }
        Check::NeedsOtherNowOrBefore
        | Check::Jump
        | Check::StockAgainstPrevious
        | Check::OtherForm
        | Check::ExecutedLater => match beside::compare(sums, quarter, rule, known) {
            Some(results) => {
                for (at, result) in results {
                    tell(at, result);
                }
                true
            }
            None => false,
        },
        _ => {
            // lines and columns may be none; a row that is compared must be there
            let mut compared =
                !matches!(rule.check, Check::RowsSum | Check::RowsBound | Check::RowsEqual | Check::NeedsOther);
            let established = known.established.get(&sums.form.form).filter(|_| rule.leaves_out_established);
            for mut term in terms::of(sums, rule) {
                compared = true;
                term.less = established.map_or(0, |of| sums.established(term.left.as_ref(), of));
                tell((term.line, term.column), term.judge(&sums));
            }
            compared
        }
    }
}

fn judge(form: &Form, cells: &Cells, rule: &Rule, at: (usize, usize), result: &CheckResult, checked: &mut Checked) {
    match result.outcome {
        Outcome::Holds => {
            checked.outcomes.holds += 1;
            return;
        }
        Outcome::Fails => checked.outcomes.fails += 1,
        Outcome::CannotBeChecked => checked.outcomes.cannot_be_checked += 1,
    }
    let (left, right) = result.sides().unzip();
    checked.findings.push(Finding {
        rule: Some(rule.id.clone()),
        at: Some(at),
        left,
        right,
        cannot_be_checked: result.outcome == Outcome::CannotBeChecked,
        ..Finding::new("rule", cell_place(form, cells, &cells.lines[at.0], at.1))
    });
}

/// A cell that is blank or no whole number ≥ 0. Source: Rules, Annex 1 expl. 31, Annex 2 expl. 30.
fn check_values(form: &Form, cells: &Cells, checked: &mut Checked) {
    for (place, line) in cells.lines.iter().enumerate() {
        for (column, value) in line.values.iter().enumerate() {
            let name = match value {
                Value::NoInfo | Value::Unknown => None,
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
