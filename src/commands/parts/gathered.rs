//! Reports of units as they were read: their numbers, what is wrong with each, answers to earlier remarks.

use crate::commands::out::status::unreadable;
use crate::commands::parts::given;
use crate::commands::parts::returns::{ReadAgain, judge};
use crate::consolidate::answers;
use crate::consolidate::answers::Answer;
use crate::consolidate::mended::mended;
use crate::consolidate::part::{NameNumbers, UnitReport};
use crate::consolidate::roster::Roster;
use crate::definitions::Definitions;
use crate::filed;
use crate::report::input_file::InputFile;
use crate::report::wording::severity;
use crate::values::period::Quarter;
use crate::words::failure::{Halt, say};
use crate::words::finding::{Finding, Kind, Place, Severity};
use anyhow::Result;
use std::path::{Path, PathBuf};

/// All reports as they were read.
#[derive(Debug, Default)]
pub struct ReadReports<'d> {
    pub parts: Vec<UnitReport<'d>>,
    /// Where each report with findings can be read again.
    pub filed: Vec<Option<ReadAgain>>,
    /// Of each report its errors, warnings and notices.
    pub counts: Vec<[usize; 3]>,
    /// Of each report what was mended to read it.
    pub mended: Vec<Vec<Finding>>,
    /// Findings of files that hold no form.
    pub findings: Vec<Finding>,
    pub inputs: Vec<InputFile>,
    /// What units wrote to the remarks on earlier reports.
    pub answers: Vec<Answer>,
    /// Files that could not be read at all.
    pub unread: usize,
    pub spellings: NameNumbers,
}

impl ReadReports<'_> {
    /// The results stand; that files are missing in them is what the run ends with.
    ///
    /// # Errors
    /// Files could not be read.
    pub fn all_were_read(&self) -> Result<()> {
        let halt = || Halt::new("fault_reports_unread").with("count", self.unread);
        if self.unread > 0 { Err(unreadable(halt().into())) } else { Ok(()) }
    }

    /// What units wrote in the files of remarks that lie where the last run left them. What a person gave counts first;
    /// a file that was put aside as edited was read before.
    ///
    /// # Errors
    /// A file of remarks cannot be read.
    pub fn answers_before(
        &mut self,
        out: &Path,
        (form, quarter): (&str, Quarter),
        roster: &Roster<'_>,
        definitions: &Definitions,
    ) -> Result<()> {
        for path in given::within(out, &format!("{form}_{quarter}_"), "returns")? {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let is_workbook = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("xlsx"));
            if !is_workbook || name.contains(".edited") {
                continue;
            }
            let found = answers::read(&path, &format!("returns/{name}"), roster, definitions)?.unwrap_or_default();
            let is_new = |answer: &Answer| {
                !self.answers.iter().any(|known| (known.unit, &known.remark) == (answer.unit, &answer.remark))
            };
            let found: Vec<Answer> = found.into_iter().filter(is_new).collect();
            self.answers.extend(found);
        }
        Ok(())
    }
}

/// Reads the reports one by one and keeps their numbers.
///
/// # Errors
/// A file is gone, or a file of remarks cannot be read.
pub fn gather<'d>(files: &[PathBuf], roster: &Roster<'_>, definitions: &'d Definitions) -> Result<ReadReports<'d>> {
    let mut gathered = ReadReports::default();
    let mut files = files.to_vec();
    files.sort();
    files.dedup();
    for path in &files {
        let input = given::input(path, &files)?;
        let (forms, reading) = match filed::read::read(path, definitions) {
            Ok(read) => read,
            Err(fault) => {
                let place = Place { source: Some(input.name.clone()), ..Place::default() };
                gathered.findings.push(
                    Finding::new("filed_unreadable", place).with_text("reason", &say(&fault, &definitions.words)),
                );
                gathered.unread += 1;
                continue;
            }
        };
        let answers = if forms.is_empty() { answers::read(path, &input.name, roster, definitions)? } else { None };
        if let Some(answers) = answers {
            gathered.answers.extend(answers);
            gathered.inputs.push(input);
            continue;
        }
        if forms.is_empty() {
            let broken = |finding: &Finding| definitions.wording(finding.name).kind == Kind::Source;
            gathered.unread += usize::from(reading.iter().any(broken));
            gathered.findings.extend(reading);
            gathered.inputs.push(input);
            continue;
        }
        for (nth, filed) in forms.iter().enumerate() {
            let found = judge(filed, &reading).findings;
            let severities: Vec<Severity> =
                found.iter().map(|finding| severity(finding, definitions, Some(filed.form))).collect();
            let counts = [Severity::Error, Severity::Warning, Severity::Notice]
                .map(|wanted| severities.iter().filter(|severity| **severity == wanted).count());
            gathered.parts.push(UnitReport::new(filed, input.clone(), counts[0], &mut gathered.spellings));
            gathered.counts.push(counts);
            gathered.mended.push(mended(filed, &reading, &input.name, definitions));
            gathered.filed.push((!found.is_empty()).then(|| ReadAgain { path: path.clone(), nth }));
        }
        gathered.inputs.push(input);
    }
    Ok(gathered)
}
