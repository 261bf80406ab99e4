//! Cells and rows of a page, before it becomes a workbook or paper.

use crate::definitions::theme::Role;
use crate::rules::recipe::Recipe;
use crate::sources::raw::column_letters;
use crate::values::cells::Value;

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    Text(String),
    /// A value of the form; such cells may be edited, all others may not.
    Value(Value),
}

/// One cell, merged over `columns` × `rows`.
#[derive(Debug, Clone)]
pub struct SheetCell {
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

impl SheetCell {
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
#[derive(Debug, Clone)]
pub struct Strip {
    /// Points.
    pub height: f64,
    /// No page may end after this row.
    pub keep: bool,
    /// Heads once more, at the top of a page of a workbook: paper repeats its own.
    pub again: bool,
    pub(crate) body: Body,
}

#[derive(Debug, Clone)]
pub(crate) enum Body {
    Block(Vec<SheetCell>),
    /// Cells of a line of the form are made when asked for: a form may have 50,000 of them.
    Line(usize),
}

impl Strip {
    pub fn block(cells: Vec<SheetCell>, height: f64) -> Self {
        Self { height, keep: false, again: false, body: Body::Block(cells) }
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
