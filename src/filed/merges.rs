//! Merged cells that cover several values of the table: a dash stands in each of them, a number in none.

use crate::filed::columns::{Span, Spans};
use crate::filed::value::{is_dash, shown};
use crate::sources::workbook::grid::{Area, Cell, Datum, Grid};
use std::collections::BTreeMap;

/// One merge that covers several values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merge {
    pub area: Area,
    pub holds: MergeHolds,
}

/// What stands in a merge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MergeHolds {
    Nothing,
    Dash,
    /// A number or anything else, as a person sees it: of which cell it is nobody knows.
    Other(String),
}

/// The merges of the rows of a table.
#[derive(Debug, Default)]
pub struct Merges {
    merges: Vec<Merge>,
    /// Row of the sheet → first and last column and position of its merges, none over another.
    rows: BTreeMap<u32, Vec<(u32, u32, usize)>>,
}

impl Merges {
    /// The merges that cover several of the values that stand in these spans.
    pub fn find(grid: &Grid, spans: &BTreeMap<u32, Spans>) -> Self {
        let mut found = Self::default();
        for area in &grid.merged {
            let starts = |spans: &Spans| spans.iter().flatten().map(|span| span.0).min();
            // what begins in the stub or above the table is a label
            let is_value = spans.get(&area.first.0).and_then(starts).is_some_and(|first| first <= area.first.1);
            let rows = || spans.range(area.first.0..=area.last.0);
            let covered = rows().flat_map(|(_, spans)| spans.iter().flatten()).filter(|span| overlaps(area, **span));
            if !is_value || area.last.0 < area.first.0 || covered.take(2).count() < 2 {
                continue;
            }
            let position = found.merges.len();
            for (row, _) in rows() {
                let own = found.rows.entry(*row).or_default();
                // no program writes merges that overlap
                if own.iter().any(|(first, last, _)| *first <= area.last.1 && area.first.1 <= *last) {
                    break;
                }
                own.push((area.first.1, area.last.1, position));
            }
            found.merges.push(Merge { area: *area, holds: holds(grid, area, rows().map(|(row, _)| *row)) });
        }
        found
    }

    /// The merge that covers a value among others.
    pub fn over(&self, row: u32, span: Span) -> Option<&Merge> {
        let own = self.rows.get(&row)?.iter().find(|(first, last, _)| *first < span.1 && span.0 <= *last)?;
        self.merges.get(own.2)
    }
}

fn overlaps(area: &Area, span: Span) -> bool {
    area.first.1 < span.1 && span.0 <= area.last.1
}

/// A program that merges cells may leave their values below: what nobody sees makes the merge no dash.
fn holds(grid: &Grid, area: &Area, rows: impl Iterator<Item = u32>) -> MergeHolds {
    let is_blank = |cell: &Cell| matches!(&cell.datum, Datum::Text(text) if text.trim().is_empty());
    let in_row = |row| grid.cells.range((row, area.first.1)..=(row, area.last.1)).map(|(_, cell)| cell);
    let filled: Vec<String> = rows.flat_map(in_row).filter(|cell| !is_blank(cell)).map(shown).collect();
    match filled.as_slice() {
        [] => MergeHolds::Nothing,
        filled if filled.iter().all(|text| is_dash(text)) => MergeHolds::Dash,
        filled => MergeHolds::Other(filled.join(" | ")),
    }
}
