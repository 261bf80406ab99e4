//! Every sheet as it stands, recognised or not: what `esep init` looks at.

use crate::definitions::record::Table;
use crate::sources::discover::discover;
use crate::sources::formats::{self, LookedAt};
use crate::sources::found::{Discovered, SourceFile};
use crate::sources::header::{HeadRow, Heads};
use crate::sources::options::Options;
use crate::sources::raw::{Format, FoundTable, Habits};
use crate::words::finding::{Finding, Place};
use anyhow::{Context, Result};
use std::collections::BTreeMap;
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
        let place = Place { source: Some(file.name.clone()), ..Place::default() };
        let parts = formats::look(&file.path, &heads, options, &place).with_context(unreadable)?;
        for LookedAt { sheet, format, rows, old_moments } in parts.into_iter().filter(|part| !part.rows.is_empty()) {
            let own = found.remove(&(file.name.clone(), sheet.clone()));
            let recognised = own.is_some();
            let rows = rows.into_iter().map(|row| (row.line, row.cells)).collect();
            let source = own.unwrap_or_else(|| open(file, sheet, format, tables));
            sheets.push(Sheet { source, recognised, rows, old_moments });
        }
    }
    Ok((sheets, discovered))
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
