//! A form laid out: where its lines and columns stand.

use crate::definitions::printed::Printer;
use crate::definitions::theme::{Role, Theme};
use crate::render::sheet::cell::{Strip, a1};
use crate::report::Report;
use crate::rules::recipe::{Index, Sums};
use std::ops::Range;

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
}
