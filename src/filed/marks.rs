//! What esep leaves in its workbooks to read them back: columns for programs at the right, hidden names.

use crate::ingest::grid::{Datum, Grid};
use std::collections::BTreeMap;

/// Heads of the columns for programs, left to right.
pub const COLUMNS: [&str; 5] = ["esep.level", "esep.row", "esep.provider", "esep.service", "esep.system"];

/// Where the columns for programs stand; none in a foreign workbook.
#[derive(Debug, Clone, Default)]
pub struct Marks {
    columns: Option<[Option<u32>; 5]>,
    /// Row of their heads.
    head: u32,
}

/// What the columns say of a row of the sheet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MarkedLine {
    /// `row`, `provider` or `service`.
    pub level: String,
    /// Symbolic id.
    pub row: String,
    pub provider: String,
    pub service: String,
    pub system: String,
}

impl Marks {
    pub fn find(grid: &Grid) -> Self {
        let is_head = |datum: &Datum| matches!(datum, Datum::Text(text) if text == COLUMNS[0]);
        let Some((place, _)) = grid.cells.iter().find(|(_, cell)| is_head(&cell.datum)) else { return Self::default() };
        let row = place.0;
        let of = |name: &str| grid.row(row).find(|(column, _)| grid.text(row, *column) == Some(name)).map(|(at, _)| at);
        Self { columns: Some(COLUMNS.map(of)), head: row }
    }

    /// The first of the columns for programs.
    pub fn start(&self) -> Option<u32> {
        self.columns.and_then(|columns| columns.into_iter().flatten().min())
    }

    /// What stands beside a row; lines that were added by hand have nothing.
    pub fn line(&self, grid: &Grid, row: u32) -> Option<MarkedLine> {
        let columns = self.columns.filter(|_| row > self.head)?;
        let text = |at: usize| -> String {
            let cell = columns[at].and_then(|column| grid.cells.get(&(row, column)));
            cell.map(super::value::shown).unwrap_or_default()
        };
        let line = MarkedLine { level: text(0), row: text(1), provider: text(2), service: text(3), system: text(4) };
        (!line.level.is_empty() && !line.row.is_empty()).then_some(line)
    }
}

/// The value of a hidden name: a text constant.
pub fn name(names: &BTreeMap<String, String>, name: &str) -> Option<String> {
    let text = names.get(name)?.trim_start_matches("of:").trim_start_matches('=').trim();
    let inner = text.strip_prefix('"')?.strip_suffix('"')?;
    Some(inner.replace("\"\"", "\"")).filter(|value| !value.is_empty())
}
