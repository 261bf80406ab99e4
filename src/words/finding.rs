//! Findings: bad data as values that never stop a run.

use crate::words::lang::{Lang, Text};
use crate::words::lines::Lines;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How much a finding weighs: only errors block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    Error,
    Warning,
    Notice,
}

/// Groups of finding codes (outputs.md).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Sum,
    Lines,
    QuarterFlow,
    QuarterStock,
    Bound,
    Blank,
    NotANumber,
    Structure,
    CrossForm,
    CrossPeriod,
    Plausibility,
    Record,
    Source,
}

/// What came of checking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Holds,
    Fails,
    CannotBeChecked,
}

/// Where a finding stands: in a source, or in a form. What does not apply is absent.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Place {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// Physical line (CSV) or row number (sheet), from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub form: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub section: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider_bin: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub service_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub information_system: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// A1 address: of the source's cell for records, of `report.xlsx` for forms.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cell: Option<String>,
}

/// A finding before it is worded: its name in `templates/findings.toml`, place and slots.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// Place in the source or in the form; the first key of the order of findings.
    pub place: Place,
    /// Name of the finding in the catalogue, e.g. `duplicate_changed`.
    pub name: &'static str,
    /// Id of the form's rule that was broken, for findings over cells.
    pub rule: Option<String>,
    pub cannot_be_checked: bool,
    /// Line and column of the form, for findings over cells.
    pub at: Option<(usize, usize)>,
    pub left: Option<i64>,
    pub right: Option<i64>,
    /// Lines of all rows that have it, where it is told once for very many.
    pub lines: Option<Lines>,
    /// Values of the `{slots}` of the wording.
    pub slots: Vec<(String, String)>,
    /// What may have led to it, the likeliest first.
    pub causes: Vec<Cause>,
    /// Somebody's word that it is as it should be; only for what is no error.
    pub confirmed: Option<Confirmed>,
}

/// A change of few cells after which the rules hold: a guess with its evidence, never made silently.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cause {
    /// Key of its words, e.g. `cause_digits_swapped`.
    pub name: &'static str,
    pub slots: Vec<(String, String)>,
    pub changes: Vec<Change>,
    /// Failures that the change would end.
    pub mends: usize,
}

/// One cell of a cause: line and column of the form, what stands there and what would.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    pub at: (usize, usize),
    pub from: i64,
    pub to: i64,
}

/// Why a warning is right as it is, who says so, and when.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Confirmed {
    pub reason: String,
    /// Role of the person.
    pub person: String,
    /// `2026-10-05`.
    pub date: String,
}

impl Finding {
    pub fn new(name: &'static str, place: Place) -> Self {
        Self {
            place,
            name,
            rule: None,
            cannot_be_checked: false,
            at: None,
            left: None,
            right: None,
            lines: None,
            slots: Vec::new(),
            causes: Vec::new(),
            confirmed: None,
        }
    }

    /// How many rows, cells or sources it is told of.
    pub fn times(&self) -> u64 {
        self.lines.as_ref().map_or(1, Lines::count)
    }

    /// Whether it is about a line of its source.
    pub fn is_about(&self, line: u64) -> bool {
        let stretch = || self.slots.iter().find(|(slot, _)| slot == "last_line")?.1.parse().ok();
        match (&self.lines, self.place.line) {
            (Some(lines), _) => lines.contains(line),
            (None, Some(first)) => first == line || first < line && stretch().is_some_and(|last| line <= last),
            (None, None) => false,
        }
    }

    /// Adds the value of a slot of the wording.
    #[must_use]
    pub fn with(mut self, slot: &str, value: impl std::fmt::Display) -> Self {
        self.slots.push((slot.to_owned(), value.to_string()));
        self
    }

    /// Fills the slots `{name_kk}`, `{name_ru}`, `{name_en}`.
    #[must_use]
    pub fn with_text(self, slot: &str, text: &Text) -> Self {
        Lang::ALL.into_iter().fold(self, |own, lang| own.with(&format!("{slot}_{}", lang.code()), text.get(lang)))
    }

    /// Fills the slots `{kk}`, `{ru}`, `{en}` with a name in each language.
    #[must_use]
    pub fn of_unit(self, name: &Text) -> Self {
        worded(self, "", name)
    }

    pub fn difference(&self) -> Option<i64> {
        Some(self.left? - self.right?)
    }

    /// What the finding rests on, by name: both sides of a rule, else the value and slots of a record's finding.
    /// A confirmation names them all and lapses when one of them changes.
    pub fn values(&self) -> BTreeMap<String, String> {
        let sides = [("left", self.left), ("right", self.right)];
        let sides: BTreeMap<String, String> =
            sides.into_iter().filter_map(|(name, side)| Some((name.to_owned(), side?.to_string()))).collect();
        if !sides.is_empty() {
            return sides;
        }
        // Slots that are words of a language are no values.
        let spoken = |slot: &str| slot.rsplit('_').next().and_then(Lang::parse).is_some();
        let slots = self.slots.iter().filter(|(slot, _)| !spoken(slot)).cloned();
        let value = self.place.value.iter().map(|value| ("value".to_owned(), value.clone()));
        value.chain(slots).collect()
    }
}

/// A finding with a text of three languages in the slots `{kk}`, `{ru}`, `{en}`, each behind `prefix`.
pub fn worded(finding: Finding, prefix: &str, text: &Text) -> Finding {
    Lang::ALL
        .into_iter()
        .fold(finding, |finding, lang| finding.with(&format!("{prefix}{}", lang.code()), text.get(lang)))
}

/// One entry of the catalogue `templates/findings.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wording {
    /// Stable code, e.g. `F-013`.
    pub code: String,
    pub name: String,
    pub kind: Kind,
    pub severity: Severity,
    /// Place in the Rules, the Law or the contract of the records.
    pub basis: String,
    pub message: Text,
    pub hint: Text,
    /// Its page in the handbook (`esep explain F-013`): why this is looked for, and what goes wrong when it is let be.
    pub why: Option<Text>,
    /// What happened, in words, where no file shows it.
    pub example: Option<Text>,
}
