//! The neutral page: rows of cells with roles, the same for the workbook and the printed page.

pub mod measure;
pub mod blocks;
pub mod heads;
pub mod pages;
pub mod checks;

use crate::definitions::printed::Printer;
use crate::definitions::theme::{Role, Theme};
use crate::report::Report;
use crate::rules::recipe::{Index, Recipe, Sums};
use crate::sources::raw::column_letters;
use crate::values::cells::Value;
use crate::words::lang::Lang;
use anyhow::Result;
use std::ops::Range;

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
        Self {
            column,
            columns: 1,
            rows: 1,
            role,
            indent: 0,
            upright: false,
            content: Content::Text(text),
            recipe: None,
        }
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

/// A form to read, or one to fill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Filled,
    /// Every sum is live, and names of lines are open to editing; `dated`: the period is known.
    Blank {
        dated: bool,
    },
}

/// A filled form laid out.
#[derive(Debug)]
pub struct Sheet<'a> {
    pub report: &'a Report<'a>,
    pub mode: Mode,
    pub theme: Theme,
    pub printer: Printer,
    pub index: Index,
    /// Points; the two stub columns, then the columns of values.
    pub widths: Vec<f64>,
    pub strips: Vec<Strip>,
    /// Rows of each tree of heads with its marks.
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
    lay(report, report.langs, Mode::Filled)
}

/// Lays a report out in other languages than it is printed in.
///
/// # Errors
/// As `build`.
pub fn build_in<'a>(report: &'a Report<'a>, langs: &[Lang]) -> Result<Sheet<'a>> {
    lay(report, langs, Mode::Filled)
}

/// Lays an empty form out.
///
/// # Errors
/// As `build`.
pub fn build_blank<'a>(report: &'a Report<'a>, dated: bool) -> Result<Sheet<'a>> {
    lay(report, report.langs, Mode::Blank { dated })
}

fn lay<'a>(report: &'a Report<'a>, langs: &[Lang], mode: Mode) -> Result<Sheet<'a>> {
    let (theme, printer) = (report.definitions.theme.clone(), Printer::new(langs, &report.definitions.printed));
    let lines = &report.cells.lines;
    let index = Index::new(report.form, lines);
    let widths = pages::widths(report, &theme);
    let mut sheet = Sheet {
        report,
        mode,
        theme,
        printer,
        index,
        widths,
        strips: Vec::new(),
        heads: Vec::new(),
        signature: 0,
        places: vec![None; lines.len()],
    };
    sheet.strips = blocks::head(&sheet);
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
        let height = blocks::line_height(&sheet, position);
        sheet.strips.push(Strip { height, keep: false, body: Body::Line(position) });
    }
    // A page that holds signatures alone proves nothing: the last line goes with them.
    if let Some(last) = sheet.strips.last_mut() {
        last.keep = true;
    }
    sheet.signature = sheet.strips.len();
    let signature = blocks::signature(&sheet);
    sheet.strips.extend(signature);
    Ok(sheet)
}

impl Sheet<'_> {
    pub fn sums(&self) -> Sums<'_> {
        Sums { form: self.report.form, lines: &self.report.cells.lines, index: &self.index }
    }

    pub fn is_blank(&self) -> bool {
        self.mode != Mode::Filled
    }

    /// Whether the reader shall write into a text: names of lines, the signature, a period that is not known.
    pub fn is_open(&self, role: Role) -> bool {
        let undated = self.mode == Mode::Blank { dated: false };
        match role {
            Role::Line | Role::Provider | Role::Signature | Role::Signing => self.is_blank(),
            Role::Note => undated,
            _ => false,
        }
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
            Body::Line(line) => blocks::line(self, *line),
        }
    }

    /// Rows to repeat on a page that begins at `row`: the heads that stand above it, or only their marks when
    /// the heads are tall (the marks are printed for that). A workbook repeats those of its first heads.
    pub fn repeated(&self, row: usize) -> Option<Range<usize>> {
        let heads = self.heads.iter().rev().find(|heads| heads.end <= row)?;
        let tall: f64 = self.strips[heads.clone()].iter().map(|strip| strip.height).sum();
        let marked = self.cells(heads.end - 1).first().is_some_and(|cell| cell.role == Role::HeadMark);
        let whole = !marked || tall < self.theme.area().1 * TALL;
        Some(if whole { heads.clone() } else { heads.end - 1..heads.end })
    }

    /// Rows that a workbook repeats on every page.
    pub fn repeated_first(&self) -> Option<Range<usize>> {
        self.heads.first().and_then(|heads| self.repeated(heads.end))
    }

    fn begin_section(&mut self, row: usize) {
        let form = self.report.form;
        let section = form.section_of(row);
        let title = section.label.as_ref().map(|label| {
            let text = self.printer.join(label);
            let look = self.theme.look(Role::Section);
            let height = measure::height(&text, self.widths.iter().sum::<f64>() - 8.0, look.size, look.bold);
            Strip::block(vec![Cell::text(0, Role::Section, text).over(self.widths.len(), 1)], height).kept()
        });
        // As printed: the first heads stand above the first section, later ones below the section's name.
        let first = self.heads.is_empty();
        let (before, after) = if first { (None, title) } else { (title, None) };
        self.strips.extend(before);
        if first || section.heads {
            let grid = form.grid_of(row);
            let span = ((self.widths.len() - 2) / grid.columns.len().max(1)).max(1);
            let heads = heads::strips(grid, &self.widths, span, &self.printer, &self.theme);
            self.heads.push(self.strips.len()..self.strips.len() + heads.len());
            self.strips.extend(heads);
        }
        self.strips.extend(after);
    }
}

/// Heads that take more than this share of a page are tall.
const TALL: f64 = 0.28;

/// A1 address of a row and column counted from 0.
pub fn a1(row: usize, column: usize) -> String {
    let mut address = column_letters(column);
    address.push_str(&(row + 1).to_string());
    address
}

#[cfg(test)]
mod tests {
    use super::a1;

    #[test]
    fn addresses() {
        let known = [((0, 0), "A1"), ((9, 25), "Z10"), ((0, 26), "AA1"), ((0, 701), "ZZ1"), ((0, 702), "AAA1")];
        for ((row, column), address) in known {
            assert_eq!(a1(row, column), address);
        }
    }
}
