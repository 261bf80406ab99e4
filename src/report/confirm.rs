//! Confirmations: somebody's word that a warning is right as it is, with a reason, until its values change.

use crate::definitions::Definitions;
use crate::definitions::notation::parse_toml;
use crate::report::filled::Report;
use crate::report::wording::word;
use crate::values::text_file;
use crate::words::failure::{Halt, OrHalt};
use crate::words::finding::{Confirmed, Finding, Place, Severity};
use crate::words::lang::nearest;
use anyhow::{Result, bail, ensure};
use chrono::NaiveDate;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// A file of confirmations, and which of them have met their finding.
#[derive(Debug, Default)]
pub struct Confirmations {
    /// Name of the file, as findings show it.
    file: String,
    all: Vec<(Confirmation, MetFinding)>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum MetFinding {
    #[default]
    Nothing,
    /// A finding of its code and place.
    Finding,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Whole {
    #[serde(default)]
    confirmation: Vec<Confirmation>,
}

/// One confirmation: a finding by code and place as `findings.json` shows them, its values, and who says why.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Confirmation {
    code: String,
    period: Option<String>,
    /// Code or name of the unit, for the form of one unit.
    unit: Option<String>,
    section: Option<String>,
    row: Option<String>,
    column: Option<String>,
    provider_bin: Option<String>,
    provider_name: Option<String>,
    service_code: Option<String>,
    service_name: Option<String>,
    information_system: Option<String>,
    source: Option<String>,
    sheet: Option<String>,
    line: Option<u64>,
    field: Option<String>,
    /// As `values` of the finding.
    #[serde(default)]
    values: BTreeMap<String, Scalar>,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    person: String,
    #[serde(default, deserialize_with = "crate::definitions::date::filled_in")]
    date: Option<NaiveDate>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
enum Scalar {
    Number(i64),
    Text(String),
}

impl Scalar {
    fn print(&self) -> String {
        match self {
            Self::Number(number) => number.to_string(),
            Self::Text(text) => text.clone(),
        }
    }
}

impl Confirmations {
    /// Reads a TOML file. What nobody filled in is passed over. Errors: an unknown key or code, an
    /// empty reason or person, a date that is none.
    pub fn read(path: &Path, definitions: &Definitions) -> Result<Self> {
        let place = || Halt::within(path);
        let text = text_file::text(path)?;
        let mut whole: Whole = parse_toml(&text).or_halt(place)?;
        whole.confirmation.retain(|confirmation| !confirmation.is_open());
        for confirmation in &whole.confirmation {
            confirmation.check(definitions).or_halt(place)?;
        }
        let file = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        Ok(Self { file, all: whole.confirmation.into_iter().map(|one| (one, MetFinding::Nothing)).collect() })
    }

    /// Marks the findings of a report that are confirmed; adds what is wrong with the confirmations.
    pub fn apply(&mut self, report: &mut Report<'_>, definitions: &Definitions) {
        let mut about = Vec::new();
        for (confirmation, met) in &mut self.all {
            if !confirmation.concerns(report) {
                continue;
            }
            let words = report.findings.iter().map(|finding| word(finding, definitions, Some(report.form)));
            let found: Vec<(usize, Severity)> = words
                .enumerate()
                .filter(|(_, worded)| worded.outcome == crate::words::finding::Outcome::Fails)
                .filter(|(_, worded)| worded.code == confirmation.code && confirmation.stands_at(&worded.place))
                .map(|(place, worded)| (place, worded.severity))
                .collect();
            let [(place, severity)] = found[..] else {
                if !found.is_empty() {
                    *met = MetFinding::Finding;
                    let finding = Finding::new("confirmation_ambiguous", self_place(&self.file, report));
                    about.push(finding.with("code", &confirmation.code).with("count", found.len()));
                }
                continue;
            };
            *met = MetFinding::Finding;
            let finding = Arc::make_mut(&mut report.findings[place]);
            if severity == Severity::Error {
                let refused = Finding::new("confirmation_of_error", finding.place.clone());
                about.push(refused.with("code", &confirmation.code));
                continue;
            }
            let given: BTreeMap<String, String> =
                confirmation.values.iter().map(|(name, value)| (name.clone(), value.print())).collect();
            let now = finding.values();
            if given == now {
                finding.confirmed = Some(confirmation.word());
            } else {
                let lapsed = Finding::new("confirmation_lapsed", finding.place.clone());
                let lapsed = lapsed.with("code", &confirmation.code).with("date", confirmation.day());
                about.push(lapsed.with("given", list(&given)).with("now", list(&now)));
            }
        }
        report.findings.extend(about.into_iter().map(Arc::new));
        report.findings.sort();
    }

    /// Adds, to the reports they would belong to, the confirmations that met nothing at all.
    pub fn close(&self, reports: &mut [Report<'_>]) {
        for (confirmation, _) in self.all.iter().filter(|(_, met)| *met == MetFinding::Nothing) {
            for report in reports.iter_mut().filter(|report| confirmation.concerns(report)) {
                let place = self_place(&self.file, report);
                let finding = Finding::new("confirmation_unmatched", place).with("code", &confirmation.code);
                report.findings.push(Arc::new(finding.with("reason", &confirmation.reason)));
                report.findings.sort();
            }
        }
    }
}

fn self_place(file: &str, report: &Report<'_>) -> Place {
    let form = Some(report.form.form.clone());
    Place { source: Some(file.to_owned()), form, ..Place::default() }
}

fn list(values: &BTreeMap<String, String>) -> String {
    let values: Vec<String> = values.iter().map(|(name, value)| format!("{name} = {value}")).collect();
    values.join(", ")
}

impl Confirmation {
    /// Written ready, and not filled in by anybody.
    fn is_open(&self) -> bool {
        self.reason.trim().is_empty() && self.person.trim().is_empty() && self.date.is_none()
    }

    fn day(&self) -> String {
        self.date.map(|day| day.to_string()).unwrap_or_default()
    }

    fn check(&self, definitions: &Definitions) -> Result<()> {
        let rules = definitions
            .forms
            .iter()
            .flat_map(|form| form.rules.iter().map(move |rule| format!("{}.{}", form.form, rule.id)));
        let known: Vec<String> = definitions.wordings.iter().map(|wording| wording.code.clone()).chain(rules).collect();
        if !known.contains(&self.code) {
            let near = nearest(&self.code, known.iter().map(String::as_str));
            bail!(Halt::new("fault_confirmed_code").with("code", &self.code).near(near));
        }
        ensure!(!self.reason.trim().is_empty(), Halt::new("fault_confirmed_reason").with("code", &self.code));
        ensure!(!self.person.trim().is_empty(), Halt::new("fault_confirmed_person").with("code", &self.code));
        ensure!(self.date.is_some(), Halt::new("fault_confirmed_date").with("code", &self.code));
        Ok(())
    }

    /// Whether the confirmation may be about a finding of this report.
    fn concerns(&self, report: &Report<'_>) -> bool {
        // A rule's code begins with its form; other codes belong to records and are of every form.
        let of_rule = self.code.split_once('.').map(|(form, _)| form);
        let unit = match (&self.unit, &report.unit) {
            (None, None) => true,
            (Some(wanted), Some(unit)) => *wanted == unit.code || *wanted == unit.name,
            _ => false,
        };
        unit && of_rule.is_none_or(|form| form == report.form.form)
            && self.period.as_ref().is_none_or(|period| *period == report.period.quarter.to_string())
    }

    fn stands_at(&self, place: &Place) -> bool {
        let pairs = [
            (&self.section, &place.section),
            (&self.row, &place.row),
            (&self.column, &place.column),
            (&self.provider_bin, &place.provider_bin),
            (&self.provider_name, &place.provider_name),
            (&self.service_code, &place.service_code),
            (&self.service_name, &place.service_name),
            (&self.information_system, &place.information_system),
            (&self.source, &place.source),
            (&self.sheet, &place.sheet),
            (&self.field, &place.field),
        ];
        pairs.iter().all(|(wanted, own)| wanted.is_none() || wanted == own)
            && (self.line.is_none() || self.line == place.line)
    }

    fn word(&self) -> Confirmed {
        Confirmed { reason: self.reason.clone(), person: self.person.clone(), date: self.day() }
    }
}
