//! Every sheet as it stands, recognised or not: what `esep init` looks at.

use crate::definitions::record::Table;
use crate::sources::discover::discover;
use crate::sources::found::{Discovered, SourceFile};
use crate::sources::header::{HeadRow, Heads};
use crate::sources::options::Options;
use crate::sources::parquet::{Parquet, is_parquet};
use crate::sources::raw::{Format, FoundTable, Habits};
use crate::sources::text::{encoding, separator};
use crate::sources::workbook::sheet;
use crate::words::finding::{Finding, Place};
use anyhow::{Context, Result};
use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

/// A sheet or a text file.
#[derive(Debug)]
pub struct Sheet {
    /// Of a sheet that is not recognised the head is open: no field has a column.
    pub source: FoundTable,
    pub recognised: bool,
    /// The first rows that are not blank: line and cells.
    pub rows: Vec<(u64, Vec<String>)>,
    /// Headers of columns that do not say in which time their moments are.
    pub old_moments: Vec<String>,
}

/// Looks at all files; what `discover` says of them, too.
///
/// # Errors
/// As of `discover`.
pub fn survey(paths: &[std::path::PathBuf], tables: &[Table], options: &Options) -> Result<(Vec<Sheet>, Discovered)> {
    let mut discovered = discover(paths, tables, options)?;
    let mut found: BTreeMap<(String, Option<String>), FoundTable> = BTreeMap::new();
    for table in std::mem::take(&mut discovered.tables) {
        found.insert((table.name.clone(), table.sheet.clone()), table);
    }
    let heads = Heads::new(tables, None);
    let mut sheets = Vec::new();
    let is_other = |name: &String| {
        let of_kind = |finding: &&Finding| finding.name == "file_other_kind";
        discovered.findings.iter().filter(of_kind).any(|finding| finding.place.source.as_ref() == Some(name))
    };
    for file in discovered.files.iter().filter(|file| !is_other(&file.name)) {
        let unreadable = || format!("{}: cannot be read", file.name);
        if let Some((row, old_moments)) = columnar(&file.path).with_context(unreadable)? {
            let own = found.remove(&(file.name.clone(), None));
            let (recognised, cells) = (own.is_some(), row.cells);
            let source = own.unwrap_or_else(|| open(file, None, Format::Parquet, tables));
            sheets.push(Sheet { source, recognised, rows: vec![(row.line, cells)], old_moments });
            continue;
        }
        let look = encoding::look(File::open(&file.path).with_context(unreadable)?).with_context(unreadable)?;
        let place = Place { source: Some(file.name.clone()), ..Place::default() };
        let mut parts: Vec<(Option<String>, Format, Vec<HeadRow>)> = Vec::new();
        if sheet::is_archive(&look.head) || look.head.starts_with(b"\xD0\xCF\x11\xE0") {
            let rows = sheet::heads(&file.path, options, &place)?;
            parts.extend(rows.into_iter().map(|(sheet, rows)| (Some(sheet), Format::Workbook, rows)));
        } else if let Some(encoding) = encoding::find(&look, options.encoding, &place, &mut Vec::new()) {
            let choice = separator::find(&file.path, encoding, options, &heads, &[])?;
            parts.push((None, Format::Csv { encoding, signs: choice.separator.into() }, choice.rows));
        }
        for (sheet, format, rows) in parts.into_iter().filter(|(.., rows)| !rows.is_empty()) {
            let own = found.remove(&(file.name.clone(), sheet.clone()));
            let recognised = own.is_some();
            let rows = rows.into_iter().map(|row| (row.line, row.cells)).collect();
            let source = own.unwrap_or_else(|| open(file, sheet, format, tables));
            sheets.push(Sheet { source, recognised, rows, old_moments: Vec::new() });
        }
    }
    Ok((sheets, discovered))
}

/// The headers of a Parquet file, and those of its old moments; `None`: it is none, or damaged.
fn columnar(path: &Path) -> io::Result<Option<(HeadRow, Vec<String>)>> {
    let mut first = Vec::new();
    File::open(path)?.take(4).read_to_end(&mut first)?;
    if !is_parquet(&first) {
        return Ok(None);
    }
    // damage is told where the file is counted
    Ok(Parquet::open(path).ok().map(|parquet| {
        let cells = parquet.headers();
        let old = parquet.old_moments().into_iter().map(|column| cells[column].clone()).collect();
        (HeadRow { line: 0, cells }, old)
    }))
}

/// A source whose head is open.
fn open(file: &SourceFile, sheet: Option<String>, format: Format, tables: &[Table]) -> FoundTable {
    FoundTable {
        path: file.path.clone(),
        name: file.name.clone(),
        sheet,
        table: 0,
        head_top: 0,
        head_rows: Vec::new(),
        header_line: 0,
        headers: Vec::new(),
        columns: vec![None; tables[0].fields.len()],
        supplied: BTreeMap::new(),
        habits: Habits::default(),
        is_rest: false,
        format,
        spelled: Arc::default(),
        layout: None,
        mends: None,
    }
}

/// The cells of a head that is spread over several rows, as a recognised one would have them, and what stands over each.
pub fn joined(rows: &[(u64, Vec<String>)]) -> (Vec<String>, Vec<String>) {
    let rows: Vec<HeadRow> = rows.iter().map(|(line, cells)| HeadRow { line: *line, cells: cells.clone() }).collect();
    let cells = crate::sources::header::join(&rows).cells;
    let above = |column: usize| crate::sources::header::over(&rows, column).unwrap_or_default().to_owned();
    let above = (0..cells.len()).map(above).collect();
    (cells, above)
}

/// A header as it is compared.
pub fn folded(header: &str) -> String {
    crate::sources::header::folded(header)
}
