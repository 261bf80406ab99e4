//! `confirm.toml`: warnings that are right as they are, with reason and person.

use crate::notation::{entry, quoted};
use crate::refusal::Refusal;
use crate::results::Told;
use serde_json::Value;
use std::fmt::Write;

/// Name of the file, in a quarter's folder.
pub const FILE: &str = "confirm.toml";
/// What of a finding's place a confirmation names.
const PLACE: [&str; 11] = [
    "section",
    "row",
    "column",
    "provider_bin",
    "provider_name",
    "service_code",
    "service_name",
    "information_system",
    "source",
    "sheet",
    "field",
];

/// The file with one more confirmation at its end; what stands there stays as it is.
///
/// # Errors
/// No reason, or nobody who gives it.
pub fn add(file: &str, finding: &Told, (reason, person): (&str, &str), day: &str) -> Result<String, Refusal> {
    if reason.trim().is_empty() || person.trim().is_empty() {
        return Err(Refusal::new(422, "refused_reason"));
    }
    let mut text = file.to_owned();
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    text += "\n[[confirmation]]\n";
    entry(&mut text, "code", &finding.code);
    for key in PLACE {
        if let Some(value) = finding.place.get(key).and_then(Value::as_str) {
            entry(&mut text, key, value);
        }
    }
    if let Some(line) = finding.place.get("line").and_then(Value::as_u64) {
        let _ = writeln!(text, "line = {line}");
    }
    entry(&mut text, "reason", reason.trim());
    entry(&mut text, "person", person.trim());
    let _ = writeln!(text, "date = {day}");
    if !finding.values.is_empty() {
        let values: Vec<String> =
            finding.values.iter().map(|(key, value)| format!("{} = {}", quoted(key), quoted(value))).collect();
        let _ = writeln!(text, "values = {{ {} }}", values.join(", "));
    }
    Ok(text)
}
