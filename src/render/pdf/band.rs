//! Rows of the sheet measured with the real face and drawn: a band is a row as high as its texts need.

use crate::definitions::theme::{Align, Role, Stand};
use crate::render::pdf::flow;
use crate::render::pdf::font::{ASCENT, DESCENT, Fonts};
use crate::render::pdf::page::{Anchor, Canvas, Ink};
use crate::render::pdf::rules::Rules;
use crate::render::pdf::text;
use crate::render::pdf::text::Type;
use crate::render::sheet::blocks::{INDENT, SIGNING};
use crate::render::sheet::{Content, FormSheet, SheetCell};
use crate::values::cells::Value;
use crate::words::number;
use std::ops::Range;

/// Distance of base lines, in ems.
const PITCH: f64 = 1.15;
/// Room between a text and the edges of its cell, in points: left and right, above and below.
const SIDE: f64 = 3.0;
const RIM: f64 = 2.0;
/// A table that is a little narrower than the page is made as wide as the page.
const LARGEST: f64 = 1.01;
/// An upright head is not set smaller than this, in points.
const SMALLEST: f64 = 5.0;

/// One cell with its text in lines.
#[derive(Debug, Clone)]
struct CellText {
    left: f64,
    width: f64,
    /// Bands that the cell covers.
    bands: usize,
    role: Role,
    kind: Type,
    indent: f64,
    upright: bool,
    lines: Vec<String>,
}

/// One row of the sheet on paper.
#[derive(Debug, Clone)]
pub struct Band {
    /// Points.
    pub height: f64,
    pieces: Vec<CellText>,
}

/// Measures and draws the rows of a sheet, made smaller so that they fit the paper.
#[derive(Debug)]
pub struct Setter<'s> {
    sheet: &'s FormSheet<'s>,
    pub scale: f64,
    /// Left edge of each column and the right edge of the last one, in points from the edge of the paper.
    edges: Vec<f64>,
}

/// Digits in groups of three, held together by no-break spaces.
fn grouped(value: &Value) -> String {
    value.number().map_or_else(|| value.print(), |number| number::grouped(i128::from(number)))
}

fn stacked(lines: usize, kind: Type) -> f64 {
    #[allow(clippy::cast_precision_loss)] // lines of a cell
    let lines = lines as f64;
    lines * kind.size * PITCH + 2.0 * RIM
}

impl<'s> Setter<'s> {
    pub fn new(sheet: &'s FormSheet<'s>) -> Self {
        let total: f64 = sheet.widths.iter().sum();
        let scale = (sheet.theme.area().0 / total).min(LARGEST);
        let mut edges = vec![sheet.theme.page.left];
        for width in &sheet.widths {
            edges.push(edges[edges.len() - 1] + width * scale);
        }
        Self { sheet, scale, edges }
    }

    /// Measures rows of the sheet; cells merged downward end with the last of them.
    pub fn bands(&self, fonts: &Fonts, rows: Range<usize>) -> Vec<Band> {
        let last = rows.end;
        let mut bands: Vec<Band> = Vec::new();
        for row in rows {
            // Heads are as high as the sheet has them: upright texts need a height to be broken to.
            let head = self.sheet.heads.iter().any(|heads| heads.contains(&row));
            let height = if head { self.sheet.strips[row].height * self.scale } else { 0.0 };
            let cells = self.sheet.cells(row);
            let pieces = cells.iter().map(|cell| self.piece(fonts, cell, row, last)).collect();
            bands.push(Band { height, pieces });
        }
        let mut needs: Vec<(usize, usize, f64)> = Vec::new();
        for (row, band) in bands.iter().enumerate() {
            needs.extend(band.pieces.iter().map(|piece| (piece.bands, row, need(piece))));
        }
        needs.sort_by_key(|(bands, ..)| *bands);
        for (count, row, need) in needs {
            let have: f64 = bands[row..row + count].iter().map(|band| band.height).sum();
            bands[row + count - 1].height += (need - have).max(0.0);
        }
        bands
    }

    fn piece(&self, fonts: &Fonts, cell: &SheetCell, row: usize, last: usize) -> CellText {
        let look = self.sheet.theme.look(cell.role);
        let mut kind = flow::kind(look);
        kind.size *= self.scale;
        let (left, right) = (self.edges[cell.column], self.edges[cell.column + cell.columns]);
        let width = right - left;
        let indent = f64::from(cell.indent) * INDENT * self.scale;
        let text = match &cell.content {
            Content::Text(text) => text.clone(),
            Content::Value(value) => grouped(value),
        };
        let bands = cell.rows.min(last - row);
        let strips = &self.sheet.strips[row..row + bands];
        let tall = strips.iter().map(|strip| strip.height).sum::<f64>() * self.scale;
        let room = if cell.upright { tall } else { width - indent } - 2.0 * SIDE;
        let mut lines = text::lines(fonts, &text, room, kind);
        while cell.upright && stacked(lines.len(), kind) - RIM > width && kind.size > SMALLEST {
            kind.size *= 0.96;
            lines = text::lines(fonts, &text, room, kind);
        }
        CellText { left, width, bands, role: cell.role, kind, indent, upright: cell.upright, lines }
    }

    /// Draws bands, one under another.
    pub fn draw(&self, fonts: &Fonts, bands: &[Band], page: &mut Canvas, rules: &mut Rules, top: f64) {
        let mut top = top;
        for (row, band) in bands.iter().enumerate() {
            for piece in &band.pieces {
                let height = bands[row..].iter().take(piece.bands).map(|band| band.height).sum();
                self.paint(fonts, piece, page, rules, top, height);
            }
            top += band.height;
        }
    }

    fn paint(&self, fonts: &Fonts, piece: &CellText, page: &mut Canvas, rules: &mut Rules, top: f64, height: f64) {
        let look = self.sheet.theme.look(piece.role);
        if let Some(fill) = &look.fill {
            page.fill(piece.left, top, piece.width, height, Ink::hex(fill));
        }
        if look.border {
            rules.frame(piece.left, top, piece.width, height);
        }
        let size = piece.kind.size;
        let text = stacked(piece.lines.len(), piece.kind) - 2.0 * RIM;
        // What the pitch leaves above and below the letters.
        let lead = size * (PITCH - ASCENT - DESCENT) / 2.0;
        if piece.upright {
            let mut line = piece.left + (piece.width - text) / 2.0 + lead + size * ASCENT;
            for text in &piece.lines {
                page.upright(fonts, line, top + height / 2.0, text, piece.kind, Ink::BLACK, Anchor::Middle);
                line += size * PITCH;
            }
            return;
        }
        let above = match look.stand {
            Stand::Top => RIM,
            Stand::Middle => (height - text) / 2.0,
            Stand::Bottom => height - text - RIM,
        };
        let (x, anchor) = match look.align {
            Align::Left => (piece.left + SIDE + piece.indent, Anchor::Start),
            Align::Center => (piece.left + piece.width / 2.0, Anchor::Middle),
            Align::Right => (piece.left + piece.width - SIDE, Anchor::End),
        };
        let mut line = top + above + lead + size * ASCENT;
        for text in &piece.lines {
            page.text(fonts, x, line, text, piece.kind, Ink::BLACK, anchor);
            line += size * PITCH;
        }
    }
}

/// Height that a cell asks for. An upright one has been broken to the height that it has.
fn need(piece: &CellText) -> f64 {
    match piece.role {
        _ if piece.upright => 0.0,
        Role::Signing => stacked(piece.lines.len(), piece.kind) + SIGNING,
        _ => stacked(piece.lines.len(), piece.kind),
    }
}

impl Band {
    /// Cuts a band that is higher than a page between lines of its texts; figures stay with the first part.
    pub fn cut(mut self, room: f64) -> (Self, Option<Self>) {
        let mut rest = self.clone();
        for (piece, rest) in self.pieces.iter_mut().zip(&mut rest.pieces) {
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // lines of a page
            let fit = ((room - 2.0 * RIM) / (piece.kind.size * PITCH)).floor().max(1.0) as usize;
            rest.lines = piece.lines.split_off(fit.min(piece.lines.len()));
        }
        let height = |band: &Self| band.pieces.iter().map(need).fold(0.0, f64::max);
        (self.height, rest.height) = (height(&self), height(&rest));
        let more = rest.pieces.iter().any(|piece| !piece.lines.is_empty());
        (self, Some(rest).filter(|_| more))
    }
}
