//! What a `report.json` says of its records, against itself and against its cells.

use crate::definitions::form::Form;
use crate::filed::form::Filed;
use crate::report::LedgerLine;
use crate::values::cells::Value;
use crate::words::failure::{Halt, OrHalt};
use crate::words::finding::{Finding, Place};
use anyhow::Result;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// Of a `report.json` what tells from what it was made; of older ones some of it is absent.
#[derive(Deserialize)]
struct MadeFrom {
    ledger: Option<Vec<LedgerLine>>,
    provenance: Option<RunOf>,
}

#[derive(Deserialize)]
struct RunOf {
    #[serde(default)]
    forms: Vec<String>,
    #[serde(default)]
    inputs: Vec<serde::de::IgnoredAny>,
}

/// What does not add up in the bytes of a `report.json` that was read as `filed`.
///
/// # Errors
/// A ledger that is none.
pub fn judge(bytes: &[u8], filed: &Filed<'_>) -> Result<Vec<Finding>> {
    let MadeFrom { ledger, provenance } = serde_json::from_slice(bytes).or_halt(|| Halt::new("fault_not_report"))?;
    let Some(ledger) = ledger else { return Ok(Vec::new()) };
    let place = |source: Option<&LedgerLine>| Place {
        source: source.map_or_else(|| Some(filed.origin.source.clone()), |line| Some(line.source.clone())),
        sheet: source.and_then(|line| line.sheet.clone()),
        form: Some(filed.form.form.clone()),
        period: Some(filed.period.quarter.to_string()),
        ..Place::default()
    };
    if ledger.is_empty() {
        // made neither from records nor from reports of units: adjusted, and its adjustments are gone
        let made = provenance.is_some_and(|run| run.forms.is_empty() && !run.inputs.is_empty());
        let standing = &filed.standing;
        let is_cut = made && standing.consolidated.is_none() && standing.revisions.is_empty();
        return Ok(is_cut.then(|| Finding::new("history_removed", place(None))).into_iter().collect());
    }
    let mut findings = Vec::new();
    for line in &ledger {
        let parts = [line.accepted, line.duplicates, line.quarantined];
        let sum = parts.into_iter().fold(0_u64, u64::saturating_add);
        if sum != line.read || line.feeds_nothing > line.accepted {
            let finding = Finding::new("ledger_sum", place(Some(line))).with("table", &line.table);
            let finding = finding.with("read", line.read).with("sum", sum).with("accepted", line.accepted);
            findings.push(finding.with("idle", line.feeds_nothing));
        }
    }
    findings.extend(without_records(filed, &ledger, &place(None)));
    Ok(findings)
}

/// Rows that hold a number though no record can have given it, each told at its first number.
fn without_records(filed: &Filed<'_>, ledger: &[LedgerLine], place: &Place) -> Vec<Finding> {
    let mut fed: BTreeMap<&str, u64> = BTreeMap::new();
    for line in ledger {
        *fed.entry(&line.table).or_default() += line.accepted.saturating_sub(line.feeds_nothing);
    }
    let form = filed.form;
    let needed = needed(form);
    // a table that no row needs may add to any
    let free = fed.iter().any(|(table, count)| *count > 0 && !needed.contains(table));
    let mut met = BTreeSet::new();
    let mut findings = Vec::new();
    for line in filed.cells.lines.iter().filter(|line| form.rows[line.row].facts.is_some()) {
        let (row, columns) = (&form.rows[line.row], &form.grid_of(line.row).columns);
        for (column, value) in columns.iter().zip(&line.values) {
            let Value::Number(number) = value else { continue };
            let needs = row.needs.iter().chain(&column.needs);
            let lists: Vec<Vec<&str>> = needs.map(|any| any.iter().map(|need| table_of(need)).collect()).collect();
            let is_given = lists.iter().all(|any| any.iter().any(|table| fed.contains_key(table)));
            let has_fed = || lists.iter().flatten().any(|table| fed.get(table).is_some_and(|count| *count > 0));
            if *number == 0 || lists.is_empty() || (is_given && (free || has_fed())) || !met.insert(line.row) {
                continue;
            }
            let tables: BTreeSet<&str> = lists.iter().flatten().copied().collect();
            let place = Place { row: Some(row.no.clone()), column: Some(column.id.clone()), ..place.clone() };
            let finding = Finding::new("ledger_without_records", place).with("row", &row.no).with("value", number);
            findings.push(finding.with("tables", tables.into_iter().collect::<Vec<_>>().join(", ")));
        }
    }
    findings
}

/// Tables without which some row or column of the form is "-".
fn needed(form: &Form) -> BTreeSet<&str> {
    let of_rows = form.rows.iter().flat_map(|row| &row.needs);
    let of_columns = form.grids.iter().flat_map(|grid| &grid.columns).flat_map(|column| &column.needs);
    of_rows.chain(of_columns).flatten().map(|need| table_of(need)).collect()
}

/// `services.outcome` is a column of `services`.
fn table_of(need: &str) -> &str {
    need.split('.').next().unwrap_or(need)
}
