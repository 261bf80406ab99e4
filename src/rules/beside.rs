//! Rules against what stands beside the form: reports of other quarters, other forms, and the records.

use crate::definitions::form::{Check, Form, Rule};
use crate::filed::form::Filed;
use crate::rules::recipe::Sums;
use crate::rules::term::CheckResult;
use crate::rules::terms::positions;
use crate::values::cells::{Cells, Established, Party};
use crate::values::period::Quarter;
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

/// What is known beside the cells of the form.
#[derive(Debug, Clone, Default)]
pub struct Beside {
    pub reports: Vec<Other>,
    /// Recommendations of the previous quarter's events executed in this one, where records were read.
    pub executed_later: Option<i64>,
    /// By form: how much of its cells others established, where records were read.
    pub established: BTreeMap<String, Established>,
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
        let codes: HashSet<&str> = own.iter().map(|own| own.code.as_str()).filter(|code| !code.is_empty()).collect();
        let parties: HashSet<&Party> = own.iter().map(Arc::as_ref).collect();
        let is_own = |party: &Party| codes.contains(party.code.as_str()) || parties.contains(party);
        let mut other = Self { form: form.form.clone(), quarter, rows: BTreeMap::new(), own: BTreeMap::new() };
        // by row and column
        let mut sums: Vec<Vec<Option<i64>>> = vec![Vec::new(); form.rows.len()];
        for line in &cells.lines {
            let columns = &form.grid_of(line.row).columns;
            let sums = &mut sums[line.row];
            sums.resize(columns.len(), None);
            let own = line.key.service.is_none() && line.key.provider.as_deref().is_some_and(is_own);
            for ((column, value), sum) in columns.iter().zip(&line.values).zip(sums) {
                let Some(number) = value.number() else { continue };
                if line.key.provider.is_some() {
                    *sum.get_or_insert(0) += if own { number } else { 0 };
                } else if line.key.is_row() {
                    sum.get_or_insert(0);
                    other.rows.insert((form.rows[line.row].id.clone(), column.id.clone()), number);
                }
            }
        }
        for (row, sums) in sums.iter().enumerate() {
            for (column, sum) in form.grid_of(row).columns.iter().zip(sums) {
                if let Some(sum) = sum {
                    *other.own.entry(column.id.clone()).or_default() += sum;
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

/// What came of a rule, with line and column of its left side.
type Results = Vec<((usize, usize), CheckResult)>;

/// `None`: there is no report to compare with.
pub(crate) fn compare(sums: Sums<'_>, quarter: Quarter, rule: &Rule, beside: &Beside) -> Option<Results> {
    let form = sums.form;
    let of_form = |name: &str, quarter: Quarter| {
        beside.reports.iter().find(|report| report.form == name && report.quarter == quarter)
    };
    let previous = of_form(&form.form, quarter.previous());
    if rule.check == Check::Jump {
        let reports = [previous, of_form(&form.form, quarter.year_before())];
        let reports: Vec<&Other> = reports.into_iter().flatten().collect();
        return (!reports.is_empty()).then(|| jumps(sums, rule, &reports));
    }
    if rule.check == Check::ExecutedLater && beside.executed_later.is_none() {
        return Some(Vec::new());
    }
    let line = *sums.printed(form.row_position(rule.left.first()?)?).first()?;
    let columns = quarter_columns(form, sums.lines[line].row);
    let column = *columns.first()?;
    let number = |rows: &[String], column: usize| sums.evaluate(&sums.side(&positions(sums, rows), column)?)?.number();
    let before = |rows: &[String]| previous?.sum(rows, &ids(form, sums.lines[line].row));
    let result = match rule.check {
        Check::NeedsOtherNowOrBefore => {
            let (left, right, before) = (number(&rule.left, column), number(&rule.right, column), before(&rule.right));
            let sides = Some((left.unwrap_or(0), right.unwrap_or(0).max(before.unwrap_or(0))));
            match (left, right, before) {
                (None | Some(0), ..) | (_, Some(1..), _) | (.., Some(1..)) => CheckResult::of(sides, true),
                (Some(left), Some(0), Some(_)) => CheckResult::of(Some((left, 0)), false),
                _ => CheckResult::of(None, false),
            }
        }
        Check::OtherForm => {
            let other = of_form(rule.other_form.as_ref()?, quarter)?;
            let left = columns.iter().map(|column| number(&rule.left, *column)).sum::<Option<i64>>();
            let established = beside.established.get(&form.form).filter(|_| rule.leaves_out_established);
            let less: i64 = established.map_or(0, |of| {
                let sides = columns.iter().map(|column| sums.side(&positions(sums, &rule.left), *column));
                sides.map(|side| sums.established(side.as_ref(), of)).sum()
            });
            let left = left.map(|left| left - less);
            let sides = left.zip(other.own(&rule.right_columns));
            CheckResult::of(sides, sides.is_some_and(|(left, right)| left == right))
        }
        Check::ExecutedLater => {
            let (executed, pending) = (beside.executed_later?, before(&rule.left));
            let pending = if executed == 0 { Some(pending.unwrap_or(0)) } else { pending };
            CheckResult::of(Some(executed).zip(pending), executed == 0 || Some(executed) <= pending)
        }
        _ => {
            previous?;
            let included = number(&rule.right, column).unwrap_or(0);
            let sides = number(&rule.left, column).zip(before(&rule.left).map(|before| before + included));
            CheckResult::of(sides, sides.is_some_and(|(now, before)| now <= before))
        }
    };
    Some(vec![((line, column), result)])
}

fn jumps(sums: Sums<'_>, rule: &Rule, reports: &[&Other]) -> Results {
    let form = sums.form;
    let mut results = Vec::new();
    for line in positions(sums, &rule.left).into_iter().flat_map(|row| sums.printed(row)) {
        let row = sums.lines[line].row;
        for column in quarter_columns(form, row) {
            let id = &form.grid_of(row).columns[column].id;
            for report in reports {
                let before = report.sum(std::slice::from_ref(&form.rows[row].id), std::slice::from_ref(id));
                let Some((now, before)) = sums.value(line, column).number().zip(before) else { continue };
                let (small, large) = (now.min(before), now.max(before));
                let jumped = large - small >= JUMP_LEAST && large >= small.saturating_mul(JUMP_TIMES);
                results.push(((line, column), CheckResult::of(Some((now, before)), !jumped)));
            }
        }
    }
    results
}

/// Columns of the quarter.
fn quarter_columns(form: &Form, row: usize) -> Vec<usize> {
    let columns = form.grid_of(row).columns.iter().enumerate();
    columns.filter(|(_, column)| column.month.is_none()).map(|(place, _)| place).collect()
}

fn ids(form: &Form, row: usize) -> Vec<String> {
    quarter_columns(form, row).into_iter().map(|column| form.grid_of(row).columns[column].id.clone()).collect()
}
