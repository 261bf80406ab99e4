//! `report.xlsx`: the form in its official layout with live sums, and a sheet of checks.

use crate::analytical::document::Document;
use crate::definitions::form::PeriodKind;
use crate::definitions::theme::Role;
use crate::render::sheet::{Content, FormSheet, Mode, SheetCell};
use crate::render::xlsx::formula::Refs;
use crate::render::xlsx::style::{Style, Styles, tint};
use crate::render::xlsx::temporary::workbook;
use crate::render::xlsx::worksheet::{TALLEST, around, at, clean_name, paper, pixels, put_text, put_value};
use crate::render::xlsx::{charts, check, finished, lists, names, revisions};
use crate::sources::raw::column_letters;
use anyhow::{Context, Result};
use chrono::Datelike;
use rust_xlsxwriter::{
    ConditionalFormatFormula, DataValidation, DocProperties, ExcelDateTime, Format, Formula, IgnoreError,
    ProtectionOptions, Workbook, Worksheet,
};
use std::collections::BTreeSet;
use std::io::Write;
use std::ops::Range;

/// Writes a form as a workbook, with the charts of an analytical report on a sheet of their own. The same report
/// gives the same bytes.
///
/// # Errors
/// The target cannot be written, or the library refuses (more rows than a sheet holds).
pub fn write(sheet: &FormSheet, analytical: &[Document], target: impl Write) -> Result<()> {
    let mut workbook = begun(sheet)?;
    let name = sheet_name(sheet);
    let mut styles = Styles::new(sheet.theme);
    form(workbook.add_worksheet_with_constant_memory()?.set_name(&name)?, sheet, &mut styles)?;
    let refs = Refs::new(sheet, format!("'{name}'!"));
    let checks = workbook.add_worksheet_with_constant_memory()?;
    check::write(checks, &refs, &mut styles).context("the sheet of checks")?;
    revisions::write(&mut workbook, sheet).context("the sheet of adjustments")?;
    if let Some(document) = analytical.first().filter(|document| document.charts().next().is_some()) {
        charts::write(workbook.add_worksheet(), &refs, document, &mut styles).context("the sheet of charts")?;
    }
    lists::write(&mut workbook, analytical).context("the sheets of lists")?;
    names::define(&mut workbook, sheet.report, sheet.mode != Mode::Blank { dated: false })?;
    finished::write(&mut workbook, sheet, target)
}

/// A workbook with the default face and what it says of itself.
///
/// # Errors
/// The library refuses.
pub(crate) fn begun(sheet: &FormSheet) -> Result<Workbook> {
    let mut workbook = workbook()?;
    // Column widths are measured in digits of the default face. Those of Times New Roman 12 are 8 pixels wide
    // everywhere, those of Calibri only where there is Calibri: elsewhere the page would shrink.
    workbook.set_default_format(
        &Format::new().set_font_name(&sheet.theme.font).set_font_family(1).set_font_size(12),
        21,
        72,
    )?;
    workbook.set_properties(&properties(sheet)?);
    Ok(workbook)
}

/// The form's index in the leading language: `2-МК`.
pub(crate) fn sheet_name(sheet: &FormSheet) -> String {
    clean_name(sheet.report.form.index.get(sheet.printer.langs[0]))
}

fn properties(sheet: &FormSheet) -> Result<DocProperties> {
    let (report, printer) = (sheet.report, &sheet.printer);
    let lang = printer.langs[0];
    let (period, name) = (printer.when(report.form, report.period.quarter), report.organisation.name());
    let index = report.form.index.get(lang);
    let undated = sheet.mode == Mode::Blank { dated: false };
    let title = if undated { index.to_owned() } else { format!("{index}, {}", period.get(lang)) };
    let day = report.period.as_of;
    let made =
        ExcelDateTime::from_ymd(u16::try_from(day.year())?, u8::try_from(day.month())?, u8::try_from(day.day())?)?;
    Ok(DocProperties::new()
        .set_title(title)
        .set_subject(report.unit.as_ref().map_or("", |unit| unit.label()))
        .set_author(name.get(lang))
        .set_company(name.get(lang))
        .set_comment(format!("esep {}", report.provenance.program))
        .set_creation_datetime(&made))
}

/// The sheet of the form; of lines that look alike and reach as far only the first has cells, `finished::write` fills
/// the others.
///
/// # Errors
/// As `write`.
pub(crate) fn form(worksheet: &mut Worksheet, sheet: &FormSheet, styles: &mut Styles) -> Result<()> {
    setup(worksheet, sheet)?;
    let refs = Refs::new(sheet, String::new());
    let mut looks = BTreeSet::new();
    for (row, strip) in sheet.strips.iter().enumerate() {
        worksheet.set_row_height(u32::try_from(row)?, strip.height.min(TALLEST))?;
        // the library notes which cells are merged, and how far the sheet reaches
        let of_line = |line| names::machine(sheet.report.form, &sheet.report.cells.lines[line]);
        let for_programs = strip.line().map(of_line).transpose()?;
        let reach = for_programs.and_then(|texts| texts.iter().rposition(|text| !text.is_empty()));
        let look = strip.line().filter(|line| sheet.span(*line) == 1).map(|line| (sheet.look(line), reach));
        if look.is_some_and(|look| !looks.insert(look)) {
            continue;
        }
        for cell in sheet.cells(row) {
            put(worksheet, &refs, row, &cell, styles)?;
        }
        let is_head = |heads: &&Range<usize>| heads.end == row + 1 && sheet.report.form.span == PeriodKind::Quarter;
        let heads = || sheet.heads.first().filter(is_head).map(|_| crate::filed::marks::COLUMNS);
        let machine = for_programs.or_else(heads);
        for (nth, text) in machine.into_iter().flatten().enumerate().filter(|(_, text)| !text.is_empty()) {
            let (row, column) = at(row, sheet.widths.len() + nth)?;
            worksheet.write_string_with_format(row, column, text, styles.get(Style::plain(Role::Machine)))?;
        }
    }
    mark_faults(worksheet, sheet)
}

/// Columns, paper, repeated heads, page breaks, frozen panes, protection.
fn setup(worksheet: &mut Worksheet, sheet: &FormSheet) -> Result<()> {
    for (column, width) in sheet.widths.iter().enumerate() {
        worksheet.set_column_width_pixels(u16::try_from(column)?, pixels(*width))?;
    }
    let (end, last) = (sheet.widths.len(), sheet.strips.len().saturating_sub(1));
    let (last_row, last_column) = at(last, end - 1)?;
    worksheet.set_column_range_hidden(last_column + 1, u16::try_from(end + crate::filed::marks::COLUMNS.len() - 1)?)?;
    paper(worksheet, sheet);
    around(worksheet, sheet, sheet.pages());
    worksheet.set_print_area(0, 0, last_row, last_column)?;
    if let Some(titles) = &sheet.titles {
        worksheet.set_repeat_rows(u32::try_from(titles.start)?, u32::try_from(titles.end - 1)?)?;
    }
    if let Some(heads) = sheet.heads.first() {
        freeze(worksheet, sheet, heads.end)?;
    }
    let breaks: Result<Vec<u32>, _> = sheet.breaks.iter().map(|row| u32::try_from(*row)).collect();
    worksheet.set_page_breaks(&breaks?)?;
    // No green corners: numbers of rows are text, and values are open to editing though they are sums.
    worksheet.ignore_error_range(0, 0, last_row, 1, IgnoreError::NumberStoredAsText)?;
    worksheet.ignore_error_range(0, 2, last_row, last_column, IgnoreError::UnlockedCellsWithFormula)?;
    if sheet.is_blank() {
        let may = ProtectionOptions { insert_rows: true, format_rows: true, ..ProtectionOptions::default() };
        worksheet.protect_with_options(&may);
    } else {
        worksheet.protect();
    }
    Ok(())
}

/// Panes stay put below the heads, unless header and heads would fill a small screen.
fn freeze(worksheet: &mut Worksheet, sheet: &FormSheet, rows: usize) -> Result<()> {
    const SCREEN: f64 = 340.0;
    let frozen: f64 = sheet.strips[..rows].iter().map(|strip| strip.height).sum();
    if frozen <= SCREEN {
        worksheet.set_freeze_panes(u32::try_from(rows)?, 0)?;
    }
    Ok(())
}

fn put(worksheet: &mut Worksheet, refs: &Refs, row: usize, cell: &SheetCell, styles: &mut Styles) -> Result<()> {
    let value = matches!(cell.content, Content::Value(_));
    let format = styles.get(Style {
        role: cell.role,
        indent: cell.indent,
        upright: cell.upright,
        value,
        open: refs.sheet.is_open(cell.role),
    });
    let (first_row, first_column) = at(row, cell.column)?;
    if cell.rows > 1 || cell.columns > 1 {
        let (last_row, last_column) = at(row + cell.rows - 1, cell.column + cell.columns - 1)?;
        worksheet.merge_range(first_row, first_column, last_row, last_column, "", format)?;
    }
    match &cell.content {
        Content::Text(text) => put_text(worksheet, first_row, first_column, text, format),
        Content::Value(value) => match &cell.recipe {
            Some(recipe) => {
                let formula = Formula::new(refs.value(recipe)).set_result(value.print());
                worksheet.write_formula_with_format(first_row, first_column, formula, format)?;
                Ok(())
            }
            None => put_value(worksheet, first_row, first_column, value, format),
        },
    }
}

/// A value that is blank, negative, fractional or a text other than "-" turns red. Source: Rules, Annex 1
/// expl. 31. Each column of each run of lines has a rule of its own: covered cells of merges are blank.
fn mark_faults(worksheet: &mut Worksheet, sheet: &FormSheet) -> Result<()> {
    let format = tint(&sheet.theme.verdict.broken);
    let mut first = 0;
    while first < sheet.strips.len() {
        let Some(line) = sheet.strips[first].line() else {
            first += 1;
            continue;
        };
        let span = sheet.span(line);
        let run =
            sheet.strips[first..].iter().take_while(|strip| strip.line().is_some_and(|line| sheet.span(line) == span));
        let last = first + run.count() - 1;
        for column in (2..sheet.widths.len()).step_by(span) {
            let cell = format!("{}{}", column_letters(column), first + 1);
            let mut sound = format!("IF(ISNUMBER({cell}),AND({cell}>=0,{cell}=INT({cell})),{cell}=\"-\")");
            if sheet.report.form.span == PeriodKind::Year {
                sound = format!("OR({sound},{cell}=\"?\")");
            }
            let ((top, left), (bottom, _)) = (at(first, column)?, at(last, column)?);
            if sheet.is_blank() {
                validate(worksheet, sheet, (top, left, bottom), &sound)?;
            }
            // an empty form is no fault yet
            let sound = if sheet.is_blank() { format!("OR(ISBLANK({cell}),{sound})") } else { sound };
            let rule = ConditionalFormatFormula::new().set_rule(format!("=NOT({sound})").as_str()).set_format(&format);
            worksheet.add_conditional_format(top, left, bottom, left, &rule)?;
        }
        first = last + 1;
    }
    Ok(())
}

/// A column of cells refuses what they may not hold: whole numbers from 0 and "-" only.
fn validate(worksheet: &mut Worksheet, sheet: &FormSheet, cells: (u32, u16, u32), sound: &str) -> Result<()> {
    let (printer, (top, left, bottom)) = (&sheet.printer, cells);
    let validation = DataValidation::new()
        .allow_custom(Formula::new(format!("={sound}")))
        .set_error_title(printer.words.refused_title.get(printer.langs[0]))?
        .set_error_message(printer.beside(&printer.words.refused))?;
    worksheet.add_data_validation(top, left, bottom, left, &validation)?;
    Ok(())
}
