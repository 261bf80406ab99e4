//! Which cells are sums of which: recipes that the rules compare and the workbook turns into formulas.

use crate::definitions::form::{Check, Form, LineBy, RowKind, Rule};
use crate::values::cells::{Established, Line, Value};

/// More runs than this are summed by the level of the line instead.
const RUNS: usize = 16;

/// Lines `first..=last` in one column of values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    pub first: usize,
    pub last: usize,
    /// Position in the grid of the lines.
    pub column: usize,
}

/// How a number follows from cells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recipe {
    /// Sum that skips "-"; of only "-" it is "-" (forms.md, D2).
    Sum(Vec<Stretch>),
    /// The same over those lines of a run that are providers.
    Providers(Stretch),
    /// The last of these cells that holds a number (stock rows).
    Last(Vec<Stretch>),
}

impl Recipe {
    /// One cell.
    pub fn cell(line: usize, column: usize) -> Self {
        Self::Sum(vec![Stretch { first: line, last: line, column }])
    }

    /// The sum of no cells: "-", which equals 0.
    pub fn nothing() -> Self {
        Self::Sum(Vec::new())
    }

    /// The same in another column.
    #[must_use]
    pub fn in_column(&self, column: usize) -> Self {
        let moved = |run: &Stretch| Stretch { column, ..*run };
        match self {
            Self::Sum(runs) => Self::Sum(runs.iter().map(moved).collect()),
            Self::Providers(run) => Self::Providers(moved(run)),
            Self::Last(runs) => Self::Last(runs.iter().map(moved).collect()),
        }
    }

    /// The cells it reads, with lines between them that it may skip (`Sums::places` does).
    pub fn stretches(&self) -> &[Stretch] {
        match self {
            Self::Sum(stretches) | Self::Last(stretches) => stretches,
            Self::Providers(whole) => std::slice::from_ref(whole),
        }
    }
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

/// Where rows, blocks and providers stand among the lines.
#[derive(Debug)]
pub struct Index {
    rows: Vec<Option<usize>>,
    blocks: Vec<Vec<usize>>,
    providers: Vec<Vec<usize>>,
}

impl Index {
    pub fn new(form: &Form, lines: &[Line]) -> Self {
        let none = || vec![Vec::new(); form.rows.len()];
        let mut index = Self { rows: vec![None; form.rows.len()], blocks: none(), providers: none() };
        for (position, line) in lines.iter().enumerate() {
            if Level::of(line) == Level::Row {
                index.rows[line.row].get_or_insert(position);
            } else {
                index.blocks[line.row].push(position);
            }
            if Level::of(line) == Level::Provider {
                index.providers[line.row].push(position);
            }
        }
        index
    }

    /// The line of a row itself.
    pub fn row(&self, row: usize) -> Option<usize> {
        self.rows[row]
    }

    /// The lines of the variable block of a row, in printed order.
    pub fn block(&self, row: usize) -> &[usize] {
        &self.blocks[row]
    }

    /// The providers among them.
    pub fn providers(&self, row: usize) -> &[usize] {
        &self.providers[row]
    }
}

/// Adds a line, joining it to the last stretch if it follows it.
fn append(runs: &mut Vec<Stretch>, line: usize, column: usize) {
    match runs.last_mut() {
        Some(run) if run.column == column && run.last + 1 == line => run.last = line,
        _ => runs.push(Stretch { first: line, last: line, column }),
    }
}

/// Cells and what they are made of, over the lines of one form.
#[derive(Debug, Clone, Copy)]
pub struct Sums<'a> {
    pub form: &'a Form,
    pub lines: &'a [Line],
    pub index: &'a Index,
}

impl<'a> Sums<'a> {
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
        let of_columns =
            |rule: &&Rule| rule.check == Check::ColumnsSum && rule.left_columns == std::slice::from_ref(id);
        let rule = self.form.rules.iter().find(of_columns)?;
        let parts = rule
            .right_columns
            .iter()
            .map(|id| grid.column(id).map(|column| Stretch { first: line, last: line, column }));
        parts.collect::<Option<Vec<_>>>().map(Recipe::Sum)
    }

    /// A quarter column from its months: their sum, or for stock rows the last that has a value.
    pub fn quarter(&self, line: usize, column: usize) -> Recipe {
        let row = self.lines[line].row;
        let grid = self.form.grid_of(row);
        let months = grid.columns[column].months.iter().filter_map(|id| grid.column(id));
        let runs = months.map(|column| Stretch { first: line, last: line, column }).collect();
        match self.form.rows[row].kind {
            RowKind::Flow => Recipe::Sum(runs),
            RowKind::Stock => Recipe::Last(runs),
        }
    }

    /// The printed line of a row; of a row of which only lines are printed, its providers.
    pub fn printed(&self, row: usize) -> Vec<usize> {
        if self.form.rows[row].lines_only {
            self.providers(row).collect()
        } else {
            self.index.row(row).into_iter().collect()
        }
    }

    /// Rows as one side of a rule; absent: one of them is not in the form.
    pub fn side(&self, rows: &[usize], column: usize) -> Option<Recipe> {
        let there = |row: &usize| self.form.rows[*row].lines_only || self.index.row(*row).is_some();
        rows.iter().all(there).then(|| self.rows(rows, column).unwrap_or_else(Recipe::nothing))
    }

    /// Sum of rows in a column; a row of which only lines are printed stands for its providers.
    fn rows(&self, rows: &[usize], column: usize) -> Option<Recipe> {
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

    /// The lines of a row's block that are providers.
    pub fn providers(self, row: usize) -> impl Iterator<Item = usize> + 'a {
        self.index.block(row).iter().copied().filter(move |line| Level::of(&self.lines[*line]) == Level::Provider)
    }

    /// Sum of the top lines of a row's block: providers where there are any, else all lines.
    pub fn top(&self, row: usize, column: usize) -> Option<Recipe> {
        let block = self.index.block(row);
        if self.form.rows[row].lines.first() != Some(&LineBy::Provider) {
            return Self::sum(block.iter().copied(), column);
        }
        let mut runs = Vec::new();
        for line in self.providers(row) {
            append(&mut runs, line, column);
            if runs.len() > RUNS {
                return Some(Recipe::Providers(Stretch { first: *block.first()?, last: *block.last()?, column }));
            }
        }
        (!runs.is_empty()).then_some(Recipe::Sum(runs))
    }

    /// Sum of the services of a provider's line.
    pub fn services(&self, provider: usize, column: usize) -> Option<Recipe> {
        let block = self.index.block(self.lines[provider].row);
        let after = &block[block.partition_point(|line| *line <= provider)..];
        let services = after.iter().copied().take_while(|line| Level::of(&self.lines[*line]) == Level::Service);
        Self::sum(services, column)
    }

    fn sum(lines: impl Iterator<Item = usize>, column: usize) -> Option<Recipe> {
        let mut runs = Vec::new();
        lines.for_each(|line| append(&mut runs, line, column));
        (!runs.is_empty()).then_some(Recipe::Sum(runs))
    }

    /// What the recipe gives over the cells; `None` when one of them is blank or at fault.
    pub fn evaluate(&self, recipe: &Recipe) -> Option<Value> {
        if let Recipe::Last(_) = recipe {
            return self.cells(recipe).all(Value::is_sound).then(|| Value::last(self.cells(recipe)));
        }
        Value::sum(self.cells(recipe))
    }

    /// What the recipe gives over those cells that are numbers; `None` when none is.
    pub fn plain(&self, recipe: &Recipe) -> Option<i64> {
        let numbers = self.cells(recipe).filter_map(Value::number);
        if let Recipe::Last(_) = recipe { numbers.last() } else { numbers.reduce(|sum, number| sum + number) }
    }

    /// Line and column of the cells that a recipe reads, in order.
    pub fn places(&self, recipe: &Recipe) -> impl Iterator<Item = (usize, usize)> {
        let providers = matches!(recipe, Recipe::Providers(_));
        recipe.stretches().iter().flat_map(move |run| {
            let provider = move |line: &usize| {
                let line = &self.lines[*line];
                line.row == self.lines[run.first].row && Level::of(line) == Level::Provider
            };
            let lines = (run.first..=run.last).filter(move |line| !providers || provider(line));
            lines.map(|line| (line, run.column))
        })
    }

    /// How much of the rows that a recipe reads others established.
    pub fn established(&self, recipe: Option<&Recipe>, of: &Established) -> i64 {
        let places = recipe.into_iter().flat_map(|recipe| self.places(recipe));
        let rows = places.filter(|(line, _)| self.lines[*line].key.is_row());
        rows.filter_map(|(line, column)| of.0.get(&(self.lines[line].row, column))).sum()
    }

    fn cells<'s>(&'s self, recipe: &'s Recipe) -> impl Iterator<Item = &'s Value> {
        self.places(recipe).map(|(line, column)| self.value(line, column))
    }
}
