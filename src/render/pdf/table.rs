//! Tables of the analytical report: columns measured, heads repeated on every page.

use crate::analytical::document::{Side, Table, TableColumn, TableRow, text};
use crate::render::pdf::flow::{Flow, PITCH, height, kind};
use crate::render::pdf::font::{ASCENT, Fonts};
use crate::render::pdf::page::{Anchor, Ink};
use crate::render::pdf::text as pdf_text;
use crate::render::pdf::text::Type;

/// Between a line of the table and its text, in points.
const PAD: f64 = 3.0;
/// A level of rows is this much to the right, in points.
const LEVEL: f64 = 9.0;
/// No column asks for more than this, in points.
const WIDEST: f64 = 120.0;

/// A row broken into lines.
struct Laid {
    cells: Vec<Vec<String>>,
    kind: Type,
    height: f64,
    level: f64,
}

/// Places a table; its title, heads and first row stay together.
pub(crate) fn place(flow: &mut Flow<'_>, table: &Table) {
    let prose = &flow.theme.prose;
    let (caption, head, plain) = (kind(&prose.caption), kind(&prose.head), kind(&prose.cell));
    let widths = widths(&flow.file.fonts, table, flow.width(), head, plain);
    let title = pdf_text::lines(&flow.file.fonts, &text(&table.title), flow.width(), caption);
    let heads =
        laid(&flow.file.fonts, &table.columns.iter().map(|c| text(&c.head)).collect::<Vec<_>>(), &widths, head, 0.0);
    let rows: Vec<Laid> = table.rows.iter().map(|row| row_laid(&flow.file.fonts, row, &widths, plain)).collect();
    let first = rows.first().map_or(0.0, |row| row.height) + rows.get(1).map_or(0.0, |row| row.height);
    let all: f64 = rows.iter().map(|row| row.height).sum();
    let top = height(&title, caption) + 6.5 + heads.height;
    // A table that fits on a page is not torn for the sake of a corner of this one.
    let page = flow.theme.portrait.height - flow.theme.portrait.bottom - flow.theme.portrait.top;
    flow.need(if top + all < page * 0.22 { top + all } else { top + first });
    flow.top += 3.0;
    flow.lines(&title, caption, flow.theme.prose.caption.align, 0.0);
    flow.top += 3.0;
    draw(flow, table, &widths, &heads, true);
    for (nth, row) in rows.iter().enumerate() {
        // The last row does not stand alone under repeated heads.
        let pair = if nth + 2 == rows.len() { rows[nth + 1].height } else { 0.0 };
        if row.height + pair > flow.room() && nth > 0 {
            flow.begin_page();
            let again = format!("{}: {}", flow.continued, text(&table.title));
            let again = pdf_text::lines(&flow.file.fonts, &again, flow.width(), caption);
            flow.lines(&again, caption, flow.theme.prose.caption.align, 0.0);
            flow.top += 3.0;
            draw(flow, table, &widths, &heads, true);
        }
        draw(flow, table, &widths, row, false);
    }
    flow.top += 9.0;
}

fn row_laid(fonts: &Fonts, row: &TableRow, widths: &[f64], plain: Type) -> Laid {
    let kind = if row.total { Type { face: crate::render::pdf::font::Face::Bold, ..plain } } else { plain };
    laid(
        fonts,
        &row.cells.iter().map(|cell| text(cell)).collect::<Vec<_>>(),
        widths,
        kind,
        f64::from(row.level) * LEVEL,
    )
}

/// The widths of a row: a cell that is alone in it has the whole table.
fn of_row(cells: usize, widths: &[f64]) -> Vec<f64> {
    if cells == 1 { vec![widths.iter().sum()] } else { widths.to_vec() }
}

fn laid(fonts: &Fonts, texts: &[String], widths: &[f64], kind: Type, level: f64) -> Laid {
    let widths = of_row(texts.len(), widths);
    let cells: Vec<Vec<String>> = texts
        .iter()
        .zip(&widths)
        .enumerate()
        .map(|(nth, (text, width))| {
            let indent = if nth == 0 { level } else { 0.0 };
            pdf_text::lines(fonts, text, width - 2.0 * PAD - indent, kind)
        })
        .collect();
    let tall = cells.iter().map(|lines| height(lines, kind)).fold(0.0, f64::max) + 2.0 * PAD - 1.0;
    Laid { cells, kind, height: tall, level }
}

fn draw(flow: &mut Flow<'_>, table: &Table, widths: &[f64], row: &Laid, head: bool) {
    let (left, top) = (flow.theme.portrait.left, flow.top);
    let line = Ink::hex(&flow.theme.line);
    let fill = flow.theme.prose.head.fill.clone().filter(|_| head);
    let (page, fonts) = flow.page();
    let total: f64 = widths.iter().sum();
    if let Some(fill) = fill {
        page.fill(left, top, total, row.height, Ink::hex(&fill));
    }
    let mut x = left;
    let widths = of_row(row.cells.len(), widths);
    for (nth, ((lines, width), column)) in row.cells.iter().zip(&widths).zip(&table.columns).enumerate() {
        let indent = if nth == 0 { row.level } else { 0.0 };
        let (at, anchor) = match column.side {
            _ if head => (x + width / 2.0, Anchor::Middle),
            Side::Left => (x + PAD + indent, Anchor::Start),
            Side::Right => (x + width - PAD, Anchor::End),
        };
        // Numbers stand in the middle of a high row, words at its top.
        let free = row.height - 2.0 * PAD + 1.0 - height(lines, row.kind);
        let shift = if head || column.side == Side::Right { free / 2.0 } else { 0.0 };
        let mut y = top + PAD - 0.5 + shift + row.kind.size * (ASCENT + (PITCH - 1.107) / 2.0);
        for text in lines {
            page.text(fonts, at, y, text, row.kind, Ink::BLACK, anchor);
            y += row.kind.size * PITCH;
        }
        page.line(&[(x, top), (x, top + row.height)], 0.5, line);
        x += width;
    }
    page.line(&[(x, top), (x, top + row.height)], 0.5, line);
    for y in [top, top + row.height] {
        page.line(&[(left, y), (x, y)], 0.5, line);
    }
    flow.top += row.height;
}

/// Every column as wide as its longest word; what is left goes by weight.
fn widths(fonts: &Fonts, table: &Table, total: f64, head: Type, plain: Type) -> Vec<f64> {
    let bold = Type { face: crate::render::pdf::font::Face::Bold, ..plain };
    let longest = |text: &str, kind: Type| {
        let words = text.split([' ', '\n']).map(|word| fonts.width(word, kind.face, kind.size));
        words.fold(0.0, f64::max) + 2.0 * PAD + 0.5
    };
    let least = |nth: usize, column: &TableColumn| {
        let rows = table.rows.iter().filter(|row| row.cells.len() == table.columns.len());
        let cells = rows.filter_map(|row| row.cells.get(nth).map(|cell| longest(&text(cell), bold)));
        cells.fold(longest(&text(&column.head), head), f64::max).min(WIDEST)
    };
    let mut widths: Vec<f64> = table.columns.iter().enumerate().map(|(nth, column)| least(nth, column)).collect();
    let taken: f64 = widths.iter().sum();
    if taken > total {
        return widths.iter().map(|width| width * total / taken).collect();
    }
    // Columns whose words are wider than their share keep them; the others share what remains.
    let mut open: Vec<usize> = (0..widths.len()).collect();
    loop {
        let fixed: f64 = (0..widths.len()).filter(|nth| !open.contains(nth)).map(|nth| widths[nth]).sum();
        let weights: f64 = open.iter().map(|nth| table.columns[*nth].weight).sum();
        let share = |nth: usize| (total - fixed) * table.columns[nth].weight / weights;
        let Some(wide) = open.iter().position(|nth| widths[*nth] > share(*nth)) else {
            let shares: Vec<(usize, f64)> = open.iter().map(|nth| (*nth, share(*nth))).collect();
            for (nth, share) in shares {
                widths[nth] = share;
            }
            return widths;
        };
        open.remove(wide);
    }
}
