//! Sheets below one another, read as one: which row of which sheet a row of the stack is.

use crate::sources::workbook::grid::{Area, Cell, Grid};
use std::collections::BTreeMap;

/// Rows of a sheet at most: where the next one begins in the stack.
const TALL: u32 = 1 << 20;

/// Row of a sheet of the stack: position of the sheet, row there.
pub fn split(row: u32) -> (usize, u32) {
    ((row / TALL) as usize, row % TALL)
}

/// The sheets below one another, as one.
pub fn stack(parts: &[&Grid]) -> Grid {
    let down = |nth: usize| u32::try_from(nth).unwrap_or(0) * TALL;
    let mut cells: BTreeMap<(u32, u32), Cell> = BTreeMap::new();
    let mut merged: Vec<Area> = Vec::new();
    for (nth, grid) in parts.iter().enumerate() {
        let below = |(row, column): (u32, u32)| (row + down(nth), column);
        cells.extend(grid.cells.iter().map(|(at, cell)| (below(*at), cell.clone())));
        merged.extend(grid.merged.iter().map(|area| Area { first: below(area.first), last: below(area.last) }));
    }
    Grid { sheet: parts[0].sheet.clone(), hidden: false, cells, merged }
}
