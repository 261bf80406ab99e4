//! A figure over cells that knows its formula.

use crate::definitions::form::Form;
use crate::definitions::slot::Terms;
use crate::values::cells::{Cells, Established, Value};
use crate::values::period::Quarter;
use std::collections::BTreeMap;

/// A share or a change in per cent of fewer than these is no share: only the numbers are printed.
pub const SMALL: i64 = 30;

/// A cell of the report: line, and column of its grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct At {
    pub line: usize,
    pub column: usize,
}

/// How a figure follows from cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Formula {
    /// Sum that skips "-" (forms.md, D2).
    Sum(Vec<At>),
    /// The same over an earlier report: the rows and columns by their names, and the number that stood there.
    Earlier {
        quarter: Quarter,
        of: String,
        value: i64,
    },
    /// The same over the report of one unit, by its code or name.
    Unit {
        unit: String,
        of: String,
        value: i64,
    },
    /// Records behind the cells that say this in the field, and how many.
    Records {
        field: String,
        value: i64,
    },
    /// How many lines a block has beyond those that are shown.
    Lines(usize),
    Minus(Box<Self>, Box<Self>),
    /// Per cent.
    Share(Box<Self>, Box<Self>),
    /// Change of the first against the second, in per cent of the second.
    Change(Box<Self>, Box<Self>),
}

/// A number that knows where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    pub formula: Formula,
    pub value: Ratio,
}

/// An exact value: a whole number when the divisor is 1, else per cent when printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ratio {
    pub above: i128,
    pub below: i128,
}

impl Ratio {
    pub fn whole(value: i64) -> Self {
        Self { above: i128::from(value), below: 1 }
    }

    /// Tenths of the value, rounded half away from zero.
    pub fn tenths(self) -> i128 {
        let (above, below) = (self.above * 20, self.below.max(1));
        let rounded = (above.abs() + below) / (2 * below);
        if above < 0 { -rounded } else { rounded }
    }
}

impl Figure {
    /// A whole number.
    pub fn count(formula: Formula, value: i64) -> Self {
        Self { formula, value: Ratio::whole(value) }
    }

    /// The whole number; of a share its tenths would be needed.
    pub fn number(&self) -> i64 {
        i64::try_from(self.value.above / self.value.below.max(1)).unwrap_or(i64::MAX)
    }

    #[must_use]
    pub fn minus(&self, other: &Self) -> Self {
        let formula = Formula::Minus(Box::new(self.formula.clone()), Box::new(other.formula.clone()));
        let (a, b) = (self.value, other.value);
        Self { formula, value: Ratio { above: a.above * b.below - b.above * a.below, below: a.below * b.below } }
    }

    /// Per cent of the whole; `None` where the whole is a small base.
    pub fn share(&self, whole: &Self) -> Option<Self> {
        if whole.number() < SMALL {
            return None;
        }
        let formula = Formula::Share(Box::new(self.formula.clone()), Box::new(whole.formula.clone()));
        let value = Ratio { above: self.value.above * 100, below: whole.value.above };
        Some(Self { formula, value })
    }

    /// Change against an earlier figure in per cent; `None` where that is a small base.
    pub fn change(&self, before: &Self) -> Option<Self> {
        if before.number() < SMALL {
            return None;
        }
        let formula = Formula::Change(Box::new(self.formula.clone()), Box::new(before.formula.clone()));
        let value = Ratio { above: (self.value.above - before.value.above) * 100, below: before.value.above };
        Some(Self { formula, value })
    }
}

/// The cells of one report, ready to be asked.
#[derive(Debug)]
pub struct Figures<'a> {
    pub form: &'a Form,
    pub cells: &'a Cells,
    /// Row → line of the row itself.
    rows: BTreeMap<usize, usize>,
    /// Counts of records that no form counts, by the names that begin with `#`.
    told: BTreeMap<&'static str, i64>,
}

impl<'a> Figures<'a> {
    pub fn new(form: &'a Form, cells: &'a Cells) -> Self {
        let own = cells.lines.iter().enumerate().filter(|(_, line)| line.key.is_row());
        Self { form, cells, rows: own.map(|(place, line)| (line.row, place)).collect(), told: BTreeMap::new() }
    }

    /// With what the records say and no form counts.
    #[must_use]
    pub fn telling(mut self, told: BTreeMap<&'static str, i64>) -> Self {
        self.told.extend(told);
        self
    }

    /// With how much of the cells others established, if anything (D15).
    #[must_use]
    pub fn with_established(mut self, established: &Established) -> Self {
        let of_quarter = established.0.iter().filter(|((row, column), _)| {
            self.form.grid_of(*row).columns.get(*column).is_some_and(|column| column.month.is_none())
        });
        let value: i64 = of_quarter.map(|(_, value)| value).sum();
        self.told.extend((value > 0).then_some(("#established", value)));
        self
    }

    /// The cells that terms name; a row without a column means its columns of the quarter.
    pub fn cells_of(&self, terms: &Terms) -> Vec<At> {
        let mut found = Vec::new();
        for term in terms {
            let Some(row) = self.form.row_position(&term.row) else { continue };
            let Some(line) = self.rows.get(&row) else { continue };
            let columns = self.columns(row, term.column.as_deref());
            found.extend(columns.into_iter().map(|column| At { line: *line, column }));
        }
        found
    }

    /// Columns of a row's grid: the named one, or those of the quarter.
    pub fn columns(&self, row: usize, name: Option<&str>) -> Vec<usize> {
        let grid = self.form.grid_of(row);
        if let Some(name) = name {
            return grid.column(name).into_iter().collect();
        }
        let all = grid.columns.iter().enumerate();
        all.filter(|(_, column)| column.month.is_none()).map(|(place, _)| place).collect()
    }

    /// The figure of terms; `None`: nobody knows.
    pub fn of(&self, terms: &Terms) -> Option<Figure> {
        if let [term] = terms.as_slice()
            && term.row.starts_with('#')
        {
            let value = *self.told.get(term.row.as_str())?;
            return Some(Figure::count(Formula::Records { field: term.row.clone(), value }, value));
        }
        self.sum(self.cells_of(terms))
    }

    /// A month of a row, 1 to 3.
    pub fn month(&self, row: &str, month: u32) -> Option<Figure> {
        let row = self.form.row_position(row)?;
        let line = *self.rows.get(&row)?;
        let columns = self.form.grid_of(row).columns.iter().enumerate();
        let months = columns.filter(|(_, column)| column.month == Some(month));
        self.sum(months.map(|(column, _)| At { line, column }).collect())
    }

    /// The sum of cells.
    pub fn sum(&self, cells: Vec<At>) -> Option<Figure> {
        let values = cells.iter().filter_map(|at| self.cells.lines[at.line].values.get(at.column));
        let value = Value::sum(values)?.number()?;
        Some(Figure::count(Formula::Sum(cells), value))
    }

    /// The line of a row itself.
    pub fn line(&self, row: usize) -> Option<usize> {
        self.rows.get(&row).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_round_half_away_from_zero() {
        let tenths = |above, below| Ratio { above, below }.tenths();
        assert_eq!([tenths(1, 20), tenths(-1, 20), tenths(100, 3), tenths(200, 3)], [1, -1, 333, 667]);
    }

    #[test]
    fn small_bases_have_no_share() {
        let of = |value| Figure::count(Formula::Lines(0), value);
        assert!(of(10).share(&of(29)).is_none() && of(10).change(&of(29)).is_none());
        assert_eq!(of(15).share(&of(30)).map(|share| share.value.tenths()), Some(500));
        assert_eq!(of(15).change(&of(30)).map(|share| share.value.tenths()), Some(-500));
    }
}
