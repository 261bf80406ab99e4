//! Whole sheets of a workbook as cells with their formulas, for filed forms: small, but laid out by anybody.

use crate::sources::bounds::Bounds;
pub use crate::sources::layout::Area;
use crate::sources::number_format::SeenNumber;
use crate::sources::shown::ShownNumbers;
use crate::sources::value;
use crate::sources::value::Value;
use crate::sources::workbook::open::{Book, Damage, Kind, Sound};
use crate::sources::workbook::shape::Shapes;
use crate::sources::workbook::xls_formulas::{Formulas, Unread};
use crate::sources::workbook::{sheet, xls_formulas};
use crate::values::moment::Moment;
use crate::words::failure::{Halt, OrHalt};
use crate::words::finding::{Finding, Place};
use anyhow::Result;
use calamine::{Reader, XlsxFormulaMetadata};
use std::collections::BTreeMap;
use std::path::Path;

/// Filled cells of a sheet at most: a 3-mk of 50,000 lines has a million, its sheet of checks another.
const CELLS: usize = 4_000_000;

/// What a cell holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Datum {
    Text(String),
    Integer(i64),
    Number(f64),
    Boolean(bool),
    /// A number that the spreadsheet shows as a date.
    Moment(Moment),
    Error(&'static str),
    /// A formula whose result is not stored.
    Absent,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    pub datum: Datum,
    /// Without `=`, as the file has it.
    pub formula: Option<String>,
}

/// One sheet: its filled cells by row and column, from 0.
#[derive(Debug, Clone, PartialEq)]
pub struct Grid {
    pub sheet: String,
    pub hidden: bool,
    pub cells: BTreeMap<(u32, u32), Cell>,
    pub merged: Vec<Area>,
}

/// The sheets of a workbook and its defined names.
#[derive(Debug, Clone, Default)]
pub struct Grids {
    pub sheets: Vec<Grid>,
    /// Name → what it stands for, as the file has it.
    pub names: BTreeMap<String, String>,
    /// A formula of an XLS whose result is a text that was never counted holds 0.
    pub is_xls: bool,
}

/// Whether the first bytes are those of a workbook.
pub fn is_workbook(head: &[u8]) -> bool {
    sheet::is_archive(head) || head.starts_with(b"\xD0\xCF\x11\xE0")
}

/// Reads all sheets. The finding says why a workbook cannot be read.
///
/// # Errors
/// The file cannot be read.
pub fn read(path: &Path, name: &str, bounds: &Bounds) -> Result<std::result::Result<Grids, Box<Finding>>> {
    let place = Place { source: Some(name.to_owned()), ..Place::default() };
    let unreadable = || Halt::reading(path);
    let sound = match sheet::measure(path, bounds, &place).or_halt(unreadable)? {
        Ok(sound) => sound,
        Err(finding) => return Ok(Err(finding)),
    };
    let mut book = match Book::open(path, sound.kind).or_halt(unreadable)? {
        Ok(book) => book,
        Err(damage) => return Ok(Err(Box::new(sheet::damaged(damage, place)))),
    };
    let mut shapes = Shapes::new(path, Sound { hidden: false, ..sound });
    let is_xls = sound.kind == Kind::Xls;
    let mut unread =
        if is_xls { xls_formulas::read(&std::fs::read(path).or_halt(unreadable)?) } else { Unread::default() };
    let mut grids = Grids { names: names(&book), is_xls, sheets: Vec::new() };
    grids.names.append(&mut unread.names);
    for tab in book.sheets() {
        let at = || Place { sheet: Some(tab.name.clone()), ..place.clone() };
        let layout = shapes.of(&mut book, &tab.name);
        let mut cells = match cells(&mut book, &tab.name, &layout.shown) {
            Ok(cells) => cells,
            Err(damage) => return Ok(Err(Box::new(sheet::damaged(damage, at())))),
        };
        if cells.len() > CELLS {
            let finding = Finding::new("sheet_dimensions", at()).with("found", cells.len()).with("bound", CELLS);
            return Ok(Err(Box::new(finding)));
        }
        let position = book.position(&tab.name).unwrap_or(usize::MAX);
        share_out(&mut cells, unread.sheets.get_mut(position).map(std::mem::take).unwrap_or_default());
        grids.sheets.push(Grid { sheet: tab.name, hidden: tab.hidden, cells, merged: layout.merged });
    }
    Ok(Ok(grids))
}

fn names(book: &Book) -> BTreeMap<String, String> {
    let names = match book {
        Book::Xlsx(book) => book.defined_names(),
        Book::Xls(book) => book.defined_names(),
        Book::Ods(book) => book.defined_names(),
    };
    names.iter().cloned().collect()
}

fn cells(book: &mut Book, sheet: &str, shown: &ShownNumbers) -> Result<BTreeMap<(u32, u32), Cell>, Damage> {
    let is_1904 = book.is_1904();
    match book {
        Book::Xlsx(book) => crate::sources::workbook::open::guarded(|| streamed(book, sheet, is_1904, shown)),
        Book::Xls(book) => crate::sources::workbook::open::guarded(|| {
            let read = book.worksheet_range(sheet).and_then(|cells| Ok((cells, book.worksheet_formula(sheet)?)));
            read.map(|(cells, formulas)| held(&cells, &formulas, is_1904, shown)).map_err(|fault| Damage::of(&fault))
        }),
        Book::Ods(book) => crate::sources::workbook::open::guarded(|| {
            let read = book.worksheet_range(sheet).and_then(|cells| Ok((cells, book.worksheet_formula(sheet)?)));
            read.map(|(cells, formulas)| held(&cells, &formulas, is_1904, shown)).map_err(|fault| Damage::of(&fault))
        }),
    }
}

fn streamed(
    book: &mut calamine::Xlsx<crate::sources::workbook::open::Input>,
    sheet: &str,
    is_1904: bool,
    shown: &ShownNumbers,
) -> Result<BTreeMap<(u32, u32), Cell>, Damage> {
    let mut reader = book.worksheet_cells_reader(sheet).map_err(|fault| Damage::of(&fault))?;
    let mut shared: BTreeMap<usize, ((u32, u32), String)> = BTreeMap::new();
    let mut cells = BTreeMap::new();
    while let Some(cell) = reader.next_cell_with_formula_metadata().map_err(|fault| Damage::of(&fault))? {
        let formula = match cell.formula {
            Some(XlsxFormulaMetadata::Normal { formula }) => Some(formula),
            Some(XlsxFormulaMetadata::Shared { shared_index, formula, .. }) => {
                shared.insert(shared_index, (cell.pos, formula.clone()));
                Some(formula)
            }
            Some(XlsxFormulaMetadata::SharedDerived { shared_index }) => {
                let template = shared.get(&shared_index);
                Some(template.map_or_else(String::new, |(start, formula)| {
                    calamine::expand_shared_formula(formula, *start, cell.pos).unwrap_or_default()
                }))
            }
            _ => None,
        };
        let datum = value::streamed(cell.value, is_1904).map(|value| datum(value, shown, cell.pos));
        let datum = datum.filter(|datum| formula.is_none() || !is_empty(datum));
        let datum = datum.or_else(|| formula.is_some().then_some(Datum::Absent));
        cells.extend(datum.map(|datum| (cell.pos, Cell { datum, formula })));
        if cells.len() > CELLS {
            break;
        }
    }
    Ok(cells)
}

fn held(
    values: &calamine::Range<calamine::Data>,
    formulas: &calamine::Range<String>,
    is_1904: bool,
    shown: &ShownNumbers,
) -> BTreeMap<(u32, u32), Cell> {
    let mut cells = BTreeMap::new();
    let (row, column) = values.start().unwrap_or_default();
    for (down, right, data) in values.used_cells() {
        // a spreadsheet has far fewer rows and columns than these numbers can count
        #[allow(clippy::cast_possible_truncation)]
        let place = (row + down as u32, column + right as u32);
        let datum = value::stored(data, is_1904).map(|value| datum(value, shown, place));
        cells.extend(datum.map(|datum| (place, Cell { datum, formula: None })));
    }
    let (row, column) = formulas.start().unwrap_or_default();
    for (down, right, formula) in formulas.used_cells().filter(|(.., formula)| !formula.is_empty()) {
        #[allow(clippy::cast_possible_truncation)]
        let place = (row + down as u32, column + right as u32);
        let cell = cells.entry(place).or_insert(Cell { datum: Datum::Absent, formula: None });
        if is_empty(&cell.datum) {
            cell.datum = Datum::Absent;
        }
        cell.formula = Some(formula.trim_start_matches("of:").trim_start_matches('=').to_owned());
    }
    cells
}

/// Puts formulas in their place that several cells of an XLS share.
fn share_out(cells: &mut BTreeMap<(u32, u32), Cell>, formulas: Formulas) {
    for (place, formula) in formulas {
        let cell = cells.entry(place).or_insert(Cell { datum: Datum::Absent, formula: None });
        if is_empty(&cell.datum) {
            cell.datum = Datum::Absent;
        }
        cell.formula = Some(formula);
    }
}

/// A formula whose stored result is an empty text was never counted.
fn is_empty(datum: &Datum) -> bool {
    matches!(datum, Datum::Text(text) if text.is_empty())
}

/// Zeros before a number are no part of a count.
fn datum(value: Value<'_>, shown: &ShownNumbers, place: (u32, u32)) -> Datum {
    if let Some(SeenNumber::Other(text)) = value::seen(&value, shown, place) {
        return Datum::Text(text);
    }
    match value {
        Value::Text(text) => Datum::Text(text.into_owned()),
        Value::Integer(number) => Datum::Integer(number),
        Value::Number(number) => Datum::Number(number),
        Value::Boolean(flag) => Datum::Boolean(flag),
        Value::Moment { minutes, timed } => Datum::Moment(Moment { minutes, timed }),
        Value::Error(error) => Datum::Error(error),
        Value::Uncached(_) => Datum::Absent,
    }
}

impl Grid {
    /// The text of a cell; numbers and dates are no texts.
    pub fn text(&self, row: u32, column: u32) -> Option<&str> {
        match &self.cells.get(&(row, column))?.datum {
            Datum::Text(text) if !text.trim().is_empty() => Some(text),
            _ => None,
        }
    }

    /// The filled cells of a row, left to right.
    pub fn row(&self, row: u32) -> impl DoubleEndedIterator<Item = (u32, &Cell)> {
        self.cells.range((row, 0)..=(row, u32::MAX)).map(|((_, column), cell)| (*column, cell))
    }

    /// Rows that have filled cells, top to bottom.
    pub fn rows(&self) -> Vec<u32> {
        let mut rows: Vec<u32> = self.cells.keys().map(|(row, _)| *row).collect();
        rows.dedup();
        rows
    }
}
