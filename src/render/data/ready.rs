//! `confirm.toml` and `narrative.toml`: what people may fill in, written ready.

use crate::analytical::figures::material::template;
use crate::definitions::Definitions;
use crate::render::data::findings::Findings;
use crate::report::Report;
use crate::report::wording::{FindingKind, Worded};
use crate::words::finding::{Finding, Outcome, Severity};
use crate::words::lang::Lang;
use std::fmt::Write;

/// A text as TOML writes it: as JSON does, but for the one sign that TOML must have written out, too.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string().replace('\u{7f}', "\\u007f")
}

/// A remark of several lines.
fn remark(text: &mut String, said: &str) {
    for line in said.lines() {
        let _ = writeln!(text, "# {line}");
    }
}

/// Every warning of a report that nobody confirmed; none where there is none.
pub fn confirmations(
    report: &Report<'_>,
    findings: &Findings<'_>,
    definitions: &Definitions,
    lang: Lang,
) -> Option<String> {
    let is_other = |code: &str| {
        let own = definitions.wordings.iter().find(|wording| wording.code == code);
        // about confirmations themselves, and questions, which `narrative.toml` answers
        own.is_some_and(|own| own.name.starts_with("confirmation_") || own.name == "open_question")
    };
    let mut text = String::new();
    remark(&mut text, definitions.words("confirm_ready").get(lang));
    let head = text.len();
    let is_open = |kind: &FindingKind| {
        let fails = kind.outcome == Outcome::Fails && kind.severity == Severity::Warning;
        fails && !kind.is_confirmed && !is_other(&kind.code)
    };
    let open = findings.kinds().enumerate().filter(|(_, kind)| is_open(kind));
    for worded in open.filter_map(|(place, _)| findings.get(place)) {
        confirmation(&mut text, report, &worded, lang);
    }
    (text.len() > head).then_some(text)
}

fn confirmation(text: &mut String, report: &Report<'_>, worded: &Worded, lang: Lang) {
    text.push('\n');
    remark(text, worded.message.get(lang));
    let _ = writeln!(text, "[[confirmation]]\ncode = {}", quoted(&worded.code));
    let unit = report.unit.as_ref().map(|unit| if unit.code.is_empty() { &unit.name } else { &unit.code });
    let place = &worded.place;
    let line = place.line.map(|line| line.to_string());
    let pairs = [
        ("unit", unit),
        ("section", place.section.as_ref()),
        ("row", place.row.as_ref()),
        ("column", place.column.as_ref()),
        ("provider_bin", place.provider_bin.as_ref()),
        ("provider_name", place.provider_name.as_ref()),
        ("service_code", place.service_code.as_ref()),
        ("service_name", place.service_name.as_ref()),
        ("information_system", place.information_system.as_ref()),
        ("source", place.source.as_ref()),
        ("sheet", place.sheet.as_ref()),
        ("field", place.field.as_ref()),
    ];
    for (key, value) in pairs {
        text.extend(value.map(|value| format!("{key} = {}\n", quoted(value))));
    }
    text.extend(line.map(|line| format!("line = {line}\n")));
    let values: Vec<String> = worded.values.iter().map(|(name, value)| format!("{name} = {}", quoted(value))).collect();
    if !values.is_empty() {
        let _ = writeln!(text, "values = {{ {} }}", values.join(", "));
    }
    text.push_str("reason = \"\"\nperson = \"\"\ndate = \"\"\n");
}

/// The open questions of a report; none where there is none.
pub fn narrative(report: &Report<'_>, definitions: &Definitions, lang: Lang) -> Option<String> {
    let analytical = template(definitions, report.form)?;
    let is_open = |id: &str| {
        let of = |finding: &Finding| finding.slots.iter().any(|(slot, value)| slot == "section" && value == id);
        report.findings.iter().any(|finding| finding.name == "open_question" && of(finding))
    };
    let mut text = String::new();
    remark(&mut text, definitions.words("narrative_ready").get(lang));
    let head = text.len();
    for (number, section) in analytical.numbered().filter(|(_, section)| is_open(&section.id)) {
        text.push('\n');
        remark(&mut text, &format!("{number}. {}", section.title.get(lang)));
        remark(&mut text, section.ask.get(lang));
        let _ = writeln!(text, "[{}]\ntext = \"\"", section.id);
    }
    (text.len() > head).then_some(text)
}
