//! Where pages end, so that heads stay with their rows and the signatures stay together.

use super::sheet::Sheet;

/// Spreadsheet programs round the height of every row to pixels; this much of a page is left for it.
const SLACK: f64 = 0.96;
/// A workbook holds no more page breaks than this (Excel's limit).
const BREAKS: usize = 1023;

/// Rows of the sheet at which a new page begins. Beyond the limit only the signatures are kept together.
pub fn breaks(sheet: &Sheet) -> Vec<usize> {
    let (width, height) = sheet.theme.area();
    let scale = (width / sheet.widths.iter().sum::<f64>()).min(1.0);
    let page = height / scale * SLACK;
    let repeated: f64 = sheet.heads.first().map_or(0.0, |heads| sheet.strips[heads.clone()].iter().map(|strip| strip.height).sum());
    let mut breaks = Vec::new();
    let (mut used, mut first) = (0.0, 0);
    while first < sheet.strips.len() {
        let kept = sheet.strips[first..].iter().take_while(|strip| strip.keep).count();
        let end = (first + kept + 1).min(sheet.strips.len());
        let need: f64 = sheet.strips[first..end].iter().map(|strip| strip.height).sum();
        if used + need > page && first > 0 {
            breaks.push(first);
            used = repeated;
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
