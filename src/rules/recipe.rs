//! Which cells are sums of which: recipes that the workbook turns into formulas, and their values.

use crate::definitions::form::{Check, Form, LineBy, RowKind, Rule};
use crate::values::cells::{Line, Value};
use std::ops::Range;

/// More runs than this are summed by the level of the line instead.
const RUNS: usize = 16;

/// Lines `first..=last` in one column of values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    pub first: usize,
    pub last: usize,
    /// Position in the grid of the lines.
    pub column: usize,
}

/// How a number follows from cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recipe {
    /// Sum that skips "-"; of only "-" it is "-" (forms.md, D2).
    Sum(Vec<Run>),
    /// The same over those lines of a run that are providers.
    Providers(Run),
    /// The last of these cells that holds a number (stock rows).
    Last(Vec<Run>),
}

/// Level of a line within its row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    Row,
    Provider,
    Service,
}

impl Level {
    pub fn of(line: &Line) -> Self {
        match (&line.key.provider, &line.key.service) {
            (None, None) => Self::Row,
            (Some(_), None) => Self::Provider,
            (_, Some(_)) => Self::Service,
        }
    }

    pub fn code(self) -> &'static str {
        match self {
            Self::Row => "row",
            Self::Provider => "provider",
            Self::Service => "service",
        }
    }
}

/// Where rows, blocks and providers stand among the lines. Lines are in printed order, so a block is one range.
#[derive(Debug)]
pub struct Index {
    rows: Vec<Option<usize>>,
    blocks: Vec<Range<usize>>,
}

impl Index {
    pub fn new(form: &Form, lines: &[Line]) -> Self {
        let mut index = Self { rows: vec![None; form.rows.len()], blocks: vec![0..0; form.rows.len()] };
        for (position, line) in lines.iter().enumerate() {
            if Level::of(line) == Level::Row {
                index.rows[line.row] = Some(position);
            } else {
                let block = &mut index.blocks[line.row];
                *block = if block.end == 0 { position..position + 1 } else { block.start..position + 1 };
            }
        }
        index
    }

    /// The line of a row itself.
    pub fn row(&self, row: usize) -> Option<usize> {
        self.rows[row]
    }

    /// The lines of the variable block of a row.
    pub fn block(&self, row: usize) -> Range<usize> {
        self.blocks[row].clone()
    }

    /// The services of a provider's line.
    pub fn services(&self, lines: &[Line], provider: usize) -> Range<usize> {
        let end = self.blocks[lines[provider].row].end.max(provider + 1);
        let count = lines[provider + 1..end].iter().take_while(|line| Level::of(line) == Level::Service).count();
        provider + 1..provider + 1 + count
    }
}

/// Adds a line to the runs, joining it to the last one if it follows it.
fn append(runs: &mut Vec<Run>, line: usize, column: usize) {
    match runs.last_mut() {
        Some(run) if run.column == column && run.last + 1 == line => run.last = line,
        _ => runs.push(Run { first: line, last: line, column }),
    }
}

/// Cells and what they are made of, over the lines of one form.
#[derive(Debug, Clone, Copy)]
pub struct Sums<'a> {
    pub form: &'a Form,
    pub lines: &'a [Line],
    pub index: &'a Index,
}

impl Sums<'_> {
    /// Value of a cell; a line that is too short is blank there.
    pub fn value(&self, line: usize, column: usize) -> &Value {
        self.lines[line].values.get(column).unwrap_or(&Value::Blank)
    }

    /// The recipe of a cell, if it is a sum by definition.
    pub fn recipe(&self, line: usize, column: usize) -> Option<Recipe> {
        let position = self.lines[line].row;
        if !self.form.grid_of(position).columns.get(column)?.months.is_empty() {
            return Some(self.quarter(line, column));
        }
        let row = &self.form.rows[position];
        match Level::of(&self.lines[line]) {
            Level::Row if !row.sum.is_empty() => {
                let parts: Vec<usize> = row.sum.iter().filter_map(|id| self.form.row_position(id)).collect();
                self.rows(&parts, column)
            }
            // A line without lines below it may still be a sum of its own columns.
            Level::Row => self.top(position, column).or_else(|| self.columns(line, column)),
            Level::Provider => self.services(line, column).or_else(|| self.columns(line, column)),
            Level::Service => self.columns(line, column),
        }
    }

    /// A column that is the sum of others on its line, by the rules of the form.
    fn columns(&self, line: usize, column: usize) -> Option<Recipe> {
        let grid = self.form.grid_of(self.lines[line].row);
        let id = &grid.columns.get(column)?.id;
        let of_columns = |rule: &&Rule| rule.check == Check::ColumnsSum && rule.left_columns == [id.clone()];
        let rule = self.form.rules.iter().find(of_columns)?;
        let parts =
            rule.right_columns.iter().map(|id| grid.column(id).map(|column| Run { first: line, last: line, column }));
        parts.collect::<Option<Vec<Run>>>().map(Recipe::Sum)
    }

    /// A quarter column from its months: their sum, or for stock rows the last that has a value.
    pub fn quarter(&self, line: usize, column: usize) -> Recipe {
        let row = self.lines[line].row;
        let grid = self.form.grid_of(row);
        let months = grid.columns[column].months.iter().filter_map(|id| grid.column(id));
        let runs = months.map(|column| Run { first: line, last: line, column }).collect();
        match self.form.rows[row].kind {
            RowKind::Flow => Recipe::Sum(runs),
            RowKind::Stock => Recipe::Last(runs),
        }
    }

    /// Sum of rows in a column; a row of which only lines are printed stands for its providers.
    pub fn rows(&self, rows: &[usize], column: usize) -> Option<Recipe> {
        let mut runs = Vec::new();
        for row in rows {
            if let Some(line) = self.index.row(*row).filter(|_| !self.form.rows[*row].lines_only) {
                append(&mut runs, line, column);
            } else if rows.len() == 1 {
                return self.top(*row, column);
            }
        }
        (!runs.is_empty()).then_some(Recipe::Sum(runs))
    }

    /// Sum of the top lines of a row's block: providers where there are any, else all lines.
    pub fn top(&self, row: usize, column: usize) -> Option<Recipe> {
        let block = self.index.block(row);
        if block.is_empty() {
            return None;
        }
        let whole = Run { first: block.start, last: block.end - 1, column };
        if self.form.rows[row].lines.first() != Some(&LineBy::Provider) {
            return Some(Recipe::Sum(vec![whole]));
        }
        let mut runs = Vec::new();
        for line in block.filter(|line| Level::of(&self.lines[*line]) == Level::Provider) {
            append(&mut runs, line, column);
            if runs.len() > RUNS {
                return Some(Recipe::Providers(whole));
            }
        }
        (!runs.is_empty()).then_some(Recipe::Sum(runs))
    }

    /// Sum of the services of a provider's line.
    pub fn services(&self, provider: usize, column: usize) -> Option<Recipe> {
        let services = self.index.services(self.lines, provider);
        (!services.is_empty()).then(|| Recipe::Sum(vec![Run { first: services.start, last: services.end - 1, column }]))
    }

    /// What the recipe gives over the cells; `None` when one of them is blank or at fault.
    pub fn evaluate(&self, recipe: &Recipe) -> Option<Value> {
        match recipe {
            Recipe::Sum(_) | Recipe::Providers(_) => Value::sum(self.cells(recipe)),
            Recipe::Last(_) => {
                let last = self.cells(recipe).filter(|value| value.number().is_some()).last();
                self.cells(recipe).all(Value::is_sound).then(|| last.cloned().unwrap_or(Value::NoInfo))
            }
        }
    }

    /// What the recipe gives over those cells that are numbers; `None` when none is.
    pub fn plain(&self, recipe: &Recipe) -> Option<i64> {
        let numbers = self.cells(recipe).filter_map(Value::number);
        if let Recipe::Last(_) = recipe { numbers.last() } else { numbers.reduce(|sum, number| sum + number) }
    }

    /// The cells that a recipe reads, in order.
    fn cells<'s>(&'s self, recipe: &'s Recipe) -> impl Iterator<Item = &'s Value> {
        let (runs, providers) = match recipe {
            Recipe::Sum(runs) | Recipe::Last(runs) => (runs.as_slice(), false),
            Recipe::Providers(run) => (std::slice::from_ref(run), true),
        };
        runs.iter().flat_map(move |run| {
            let lines = (run.first..=run.last)
                .filter(move |line| !providers || Level::of(&self.lines[*line]) == Level::Provider);
            lines.map(|line| self.value(line, run.column))
        })
    }
}
