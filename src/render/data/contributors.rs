//! `contributors.json`: every cell of a consolidated report with the reports that it is made of.

use crate::consolidate::merge::Merged;
use crate::consolidate::part::UnitReport;
use crate::definitions::form::Consolidate;
use crate::report::Report;
use crate::report::standing::UnitState;
use crate::report::stored::InOrder;
use crate::values::cells::{Line, Value};
use anyhow::Result;
use serde::Serialize;
use serde::ser::Serializer;
use std::collections::BTreeSet;
use std::io::Write;

/// What the table of contributors is made of.
#[derive(Debug)]
pub struct Contributors<'a> {
    pub report: &'a Report<'a>,
    pub merged: &'a Merged,
    /// Reports that were counted, as `merged` numbers them.
    pub parts: &'a [&'a UnitReport<'a>],
    /// How each of them is called.
    pub names: &'a [String],
}

#[derive(Serialize)]
struct StoredContributors<'a> {
    version: u32,
    form: &'a str,
    period: String,
    organisation: &'a str,
    expected: u64,
    counted: u64,
    provisional: bool,
    units: &'a [UnitState],
    lines: ContributedLines<'a>,
    names: Vec<Name<'a>>,
}

/// Written line by line: a form may have thousands, each of hundreds of reports.
struct ContributedLines<'a>(&'a Contributors<'a>);

#[derive(Serialize)]
struct ContributedLine<'a> {
    row: &'a str,
    row_id: &'a str,
    /// `sum`, `distinct_lines`, `sum_of_distinct`, `sum_of_items`.
    rule: Consolidate,
    #[serde(skip_serializing_if = "Option::is_none")]
    provider: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    service_code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    service_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    information_system: Option<&'a str>,
    values: InOrder<'a, Value>,
    contributors: Vec<Contributor<'a>>,
}

#[derive(Serialize)]
struct Contributor<'a> {
    unit: &'a str,
    source: &'a str,
    values: InOrder<'a, Value>,
}

#[derive(Serialize)]
#[allow(clippy::struct_field_names)] // the names of the published shape
struct Name<'a> {
    code: &'a str,
    name: &'a str,
    other: &'a str,
    units: BTreeSet<&'a str>,
}

impl Serialize for ContributedLines<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let all = self.0;
        serializer.collect_seq(all.merged.cells.lines.iter().enumerate().map(|(number, line)| all.line(number, line)))
    }
}

impl<'a> Contributors<'a> {
    fn line(&'a self, number: usize, line: &'a Line) -> ContributedLine<'a> {
        let row = &self.report.form.rows[line.row];
        let columns = || self.report.form.grid_of(line.row).columns.iter().map(|column| column.id.as_str());
        let service = line.key.service.as_ref();
        ContributedLine {
            row: &row.no,
            row_id: &row.id,
            rule: row.consolidate,
            provider: line.key.provider.as_deref().map(crate::values::cells::Party::label),
            service_code: service.map(|party| party.code.as_str()),
            service_name: service.map(|party| party.name.as_str()),
            information_system: line.key.system.as_deref(),
            values: InOrder(columns().zip(line.values.iter().cloned()).collect()),
            contributors: self
                .of_line(number)
                .map(|(part, values)| Contributor {
                    unit: &self.names[part],
                    source: &self.parts[part].source.name,
                    values: InOrder(columns().zip(values).collect()),
                })
                .collect(),
        }
    }

    /// Reports that a line is made of, with their values.
    pub fn of_line(&self, line: usize) -> impl Iterator<Item = (usize, Vec<Value>)> {
        let found = self.merged.contributors[line].iter();
        found.map(|(part, line)| (*part, self.parts[*part].lines[*line].unpack()))
    }
}

/// Writes the table.
///
/// # Errors
/// The target cannot be written.
pub fn write(contributors: &Contributors<'_>, mut target: impl Write) -> Result<()> {
    let report = contributors.report;
    let standing = report.standing.consolidated.clone().unwrap_or_default();
    let names = contributors.merged.renamed.iter().flat_map(|renamed| {
        renamed.others.iter().map(|(other, parts)| Name {
            code: &renamed.party.code,
            name: &renamed.party.name,
            other,
            units: parts.iter().map(|part| contributors.names[*part].as_str()).collect(),
        })
    });
    let whole = StoredContributors {
        version: 1,
        form: &report.form.form,
        period: report.period.quarter.to_string(),
        organisation: &report.organisation.bin,
        expected: standing.expected,
        counted: standing.counted,
        provisional: standing.provisional,
        units: &standing.units,
        lines: ContributedLines(contributors),
        names: names.collect(),
    };
    serde_json::to_writer(&mut target, &whole)?;
    target.write_all(b"\n")?;
    Ok(target.flush()?)
}
