//! Whether an adjusted report is what its history makes of the submitted one.

use crate::adjust::history::{FILE, History, figures};
use crate::definitions::Definitions;
use crate::filed::form::Filed;
use crate::rules::cell_place;
use crate::values::cells::Value;
use crate::words::failure::say;
use crate::words::finding::{Finding, Place};
use std::path::Path;

/// Compares a report with the history that lies beside its file. Nothing is said of a report that was never adjusted.
pub fn verify(path: &Path, filed: &Filed<'_>, definitions: &Definitions) -> Vec<Finding> {
    let beside = path.with_file_name(FILE);
    let about = |name| Finding::new(name, place(filed));
    let adjusted = filed.standing.revisions.last();
    if !beside.exists() {
        let missing = adjusted.map(|last| about("history_missing").with("number", last.number));
        // neither the hidden names nor the sheet of adjustments are left, but the pages still name one
        let removed = || filed.origin.revision.map(|_| about("history_removed"));
        return missing.or_else(removed).into_iter().collect();
    }
    let history = match History::read(&beside) {
        Ok(history) => history,
        Err(fault) => {
            return vec![about("history_unreadable").with_text("reason", &say(&fault, &definitions.words))];
        }
    };
    if !history.is_of(filed) {
        let of = format!("{} {} {}", history.form, history.period, history.organisation);
        return vec![about("history_of_another").with("other", of)];
    }
    let broken = history.broken_at().ok().flatten();
    let figures = match (broken, history.replay()) {
        (Some(number), _) | (None, Err(number)) => return vec![about("history_broken").with("number", number)],
        (None, Ok(figures)) => figures,
    };
    let mut findings = Vec::new();
    let said = adjusted.map(|last| (last.number, last.hash.as_str()));
    let known = history.revisions.last().map(|last| (last.number, last.hash.as_str()));
    if said != known {
        let number = |entry: Option<(u64, &str)>| entry.map_or(0, |(number, _)| number);
        findings.push(about("history_differs").with("report", number(said)).with("history", number(known)));
    }
    findings.extend(outside(filed, &figures));
    findings
}

/// Cells that are not what the history makes of them.
fn outside(filed: &Filed<'_>, expected: &crate::adjust::history::Figures) -> Vec<Finding> {
    let found = figures(filed.form, filed);
    let mut findings = Vec::new();
    for (cell, (line, column)) in &found {
        let value = &filed.cells.lines[*line].values[*column];
        let nothing = || "-".to_owned();
        let wanted = expected.get(cell).cloned().unwrap_or_else(nothing);
        // A line that nobody submitted and that counts nothing is no change.
        let idle = !expected.contains_key(cell) && matches!(value, Value::NoInfo | Value::Number(0));
        if value.print() == wanted || idle {
            continue;
        }
        let line = &filed.cells.lines[*line];
        let place = cell_place(filed.form, &filed.cells, line, *column);
        let mut finding = Finding::new("cell_changed_outside", Place { value: Some(value.print()), ..place });
        finding.at = Some((found[cell].0, *column));
        (finding.left, finding.right) = (value.number(), wanted.parse().ok());
        findings.push(finding.with("value", value.print()).with("wanted", wanted));
    }
    for ((key, column), wanted) in expected.iter().filter(|(cell, _)| !found.contains_key(cell)) {
        if wanted.parse::<i64>().is_ok_and(|number| number > 0) {
            let filled = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
            let row = filed.form.row_position(&key[0]).map(|row| filed.form.rows[row].no.clone());
            let place = Place { row, service_name: filled(&key[2]), column: Some(column.clone()), ..place(filed) };
            findings.push(Finding::new("cell_changed_outside", place).with("value", "").with("wanted", wanted));
        }
    }
    findings
}

fn place(filed: &Filed<'_>) -> Place {
    Place { form: Some(filed.form.form.clone()), period: Some(filed.period.quarter.to_string()), ..Place::default() }
}
