//! The lines of a form in its workbook: the library keeps their place, their cells are written here.
//!
//! The library looks up each cell's format among all formats and keeps each cell until its row ends: of a form of many
//! lines that took longer than all else of the workbook. It still writes the first line of each look, and what it wrote
//! there says how the others look.

use crate::render::sheet::{Content, FormSheet, LineLook, Strip};
use crate::render::xlsx::formula::Refs;
use crate::render::xlsx::names::machine;
use crate::render::xlsx::worksheet::short;
use crate::values::cells::Value;
use anyhow::{Context, Result};
use std::collections::BTreeMap;
use std::io::Write;

/// Bytes that are written at a time.
const PIECE: usize = 1 << 20;

/// What the library wrote of the form's sheet, with the cells of the lines that it left out.
///
/// # Errors
/// The library wrote something else than rows in order, or the target cannot be written.
pub fn fill(written: &str, sheet: &FormSheet, target: &mut impl Write) -> Result<()> {
    const ROW: &str = "<row r=\"";
    let mut lines = FormLines { refs: Refs::new(sheet, String::new()), looks: BTreeMap::new(), out: Vec::new() };
    let mut rest = written;
    while let Some(start) = rest.find(ROW) {
        let end = start + rest[start..].find('>').context("a row without an end")?;
        let number = rest[start + ROW.len()..].split('"').next().and_then(|number| number.parse().ok());
        let number: usize = number.filter(|number| *number > 0).context("a row without a number")?;
        let (tag, after) = (&rest[start..=end], &rest[end + 1..]);
        lines.out.extend(rest[..start].bytes());
        match (tag.strip_suffix("/>"), sheet.strips.get(number - 1).and_then(Strip::line)) {
            (Some(tag), Some(line)) => {
                lines.out.extend(tag.bytes().chain(*b">"));
                lines.cells(number, line)?;
                lines.out.extend(b"</row>");
            }
            (is_empty, line) => {
                if let Some(line) = line.filter(|_| is_empty.is_none()) {
                    lines.look_at(after.split("</row>").next().unwrap_or_default(), line);
                }
                lines.out.extend(tag.bytes());
            }
        }
        rest = after;
        if lines.out.len() >= PIECE {
            target.write_all(&lines.out)?;
            lines.out.clear();
        }
    }
    target.write_all(&lines.out)?;
    target.write_all(rest.as_bytes()).context("writing the form's sheet")
}

/// Lines on their way to a sheet.
struct FormLines<'s, 'a> {
    refs: Refs<'s, 'a>,
    looks: BTreeMap<LineLook, FormatMarks>,
    out: Vec<u8>,
}

/// How the library names the format of a cell: of the number, the name, the values, and what is for programs.
type FormatMarks = [String; 4];

impl FormLines<'_, '_> {
    /// Notes how the library marks the cells of a line.
    fn look_at(&mut self, cells: &str, line: usize) {
        let mark = |column: &String| {
            let is_own = |cell: &&str| {
                cell.strip_prefix(column.as_str())
                    .is_some_and(|cell| cell.starts_with(|sign: char| sign.is_ascii_digit()))
            };
            let tag = cells.split("<c r=\"").find(is_own).and_then(|cell| cell.split('>').next());
            let format = tag.and_then(|tag| tag.split_once(" s=\"")?.1.split('"').next());
            format.map(|format| format!(" s=\"{format}\"")).unwrap_or_default()
        };
        let marks = [0, 1, 2, self.refs.sheet.widths.len()].map(|column| mark(&self.refs.columns[column]));
        self.looks.entry(self.refs.sheet.look(line)).or_insert(marks);
    }

    fn cells(&mut self, number: usize, line: usize) -> Result<()> {
        let sheet = self.refs.sheet;
        let marks = self.looks.get(&sheet.look(line)).context("the library left out a look")?;
        let (columns, out) = (&self.refs.columns, &mut self.out);
        let mut digits = itoa::Buffer::new();
        let row = digits.format(number);
        for cell in sheet.cells(number - 1) {
            begin(out, (&columns[cell.column], row), &marks[cell.column.min(2)]);
            match (&cell.content, &cell.recipe) {
                (Content::Value(value), Some(recipe)) => formula(out, &self.refs.value(recipe), &value.print()),
                (Content::Value(Value::Number(value)), None) => number_cell(out, *value),
                (Content::Value(value), None) => text(out, short(&value.print())),
                (Content::Text(words), _) => text(out, short(words)),
            }
        }
        let for_programs = machine(sheet.report.form, &sheet.report.cells.lines[line])?;
        for (column, words) in
            columns[sheet.widths.len()..].iter().zip(for_programs).filter(|(_, words)| !words.is_empty())
        {
            begin(out, (column, row), &marks[3]);
            text(out, words);
        }
        Ok(())
    }
}

fn put(out: &mut Vec<u8>, xml: &str) {
    out.extend_from_slice(xml.as_bytes());
}

fn begin(out: &mut Vec<u8>, (column, row): (&str, &str), mark: &str) {
    for xml in ["<c r=\"", column, row, "\"", mark] {
        put(out, xml);
    }
}

fn number_cell(out: &mut Vec<u8>, value: i64) {
    for xml in ["><v>", itoa::Buffer::new().format(value), "</v></c>"] {
        put(out, xml);
    }
}

fn text(out: &mut Vec<u8>, words: &str) {
    if words.is_empty() {
        return put(out, "/>");
    }
    let is_space = |sign| matches!(sign, ' ' | '\t' | '\n');
    let is_kept = words.starts_with(is_space) || words.ends_with(is_space);
    put(out, " t=\"inlineStr\"><is><t");
    put(out, if is_kept { " xml:space=\"preserve\">" } else { ">" });
    escape(out, words);
    put(out, "</t></is></c>");
}

fn formula(out: &mut Vec<u8>, formula: &str, result: &str) {
    put(out, if result.parse::<f64>().is_err() { " t=\"str\"><f>" } else { "><f>" });
    escape(out, formula);
    put(out, "</f><v>");
    escape(out, result);
    put(out, "</v></c>");
}

/// Text as XML; signs that XML forbids as Excel writes them, `_x0007_`, and what looks like that with its first sign so.
fn escape(out: &mut Vec<u8>, text: &str) {
    let is_plain = |byte: u8| !matches!(byte, b'&' | b'<' | b'>' | b'_' | 0xEF | 0..=8 | 0xB..=0x1F);
    if text.bytes().all(is_plain) {
        return put(out, text);
    }
    for (at, sign) in text.char_indices() {
        match sign {
            '&' => put(out, "&amp;"),
            '<' => put(out, "&lt;"),
            '>' => put(out, "&gt;"),
            '_' if is_escaped(&text.as_bytes()[at..]) => put(out, "_x005F_"),
            '\0'..='\u{8}' | '\u{b}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {
                put(out, &format!("_x{:04X}_", u32::from(sign)));
            }
            _ => put(out, sign.encode_utf8(&mut [0; 4])),
        }
    }
}

/// Whether a text begins as `_x0007_` does.
fn is_escaped(text: &[u8]) -> bool {
    let [b'_', b'x', digits @ .., b'_'] = text.get(..7).unwrap_or_default() else { return false };
    digits.iter().all(u8::is_ascii_hexdigit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rust_xlsxwriter::{Format, Formula, Workbook};
    use std::io::{Cursor, Read};
    use zip::ZipArchive;

    /// The cells of a column as the library writes them.
    fn of_library(fill: impl Fn(&mut rust_xlsxwriter::Worksheet, &Format)) -> Vec<String> {
        let mut workbook = Workbook::new();
        fill(workbook.add_worksheet_with_constant_memory().expect("a sheet"), &Format::new().set_bold());
        let bytes = workbook.save_to_buffer().expect("a workbook");
        let mut sheet = String::new();
        let mut archive = ZipArchive::new(Cursor::new(bytes)).expect("an archive");
        archive.by_name("xl/worksheets/sheet1.xml").expect("its sheet").read_to_string(&mut sheet).expect("text");
        let rows = sheet.split("<row r=\"").skip(1).filter_map(|row| row.split("</row>").next());
        rows.map(|row| row[row.find('>').map_or(0, |end| end + 1)..].to_owned()).collect()
    }

    fn own(row: usize, write: impl Fn(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        begin(&mut out, ("C", &(row + 1).to_string()), " s=\"1\"");
        write(&mut out);
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn texts_are_those_of_the_library() {
        let texts = [
            "",
            " ",
            "a",
            "Қызмет «А» & <б>",
            " first",
            "last\t",
            "two\nlines",
            "a\r\n\u{7}b\0",
            "_x0041_",
            "a_x000D_",
            "_x00_",
            "_xG000_",
            "__x0041__x0042_",
            "_x",
            "\u{fffe}\u{ffff}\u{feff}",
            "=1+1",
            "'0040",
            "_x004Қ_",
            "№_1",
        ];
        let theirs = of_library(|sheet, format| {
            for (row, text) in (0..).zip(texts) {
                sheet.write_string_with_format(row, 2, text, format).expect("a text");
            }
        });
        let ours: Vec<String> = (0..).zip(texts).map(|(row, words)| own(row, |out| text(out, words))).collect();
        assert_eq!(ours, theirs);
    }

    #[test]
    fn formulas_and_numbers_are_those_of_the_library() {
        let formulas = [("SUM(C1:C3)", "17"), ("IF(A1<>\"a\",1,\"-\")", "-"), ("A1&B1", "1e5"), ("SUM(A1,B2)", "?")];
        let numbers = [0, 7, -3, 1_234_567, i32::MAX];
        let theirs = of_library(|sheet, format| {
            for (row, (formula, result)) in (0..).zip(formulas) {
                sheet.write_formula_with_format(row, 2, Formula::new(formula).set_result(result), format).expect("one");
            }
            for (row, number) in (4..).zip(numbers) {
                sheet.write_number_with_format(row, 2, number, format).expect("a number");
            }
        });
        let ours = (0..).zip(formulas).map(|(row, (formed, result))| own(row, |out| formula(out, formed, result)));
        let counted = (4..).zip(numbers).map(|(row, number)| own(row, |out| number_cell(out, number.into())));
        assert_eq!(ours.chain(counted).collect::<Vec<_>>(), theirs);
    }
}
