//! The rows of a table, whatever its format.

use crate::definitions::record::Table;
use crate::sources::mended;
use crate::sources::options::Options;
use crate::sources::parquet;
use crate::sources::raw::{Format, FoundTable, Row};
use crate::sources::text::csv;
use crate::sources::workbook::sheet;
use crate::words::finding::Finding;
use anyhow::Result;

/// Streams the rows of a table after its header, in order and with their mends; blank rows and totals never reach the
/// sink.
///
/// # Errors
/// The file cannot be read, or the sink's own.
pub fn read(
    found: &FoundTable,
    definition: &Table,
    options: &Options,
    sink: &mut dyn FnMut(&Row<'_>) -> Result<()>,
) -> Result<Vec<Finding>> {
    match &found.mends {
        None => as_it_stands(found, definition, options, sink),
        Some(mends) => as_it_stands(found, definition, options, &mut |row| mended::pass(mends, row, sink)),
    }
}

fn as_it_stands(
    found: &FoundTable,
    definition: &Table,
    options: &Options,
    sink: &mut dyn FnMut(&Row<'_>) -> Result<()>,
) -> Result<Vec<Finding>> {
    match found.format {
        Format::Csv { encoding, signs } => csv::read(found, definition, (encoding, signs), options, sink),
        Format::Workbook => sheet::read(found, definition, sink),
        Format::Parquet => parquet::read(found, definition, options, None, sink),
    }
}
