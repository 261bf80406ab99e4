//! The first rows of a source, and headers as they are compared.

use crate::definitions::spelling::looks_folded;
use crate::words::lang::{fold, is_unseen};
use unicode_normalization::UnicodeNormalization;

/// The header is looked for in so many rows (records.md, Sources); blank rows are not rows.
pub(crate) const HEAD_ROWS: usize = 30;

/// One of the first rows of a source, as text.
#[derive(Debug, Clone, Default)]
pub(crate) struct HeadRow {
    pub line: u64,
    pub cells: Vec<String>,
}

/// Folds a header or a name for comparison; letters that look the same are the same.
pub(crate) fn folded(text: &str) -> String {
    let text: String = text.chars().filter(|letter| !is_unseen(*letter)).nfc().collect();
    looks_folded(&fold(text.trim().trim_end_matches(['*', ':'])))
}

/// A folded header and what stands behind it in brackets or behind a comma, mostly a unit: «Количество, ед.».
pub(crate) fn with_tail(header: &str) -> Option<(&str, &str)> {
    let bracketed = header.strip_suffix(')').and_then(|header| header.rsplit_once('('));
    let (base, tail) = bracketed.or_else(|| header.split_once(','))?;
    Some((base.trim_end(), tail.trim().trim_end_matches('.')))
}

/// A header as it is compared.
#[derive(Debug, Default)]
pub(crate) struct HeadKey {
    pub whole: String,
    /// What stands in it side by side, mostly in two languages: «Нәтижесі / Результат», «Количество (Саны)»; none where
    /// it is one.
    pub parts: Vec<String>,
}

impl HeadKey {
    pub fn new(cell: &str) -> Self {
        let parts: Vec<String> = cell.split(['/', '|', '\n', '(', ')']).map(folded).collect();
        let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        Self { whole: folded(cell), parts: if parts.len() > 1 { parts } else { Vec::new() } }
    }

    /// The headers of a row as they are compared.
    pub fn of(row: &HeadRow) -> Vec<Self> {
        row.cells.iter().map(|cell| Self::new(cell)).collect()
    }
}

/// The cells of each row of a head that has several.
pub(crate) fn each(rows: &[HeadRow]) -> Vec<Vec<String>> {
    if rows.len() > 1 { rows.iter().map(|row| row.cells.clone()).collect() } else { Vec::new() }
}

/// Rows of one head: the lowest cell that is filled names the column.
pub(crate) fn join(rows: &[HeadRow]) -> HeadRow {
    let width = rows.iter().map(|row| row.cells.len()).max().unwrap_or_default();
    let lowest = |column: usize| {
        let filled = rows.iter().rev().filter_map(|row| row.cells.get(column)).find(|cell| !cell.trim().is_empty());
        filled.cloned().unwrap_or_default()
    };
    HeadRow { line: rows.last().map_or(0, |row| row.line), cells: (0..width).map(lowest).collect() }
}
