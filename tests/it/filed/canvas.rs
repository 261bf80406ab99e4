//! A sheet as somebody else would draw it: rows that can be moved, copied and spoilt before they are written.

use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, Worksheet};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

#[derive(Debug, Clone, PartialEq)]
pub enum Spec {
    Text(String),
    Number(f64),
    /// A number in this format.
    Shown(f64, &'static str),
    Day(u16, u8, u8),
    /// Formula with its stored result; without one the result is blank.
    Formula(String, Option<String>),
}

/// What a row of the canvas is, to find it again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tag {
    Title,
    Head,
    Section,
    Row(String),
    Line(String),
    Signature,
}

#[derive(Debug, Clone)]
pub struct CanvasRow {
    pub tag: Tag,
    /// Column from 0 → what stands there.
    pub cells: Vec<(u16, Spec)>,
    /// Columns merged: first, last.
    pub merges: Vec<(u16, u16)>,
}

impl CanvasRow {
    pub fn new(tag: Tag) -> Self {
        Self { tag, cells: Vec::new(), merges: Vec::new() }
    }

    pub fn put(&mut self, column: u16, spec: Spec) {
        self.cells.retain(|(known, _)| *known != column);
        self.cells.push((column, spec));
        self.cells.sort_by_key(|(column, _)| *column);
    }

    pub fn get(&self, column: u16) -> Option<&Spec> {
        self.cells.iter().find(|(known, _)| *known == column).map(|(_, spec)| spec)
    }
}

#[derive(Debug, Clone, Default)]
pub struct Canvas {
    pub rows: Vec<CanvasRow>,
    /// Blank rows above.
    pub down: u32,
}

impl Canvas {
    pub fn place(&self, tag: &Tag) -> usize {
        self.rows.iter().position(|row| row.tag == *tag).unwrap_or_else(|| panic!("no {tag:?}"))
    }

    /// The canvas row of a row of the form.
    pub fn row(&mut self, no: &str) -> &mut CanvasRow {
        let place = self.place(&Tag::Row(no.to_owned()));
        &mut self.rows[place]
    }

    pub fn swap(&mut self, one: &str, other: &str) {
        let (one, other) = (self.place(&Tag::Row(one.to_owned())), self.place(&Tag::Row(other.to_owned())));
        self.rows.swap(one, other);
    }

    pub fn remove(&mut self, no: &str) {
        let place = self.place(&Tag::Row(no.to_owned()));
        self.rows.remove(place);
    }

    pub fn draw(&self, sheet: &mut Worksheet, face: &str) {
        let format = Format::new().set_font_name(face).set_text_wrap();
        for (row, content) in (self.down..).zip(&self.rows) {
            for (first, last) in &content.merges {
                sheet.merge_range(row, *first, row, *last, "", &format).unwrap();
            }
            for (column, spec) in &content.cells {
                match spec {
                    Spec::Text(text) => sheet.write_string_with_format(row, *column, text, &format).unwrap(),
                    Spec::Number(number) => sheet.write_number_with_format(row, *column, *number, &format).unwrap(),
                    Spec::Shown(number, code) => {
                        let look = format.clone().set_num_format(*code);
                        sheet.write_number_with_format(row, *column, *number, &look).unwrap()
                    }
                    Spec::Day(year, month, day) => {
                        let day = ExcelDateTime::from_ymd(*year, *month, *day).unwrap();
                        sheet
                            .write_datetime_with_format(row, *column, &day, &Format::new().set_num_format("dd.mmm"))
                            .unwrap()
                    }
                    Spec::Formula(text, result) => {
                        let formula =
                            Formula::new(text).set_result(result.clone().unwrap_or_else(|| UNCOUNTED.to_owned()));
                        sheet.write_formula_with_format(row, *column, formula, &format).unwrap()
                    }
                };
            }
        }
    }

    /// The only sheet of a workbook.
    pub fn save(&self, path: &Path) {
        save_all(std::slice::from_ref(self), path, false);
    }
}

/// A workbook of these sheets; a hidden one needs one beside it that is not.
pub fn save_all(sheets: &[Canvas], path: &Path, hidden: bool) {
    let mut book = Workbook::new();
    for (number, canvas) in (1..).zip(sheets) {
        canvas.draw(book.add_worksheet().set_name(format!("Лист{number}")).unwrap(), "Arial");
    }
    if hidden {
        book.add_worksheet().set_active(true);
        book.worksheet_from_index(0).unwrap().set_hidden(true);
    }
    std::fs::write(path, forget(&book.save_to_buffer().unwrap())).unwrap();
}

/// The result of formulas that were never counted; the library always writes one.
const UNCOUNTED: &str = "987654321";

fn forget(workbook: &[u8]) -> Vec<u8> {
    edited(workbook, |sheet| sheet.replace(&format!("<v>{UNCOUNTED}</v>"), ""))
}

/// The workbook with the XML of its first sheet edited.
pub fn edited(workbook: &[u8], edit: impl Fn(String) -> String) -> Vec<u8> {
    let mut source = zip::ZipArchive::new(std::io::Cursor::new(workbook)).unwrap();
    let mut made = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for at in 0..source.len() {
        let mut entry = source.by_index(at).unwrap();
        let name = entry.name().unwrap().into_owned();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        if name == "xl/worksheets/sheet1.xml" {
            bytes = edit(String::from_utf8(bytes).unwrap()).into_bytes();
        }
        made.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        made.write_all(&bytes).unwrap();
    }
    made.finish().unwrap().into_inner()
}

/// A sheet typed as text, cells between semicolons: `12` a number, `'12` a text, `<` merged with what is left of it, `=formula|result` a formula whose
/// result may be absent.
pub fn typed(text: &str) -> Canvas {
    let row = |line: &str| {
        let mut row = CanvasRow::new(Tag::Title);
        for (column, cell) in (0_u16..).zip(line.split(';')) {
            if cell.is_empty() {
                continue;
            }
            if cell == "<" {
                match row.merges.last_mut().filter(|(_, last)| *last + 1 == column) {
                    Some((_, last)) => *last = column,
                    None => row.merges.push((column - 1, column)),
                }
                continue;
            }
            let spec = match (cell.strip_prefix('='), cell.strip_prefix('\'')) {
                (Some(formula), _) => {
                    let (formula, result) = formula.split_once('|').expect("=formula|result");
                    Spec::Formula(formula.to_owned(), (!result.is_empty()).then(|| result.to_owned()))
                }
                (_, Some(text)) => Spec::Text(text.to_owned()),
                _ => cell.parse().map_or_else(|_| Spec::Text(cell.to_owned()), Spec::Number),
            };
            row.put(column, spec);
        }
        row
    };
    Canvas { rows: text.lines().map(row).collect(), down: 0 }
}

/// Converts a workbook with LibreOffice; `None`, and said aloud, where there is none.
pub fn convert(path: &Path, format: &str, out: &Path) -> Option<PathBuf> {
    let profile = tempfile::tempdir().unwrap();
    let done = Command::new("soffice")
        .arg(format!("-env:UserInstallation=file://{}", profile.path().display()))
        .args(["--headless", "--convert-to", format, "--outdir"])
        .args([out, path])
        .output();
    let Ok(done) = done else {
        println!("SKIPPED: no soffice on this machine; {} is not converted to {format}", path.display());
        return None;
    };
    let made = out.join(path.file_stem().unwrap()).with_extension(format.split(':').next().unwrap());
    assert!(made.exists(), "soffice: {}", String::from_utf8_lossy(&done.stderr));
    Some(made)
}
