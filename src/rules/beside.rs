//! Rules against what stands beside the form: reports of other quarters, other forms, and the records.

use crate::definitions::form::{Check, Form, Rule};
use crate::filed::form::Filed;
use crate::rules::{Comparison, Verdict, row_lines};
use crate::values::cells::{Cells, Party, Value};
use crate::values::period::Quarter;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What is known beside the cells of the form.
#[derive(Debug, Clone, Default)]
pub struct Beside {
    pub reports: Vec<Other>,
    /// Recommendations of the previous quarter's events executed in this one, where records were read.
    pub executed_later: Option<i64>,
}

/// Another report of the same body, or a report of another form that tells of it.
#[derive(Debug, Clone)]
pub struct Other {
    form: String,
    quarter: Quarter,
    /// (symbolic row, column) → number; "-" is absent.
    rows: BTreeMap<(String, String), i64>,
    /// Column → Σ of the lines of the body's own providers; present where the form counts the column at all.
    own: BTreeMap<String, i64>,
}

/// A difference this large against an earlier report deserves a look: three times and at least 30.
const JUMP_TIMES: i64 = 3;
const JUMP_LEAST: i64 = 30;

impl Other {
    /// What the report says of the body whose providers are `own` (of equal BIN or, without one, of equal name).
    pub fn of(filed: &Filed<'_>, own: &[Arc<Party>]) -> Self {
        Self::told(filed.form, filed.period.quarter, &filed.cells, own)
    }

    /// What the cells of a form say of that body.
    pub fn told(form: &Form, quarter: Quarter, cells: &Cells, own: &[Arc<Party>]) -> Self {
        let is_own =
            |party: &Party| own.iter().any(|own| own.code == party.code && (!own.code.is_empty() || **own == *party));
        let mut other = Self { form: form.form.clone(), quarter, rows: BTreeMap::new(), own: BTreeMap::new() };
        for line in &cells.lines {
            let row = &form.rows[line.row].id;
            let numbers = form.grid_of(line.row).columns.iter().zip(&line.values);
            let numbers = numbers.filter_map(|(column, value)| Some((column.id.clone(), value.number()?)));
            let own = line.key.service.is_none() && line.key.provider.as_deref().is_some_and(is_own);
            for (column, number) in numbers {
                if line.key.provider.is_some() {
                    *other.own.entry(column).or_default() += if own { number } else { 0 };
                } else if line.key.is_row() {
                    other.own.entry(column.clone()).or_default();
                    other.rows.insert((row.clone(), column), number);
                }
            }
        }
        other
    }

    fn sum(&self, ids: &[String], columns: &[String]) -> Option<i64> {
        let numbers: Vec<i64> = ids
            .iter()
            .flat_map(|id| columns.iter().map(move |column| (id.clone(), column.clone())))
            .filter_map(|key| self.rows.get(&key).copied())
            .collect();
        if numbers.is_empty() { None } else { Some(numbers.iter().sum()) }
    }

    fn own(&self, columns: &[String]) -> Option<i64> {
        columns.iter().map(|column| self.own.get(column).copied()).sum()
    }
}

/// `None`: there is no report to compare with.
pub(crate) fn compare<'a>(form: &Form, cells: &'a Cells, rule: &Rule, beside: &Beside) -> Option<Vec<Comparison<'a>>> {
    let of_form = |name: &str, quarter: Quarter| {
        beside.reports.iter().find(|report| report.form == name && report.quarter == quarter)
    };
    let of = |quarter: Quarter| of_form(&form.form, quarter);
    let previous = of(cells.quarter.previous());
    match rule.check {
        Check::NeedsOtherNowOrBefore => {
            let line = *row_lines(form, cells, rule.left.first()?).first()?;
            let column = quarter_columns(form, line.row);
            let left = number(form, cells, &rule.left, *column.first()?);
            let right = number(form, cells, &rule.right, *column.first()?);
            let before = previous.and_then(|report| report.sum(&rule.right, &ids(form, line.row)));
            let verdict = match (left, right, before) {
                (None | Some(0), ..) | (_, Some(1..), _) | (.., Some(1..)) => {
                    Verdict::holds(left.unwrap_or(0), right.unwrap_or(0).max(before.unwrap_or(0)))
                }
                (Some(left), Some(0), Some(_)) => Verdict::Fails { left, right: 0 },
                _ => Verdict::CannotBeChecked,
            };
            Some(vec![Comparison { line, column: column[0], verdict }])
        }
        Check::Jump => {
            let reports: Vec<&Other> = [previous, of(cells.quarter.year_before())].into_iter().flatten().collect();
            if reports.is_empty() {
                return None;
            }
            Some(jumps(form, cells, rule, &reports))
        }
        Check::OtherForm => {
            let other = of_form(rule.other_form.as_ref()?, cells.quarter)?;
            let line = *row_lines(form, cells, rule.left.first()?).first()?;
            let columns = quarter_columns(form, line.row);
            let left = columns.iter().map(|column| number(form, cells, &rule.left, *column)).sum::<Option<i64>>();
            let verdict = match (left, other.own(&rule.right_columns)) {
                (Some(left), Some(right)) if left == right => Verdict::holds(left, right),
                (Some(left), Some(right)) => Verdict::Fails { left, right },
                _ => Verdict::CannotBeChecked,
            };
            Some(vec![Comparison { line, column: columns[0], verdict }])
        }
        Check::ExecutedLater => {
            let Some(executed) = beside.executed_later else { return Some(Vec::new()) };
            let line = *row_lines(form, cells, rule.left.first()?).first()?;
            let column = *quarter_columns(form, line.row).first()?;
            let pending = previous.and_then(|report| report.sum(&rule.left, &ids(form, line.row)));
            let verdict = match pending {
                _ if executed == 0 => Verdict::holds(executed, pending.unwrap_or(0)),
                Some(pending) if executed > pending => Verdict::Fails { left: executed, right: pending },
                Some(pending) => Verdict::holds(executed, pending),
                None => Verdict::CannotBeChecked,
            };
            Some(vec![Comparison { line, column, verdict }])
        }
        _ => {
            let previous = previous?;
            let line = *row_lines(form, cells, rule.left.first()?).first()?;
            let column = *quarter_columns(form, line.row).first()?;
            let now = number(form, cells, &rule.left, column);
            let included = number(form, cells, &rule.right, column).unwrap_or(0);
            let verdict = match (now, previous.sum(&rule.left, &ids(form, line.row))) {
                (Some(now), Some(before)) if now > before + included => {
                    Verdict::Fails { left: now, right: before + included }
                }
                (Some(now), Some(before)) => Verdict::holds(now, before + included),
                _ => Verdict::CannotBeChecked,
            };
            Some(vec![Comparison { line, column, verdict }])
        }
    }
}

fn jumps<'a>(form: &Form, cells: &'a Cells, rule: &Rule, reports: &[&Other]) -> Vec<Comparison<'a>> {
    let mut comparisons = Vec::new();
    for line in rule.left.iter().flat_map(|id| row_lines(form, cells, id)) {
        for column in quarter_columns(form, line.row) {
            let id = form.grid_of(line.row).columns[column].id.clone();
            let now = line.values[column].number();
            for report in reports {
                let before = report.sum(std::slice::from_ref(&form.rows[line.row].id), std::slice::from_ref(&id));
                let verdict = match (now, before) {
                    (Some(now), Some(before)) => {
                        let (small, large) = (now.min(before), now.max(before));
                        let jumped = large - small >= JUMP_LEAST && large >= small.saturating_mul(JUMP_TIMES);
                        if jumped { Verdict::Fails { left: now, right: before } } else { Verdict::holds(now, before) }
                    }
                    _ => continue,
                };
                comparisons.push(Comparison { line, column, verdict });
            }
        }
    }
    comparisons
}

/// Columns of the quarter.
fn quarter_columns(form: &Form, row: usize) -> Vec<usize> {
    let columns = form.grid_of(row).columns.iter().enumerate();
    columns.filter(|(_, column)| column.month.is_none()).map(|(place, _)| place).collect()
}

fn ids(form: &Form, row: usize) -> Vec<String> {
    quarter_columns(form, row).into_iter().map(|column| form.grid_of(row).columns[column].id.clone()).collect()
}

fn number(form: &Form, cells: &Cells, rows: &[String], column: usize) -> Option<i64> {
    crate::rules::rows_value(form, cells, rows, column).as_ref().and_then(Value::number)
}
