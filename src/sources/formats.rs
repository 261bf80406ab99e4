//! What the formats of files are asked for: tables, heads, rows. A text is what is nothing else.

use crate::definitions::record::Table;
use crate::sources::header::{HeadRow, Heads};
use crate::sources::mended;
use crate::sources::options::Options;
use crate::sources::origin::Origin;
use crate::sources::parquet;
use crate::sources::parquet::Parquet;
use crate::sources::raw::{Format, FoundTable, Row};
use crate::sources::text::{csv, encoding, separator};
use crate::sources::workbook::{grid, sheet};
use crate::words::finding::{Finding, Place};
use anyhow::Result;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// A sheet or a text, and its first rows that are not blank.
#[derive(Debug)]
pub(crate) struct LookedAt {
    pub sheet: Option<String>,
    pub format: Format,
    pub rows: Vec<HeadRow>,
    /// Headers of columns that do not say in which time their moments are.
    pub old_moments: Vec<String>,
}

/// Whether a file is of columns, which nobody reads as a whole.
///
/// # Errors
/// It cannot be read.
pub(crate) fn is_columnar(path: &Path) -> io::Result<bool> {
    let mut head = Vec::new();
    File::open(path)?.take(4).read_to_end(&mut head)?;
    Ok(parquet::is_parquet(&head))
}

/// The tables of a file that begins so; the inner `None`: it is ours, and no source. `None`: it is a text.
pub(crate) fn tables(
    origin: &Origin<'_>,
    head: &[u8],
    heads: &Heads<'_>,
    options: &Options,
    findings: &mut Vec<Finding>,
) -> Option<Result<Option<Vec<FoundTable>>>> {
    grid::is_workbook(head).then(|| sheet::discover(origin, sheet::is_archive(head), heads, options, findings))
}

/// Every sheet of a file as it stands; none of a damaged one, which is told where its tables are looked for.
///
/// # Errors
/// It cannot be read.
pub(crate) fn look(path: &Path, heads: &Heads<'_>, options: &Options, place: &Place) -> Result<Vec<LookedAt>> {
    let whole = |format, rows, old_moments| vec![LookedAt { sheet: None, format, rows, old_moments }];
    if is_columnar(path)? {
        let Ok(parquet) = Parquet::open(path) else { return Ok(Vec::new()) };
        let cells = parquet.headers();
        let old = parquet.old_moments().into_iter().map(|column| cells[column].clone()).collect();
        return Ok(whole(Format::Parquet, vec![HeadRow { line: 0, cells }], old));
    }
    let look = encoding::look(File::open(path)?)?;
    if grid::is_workbook(&look.head) {
        let of =
            |(sheet, rows)| LookedAt { sheet: Some(sheet), format: Format::Workbook, rows, old_moments: Vec::new() };
        return Ok(sheet::heads(path, options, place)?.into_iter().map(of).collect());
    }
    let Some(encoding) = encoding::find(&look, options.encoding, place, &mut Vec::new()) else { return Ok(Vec::new()) };
    let choice = separator::find(path, encoding, options, heads, &[])?;
    Ok(whole(Format::Csv { encoding, signs: choice.separator.into() }, choice.rows, Vec::new()))
}

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
