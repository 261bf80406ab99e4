//! How the table fits the paper: widths of columns, and where pages end, so that heads stay with their rows
//! and the signatures stay together.
//!
//! A workbook repeats the same rows on every page. Where the grids of a form differ, these are the heads that all of
//! them share; what a page lacks of the heads of its rows stands once more at its top, as a row of the sheet.

use crate::definitions::theme::{Role, Theme};
use crate::render::sheet::cell::Strip;
use crate::render::sheet::heads;
use crate::render::sheet::layout::{BREAKS, FormSheet};
use crate::render::sheet::measure;
use crate::report::Report;
use crate::rules::recipe::Level;

/// Spreadsheet programs round the height of every row to pixels, in points, and the share that a sheet is made smaller to.
const PIXEL: f64 = 0.4;
const SLACK: f64 = 0.99;
/// A table of more columns of values has narrow ones.
const WIDE: usize = 16;
/// The second stub column is at least this wide, in points.
const NARROWEST: f64 = 190.0;

/// Heights are computed on the generous side; on paper rows take this part of them.
const DRAWN: f64 = 0.93;

/// Lines of the table that at least stand above the signatures.
const SIGNED: usize = 3;

/// Whether the first page holds the header block, the heads and what stands with them.
pub fn begins_with_its_table(sheet: &FormSheet) -> bool {
    let Some(heads) = sheet.heads.first() else { return true };
    let mut end = 0;
    while end < heads.end {
        end = group(sheet, end);
    }
    sheet.strips[..end].iter().map(|strip| strip.height).sum::<f64>() * DRAWN <= page(sheet)
}

/// Height of a page, as the rows of the sheet are measured: a sheet that is too wide is made smaller.
fn page(sheet: &FormSheet) -> f64 {
    let (width, height) = sheet.theme.area();
    height / (width / sheet.widths.iter().sum::<f64>()).min(1.0)
}

/// One past the last of the rows that begin at `first` and share a page.
pub fn group(sheet: &FormSheet, first: usize) -> usize {
    let goes_on = |row: &usize| keeps(sheet, first, *row) && !sheet.strips.get(row + 1).is_some_and(|next| next.again);
    let kept = (first..sheet.strips.len()).take_while(goes_on).count();
    (first + kept + 1).min(sheet.strips.len())
}

/// Whether no page may end after the row of a group that begins at `first`: as the sheet says; no name of a
/// provider and no row parts from the first of its lines and parts; signatures have more than a line above them.
fn keeps(sheet: &FormSheet, first: usize, row: usize) -> bool {
    let line = |row: usize| {
        let line = sheet.strips.get(row).and_then(Strip::line)?;
        Some(&sheet.report.cells.lines[line])
    };
    let level = |row: usize| line(row).map(|line| Level::of(line) as u8);
    // Below the first heads a row may stand alone: those heads would leave the first page half empty.
    let rows = &sheet.report.form.rows;
    let part = line(row).zip(line(row + 1)).is_some_and(|(own, next)| {
        own.key.is_row() && rows[next.row].parent.as_ref() == Some(&rows[own.row].id) && next.row != own.row
    });
    let headed = sheet.heads.first().is_some_and(|heads| heads.start >= first && heads.end <= row);
    if part && !headed {
        return true;
    }
    let signed = row < sheet.signature && row + SIGNED >= sheet.signature;
    sheet.strips[row].keep || signed || level(row).zip(level(row + 1)).is_some_and(|(own, next)| own < next)
}

/// The sheet with the pages of its workbook.
pub fn paginated(mut sheet: FormSheet<'_>) -> FormSheet<'_> {
    let (titles, lacking) = titles(&sheet);
    sheet.titles = titles;
    let mut breaks = breaks(&sheet, &lacking);
    if breaks.len() > BREAKS {
        // beyond the limit only the signatures are kept together
        let signatures = (0..sheet.signature).rev().take_while(|row| sheet.strips[*row].keep).last();
        breaks = signatures.map(|row| (row, None)).into_iter().collect();
    }
    insert(&mut sheet, &breaks, &lacking);
    sheet
}

/// The rows to repeat on every page, and of each grid the heads that are not among them.
fn titles(sheet: &FormSheet) -> (Option<std::ops::Range<usize>>, Vec<Vec<Strip>>) {
    let Some(first) = sheet.heads.first() else { return (None, Vec::new()) };
    let grids = &sheet.report.form.grids;
    let count = sheet.widths.len() - 2;
    let of = |grid: &crate::definitions::form::Grid| {
        let span = (count / grid.columns.len().max(1)).max(1);
        heads::strips(grid, &sheet.widths, span, &sheet.printer, sheet.theme)
    };
    let all: Vec<Vec<Strip>> = grids.iter().map(of).collect();
    let shared = all.iter().map(|other| heads::shared(&all[0], other)).min().unwrap_or(0);
    if grids.len() < 2 || shared == 0 {
        return (sheet.repeated(first.end), vec![Vec::new(); grids.len()]);
    }
    let lacking = all.into_iter().map(|strips| heads::below(strips, shared)).collect();
    (Some(first.start..first.start + shared), lacking)
}

/// Rows of the sheet at which a new page begins, each with the grid whose heads it lacks.
fn breaks(sheet: &FormSheet, lacking: &[Vec<Strip>]) -> Vec<(usize, Option<usize>)> {
    let page = page(sheet) * SLACK;
    let tall = |strips: &[Strip]| strips.iter().map(|strip| strip.height + PIXEL).sum::<f64>();
    let repeated = sheet.titles.clone().map_or(0.0, |titles| tall(&sheet.strips[titles]));
    let mut breaks = Vec::new();
    let (mut used, mut first) = (0.0, 0);
    while first < sheet.strips.len() {
        let mut end = group(sheet, first);
        if tall(&sheet.strips[first..end]) + repeated > page {
            // no page ends within heads
            end = sheet.heads.iter().find(|heads| heads.contains(&first)).map_or(first + 1, |heads| heads.end);
        }
        let need = tall(&sheet.strips[first..end]);
        if used + need > page && first > 0 {
            let continues = sheet.heads.first().is_some_and(|heads| first >= heads.end);
            let lacks = continues && first < sheet.signature && !sheet.brings_heads(first);
            let grid = sheet.grid_at(first).filter(|_| lacks);
            breaks.push((first, grid));
            // The heads are repeated on the pages after the one where they stand.
            used = if continues { repeated } else { 0.0 };
            used += grid.and_then(|grid| lacking.get(grid)).map_or(0.0, |strips| tall(strips));
        }
        used += need;
        first = end;
    }
    breaks
}

/// Puts the heads that pages lack at their tops, and moves what stands below.
fn insert(sheet: &mut FormSheet, breaks: &[(usize, Option<usize>)], lacking: &[Vec<Strip>]) {
    let old = std::mem::take(&mut sheet.strips);
    let mut moved = Vec::with_capacity(old.len());
    let mut breaks = breaks.iter().peekable();
    for (row, strip) in old.into_iter().enumerate() {
        if let Some((_, grid)) = breaks.next_if(|(first, _)| *first == row) {
            sheet.breaks.push(sheet.strips.len());
            sheet.strips.extend(grid.and_then(|grid| lacking.get(grid)).into_iter().flatten().cloned());
        }
        moved.push(sheet.strips.len());
        sheet.strips.push(strip);
    }
    let to = |row: usize| moved.get(row).copied().unwrap_or(sheet.strips.len());
    for heads in &mut sheet.heads {
        *heads = to(heads.start)..to(heads.end - 1) + 1;
    }
    for place in sheet.places.iter_mut().flatten() {
        *place = to(*place);
    }
    sheet.signature = to(sheet.signature);
}

/// Widths of all columns: figures as wide as they need, the stub what is left of the page.
pub fn widths(report: &Report, theme: &Theme) -> Vec<f64> {
    let count = report.form.grids.iter().map(|grid| grid.columns.len()).max().unwrap_or(1).max(1);
    let (page, _) = theme.area();
    #[allow(clippy::cast_precision_loss)] // a form has a dozen columns
    let least = page / theme.smallest * 0.72 / count as f64;
    // of a year's two dozen columns most hold few digits; those that hold more are measured
    let (least, fitting) = if count > WIDE { (least.clamp(27.0, 58.0), 99) } else { (least.clamp(40.0, 58.0), 9999) };
    let mut widths = vec![34.0, 0.0];
    widths.resize(2 + count, least);
    let look = theme.look(Role::Total);
    for line in &report.cells.lines {
        let span = (count / line.values.len().max(1)).max(1);
        for (position, value) in line.values.iter().enumerate().filter(|(_, value)| value.number() > Some(fitting)) {
            let digits = value.print();
            let gaps = " ".repeat((digits.len() - 1) / 3);
            #[allow(clippy::cast_precision_loss)]
            let need = (measure::width(&(digits + &gaps), look.size, true) + 9.0) / span as f64;
            if let Some(width) = widths.get_mut(2 + position * span) {
                *width = width.max(need);
            }
        }
    }
    let taken: f64 = widths.iter().sum();
    widths[1] = (page - 2.0 - taken).max(NARROWEST);
    widths
}
