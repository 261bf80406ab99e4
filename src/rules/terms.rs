//! Which cells each rule of a form compares: the walk behind the sheet of checks.

use crate::definitions::form::{Check as Kind, Grid, Missing, Rule};
use crate::rules::recipe::{Level, Recipe, Run, Sums};
use crate::rules::term::{Check, Relation, Term};
use anyhow::Result;

type Visit<'v, 'a> = dyn FnMut(Check<'a>) -> Result<()> + 'v;

/// Visits the checks of all rules that the cells of one form decide. `compact`: rules that hold on every line
/// of a block are counted in one check a line; `blank`: the form is empty, its lines are room for names.
///
/// # Errors
/// Those of `visit`.
pub fn each<'a>(sums: Sums<'a>, blank: bool, compact: bool, visit: &mut Visit<'_, 'a>) -> Result<()> {
    let walk = Walk { sums, compact };
    // room for lines that may stay empty is judged when it is filled: `esep check` does
    let visit: &mut Visit<'_, 'a> = &mut |check: Check<'a>| {
        if blank && Level::of(&sums.lines[check.line]) != Level::Row { Ok(()) } else { visit(check) }
    };
    for rule in &sums.form.rules {
        match rule.check {
            Kind::RowsSum | Kind::RowsEqual => walk.rows(rule, Relation::Equal, visit)?,
            Kind::RowsBound => walk.rows(rule, Relation::AtMost, visit)?,
            Kind::NeedsOther => walk.rows(rule, Relation::Needs, visit)?,
            Kind::NeedsOtherNowOrBefore => walk.rows(rule, Relation::NeedsNowOrBefore, visit)?,
            Kind::LinesSum => walk.lines(rule, visit)?,
            Kind::QuarterFlow | Kind::QuarterStock => walk.quarter(rule, visit)?,
            Kind::ColumnsSum | Kind::ColumnsBound if !compact => walk.columns(rule, visit)?,
            // Other reports and comparisons of lines are beyond the formulas of one sheet.
            Kind::ColumnsSum
            | Kind::ColumnsBound
            | Kind::RepeatedLines
            | Kind::Jump
            | Kind::StockAgainstPrevious
            | Kind::OtherForm
            | Kind::ExecutedLater => {}
        }
    }
    if compact { walk.columns_by_line(visit) } else { Ok(()) }
}

struct Walk<'a> {
    sums: Sums<'a>,
    compact: bool,
}

/// One cell as a side of a rule.
fn cell(line: usize, column: usize) -> Recipe {
    Recipe::Sum(vec![Run { first: line, last: line, column }])
}

/// The sum of no lines: "-", which equals 0.
fn none() -> Recipe {
    Recipe::Sum(Vec::new())
}

impl<'a> Walk<'a> {
    fn grid(&self, line: usize) -> &'a Grid {
        self.sums.form.grid_of(self.sums.lines[line].row)
    }

    fn positions(&self, ids: &[String]) -> Vec<usize> {
        ids.iter().filter_map(|id| self.sums.form.row_position(id)).collect()
    }

    /// Left rows against right rows, per column of their common grid.
    fn rows(&self, rule: &'a Rule, relation: Relation, visit: &mut Visit<'_, 'a>) -> Result<()> {
        let (left, right) = (self.positions(&rule.left), self.positions(&rule.right));
        let Some(line) = left.first().and_then(|row| self.sums.index.row(*row)) else { return Ok(()) };
        let grid = self.grid(line);
        if left.iter().chain(&right).any(|row| self.sums.form.grid_of(*row).id != grid.id) {
            return Ok(());
        }
        for (column, definition) in grid.columns.iter().enumerate() {
            if relation == Relation::NeedsNowOrBefore && definition.month.is_some() {
                continue;
            }
            let sides = (self.sums.rows(&left, column), self.sums.rows(&right, column));
            let (Some(left), Some(right)) = sides else { continue };
            let terms = vec![Term { left, right, relation, missing: rule.missing }];
            visit(Check { rules: vec![rule], line, column: Some(column), terms })?;
        }
        Ok(())
    }

    /// A row against the top lines of its block, and each provider against its services.
    fn lines(&self, rule: &'a Rule, visit: &mut Visit<'_, 'a>) -> Result<()> {
        for row in self.positions(&rule.left) {
            let block = self.sums.index.block(row);
            if let Some(line) = self.sums.index.row(row).filter(|_| !self.sums.form.rows[row].lines_only) {
                self.line(rule, line, false, &|column| Some(self.sums.top(row, column).unwrap_or_else(none)), visit)?;
            }
            for provider in block.filter(|line| Level::of(&self.sums.lines[*line]) == Level::Provider) {
                self.line(
                    rule,
                    provider,
                    self.compact,
                    &|column| Some(self.sums.services(provider, column).unwrap_or_else(none)),
                    visit,
                )?;
            }
        }
        Ok(())
    }

    /// The quarter of rows and of the lines of their blocks against their months.
    fn quarter(&self, rule: &'a Rule, visit: &mut Visit<'_, 'a>) -> Result<()> {
        for row in self.positions(&rule.left) {
            let columns = &self.sums.form.grid_of(row).columns;
            for line in self.sums.index.row(row).into_iter().chain(self.sums.index.block(row)) {
                let counted = self.compact && Level::of(&self.sums.lines[line]) != Level::Row;
                let made =
                    |column: usize| (!columns[column].months.is_empty()).then(|| self.sums.quarter(line, column));
                self.line(rule, line, counted, &made, visit)?;
            }
        }
        Ok(())
    }

    /// Every column of a line against what it is made of; `counted`: all columns in one check.
    fn line(
        &self,
        rule: &'a Rule,
        line: usize,
        counted: bool,
        parts: &dyn Fn(usize) -> Option<Recipe>,
        visit: &mut Visit<'_, 'a>,
    ) -> Result<()> {
        let mut counted_terms = Vec::new();
        for column in 0..self.grid(line).columns.len() {
            let Some(right) = parts(column) else { continue };
            let term = Term { left: cell(line, column), right, relation: Relation::Equal, missing: rule.missing };
            if counted {
                counted_terms.push(term);
            } else {
                visit(Check { rules: vec![rule], line, column: Some(column), terms: vec![term] })?;
            }
        }
        if counted_terms.is_empty() {
            return Ok(());
        }
        visit(Check { rules: vec![rule], line, column: None, terms: counted_terms })
    }

    /// A rule between columns on one line.
    fn columns_term(&self, rule: &Rule, line: usize) -> Option<(usize, Term)> {
        let grid = self.grid(line);
        let runs = |ids: &[String]| -> Option<Vec<Run>> {
            ids.iter().map(|id| grid.column(id).map(|column| Run { first: line, last: line, column })).collect()
        };
        let (left, right) = (runs(&rule.left_columns)?, runs(&rule.right_columns)?);
        let column = left.first()?.column;
        let relation = if rule.check == Kind::ColumnsSum { Relation::Equal } else { Relation::AtMost };
        Some((column, Term { left: Recipe::Sum(left), right: Recipe::Sum(right), relation, missing: rule.missing }))
    }

    fn is_printed(&self, line: usize) -> bool {
        let line = &self.sums.lines[line];
        Level::of(line) != Level::Row || !self.sums.form.rows[line.row].lines_only
    }

    fn applies(&self, rule: &Rule, line: usize) -> bool {
        rule.left.is_empty() || rule.left.contains(&self.sums.form.rows[self.sums.lines[line].row].id)
    }

    fn columns(&self, rule: &'a Rule, visit: &mut Visit<'_, 'a>) -> Result<()> {
        let lines = (0..self.sums.lines.len()).filter(|line| self.is_printed(*line) && self.applies(rule, *line));
        for line in lines {
            if let Some((column, term)) = self.columns_term(rule, line) {
                visit(Check { rules: vec![rule], line, column: Some(column), terms: vec![term] })?;
            }
        }
        Ok(())
    }

    /// All rules between columns, counted line by line.
    fn columns_by_line(&self, visit: &mut Visit<'_, 'a>) -> Result<()> {
        let rules =
            self.sums.form.rules.iter().filter(|rule| matches!(rule.check, Kind::ColumnsSum | Kind::ColumnsBound));
        let rules: Vec<&Rule> = rules.filter(|rule| rule.missing == Missing::Skip).collect();
        for line in (0..self.sums.lines.len()).filter(|line| self.is_printed(*line)) {
            let applying: Vec<&Rule> = rules.iter().copied().filter(|rule| self.applies(rule, line)).collect();
            let terms: Vec<Term> =
                applying.iter().filter_map(|rule| self.columns_term(rule, line)).map(|(_, term)| term).collect();
            if !terms.is_empty() {
                visit(Check { rules: applying, line, column: None, terms })?;
            }
        }
        Ok(())
    }
}
