//! The sheet of adjustments in `report.xlsx`: every changed cell with its reason, and the sums that followed.

use crate::definitions::form::Form;
use crate::definitions::printed::Printer;
use crate::render::sheet::FormSheet;
use crate::render::xlsx::table::{TableFormats, TextTable};
use crate::render::xlsx::worksheet::around;
use crate::report::standing::{Moved, Revision};
use crate::values::period::Quarter;
use crate::words::lang::Text;
use anyhow::Result;
use rust_xlsxwriter::Workbook;

/// The adjustments of one report.
#[derive(Debug, Clone, Copy)]
pub struct Adjustments<'a> {
    pub form: &'a Form,
    pub quarter: Quarter,
    pub revisions: &'a [Revision],
}

/// Adds the sheet, if the report was adjusted.
pub fn write(workbook: &mut Workbook, sheet: &FormSheet) -> Result<()> {
    let (report, revisions) = (sheet.report, &sheet.report.standing.revisions);
    let own = Adjustments { form: report.form, quarter: report.period.quarter, revisions };
    write_all(workbook, &[(String::new(), own)], &[], &sheet.printer)?;
    if let Some(worksheet) = workbook.worksheets_mut().last_mut().filter(|_| !revisions.is_empty()) {
        around(worksheet, sheet, None);
    }
    Ok(())
}

/// Adds the sheet, if one of the reports was adjusted, each under its name; `sums`: rows above them, as they are.
pub fn write_all(
    workbook: &mut Workbook,
    reports: &[(String, Adjustments<'_>)],
    sums: &[[String; 10]],
    printer: &Printer,
) -> Result<()> {
    if reports.iter().all(|(_, own)| own.revisions.is_empty()) {
        return Ok(());
    }
    let words = &printer.words.revisions;
    let say = |text: &Text| printer.beside(text);
    let old = |moved: &Moved| if moved.old.is_empty() { say(&words.new_line) } else { moved.old.clone() };
    let heads = [
        &words.revision,
        &words.row,
        &words.line,
        &words.column,
        &words.old,
        &words.new,
        &words.reason,
        &words.document,
        &words.person,
        &words.date,
    ];
    let widths = [10.0, 8.0, 36.0, 20.0, 10.0, 10.0, 40.0, 40.0, 26.0, 12.0];
    let name = crate::render::xlsx::worksheet::clean_name(words.sheet.get(printer.langs[0]));
    let mut table = TextTable::begin(workbook, &name, &widths, &TableFormats::default())?;
    table.head(&heads.map(say))?;
    for sum in sums {
        table.body(sum)?;
    }
    let all = || reports.iter().flat_map(|(of, own)| own.revisions.iter().map(move |revision| (of, own, revision)));
    for (of, Adjustments { form, quarter, .. }, revision) in all() {
        let number = named(of, revision);
        for change in &revision.changes {
            let moved = &change.moved;
            let document = format!("{}\n{}", change.document.name, change.document.sha256);
            let column = column(form, moved, printer, *quarter);
            let (row, line, old, new) = (&moved.row, line(moved), old(moved), &moved.new);
            table.body(&[
                &number,
                row,
                &line,
                &column,
                &old,
                new,
                &change.reason,
                &document,
                &change.person,
                &change.date,
            ])?;
        }
        for moved in &revision.followed {
            let column = column(form, moved, printer, *quarter);
            let (follows, nothing) = (say(&words.sum_follows), String::new());
            let (row, line, old, new) = (&moved.row, line(moved), old(moved), &moved.new);
            table.body(&[&number, row, &line, &column, &old, new, &follows, &nothing, &nothing, &nothing])?;
        }
    }
    for (of, _, revision) in all() {
        let revised = format!("{} {}", say(&words.revision), named(of, revision));
        let on = match &revision.decision {
            Some(decision) => {
                let slots = [("number", &decision.number), ("date", &decision.date)];
                words.decision.fill(&slots.map(|(slot, value)| (slot.to_owned(), value.clone())))
            }
            None => words.decision_asked.clone(),
        };
        table.title(&format!("{revised}. {}", say(&on)), false)?;
        table.title(&format!("{revised}. {}: {}", say(&words.chain), revision.hash), false)?;
    }
    table.finish(false)
}

/// The number of a revision, behind the name of its report where there are several.
fn named(of: &str, revision: &Revision) -> String {
    if of.is_empty() { revision.number.to_string() } else { format!("{} ({of})", revision.number) }
}

/// Provider, service and system of a line.
pub(crate) fn line(moved: &Moved) -> String {
    let parts = [&moved.provider_name, &moved.service_name, &moved.information_system];
    parts.into_iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join(" — ")
}

/// The column in words, else its id.
pub(crate) fn column(form: &Form, moved: &Moved, printer: &Printer, quarter: Quarter) -> String {
    let found = form.row_position(&moved.row_id).and_then(|row| {
        let grid = form.grid_of(row);
        Some(printer.column(form, grid, &grid.columns[grid.column(&moved.column)?], quarter))
    });
    found.unwrap_or_else(|| moved.column.clone())
}
