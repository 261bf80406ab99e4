//! `cells.csv`: one line per cell, for programs.

use crate::cells::Line;
use crate::report::Report;
use anyhow::Result;
use std::io::Write;

const HEAD: [&str; 13] = [
    "form",
    "edition",
    "period",
    "organisation",
    "section",
    "row",
    "provider_bin",
    "provider_name",
    "service_code",
    "service_name",
    "information_system",
    "column",
    "value",
];

/// Writes the cells; lines of blocks that are all zero are left out.
pub fn write(report: &Report<'_>, target: impl Write) -> Result<()> {
    let mut writer = csv::WriterBuilder::new().from_writer(target);
    writer.write_record(HEAD)?;
    for line in &report.cells.lines {
        if !line.key.is_row() && line.values.iter().all(|value| value.number().unwrap_or(0) == 0) {
            continue;
        }
        write_line(report, line, &mut writer)?;
    }
    writer.flush()?;
    Ok(())
}

fn write_line(report: &Report<'_>, line: &Line, writer: &mut csv::Writer<impl Write>) -> Result<()> {
    let row = &report.form.rows[line.row];
    let period = report.period.quarter.to_string();
    let organisation = report.organisation_id();
    let (provider, service) =
        (line.key.provider.clone().unwrap_or_default(), line.key.service.clone().unwrap_or_default());
    for (column, value) in report.form.grid_of(line.row).columns.iter().zip(&line.values) {
        writer.write_record([
            report.form.form.as_str(),
            &report.form.edition,
            &period,
            &organisation,
            &row.section,
            &row.no,
            &provider.code,
            &provider.name,
            &service.code,
            &service.name,
            line.key.system.as_deref().unwrap_or_default(),
            &column.id,
            &value.print(),
        ])?;
    }
    Ok(())
}
