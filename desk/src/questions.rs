//! `narrative.toml`: what only people know, by section of the analytical report.

use crate::notation::{entry, quoted};
use crate::refusal::Refusal;
use chrono::NaiveDate;
use esep::analytical::figures::material::template;
use esep::definitions::Definitions;
use esep::definitions::analytical::Section;
use esep::definitions::date::filled_in;
use esep::definitions::form::Form;
use esep::definitions::notation::parse_toml;
use esep::words::lang::{Lang, fold};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// Name of the file, in a quarter's folder.
pub const FILE: &str = "narrative.toml";

/// What was told about a section.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    #[serde(default)]
    pub text: String,
    #[serde(default)]
    pub kk: String,
    #[serde(default)]
    pub ru: String,
    #[serde(default)]
    pub en: String,
    #[serde(default)]
    pub attachments: Vec<Attached>,
}

/// A document that is attached, and what it is (Rules, Annex 1, expl. 33; Annex 2, expl. 32).
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(from = "Written")]
pub struct Attached {
    /// In the folder of attached materials.
    pub file: String,
    pub kind: String,
    pub number: String,
    pub date: Option<NaiveDate>,
    pub sheets: Option<u32>,
}

/// As people write it in the file, and as the page sends it.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Written {
    File(String),
    Described {
        file: String,
        #[serde(default)]
        kind: String,
        #[serde(default)]
        number: String,
        #[serde(default, deserialize_with = "filled_in")]
        date: Option<NaiveDate>,
        #[serde(default)]
        sheets: Option<u32>,
    },
}

impl From<Written> for Attached {
    fn from(written: Written) -> Self {
        match written {
            Written::File(file) => Self { file, ..Self::default() },
            Written::Described { file, kind, number, date, sheets } => Self { file, kind, number, date, sheets },
        }
    }
}

impl Attached {
    /// As TOML: the file alone, where nothing more is known.
    fn print(&self) -> String {
        if self.kind.is_empty() && self.number.is_empty() && self.date.is_none() && self.sheets.is_none() {
            return quoted(&self.file);
        }
        let mut text = format!("{{ file = {}, kind = {}", quoted(&self.file), quoted(&self.kind));
        if !self.number.is_empty() {
            let _ = write!(text, ", number = {}", quoted(&self.number));
        }
        if let Some(date) = self.date {
            let _ = write!(text, ", date = {date}");
        }
        if let Some(sheets) = self.sheets {
            let _ = write!(text, ", sheets = {sheets}");
        }
        text + " }"
    }
}

/// Answers by section.
pub type Answers = BTreeMap<String, Answer>;

/// # Errors
/// The file is not well-formed.
pub fn read(text: &str, definitions: &Definitions) -> Result<Answers, Refusal> {
    let within = |fault: anyhow::Error| fault.context(esep::words::failure::Halt::within(FILE));
    parse_toml(text).map_err(|fault| Refusal::said(&within(fault), &definitions.words))
}

/// The whole file.
pub fn print(answers: &Answers) -> String {
    let mut text = String::new();
    for (section, answer) in answers {
        let _ = writeln!(text, "[{}]", quoted(section));
        for (key, value) in [("text", &answer.text), ("kk", &answer.kk), ("ru", &answer.ru), ("en", &answer.en)] {
            if !value.is_empty() {
                entry(&mut text, key, value);
            }
        }
        if !answer.attachments.is_empty() {
            let all: Vec<String> = answer.attachments.iter().map(Attached::print).collect();
            let _ = writeln!(text, "attachments = [{}]", all.join(", "));
        }
        text.push('\n');
    }
    text
}

/// All sections in the order of the Rules, with what was told now and in the quarter before.
pub fn sections(
    form: &Form,
    open: &BTreeSet<&str>,
    (now, before): (&Answers, &Answers),
    definitions: &Definitions,
) -> Vec<Value> {
    let Some(report) = template(definitions, form) else { return Vec::new() };
    let told = |answers: &Answers, own: (&str, &Section)| {
        answers.iter().find(|(key, _)| is_of(key, own)).map(|(_, answer)| answer.clone())
    };
    report
        .numbered()
        .map(|(number, section)| {
            json!({
                "section": section.id,
                "number": number,
                "title": section.title,
                "ask": section.ask,
                "open": open.contains(section.id.as_str()),
                "answer": told(now, (&number, section)),
                "before": told(before, (&number, section)),
            })
        })
        .collect()
}

/// Whether a name of the file means a section: its id, its number or its heading.
fn is_of(key: &str, (number, section): (&str, &Section)) -> bool {
    let titles = Lang::ALL.map(|lang| fold(section.title.get(lang)));
    key == section.id || key.trim().trim_end_matches('.') == number || titles.contains(&fold(key))
}

/// Puts what is told of a section in place of what was; `false`: the form has no such section.
pub fn put(answers: &mut Answers, wanted: &str, answer: Answer, (form, definitions): (&Form, &Definitions)) -> bool {
    let report = template(definitions, form);
    let Some((number, section)) =
        report.iter().flat_map(|report| report.numbered()).find(|(_, section)| section.id == wanted)
    else {
        return false;
    };
    answers.retain(|key, _| !is_of(key, (&number, section)));
    let texts = [&answer.text, &answer.kk, &answer.ru, &answer.en];
    if texts.iter().any(|text| !text.trim().is_empty()) || !answer.attachments.is_empty() {
        answers.insert(wanted.to_owned(), answer);
    }
    true
}
