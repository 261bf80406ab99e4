//! Mends as people hand them over: `mends.csv` in any encoding, or the list of rejected values with right ones filled in.

use crate::definitions::Definitions;
use crate::report::input_file::InputFile;
use crate::sources::bounds::Bounds;
use crate::sources::mend::{Mend, MendAction, Mends};
use crate::sources::raw::Encoding;
use crate::sources::text::encoding;
use crate::sources::text::single_byte::Letters;
use crate::sources::workbook::grid::{self, Datum, Grid};
use crate::sources::workbook::texts::TextRow;
use crate::values::moment::print_moment;
use crate::values::text_file;
use crate::words::failure::{Halt, OrHalt};
use crate::words::finding::Place;
use crate::words::lang::{Lang, fold};
use anyhow::{Result, bail};
use std::path::{Path, PathBuf};

/// Columns of such a file: the first name is that of `mends.csv`, the others are keys of the words above them.
const COLUMNS: [(&str, &[&str]); 8] = [
    ("source", &["source"]),
    ("sheet", &["sheet"]),
    ("line", &["line"]),
    ("column", &["column", "field"]),
    ("action", &["mend_action"]),
    ("old", &["value", "mend_old"]),
    ("new", &["right_value", "mend_new"]),
    ("reason", &["reason"]),
];
/// Columns without which nothing can be mended.
const NEEDED: [usize; 5] = [SOURCE, LINE, COLUMN, OLD, NEW];
const SOURCE: usize = 0;
const SHEET: usize = 1;
const LINE: usize = 2;
const COLUMN: usize = 3;
const ACTION: usize = 4;
const OLD: usize = 5;
const NEW: usize = 6;
const REASON: usize = 7;

impl Mends {
    /// Reads files of mends, one after another.
    ///
    /// # Errors
    /// A file cannot be read, lacks a column, or has a line that cannot be understood.
    pub fn read(paths: &[PathBuf], definitions: &Definitions) -> Result<Self> {
        let mut mends = Self::default();
        for path in paths {
            let rows = rows(path)?;
            let mut rows = rows.into_iter().filter(|(_, cells)| cells.iter().any(|cell| !cell.trim().is_empty()));
            let head = rows.next().map(|(_, cells)| cells).unwrap_or_default();
            let columns = columns(&head, definitions);
            if let Some(lacking) = NEEDED.iter().find(|column| columns[**column].is_none()) {
                let (name, keys) = COLUMNS[*lacking];
                let halt = Halt::new("fault_mends_column").at(path).with("name", name);
                bail!(halt.with_text("column", definitions.words(keys[0])));
            }
            for (line, cells) in rows {
                let mend = mend(&cells, &columns, definitions);
                let halt = |key| Halt::within(path).because(Halt::new(key).with("line", line));
                mends.all.extend(mend.map_err(halt)?);
            }
            mends.paths.push(path.canonicalize().or_halt(|| Halt::reading(path))?);
            mends.files.push(InputFile::of(path)?);
        }
        Ok(mends)
    }
}

/// Where each column stands, by its name or by the words above it in any language.
fn columns(head: &[String], definitions: &Definitions) -> [Option<usize>; COLUMNS.len()] {
    COLUMNS.map(|(name, keys)| {
        let is_own = |cell: &String| {
            let cell = fold(cell);
            let is_word = |key: &&str| Lang::ALL.iter().any(|lang| fold(definitions.words(key).get(*lang)) == cell);
            cell == name || keys.contains(&cell.as_str()) || keys.iter().any(is_word)
        };
        head.iter().position(is_own)
    })
}

/// The mend of a line; none where no right value was filled in.
fn mend(
    cells: &[String],
    columns: &[Option<usize>; COLUMNS.len()],
    definitions: &Definitions,
) -> Result<Option<Mend>, &'static str> {
    let cell =
        |column: usize| columns[column].and_then(|place| cells.get(place)).map(|cell| cell.trim()).unwrap_or_default();
    let said = fold(cell(ACTION));
    let is_said = |name: &str, key: &str| {
        said == name || Lang::ALL.iter().any(|lang| fold(definitions.words(key).get(*lang)) == said)
    };
    let action = match said.as_str() {
        "" if columns[ACTION].is_none() && cell(NEW).is_empty() => return Ok(None),
        "" => MendAction::Change,
        _ if is_said("change", "mend_change") => MendAction::Change,
        _ if is_said("leave_out", "mend_leave_out") => MendAction::LeaveOut,
        _ => return Err("fault_mend_action"),
    };
    let line = cell(LINE).parse().ok().filter(|line| *line > 0).ok_or("fault_mend_line")?;
    if cell(SOURCE).is_empty() || cell(COLUMN).is_empty() {
        return Err("fault_mend_place");
    }
    if action == MendAction::LeaveOut && cell(REASON).is_empty() {
        return Err("fault_mend_reason");
    }
    let own = |column: usize| cell(column).to_owned();
    Ok(Some(Mend {
        source: own(SOURCE),
        sheet: own(SHEET),
        line,
        column: own(COLUMN),
        action,
        old: own(OLD),
        new: own(NEW),
        reason: own(REASON),
    }))
}

/// The rows of a CSV file, or of the first sheet of a workbook.
fn rows(path: &Path) -> Result<Vec<TextRow>> {
    let bytes = text_file::bytes(path)?;
    if !grid::is_workbook(&bytes) {
        return in_text(&bytes).or_halt(|| Halt::within(path));
    }
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    let grids = grid::read(path, &name, &Bounds::default())?;
    let grids = grids.ok().or_halt(|| Halt::reading(path).because(Halt::new("fault_mends_workbook")))?;
    Ok(grids.sheets.first().map(of_sheet).unwrap_or_default())
}

fn of_sheet(sheet: &Grid) -> Vec<TextRow> {
    let of_row = |row: u32| {
        let mut cells = Vec::new();
        for (column, cell) in sheet.row(row) {
            cells.resize(cells.len().max(column as usize + 1), String::new());
            cells[column as usize] = match &cell.datum {
                Datum::Text(text) => text.clone(),
                Datum::Integer(number) => number.to_string(),
                Datum::Number(number) => number.to_string(),
                Datum::Boolean(flag) => flag.to_string(),
                Datum::Moment(moment) => print_moment(*moment),
                Datum::Error(error) => (*error).to_owned(),
                Datum::Absent => String::new(),
            };
        }
        (u64::from(row) + 1, cells)
    };
    sheet.rows().into_iter().map(of_row).collect()
}

fn in_text(bytes: &[u8]) -> Result<Vec<TextRow>> {
    let text = decoded(bytes)?;
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let often = |separator: &u8| first.bytes().filter(|byte| byte == separator).count();
    let separator =
        b",;\t|".iter().copied().max_by_key(|separator| (often(separator), *separator == b',')).unwrap_or(b',');
    let mut reader = csv::ReaderBuilder::new();
    reader.delimiter(separator).flexible(true).has_headers(false);
    let mut rows = Vec::new();
    for record in reader.from_reader(text.as_bytes()).records() {
        let record = record?;
        let line = record.position().map_or(0, csv::Position::line);
        rows.push((line, record.iter().map(str::to_owned).collect()));
    }
    Ok(rows)
}

fn decoded(bytes: &[u8]) -> Result<String> {
    let unknown = || Halt::new("fault_not_utf8");
    let look = encoding::look(bytes)?;
    let encoding = encoding::find(&look, None, &Place::default(), &mut Vec::new()).or_halt(unknown)?;
    let marked = look.mark().map_or(0, |(_, length)| length);
    let bytes = &bytes[marked..];
    let wide = |of: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes.chunks_exact(2).map(|pair| of([pair[0], pair[1]])).collect();
        String::from_utf16(&units).ok()
    };
    let text = match encoding {
        Encoding::Utf8 => String::from_utf8(bytes.to_vec()).ok(),
        Encoding::Utf16Le => wide(u16::from_le_bytes),
        Encoding::Utf16Be => wide(u16::from_be_bytes),
        _ => {
            let mut text = String::new();
            Letters::of(encoding).and_then(|letters| letters.decode(bytes, &mut text).ok()).map(|()| text)
        }
    };
    text.or_halt(unknown)
}
