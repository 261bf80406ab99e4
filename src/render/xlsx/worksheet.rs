//! What all sheets of a workbook share: names, paper, footers, texts and values.

use crate::render::sheet::{FormSheet, Mode};
use crate::values::cells::Value;
use anyhow::Result;
use rust_xlsxwriter::{Format, Worksheet};

/// Longest text of a cell, in units of UTF-16, and greatest height of a row, in points (Excel's limits).
const LONGEST: usize = 32_000;
pub const TALLEST: f64 = 409.0;
/// Longest left part of a footer: Excel allows 255 letters to all parts with their fonts.
const FOOTER: usize = 150;

/// A name without the signs that Excel forbids, 31 characters at most.
pub fn clean_name(name: &str) -> String {
    let clean: String = name.chars().map(|sign| if "[]:*?/\\'".contains(sign) { ' ' } else { sign }).take(31).collect();
    clean.trim().to_owned()
}

/// Column and row numbers of the library.
pub fn at(row: usize, column: usize) -> Result<(u32, u16)> {
    Ok((u32::try_from(row)?, u16::try_from(column)?))
}

/// A4 lying, one page wide, with the margins of the theme.
pub fn paper(worksheet: &mut Worksheet, sheet: &FormSheet) {
    let page = &sheet.theme.page;
    let inch = |points: f64| points / 72.0;
    worksheet.set_paper_size(9).set_landscape().set_print_fit_to_pages(1, 0);
    worksheet.set_margins(
        inch(page.left),
        inch(page.right),
        inch(page.top),
        inch(page.bottom),
        inch(page.footer),
        inch(page.footer),
    );
}

/// Who reports above every page; the form with its quarter and the page below. `pages`: how many pages the sheet has,
/// where that is known: a program would count those of the other sheets, too, when it prints all.
pub fn around(worksheet: &mut Worksheet, sheet: &FormSheet, pages: Option<usize>) {
    let (report, printer) = (sheet.report, &sheet.printer);
    let fits = |text: &String| text.chars().count() <= FOOTER;
    let all = Some(report.reporter(&|name| printer.beside(name))).filter(fits);
    let name = all.unwrap_or_else(|| report.reporter(&|name| name.get(printer.langs[0]).to_owned()));
    let name: String = name.chars().take(FOOTER).collect();
    if !name.is_empty() {
        worksheet.set_header(format!("&L{} {}", font(sheet), plain(&name)));
    }
    worksheet.set_footer(footer(sheet, pages)).set_print_first_page_number(1);
}

/// The face and size of headers and footers.
fn font(sheet: &FormSheet) -> String {
    format!("&\"{},Regular\"&8", sheet.theme.font)
}

/// Text in which no sign commands a header.
fn plain(text: &str) -> String {
    text.replace('&', "&&")
}

/// `2-МК, III квартал 2026 года` on the left, the page on the right.
fn footer(sheet: &FormSheet, pages: Option<usize>) -> String {
    let (report, printer) = (sheet.report, &sheet.printer);
    let slot = |name: &str, value: String| (name.to_owned(), value);
    let page = slot("page", "&P".to_owned());
    let counted = match pages {
        Some(pages) => printer.words.page.fill(&[page, slot("pages", pages.to_string())]),
        None => printer.words.page_alone.fill(&[page]),
    };
    let period = printer.beside(&printer.when(report.form, report.period.quarter));
    let known = Some(period).filter(|_| sheet.mode != Mode::Blank { dated: false });
    let marks = report.standing.marks.iter().map(|mark| printer.beside(mark));
    let what: Vec<String> =
        [Some(printer.beside(&report.form.index)), known].into_iter().flatten().chain(marks).collect();
    let what: String = what.join(", ").chars().take(FOOTER).collect();
    let font = font(sheet);
    format!("&L{font} {}&R{font} {}", plain(&what), printer.beside(&counted))
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // widths are small and positive
pub fn pixels(points: f64) -> u32 {
    (points / 0.75).round().max(1.0) as u32
}

/// As much of a text as a cell holds.
pub fn short(text: &str) -> &str {
    let mut units = 0;
    let mut is_over = |sign: char| {
        units += sign.len_utf16();
        units > LONGEST
    };
    // no text has more units than bytes
    if text.len() <= LONGEST {
        return text;
    }
    let end = text.char_indices().find(|(_, sign)| is_over(*sign));
    end.map_or(text, |(end, _)| &text[..end])
}

/// Text stays text, whatever it begins with.
pub fn put_text(worksheet: &mut Worksheet, row: u32, column: u16, text: &str, format: &Format) -> Result<()> {
    if text.is_empty() {
        worksheet.write_blank(row, column, format)?;
        return Ok(());
    }
    worksheet.write_string_with_format(row, column, short(text), format)?;
    Ok(())
}

pub fn put_value(worksheet: &mut Worksheet, row: u32, column: u16, value: &Value, format: &Format) -> Result<()> {
    match value {
        Value::Number(number) => {
            #[allow(clippy::cast_precision_loss)] // a spreadsheet keeps 15 digits
            worksheet.write_number_with_format(row, column, *number as f64, format)?;
        }
        Value::Blank => {
            worksheet.write_blank(row, column, format)?;
        }
        Value::NoInfo | Value::Unknown | Value::Fault(_) => {
            return put_text(worksheet, row, column, &value.print(), format);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_holds_as_much_as_excel_lets_it() {
        for (text, kept) in [("а", LONGEST), ("a", LONGEST), ("漢", LONGEST), ("😀", LONGEST / 2)] {
            for over in [0, 1, LONGEST] {
                assert_eq!(short(&text.repeat(kept + over)).chars().count(), kept, "{text} {over}");
            }
            assert_eq!(short(text), text);
        }
        assert_eq!(short(&format!("a{}", "😀".repeat(LONGEST))).encode_utf16().count(), LONGEST - 1);
    }
}
