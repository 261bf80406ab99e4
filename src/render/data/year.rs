//! `year.json`: a year's table as data (`schemas/year.schema.json`).

use crate::render::data::findings::Findings;
use crate::render::data::json::{counts, finish, stored};
use crate::report::Report;
use crate::report::input_file::InputFile;
use crate::report::standing::{Moved, Revision};
use crate::report::stored::{InOrder, StoredBody, StoredCounts, StoredLine};
use crate::values::cells::{Party, Value};
use crate::year::form::quarters;
use crate::year::made::YearTable;
use anyhow::Result;
use serde::Serialize;
use std::borrow::Cow;
use std::io::Write;

#[derive(Serialize)]
struct YearFile<'a> {
    version: u32,
    form: &'a str,
    edition: &'a str,
    year: i32,
    as_of: String,
    organisation: StoredBody<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<&'a Party>,
    languages: Vec<&'a str>,
    /// How many quarters the totals are of.
    known: usize,
    quarters: Vec<QuarterOfYear<'a>>,
    lines: Vec<StoredLine<'a, InOrder<'a, &'a Value>>>,
    /// Totals of the year before and after the adjustments of its quarters.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    changed: &'a [Moved],
    counts: StoredCounts,
    findings: &'a Findings<'a>,
}

#[derive(Serialize)]
struct QuarterOfYear<'a> {
    period: String,
    /// Absent: there is no report, its months are unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    report: Option<&'a InputFile>,
    #[serde(skip_serializing_if = "Option::is_none")]
    definitions: Option<&'a str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    revisions: &'a [Revision],
}

/// Writes the table; `report` is its printed form.
///
/// # Errors
/// The target cannot be written.
pub fn write(
    report: &Report<'_>,
    table: &YearTable<'_, '_>,
    findings: &Findings<'_>,
    target: impl Write,
) -> Result<()> {
    let of = quarters(table.year).into_iter().zip(table.quarters);
    let of = of.map(|(quarter, report)| QuarterOfYear {
        period: quarter.to_string(),
        report: report.map(|report| &report.source),
        definitions: report.and_then(|report| report.definitions.as_deref()),
        revisions: report.map_or(&[], |report| report.revisions()),
    });
    let whole = YearFile {
        version: 1,
        form: &report.form.form,
        edition: &report.form.edition,
        year: table.year,
        as_of: report.period.as_of.to_string(),
        organisation: StoredBody { bin: Cow::Borrowed(&report.organisation.bin), name: report.organisation.name() },
        unit: report.unit.as_ref(),
        languages: report.langs.iter().map(|lang| lang.code()).collect(),
        known: table.quarters.iter().flatten().count(),
        quarters: of.collect(),
        lines: report.cells.lines.iter().map(|line| stored(report, line)).collect(),
        changed: &table.changed,
        counts: counts(findings, report.outcomes),
        findings,
    };
    finish(&whole, target)
}
