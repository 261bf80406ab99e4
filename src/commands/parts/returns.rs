//! Return packages: each unit's findings, worded only when its workbook is written.

use crate::commands::parts::judged::JudgedForm;
use crate::consolidate::answers::Answer;
use crate::consolidate::names::unit_name;
use crate::consolidate::part::UnitReport;
use crate::consolidate::roster::{Accepted, Roster};
use crate::definitions::Definitions;
use crate::definitions::form::Form;
use crate::filed;
use crate::filed::form::Filed;
use crate::render;
use crate::report::wording::{Worded, severity, word};
use crate::report::{Report, transliterate};
use crate::values::file_name::fitting;
use crate::words::failure::{Halt, OrHalt};
use crate::words::finding::{Finding, Severity};
use crate::words::lang::Lang;
use anyhow::Result;
use std::fs;
use std::path::{Path, PathBuf};

/// What is said to the consolidating body and not to the unit: it mends its own file, or the unit is told the errors
/// themselves.
const OF_THE_WHOLE: [&str; 2] = ["unit_has_errors", "unit_similar"];

/// A report that was read: kept are its numbers; its findings are found anew when they are written.
#[derive(Debug)]
pub struct ReadAgain {
    pub path: PathBuf,
    /// Which of the forms in the file.
    pub nth: usize,
}

/// What the packages are made of.
pub(crate) struct Returns<'r> {
    pub report: &'r Report<'r>,
    pub roster: &'r Roster<'r>,
    pub parts: &'r [UnitReport<'r>],
    /// Of each report where its findings come from; absent where it has none.
    pub seen: &'r [Option<ReadAgain>],
    /// What the units wrote to remarks before.
    pub answers: &'r [Answer],
    pub definitions: &'r Definitions,
}

/// What is wrong with a unit's report; `reading` is what was found in its file.
pub fn judge<'f, 'd>(filed: &'f Filed<'d>, reading: &[Finding]) -> JudgedForm<'f, 'd> {
    let mut judged = JudgedForm::of(filed, reading.iter().filter(|finding| filed.is_told_of(finding)));
    judged.findings.retain(|finding| !finding.cannot_be_checked);
    judged
}

/// What is said to a unit of its report as a part of the whole.
pub fn of_unit(accepted: &Accepted, unit: usize, form: &Form, definitions: &Definitions) -> Vec<Worded> {
    let own = accepted
        .findings
        .iter()
        .filter(|(of, finding)| *of == Some(unit) && !OF_THE_WHOLE.contains(&finding.name))
        .map(|(_, finding)| word(finding, definitions, Some(form)));
    own.filter(|finding| finding.severity != Severity::Notice).collect()
}

/// What is said to a unit of a form that it sent.
///
/// # Errors
/// Those of the definitions.
pub fn of_form(filed: &Filed<'_>, reading: &[Finding], definitions: &Definitions) -> Result<Vec<Worded>> {
    let mut judged = judge(filed, reading);
    judged.findings.retain(|finding| severity(finding, definitions, Some(filed.form)) != Severity::Notice);
    if judged.findings.is_empty() { Ok(Vec::new()) } else { judged.words(definitions) }
}

impl Returns<'_> {
    /// A workbook for each unit of which something is to be said.
    pub fn write(&self, accepted: &Accepted, folder: &Path) -> Result<()> {
        let folder = folder.join("returns");
        let mut own: Vec<Vec<usize>> = vec![Vec::new(); self.roster.units().len()];
        for (number, part) in self.parts.iter().enumerate() {
            if let Some(unit) = self.roster.filer(part) {
                own[unit].push(number);
            }
        }
        for (position, (unit, own)) in self.roster.units().iter().zip(&own).enumerate() {
            let mut findings = of_unit(accepted, position, self.report.form, self.definitions);
            for part in own {
                findings.extend(self.told(*part)?);
            }
            if findings.is_empty() {
                continue;
            }
            let lang =
                own.first().and_then(|part| self.parts[*part].langs.first()).copied().unwrap_or(self.report.langs[0]);
            let name = unit_name(unit);
            let answers: Vec<&Answer> = self.answers.iter().filter(|answer| answer.unit == position).collect();
            let workbook =
                render::xlsx::returns::write(self.report, name.get(lang), &findings, &answers, lang, self.definitions)?;
            let called = [unit.code().to_owned(), transliterate(unit.name().get(Lang::Ru))];
            let called: Vec<String> = called.into_iter().filter(|part| !part.is_empty()).collect();
            let called = called.join("_");
            let file = fitting(&called);
            fs::create_dir_all(&folder).or_halt(|| Halt::writing("returns"))?;
            fs::write(folder.join(format!("{file}.xlsx")), workbook)
                .or_halt(|| Halt::writing(format!("returns/{file}.xlsx")))?;
        }
        Ok(())
    }

    /// The findings of one report in words; of all units' together they would not fit in memory.
    fn told(&self, part: usize) -> Result<Vec<Worded>> {
        let Some(seen) = &self.seen[part] else { return Ok(Vec::new()) };
        let (forms, reading) = filed::read::read(&seen.path, self.definitions)?;
        let filed = forms.get(seen.nth).or_halt(|| Halt::new("fault_changes_while_read"))?;
        let mut words = of_form(filed, &reading, self.definitions)?;
        for worded in &mut words {
            worded.place.source = Some(self.parts[part].source.name.clone());
        }
        Ok(words)
    }
}
