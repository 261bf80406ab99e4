//! Likely causes of failed sums: small changes after which the rules hold, with the evidence for each.
//!
//! Guesses come from the differences; each is tried on a copy of the cells against all rules, and only those that end
//! failures and make none are told. The search is bounded: a form of ordinary size is tried some hundred times.

use crate::definitions::form::{Form, Rule};
use crate::rules::beside::Beside;
use crate::rules::findings::{Checked, check};
use crate::rules::guess::{Failure, Gap, Guess};
use crate::rules::recipe::{Index, Sums};
use crate::rules::{guess, terms};
use crate::values::cells::{Cells, Line, Value};
use crate::words::finding::{Cause, Change, Finding, Kind, Outcome, Severity};
use std::collections::{BTreeMap, BTreeSet};

/// Values looked at in all trials together: about a second.
const BUDGET: usize = 20_000_000;
/// Trials at most.
const TRIALS: usize = 400;
/// Causes told of one failure.
const TOLD: usize = 3;
/// Totals that follow a changed cell: the row above, the quarter, the quarter above.
const ROUNDS: usize = 4;

/// What identifies a failed check.
type Mark = (String, Option<(usize, usize)>);

/// Adds likely causes to the failed sums among the findings.
pub fn explain(form: &Form, cells: &Cells, known: &Beside, checked: &mut Checked) {
    let index = Index::new(form, &cells.lines);
    let sums = Sums { form, lines: &cells.lines, index: &index };
    let failures = failures(sums);
    if failures.is_empty() {
        return;
    }
    let size: usize = cells.lines.iter().map(|line| line.values.len()).sum::<usize>() * form.rules.len().max(1) / 8 + 1;
    let trials = (BUDGET / size).clamp(4, TRIALS);
    let before = marks(form, &checked.findings);
    let mut found: BTreeMap<Mark, Vec<(Cause, usize)>> = BTreeMap::new();
    for guess in guess::all(sums, &failures).into_iter().take(trials) {
        let Some((changes, mended)) = attempt(form, cells, known, &guess, &before) else { continue };
        let Guess { name, slots, rank, .. } = guess;
        let cause = Cause { name, slots, mends: mended.len(), changes };
        for mark in mended {
            let causes = found.entry(mark).or_default();
            if causes.iter().all(|(other, _)| other.changes != cause.changes) {
                causes.push((cause.clone(), rank));
            }
        }
    }
    for finding in &mut checked.findings {
        let Some(rule) = &finding.rule else { continue };
        let Some(causes) = found.get_mut(&(rule.clone(), finding.at)) else { continue };
        causes.sort_by_key(|(cause, rank)| (std::cmp::Reverse(cause.mends), cause.changes.len(), *rank));
        finding.causes = causes.iter().take(TOLD).map(|(cause, _)| cause.clone()).collect();
    }
}

fn is_sum(rule: &Rule) -> bool {
    let sums = [Kind::Sum, Kind::Lines, Kind::QuarterFlow, Kind::QuarterStock];
    rule.severity == Severity::Error && sums.contains(&rule.kind)
}

/// Failed checks of severity error.
fn marks(form: &Form, findings: &[Finding]) -> BTreeSet<Mark> {
    let error = |id: &String| form.rules.iter().any(|rule| rule.id == *id && rule.severity == Severity::Error);
    let failed = findings.iter().filter(|finding| !finding.cannot_be_checked);
    failed.filter_map(|finding| Some((finding.rule.clone().filter(error)?, finding.at))).collect()
}

/// The sums that do not hold, line by line.
fn failures(sums: Sums<'_>) -> Vec<Failure<'_>> {
    let mut failures: Vec<Failure<'_>> = Vec::new();
    for rule in sums.form.rules.iter().filter(|rule| is_sum(rule)) {
        for term in terms::of(sums, rule) {
            let result = term.judge(&sums);
            let (line, column) = (term.line, term.column);
            let (Some((left, right)), Some(parts)) = (result.sides(), term.right) else { continue };
            if result.outcome != Outcome::Fails {
                continue;
            }
            let gap = Gap { left, right, parts };
            match failures.last_mut().filter(|known| known.line == line && known.rule.id == rule.id) {
                Some(known) => {
                    known.columns.insert(column, gap);
                }
                None => failures.push(Failure { rule, line, columns: BTreeMap::from([(column, gap)]) }),
            }
        }
    }
    failures
}

/// Makes the change on a copy, lets the totals above follow, and says which failures end; `None` where a new one
/// appears or none ends.
fn attempt(
    form: &Form,
    cells: &Cells,
    known: &Beside,
    guess: &Guess,
    before: &BTreeSet<Mark>,
) -> Option<(Vec<Change>, Vec<Mark>)> {
    let mut changed = cells.clone();
    guess.apply(&mut changed);
    for round in 0..ROUNDS {
        let after = check(form, &changed, known);
        let failed = marks(form, &after.findings);
        let new: Vec<&Finding> = after
            .findings
            .iter()
            .filter(|finding| !finding.cannot_be_checked && finding.rule.is_some())
            .filter(|finding| {
                let mark = (finding.rule.clone().unwrap_or_default(), finding.at);
                failed.contains(&mark) && !before.contains(&mark)
            })
            .collect();
        if new.is_empty() {
            let mended: Vec<Mark> = before.difference(&failed).cloned().collect();
            let made = differences(cells, &changed);
            return (!mended.is_empty() && !made.is_empty()).then_some((made, mended));
        }
        if round + 1 == ROUNDS {
            break;
        }
        for finding in new {
            let follows = form.rules.iter().any(|rule| Some(&rule.id) == finding.rule.as_ref() && is_sum(rule));
            let (true, Some((line, column)), Some(right)) = (follows, finding.at, finding.right) else { return None };
            changed.lines[line].values[column] = Value::Number(right);
        }
    }
    None
}

/// Cells that differ; lines that stand under another row differ nowhere.
fn differences(cells: &Cells, changed: &Cells) -> Vec<Change> {
    let mut found = Vec::new();
    for (line, (old, new)) in cells.lines.iter().zip(&changed.lines).enumerate() {
        for (column, (from, to)) in old.values.iter().zip(&new.values).enumerate().filter(|(_, (from, to))| from != to)
        {
            let number = |value: &Value| value.number().unwrap_or(0);
            found.push(Change { at: (line, column), from: number(from), to: number(to) });
        }
        if old.row != new.row {
            found.push(Change { at: (line, 0), from: number_of(old), to: number_of(new) });
        }
    }
    found
}

fn number_of(line: &Line) -> i64 {
    line.values.first().and_then(Value::number).unwrap_or(0)
}
