//! Workbooks as rows of sheets, with absolute row numbers; an XLSX is streamed, XLS and ODS are held.

use crate::sources::caught;
use crate::sources::shown::ShownNumbers;
use crate::sources::value;
use crate::sources::value::Value;
use crate::sources::workbook::xls_letters;
use crate::sources::workbook::xls_texts;
use crate::sources::workbook::xls_texts::TextCell;
use calamine::{
    Data, Dimensions, Ods, OdsError, Range, Reader, SheetType, SheetVisible, Xls, XlsError, XlsOptions, Xlsx,
    XlsxCellReader, XlsxError, XlsxFormulaMetadata,
};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

pub(crate) type Input = BufReader<File>;

/// What a workbook is by its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Xlsx,
    Xls,
    Ods,
}

/// A workbook within the bounds, and whether some sheet may have merged cells, hidden rows or columns, or (an ODS)
/// percentages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sound {
    pub kind: Kind,
    pub merged: bool,
    pub hidden: bool,
    pub percents: bool,
}

pub(crate) enum Book {
    Xlsx(Box<Xlsx<Input>>),
    Xls(Box<Xls<Input>>),
    Ods(Box<Ods<Input>>),
}

/// Why a workbook gives no rows, or no more rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Damage {
    Protected,
    Broken(String),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sheet {
    pub name: String,
    pub hidden: bool,
}

/// One row of a sheet: its number from 1, and the cells that are filled, with their columns from 0.
pub(crate) type Cells<'a> = [(usize, Value<'a>)];
/// Takes a row; `false`: no more rows are wanted.
pub(crate) type Visitor<'v> = dyn FnMut(u64, &Cells<'_>) -> anyhow::Result<bool> + 'v;

/// The reader takes some damaged files for impossible and panics; for us they are findings.
pub(crate) fn guarded<T>(read: impl FnOnce() -> Result<T, Damage>) -> Result<T, Damage> {
    caught::guarded(read).unwrap_or_else(|_| Err(Damage::Broken("damaged".to_owned())))
}

fn broken(fault: &dyn std::fmt::Display) -> Damage {
    Damage::Broken(fault.to_string())
}

fn xlsx_damage(fault: &XlsxError) -> Damage {
    if matches!(fault, XlsxError::Password) { Damage::Protected } else { broken(fault) }
}

impl Damage {
    pub fn of(fault: &dyn std::fmt::Display) -> Self {
        Self::Broken(fault.to_string())
    }
}

impl Book {
    /// Whether days are counted from 1904.
    pub fn is_1904(&self) -> bool {
        match self {
            Self::Xlsx(book) => book.has_1904_epoch(),
            Self::Xls(book) => book.has_1904_epoch(),
            Self::Ods(_) => false,
        }
    }

    /// Opens a workbook whose size was checked before.
    pub fn open(path: &Path, kind: Kind) -> std::io::Result<Result<Self, Damage>> {
        let (mut letters, mut last_text) = (XlsOptions::default(), None);
        if kind == Kind::Xls {
            let file = std::fs::read(path)?;
            letters.force_codepage = xls_letters::letters(&file).forced();
            last_text = xls_texts::last(&file);
        }
        let input = BufReader::new(File::open(path)?);
        let opened = guarded(|| match kind {
            Kind::Xlsx => Xlsx::new(input).map(|book| Self::Xlsx(Box::new(book))).map_err(|fault| xlsx_damage(&fault)),
            Kind::Xls => {
                Xls::new_with_options(input, letters).map(|book| Self::Xls(Box::new(book))).map_err(|fault| match fault
                {
                    XlsError::Password => Damage::Protected,
                    fault => broken(&fault),
                })
            }
            Kind::Ods => Ods::new(input).map(|book| Self::Ods(Box::new(book))).map_err(|fault| match fault {
                OdsError::Password => Damage::Protected,
                fault => broken(&fault),
            }),
        });
        Ok(opened.and_then(|mut book| match book.fault(last_text) {
            None => Ok(book),
            Some(fault) => Err(Damage::Broken(fault.to_owned())),
        }))
    }

    /// What the reader would pass over: of sheets of one name it reads one, in place of each; of an XLS a cell without
    /// its text is empty to it.
    fn fault(&mut self, last_text: Option<TextCell>) -> Option<&'static str> {
        let mut names: Vec<&str> = self.tabs().iter().map(|tab| tab.name.as_str()).collect();
        names.sort_unstable();
        if names.windows(2).any(|pair| pair[0] == pair[1]) {
            return Some("sheets of one name");
        }
        let (Self::Xls(book), Some(TextCell { sheet, place })) = (self, last_text) else { return None };
        let name = book.sheets_metadata().get(sheet)?.name.clone();
        let has_text = guarded(|| book.worksheet_range(&name).map_err(|fault| broken(&fault)))
            .is_ok_and(|cells| cells.get_value(place).is_some_and(|value| !matches!(value, Data::Empty)));
        (!has_text).then_some("texts")
    }

    fn tabs(&self) -> &[calamine::Sheet] {
        match self {
            Self::Xlsx(book) => book.sheets_metadata(),
            Self::Xls(book) => book.sheets_metadata(),
            Self::Ods(book) => book.sheets_metadata(),
        }
    }

    /// Where a sheet stands among all tabs, from 0.
    pub fn position(&self, sheet: &str) -> Option<usize> {
        self.tabs().iter().position(|tab| tab.name == sheet)
    }

    /// Sheets with cells, in the order of their tabs.
    pub fn sheets(&self) -> Vec<Sheet> {
        let cells = self.tabs().iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
        cells.map(|sheet| Sheet { name: sheet.name.clone(), hidden: sheet.visible != SheetVisible::Visible }).collect()
    }

    /// Merged cells; an ODS does not tell them.
    pub fn merged(&mut self, sheet: &str) -> Vec<Dimensions> {
        let merged = guarded(|| match self {
            Self::Xlsx(book) => book.merge_cells_by_sheet_name(sheet).map_err(|fault| broken(&fault)),
            Self::Xls(book) => book.merge_cells_by_sheet_name(sheet).map_err(|fault| broken(&fault)),
            Self::Ods(_) => Ok(Vec::new()),
        });
        merged.unwrap_or_default()
    }

    /// Hands over the rows that have cells, in the order of the sheet; numbers as they are shown.
    ///
    /// # Errors
    /// Those of the visitor. Damage ends the rows and is returned as a value.
    pub fn rows(
        &mut self,
        sheet: &str,
        shown: &ShownNumbers,
        visit: &mut Visitor<'_>,
    ) -> anyhow::Result<Option<Damage>> {
        match self {
            Self::Xlsx(book) => stream(book, sheet, shown, visit),
            Self::Xls(book) => {
                let is_1904 = book.has_1904_epoch();
                held(ranges(book.as_mut(), sheet), is_1904, shown, visit)
            }
            Self::Ods(book) => held(ranges(book.as_mut(), sheet), false, shown, visit),
        }
    }
}

/// The sheet's values and its formulas.
fn ranges<B>(book: &mut B, sheet: &str) -> Result<(Range<Data>, Range<String>), Damage>
where
    B: Reader<Input>,
    B::Error: std::fmt::Display,
{
    guarded(|| {
        let cells = book.worksheet_range(sheet).map_err(|fault| broken(&fault))?;
        let formulas = book.worksheet_formula(sheet).map_err(|fault| broken(&fault))?;
        Ok((cells, formulas))
    })
}

fn stream(
    book: &mut Xlsx<Input>,
    sheet: &str,
    shown: &ShownNumbers,
    visit: &mut Visitor<'_>,
) -> anyhow::Result<Option<Damage>> {
    let is_1904 = book.has_1904_epoch();
    let mut reader = match guarded(|| book.worksheet_cells_reader(sheet).map_err(|fault| xlsx_damage(&fault))) {
        Ok(reader) => reader,
        Err(damage) => return Ok(Some(damage)),
    };
    let mut shared = BTreeMap::new();
    let mut row: Vec<(usize, Value<'_>)> = Vec::new();
    let mut number = 0;
    loop {
        let cell = match guarded(|| next_cell(&mut reader, is_1904, &mut shared)) {
            Ok(cell) => cell,
            Err(damage) => return Ok(Some(damage)),
        };
        let next = cell.as_ref().map(|(place, _)| u64::from(place.0) + 1);
        if next != Some(number) && !row.is_empty() {
            if !visit(number, &row)? {
                return Ok(None);
            }
            row.clear();
        }
        let Some((place, value)) = cell else { return Ok(None) };
        number = u64::from(place.0) + 1;
        let column = place.1 as usize;
        let is_held =
            row.last().is_some_and(|(last, _)| *last >= column) && row.iter().any(|(held, _)| *held == column);
        if is_held && value.is_some() {
            return Ok(Some(Damage::Broken(format!("row {number}: two values for one cell"))));
        }
        row.extend(value.map(|value| (column, value::shown(value, shown, place))));
    }
}

type Placed<'a> = ((u32, u32), Option<Value<'a>>);

/// The formula's text is wanted only where its result is not stored. The variant with metadata is used because
/// the other one takes as much memory as a shared formula's number demands.
fn next_cell<'a>(
    reader: &mut XlsxCellReader<'a, Input>,
    is_1904: bool,
    shared: &mut BTreeMap<usize, String>,
) -> Result<Option<Placed<'a>>, Damage> {
    let Some(cell) = reader.next_cell_with_formula_metadata().map_err(|fault| broken(&fault))? else { return Ok(None) };
    let value = value::streamed(cell.value, is_1904);
    let formula = match cell.formula {
        Some(XlsxFormulaMetadata::Normal { formula }) => Some(formula),
        Some(XlsxFormulaMetadata::Shared { shared_index, formula, .. }) => {
            shared.insert(shared_index, formula.clone());
            Some(formula)
        }
        Some(XlsxFormulaMetadata::SharedDerived { shared_index }) => {
            Some(shared.get(&shared_index).cloned().unwrap_or_default())
        }
        _ => None,
    };
    let uncached = || formula.map(|formula| Value::Uncached(format!("={formula}")));
    Ok(Some((cell.pos, value.or_else(uncached))))
}

fn held(
    read: Result<(Range<Data>, Range<String>), Damage>,
    is_1904: bool,
    shown: &ShownNumbers,
    visit: &mut Visitor<'_>,
) -> anyhow::Result<Option<Damage>> {
    let (cells, formulas) = match read {
        Ok(read) => read,
        Err(damage) => return Ok(Some(damage)),
    };
    // a sheet of formulas without results has cells in the second range only
    let start = |range: Option<(u32, u32)>, other: Option<(u32, u32)>| range.or(other);
    let (Some(first), Some(last)) = (start(cells.start(), formulas.start()), start(cells.end(), formulas.end())) else {
        return Ok(None);
    };
    // a program that counts nothing leaves an empty text for every result; «""» may be meant
    let has_text = |value: Option<&Data>| value.is_some_and(|value| *value != Data::String(String::new()));
    let place = |row: usize, column: usize| {
        let start = formulas.start().unwrap_or_default();
        // a sheet has far fewer rows and columns than these numbers can count
        #[allow(clippy::cast_possible_truncation)]
        (start.0 + row as u32, start.1 + column as u32)
    };
    let mut written = formulas.used_cells().filter(|(.., formula)| !formula.is_empty());
    let is_counted = written.any(|(row, column, _)| has_text(cells.get_value(place(row, column))));
    let first = formulas.start().map_or(first, |(row, column)| (row.min(first.0), column.min(first.1)));
    let last = formulas.end().map_or(last, |(row, column)| (row.max(last.0), column.max(last.1)));
    for row in first.0..=last.0 {
        let mut filled = Vec::new();
        for column in first.1..=last.1 {
            let value = cells.get_value((row, column)).and_then(|value| value::stored(value, is_1904));
            let formula = || formulas.get_value((row, column)).filter(|formula| !formula.is_empty());
            let is_left = |value: &Value<'_>| {
                let is_blank = !is_counted && matches!(value, Value::Text(text) if text.is_empty());
                is_blank && formula().is_some_and(|formula| !formula.contains('"'))
            };
            let value = value.filter(|value| !is_left(value));
            let value = value.map(|value| value::shown(value, shown, (row, column)));
            let uncached = || {
                formula().map(|formula| {
                    Value::Uncached(format!("={}", formula.trim_start_matches("of:").trim_start_matches('=')))
                })
            };
            filled.extend(value.or_else(uncached).map(|value| (column as usize, value)));
        }
        if !filled.is_empty() && !visit(u64::from(row) + 1, &filled)? {
            break;
        }
    }
    Ok(None)
}
