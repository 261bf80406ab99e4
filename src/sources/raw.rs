//! What every reader hands on: tables that were recognised, and their rows as they stand.

use crate::sources::layout::Layout;
use crate::sources::mend::{MendTarget, RowMend, TableMends};
use crate::values::moment::{Moment, print_moment};
use crate::words::finding::Place;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

/// A cell as it stands in the source, before the schema types it.
#[derive(Debug, Clone, PartialEq)]
pub enum Raw<'a> {
    Empty,
    Text(&'a str),
    /// Bytes that are not text in the file's encoding, and the offset of the first bad byte in the file.
    BadBytes(&'a [u8], u64),
    Integer(i64),
    Number(f64),
    Boolean(bool),
    /// Minutes since 1970-01-01 00:00, and whether the cell carries a time.
    Moment {
        minutes: i64,
        timed: bool,
    },
    /// `#N/A`, `#REF!` …
    Error(&'a str),
    /// A formula without a stored result.
    Uncached(&'a str),
}

/// Why a row can be no record as a whole, whatever its fields say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowFault {
    /// Number of fields found and expected.
    Ragged { found: usize, expected: usize },
    /// A quoted field that never ends, or ends in another record.
    OpenQuote,
    /// Text behind a closing quote.
    BehindQuote,
    /// Longer than the bound for a line, in bytes.
    TooLong { bytes: usize },
    /// Cells merged over several rows, or several fields, hold what is of one alone.
    Merged { cells: String },
    /// Below the head of another table, at this line.
    BelowHead { line: u64 },
    /// Above the head of its table, at this line.
    AboveHead { line: u64 },
    /// A person left it out, for this reason.
    LeftOut { reason: String },
}

/// For each table, its headers as they are compared, and their fields.
pub type Spelled = Vec<BTreeMap<String, usize>>;

/// One row of a table, in the source's own columns.
#[derive(Debug)]
pub struct Row<'a> {
    /// Physical line (CSV) or row number (sheet), from 1, where the record begins.
    pub line: u64,
    pub cells: &'a [Raw<'a>],
    pub fault: Option<RowFault>,
}

/// A table found in a source: which columns hold which fields.
#[derive(Debug, Clone)]
pub struct FoundTable {
    /// The file.
    pub path: PathBuf,
    /// The file as printed: relative to the given folder, with `/`.
    pub name: String,
    /// The sheet, for workbooks.
    pub sheet: Option<String>,
    /// Position in `Definitions::tables`.
    pub table: usize,
    /// First line of the header, from 1; several rows of a sheet may make up one head.
    pub head_top: u64,
    /// Last line of the header, from 1.
    pub header_line: u64,
    /// Headers as they stand, one a column.
    pub headers: Vec<String>,
    /// The cells of each row of a head that has several.
    pub head_rows: Vec<Vec<String>>,
    /// For each field of the table its column, from 0.
    pub columns: Vec<Option<usize>>,
    /// Fields that a mapping fills where a row says nothing.
    pub supplied: BTreeMap<usize, Supplied>,
    pub habits: Habits,
    /// It is what a database did not count: that it has no rows says nothing.
    pub is_rest: bool,
    pub format: Format,
    /// By which a head further below is known.
    pub spelled: Arc<Spelled>,
    /// Of a sheet.
    pub layout: Option<Arc<Layout>>,
    /// What people changed beside it.
    pub mends: Option<Arc<TableMends>>,
}

/// How the person who keeps a source writes, as a mapping says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Habits {
    /// `05.07.26` is a day of 2026, `18,08,2026` a day.
    pub short_days: bool,
    /// The column behind all others that holds the text of the line above the rows.
    pub section: Option<usize>,
    /// Moments of the old kind (INT96) of a Parquet file are in Kazakhstan's time, or in universal time; `None`: nobody
    /// said.
    pub local_moments: Option<bool>,
}

impl Habits {
    /// Whether rows are read as if nobody had said anything of how they are written.
    fn is_plain(self) -> bool {
        !self.short_days && self.section.is_none()
    }
}

/// What a mapping says of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Supplied {
    /// The same value in every row.
    Fixed(String),
    /// The row's place in its source: the id of records without one.
    Place,
}

impl FoundTable {
    /// The value that a mend or a mapping gives a field of a row.
    pub fn supply(&self, field: usize, line: u64) -> Option<String> {
        if let Some(RowMend::Changed(changes)) = self.mends.as_ref().and_then(|mends| mends.get(&line))
            && let Some((_, text)) = changes.iter().find(|(target, _)| *target == MendTarget::Field(field))
        {
            return Some(text.clone());
        }
        Some(match self.supplied.get(&field)? {
            Supplied::Fixed(value) => value.clone(),
            Supplied::Place => match &self.sheet {
                Some(sheet) => format!("{} [{sheet}]:{line}", self.name),
                None => format!("{}:{line}", self.name),
            },
        })
    }

    /// Columns that the source has.
    pub fn width(&self) -> usize {
        self.habits.section.unwrap_or(self.headers.len())
    }

    /// Whether a field has a column or a value from the mapping.
    pub fn has(&self, field: usize) -> bool {
        self.columns[field].is_some() || self.supplied.contains_key(&field)
    }

    /// Whether its rows are as the source has them: neither a mapping nor a mend adds anything.
    pub fn is_plain(&self) -> bool {
        self.supplied.is_empty() && self.habits.is_plain() && self.mends.is_none()
    }

    /// Whether its quotes stand behind backslashes.
    pub fn is_backslashed(&self) -> bool {
        matches!(self.format, Format::Csv { signs: Signs { backslash: true, .. }, .. })
    }

    /// The place of a row.
    pub fn place(&self, line: u64) -> Place {
        Place { source: Some(self.name.clone()), sheet: self.sheet.clone(), line: Some(line), ..Place::default() }
    }

    /// The place of a cell, which a sheet alone has.
    pub fn place_of(&self, line: u64, cell: &str) -> Place {
        Place { cell: Some(cell.to_owned()).filter(|_| self.format == Format::Workbook), ..self.place(line) }
    }
}

/// `A`, `B`, … `AA` for columns from 0.
pub fn column_letters(column: usize) -> String {
    let mut letters = String::new();
    let mut rest = column + 1;
    while rest > 0 {
        letters.insert(0, char::from(b'A' + u8::try_from((rest - 1) % 26).unwrap_or_default()));
        rest = (rest - 1) / 26;
    }
    letters
}

/// How a source is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Format {
    Csv { encoding: Encoding, signs: Signs },
    Workbook,
    Parquet,
}

/// The signs by which a CSV file is split.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signs {
    pub separator: u8,
    /// A quote within quotes is written `\"`, not `""`.
    pub backslash: bool,
    /// A program wrote it: lines within quotes are always part of a value, never records that an open quote swallowed.
    pub whole: bool,
}

impl From<u8> for Signs {
    fn from(separator: u8) -> Self {
        Self { separator, backslash: false, whole: false }
    }
}

/// Encodings of CSV files. KZ-1048 is never guessed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    Utf8,
    Utf16Le,
    Utf16Be,
    Windows1251,
    Koi8R,
    MacCyrillic,
    Iso8859_5,
    Cp866,
    Kz1048,
}

impl Raw<'_> {
    /// The cell as text again.
    pub fn print(&self) -> Cow<'_, [u8]> {
        match self {
            Self::Empty => (&b""[..]).into(),
            Self::Text(text) | Self::Error(text) => text.as_bytes().into(),
            // without its "=": a rejected formula must not become one again
            Self::Uncached(formula) => formula.trim_start_matches('=').as_bytes().into(),
            Self::BadBytes(bytes, _) => (*bytes).into(),
            Self::Integer(number) => number.to_string().into_bytes().into(),
            Self::Number(number) => number.to_string().into_bytes().into(),
            Self::Boolean(flag) => flag.to_string().into_bytes().into(),
            Self::Moment { minutes, timed } => {
                print_moment(Moment { minutes: *minutes, timed: *timed }).into_bytes().into()
            }
        }
    }
}

/// Whether a cell holds nothing but white space.
pub(crate) fn is_empty(cell: &Raw<'_>) -> bool {
    match cell {
        Raw::Empty => true,
        Raw::Text(text) => text.trim().is_empty(),
        _ => false,
    }
}
