//! `report.xlsx`: the form in its official layout with live sums, and a sheet of checks.

pub mod formula;
pub mod style;
pub mod names;
pub mod charts;
pub mod check;
pub mod revisions;
pub mod table;
pub mod contributors;
pub mod findings;
pub mod rejected;
pub mod records;
pub mod returns;

use crate::analytical::document::Document;
use crate::definitions::theme::Role;
use crate::render::sheet::checks;
use crate::render::sheet::pages;
use crate::render::sheet::{Cell, Content, Mode, Sheet, build, build_blank};
use crate::render::xlsx::formula::Refs;
use crate::render::xlsx::style::{Style, Styles, tint};
use crate::report::Report;
use crate::sources::raw::column_letters;
use crate::values::cells::Value;
use anyhow::{Context, Result};
use chrono::Datelike;
use rust_xlsxwriter::{
    ConditionalFormatFormula, DataValidation, DocProperties, ExcelDateTime, Format, Formula, IgnoreError,
    ProtectionOptions, Workbook, Worksheet,
};
use std::io::Write;

/// Longest text of a cell and greatest height of a row (Excel's limits).
const LONGEST: usize = 32_000;
const TALLEST: f64 = 409.0;
/// Longest left part of a footer: Excel allows 255 letters to all parts with their fonts.
const FOOTER: usize = 150;

/// Writes a report as a workbook. The same report gives the same bytes.
///
/// # Errors
/// The target cannot be written, or the library refuses (more rows than a sheet holds).
pub fn write(report: &Report, target: impl Write) -> Result<()> {
    write_sheet(&build(report)?, &[], target)
}

/// The same with the charts of the analytical report on a sheet of their own.
///
/// # Errors
/// As `write`.
pub fn write_with_charts(report: &Report, analytical: &[Document], target: impl Write) -> Result<()> {
    write_sheet(&build(report)?, analytical, target)
}

/// Writes an empty form to fill: live sums, cells that refuse what they may not hold, room for lines.
///
/// # Errors
/// As `write`.
pub fn write_blank(report: &Report, dated: bool, target: impl Write) -> Result<()> {
    write_sheet(&build_blank(report, dated)?, &[], target)
}

fn write_sheet(sheet: &Sheet, analytical: &[Document], target: impl Write) -> Result<()> {
    let mut workbook = Workbook::new();
    // Column widths are measured in digits of the default face. Those of Times New Roman 12 are 8 pixels wide
    // everywhere, those of Calibri only where there is Calibri: elsewhere the page would shrink.
    workbook.set_default_format(
        &Format::new().set_font_name(&sheet.theme.font).set_font_family(1).set_font_size(12),
        21,
        72,
    )?;
    workbook.set_properties(&properties(sheet)?);
    let name = sheet_name(sheet);
    let mut styles = Styles::new(&sheet.theme);
    form(workbook.add_worksheet_with_constant_memory()?.set_name(&name)?, sheet, &mut styles)
        .context("the form's sheet")?;
    let refs = Refs { sheet, prefix: format!("'{name}'!") };
    let checks = workbook.add_worksheet_with_constant_memory()?;
    check::write(checks, &refs, &checks::plan(sheet)?, &mut styles).context("the sheet of checks")?;
    revisions::write(&mut workbook, sheet.report, &sheet.printer).context("the sheet of adjustments")?;
    if let Some(document) = analytical.first().filter(|document| document.charts().next().is_some()) {
        charts::write(workbook.add_worksheet(), &refs, document, &mut styles).context("the sheet of charts")?;
    }
    names::define(&mut workbook, sheet.report, sheet.mode != Mode::Blank { dated: false })?;
    names::hide(workbook.save_to_buffer()?, target)
}

/// A1 address of a value in the workbook, for findings. One address of many: keep the `Sheet` and ask it.
///
/// # Errors
/// As `build`.
pub fn cell_address(report: &Report, line: usize, column: usize) -> Result<Option<String>> {
    Ok(build(report)?.address(line, column))
}

/// A name without the signs that Excel forbids, 31 characters at most.
pub fn clean_name(name: &str) -> String {
    let clean: String = name.chars().map(|sign| if "[]:*?/\\'".contains(sign) { ' ' } else { sign }).take(31).collect();
    clean.trim().to_owned()
}

/// The form's index in the leading language: `2-МК`.
fn sheet_name(sheet: &Sheet) -> String {
    clean_name(sheet.report.form.index.get(sheet.printer.langs[0]))
}

fn properties(sheet: &Sheet) -> Result<DocProperties> {
    let (report, printer) = (sheet.report, &sheet.printer);
    let lang = printer.langs[0];
    let (period, name) = (printer.period(report.period.quarter), report.organisation.name());
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
        .set_comment(format!("esep {}", report.provenance.version))
        .set_creation_datetime(&made))
}

/// Column and row numbers of the library.
pub fn at(row: usize, column: usize) -> Result<(u32, u16)> {
    Ok((u32::try_from(row)?, u16::try_from(column)?))
}

fn form(worksheet: &mut Worksheet, sheet: &Sheet, styles: &mut Styles) -> Result<()> {
    setup(worksheet, sheet)?;
    let refs = Refs { sheet, prefix: String::new() };
    for (row, strip) in sheet.strips.iter().enumerate() {
        worksheet.set_row_height(u32::try_from(row)?, strip.height.min(TALLEST))?;
        for cell in sheet.cells(row) {
            put(worksheet, &refs, row, &cell, styles)?;
        }
        let machine = match strip.line() {
            Some(line) => Some(names::machine(sheet.report.form, &sheet.report.cells.lines[line])),
            None => sheet.heads.first().filter(|heads| heads.end == row + 1).map(|_| crate::filed::marks::COLUMNS),
        };
        for (nth, text) in machine.into_iter().flatten().enumerate().filter(|(_, text)| !text.is_empty()) {
            let (row, column) = at(row, sheet.widths.len() + nth)?;
            worksheet.write_string_with_format(row, column, text, styles.get(Style::plain(Role::Machine)))?;
        }
    }
    mark_faults(worksheet, sheet)
}

/// Columns, paper, repeated heads, page breaks, frozen panes, protection.
fn setup(worksheet: &mut Worksheet, sheet: &Sheet) -> Result<()> {
    for (column, width) in sheet.widths.iter().enumerate() {
        worksheet.set_column_width_pixels(u16::try_from(column)?, pixels(*width))?;
    }
    let (end, last) = (sheet.widths.len(), sheet.strips.len().saturating_sub(1));
    let (last_row, last_column) = at(last, end - 1)?;
    worksheet.set_column_range_hidden(last_column + 1, u16::try_from(end + crate::filed::marks::COLUMNS.len() - 1)?)?;
    paper(worksheet, sheet);
    worksheet.set_footer(footer(sheet));
    worksheet.set_print_area(0, 0, last_row, last_column)?;
    if let Some(heads) = sheet.repeated_first() {
        worksheet.set_repeat_rows(u32::try_from(heads.start)?, u32::try_from(heads.end - 1)?)?;
        freeze(worksheet, sheet, heads.end)?;
    }
    let breaks: Result<Vec<u32>, _> = pages::breaks(sheet).into_iter().map(u32::try_from).collect();
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

/// A4 lying, one page wide, with the margins of the theme.
pub fn paper(worksheet: &mut Worksheet, sheet: &Sheet) {
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

/// Panes stay put below the heads, unless header and heads would fill a small screen.
fn freeze(worksheet: &mut Worksheet, sheet: &Sheet, rows: usize) -> Result<()> {
    const SCREEN: f64 = 340.0;
    let frozen: f64 = sheet.strips[..rows].iter().map(|strip| strip.height).sum();
    if frozen <= SCREEN {
        worksheet.set_freeze_panes(u32::try_from(rows)?, 0)?;
    }
    Ok(())
}

/// `2-МК, III квартал 2026 года` on the left, the page on the right.
pub fn footer(sheet: &Sheet) -> String {
    let (report, printer) = (sheet.report, &sheet.printer);
    let plain = |text: String| text.replace('&', "&&");
    let slots = [("page".to_owned(), "&P".to_owned()), ("pages".to_owned(), "&N".to_owned())];
    let period = printer.beside(&printer.period(report.period.quarter));
    let known = Some(period).filter(|_| sheet.mode != Mode::Blank { dated: false });
    let marks = report.standing.marks.iter().map(|mark| printer.beside(mark));
    let what: Vec<String> =
        [Some(printer.beside(&report.form.index)), known].into_iter().flatten().chain(marks).collect();
    let what: String = what.join(", ").chars().take(FOOTER).collect();
    let font = format!("&\"{},Regular\"&8", sheet.theme.font);
    format!("&L{font} {}&R{font} {}", plain(what), printer.beside(&printer.words.page.fill(&slots)))
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // widths are small and positive
pub fn pixels(points: f64) -> u32 {
    (points / 0.75).round().max(1.0) as u32
}

fn put(worksheet: &mut Worksheet, refs: &Refs, row: usize, cell: &Cell, styles: &mut Styles) -> Result<()> {
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

/// Text stays text, whatever it begins with.
pub fn put_text(worksheet: &mut Worksheet, row: u32, column: u16, text: &str, format: &Format) -> Result<()> {
    if text.is_empty() {
        worksheet.write_blank(row, column, format)?;
        return Ok(());
    }
    let short: String = text.chars().take(LONGEST).collect();
    worksheet.write_string_with_format(row, column, short, format)?;
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
        Value::NoInfo | Value::Fault(_) => return put_text(worksheet, row, column, &value.print(), format),
    }
    Ok(())
}

/// A value that is blank, negative, fractional or a text other than "-" turns red. Source: Rules, Annex 1
/// expl. 31. Each column of each run of lines has a rule of its own: covered cells of merges are blank.
fn mark_faults(worksheet: &mut Worksheet, sheet: &Sheet) -> Result<()> {
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
            let sound = format!("IF(ISNUMBER({cell}),AND({cell}>=0,{cell}=INT({cell})),{cell}=\"-\")");
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
fn validate(worksheet: &mut Worksheet, sheet: &Sheet, cells: (u32, u16, u32), sound: &str) -> Result<()> {
    let (printer, (top, left, bottom)) = (&sheet.printer, cells);
    let validation = DataValidation::new()
        .allow_custom(Formula::new(format!("={sound}")))
        .set_error_title(printer.words.refused_title.get(printer.langs[0]))?
        .set_error_message(printer.beside(&printer.words.refused))?;
    worksheet.add_data_validation(top, left, bottom, left, &validation)?;
    Ok(())
}
