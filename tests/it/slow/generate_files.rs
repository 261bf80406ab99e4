//! Columns, faults, repeats and files of a random record set.

use super::generate::{Draft, Rng};
use super::schema::{Kind, Spec};
use std::path::Path;

/// The columns a table is written with: required ones always, others nearly always; order shuffled at times.
pub fn columns(rng: &mut Rng, spec: &Spec, dropped: u64) -> Vec<&'static str> {
    let mut columns = Vec::new();
    for field in &spec.fields {
        // Without `outcome` the table does not speak of refusals (forms.md, D1).
        let share = match field.name {
            "outcome" => 30,
            // Both services and providers must stay known: never without name and code at once.
            "service_name" => 0,
            "provider_name" | "applicant" | "form" | "completed_at" => dropped / 3,
            _ => dropped,
        };
        if field.required || !rng.chance(share) {
            columns.push(field.name);
        }
    }
    if rng.chance(25) {
        for at in (1..columns.len()).rev() {
            columns.swap(at, rng.below(at as u64 + 1) as usize);
        }
    }
    columns
}

/// Now and then one id is refused in both tables.
pub fn reference_twice(rng: &mut Rng, spec: &Spec, draft: &mut Draft, columns: &[&str], refused: &mut Vec<String>) {
    if spec.name == "services" && columns.contains(&"outcome") && (draft["outcome"] == "refused" || rng.chance(5)) {
        refused.push(draft["record_id"].clone());
    }
    if spec.name == "refusals" && !refused.is_empty() && rng.chance(8) {
        let id = rng.pick(refused).clone();
        draft.insert("record_id", id);
    }
}

fn one(rng: &mut Rng, from: &[&'static str]) -> &'static str {
    rng.pick::<&'static str>(from)
}

/// Makes one fault in a row.
pub fn spoil(rng: &mut Rng, spec: &Spec, draft: &mut Draft) {
    let of_kind = |wanted: fn(Kind) -> bool| -> Vec<&'static str> {
        spec.fields.iter().filter(|field| wanted(field.kind)).map(|field| field.name).collect()
    };
    let dates = of_kind(|kind| kind == Kind::Date);
    let codes = of_kind(|kind| matches!(kind, Kind::Code(_)));
    let counts = of_kind(|kind| kind == Kind::Count);
    let required: Vec<&'static str> =
        spec.fields.iter().filter(|field| field.required).map(|field| field.name).collect();
    let mut put = |field: &'static str, value: &str| draft.insert(field, value.to_string());
    match rng.below(10) {
        0 | 1 if !dates.is_empty() => {
            let bad = [
                "07/31/2026",
                "2026/07/31",
                "20260731",
                "31.02.2026",
                "2026-13-01",
                "2026-07-31 24:00",
                "2026-07-31T9:00",
                "вчера",
                "31.07.26",
            ];
            put(one(rng, &dates), one(rng, &bad));
        }
        2 if !codes.is_empty() => {
            put(one(rng, &codes), one(rng, &["unknown", "no_such_code", "?", "0"]));
        }
        3 | 4 if !required.is_empty() => {
            put(one(rng, &required), one(rng, &["", "-", "—", "  "]));
        }
        5 if !counts.is_empty() => {
            put(one(rng, &counts), one(rng, &["0", "-1", "1.5", "1,5", "два", "1 00", "+2"]));
        }
        6 if spec.fields.iter().any(|field| field.name == "term_value") => {
            put(if rng.chance(50) { "term_value" } else { "term_unit" }, "");
        }
        7 if spec.name == "services" => {
            let (outcome, completed) = *rng.pick(&[("rendered", false), ("refused", false), ("in_progress", true)]);
            put("outcome", outcome);
            if !completed {
                put("completed_at", "");
            }
        }
        7 if spec.name == "complaints" => {
            put("extended_working_days", one(rng, &["11", "12", "30"]));
        }
        8 if spec.fields.iter().any(|field| field.name == "event_id") && spec.name != "control_events" => {
            put("event_id", "E-unknown");
        }
        8 if spec.service_required => {
            put("service_code", "");
            put("service_name", "–");
        }
        _ => {
            put("*cut", "one field less");
        }
    }
}

/// Identical repeats, and the same id with another content.
pub fn repeat(rng: &mut Rng, drafts: &mut Vec<Draft>, share: u64) {
    for at in 0..drafts.len() {
        if rng.chance(share) {
            let mut copy = drafts[at].clone();
            if rng.chance(50) {
                let field = *rng.pick(&[
                    "quantity",
                    "unit",
                    "title",
                    "cause",
                    "excluded_on",
                    "repealed_on",
                    "object_kind",
                    "kind",
                    "executed_on",
                ]);
                let value = match field {
                    "quantity" => "7",
                    "excluded_on" | "repealed_on" | "executed_on" => "2020-01-01",
                    "object_kind" => "state_body",
                    "kind" => "other",
                    _ => "другое",
                };
                if copy.contains_key(field) {
                    copy.insert(field, value.to_string());
                }
            } else if rng.chance(30) {
                for value in copy.values_mut() {
                    *value = format!(" {value} ");
                }
            }
            let place = rng.below(drafts.len() as u64 + 1) as usize;
            drafts.insert(place, copy);
        }
    }
}

pub fn write_table(rng: &mut Rng, dir: &Path, spec: &Spec, columns: &[&'static str], drafts: &[Draft]) {
    let files: &[&str] = match rng.below(5) {
        0 => &[".csv", "-2.csv"],
        1 => &["-a.csv", "-b.csv", "-район.csv"],
        2 => &["-2026-07.csv"],
        _ => &[".csv"],
    };
    let mut writers: Vec<csv::Writer<Vec<u8>>> = Vec::new();
    for _ in files {
        let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
        writer.write_record(columns).expect("a header");
        writers.push(writer);
    }
    for draft in drafts {
        let mut values: Vec<&str> = columns.iter().map(|field| draft.get(field).map_or("", String::as_str)).collect();
        if draft.contains_key("*cut") {
            values.pop();
        }
        let at = rng.below(files.len() as u64) as usize;
        writers[at].write_record(values).expect("a row");
    }
    for (file, mut writer) in files.iter().zip(writers) {
        // Not rows: a blank one, and a total under the id (records.md, Sources).
        if rng.chance(5) {
            writer.write_record(columns.iter().map(|_| "")).expect("a blank row");
        }
        if rng.chance(5) && spec.key.len() == 1 {
            let word = *rng.pick(&["Итого", "Всего", "Барлығы"]);
            writer
                .write_record(columns.iter().map(|field| if *field == spec.key[0] { word } else { "" }))
                .expect("a total");
        }
        let mut bytes = writer.into_inner().expect("a file");
        if rng.chance(10) {
            bytes.splice(0..0, "\u{feff}".bytes());
        }
        std::fs::write(dir.join(format!("{}{file}", spec.name)), bytes).expect("a written file");
    }
}
