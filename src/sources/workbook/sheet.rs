//! Sheets of a workbook: which of them are tables, and their rows.

use crate::definitions::record::Table;
use crate::sources::bounds::Bounds;
use crate::sources::header::{HEAD_ROWS, HeadRow, Heads, Match, Near, Verdict, each, join};
use crate::sources::judgement;
use crate::sources::layout;
use crate::sources::layout::{Area, Layout};
use crate::sources::options::Options;
use crate::sources::origin::Origin;
use crate::sources::raw::{Format, FoundTable, Raw, Row, column_letters, is_empty};
use crate::sources::rows::{Sieve, reuse};
use crate::sources::shown::ShownNumbers;
use crate::sources::value::Value;
use crate::sources::workbook::archive;
use crate::sources::workbook::asked;
use crate::sources::workbook::merged::{Merged, MergedRow};
use crate::sources::workbook::open::{Book, Cells, Damage, Kind, Sheet, Sound};
use crate::sources::workbook::shape::Shapes;
use crate::sources::workbook::xls_letters;
use crate::sources::workbook::xls_size;
use crate::sources::workbook::xls_size::Objection;
use crate::words::failure::{Halt, OrHalt};
use crate::words::finding::{Finding, Place};
use anyhow::Result;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use std::sync::Arc;

/// Merged cells of a head reach so many rows down at most.
const HEAD_HEIGHT: u64 = 5;

/// A sound workbook and what is doubtful of it, or why it is refused.
type Inspected = std::result::Result<(Sound, Option<Finding>), Box<Finding>>;

/// Checks a workbook's size before it is unpacked, and tells what it is and how it is laid out.
fn inspect(origin: &Origin<'_>, is_archive: bool, options: &Options) -> Result<Inspected> {
    let (bounds, at) = (&options.bounds, origin.place());
    let bound = if is_archive { bounds.workbook_bytes } else { bounds.xls_bytes };
    if origin.bytes > bound {
        return Ok(Err(Box::new(
            Finding::new("workbook_too_large", at).with("found", origin.bytes).with("bound", bound),
        )));
    }
    if is_archive {
        let file = BufReader::new(File::open(origin.path)?);
        return Ok(archive::inspect(file, bounds, &at).map(|sound| (sound, None)));
    }
    let file = std::fs::read(origin.path)?;
    Ok(match xls_size::inspect(&file, bounds) {
        Ok(()) => {
            let doubt = xls_letters::letters(&file).doubt();
            let sound = Sound { kind: Kind::Xls, merged: true, hidden: true, percents: false };
            Ok((sound, doubt.map(|code_page| Finding::new("xls_letters_doubtful", at).with("given", code_page))))
        }
        Err(objection) => Err(Box::new(match objection {
            Objection::Protected => Finding::new("workbook_protected", at),
            Objection::Broken(reason) => Finding::new("workbook_unreadable", at).with("reason", reason),
            Objection::TooManyObjects => Finding::new("workbook_objects", at).with("bound", bounds.objects),
            Objection::TooManyTexts(texts) => {
                Finding::new("strings_declared", at).with("found", texts).with("bound", bounds.strings)
            }
            Objection::TooWide(cells) => {
                Finding::new("sheet_dimensions", at).with("found", cells).with("bound", bounds.dense_cells)
            }
        })),
    })
}

/// Whether the first bytes are those of an archive.
pub(crate) fn is_archive(head: &[u8]) -> bool {
    head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06")
}

/// As `inspect`, for a file that was not looked at before.
///
/// # Errors
/// The file cannot be read.
pub(crate) fn measure(path: &Path, bounds: &Bounds, place: &Place) -> Result<std::result::Result<Sound, Box<Finding>>> {
    let mut head = [0; 4];
    let mut file = File::open(path)?;
    let bytes = file.metadata()?.len();
    let read = std::io::Read::read(&mut file, &mut head)?;
    let name = place.source.clone().unwrap_or_default();
    let options = Options { bounds: bounds.clone(), ..Options::default() };
    let inspected = inspect(&Origin { path, name: &name, bytes }, is_archive(&head[..read]), &options)?;
    Ok(inspected.map(|(sound, _)| sound))
}

/// Finds the tables of a workbook; `None`: it holds questions of ours, and is no source.
///
/// # Errors
/// The file cannot be read.
pub(crate) fn discover(
    origin: &Origin<'_>,
    is_archive: bool,
    heads: &Heads<'_>,
    options: &Options,
    findings: &mut Vec<Finding>,
) -> Result<Option<Vec<FoundTable>>> {
    let sound = match inspect(origin, is_archive, options)? {
        Ok((sound, doubt)) => {
            findings.extend(doubt);
            sound
        }
        Err(finding) => {
            findings.push(*finding);
            return Ok(Some(Vec::new()));
        }
    };
    let mut book = match Book::open(origin.path, sound.kind)? {
        Ok(book) => book,
        Err(damage) => {
            findings.push(damaged(damage, origin.place()));
            return Ok(Some(Vec::new()));
        }
    };
    if asked::is_asked(&mut book) {
        findings.push(Finding::new("questions_passed", origin.place()));
        return Ok(None);
    }
    let shapes = Shapes::new(origin.path, sound);
    let (tables, bare) = (Vec::new(), Vec::new());
    let mut survey = Survey { origin, heads, options, findings, shapes, tables, bare, refused: false };
    for sheet in book.sheets() {
        survey.look(&mut book, &sheet)?;
    }
    Ok(Some(survey.finish()))
}

/// The sheets of a workbook as they are looked at, one after another.
struct Survey<'s> {
    origin: &'s Origin<'s>,
    heads: &'s Heads<'s>,
    options: &'s Options,
    findings: &'s mut Vec<Finding>,
    shapes: Shapes<'s>,
    tables: Vec<FoundTable>,
    /// Sheets without a header.
    bare: Vec<(Place, Option<Near>)>,
    /// Some sheet was found wanting for another reason.
    refused: bool,
}

impl Survey<'_> {
    fn look(&mut self, book: &mut Book, sheet: &Sheet) -> Result<()> {
        let at = Place { sheet: Some(sheet.name.clone()), ..self.origin.place() };
        let (rows, damage) = head(book, &sheet.name, self.options)?;
        let mapped = self.heads.of(self.origin.name, Some(&sheet.name), &rows);
        let heads = mapped.as_ref().unwrap_or(self.heads);
        if let Some(finding) = heads.left_out(&at) {
            self.refused = true;
            self.findings.push(finding);
            return Ok(());
        }
        match (heads.recognise(&rows, &[&sheet.name, self.origin.stem()]), damage) {
            (Verdict::Found(found), _) => {
                let layout = self.shapes.of(book, &sheet.name);
                let found = extend(heads, found, &rows, &layout.merged);
                self.findings.extend(judgement::about(heads, &found, &at, true));
                self.findings.extend(sheet.hidden.then(|| Finding::new("sheet_hidden", at)));
                let table =
                    self.origin.table(found, Some(sheet.name.clone()), Format::Workbook, self.options, self.findings);
                self.refused |= table.is_none();
                self.findings.extend(table.as_ref().and_then(|table| hidden_columns(table, &layout)));
                self.tables.extend(table.map(|table| FoundTable { layout: Some(Arc::new(layout)), ..table }));
            }
            (_, Some(damage)) => {
                self.refused = true;
                self.findings.push(damaged(damage, at));
            }
            (Verdict::Ambiguous { line, tables }, None) => {
                self.refused = true;
                self.findings.push(judgement::ambiguous(self.heads, line, &tables, &at));
            }
            (Verdict::Unknown(_), None) if rows.is_empty() => {}
            // the body says that it is a table: what it lacks is told, whatever stands beside it
            (Verdict::Unknown(near), None) if mapped.is_some() => {
                self.refused = true;
                self.findings.push(judgement::unknown(heads, near.as_ref(), &at));
            }
            (Verdict::Unknown(near), None) => self.bare.push((at, near)),
        }
        Ok(())
    }

    /// A sheet without a header is worth a notice beside others; when no sheet has one, the nearest is named.
    fn finish(self) -> Vec<FoundTable> {
        if !self.tables.is_empty() || self.refused {
            self.findings.extend(self.bare.into_iter().map(|(at, _)| Finding::new("sheet_without_header", at)));
            return self.tables;
        }
        let likeness = |near: &Option<Near>| near.as_ref().map(|near| near.likeness);
        let best = self.bare.into_iter().rev().max_by_key(|(_, near)| likeness(near));
        let empty = || Finding::new("file_empty", self.origin.place());
        self.findings.push(best.map_or_else(empty, |(at, near)| judgement::unknown(self.heads, near.as_ref(), &at)));
        self.tables
    }
}

/// The first rows of every sheet of a sound workbook.
///
/// # Errors
/// The file cannot be read.
pub(crate) fn heads(path: &Path, options: &Options, place: &Place) -> Result<Vec<(String, Vec<HeadRow>)>> {
    let Ok(sound) = measure(path, &options.bounds, place)? else { return Ok(Vec::new()) };
    let Ok(mut book) = Book::open(path, sound.kind)? else { return Ok(Vec::new()) };
    let sheets = book.sheets();
    sheets.into_iter().map(|sheet| Ok((sheet.name.clone(), head(&mut book, &sheet.name, options)?.0))).collect()
}

pub(crate) fn damaged(damage: Damage, at: Place) -> Finding {
    match damage {
        Damage::Protected => Finding::new("workbook_protected", at),
        Damage::Broken(reason) => Finding::new("workbook_unreadable", at).with("reason", reason),
    }
}

fn head(book: &mut Book, sheet: &str, options: &Options) -> Result<(Vec<HeadRow>, Option<Damage>)> {
    let mut rows = Vec::new();
    let damage = book.rows(sheet, &ShownNumbers::default(), &mut |line, cells: &Cells<'_>| {
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
        if cells.iter().any(|(_, value)| !is_empty(&value.raw())) {
            rows.push(row);
        }
        Ok(rows.len() < HEAD_ROWS)
    })?;
    Ok((rows, damage))
}

/// Rows below a head are part of it as far as cells of required columns are merged with it downwards and none of these
/// columns has a value, and one row that has nothing but headers; the lowest cells name the columns.
fn extend(heads: &Heads<'_>, found: Match, rows: &[HeadRow], merged: &[Area]) -> Match {
    let required: Vec<usize> =
        heads.table(found.table).required().filter_map(|field| found.columns.get(field).copied().flatten()).collect();
    let of_head = |area: &&Area| {
        let is_required = |column: &usize| (area.first.1 as usize..=area.last.1 as usize).contains(column);
        u64::from(area.first.0) < found.line
            && found.line <= u64::from(area.last.0) + 1
            && required.iter().any(is_required)
    };
    let merged_to = merged.iter().filter(of_head).map(|area| u64::from(area.last.0) + 1).max().unwrap_or(found.line);
    let is_filled = |row: &HeadRow, column: &usize| row.cells.get(*column).is_some_and(|cell| !cell.trim().is_empty());
    let below = rows.iter().filter(|row| row.line > found.line && row.line <= found.line + HEAD_HEIGHT);
    let below = below.enumerate().take_while(|(place, row)| {
        let is_merged = row.line <= merged_to && !required.iter().any(|column| is_filled(row, column));
        is_merged || (*place == 0 && heads.are_headers(found.table, row))
    });
    let below: Vec<HeadRow> = below.map(|(_, row)| row.clone()).collect();
    let Some(last) = below.last().map(|row| row.line) else { return found };
    let top = HeadRow { line: found.line, cells: found.cells.clone() };
    let whole: Vec<HeadRow> = std::iter::once(top).chain(below).collect();
    let again = heads.again(&found, join(&whole).cells);
    // a second column of a required field that the lower row makes none is that of a table beside, and the row its record
    let is_named = |again: &Match, column: usize| {
        again.columns.contains(&Some(column)) || again.twice.iter().any(|(_, _, second)| *second == column)
    };
    let is_lost = |again: &Match| {
        let mut columns = found.twice.iter().flat_map(|(field, first, second)| [(field, first), (field, second)]);
        columns.any(|(field, column)| heads.table(found.table).fields[*field].required && !is_named(again, *column))
    };
    if again.as_ref().is_some_and(is_lost) {
        return found;
    }
    let rows = found.rows.iter().cloned().chain(each(&whole)).collect();
    Match { line: last, rows, ..again.unwrap_or(found) }
}

/// Columns of fields that nobody sees.
fn hidden_columns(table: &FoundTable, layout: &Layout) -> Option<Finding> {
    let mut hidden: Vec<usize> = table.columns.iter().flatten().copied().collect();
    hidden.retain(|column| layout.is_column_hidden(*column));
    hidden.sort_unstable();
    let named = |column: &usize| format!("{} «{}»", column_letters(*column), table.headers[*column].trim());
    let columns: Vec<String> = hidden.iter().map(named).collect();
    let finding = Finding::new("columns_hidden", table.place(table.header_line));
    (!hidden.is_empty()).then(|| finding.with("count", hidden.len()).with("columns", columns.join(", ")))
}

/// Streams the rows of one sheet after its header.
pub(crate) fn read(
    found: &FoundTable,
    definition: &Table,
    sink: &mut dyn FnMut(&Row<'_>) -> Result<()>,
) -> Result<Vec<Finding>> {
    let opened =
        kind(&found.path).and_then(|kind| Book::open(&found.path, kind)).or_halt(|| Halt::reading(&found.name))?;
    let mut sieve = Sieve::new(found, definition);
    let mut book = match opened {
        Ok(book) => book,
        Err(damage) => return Ok(vec![damaged(damage, found.place(found.header_line))]),
    };
    let sheet = found.sheet.clone().unwrap_or_default();
    let all_plain = ShownNumbers::default();
    let shown = found.layout.as_ref().map_or(&all_plain, |layout| &layout.shown);
    let mut merged = Merged::new(found, definition);
    if merged.needs_look() {
        book.rows(&sheet, shown, &mut |line, filled| {
            merged.look(line, filled);
            Ok(true)
        })?;
    }
    let mut hidden: Vec<(u64, u64)> = Vec::new();
    let mut spare: Vec<Raw<'static>> = Vec::new();
    let (mut last, mut is_below) = (found.header_line, false);
    let damage = book.rows(&sheet, shown, &mut |line, filled| {
        last = line;
        // behind the head every row is a row, whatever number it bears
        if !is_below {
            is_below = line >= found.header_line;
            if line == found.header_line {
                return Ok(true);
            }
        }
        merged.keep(line, filled);
        let mut cells = reuse(std::mem::take(&mut spare));
        cells.resize(found.width(), Raw::Empty);
        let mut outside: Vec<(usize, Raw<'_>)> = Vec::new();
        for (column, value) in filled {
            match cells.get_mut(*column) {
                Some(cell) => *cell = value.raw(),
                None if is_below => outside.push((*column, value.raw())),
                None => {}
            }
        }
        let is_head = is_below && sieve.is_head(line, &cells);
        if sieve.is_below_other() {
            // what stands under headers that this table has not
            cells.extend(outside.into_iter().map(|(_, cell)| cell));
        } else {
            sieve.outside(line, &outside);
        }
        let before = sieve.rows;
        if !is_below {
            sieve.above(line, &cells, None, sink)?;
        } else if !is_head {
            match merged.judge(line, filled, &mut cells) {
                MergedRow::Continued => {}
                MergedRow::Title => sieve.title(line, &cells),
                MergedRow::Sound => sieve.pass(line, &cells, None, sink)?,
                MergedRow::Fault(fault) => sieve.pass(line, &cells, Some(fault), sink)?,
            }
        }
        if sieve.rows > before && found.layout.as_ref().is_some_and(|layout| layout.is_row_hidden(line)) {
            layout::extend(&mut hidden, line, line);
        }
        spare = reuse(cells);
        Ok(true)
    })?;
    sieve.findings.extend(hidden_rows(found, &hidden));
    Ok(if damage.is_some() { sieve.cut(last) } else { sieve.finish() })
}

/// Records in rows that nobody sees count as all others, and are told.
fn hidden_rows(found: &FoundTable, hidden: &[(u64, u64)]) -> Option<Finding> {
    let (first, _) = hidden.first()?;
    let count: u64 = hidden.iter().map(|(first, last)| last - first + 1).sum();
    let finding = Finding::new("rows_hidden", found.place(*first));
    Some(finding.with("count", count).with("rows", layout::print(hidden)))
}

/// What a workbook is that was found sound before.
fn kind(path: &Path) -> std::io::Result<Kind> {
    let file = BufReader::new(File::open(path)?);
    let archive = zip::ZipArchive::new(file).ok();
    Ok(archive.map_or(Kind::Xls, |archive| if archive::is_ods(&archive) { Kind::Ods } else { Kind::Xlsx }))
}

#[cfg(test)]
#[path = "sheet_tests.rs"]
mod tests;
