//! `report.json` and `findings.json`: the report as data (`schemas/report.schema.json`).

use crate::body::mapping::Used;
use crate::render::data::findings::Findings;
use crate::report::standing::{Consolidated, Revision};
use crate::report::wording::Worded;
use crate::report::{LedgerLine, Outcomes, Report};
use crate::values::cells::{Line, Value};
use crate::words::finding::Severity;
use crate::words::lang::Text;
use anyhow::Result;
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use std::collections::BTreeMap;
use std::io::Write;

#[derive(Serialize)]
struct Whole<'a> {
    version: u32,
    head: Head<'a>,
    lines: Lines<'a>,
    counts: Counts,
    findings: &'a Findings<'a>,
    ledger: Vec<Ledger<'a>>,
    decisions: &'a BTreeMap<String, u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    consolidation: Option<&'a Consolidated>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    revisions: &'a [Revision],
    provenance: Provenance<'a>,
}

#[derive(Serialize)]
struct Head<'a> {
    form: &'a str,
    edition: &'a str,
    period: String,
    as_of: String,
    organisation: Organisation<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<Unit<'a>>,
    languages: Vec<&'static str>,
}

#[derive(Serialize)]
struct Organisation<'a> {
    bin: &'a str,
    name: Text,
}

#[derive(Serialize)]
struct Unit<'a> {
    code: &'a str,
    name: &'a str,
}

#[derive(Serialize)]
struct StoredLine<'a> {
    section: &'a str,
    row: &'a str,
    row_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    provider_bin: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    provider_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    service_code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    service_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    information_system: Option<&'a str>,
    values: Values<'a>,
}

/// The lines of a report, one by one while they are written.
struct Lines<'a>(&'a Report<'a>);

impl Serialize for Lines<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.cells.lines.iter().map(|line| stored(self.0, line)))
    }
}

/// Column → number or "-", in the order of the form.
struct Values<'a>(Vec<(&'a str, &'a Value)>);

impl Serialize for Values<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (column, value) in &self.0 {
            match value {
                Value::Number(number) => map.serialize_entry(column, number)?,
                other => map.serialize_entry(column, &other.print())?,
            }
        }
        map.end()
    }
}

#[derive(Serialize)]
pub struct Counts {
    error: u64,
    warning: u64,
    notice: u64,
    holds: u64,
    fails: u64,
    cannot_be_checked: u64,
    /// Of the warnings: those confirmed with a reason.
    #[serde(skip_serializing_if = "is_zero")]
    confirmed: u64,
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde asks for a reference
fn is_zero(count: &u64) -> bool {
    *count == 0
}

#[derive(Serialize)]
pub struct Ledger<'a> {
    source: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    sheet: Option<&'a str>,
    table: &'a str,
    read: u64,
    accepted: u64,
    duplicates: u64,
    quarantined: u64,
    feeds_nothing: u64,
}

#[derive(Serialize)]
pub struct Provenance<'a> {
    program: &'a str,
    definitions: &'a str,
    forms: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    encoding: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    separator: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    recounted: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mapping: Option<&'a Used>,
    inputs: Vec<Input<'a>>,
}

#[derive(Serialize)]
struct Input<'a> {
    name: &'a str,
    bytes: u64,
    sha256: &'a str,
}

#[derive(Serialize)]
struct FindingsFile<'a> {
    version: u32,
    form: &'a str,
    period: String,
    counts: Counts,
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
    counts: Counts,
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
    let whole = Whole {
        version: 1,
        head: Head {
            form: &report.form.form,
            edition: &report.form.edition,
            period: report.period.quarter.to_string(),
            as_of: report.period.as_of.to_string(),
            organisation: Organisation { bin: &report.organisation.bin, name: report.organisation.name() },
            unit: report.unit.as_ref().map(|unit| Unit { code: &unit.code, name: &unit.name }),
            languages: report.langs.iter().map(|lang| lang.code()).collect(),
        },
        lines: Lines(report),
        counts: counts(findings, report.outcomes),
        findings,
        ledger: report.ledger.iter().map(ledger).collect(),
        decisions: &report.decisions,
        consolidation: report.standing.consolidated.as_ref(),
        revisions: &report.standing.revisions,
        provenance: provenance(report),
    };
    finish(&whole, target)
}

/// Writes `findings.json`.
pub fn write_findings(report: &Report<'_>, findings: &Findings<'_>, target: impl Write) -> Result<()> {
    let file = FindingsFile {
        version: 1,
        form: &report.form.form,
        period: report.period.quarter.to_string(),
        counts: counts(findings, report.outcomes),
        findings,
    };
    finish(&file, target)
}

fn finish(value: &impl Serialize, mut target: impl Write) -> Result<()> {
    serde_json::to_writer_pretty(&mut target, value)?;
    target.write_all(b"\n")?;
    target.flush()?;
    Ok(())
}

fn stored<'a>(report: &'a Report<'_>, line: &'a Line) -> StoredLine<'a> {
    let row = &report.form.rows[line.row];
    let (provider, service) = (line.key.provider.as_ref(), line.key.service.as_ref());
    let columns = report.form.grid_of(line.row).columns.iter().map(|column| column.id.as_str());
    StoredLine {
        section: &row.section,
        row: &row.no,
        row_id: &row.id,
        provider_bin: provider.map(|party| party.code.as_str()),
        provider_name: provider.map(|party| party.name.as_str()),
        service_code: service.map(|party| party.code.as_str()),
        service_name: service.map(|party| party.name.as_str()),
        information_system: line.key.system.as_deref(),
        values: Values(columns.zip(&line.values).collect()),
    }
}

/// From what the report was made.
pub fn provenance<'a>(report: &'a Report<'_>) -> Provenance<'a> {
    let inputs = report.provenance.inputs.iter();
    Provenance {
        program: &report.provenance.version,
        definitions: &report.provenance.definitions,
        forms: &report.provenance.forms,
        encoding: report.provenance.encoding.as_deref(),
        separator: report.provenance.separator.as_deref(),
        recounted: report.provenance.recounted,
        mapping: report.provenance.mapping.as_ref(),
        inputs: inputs.map(|input| Input { name: &input.name, bytes: input.bytes, sha256: &input.sha256 }).collect(),
    }
}

/// Findings by severity, checks by outcome.
pub fn counts(findings: &Findings<'_>, outcomes: Outcomes) -> Counts {
    let (mut of, mut confirmed): (BTreeMap<Severity, u64>, u64) = (BTreeMap::new(), 0);
    for finding in findings.each() {
        *of.entry(finding.severity).or_default() += 1;
        confirmed += u64::from(finding.confirmed.is_some());
    }
    let of = |severity| of.get(&severity).copied().unwrap_or(0);
    Counts {
        error: of(Severity::Error),
        warning: of(Severity::Warning),
        notice: of(Severity::Notice),
        holds: outcomes.holds,
        fails: outcomes.fails,
        cannot_be_checked: outcomes.cannot_be_checked,
        confirmed,
    }
}

/// One line of the ledger.
pub fn ledger(line: &LedgerLine) -> Ledger<'_> {
    Ledger {
        source: &line.source,
        sheet: line.sheet.as_deref(),
        table: &line.table,
        read: line.read,
        accepted: line.accepted,
        duplicates: line.duplicates,
        quarantined: line.quarantined,
        feeds_nothing: line.feeds_nothing,
    }
}
