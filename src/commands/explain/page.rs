//! The handbook page of a finding code or of a rule: what, why, example, what to do, basis.

use crate::commands::explain::shown::section;
use crate::commands::out::speech::{Speech, one_line};
use crate::definitions::form::{Form, Rule};
use crate::words::failure::Halt;
use crate::words::finding::{Severity, Wording};
use crate::words::lang::nearest;
use anyhow::{Result, bail};
use include_dir::{Dir, include_dir};
use serde::Serialize;

/// The minimal folders that provoke the findings.
static EXAMPLES: Dir = include_dir!("$CARGO_MANIFEST_DIR/tests/findings");

/// Letters of an example that are shown.
const SHOWN: usize = 2000;

/// A page of the handbook, in one language.
#[derive(Debug, Clone, Serialize)]
pub struct HandbookPage {
    pub version: u32,
    pub lang: &'static str,
    pub code: String,
    pub severity: Severity,
    pub what: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// What happened, where no file of the example shows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub case: Option<String>,
    /// Files of the smallest input that provokes the finding.
    pub example: Vec<Example>,
    pub what_to_do: String,
    pub basis: String,
}

#[derive(Debug, Clone, Serialize)]
pub struct Example {
    pub file: String,
    pub text: String,
}

/// Whether a word is written as a code: `F-013`, `2-mk.sum.events`.
pub fn is_code(word: &str, forms: &[Form]) -> bool {
    let digits = word.strip_prefix(['F', 'f']).and_then(|rest| rest.strip_prefix('-'));
    digits.is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit()))
        || forms.iter().any(|form| word.strip_prefix(&form.form).is_some_and(|rest| rest.starts_with('.')))
}

/// The page of a code of the catalogue or of a rule.
pub fn explain(code: &str, speech: Speech<'_>) -> Result<HandbookPage> {
    let definitions = speech.definitions;
    if let Some(wording) = definitions.wordings.iter().find(|known| known.code.eq_ignore_ascii_case(code)) {
        return Ok(of_finding(wording, speech));
    }
    let rules = || definitions.forms.iter().flat_map(|form| form.rules.iter().map(move |rule| (form, rule)));
    if let Some((form, rule)) = rules().find(|(form, rule)| format!("{}.{}", form.form, rule.id) == code) {
        return Ok(of_rule(form, rule, speech));
    }
    let known: Vec<String> = definitions.wordings.iter().map(|known| known.code.clone()).collect();
    let known: Vec<String> =
        known.into_iter().chain(rules().map(|(form, rule)| format!("{}.{}", form.form, rule.id))).collect();
    bail!(Halt::new("explain_no_code").with("code", code).near(nearest(code, known.iter().map(String::as_str))))
}

fn of_finding(wording: &Wording, speech: Speech<'_>) -> HandbookPage {
    HandbookPage {
        version: 1,
        lang: speech.lang.code(),
        code: wording.code.clone(),
        severity: wording.severity,
        what: open_slots(wording.message.get(speech.lang)),
        why: wording.why.as_ref().map(|why| why.get(speech.lang).to_owned()),
        case: wording.example.as_ref().map(|case| case.get(speech.lang).to_owned()),
        example: example(&wording.code),
        what_to_do: open_slots(wording.hint.get(speech.lang)),
        basis: speech.definitions.citations.say(&wording.basis).get(speech.lang).to_owned(),
    }
}

fn of_rule(form: &Form, rule: &Rule, speech: Speech<'_>) -> HandbookPage {
    let side = |ids: &[String]| -> Vec<String> {
        let rows = ids.iter().filter_map(|id| form.row_position(id)).map(|row| &form.rows[row]);
        rows.map(|row| format!("{} «{}»", row.no, one_line(row.label.get(speech.lang)))).collect()
    };
    let rows = [side(&rule.left), side(&rule.right)];
    let columns = [&rule.left_columns, &rule.right_columns].map(|ids| ids.join(" + "));
    let sides = rows.iter().map(|rows| rows.join("; ")).chain(columns).filter(|side| !side.is_empty());
    HandbookPage {
        version: 1,
        lang: speech.lang.code(),
        code: format!("{}.{}", form.form, rule.id),
        severity: rule.severity,
        what: std::iter::once(rule.text.get(speech.lang).to_owned()).chain(sides).collect::<Vec<_>>().join("\n  "),
        why: speech.definitions.wording("rule").why.as_ref().map(|why| why.get(speech.lang).to_owned()),
        case: None,
        example: Vec::new(),
        what_to_do: speech.words("explain_page_rule_do").to_owned(),
        basis: speech.definitions.citations.say(&rule.basis).get(speech.lang).to_owned(),
    }
}

/// A wording without the values of a particular finding.
fn open_slots(text: &str) -> String {
    let mut open = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        open.push_str(before);
        let (slot, after) = after.split_once('}').unwrap_or((after, ""));
        // the word that goes with a number stands in the form of many, what is said only of a value without it
        let said = slot.split_once('!').map(|(_, said)| said.replace('|', "…"));
        let many = || slot.split_once('?').and_then(|(_, forms)| forms.split('|').next_back()).unwrap_or("…");
        open.push_str(&said.unwrap_or_else(|| many().to_owned()));
        rest = after;
    }
    open + rest
}

/// The text files of the folder of a code, without what the test needs to run it.
fn example(code: &str) -> Vec<Example> {
    let folder = EXAMPLES.dirs().find(|dir| dir.path().to_string_lossy().starts_with(&format!("{code}-")));
    let files = folder.into_iter().flat_map(Dir::files);
    let texts = files.filter_map(|file| {
        let name = file.path().file_name()?.to_string_lossy().into_owned();
        let text = file.contents_utf8().filter(|_| name != "case.toml")?;
        Some(Example { file: name, text: text.chars().take(SHOWN).collect() })
    });
    texts.collect()
}

impl HandbookPage {
    /// The page for people.
    pub fn print(&self, speech: Speech<'_>) -> String {
        let severity = speech.words(match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Notice => "notice",
        });
        let mut text = format!("{} · {severity}\n", self.code);
        section(&mut text, speech.words("explain_page_what"), std::iter::once(self.what.clone()));
        if let Some(why) = &self.why {
            section(&mut text, speech.words("explain_page_why"), std::iter::once(why.clone()));
        }
        if self.case.is_some() || !self.example.is_empty() {
            let files = self.example.iter().flat_map(|file| {
                let own = file.text.lines().map(|line| format!("  {line}"));
                std::iter::once(format!("{}:", file.file)).chain(own)
            });
            section(&mut text, speech.words("explain_page_example"), self.case.iter().cloned().chain(files));
        }
        let confirm = (self.severity == Severity::Warning).then(|| speech.words("explain_page_confirm").to_owned());
        let what_to_do = std::iter::once(self.what_to_do.clone()).chain(confirm);
        section(&mut text, speech.words("explain_page_do"), what_to_do);
        section(&mut text, speech.words("basis"), std::iter::once(self.basis.clone()));
        text
    }
}
