//! Rules against reports of earlier quarters.

use super::{Comparison, Verdict, row_lines};
use crate::cells::{Cells, Value};
use crate::definitions::form::{Check, Form, Rule};
use crate::period::Quarter;
use anyhow::{Context, Result};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

/// The rows of an earlier report of the same form and organisation.
#[derive(Debug, Clone)]
pub struct Earlier {
    pub form: String,
    pub quarter: Quarter,
    /// BIN of the organisation that filed it.
    pub organisation: String,
    /// (symbolic row, column) → number; "-" is absent.
    rows: BTreeMap<(String, String), i64>,
}

/// A difference this large against an earlier report deserves a look: three times and at least 30.
const JUMP_TIMES: i64 = 3;
const JUMP_LEAST: i64 = 30;

#[derive(Deserialize)]
struct Head {
    form: String,
    period: String,
    organisation: Body,
}

#[derive(Deserialize)]
struct Body {
    bin: String,
}

#[derive(Deserialize)]
struct Stored {
    head: Head,
    lines: Vec<StoredLine>,
}

#[derive(Deserialize)]
struct StoredLine {
    row_id: String,
    provider_bin: Option<String>,
    provider_name: Option<String>,
    service_code: Option<String>,
    service_name: Option<String>,
    values: BTreeMap<String, serde_json::Value>,
}

impl Earlier {
    /// Reads the rows of a `report.json`.
    pub fn read(path: &Path) -> Result<Self> {
        let file = std::fs::read(path).with_context(|| format!("reading {}", path.display()))?;
        let stored: Stored =
            serde_json::from_slice(&file).with_context(|| format!("{}: not a report.json of esep", path.display()))?;
        let mut rows = BTreeMap::new();
        for line in stored.lines {
            let of_block = [&line.provider_bin, &line.provider_name, &line.service_code, &line.service_name];
            if of_block.into_iter().any(Option::is_some) {
                continue;
            }
            for (column, value) in line.values {
                rows.extend(value.as_i64().map(|number| ((line.row_id.clone(), column), number)));
            }
        }
        let quarter = Quarter::parse(&stored.head.period)?;
        Ok(Self { form: stored.head.form, quarter, organisation: stored.head.organisation.bin, rows })
    }

    fn sum(&self, ids: &[String], columns: &[String]) -> Option<i64> {
        let numbers: Vec<i64> = ids
            .iter()
            .flat_map(|id| columns.iter().map(move |column| (id.clone(), column.clone())))
            .filter_map(|key| self.rows.get(&key).copied())
            .collect();
        if numbers.is_empty() { None } else { Some(numbers.iter().sum()) }
    }
}

/// `None`: there is no report to compare with.
pub(super) fn compare<'a>(
    form: &Form,
    cells: &'a Cells,
    rule: &Rule,
    earlier: &[Earlier],
) -> Option<Vec<Comparison<'a>>> {
    let of = |quarter: Quarter| earlier.iter().find(|report| report.form == form.form && report.quarter == quarter);
    let previous = of(cells.quarter.previous());
    match rule.check {
        Check::NeedsOtherNowOrBefore => {
            let line = *row_lines(form, cells, rule.left.first()?).first()?;
            let column = quarter_columns(form, line.row);
            let left = number(form, cells, &rule.left, *column.first()?);
            let right = number(form, cells, &rule.right, *column.first()?);
            let before = previous.and_then(|report| report.sum(&rule.right, &ids(form, line.row)));
            let verdict = match (left, right, before) {
                (None | Some(0), ..) | (_, Some(1..), _) | (.., Some(1..)) => Verdict::Holds,
                (Some(left), Some(0), Some(_)) => Verdict::Fails { left, right: 0 },
                _ => Verdict::CannotBeChecked,
            };
            Some(vec![Comparison { line, column: column[0], verdict }])
        }
        Check::Jump => {
            let reports: Vec<&Earlier> = [previous, of(cells.quarter.year_before())].into_iter().flatten().collect();
            if reports.is_empty() {
                return None;
            }
            Some(jumps(form, cells, rule, &reports))
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
                (Some(_), Some(_)) => Verdict::Holds,
                _ => Verdict::CannotBeChecked,
            };
            Some(vec![Comparison { line, column, verdict }])
        }
    }
}

fn jumps<'a>(form: &Form, cells: &'a Cells, rule: &Rule, reports: &[&Earlier]) -> Vec<Comparison<'a>> {
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
                        if jumped { Verdict::Fails { left: now, right: before } } else { Verdict::Holds }
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
    super::rows_value(form, cells, rows, column).as_ref().and_then(Value::number)
}
