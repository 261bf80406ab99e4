//! What came of the last run: read from the files that `esep` wrote.

use crate::folder::Folder;
use crate::quarter::OpenQuarter;
use crate::refusal::Refusal;
use crate::work::Work;
use esep::definitions::Definitions;
use esep::words::lang::Text;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Findings of one answer.
pub const PAGE: usize = 50;
/// Files of a result that may be opened, with what they are.
pub const FILES: [(&str, &str); 10] = [
    ("review.html", "text/html; charset=utf-8"),
    ("report.pdf", "application/pdf"),
    ("report.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("analytical.pdf", "application/pdf"),
    ("analytical.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("findings.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("report.json", "application/json"),
    ("contributors.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("cells.csv", "text/csv; charset=utf-8"),
    ("quarantine/rejected.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
];

/// A finding as `findings.json` has it.
#[derive(Debug, Clone, Deserialize, Serialize)]
pub struct Told {
    pub code: String,
    pub kind: String,
    pub severity: String,
    pub outcome: String,
    pub message: Text,
    pub hint: Text,
    #[serde(default)]
    pub basis: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed: Option<Value>,
    #[serde(default)]
    pub values: BTreeMap<String, String>,
    /// Its place, and whatever else it has.
    #[serde(flatten)]
    pub place: BTreeMap<String, Value>,
}

/// All findings of a run.
#[derive(Debug, Default, Deserialize)]
pub struct Findings {
    pub findings: Vec<Told>,
}

impl Told {
    fn place(&self, key: &str) -> &str {
        self.place.get(key).and_then(Value::as_str).unwrap_or_default()
    }

    /// The section that a question is about.
    pub fn section(&self) -> Option<&str> {
        self.values.get("section").map(String::as_str).filter(|_| self.kind == "structure")
    }

    /// What findings of one cause have in common.
    pub fn cause(&self) -> String {
        format!("{} {}", self.code, self.place("field"))
    }

    fn rows(&self) -> u64 {
        self.place.get("rows").and_then(Value::as_u64).unwrap_or(1)
    }

    /// Whether it blocks, or asks to be looked at.
    pub fn is_open(&self) -> bool {
        self.outcome == "fails" && self.confirmed.is_none()
    }
}

/// The folder of the whole body's results, if a run has made it.
///
/// # Errors
/// A link on the way.
pub fn folder(
    folder: &Folder,
    quarter: &OpenQuarter,
    (work, form, bin): (Work, &str, &str),
) -> Result<Option<PathBuf>, Refusal> {
    let name = format!("{form}_{}_{bin}", quarter.name);
    let place = quarter.place(folder, &[work.folder(), &name])?;
    Ok(Some(place).filter(|place| place.join("report.json").is_file()))
}

/// # Errors
/// The file is not there or none of ours.
pub fn findings(results: &Path) -> Result<Findings, Refusal> {
    let bytes = std::fs::read(results.join("findings.json"))?;
    serde_json::from_slice(&bytes).map_err(|_| Refusal::new(422, "refused_results"))
}

impl Findings {
    /// How many are open, by what is to be done about them.
    pub fn counts(&self) -> Value {
        let count = |is_it: &dyn Fn(&Told) -> bool| -> u64 {
            self.findings.iter().filter(|told| told.is_open() && is_it(told)).map(Told::rows).sum()
        };
        json!({
            "errors": count(&|told| told.severity == "error"),
            "questions": count(&|told| told.section().is_some()),
            "warnings": count(&|told| told.severity == "warning" && told.section().is_none()),
            "notices": count(&|told| told.severity == "notice"),
        })
    }

    /// The findings of a severity, by cause: the first of each, and how many.
    pub fn causes(&self, severity: &str, definitions: &Definitions) -> Vec<Value> {
        let mut met: Vec<(String, Vec<&Told>)> = Vec::new();
        let own = self.findings.iter().filter(|told| told.severity == severity && told.section().is_none());
        for told in own.filter(|told| told.outcome == "fails") {
            let cause = told.cause();
            match met.iter_mut().find(|(known, _)| *known == cause) {
                Some((_, all)) => all.push(told),
                None => met.push((cause, vec![told])),
            }
        }
        met.into_iter()
            .map(|(cause, all)| {
                let first = all[0];
                json!({
                    "cause": cause,
                    "code": first.code,
                    "severity": first.severity,
                    "message": first.message,
                    "same": all.iter().all(|told| told.message == first.message),
                    "hint": first.hint,
                    "field": name(first.place("field"), definitions),
                    "count": all.iter().map(|told| told.rows()).sum::<u64>(),
                    "open": all.iter().filter(|told| told.is_open()).map(|told| told.rows()).sum::<u64>(),
                    "of_rows": first.place.contains_key("line") || first.place.contains_key("lines"),
                })
            })
            .collect()
    }

    /// The findings of a cause, a page of them.
    pub fn of_cause(&self, cause: &str, from: usize) -> Value {
        let own: Vec<&Told> =
            self.findings.iter().filter(|told| told.outcome == "fails" && told.cause() == cause).collect();
        let page: Vec<&&Told> = own.iter().skip(from).take(PAGE).collect();
        json!({ "all": own.len(), "from": from, "findings": page })
    }
}

/// The printed name of a field.
fn name(field: &str, definitions: &Definitions) -> Option<Text> {
    let mut fields = definitions.tables.iter().flat_map(|table| &table.fields);
    fields.find(|known| known.name == field).map(|known| known.headers.first())
}
