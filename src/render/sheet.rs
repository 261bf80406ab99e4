//! The neutral page: rows of cells with roles, the same for the workbook and the printed page.

use super::sheet_sums::{Index, Level, Recipe, Sums};
use super::sheet_theme::Theme;
use super::sheet_words::Printer;
use super::{sheet_blocks, sheet_heads, sheet_measure};
use crate::cells::Value;
use crate::definitions::form::{LineBy, Row};
use crate::report::Report;
use anyhow::Result;
use serde::Deserialize;
use std::ops::Range;

/// What a cell is for; its look stands in the theme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Annex,
    Note,
    Title,
    Head,
    HeadMark,
    Section,
    StubNo,
    Stub,
    StubTotal,
    Provider,
    Line,
    Figure,
    Total,
    Signature,
    Hint,
    Machine,
}

impl Role {
    pub const ALL: [Self; 16] = [
        Self::Annex, Self::Note, Self::Title, Self::Head, Self::HeadMark, Self::Section, Self::StubNo, Self::Stub,
        Self::StubTotal, Self::Provider, Self::Line, Self::Figure, Self::Total, Self::Signature, Self::Hint, Self::Machine,
    ];
}

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    Text(String),
    /// A value of the form; such cells may be edited, all others may not.
    Value(Value),
}

/// One cell, merged over `columns` × `rows`.
#[derive(Debug, Clone)]
pub struct Cell {
    /// Column of the sheet, from 0.
    pub column: usize,
    pub columns: usize,
    pub rows: usize,
    pub role: Role,
    pub indent: u8,
    /// The text stands upright, read from below.
    pub upright: bool,
    pub content: Content,
    /// What the value is the sum of; absent where the value differs from what the recipe gives.
    pub recipe: Option<Recipe>,
}

impl Cell {
    pub fn text(column: usize, role: Role, text: String) -> Self {
        Self { column, columns: 1, rows: 1, role, indent: 0, upright: false, content: Content::Text(text), recipe: None }
    }

    /// Merges the cell over so many columns and rows.
    #[must_use]
    pub fn over(self, columns: usize, rows: usize) -> Self {
        Self { columns, rows, ..self }
    }
}

/// One row of the sheet.
#[derive(Debug)]
pub struct Strip {
    /// Points.
    pub height: f64,
    /// No page may end after this row.
    pub keep: bool,
    body: Body,
}

#[derive(Debug)]
enum Body {
    Block(Vec<Cell>),
    /// Cells of a line of the form are made when asked for: a form may have 50,000 of them.
    Line(usize),
}

impl Strip {
    pub fn block(cells: Vec<Cell>, height: f64) -> Self {
        Self { height, keep: false, body: Body::Block(cells) }
    }

    /// Keeps the row on the page of the next one.
    #[must_use]
    pub fn kept(self) -> Self {
        Self { keep: true, ..self }
    }

    /// Position of the line of the form that the row prints.
    pub fn line(&self) -> Option<usize> {
        if let Body::Line(line) = self.body { Some(line) } else { None }
    }
}

/// A filled form laid out.
#[derive(Debug)]
pub struct Sheet<'a> {
    pub report: &'a Report<'a>,
    pub theme: Theme,
    pub printer: Printer,
    pub index: Index,
    /// Points; the two stub columns, then the columns of values.
    pub widths: Vec<f64>,
    pub strips: Vec<Strip>,
    /// Rows of each tree of heads with its marks; the first one is repeated on every page of a workbook.
    pub heads: Vec<Range<usize>>,
    /// First row of the signature block.
    pub signature: usize,
    /// Row of the sheet of each line of the form.
    places: Vec<Option<usize>>,
}

/// Lays a report out.
///
/// # Errors
/// The theme or the words inside the binary are not well-formed.
pub fn build<'a>(report: &'a Report<'a>) -> Result<Sheet<'a>> {
    let (theme, printer) = (Theme::read()?, Printer::new(report.langs)?);
    let lines = &report.cells.lines;
    let index = Index::new(report.form, lines);
    let widths = widths(report, &theme);
    let mut sheet = Sheet {
        report, theme, printer, index, widths,
        strips: Vec::new(), heads: Vec::new(), signature: 0, places: vec![None; lines.len()],
    };
    sheet.strips = sheet_blocks::head(&sheet);
    let mut section = None;
    for (position, line) in lines.iter().enumerate() {
        let row = &report.form.rows[line.row];
        if line.key.is_row() && row.lines_only {
            continue;
        }
        if section != Some(&row.section) {
            section = Some(&row.section);
            sheet.begin_section(line.row);
        }
        sheet.places[position] = Some(sheet.strips.len());
        let height = sheet.line_height(position);
        sheet.strips.push(Strip { height, keep: false, body: Body::Line(position) });
    }
    // A page that holds signatures alone proves nothing: the last line goes with them.
    if let Some(last) = sheet.strips.last_mut() {
        last.keep = true;
    }
    sheet.signature = sheet.strips.len();
    let signature = sheet_blocks::signature(&sheet);
    sheet.strips.extend(signature);
    Ok(sheet)
}

/// Widths of all columns: figures as wide as they need, the stub what is left of the page.
fn widths(report: &Report, theme: &Theme) -> Vec<f64> {
    let count = report.form.grids.iter().map(|grid| grid.columns.len()).max().unwrap_or(1).max(1);
    let (page, _) = theme.area();
    #[allow(clippy::cast_precision_loss)] // a form has a dozen columns
    let least = (page * 0.6 / count as f64).clamp(40.0, 54.0);
    let mut widths = vec![34.0, 0.0];
    widths.resize(2 + count, least);
    let look = theme.look(Role::Total);
    for line in &report.cells.lines {
        let span = (count / line.values.len().max(1)).max(1);
        for (position, value) in line.values.iter().enumerate().filter(|(_, value)| value.number() > Some(9999)) {
            let digits = value.print();
            let gaps = " ".repeat((digits.len() - 1) / 3);
            #[allow(clippy::cast_precision_loss)]
            let need = (sheet_measure::width(&(digits + &gaps), look.size, true) + 9.0) / span as f64;
            if let Some(width) = widths.get_mut(2 + position * span) {
                *width = width.max(need);
            }
        }
    }
    let taken: f64 = widths.iter().sum();
    widths[1] = (page - 2.0 - taken).max(190.0);
    widths
}

impl Sheet<'_> {
    pub fn sums(&self) -> Sums<'_> {
        Sums { form: self.report.form, lines: &self.report.cells.lines, index: &self.index }
    }

    /// Columns of the sheet that each column of the line's grid takes.
    pub fn span(&self, line: usize) -> usize {
        let columns = self.report.form.grid_of(self.report.cells.lines[line].row).columns.len().max(1);
        ((self.widths.len() - 2) / columns).max(1)
    }

    /// Row and column of the sheet, from 0, of a value.
    pub fn position(&self, line: usize, column: usize) -> Option<(usize, usize)> {
        Some((self.places.get(line).copied().flatten()?, 2 + column * self.span(line)))
    }

    /// A1 address of a value on the first sheet of the workbook.
    pub fn address(&self, line: usize, column: usize) -> Option<String> {
        self.position(line, column).map(|(row, column)| a1(row, column))
    }

    /// The cells of a row of the sheet, left to right.
    pub fn cells(&self, row: usize) -> Vec<Cell> {
        match &self.strips[row].body {
            Body::Block(cells) => cells.clone(),
            Body::Line(line) => self.line_cells(*line),
        }
    }

    /// The row of the sheet repeats on pages that begin after it: heads of the section there.
    pub fn heads_before(&self, row: usize) -> Option<&Range<usize>> {
        self.heads.iter().rev().find(|heads| heads.end <= row)
    }

    fn begin_section(&mut self, row: usize) {
        let form = self.report.form;
        let section = form.section_of(row);
        let title = section.label.as_ref().map(|label| {
            let text = self.printer.join(label);
            let look = self.theme.look(Role::Section);
            let height = sheet_measure::height(&text, self.widths.iter().sum::<f64>() - 8.0, look.size, look.bold);
            Strip::block(vec![Cell::text(0, Role::Section, text).over(self.widths.len(), 1)], height).kept()
        });
        // As printed: the first heads stand above the first section, later ones below the section's name.
        let first = self.heads.is_empty();
        let (before, after) = if first { (None, title) } else { (title, None) };
        self.strips.extend(before);
        if first || section.heads {
            let grid = form.grid_of(row);
            let span = ((self.widths.len() - 2) / grid.columns.len().max(1)).max(1);
            let heads = sheet_heads::strips(grid, &self.widths, span, &self.printer, &self.theme);
            self.heads.push(self.strips.len()..self.strips.len() + heads.len());
            self.strips.extend(heads);
        }
        self.strips.extend(after);
    }

    /// How deep the row stands below rows that it is a part of.
    fn depth(&self, row: &Row) -> u8 {
        let above = row.parent.as_ref().and_then(|id| self.report.form.row_position(id));
        above.map_or(0, |above| 1 + self.depth(&self.report.form.rows[above]).min(2))
    }

    fn stub(&self, line: usize) -> Cell {
        let line = &self.report.cells.lines[line];
        let row = &self.report.form.rows[line.row];
        let total = !row.sum.is_empty() || row.lines.first() == Some(&LineBy::Provider);
        let (role, text, indent) = match Level::of(line) {
            Level::Row if total => (Role::StubTotal, self.printer.join(&row.label), 0),
            Level::Row => (Role::Stub, self.printer.join(&row.label), self.depth(row)),
            Level::Provider => (Role::Provider, line.key.label(), u8::from(!row.lines_only)),
            Level::Service => (Role::Line, line.key.label(), self.depth(row).max(1) + u8::from(line.key.provider.is_none())),
        };
        Cell { indent, ..Cell::text(1, role, text) }
    }

    fn line_cells(&self, position: usize) -> Vec<Cell> {
        let (lines, sums) = (&self.report.cells.lines, self.sums());
        let line = &lines[position];
        let row = &self.report.form.rows[line.row];
        let first = row.lines_only && self.index.block(line.row).start == position;
        let number = if line.key.is_row() || first { row.print.clone() } else { String::new() };
        let stub = self.stub(position);
        let role = if matches!(stub.role, Role::StubTotal | Role::Provider) { Role::Total } else { Role::Figure };
        let mut cells = vec![Cell::text(0, Role::StubNo, number), stub];
        let span = self.span(position);
        for (column, value) in line.values.iter().enumerate() {
            let recipe = sums.recipe(position, column).filter(|recipe| sums.evaluate(recipe).as_ref() == Some(value));
            let content = Content::Value(value.clone());
            cells.push(Cell { content, recipe, ..Cell::text(2 + column * span, role, String::new()).over(span, 1) });
        }
        cells
    }

    fn line_height(&self, line: usize) -> f64 {
        let stub = self.stub(line);
        let look = self.theme.look(stub.role);
        let Content::Text(text) = &stub.content else { return look.size };
        sheet_measure::height(text, self.widths[1] - 6.0 - f64::from(stub.indent) * INDENT, look.size, look.bold)
    }
}

/// One step of indentation, in points, as spreadsheet programs draw it.
const INDENT: f64 = 7.5;

/// A1 address of a row and column counted from 0.
pub fn a1(row: usize, column: usize) -> String {
    format!("{}{}", letters(column), row + 1)
}

/// Letters of a column counted from 0.
pub fn letters(column: usize) -> String {
    let last = char::from(b'A' + u8::try_from(column % 26).unwrap_or(0));
    if column < 26 { last.to_string() } else { format!("{}{last}", letters(column / 26 - 1)) }
}
