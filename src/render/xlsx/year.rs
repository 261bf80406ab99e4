//! `year.xlsx`: the year's table with live sums, the reports it is made of, and their adjustments.

use crate::render::sheet::FormSheet;
use crate::render::xlsx::finished;
use crate::render::xlsx::report::{begun, form, sheet_name};
use crate::render::xlsx::revisions::{Adjustments, column, line, write_all};
use crate::render::xlsx::style::Styles;
use crate::render::xlsx::table::{TableFormats, TextTable};
use crate::render::xlsx::worksheet::clean_name;
use crate::year::form::quarters;
use crate::year::made::YearTable;
use anyhow::{Context, Result};
use rust_xlsxwriter::Workbook;

/// Makes the workbook. The same table gives the same bytes.
///
/// # Errors
/// The library refuses (more rows than a sheet holds).
pub fn write(sheet: &FormSheet, table: &YearTable<'_, '_>) -> Result<Vec<u8>> {
    let mut workbook = begun(sheet)?;
    let mut styles = Styles::new(sheet.theme);
    let name = sheet_name(sheet);
    form(workbook.add_worksheet_with_constant_memory()?.set_name(&name)?, sheet, &mut styles)
        .context("the sheet of the year")?;
    reports(&mut workbook, sheet, table).context("the sheet of reports")?;
    adjustments(&mut workbook, sheet, table).context("the sheet of adjustments")?;
    let mut bytes = Vec::new();
    finished::write(&mut workbook, sheet, &mut bytes)?;
    Ok(bytes)
}

/// Each quarter with its report.
fn reports(workbook: &mut Workbook, sheet: &FormSheet, table: &YearTable<'_, '_>) -> Result<()> {
    let (printer, definitions) = (&sheet.printer, sheet.report.definitions);
    let words = |key: &str| printer.beside(definitions.words(key));
    let name = clean_name(definitions.words("year_sheet").get(printer.langs[0]));
    let widths = [26.0, 46.0, 14.0, 16.0, 68.0];
    let mut text = TextTable::begin(workbook, &name, &widths, &TableFormats::default())?;
    let heads = ["period", "source", "year_revision", "year_edition", "year_digest"];
    text.head(&heads.map(words))?;
    for (quarter, report) in quarters(table.year).into_iter().zip(table.quarters) {
        let period = printer.beside(&printer.period(quarter));
        let Some(report) = report else {
            text.body(&[period, words("year_no_report"), String::new(), String::new(), String::new()])?;
            continue;
        };
        let revision = report.revisions().last().map_or_else(|| "–".to_owned(), |last| last.number.to_string());
        let (file, edition) = (&report.source, report.filed.form.edition.clone());
        text.body(&[period, file.name.clone(), revision, edition, file.sha256.clone()])?;
    }
    text.finish(false)
}

/// What adjustments changed in the year, then the adjustments themselves.
fn adjustments(workbook: &mut Workbook, sheet: &FormSheet, table: &YearTable<'_, '_>) -> Result<()> {
    let (printer, report) = (&sheet.printer, sheet.report);
    let when = printer.beside(&printer.when(report.form, report.period.quarter));
    let follows = printer.beside(&printer.words.revisions.sum_follows);
    let sums = table.changed.iter().map(|moved| {
        let column = column(report.form, moved, printer, report.period.quarter);
        let (old, new) = (moved.old.clone(), moved.new.clone());
        let [document, person, date] = [const { String::new() }; 3];
        [when.clone(), moved.row.clone(), line(moved), column, old, new, follows.clone(), document, person, date]
    });
    let sums: Vec<[String; 10]> = sums.collect();
    let of = table.quarters.iter().flatten().map(|report| {
        let (form, quarter) = (report.filed.form, report.filed.period.quarter);
        let own = Adjustments { form, quarter, revisions: report.revisions() };
        (printer.beside(&printer.period(quarter)), own)
    });
    let of: Vec<(String, Adjustments<'_>)> = of.collect();
    write_all(workbook, &of, &sums, printer)
}
