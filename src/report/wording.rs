//! Findings in words: code, severity, message, hint and basis, in three languages.

use crate::definitions::Definitions;
use crate::definitions::form::{Form, Rule};
use crate::report::filled::Report;
use crate::values::period::Quarter;
use crate::words::finding::{Cause, Confirmed, Finding, Kind, Outcome, Place, Severity, Wording};
use crate::words::lang::Text;
use crate::words::lines::Lines;
use chrono::Datelike;
use serde::Serialize;
use std::collections::BTreeMap;

/// A finding as every output shows it (outputs.md, findings.json).
#[derive(Debug, Clone, Serialize)]
pub struct Worded {
    pub code: String,
    pub kind: Kind,
    pub severity: Severity,
    pub outcome: Outcome,
    #[serde(flatten)]
    pub place: Place,
    /// How many rows have it, and their lines, where it is told once for very many.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rows: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lines: Option<String>,
    /// Addresses of all cells that have it, where it is told once for several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cells: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub right: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub difference: Option<i64>,
    pub message: Text,
    pub hint: Text,
    pub basis: String,
    /// The basis as people read it.
    #[serde(skip)]
    pub cited: Text,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub causes: Vec<WordedCause>,
    /// Of a warning: what a confirmation must name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirmed: Option<Confirmed>,
}

/// A likely cause as outputs show it.
#[derive(Debug, Clone, Serialize)]
pub struct WordedCause {
    /// E.g. `digits_swapped`.
    pub cause: &'static str,
    pub message: Text,
    /// Failed checks that would then hold.
    pub mends: usize,
    /// Number of cells that would change.
    pub changes: usize,
}

fn cause(cause: &Cause, definitions: &Definitions) -> WordedCause {
    let mends = definitions.words("cause_mends").fill(&[("count".to_owned(), cause.mends.to_string())]);
    let message = definitions.words(cause.name).fill(&cause.slots);
    WordedCause {
        cause: cause.name.trim_start_matches("cause_"),
        message: behind(&message, &mends),
        mends: cause.mends,
        changes: cause.changes.len(),
    }
}

/// What tells kinds of findings apart, known before one is worded.
#[derive(Debug, Clone)]
pub struct FindingKind {
    pub code: String,
    pub severity: Severity,
    pub outcome: Outcome,
    /// How many rows have it.
    pub rows: u64,
    pub is_confirmed: bool,
}

impl FindingKind {
    pub fn of(finding: &Finding, definitions: &Definitions, form: Option<&Form>) -> Self {
        Self::judged(finding, definitions.wording(finding.name), rule(finding, form))
    }

    fn judged(finding: &Finding, entry: &Wording, rule: Option<(&Form, &Rule)>) -> Self {
        let (code, severity) = match rule {
            Some((form, rule)) => (rule_code(form, rule), rule.severity),
            None => (entry.code.clone(), entry.severity),
        };
        let rows = finding.lines.as_ref().map_or(1, Lines::count);
        // What could not be checked is no fault of anybody.
        let (severity, outcome) = if finding.cannot_be_checked {
            (Severity::Notice, Outcome::CannotBeChecked)
        } else {
            (severity, Outcome::Fails)
        };
        Self { code, severity, outcome, rows, is_confirmed: finding.confirmed.is_some() }
    }
}

impl From<&Worded> for FindingKind {
    fn from(worded: &Worded) -> Self {
        let Worded { code, severity, outcome, rows, confirmed, .. } = worded;
        let (rows, is_confirmed) = (rows.unwrap_or(1), confirmed.is_some());
        Self { code: code.clone(), severity: *severity, outcome: *outcome, rows, is_confirmed }
    }
}

/// The rule of a form that a finding is about.
fn rule<'f>(finding: &Finding, form: Option<&'f Form>) -> Option<(&'f Form, &'f Rule)> {
    let (id, form) = (finding.rule.as_ref()?, form?);
    Some((form, form.rules.iter().find(|rule| rule.id == *id)?))
}

fn rule_code(form: &Form, rule: &Rule) -> String {
    format!("{}.{}", form.form, rule.id)
}

/// Words a finding by its entry in the catalogue, or by the rule of the form that it is about.
pub fn word(finding: &Finding, definitions: &Definitions, form: Option<&Form>) -> Worded {
    word_citing(finding, definitions, form, |basis| definitions.citations.say(basis))
}

/// The same; `cite` says a basis as people read it: many findings have the same.
pub fn word_citing(
    finding: &Finding,
    definitions: &Definitions,
    form: Option<&Form>,
    cite: impl FnOnce(&str) -> Text,
) -> Worded {
    let (entry, rule) = (definitions.wording(finding.name), rule(finding, form));
    let kind = FindingKind::judged(finding, entry, rule);
    let mut worded = Worded {
        code: kind.code,
        kind: entry.kind,
        severity: kind.severity,
        outcome: kind.outcome,
        place: finding.place.clone(),
        rows: finding.lines.as_ref().map(Lines::count),
        lines: finding.lines.as_ref().map(ToString::to_string),
        cells: None,
        left: finding.left,
        right: finding.right,
        difference: finding.difference(),
        message: entry.message.fill(&finding.slots),
        hint: entry.hint.fill(&finding.slots),
        basis: entry.basis.clone(),
        cited: Text::default(),
        causes: finding.causes.iter().map(|found| cause(found, definitions)).collect(),
        values: BTreeMap::new(),
        confirmed: finding.confirmed.clone(),
    };
    let rule = rule.map(|(_, rule)| rule);
    if let Some(rule) = rule {
        worded.kind = rule.kind;
        worded.basis.clone_from(&rule.basis);
        worded.message = rule.text.clone();
        worded.hint = rule.hint.clone().unwrap_or(worded.hint);
        if let (Some(left), Some(right)) = (finding.left, finding.right) {
            let sides = definitions.words("sides").fill(&[
                ("left".into(), left.to_string()),
                ("right".into(), right.to_string()),
                ("difference".into(), format!("{:+}", left - right)),
            ]);
            worded.message = append(&worded.message, &sides);
        }
    }
    if let (Some(lines), Some(rows)) = (&finding.lines, worded.rows) {
        let last = lines.last().unwrap_or_default();
        let slots = [("rows".to_owned(), rows.to_string()), ("last".to_owned(), last.to_string())];
        worded.message = behind(&worded.message, &definitions.words("of_rows").fill(&slots));
    }
    worded.cited = cite(&worded.basis);
    if finding.cannot_be_checked {
        worded.message = append(definitions.words("cannot_be_checked"), &worded.message);
        worded.hint = rule
            .and_then(|rule| other_form_hint(rule, &finding.place, definitions))
            .unwrap_or_else(|| definitions.words("cannot_be_checked_hint").clone());
    }
    if worded.severity == Severity::Warning {
        worded.values = finding.values();
    }
    worded
}

/// Until when the other form of a rule is filed: until then nothing can be compared.
fn other_form_hint(rule: &Rule, place: &Place, definitions: &Definitions) -> Option<Text> {
    let quarter = Quarter::parse(place.period.as_ref()?).ok()?;
    let other = definitions.form(rule.other_form.as_ref()?, quarter).ok()?;
    let date = quarter.day_after().with_day(other.deadline_day)?;
    let date = [("date".to_owned(), date.format("%d.%m.%Y").to_string())];
    let hint = definitions.words("other_form_hint").fill(&date);
    Some(Text::by(|lang| hint.get(lang).replace("{form}", other.index.get(lang))))
}

/// Two sentences, the second behind a semicolon.
pub(crate) fn behind(first: &Text, second: &Text) -> Text {
    Text::by(|lang| format!("{}; {}", first.get(lang), second.get(lang)))
}

fn append(first: &Text, second: &Text) -> Text {
    Text::by(|lang| format!("{}: {}", first.get(lang), second.get(lang)))
}

/// The worst severity among the findings of a report.
pub fn worst(report: &Report<'_>) -> Option<Severity> {
    report.findings.iter().map(|finding| severity(finding, report.definitions, Some(report.form))).min()
}

/// How much a finding weighs for the exit status; what was confirmed no longer blocks.
pub fn severity(finding: &Finding, definitions: &Definitions, form: Option<&Form>) -> Severity {
    if finding.cannot_be_checked || finding.confirmed.is_some() {
        return Severity::Notice;
    }
    rule(finding, form).map_or_else(|| definitions.wording(finding.name).severity, |(_, rule)| rule.severity)
}
