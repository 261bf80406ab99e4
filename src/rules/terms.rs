//! The rules of a form over its cells: which cells each rule compares, and where. Whoever judges, prints or explains
//! a rule reads it here.

use crate::definitions::form::{Check as Kind, Missing, Rule};
use crate::rules::recipe::{Level, Recipe, Sums};
use crate::rules::term::{Relation, RuleCheck, RuleTerm};

/// The checks of rules, one after another: a form may have a million of them.
pub type Checks<'a> = Box<dyn Iterator<Item = RuleCheck<'a>> + 'a>;

/// The checks of one rule, each at its place; none for a rule that looks beyond sums of these cells.
pub fn of<'a>(sums: Sums<'a>, rule: &'a Rule) -> Checks<'a> {
    checks(sums, rule, false)
}

/// The checks of all rules. `compact`: rules that hold on every line of a block are counted in one check a line.
pub fn all(sums: Sums<'_>, compact: bool) -> Checks<'_> {
    let each = sums.form.rules.iter().flat_map(move |rule| checks(sums, rule, compact));
    if compact { Box::new(each.chain(columns_by_line(sums))) } else { Box::new(each) }
}

/// The rows of one side of a rule.
pub fn positions(sums: Sums<'_>, ids: &[String]) -> Vec<usize> {
    ids.iter().filter_map(|id| sums.form.row_position(id)).collect()
}

fn checks<'a>(sums: Sums<'a>, rule: &'a Rule, compact: bool) -> Checks<'a> {
    match rule.check {
        Kind::RowsSum | Kind::RowsEqual => rows(sums, rule, Relation::Equal),
        Kind::RowsBound => rows(sums, rule, Relation::AtMost),
        Kind::NeedsOther => rows(sums, rule, Relation::Needs),
        Kind::NeedsOtherNowOrBefore => rows(sums, rule, Relation::NeedsNowOrBefore),
        Kind::LinesSum => lines(sums, rule, compact),
        Kind::QuarterFlow | Kind::QuarterStock => quarter(sums, rule, compact),
        Kind::ColumnsSum | Kind::ColumnsBound if !compact => {
            let lines = (0..sums.lines.len()).filter(move |line| stands(sums, rule, *line));
            Box::new(lines.filter_map(move |line| {
                let (column, term) = columns(sums, rule, line)?;
                Some(RuleCheck { rules: vec![rule], line, column: Some(column), terms: vec![term] })
            }))
        }
        Kind::ColumnsSum
        | Kind::ColumnsBound
        | Kind::RepeatedLines
        | Kind::Jump
        | Kind::StockAgainstPrevious
        | Kind::OtherForm
        | Kind::ExecutedLater => Box::new(std::iter::empty()),
    }
}

/// Left rows against right rows, per column of their grid.
fn rows<'a>(sums: Sums<'a>, rule: &'a Rule, relation: Relation) -> Checks<'a> {
    let (left, right) = (positions(sums, &rule.left), positions(sums, &rule.right));
    let Some((row, line)) = left.first().and_then(|row| Some((*row, *sums.printed(*row).first()?))) else {
        return Box::new(std::iter::empty());
    };
    let columns = sums.form.grid_of(row).columns.iter().enumerate();
    let columns = columns.filter(move |(_, column)| relation != Relation::NeedsNowOrBefore || column.month.is_none());
    Box::new(columns.map(move |(column, _)| {
        let (left, right) = (sums.side(&left, column), sums.side(&right, column));
        let term = RuleTerm { left, right, relation, missing: rule.missing };
        RuleCheck { rules: vec![rule], line, column: Some(column), terms: vec![term] }
    }))
}

/// A row against the top lines of its block, and each provider against its services.
fn lines<'a>(sums: Sums<'a>, rule: &'a Rule, compact: bool) -> Checks<'a> {
    Box::new(positions(sums, &rule.left).into_iter().flat_map(move |row| {
        let own = sums.index.row(row).filter(|_| !sums.form.rows[row].lines_only);
        let own = own.into_iter().flat_map(move |line| equal(sums, rule, line, false, |at| Some(sums.top(row, at))));
        own.chain(sums.providers(row).flat_map(move |provider| {
            equal(sums, rule, provider, compact, |column| Some(sums.services(provider, column)))
        }))
    }))
}

/// The quarter of rows and of the lines of their blocks against their months.
fn quarter<'a>(sums: Sums<'a>, rule: &'a Rule, compact: bool) -> Checks<'a> {
    Box::new(positions(sums, &rule.left).into_iter().flat_map(move |row| {
        let columns = &sums.form.grid_of(row).columns;
        sums.index.row(row).into_iter().chain(sums.index.block(row).iter().copied()).flat_map(move |line| {
            let counted = compact && Level::of(&sums.lines[line]) != Level::Row;
            equal(sums, rule, line, counted, |at| {
                (!columns[at].months.is_empty()).then(|| Some(sums.quarter(line, at)))
            })
        })
    }))
}

/// Every column of a line that is made of parts against them; `counted`: all columns in one check. Parts that are
/// not there are nothing.
fn equal<'a>(
    sums: Sums<'a>,
    rule: &'a Rule,
    line: usize,
    counted: bool,
    parts: impl Fn(usize) -> Option<Option<Recipe>>,
) -> Vec<RuleCheck<'a>> {
    let columns = 0..sums.form.grid_of(sums.lines[line].row).columns.len();
    let terms = columns.filter_map(|column| {
        let right = Some(parts(column)?.unwrap_or_else(Recipe::nothing));
        let left = Some(Recipe::cell(line, column));
        Some((column, RuleTerm { left, right, relation: Relation::Equal, missing: rule.missing }))
    });
    let check = |column, terms| RuleCheck { rules: vec![rule], line, column, terms };
    if !counted {
        return terms.map(|(column, term)| check(Some(column), vec![term])).collect();
    }
    let terms: Vec<RuleTerm> = terms.map(|(_, term)| term).collect();
    if terms.is_empty() { Vec::new() } else { vec![check(None, terms)] }
}

/// A rule between columns on one line.
fn columns(sums: Sums<'_>, rule: &Rule, line: usize) -> Option<(usize, RuleTerm)> {
    let column = sums.form.grid_of(sums.lines[line].row).column(rule.left_columns.first()?)?;
    let left = Some(sums.of_columns(line, &rule.left_columns)?);
    let right = Some(sums.of_columns(line, &rule.right_columns)?);
    let relation = if rule.check == Kind::ColumnsSum { Relation::Equal } else { Relation::AtMost };
    Some((column, RuleTerm { left, right, relation, missing: rule.missing }))
}

/// Whether a rule between columns stands on a line that is printed.
fn stands(sums: Sums<'_>, rule: &Rule, line: usize) -> bool {
    let line = &sums.lines[line];
    let row = &sums.form.rows[line.row];
    let printed = Level::of(line) != Level::Row || !row.lines_only;
    printed && (rule.left.is_empty() || rule.left.contains(&row.id))
}

/// All rules between columns, counted line by line.
fn columns_by_line<'a>(sums: Sums<'a>) -> impl Iterator<Item = RuleCheck<'a>> + 'a {
    let rules = sums.form.rules.iter().filter(|rule| matches!(rule.check, Kind::ColumnsSum | Kind::ColumnsBound));
    let rules: Vec<&'a Rule> = rules.filter(|rule| rule.missing == Missing::Skip).collect();
    (0..sums.lines.len()).filter_map(move |line| {
        let rules: Vec<&Rule> = rules.iter().copied().filter(|rule| stands(sums, rule, line)).collect();
        let terms = rules.iter().filter_map(|rule| columns(sums, rule, line)).map(|(_, term)| term);
        let terms: Vec<RuleTerm> = terms.collect();
        (!terms.is_empty()).then_some(RuleCheck { rules, line, column: None, terms })
    })
}
