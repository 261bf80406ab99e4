//! A sheet as a workbook: XLSX, ODS, or an XLS of old.

use super::super::{ODS, workbook};
use super::dice::Dice;
use super::grid::{Grid, Merge};
use super::letters::windows_1251;
use super::old;
use super::text::Written;
use super::value::Cell;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};
use std::fmt::Write;

/// Rows and columns that stay empty before the sheet's own.
type Margin = (usize, usize);

/// Writes a sheet in one of the formats.
pub fn write(grid: &Grid, dice: &mut Dice<'_>) -> Written {
    let margin = (dice.roll(3), dice.roll(2));
    let (name, bytes) = match dice.roll(7) {
        0 | 1 => ("services.xlsx", xlsx(grid, margin)),
        2 | 3 => ("services.ods", ods(grid, margin)),
        4 | 5 => ("services.xls", xls8(grid, margin, dice.is_one_in(2))),
        _ => xls(grid, margin).map_or_else(|| ("services.xlsx", xlsx(grid, margin)), |bytes| ("services.xls", bytes)),
    };
    let places = (0..grid.lines.len()).map(|line| (line + margin.0 + 1) as u64).collect();
    Written { name, bytes, text: String::new(), places, swallowed: vec![None; grid.lines.len()] }
}

fn small<T: TryFrom<usize>>(number: usize) -> T {
    T::try_from(number).ok().expect("a small sheet")
}

fn xlsx(grid: &Grid, (top, left): Margin) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("services").expect("a name");
    let (plain, of_days) = (Format::new(), Format::new().set_num_format("dd.mm.yyyy"));
    for Merge { lines, columns } in &grid.merges {
        let (first, last) = (small(top + lines.0), small(top + lines.1));
        let (from, to) = (small(left + columns.0), small(left + columns.1));
        sheet.merge_range(first, from, last, to, "", &plain).expect("merged");
    }
    for (row, line) in grid.lines.iter().enumerate() {
        let row = small(top + row);
        for (column, cell) in line.cells.iter().enumerate() {
            let column = small(left + column);
            match cell {
                Cell::Text(text) if text.is_empty() => continue,
                Cell::Text(text) => sheet.write_string(row, column, text),
                Cell::Number(number) => sheet.write_number(row, column, *number),
                Cell::Formula(number) => {
                    let sum = Formula::new(format!("={number}+0")).set_result(number.to_string());
                    sheet.write_formula(row, column, sum)
                }
                Cell::Error(error) => sheet.write_formula(row, column, Formula::new("=1/0").set_result(*error)),
                Cell::Day(month, day) => {
                    let day = ExcelDateTime::from_ymd(2026, small(*month as usize), small(*day as usize));
                    sheet.write_datetime_with_format(row, column, day.expect("a day"), &of_days)
                }
            }
            .expect("written");
        }
        if line.hidden {
            sheet.set_row_hidden(row).expect("hidden");
        }
    }
    book.save_to_buffer().expect("a workbook")
}

fn ods(grid: &Grid, (top, left): Margin) -> Vec<u8> {
    let mut rows = String::new();
    for _ in 0..top {
        rows.push_str("<table:table-row><table:table-cell/></table:table-row>");
    }
    let widest = |line: usize| {
        let reach = grid.merges.iter().filter(|merge| (merge.lines.0..=merge.lines.1).contains(&line));
        reach.map(|merge| merge.columns.1 + 1).max().unwrap_or_default()
    };
    for (row, line) in grid.lines.iter().enumerate() {
        rows.push_str(if line.hidden {
            r#"<table:table-row table:visibility="collapse">"#
        } else {
            "<table:table-row>"
        });
        rows.push_str(&"<table:table-cell/>".repeat(left));
        for column in 0..line.cells.len().max(widest(row)) {
            let over = grid.merges.iter().find(|merge| {
                (merge.lines.0..=merge.lines.1).contains(&row) && (merge.columns.0..=merge.columns.1).contains(&column)
            });
            let is_first = over.is_some_and(|merge| merge.lines.0 == row && merge.columns.0 == column);
            let spans = over.filter(|_| is_first).map(|Merge { lines, columns }| {
                let (rows, columns) = (lines.1 - lines.0 + 1, columns.1 - columns.0 + 1);
                format!(r#" table:number-rows-spanned="{rows}" table:number-columns-spanned="{columns}""#)
            });
            let kind = if over.is_some() && !is_first { "covered-table-cell" } else { "table-cell" };
            let attributes = spans.unwrap_or_default();
            let content = line.cells.get(column).map(ods_value).unwrap_or_default();
            let _ = write!(rows, "<table:{kind}{attributes}{content}</table:{kind}>");
        }
        rows.push_str("</table:table-row>");
    }
    let content = format!(
        r#"<office:document-content><office:body><office:spreadsheet><table:table table:name="services">{rows}</table:table></office:spreadsheet></office:body></office:document-content>"#
    );
    let parts = [ODS[0], ("META-INF/manifest.xml", "<manifest:manifest/>")];
    workbook(&parts, "content.xml", content.as_bytes())
}

/// What stands in a cell, from the attributes of its tag on.
fn ods_value(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) if text.is_empty() => ">".to_owned(),
        Cell::Text(text) => {
            let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('\t', " ");
            let lines = text.split('\n').map(|line| format!("<text:p>{line}</text:p>"));
            format!(r#" office:value-type="string">{}"#, lines.collect::<String>())
        }
        Cell::Number(number) => {
            format!(r#" office:value-type="float" office:value="{number}"><text:p>{number}</text:p>"#)
        }
        Cell::Formula(number) => format!(
            r#" table:formula="of:={number}+0" office:value-type="float" office:value="{number}"><text:p>{number}</text:p>"#
        ),
        Cell::Error(error) => format!(
            r#" table:formula="of:=1/0" office:value-type="string" office:string-value="" calcext:value-type="error"><text:p>{error}</text:p>"#
        ),
        Cell::Day(month, day) => format!(
            r#" office:value-type="date" office:date-value="2026-{month:02}-{day:02}"><text:p>{day:02}.{month:02}.2026</text:p>"#
        ),
    }
}

/// Texts and merged cells.
fn xls8(grid: &Grid, (top, left): Margin, shared: bool) -> Vec<u8> {
    let mut rows = vec![Vec::new(); top];
    for line in &grid.lines {
        let cells = line.cells.iter().map(Cell::print);
        rows.push(std::iter::repeat_n(String::new(), left).chain(cells).collect());
    }
    let area = |Merge { lines, columns }: &Merge| {
        [top + lines.0, top + lines.1, left + columns.0, left + columns.1].map(small::<u16>)
    };
    old::xls8(&rows, &grid.merges.iter().map(area).collect::<Vec<_>>(), shared)
}

/// Texts alone; `None` where the sheet has what such a file has not.
fn xls(grid: &Grid, (top, left): Margin) -> Option<Vec<u8>> {
    if !grid.merges.is_empty() {
        return None;
    }
    let mut rows = vec![Vec::new(); top];
    for line in &grid.lines {
        let mut cells = vec![Vec::new(); left];
        for cell in &line.cells {
            cells.push(cell.print().chars().map(windows_1251).collect::<Option<Vec<u8>>>()?);
        }
        rows.push(cells);
    }
    Some(old::xls(Some(1251), &rows))
}
