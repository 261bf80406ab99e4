//! The rules of a form over its cells: which cells each rule compares, and where. Whoever judges, prints or explains
//! a rule reads it here.

use crate::definitions::form::{Check as Kind, Missing, Rule};
use crate::rules::recipe::{Level, Recipe, Stretch, Sums};
use crate::rules::term::{Relation, RuleCheck, RuleTerm};

/// Terms one after another: a form may have a million of them.
pub type Terms<'a> = Box<dyn Iterator<Item = RuleTerm> + 'a>;

/// The terms of one rule, each at its place; none for a rule that looks beyond sums of these cells.
pub fn of<'a>(sums: Sums<'a>, rule: &'a Rule) -> Terms<'a> {
    match rule.check {
        Kind::RowsSum | Kind::RowsEqual => rows(sums, rule, Relation::Equal),
        Kind::RowsBound => rows(sums, rule, Relation::AtMost),
        Kind::NeedsOther => rows(sums, rule, Relation::Needs),
        Kind::NeedsOtherNowOrBefore => rows(sums, rule, Relation::NeedsNowOrBefore),
        Kind::LinesSum => lines(sums, rule),
        Kind::LinesBound => each_line(sums, rule),
        Kind::RowWithinLines => within_lines(sums, rule),
        Kind::QuarterFlow | Kind::QuarterStock => quarter(sums, rule),
        Kind::ColumnsSum | Kind::ColumnsBound => {
            // lines of a row stand together: their columns are looked up once
            let mut known: Option<(usize, Option<ColumnSides>)> = None;
            Box::new((0..sums.lines.len()).filter(move |line| stands(sums, rule, *line)).filter_map(move |line| {
                let row = sums.lines[line].row;
                if known.as_ref().is_none_or(|(known, _)| *known != row) {
                    known = Some((row, columns(sums, rule, row)));
                }
                let (_, columns) = known.as_ref()?;
                Some(on_line(rule, columns.as_ref()?, line))
            }))
        }
        Kind::RepeatedLines | Kind::Jump | Kind::StockAgainstPrevious | Kind::OtherForm | Kind::ExecutedLater => {
            Box::new(std::iter::empty())
        }
    }
}

/// The checks of all rules. `compact`: rules that hold on every line of a block are counted in one check a line.
pub fn all<'a>(sums: Sums<'a>, compact: bool) -> Box<dyn Iterator<Item = RuleCheck<'a>> + 'a> {
    let of_columns = |rule: &Rule| matches!(rule.check, Kind::ColumnsSum | Kind::ColumnsBound);
    let rules = sums.form.rules.iter().filter(move |rule| !compact || !of_columns(rule));
    let each = rules.flat_map(move |rule| {
        let counts =
            compact && matches!(rule.check, Kind::LinesSum | Kind::LinesBound | Kind::QuarterFlow | Kind::QuarterStock);
        let mut terms = of(sums, rule).peekable();
        std::iter::from_fn(move || {
            let mut own = vec![terms.next()?];
            let line = own[0].line;
            let counted = counts && Level::of(&sums.lines[line]) != Level::Row;
            while let Some(next) = terms.next_if(|next| counted && next.line == line) {
                own.push(next);
            }
            Some(RuleCheck { rules: vec![rule], line, counted, terms: own })
        })
    });
    if !compact {
        return Box::new(each);
    }
    let skipping = move |rule: &&Rule| of_columns(rule) && rule.missing == Missing::Skip;
    let rules: Vec<&'a Rule> = sums.form.rules.iter().filter(skipping).collect();
    Box::new(each.chain((0..sums.lines.len()).filter_map(move |line| {
        let rules: Vec<&Rule> = rules.iter().copied().filter(|rule| stands(sums, rule, line)).collect();
        let row = sums.lines[line].row;
        let terms = rules.iter().filter_map(|rule| Some(on_line(rule, &columns(sums, rule, row)?, line)));
        let terms: Vec<RuleTerm> = terms.collect();
        (!terms.is_empty()).then_some(RuleCheck { rules, line, counted: true, terms })
    })))
}

/// The rows of one side of a rule.
pub fn positions(sums: Sums<'_>, ids: &[String]) -> Vec<usize> {
    ids.iter().filter_map(|id| sums.form.row_position(id)).collect()
}

/// Left rows against right rows, per column of their grid.
fn rows<'a>(sums: Sums<'a>, rule: &'a Rule, relation: Relation) -> Terms<'a> {
    let (left, right) = (positions(sums, &rule.left), positions(sums, &rule.right));
    let Some((row, line)) = left.first().and_then(|row| Some((*row, *sums.printed(*row).first()?))) else {
        return Box::new(std::iter::empty());
    };
    let columns = sums.form.grid_of(row).columns.iter().enumerate();
    let columns = columns.filter(move |(_, column)| relation != Relation::NeedsNowOrBefore || column.month.is_none());
    Box::new(columns.map(move |(column, _)| {
        let (left, right) = (sums.side(&left, column), sums.side(&right, column));
        RuleTerm { line, column, left, right, relation, missing: rule.missing, less: 0 }
    }))
}

/// A row against the top lines of its block, and each provider against its services.
fn lines<'a>(sums: Sums<'a>, rule: &'a Rule) -> Terms<'a> {
    let equal = move |line: usize, parts: Option<Recipe>| {
        let columns = 0..sums.form.grid_of(sums.lines[line].row).columns.len();
        let parts = parts.unwrap_or_else(Recipe::nothing);
        columns.map(move |column| equal(rule, line, column, parts.in_column(column)))
    };
    Box::new(positions(sums, &rule.left).into_iter().flat_map(move |row| {
        let own = sums.index.row(row).filter(|_| !sums.form.rows[row].lines_only);
        let own = own.into_iter().flat_map(move |line| equal(line, sums.top(row, 0)));
        own.chain(sums.providers(row).flat_map(move |provider| equal(provider, sums.services(provider, 0))))
    }))
}

/// Each line of a block against its row.
fn each_line<'a>(sums: Sums<'a>, rule: &'a Rule) -> Terms<'a> {
    Box::new(positions(sums, &rule.left).into_iter().flat_map(move |row| {
        let own = sums.index.row(row);
        let lines = sums.index.block(row).iter().copied().filter_map(move |line| Some((line, own?)));
        lines.flat_map(move |(line, own)| {
            (0..sums.form.grid_of(row).columns.len()).map(move |column| {
                let (left, right) = (Some(Recipe::cell(line, column)), Some(Recipe::cell(own, column)));
                RuleTerm { line, column, left, right, relation: Relation::AtMost, missing: rule.missing, less: 0 }
            })
        })
    }))
}

/// A row against the sum of the top lines of its block, which are nothing where there are none.
fn within_lines<'a>(sums: Sums<'a>, rule: &'a Rule) -> Terms<'a> {
    Box::new(positions(sums, &rule.left).into_iter().flat_map(move |row| {
        sums.index.row(row).into_iter().flat_map(move |line| {
            (0..sums.form.grid_of(row).columns.len()).map(move |column| {
                let (left, right) = (Some(Recipe::cell(line, column)), sums.top(row, column));
                let right = Some(right.unwrap_or_else(Recipe::nothing));
                RuleTerm { line, column, left, right, relation: Relation::Within, missing: rule.missing, less: 0 }
            })
        })
    }))
}

/// The quarter of rows and of the lines of their blocks against their months.
fn quarter<'a>(sums: Sums<'a>, rule: &'a Rule) -> Terms<'a> {
    Box::new(positions(sums, &rule.left).into_iter().flat_map(move |row| {
        let lines = sums.index.row(row).into_iter().chain(sums.index.block(row).iter().copied());
        lines.flat_map(move |line| {
            let columns = sums.form.grid_of(row).columns.iter().enumerate();
            let columns = columns.filter(|(_, column)| !column.months.is_empty());
            columns.map(move |(column, _)| equal(rule, line, column, sums.quarter(line, column)))
        })
    }))
}

/// A cell and what it is made of; parts that are not there are nothing.
fn equal(rule: &Rule, line: usize, column: usize, parts: Recipe) -> RuleTerm {
    let (left, right) = (Some(Recipe::cell(line, column)), Some(parts));
    RuleTerm { line, column, left, right, relation: Relation::Equal, missing: rule.missing, less: 0 }
}

/// Columns of the left and of the right side.
type ColumnSides = (Vec<usize>, Vec<usize>);

/// The columns of a rule between them, on the lines of a row.
fn columns(sums: Sums<'_>, rule: &Rule, row: usize) -> Option<ColumnSides> {
    let grid = sums.form.grid_of(row);
    let places = |ids: &[String]| ids.iter().map(|id| grid.column(id)).collect::<Option<Vec<usize>>>();
    Some((places(&rule.left_columns)?, places(&rule.right_columns)?)).filter(|(left, _)| !left.is_empty())
}

fn on_line(rule: &Rule, (left, right): &ColumnSides, line: usize) -> RuleTerm {
    let side = |columns: &[usize]| {
        Some(Recipe::Sum(columns.iter().map(|column| Stretch { first: line, last: line, column: *column }).collect()))
    };
    let relation = if rule.check == Kind::ColumnsSum { Relation::Equal } else { Relation::AtMost };
    RuleTerm { line, column: left[0], left: side(left), right: side(right), relation, missing: rule.missing, less: 0 }
}

/// Whether a rule between columns stands on a line that is printed.
fn stands(sums: Sums<'_>, rule: &Rule, line: usize) -> bool {
    let line = &sums.lines[line];
    let row = &sums.form.rows[line.row];
    let printed = Level::of(line) != Level::Row || !row.lines_only;
    printed && (rule.left.is_empty() || rule.left.contains(&row.id))
}
