//! What every reader does with a row: blank ones are none, totals are left out with a notice, the rest goes on.

use super::raw::{FoundTable, Raw, Row, RowFault};
use super::totals::{self, Totals};
use crate::definitions::record::Table;
use crate::finding::{Finding, Place};
use anyhow::Result;

pub(super) struct Sieve<'f> {
    found: &'f FoundTable,
    totals: Totals,
    pub rows: u64,
    pub findings: Vec<Finding>,
}

impl<'f> Sieve<'f> {
    pub fn new(found: &'f FoundTable, definition: &Table) -> Self {
        Self { found, totals: Totals::new(found, definition), rows: 0, findings: Vec::new() }
    }

    pub fn pass(
        &mut self,
        line: u64,
        cells: &[Raw<'_>],
        fault: Option<RowFault>,
        sink: &mut dyn FnMut(&Row<'_>) -> Result<()>,
    ) -> Result<()> {
        // a total may be shorter than a record
        let is_whole = !matches!(fault, Some(RowFault::OpenQuote | RowFault::TooLong { .. }));
        if is_whole && is_blank(cells) {
            return Ok(());
        }
        if let Some(word) = self.totals.word(cells).filter(|_| is_whole) {
            self.findings.push(totals::notice(place(self.found, line), word));
            return Ok(());
        }
        self.rows += 1;
        // empty fields beyond the header mean nothing
        let width = if fault.is_none() { cells.len().min(self.found.headers.len()) } else { cells.len() };
        sink(&Row { line, cells: &cells[..width], fault })
    }

    /// A table without rows counts as handed over, but somebody should know.
    pub fn finish(mut self) -> Vec<Finding> {
        if self.rows == 0 {
            self.findings.push(without_rows(self.found));
        }
        self.findings
    }
}

/// Somebody should know of a table without rows.
pub fn without_rows(found: &FoundTable) -> Finding {
    Finding::new("table_without_rows", place(found, found.header_line))
}

pub(super) fn place(found: &FoundTable, line: u64) -> Place {
    Place { source: Some(found.name.clone()), sheet: found.sheet.clone(), line: Some(line), ..Place::default() }
}

pub(super) fn is_blank(cells: &[Raw<'_>]) -> bool {
    cells.iter().all(is_empty)
}

pub(super) fn is_empty(cell: &Raw<'_>) -> bool {
    match cell {
        Raw::Empty => true,
        Raw::Text(text) => text.trim().is_empty(),
        _ => false,
    }
}

/// The vector's space for cells of another lifetime: collecting an emptied vector takes its space over.
pub(super) fn reuse<'b>(mut cells: Vec<Raw<'_>>) -> Vec<Raw<'b>> {
    cells.clear();
    cells.into_iter().map(|_| Raw::Empty).collect()
}
