//! The tree of column heads as rows of merged cells.

use crate::definitions::form::Grid;
use crate::definitions::printed::Printer;
use crate::definitions::theme::{Look, Role, Theme};
use crate::render::sheet::cell::{Body, Content, SheetCell, Strip};
use crate::render::sheet::measure::{height, lines, longest_word, stacked};

/// Inner rim of a cell, left and right together, in points.
const RIM: f64 = 4.0;
/// Heads that stand upright are this high at most.
const UPRIGHT: f64 = 198.0;

/// One head with its place among the head rows.
struct HeadCell<'g> {
    /// The group, or none for the head of a column.
    group: Option<&'g str>,
    text: String,
    /// Column of values.
    column: usize,
    columns: usize,
    level: usize,
    levels: usize,
}

/// Ids of the groups above a column, root first.
fn chain(grid: &Grid, column: usize) -> Vec<&str> {
    let mut above: Vec<&str> = Vec::new();
    let mut next = grid.columns[column].group.as_deref();
    while let Some(id) = next.filter(|id| !above.contains(id)) {
        above.insert(0, id);
        next = grid.groups.iter().find(|group| group.id == id).and_then(|group| group.parent.as_deref());
    }
    above
}

/// All heads of a grid and the number of their rows. Column heads end in line: what a group lacks in
/// height goes to its root.
fn heads<'g>(grid: &'g Grid, printer: &Printer) -> (Vec<HeadCell<'g>>, usize) {
    let chains: Vec<Vec<&str>> = (0..grid.columns.len()).map(|column| chain(grid, column)).collect();
    let depth = chains.iter().map(Vec::len).max().unwrap_or(0) + 1;
    let slack = |root: Option<&&str>| {
        let below = chains.iter().filter(|chain| root.is_some() && chain.first() == root).map(Vec::len).max();
        depth - 1 - below.unwrap_or(0)
    };
    let mut heads: Vec<HeadCell> = Vec::new();
    for (column, chain) in chains.iter().enumerate() {
        let slack = slack(chain.first());
        for (nth, id) in chain.iter().enumerate() {
            if let Some(head) = heads.iter_mut().find(|head| head.group == Some(*id)) {
                head.columns = column + 1 - head.column;
                continue;
            }
            let label = grid.groups.iter().find(|group| group.id == **id).map(|group| &group.label);
            let (level, levels) = if nth == 0 { (0, 1 + slack) } else { (nth + slack, 1) };
            let text = label.map(|label| printer.join(label)).unwrap_or_default();
            heads.push(HeadCell { group: Some(*id), text, column, columns: 1, level, levels });
        }
        let level = if chain.is_empty() { 0 } else { chain.len() + slack };
        let text = grid.columns[column].label.as_ref().map(|label| printer.join(label)).unwrap_or_default();
        heads.push(HeadCell { group: None, text, column, columns: 1, level, levels: depth - level });
    }
    (heads, depth)
}

/// Height that a text needs when it stands upright in a column of `room` points; fewer lines than it has paragraphs are
/// not to be had by any height.
fn upright(text: &str, room: f64, look: &Look) -> f64 {
    let mut tall = longest_word(text, look.size, look.bold) + 2.0 * RIM;
    let is_parted = |count: u32| count as usize > text.split('\n').count();
    let fits = |count: u32| !is_parted(count) || stacked(count, look.size) <= room;
    while tall < UPRIGHT && !fits(lines(text, tall - RIM, look.size, look.bold)) {
        tall += 8.0;
    }
    tall
}

/// The head rows of a grid and, where it has marks, the row of marks. `widths`: all columns of the sheet;
/// `span`: columns of the sheet for each column of the grid.
pub fn strips(grid: &Grid, widths: &[f64], span: usize, printer: &Printer, theme: &Theme) -> Vec<Strip> {
    let look = theme.look(Role::Head);
    let (heads, depth) = heads(grid, printer);
    let room = |head: &HeadCell| -> f64 {
        let first = 2 + head.column * span;
        widths[first..first + head.columns * span].iter().sum::<f64>() - RIM
    };
    let narrow =
        heads.iter().any(|head| head.group.is_none() && longest_word(&head.text, look.size, look.bold) > room(head));
    let mut heights = vec![stacked(1, look.size); depth];
    let mut placed: Vec<(f64, usize, usize)> = Vec::new();
    let mut rows: Vec<Vec<SheetCell>> = vec![Vec::new(); depth];
    for (position, label) in grid.stub.iter().enumerate().take(2) {
        let text = printer.join(&label.label);
        placed.push((height(&text, widths[position] - RIM, look.size, look.bold), 0, depth));
        rows[0].push(SheetCell::text(position, Role::Head, text).over(1, depth));
    }
    for head in heads {
        let turned = narrow && head.group.is_none();
        let need = if turned {
            upright(&head.text, room(&head), look)
        } else {
            height(&head.text, room(&head), look.size, look.bold)
        };
        placed.push((need, head.level, head.levels));
        let mut cell =
            SheetCell::text(2 + head.column * span, Role::Head, head.text).over(head.columns * span, head.levels);
        cell.upright = turned;
        rows[head.level].push(cell);
    }
    // Cells of one row first: what taller cells still lack goes to their last row.
    placed.sort_by_key(|(_, _, levels)| *levels);
    for (need, level, levels) in placed {
        let have: f64 = heights[level..level + levels].iter().sum();
        heights[level + levels - 1] += (need - have).max(0.0);
    }
    let mut strips: Vec<Strip> =
        rows.into_iter().zip(heights).map(|(cells, height)| Strip::block(cells, height).kept()).collect();
    strips.extend(marks(grid, span, printer, theme));
    strips
}

/// The row of letters and numbers under the heads.
fn marks(grid: &Grid, span: usize, printer: &Printer, theme: &Theme) -> Option<Strip> {
    grid.columns.iter().any(|column| column.mark.is_some()).then(|| {
        let mut cells = vec![SheetCell::text(0, Role::HeadMark, String::new())];
        cells.push(SheetCell::text(1, Role::HeadMark, printer.join(&printer.words.stub_mark)));
        for (position, column) in grid.columns.iter().enumerate() {
            let mark = column.mark.clone().unwrap_or_default();
            cells.push(SheetCell::text(2 + position * span, Role::HeadMark, mark).over(span, 1));
        }
        Strip::block(cells, stacked(1, theme.look(Role::HeadMark).size)).kept()
    })
}

/// How many head rows two grids share from the top: the same texts above the same columns of the sheet.
pub fn shared(one: &[Strip], other: &[Strip]) -> usize {
    let texts = |strip: &Strip| -> Vec<(usize, usize, usize, Content)> {
        let Body::Block(cells) = &strip.body else { return Vec::new() };
        let above_values = cells.iter().filter(|cell| cell.column > 1);
        above_values.map(|cell| (cell.column, cell.columns, cell.rows, cell.content.clone())).collect()
    };
    one.iter().zip(other).take_while(|(one, other)| texts(one) == texts(other)).count()
}

/// The heads below the first `shared` rows, with nothing above the stub; the row of marks is not printed twice.
pub fn below(strips: Vec<Strip>, shared: usize) -> Vec<Strip> {
    let without_stub = |mut strip: Strip| {
        let Body::Block(cells) = &mut strip.body else { return None };
        let marks = cells.first().is_some_and(|cell| cell.role == Role::HeadMark);
        cells.retain(|cell| cell.column > 1);
        let blank = [0, 1].map(|column| SheetCell::text(column, Role::Head, String::new()));
        cells.splice(0..0, blank);
        (!marks).then_some(Strip { again: true, ..strip })
    };
    strips.into_iter().skip(shared).filter_map(without_stub).collect()
}
