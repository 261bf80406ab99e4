//! What a report says of itself: made of reports of units, or adjusted after it was submitted.

use crate::report::input_file::InputFile;
use crate::words::lang::Text;
use serde::{Deserialize, Serialize};

/// Empty for a report that was counted from records.
#[derive(Debug, Clone, Default)]
pub struct Standing {
    /// Printed below the head of the form and on every page.
    pub marks: Vec<Text>,
    /// Set when the report was made of reports of units.
    pub consolidated: Option<Consolidated>,
    /// Adjustments under para 63 of the Rules, oldest first.
    pub revisions: Vec<Revision>,
}

/// Whose reports a consolidated report was made of.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consolidated {
    /// Units that must report.
    pub expected: u64,
    /// Of these: units whose figures are in the cells.
    pub counted: u64,
    /// Somebody is missing, or cells of a report that was counted hold no figure.
    pub provisional: bool,
    pub units: Vec<UnitState>,
}

/// One unit that must report, or that reported.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitState {
    /// KATO, else BIN; empty for a unit that is known by its name.
    pub code: String,
    pub name: String,
    pub counted: bool,
    /// Day of receipt, where it was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received: Option<String>,
    /// Names of the files that hold its figures.
    pub sources: Vec<String>,
}

/// One adjustment: changes with their reasons, and the sums that followed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Revision {
    /// From 1.
    pub number: u64,
    /// The Agency's decision that it rests on. Source: forms.md, D16.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Decision>,
    /// The decision was asked for and is not known yet.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub asked_for: bool,
    pub changes: Vec<Change>,
    /// Cells that are sums of changed ones.
    pub followed: Vec<Moved>,
    /// SHA-256 that chains this entry to all before it.
    pub hash: String,
}

/// A decision of the Agency or its territorial body.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    pub number: String,
    /// `2027-01-18`.
    pub date: String,
}

/// One changed cell with what it rests on.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    #[serde(flatten)]
    pub moved: Moved,
    pub reason: String,
    /// What the change rests on.
    pub document: InputFile,
    /// Who answers for the change.
    pub person: String,
    pub date: String,
}

/// A cell before and after.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Moved {
    pub row_id: String,
    /// Printed number without a final dot.
    pub row: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub provider_bin: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub provider_name: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub service_code: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub service_name: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub information_system: String,
    pub column: String,
    /// As printed: digits or `-`; empty for a cell of a line that was added.
    pub old: String,
    pub new: String,
}
