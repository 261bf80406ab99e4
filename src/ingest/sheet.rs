//! Sheets of a workbook: which of them are tables, and their rows.

use super::archive::{self, Contents};
use super::header::{HEAD_ROWS, HeadRow, Heads, Match, Verdict, join};
use super::judgement;
use super::raw::{FoundTable, Format, Raw, Row};
use super::rows::{Sieve, place, reuse};
use super::value::Value;
use super::workbook::{Book, Cells, Damage, Kind};
use super::xls_size::{self, Objection};
use super::{Options, Origin};
use crate::definitions::record::Table;
use crate::finding::{Finding, Place};
use anyhow::{Context, Result};
use calamine::Dimensions;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

/// Merged cells of a head reach so many rows down at most.
const HEAD_HEIGHT: u64 = 5;

/// Checks a workbook's size before it is unpacked, and tells what it is.
fn inspect(origin: &Origin<'_>, is_archive: bool, options: &Options) -> Result<std::result::Result<(Kind, bool), Finding>> {
    let (bounds, at) = (&options.bounds, origin.place());
    let bound = if is_archive { bounds.workbook_bytes } else { bounds.xls_bytes };
    if origin.bytes > bound {
        return Ok(Err(Finding::new("workbook_too_large", at).with("found", origin.bytes).with("bound", bound)));
    }
    let unreadable = || format!("{}: cannot be read", origin.name);
    if is_archive {
        let file = BufReader::new(File::open(origin.path).with_context(unreadable)?);
        return Ok(archive::inspect(file, bounds, &at).map(|contents: Contents| (if contents.is_ods { Kind::Ods } else { Kind::Xlsx }, contents.merged)));
    }
    let file = std::fs::read(origin.path).with_context(unreadable)?;
    Ok(match xls_size::inspect(&file, bounds) {
        Ok(()) => Ok((Kind::Xls, true)),
        Err(Objection::Protected) => Err(Finding::new("workbook_protected", at)),
        Err(Objection::Broken(reason)) => Err(Finding::new("workbook_unreadable", at).with("reason", reason)),
        Err(Objection::TooWide(cells)) => Err(Finding::new("sheet_dimensions", at).with("found", cells).with("bound", bounds.dense_cells)),
    })
}

/// Finds the tables of a workbook.
pub(super) fn discover(origin: &Origin<'_>, is_archive: bool, heads: &Heads<'_>, options: &Options, findings: &mut Vec<Finding>) -> Result<Vec<FoundTable>> {
    let (kind, is_merged) = match inspect(origin, is_archive, options)? {
        Ok(sound) => sound,
        Err(finding) => {
            findings.push(finding);
            return Ok(Vec::new());
        }
    };
    let mut book = match Book::open(origin.path, kind).with_context(|| format!("{}: cannot be read", origin.name))? {
        Ok(book) => book,
        Err(damage) => {
            findings.push(damaged(damage, origin.place()));
            return Ok(Vec::new());
        }
    };
    let mut tables = Vec::new();
    let mut bare = Vec::new();
    let mut refused = false;
    for sheet in book.sheets() {
        let at = Place { sheet: Some(sheet.name.clone()), ..origin.place() };
        let (rows, damage) = head(&mut book, &sheet.name, options)?;
        if let Some(damage) = damage {
            findings.push(damaged(damage, at));
            refused = true;
            continue;
        }
        if rows.is_empty() {
            continue;
        }
        match heads.recognise(&rows, &[&sheet.name, origin.stem()], true) {
            Verdict::Found(found) => {
                let merged = if is_merged { book.merged(&sheet.name) } else { Vec::new() };
                let found = extend(heads, found, &rows, &merged);
                findings.extend(judgement::about(heads, &found, &at, true));
                findings.extend(sheet.hidden.then(|| Finding::new("sheet_hidden", at)));
                let table = origin.table(found, Some(sheet.name), Format::Workbook, options, findings);
                refused |= table.is_none();
                tables.extend(table);
            }
            Verdict::Ambiguous { line, tables } => {
                refused = true;
                findings.push(judgement::ambiguous(heads, line, &tables, &at));
            }
            Verdict::Unknown(near) => bare.push((at, near)),
        }
    }
    if !tables.is_empty() || refused {
        findings.extend(bare.into_iter().map(|(at, _)| Finding::new("sheet_without_header", at)));
    } else {
        let likeness = |near: &Option<super::header::Near>| near.as_ref().map(|near| near.likeness);
        let best = bare.into_iter().rev().max_by_key(|(_, near)| likeness(near));
        findings.push(best.map_or_else(|| Finding::new("file_empty", origin.place()), |(at, near)| judgement::unknown(heads, near.as_ref(), &at)));
    }
    Ok(tables)
}

fn damaged(damage: Damage, at: Place) -> Finding {
    match damage {
        Damage::Protected => Finding::new("workbook_protected", at),
        Damage::Broken(reason) => Finding::new("workbook_unreadable", at).with("reason", reason),
    }
}

fn head(book: &mut Book, sheet: &str, options: &Options) -> Result<(Vec<HeadRow>, Option<Damage>)> {
    let mut rows = Vec::new();
    let damage = book.rows(sheet, &mut |line, cells: &Cells<'_>| {
        let mut row = HeadRow { line, cells: Vec::new() };
        for (column, value) in cells.iter().filter(|(column, _)| *column <= options.bounds.fields) {
            let width = row.cells.len().max(column + 1);
            row.cells.resize(width, String::new());
            row.cells[*column] = match value {
                Value::Text(text) => text.clone().into_owned(),
                Value::Integer(number) => number.to_string(),
                _ => String::new(),
            };
        }
        if row.cells.iter().any(|cell| !cell.trim().is_empty()) {
            rows.push(row);
        }
        Ok(rows.len() < HEAD_ROWS)
    })?;
    Ok((rows, damage))
}

/// Where cells of the head are merged downwards, the head ends with them and the lowest cells name the columns.
fn extend(heads: &Heads<'_>, found: Match, rows: &[HeadRow], merged: &[Dimensions]) -> Match {
    let of_head = |area: &&Dimensions| u64::from(area.start.0) < found.line && found.line <= u64::from(area.end.0) + 1;
    let last = merged.iter().filter(of_head).map(|area| u64::from(area.end.0) + 1).max().unwrap_or(found.line);
    if last <= found.line || last > found.line + HEAD_HEIGHT {
        return found;
    }
    let top = HeadRow { line: found.line, cells: found.cells.clone() };
    let below = rows.iter().filter(|row| row.line > found.line && row.line <= last).cloned();
    let whole: Vec<HeadRow> = std::iter::once(top).chain(below).collect();
    let again = heads.again(&found, join(&whole).cells);
    Match { line: last, ..again.unwrap_or(found) }
}

/// Streams the rows of one sheet after its header.
pub(super) fn read(found: &FoundTable, definition: &Table, sink: &mut dyn FnMut(&Row<'_>) -> Result<()>) -> Result<Vec<Finding>> {
    let opened = kind(&found.path).and_then(|kind| Book::open(&found.path, kind)).with_context(|| format!("{}: cannot be read", found.name))?;
    let mut sieve = Sieve::new(found, definition);
    let mut book = match opened {
        Ok(book) => book,
        Err(damage) => return Ok(vec![damaged(damage, place(found, found.header_line))]),
    };
    let mut spare: Vec<Raw<'static>> = Vec::new();
    let (mut last, mut outside) = (found.header_line, None);
    let sheet = found.sheet.clone().unwrap_or_default();
    let damage = book.rows(&sheet, &mut |line, filled| {
        last = line;
        if line <= found.header_line {
            return Ok(true);
        }
        let mut cells = reuse(std::mem::take(&mut spare));
        cells.resize(found.headers.len(), Raw::Empty);
        for (column, value) in filled {
            match cells.get_mut(*column) {
                Some(cell) => *cell = value.raw(),
                None => outside = outside.or(Some((*column, line))),
            }
        }
        let passed = sieve.pass(line, &cells, None, sink);
        spare = reuse(cells);
        passed.map(|()| true)
    })?;
    if let Some((column, line)) = outside {
        let cell = format!("{}{line}", judgement::position(column, true));
        sieve.findings.push(Finding::new("cells_without_header", Place { cell: Some(cell.clone()), ..place(found, line) }).with("cell", cell));
    }
    if damage.is_some() {
        sieve.findings.push(Finding::new("sheet_cut", place(found, last)).with("line", last));
    }
    Ok(sieve.finish())
}

/// What a workbook is that was found sound before.
fn kind(path: &Path) -> std::io::Result<Kind> {
    let file = BufReader::new(File::open(path)?);
    let archive = zip::ZipArchive::new(file).ok();
    Ok(archive.map_or(Kind::Xls, |archive| if archive.index_for_name("content.xml").is_some() { Kind::Ods } else { Kind::Xlsx }))
}

#[cfg(test)]
#[path = "sheet_tests.rs"]
mod tests;
