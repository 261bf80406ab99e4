//! A form laid out: where its lines and columns stand.

use crate::definitions::printed::Printer;
use crate::definitions::theme::{Role, Theme};
use crate::render::sheet::cell::{Strip, a1};
use crate::report::Report;
use crate::rules::recipe::{Index, Sums};
use std::ops::Range;

/// A workbook holds no more page breaks than this (Excel's limit).
pub(crate) const BREAKS: usize = 1023;

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
pub struct FormSheet<'a> {
    pub report: &'a Report<'a>,
    pub mode: Mode,
    pub theme: &'a Theme,
    pub printer: Printer,
    pub index: Index,
    /// Points; the two stub columns, then the columns of values.
    pub widths: Vec<f64>,
    pub strips: Vec<Strip>,
    /// Rows of each tree of heads with its marks.
    pub heads: Vec<Range<usize>>,
    /// Rows that a workbook repeats on every page.
    pub titles: Option<Range<usize>>,
    /// Rows at which a page of a workbook begins, the first one left out.
    pub breaks: Vec<usize>,
    /// First row of the signature block.
    pub signature: usize,
    /// Row of the sheet of each line of the form.
    pub(crate) places: Vec<Option<usize>>,
}

impl FormSheet<'_> {
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
            Role::Note | Role::NoteBeside => undated,
            _ => false,
        }
    }

    /// Position in the form of the grid of the first line at or below a row of the sheet.
    pub fn grid_at(&self, row: usize) -> Option<usize> {
        let line = self.strips.get(row..)?.iter().find_map(Strip::line)?;
        let form = self.report.form;
        let own = &form.grid_of(self.report.cells.lines[line].row).id;
        form.grids.iter().position(|grid| grid.id == *own)
    }

    /// Whether heads of its own stand in a row or right below it.
    pub fn brings_heads(&self, row: usize) -> bool {
        self.heads.iter().any(|heads| heads.start == row || heads.start == row + 1)
    }

    /// Pages of the form in a workbook; unknown where lines may be added to it, or where the pages end of themselves.
    pub fn pages(&self) -> Option<usize> {
        let known = !self.is_blank() && self.breaks.len() < BREAKS;
        known.then_some(self.breaks.len() + 1)
    }

    /// Columns of the sheet that each column of the line's grid takes.
    pub fn span(&self, line: usize) -> usize {
        let columns = self.report.form.grid_of(self.report.cells.lines[line].row).columns.len().max(1);
        ((self.widths.len() - 2) / columns).max(1)
    }

    /// Row of the sheet, from 0, of a line of the form.
    pub fn row_of(&self, line: usize) -> Option<usize> {
        self.places.get(line).copied().flatten()
    }

    /// Row and column of the sheet, from 0, of a value.
    pub fn position(&self, line: usize, column: usize) -> Option<(usize, usize)> {
        Some((self.row_of(line)?, 2 + column * self.span(line)))
    }

    /// A1 address of a value on the first sheet of the workbook.
    pub fn address(&self, line: usize, column: usize) -> Option<String> {
        self.position(line, column).map(|(row, column)| a1(row, column))
    }
}
