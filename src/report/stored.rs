//! The shape of `report.json` (`schemas/report.schema.json`), for whoever writes it and for whoever reads it back.

use crate::report::filled::{LedgerLine, Outcomes, Report};
use crate::report::known::KnownDeadlines;
use crate::report::standing::{Consolidated, Revision};
use crate::report::testified::{EstablishedPart, Testified};
use crate::values::cells::{Party, Value};
use crate::words::lang::Text;
use serde::de::{Deserialize, Deserializer};
use serde::ser::{Serialize, Serializer};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The published shape that this program knows.
pub const VERSION: u32 = 1;

/// A whole report. Lines and findings of a country fill the memory: they are written one by one, and who reads one
/// part of a report passes over the others (`IgnoredAny`).
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub struct StoredReport<'a, Lines, Findings, Made> {
    pub version: u32,
    pub head: StoredHead<'a>,
    pub lines: Lines,
    #[serde(skip_deserializing)]
    pub counts: StoredCounts,
    #[serde(skip_deserializing)]
    pub findings: Findings,
    #[serde(skip_deserializing)]
    pub ledger: Cow<'a, [LedgerLine]>,
    #[serde(skip_deserializing)]
    pub decisions: Cow<'a, BTreeMap<String, u64>>,
    /// Results whose deadline is not known, by channel and outcome.
    #[serde(default, skip_serializing_if = "<[_]>::is_empty")]
    pub deadlines: Cow<'a, [KnownDeadlines]>,
    /// How much of the cells others established (D15).
    #[serde(default, skip_serializing_if = "<[_]>::is_empty")]
    pub established: Cow<'a, [EstablishedPart]>,
    /// Causes, measures and answers beside the cells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub testified: Option<Cow<'a, Testified>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consolidation: Option<Cow<'a, Consolidated>>,
    #[serde(default, skip_serializing_if = "<[_]>::is_empty")]
    pub revisions: Cow<'a, [Revision]>,
    #[serde(default)]
    pub provenance: Made,
}

/// What form it is, of whom, and of when.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub struct StoredHead<'a> {
    pub form: Cow<'a, str>,
    #[serde(skip_deserializing)]
    pub edition: Cow<'a, str>,
    pub period: String,
    pub as_of: String,
    pub organisation: StoredBody<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<Cow<'a, Party>>,
    pub languages: Vec<Cow<'a, str>>,
}

/// The body that reports.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub struct StoredBody<'a> {
    pub bin: Cow<'a, str>,
    pub name: Text,
}

/// One line: its row, its key, and its values by column.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub struct StoredLine<'a, Values> {
    #[serde(skip_deserializing)]
    pub section: Cow<'a, str>,
    /// Printed number without a final dot.
    #[serde(skip_deserializing)]
    pub row: Cow<'a, str>,
    pub row_id: Cow<'a, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider_bin: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider_name: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_code: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_name: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub information_system: Option<Cow<'a, str>>,
    pub values: Values,
}

/// Findings by severity, checks by outcome.
#[derive(Debug, Default, serde::Serialize)]
pub struct StoredCounts {
    pub error: u64,
    pub warning: u64,
    pub notice: u64,
    #[serde(flatten)]
    pub outcomes: Outcomes,
    /// Of the warnings: those confirmed with a reason.
    #[serde(skip_serializing_if = "is_zero")]
    pub confirmed: u64,
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde asks for a reference
fn is_zero(count: &u64) -> bool {
    *count == 0
}

/// Column → value, in the order of the form.
#[derive(Debug)]
pub struct InOrder<'a, V>(pub Vec<(&'a str, V)>);

impl<V: Serialize> Serialize for InOrder<'_, V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(column, value)| (column, value)))
    }
}

impl<'a> StoredHead<'a> {
    pub fn of(report: &'a Report<'_>) -> Self {
        Self {
            form: (&report.form.form).into(),
            edition: (&report.form.edition).into(),
            period: report.period.quarter.to_string(),
            as_of: report.period.as_of.to_string(),
            organisation: StoredBody { bin: (&report.organisation.bin).into(), name: report.organisation.name() },
            unit: report.unit.as_ref().map(Cow::Borrowed),
            languages: report.langs.iter().map(|lang| lang.code().into()).collect(),
        }
    }
}

/// A party of a line's key; absent where neither its code nor its name is stored.
pub fn party(code: Option<Cow<'_, str>>, name: Option<Cow<'_, str>>) -> Option<Arc<Party>> {
    let given = code.is_some() || name.is_some();
    let owned = |part: Option<Cow<'_, str>>| part.map(Cow::into_owned).unwrap_or_default();
    given.then(|| Party { code: owned(code), name: owned(name) }.into())
}

/// A number as a number, all else as it is printed.
impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Number(number) => serializer.serialize_i64(*number),
            other => serializer.serialize_str(&other.print()),
        }
    }
}

/// A cell that is empty is blank, one that is no whole number from 0 a fault: these are judged by the rules.
impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match serde_json::Value::deserialize(deserializer)? {
            serde_json::Value::Null => Self::Blank,
            serde_json::Value::Number(number) => match number.as_i64() {
                Some(whole) if whole >= 0 => Self::Number(whole),
                _ => Self::Fault(number.to_string()),
            },
            serde_json::Value::String(text) if text == "-" => Self::NoInfo,
            serde_json::Value::String(text) if text.is_empty() => Self::Blank,
            serde_json::Value::String(text) => Self::Fault(text),
            other => Self::Fault(other.to_string()),
        })
    }
}
