//! Sheets of `report.xlsx` with the whole of the lists for which the analytical report has no room.

use crate::analytical::document::{Document, Origin, Run, Table, TableRow, text};
use crate::render::xlsx::table::{TableFormats, TextTable};
use crate::render::xlsx::worksheet::clean_name;
use anyhow::Result;
use rust_xlsxwriter::Workbook;

/// Rows of a sheet that are used before the next one is begun; Excel ends at 1,048,576.
const SHEET_ROWS: u32 = 1_000_000;
/// Letters of a table's width.
const LETTERS: f64 = 150.0;

/// Writes a sheet for each table that is longer than the page has room for.
///
/// # Errors
/// The library refuses.
pub(crate) fn write(workbook: &mut Workbook, documents: &[Document]) -> Result<()> {
    let looks = TableFormats::default();
    for (table, beyond) in documents.iter().flat_map(Document::shortened) {
        let name = clean_name(&beyond.sheet);
        let all: f64 = table.columns.iter().map(|column| column.weight).sum();
        let widths: Vec<f64> = table.columns.iter().map(|column| column.weight / all * LETTERS).collect();
        let mut sheet = TextTable::begin(workbook, &name, &widths, &looks)?;
        head(&mut sheet, table)?;
        let (before, behind) = table.rows.split_at(beyond.after.min(table.rows.len()));
        let mut part = 1;
        // the line that stands for the rest is not repeated where the rest is
        for row in before.iter().chain(&beyond.rows).chain(behind.iter().skip(1)) {
            if sheet.rows() >= SHEET_ROWS {
                part += 1;
                sheet.turn(&clean_name(&format!("{} ({part})", beyond.sheet)))?;
                head(&mut sheet, table)?;
            }
            line(&mut sheet, row)?;
        }
        sheet.finish_below(2)?;
    }
    Ok(())
}

fn head(sheet: &mut TextTable<'_>, table: &Table) -> Result<()> {
    sheet.title(&text(&table.title), true)?;
    sheet.head(&table.columns.iter().map(|column| text(&column.head)).collect::<Vec<_>>())
}

/// Texts first; numbers, which stand behind them, as numbers.
fn line(sheet: &mut TextTable<'_>, row: &TableRow) -> Result<()> {
    let numbers = row.cells.iter().rev().map_while(|cell| number(cell)).count();
    let (texts, counted) = row.cells.split_at(row.cells.len() - numbers);
    let texts: Vec<String> = texts.iter().map(|cell| text(cell)).collect();
    let counted: Vec<u64> = counted.iter().filter_map(|cell| number(cell)).collect();
    sheet.counts(&texts, &counted)
}

fn number(cell: &[Run]) -> Option<u64> {
    match cell {
        [Run { origin: Origin::Figure(figure), .. }] if figure.value.below == 1 => {
            u64::try_from(figure.value.above).ok()
        }
        _ => None,
    }
}
