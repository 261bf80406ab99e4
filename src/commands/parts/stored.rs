//! Stored reports of several quarters, each with the history that lies beside it.

use crate::adjust::history::{FILE, History};
use crate::adjust::verify;
use crate::commands::parts::given;
use crate::definitions::Definitions;
use crate::filed;
use crate::sources::workbook::grid;
use crate::values::text_file;
use crate::words::failure::say;
use crate::words::finding::{Finding, Kind, Place};
use crate::year::quarters::QuarterReport;
use anyhow::Result;
use std::path::{Path, PathBuf};

/// All reports as they were read.
#[derive(Debug, Default)]
pub struct StoredReports<'d> {
    pub reports: Vec<QuarterReport<'d>>,
    /// Of files that hold no form, and of reports whose history does not hold.
    pub findings: Vec<Finding>,
    /// Files that could not be read at all.
    pub unread: usize,
}

/// Reads the reports, each with the history beside it. What is wrong with a file is a finding.
///
/// # Errors
/// A file that cannot be opened.
pub fn read<'d>(files: &[PathBuf], definitions: &'d Definitions) -> Result<StoredReports<'d>> {
    let mut read = StoredReports::default();
    for path in files {
        let source = given::input(path, files)?;
        let (forms, reading) = match filed::read::read(path, definitions) {
            Ok(read) => read,
            Err(fault) => {
                let place = Place { source: Some(source.name), ..Place::default() };
                let finding = Finding::new("filed_unreadable", place);
                read.findings.push(finding.with_text("reason", &say(&fault, &definitions.words)));
                read.unread += 1;
                continue;
            }
        };
        if forms.is_empty() {
            let broken = |finding: &Finding| definitions.wording(finding.name).kind == Kind::Source;
            read.unread += usize::from(reading.iter().any(broken));
            read.findings.extend(reading);
            continue;
        }
        let made_with = made_with(path)?;
        for filed in forms {
            let history = History::read(&path.with_file_name(FILE)).ok().filter(|history| history.is_of(&filed));
            let told = verify::verify(path, &filed, definitions);
            let (source, definitions) = (source.clone(), made_with.clone());
            let place = |place: Place| Place { source: Some(source.name.clone()), ..place };
            let told =
                told.into_iter().map(|finding| Finding { at: None, place: place(finding.place.clone()), ..finding });
            read.findings.extend(told);
            read.reports.push(QuarterReport { filed, source: source.clone(), history, definitions });
        }
    }
    let order = |report: &QuarterReport<'_>| (report.filed.period.quarter, report.source.name.clone());
    read.reports.sort_by_key(order);
    Ok(read)
}

/// SHA-256 of the definitions that a `report.json` was made with, where it says so.
fn made_with(path: &Path) -> Result<Option<String>> {
    let bytes = text_file::bounded(path, filed::stored::LARGEST)?;
    let stored = (!grid::is_workbook(&bytes)).then(|| filed::stored::provenance(&bytes).ok()).flatten();
    Ok(stored.map(|made| made.definitions).filter(|digest| !digest.is_empty()))
}
