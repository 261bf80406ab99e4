//! The first rows of a source, and headers as they are compared.

use crate::definitions::spelling::looks_folded;
use crate::words::lang::{fold, is_unseen};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// The header is looked for in so many rows (records.md, Sources); blank rows are not rows.
pub(crate) const HEAD_ROWS: usize = 30;

/// Rows of one head, at most.
pub(crate) const HEAD_HEIGHT: usize = 3;

/// One of the first rows of a source, as text.
#[derive(Debug, Clone, Default)]
pub(crate) struct HeadRow {
    pub line: u64,
    pub cells: Vec<String>,
}

/// Folds a header or a name for comparison; letters that look the same are the same.
pub(crate) fn folded(text: &str) -> String {
    let composed = |text: &str| text.chars().filter(|letter| !is_unseen(*letter)).nfc().collect::<String>();
    let is_plain = !text.contains(is_unseen) && is_nfc_quick(text.chars()) == IsNormalized::Yes;
    let text = if is_plain { Cow::Borrowed(text) } else { Cow::Owned(composed(text)) };
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
        let parting = ['/', '|', '\n', '(', ')'];
        let is_parted = cell.contains(parting);
        let parts = cell.split(parting).filter(|_| is_parted).map(folded).filter(|part| !part.is_empty());
        let parts: Vec<String> = parts.collect();
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

/// Rows of one head: the lowest cell that is filled names the column; of columns that would be called the same, together
/// with what stands above it: «Дата приёма План», «Дата выдачи План».
pub(crate) fn join(rows: &[HeadRow]) -> HeadRow {
    let width = rows.iter().map(|row| row.cells.len()).max().unwrap_or_default();
    let lowest = |column: usize| rows.iter().rev().find_map(|row| filled(row, column)).unwrap_or_default().to_owned();
    let mut cells: Vec<String> = (0..width).map(lowest).collect();
    let mut alike: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (column, cell) in cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty() && rows.len() > 1) {
        alike.entry(folded(cell)).or_default().push(column);
    }
    for columns in alike.into_values().filter(|columns| columns.len() > 1) {
        let uppers: Vec<&str> = columns.iter().filter_map(|column| over(rows, *column)).collect();
        // what does not tell all of them apart says nothing of any
        if uppers.iter().map(|upper| folded(upper)).collect::<BTreeSet<_>>().len() == columns.len() {
            for (column, upper) in columns.into_iter().zip(uppers) {
                cells[column] = format!("{} {}", upper.trim(), cells[column].trim());
            }
        }
    }
    HeadRow { line: rows.last().map_or(0, |row| row.line), cells }
}

/// What stands over a column in a head of several rows: the nearest filled cell at or before it of the nearest row above,
/// as a merged cell stands in the first of its columns.
pub(crate) fn over(rows: &[HeadRow], column: usize) -> Option<&str> {
    let (lowest, upper) = rows.split_last()?;
    filled(lowest, column)?;
    let before = |row: &HeadRow| (0..=column).rev().find(|at| filled(row, *at).is_some());
    let (row, at) = upper.iter().rev().find_map(|row| Some((row, before(row)?)))?;
    // a cell that has nothing below it is the name of its own column alone
    filled(lowest, at).and_then(|_| filled(row, at))
}

fn filled(row: &HeadRow, column: usize) -> Option<&str> {
    row.cells.get(column).map(String::as_str).filter(|cell| !cell.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_repeat_are_told_apart_by_those_above() {
        let row = |cells: &[&str]| HeadRow { line: 1, cells: cells.iter().map(|cell| (*cell).to_owned()).collect() };
        for (rows, joined) in [
            (
                [&["№", "Дата приёма", "", "Дата выдачи", ""][..], &["", "План", "Факт", "План", "Факт"]],
                "№|Дата приёма План|Дата приёма Факт|Дата выдачи План|Дата выдачи Факт",
            ),
            // under one upper nothing tells them apart, and what does not repeat keeps its name
            ([&["№", "Дата", ""], &["", "подачи", "подачи"]], "№|подачи|подачи"),
            ([&["№", "Дата", ""], &["", "подачи", "выдачи"]], "№|подачи|выдачи"),
            // what names its own column is no name of those behind it
            ([&["№", "", "Дата выдачи"], &["", "Факт", "Факт"]], "№|Факт|Факт"),
        ] {
            assert_eq!(join(&rows.map(row)).cells.join("|"), joined);
        }
    }
}
