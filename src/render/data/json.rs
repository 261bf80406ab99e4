//! `report.json` and `findings.json`: the report as data (`schemas/report.schema.json`).

use crate::render::data::findings::Findings;
use crate::report::stored::{InOrder, StoredCounts, StoredHead, StoredLine, StoredReport, VERSION};
use crate::report::testified;
use crate::report::wording::Worded;
use crate::report::{Outcomes, Report};
use crate::values::cells::{Line, Value};
use crate::words::finding::Severity;
use anyhow::Result;
use serde::Serialize;
use serde::ser::Serializer;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::Write;

/// The lines of a report, one by one while they are written.
struct ReportLines<'a>(&'a Report<'a>);

impl Serialize for ReportLines<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.cells.lines.iter().map(|line| stored(self.0, line)))
    }
}

#[derive(Serialize)]
struct FindingsFile<'a> {
    version: u32,
    form: &'a str,
    period: String,
    counts: StoredCounts,
    findings: &'a Findings<'a>,
}

/// One form of a file that was checked; without a form where none could be read from it.
#[derive(Serialize)]
pub struct CheckedFile<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    form: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    period: Option<String>,
    counts: StoredCounts,
    findings: &'a [Worded],
}

impl<'a> CheckedFile<'a> {
    pub fn new(file: &'a str, report: Option<&'a Report<'a>>, findings: &'a [Worded]) -> Self {
        Self {
            version: None,
            file: Some(file),
            form: report.map(|report| report.form.form.as_str()),
            period: report.map(|report| report.period.quarter.to_string()),
            counts: counts(&Findings::Kept(findings), report.map(|report| report.outcomes).unwrap_or_default()),
            findings,
        }
    }

    /// Writes the form's own `findings.json`.
    ///
    /// # Errors
    /// The target cannot be written.
    pub fn write(self, target: impl Write) -> Result<()> {
        finish(&Self { version: Some(1), file: None, ..self }, target)
    }
}

/// Writes what `check --json` prints.
///
/// # Errors
/// The target cannot be written.
pub fn write_checked(files: &[CheckedFile<'_>], target: impl Write) -> Result<()> {
    #[derive(Serialize)]
    struct All<'a> {
        version: u32,
        files: &'a [CheckedFile<'a>],
    }
    finish(&All { version: 1, files }, target)
}

/// Writes `report.json`.
pub fn write(report: &Report<'_>, findings: &Findings<'_>, target: impl Write) -> Result<()> {
    let whole = StoredReport {
        version: VERSION,
        head: StoredHead::of(report),
        lines: ReportLines(report),
        counts: counts(findings, report.outcomes),
        findings,
        ledger: report.ledger.into(),
        decisions: Cow::Borrowed(&report.decisions),
        deadlines: (&*report.deadlines).into(),
        established: testified::parts(report.form, &report.established).into(),
        testified: Some(&report.testified).filter(|told| !told.is_empty()).map(Cow::Borrowed),
        consolidation: report.standing.consolidated.as_ref().map(Cow::Borrowed),
        revisions: (&*report.standing.revisions).into(),
        provenance: report.provenance,
    };
    finish(&whole, target)
}

/// Writes `findings.json`.
pub fn write_findings(report: &Report<'_>, findings: &Findings<'_>, target: impl Write) -> Result<()> {
    let file = FindingsFile {
        version: 1,
        form: &report.form.form,
        period: report.period_id(),
        counts: counts(findings, report.outcomes),
        findings,
    };
    finish(&file, target)
}

pub(crate) fn finish(value: &impl Serialize, mut target: impl Write) -> Result<()> {
    serde_json::to_writer_pretty(&mut target, value)?;
    target.write_all(b"\n")?;
    target.flush()?;
    Ok(())
}

/// A line as JSON has it.
pub(crate) fn stored<'a>(report: &'a Report<'_>, line: &'a Line) -> StoredLine<'a, InOrder<'a, &'a Value>> {
    let row = &report.form.rows[line.row];
    let (provider, service) = (line.key.provider.as_ref(), line.key.service.as_ref());
    let columns = report.form.grid_of(line.row).columns.iter().map(|column| column.id.as_str());
    StoredLine {
        section: (&row.section).into(),
        row: (&row.no).into(),
        row_id: (&row.id).into(),
        provider_bin: provider.map(|party| (&party.code).into()),
        provider_name: provider.map(|party| (&party.name).into()),
        service_code: service.map(|party| (&party.code).into()),
        service_name: service.map(|party| (&party.name).into()),
        information_system: line.key.system.as_ref().map(Cow::from),
        values: InOrder(columns.zip(&line.values).collect()),
    }
}

/// Findings by severity, checks by outcome.
pub fn counts(findings: &Findings<'_>, outcomes: Outcomes) -> StoredCounts {
    let (mut of, mut confirmed): (BTreeMap<Severity, u64>, u64) = (BTreeMap::new(), 0);
    for kind in findings.kinds() {
        *of.entry(kind.severity).or_default() += 1;
        confirmed += u64::from(kind.is_confirmed);
    }
    let of = |severity| of.get(&severity).copied().unwrap_or(0);
    StoredCounts {
        error: of(Severity::Error),
        warning: of(Severity::Warning),
        notice: of(Severity::Notice),
        outcomes,
        confirmed,
    }
}
