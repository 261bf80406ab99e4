//! `cells.csv`: one line per cell, for programs.

use crate::definitions::form::Grid;
use crate::report::filled::Report;
use crate::values::cells::{Line, Value};
use anyhow::Result;
use std::io::{BufWriter, Write};

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
    let mut target = BufWriter::with_capacity(1 << 16, target);
    target.write_all(&record(&HEAD)?)?;
    target.write_all(b"\n")?;
    let columns = |grid: &Grid| grid.columns.iter().map(|column| record(&[&column.id])).collect::<Result<Vec<_>>>();
    let columns: Vec<Vec<Vec<u8>>> = report.form.grids.iter().map(columns).collect::<Result<_>>()?;
    for line in &report.cells.lines {
        if !line.key.is_row() && line.values.iter().all(|value| value.number().unwrap_or(0) == 0) {
            continue;
        }
        let grid = report.form.grid_of(line.row);
        let place = report.form.grids.iter().position(|other| std::ptr::eq(other, grid)).unwrap_or_default();
        write_line(report, line, &columns[place], &mut target)?;
    }
    target.flush()?;
    Ok(())
}

/// The fields as one line without its end.
fn record(fields: &[&str]) -> Result<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new().buffer_capacity(512).from_writer(Vec::with_capacity(512));
    writer.write_record(fields)?;
    let mut line = writer.into_inner().map_err(csv::IntoInnerError::into_error)?;
    line.pop();
    Ok(line)
}

/// What tells the line is the same for all its cells.
fn write_line(report: &Report<'_>, line: &Line, columns: &[Vec<u8>], target: &mut impl Write) -> Result<()> {
    let row = &report.form.rows[line.row];
    let period = report.period_id();
    let organisation = report.organisation_id();
    let (provider, service) =
        (line.key.provider.clone().unwrap_or_default(), line.key.service.clone().unwrap_or_default());
    let told = record(&[
        &report.form.form,
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
    ])?;
    for (column, value) in columns.iter().zip(&line.values) {
        [told.as_slice(), b",", column, b","].into_iter().try_for_each(|part| target.write_all(part))?;
        match value {
            Value::Number(number) => {
                target.write_all(itoa::Buffer::new().format(*number).as_bytes())?;
                target.write_all(b"\n")?;
            }
            Value::NoInfo => target.write_all(b"-\n")?,
            Value::Unknown => target.write_all(b"?\n")?,
            // as a lone field nothing would be quoted
            Value::Blank => target.write_all(b"\n")?,
            Value::Fault(text) => {
                target.write_all(&record(&["", text])?[1..])?;
                target.write_all(b"\n")?;
            }
        }
    }
    Ok(())
}
