//! The sheet of adjustments in `report.xlsx`: every changed cell with its reason, and the sums that followed.

use crate::definitions::form::Form;
use crate::definitions::printed::Printer;
use crate::render::sheet::FormSheet;
use crate::render::xlsx::table::{TableFormats, TextTable};
use crate::render::xlsx::worksheet::around;
use crate::report::standing::Moved;
use crate::values::period::Quarter;
use crate::words::lang::Text;
use anyhow::Result;
use rust_xlsxwriter::Workbook;

/// Adds the sheet, if the report was adjusted.
pub fn write(workbook: &mut Workbook, sheet: &FormSheet) -> Result<()> {
    let (report, printer) = (sheet.report, &sheet.printer);
    if report.standing.revisions.is_empty() {
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
    let quarter = report.period.quarter;
    for revision in &report.standing.revisions {
        let number = revision.number.to_string();
        for change in &revision.changes {
            let moved = &change.moved;
            let document = format!("{}\n{}", change.document.name, change.document.sha256);
            let column = column(report.form, moved, printer, quarter);
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
            let column = column(report.form, moved, printer, quarter);
            let (follows, nothing) = (say(&words.sum_follows), String::new());
            let (row, line, old, new) = (&moved.row, line(moved), old(moved), &moved.new);
            table.body(&[&number, row, &line, &column, &old, new, &follows, &nothing, &nothing, &nothing])?;
        }
    }
    for revision in &report.standing.revisions {
        let on = match &revision.decision {
            Some(decision) => {
                let slots = [("number", &decision.number), ("date", &decision.date)];
                words.decision.fill(&slots.map(|(slot, value)| (slot.to_owned(), value.clone())))
            }
            None => words.decision_asked.clone(),
        };
        table.title(&format!("{} {}. {}", say(&words.revision), revision.number, say(&on)), false)?;
        table.title(
            &format!("{} {}. {}: {}", say(&words.revision), revision.number, say(&words.chain), revision.hash),
            false,
        )?;
    }
    table.finish(false)?;
    if let Some(worksheet) = workbook.worksheets_mut().last_mut() {
        around(worksheet, sheet, None);
    }
    Ok(())
}

fn line(moved: &Moved) -> String {
    let parts = [&moved.provider_name, &moved.service_name, &moved.information_system];
    parts.into_iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join(" — ")
}

/// The column in words, else its id.
fn column(form: &Form, moved: &Moved, printer: &Printer, quarter: Quarter) -> String {
    let found = form.row_position(&moved.row_id).and_then(|row| {
        let grid = form.grid_of(row);
        Some(printer.column(form, grid, &grid.columns[grid.column(&moved.column)?], quarter))
    });
    found.unwrap_or_else(|| moved.column.clone())
}
