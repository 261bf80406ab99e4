//! An empty workbook for records: a sheet per table, notes on the heads, drop-downs where codes go.

use crate::definitions::Definitions;
use crate::definitions::record::{Field, FieldType, Table};
use crate::render::xlsx::temporary::{saved, workbook};
use crate::render::xlsx::worksheet::clean_name;
use crate::sources::raw::column_letters;
use crate::words::lang::Lang;
use anyhow::Result;
use rust_xlsxwriter::{
    Color, DataValidation, DataValidationRule, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder,
    Formula, Note, Worksheet,
};
use std::collections::BTreeMap;

/// Rows that are prepared for filling.
const ROWS: u32 = 5_000;

/// Makes the workbook in one language.
///
/// # Errors
/// Those of the library.
pub fn write(definitions: &Definitions, lang: Lang) -> Result<Vec<u8>> {
    let mut workbook = workbook()?;
    let created = ExcelDateTime::from_ymd(2021, 7, 1)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&created));
    let lists = lists(definitions, lang);
    let sheet = clean_name(definitions.words("codes_sheet").get(lang));
    for table in definitions.tables.iter().filter(|table| !table.counted) {
        let worksheet = workbook.add_worksheet();
        worksheet.set_name(clean_name(table.names.first().get(lang)))?;
        fill(worksheet, table, definitions, lang, &sheet, &lists)?;
    }
    let worksheet = workbook.add_worksheet();
    worksheet.set_name(&sheet)?.set_hidden(true);
    for (column, labels) in lists.values() {
        for (row, label) in (0_u32..).zip(labels) {
            worksheet.write_string(row, *column, label)?;
        }
    }
    saved(&mut workbook)
}

/// Code lists that fields use, each in a column of the sheet of codes; booleans have one, too.
fn lists(definitions: &Definitions, lang: Lang) -> BTreeMap<String, (u16, Vec<String>)> {
    let used = |list: &str| {
        let filled = definitions.tables.iter().filter(|table| !table.counted);
        filled.flat_map(|table| &table.fields).any(|field| field.list.as_deref() == Some(list))
    };
    let mut lists: Vec<(String, Vec<String>)> = definitions
        .codelists
        .iter()
        .filter(|list| used(&list.list))
        .map(|list| (list.list.clone(), list.codes.iter().map(|code| code.label.get(lang).to_owned()).collect()))
        .collect();
    let truth = ["yes", "no"].map(|key| definitions.words(key).get(lang).to_owned());
    lists.push((String::new(), truth.to_vec()));
    (0_u16..).zip(lists).map(|(column, (list, labels))| (list, (column, labels))).collect()
}

fn fill(
    worksheet: &mut Worksheet,
    table: &Table,
    definitions: &Definitions,
    lang: Lang,
    codes: &str,
    lists: &BTreeMap<String, (u16, Vec<String>)>,
) -> Result<()> {
    let head = |field: &Field| {
        let colour = if field.required { Color::RGB(0x00F2_DCDB) } else { Color::RGB(0x00F2_F2F2) };
        let format = Format::new().set_bold().set_text_wrap().set_border(FormatBorder::Thin);
        format.set_background_color(colour).set_align(FormatAlign::VerticalCenter).set_align(FormatAlign::Center)
    };
    worksheet.set_row_height(0, 48)?;
    for (column, field) in (0_u16..).zip(&table.fields) {
        let title = field.headers.first().get(lang).to_owned();
        worksheet.write_string_with_format(0, column, &title, &head(field))?;
        worksheet.insert_note(0, column, &note(field, table, definitions, lang))?;
        // identifiers keep their leading zeros, dates look like dates
        let format = match field.kind {
            FieldType::Date => Format::new().set_num_format("dd.mm.yyyy"),
            FieldType::Moment => Format::new().set_num_format("dd.mm.yyyy hh:mm"),
            FieldType::Integer => Format::new().set_num_format("0"),
            _ => Format::new().set_num_format("@"),
        };
        worksheet.set_column_format(column, &format)?;
        #[allow(clippy::cast_precision_loss)] // letters of a head
        worksheet.set_column_width(column, (title.chars().count() as f64 * 0.7).clamp(14.0, 34.0))?;
        let list = match field.kind {
            FieldType::Code => field.list.as_ref().and_then(|list| lists.get(list)),
            FieldType::Boolean => lists.get(""),
            _ => None,
        };
        let message = definitions.words("refused_field").get(lang);
        if let Some((at, labels)) = list {
            let letter = column_letters(usize::from(*at));
            let range = format!("='{codes}'!${letter}$1:${letter}${}", labels.len());
            let validation =
                DataValidation::new().allow_list_formula(Formula::new(range)).set_error_message(message)?;
            worksheet.add_data_validation(1, column, ROWS, column, &validation)?;
        }
        if field.kind == FieldType::Integer {
            let least = i32::try_from(field.min.unwrap_or(0)).unwrap_or(0);
            let rule = DataValidationRule::GreaterThanOrEqualTo(least);
            let validation = DataValidation::new().allow_whole_number(rule).set_error_message(message)?;
            worksheet.add_data_validation(1, column, ROWS, column, &validation)?;
        }
    }
    worksheet.set_freeze_panes(1, 0)?;
    worksheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    worksheet.set_repeat_rows(0, 0)?;
    Ok(())
}

/// What the field means, whether it is needed, and its source. Where it is needed with others its help says when.
fn note(field: &Field, table: &Table, definitions: &Definitions, lang: Lang) -> Note {
    let is_sometimes = field.required_when.is_some() || table.any_of.contains(&field.name);
    let need = match field.required {
        true => Some("field_required"),
        false if is_sometimes || !field.required_for.is_empty() => None,
        false => Some("field_optional"),
    };
    let parts = [
        Some(field.help.get(lang).to_owned()),
        need.map(|need| definitions.words(need).get(lang).to_owned()),
        field.basis.as_ref().map(|basis| definitions.citations.say(basis).get(lang).to_owned()),
    ];
    let text: Vec<String> = parts.into_iter().flatten().collect();
    let text = text.join("\n");
    let lines = text.lines().map(|line| 1 + line.chars().count() / 36).sum::<usize>();
    Note::new(text)
        .set_author("esep")
        .add_author_prefix(false)
        .set_width(260)
        .set_height(u32::try_from(lines * 17 + 12).unwrap_or(200))
}
