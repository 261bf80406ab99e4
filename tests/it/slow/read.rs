//! A folder of CSV files → typed rows, duplicates and quarantine (records.md, Sources and Tables).

use super::schema::{Spec, tables};
use super::value::{Value, is_missing, parse, tidy};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// One accepted row: known fields only, missing ones are absent.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    pub values: BTreeMap<&'static str, Value>,
}

impl Row {
    pub fn text(&self, field: &str) -> Option<&str> {
        match self.values.get(field) {
            Some(Value::Text(text)) => Some(text),
            _ => None,
        }
    }
}

#[derive(Default, Debug)]
pub struct Table {
    /// A file of the table was there, if only with a header row.
    pub handed_over: bool,
    pub columns: BTreeSet<String>,
    pub rows: Vec<Row>,
    pub read: u64,
    pub duplicates: u64,
    pub quarantined: u64,
}

pub type Tables = BTreeMap<&'static str, Table>;

/// Reads every table of the folder for one form ("needed only when such a form is asked for").
pub fn read_dir(dir: &Path, form: &str) -> Tables {
    // "Sources are ordered by path (code points), then sheet, then line".
    let mut files: Vec<String> = std::fs::read_dir(dir)
        .expect("the folder of records")
        .map(|entry| entry.expect("a folder entry").file_name().to_string_lossy().into_owned())
        .collect();
    files.sort();
    let mut all = Tables::new();
    for spec in tables() {
        let mut table = Table::default();
        for file in &files {
            let starts = format!("{}-", spec.name);
            let is_ours =
                *file == format!("{}.csv", spec.name) || (file.starts_with(&starts) && file.ends_with(".csv"));
            if is_ours {
                read_file(&dir.join(file), &spec, form, &mut table);
            }
        }
        all.insert(spec.name, table);
    }
    drop_refused_twice(&mut all);
    all
}

fn read_file(path: &Path, spec: &Spec, form: &str, table: &mut Table) {
    let text = std::fs::read_to_string(path).expect("a UTF-8 file");
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut records = reader.records().map(|record| record.expect("a CSV record"));
    let header: Vec<String> = records.next().expect("a header row").iter().map(tidy).collect();
    table.handed_over = true;
    table.columns.extend(header.iter().cloned());
    for record in records {
        let cells: Vec<String> = record.iter().map(tidy).collect();
        // "Blank rows are not rows." "A row «Итого …» without an id, or with that word as its id, is left out".
        if cells.iter().all(String::is_empty) || is_total_row(&header, &cells, spec) {
            continue;
        }
        table.read += 1;
        let Some(row) = typed(&header, &cells, spec, form) else {
            table.quarantined += 1;
            continue;
        };
        // "the first counts, the others go to the quarantine"; "A quarantined row reserves no id".
        let key =
            |row: &Row| -> Vec<Option<Value>> { spec.key.iter().map(|field| row.values.get(field).cloned()).collect() };
        match table.rows.iter().find(|earlier| key(earlier) == key(&row)) {
            None => table.rows.push(row),
            Some(earlier) if *earlier == row => table.duplicates += 1,
            Some(_) => table.quarantined += 1,
        }
    }
}

fn is_total_row(header: &[String], cells: &[String], spec: &Spec) -> bool {
    let is_word = |cell: &str| matches!(cell.to_lowercase().as_str(), "итого" | "всего" | "барлығы");
    if spec.key.len() != 1 {
        return false;
    }
    let id = header.iter().position(|name| name == spec.key[0]).and_then(|at| cells.get(at));
    match id {
        Some(id) if !is_missing(id) => is_word(id),
        _ => cells.iter().any(|cell| is_word(cell)),
    }
}

/// None: the row goes to the quarantine.
fn typed(header: &[String], cells: &[String], spec: &Spec, form: &str) -> Option<Row> {
    // "A row whose number of fields differs from the header's is quarantined (empty extra fields at the end are allowed)."
    if cells.len() < header.len() || cells[header.len()..].iter().any(|extra| !extra.is_empty()) {
        return None;
    }
    let mut values = BTreeMap::new();
    for field in &spec.fields {
        let Some(at) = header.iter().position(|name| name == field.name) else {
            continue;
        };
        if is_missing(&cells[at]) {
            continue;
        }
        // "A value that does not parse rejects its row".
        values.insert(field.name, parse(field.kind, &cells[at])?);
    }
    let row = Row { values };
    if is_complete(&row, spec, form) { Some(row) } else { None }
}

fn is_complete(row: &Row, spec: &Spec, form: &str) -> bool {
    let has = |field: &str| row.values.contains_key(field);
    if spec.fields.iter().any(|field| field.required && !has(field.name)) {
        return false;
    }
    // "`service_code` or `service_name` is enough where the table speaks of a service."
    if spec.service_required && !has("service_code") && !has("service_name") {
        return false;
    }
    // "`term_value` and `term_unit` only together, else quarantined."
    if has("term_value") != has("term_unit") {
        return false;
    }
    let channel = row.text("channel").unwrap_or_default();
    // "`information_system` is required for `is_*` channels."
    if spec.name == "established_violations" && channel.starts_with("is_") && !has("information_system") {
        return false;
    }
    if spec.name != "services" && spec.name != "refusals" {
        return true;
    }
    // "`form` (… required when channel is `state_corporation` and 3-mk is asked for)".
    if form == "3-mk" && channel == "state_corporation" && !has("form") {
        return false;
    }
    // "`information_system` (required when channel is `is_no_contact` or `is_direct_contact` and 1-mk or 2-mk is asked for)".
    let has_systems = form == "1-mk" || form == "2-mk";
    if has_systems && (channel == "is_no_contact" || channel == "is_direct_contact") && !has("information_system") {
        return false;
    }
    // "`applicant` (for 1-mk, 2-mk) and `provider_name` (for 3-mk, 4-mk) are needed only when such a form is asked for".
    let needed = if form == "1-mk" || form == "2-mk" { "applicant" } else { "provider_name" };
    if !has(needed) {
        return false;
    }
    // "rendered or refused without it [completed_at]: quarantined".
    let outcome = row.text("outcome");
    let is_final = outcome == Some("rendered") || outcome == Some("refused");
    !is_final || has("completed_at")
}

/// "An id refused in both `services` and `refusals` is an error and counts once, from `refusals`."
fn drop_refused_twice(all: &mut Tables) {
    let refused: BTreeSet<String> =
        all["refusals"].rows.iter().filter_map(|row| row.text("record_id").map(str::to_string)).collect();
    let services = all.get_mut("services").expect("services is a table");
    let before = services.rows.len();
    services.rows.retain(|row| {
        let twice =
            row.text("outcome") == Some("refused") && row.text("record_id").is_some_and(|id| refused.contains(id));
        !twice
    });
    services.quarantined += (before - services.rows.len()) as u64;
}
