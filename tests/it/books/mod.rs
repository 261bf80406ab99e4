//! Workbooks made by code: as spreadsheet programs write them, then changed as faults and malice change them.

pub mod hostile;
pub mod old;

use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, Worksheet};
use std::io::{Cursor, Read, Write};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// Columns of the table `services` that the tests fill.
pub const HEAD: [&str; 9] = [
    "record_id",
    "service_code",
    "service_name",
    "channel",
    "applicant",
    "received_at",
    "due_at",
    "completed_at",
    "quantity",
];

/// A sound record of `services`, one value a column of `HEAD`.
pub fn record(id: &str) -> [String; 9] {
    [id, "00100101", "Справка", "office_paper", "individual", "2026-07-01", "2026-07-10", "2026-07-03", "1"]
        .map(str::to_owned)
}

/// The sound record with some of its columns changed.
pub fn changed(id: &str, changes: &[(&str, &str)]) -> [String; 9] {
    let mut record = record(id);
    for (column, value) in changes {
        record[HEAD.iter().position(|name| name == column).expect("a column")] = (*value).to_owned();
    }
    record
}

/// A CSV of `services` with these records.
pub fn csv(records: &[[String; 9]]) -> String {
    let mut writer = csv::WriterBuilder::new().from_writer(Vec::new());
    writer.write_record(HEAD).expect("a head");
    for record in records {
        writer.write_record(record).expect("a record");
    }
    String::from_utf8(writer.into_inner().expect("bytes")).expect("UTF-8")
}

/// Cells of a sheet as people leave them.
pub enum Cell {
    Text(String),
    Number(f64),
    /// A number in this format.
    Shown(f64, &'static str),
    /// A day of July 2026 in a date's format.
    Day(u8),
    /// A formula and its stored result.
    Formula(&'static str, &'static str),
    Skip,
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

/// The head of `services` at a row of a sheet, then the rows below it.
pub fn put(sheet: &mut Worksheet, row: u32, records: &[Vec<Cell>]) {
    for (column, header) in (0..).zip(HEAD) {
        sheet.write(row, column, header).expect("written");
    }
    for (row, record) in (row + 1..).zip(records) {
        for (column, cell) in (0..).zip(record) {
            write(sheet, row, column, cell);
        }
    }
}

fn write(sheet: &mut Worksheet, row: u32, column: u16, cell: &Cell) {
    let look = Format::new().set_num_format("dd.mm.yyyy");
    let written = match cell {
        Cell::Text(text) => sheet.write_string(row, column, text),
        Cell::Number(number) => sheet.write_number(row, column, *number),
        Cell::Shown(number, code) => {
            sheet.write_number_with_format(row, column, *number, &Format::new().set_num_format(*code))
        }
        Cell::Day(day) => {
            let day = ExcelDateTime::from_ymd(2026, 7, *day).expect("a day of July");
            sheet.write_datetime_with_format(row, column, &day, &look)
        }
        Cell::Formula(formula, result) => sheet.write_formula(row, column, Formula::new(*formula).set_result(*result)),
        Cell::Skip => return,
    };
    written.expect("written");
}

/// The record as cells of text, with some of its columns changed.
pub fn cells(id: &str, changes: Vec<(&str, Cell)>) -> Vec<Cell> {
    let mut cells: Vec<Cell> = record(id).iter().map(|value| Cell::from(value.as_str())).collect();
    for (column, cell) in changes {
        cells[HEAD.iter().position(|name| *name == column).expect("a column")] = cell;
    }
    cells
}

/// A workbook with one sheet «services».
pub fn services(records: &[Vec<Cell>]) -> Vec<u8> {
    let mut book = Workbook::new();
    put(book.add_worksheet().set_name("services").expect("a name"), 0, records);
    book.save_to_buffer().expect("a workbook")
}

/// An archive of these members.
pub fn archive<'m>(members: impl IntoIterator<Item = (&'m str, &'m [u8])>) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in members {
        writer.start_file(name, SimpleFileOptions::default()).expect("a member");
        writer.write_all(content).expect("written");
    }
    writer.finish().expect("an archive").into_inner()
}

/// Rewrites one member of a workbook; the member must change.
pub fn edit(book: &[u8], member: &str, change: impl Fn(&str) -> String) -> Vec<u8> {
    edit_bytes(book, member, |content| {
        let before = std::str::from_utf8(content).expect("XML");
        let after = change(before);
        assert_ne!(before, after, "{member} stays as it was");
        after.into_bytes()
    })
}

/// Rewrites the bytes of one member of a workbook.
pub fn edit_bytes(book: &[u8], member: &str, mut change: impl FnMut(&[u8]) -> Vec<u8>) -> Vec<u8> {
    let mut read = ZipArchive::new(Cursor::new(book)).expect("a workbook");
    let mut members: Vec<(String, Vec<u8>)> = Vec::new();
    for index in 0..read.len() {
        let mut entry = read.by_index(index).expect("a member");
        let name = entry.name().expect("a name").into_owned();
        let mut content = Vec::new();
        entry.read_to_end(&mut content).expect("unpacked");
        if name == member {
            content = change(&content);
        }
        members.push((name, content));
    }
    archive(members.iter().map(|(name, content)| (name.as_str(), content.as_slice())))
}

/// The first sheet's member.
pub const SHEET: &str = "xl/worksheets/sheet1.xml";

/// The sheet «services» of an ODS as raw rows.
pub fn ods(rows: &str) -> Vec<u8> {
    let content = format!(
        r#"<office:document-content><office:body><office:spreadsheet><table:table table:name="services">{rows}</table:table></office:spreadsheet></office:body></office:document-content>"#
    );
    archive([
        ("mimetype", &b"application/vnd.oasis.opendocument.spreadsheet"[..]),
        ("META-INF/manifest.xml", b"<manifest:manifest/>"),
        ("content.xml", content.as_bytes()),
    ])
}

/// A row of an ODS with these texts.
pub fn ods_row(texts: &[&str]) -> String {
    let cell = |text: &&str| {
        format!(r#"<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>"#)
    };
    format!("<table:table-row>{}</table:table-row>", texts.iter().map(cell).collect::<String>())
}
