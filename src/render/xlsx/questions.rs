//! The workbook in which a body answers what its columns and values mean: one question a row, drop-downs for answers.

use crate::render::sheet::measure::height;
use crate::render::xlsx::temporary::{saved, workbook};
use crate::render::xlsx::worksheet::clean_name;
use crate::sources::raw::column_letters;
use crate::sources::workbook::asked::LISTS;
use anyhow::Result;
use rust_xlsxwriter::{
    Color, DataValidation, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Formula, Worksheet,
};
use std::collections::BTreeMap;

/// Widths of the columns: two that nobody sees, place, what is written, samples, answer, first offered answer, why.
const WIDTHS: [f64; 8] = [10.0, 10.0, 34.0, 38.0, 34.0, 36.0, 30.0, 46.0];
/// The column of the answers.
const ANSWER: u16 = 5;
/// What letters of eleven points without serifs need of those with serifs, by which rooms are measured.
const SIZE: f64 = 12.0;
/// The tallest row of a spreadsheet, in points.
const TALLEST: f64 = 409.0;

/// One question.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Question {
    /// What is asked, and of what: for the program.
    pub key: &'static str,
    pub slot: String,
    pub place: String,
    pub written: String,
    pub samples: String,
    /// What holds if nobody changes it; empty: nobody has answered yet.
    pub answer: String,
    pub offered: String,
    pub why: String,
    /// Name of the list that the answer is chosen from; empty: free text.
    pub list: String,
}

/// The workbook: a sheet of questions, and the lists behind it. `titles`: of the visible columns.
///
/// # Errors
/// Those of the library.
pub fn write(
    sheet: &str,
    titles: &[String; 6],
    questions: &[Question],
    lists: &BTreeMap<String, Vec<String>>,
) -> Result<Vec<u8>> {
    let mut workbook = workbook()?;
    let created = ExcelDateTime::from_ymd(2021, 7, 1)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&created));
    let worksheet = workbook.add_worksheet();
    worksheet.set_name(clean_name(sheet))?;
    let columns: BTreeMap<&str, (u16, usize)> =
        (0_u16..).zip(lists).map(|(column, (name, labels))| (name.as_str(), (column, labels.len()))).collect();
    fill(worksheet, titles, questions, &columns)?;
    let worksheet = workbook.add_worksheet();
    worksheet.set_name(LISTS)?.set_hidden(true);
    for (column, labels) in (0_u16..).zip(lists.values()) {
        for (row, label) in (0_u32..).zip(labels) {
            worksheet.write_string(row, column, label)?;
        }
    }
    saved(&mut workbook)
}

fn fill(
    worksheet: &mut Worksheet,
    titles: &[String; 6],
    questions: &[Question],
    lists: &BTreeMap<&str, (u16, usize)>,
) -> Result<()> {
    let cell = Format::new().set_text_wrap().set_border(FormatBorder::Thin).set_align(FormatAlign::Top);
    let head = cell.clone().set_bold().set_background_color(Color::RGB(0x00F2_F2F2));
    let answered = cell.clone().set_background_color(Color::RGB(0x00FF_F8E5)).set_unlocked();
    let open = cell.clone().set_background_color(Color::RGB(0x00FF_E08A)).set_unlocked();
    let group = cell.clone().set_bold().set_background_color(Color::RGB(0x00DD_EBF7));
    for (column, width) in (0_u16..).zip(WIDTHS) {
        worksheet.set_column_width(column, width)?;
    }
    worksheet.set_column_hidden(0)?.set_column_hidden(1)?;
    for (column, title) in (2_u16..).zip(titles) {
        worksheet.write_string_with_format(0, column, title, &head)?;
    }
    for (row, one) in (1_u32..).zip(questions) {
        worksheet.write_string(row, 0, one.key)?;
        worksheet.write_string(row, 1, &one.slot)?;
        let is_group = matches!(one.key, "all" | "group" | "values");
        let own = if is_group { &group } else { &cell };
        let texts = [&one.place, &one.written, &one.samples, &one.answer, &one.offered, &one.why];
        for (column, text) in (2_u16..).zip(texts) {
            // what nobody has answered yet is seen at a glance; of what is only told nothing is asked
            let format = match column {
                ANSWER if !one.key.is_empty() && text.is_empty() => &open,
                ANSWER if !one.key.is_empty() => &answered,
                _ => own,
            };
            worksheet.write_string_with_format(row, column, text, format)?;
        }
        let room = |width: f64| width * 7.0 * 0.75 - 8.0;
        let heights = texts.iter().zip(&WIDTHS[2..]).map(|(text, width)| height(text, room(*width), SIZE, is_group));
        worksheet.set_row_height(row, heights.fold(0.0, f64::max).min(TALLEST))?;
        if let Some((column, count)) = lists.get(one.list.as_str()) {
            let letter = column_letters(usize::from(*column));
            let range = Formula::new(format!("={LISTS}!${letter}$1:${letter}${count}"));
            worksheet.add_data_validation(
                row,
                ANSWER,
                row,
                ANSWER,
                &DataValidation::new().allow_list_formula(range),
            )?;
        }
    }
    worksheet.set_freeze_panes(1, 0)?;
    worksheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    worksheet.set_repeat_rows(0, 0)?;
    Ok(())
}
