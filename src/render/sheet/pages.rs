//! How the table fits the paper: widths of columns, and where pages end, so that heads stay with their rows
//! and the signatures stay together.

use crate::definitions::theme::{Role, Theme};
use crate::render::sheet::layout::FormSheet;
use crate::render::sheet::measure;
use crate::report::Report;

/// Spreadsheet programs round the height of every row to pixels; this much of a page is left for it.
const SLACK: f64 = 0.96;
/// A workbook holds no more page breaks than this (Excel's limit).
const BREAKS: usize = 1023;
/// A table of more columns of values has narrow ones.
const WIDE: usize = 16;
/// The second stub column is at least this wide, in points.
const NARROWEST: f64 = 190.0;

/// Rows of the sheet at which a new page begins. Beyond the limit only the signatures are kept together.
pub fn breaks(sheet: &FormSheet) -> Vec<usize> {
    let (width, height) = sheet.theme.area();
    let scale = (width / sheet.widths.iter().sum::<f64>()).min(1.0);
    let page = height / scale * SLACK;
    let repeated: f64 =
        sheet.repeated_first().map_or(0.0, |heads| sheet.strips[heads].iter().map(|strip| strip.height).sum());
    let mut breaks = Vec::new();
    let (mut used, mut first) = (0.0, 0);
    while first < sheet.strips.len() {
        let kept = sheet.strips[first..].iter().take_while(|strip| strip.keep).count();
        let end = (first + kept + 1).min(sheet.strips.len());
        let need: f64 = sheet.strips[first..end].iter().map(|strip| strip.height).sum();
        if used + need > page && first > 0 {
            breaks.push(first);
            // The heads are repeated on the pages after the one where they stand.
            used = if sheet.heads.first().is_some_and(|heads| first >= heads.end) { repeated } else { 0.0 };
        }
        used += need;
        first = end;
    }
    if breaks.len() > BREAKS {
        let signatures = (0..sheet.signature).rev().take_while(|row| sheet.strips[*row].keep).last();
        breaks = signatures.into_iter().collect();
    }
    breaks
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
