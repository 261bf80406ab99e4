//! The rules that one cell takes part in: those whose sides change when the cell changes.

use crate::definitions::form::{Check, Form, LineBy, Rule};
use crate::rules::beside::Beside;
use crate::rules::findings::compare;
use crate::rules::recipe::{Index, Sums};
use crate::values::cells::{Cells, Line, LineKey, Party, Value};
use crate::values::period::Quarter;
use crate::words::finding::Outcome;
use std::collections::BTreeMap;
use std::sync::Arc;

/// One comparison of a rule in which a cell takes part.
#[derive(Debug, Clone)]
pub struct CellRule<'f> {
    pub rule: &'f Rule,
    pub outcome: Outcome,
    /// Left and right side, where both are known.
    pub sides: Option<(i64, i64)>,
    /// Line and column at which a failure is shown.
    pub at: (usize, usize),
}

/// Added to a cell to see who notices: no form counts this much.
const NUDGE: i64 = 1 << 50;

/// Every comparison that the cell at (line, column) has a part in, in the order of the form's rules.
pub fn parts<'f>(form: &'f Form, cells: &Cells, known: &Beside, at: (usize, usize)) -> Vec<CellRule<'f>> {
    let index = Index::new(form, &cells.lines);
    let nudged = nudged(&cells.lines, at);
    let of = |lines: &[Line], rule: &'f Rule| {
        let mut told = Vec::new();
        let compared = compare(Sums { form, lines, index: &index }, cells.quarter, rule, known, &mut |at, result| {
            told.push(CellRule { rule, outcome: result.outcome, sides: result.sides(), at });
        });
        compared.then_some(told)
    };
    let mut parts = Vec::new();
    for rule in &form.rules {
        match (of(&cells.lines, rule), of(&nudged, rule)) {
            (Some(before), Some(after)) => {
                let pairs = before.into_iter().zip(after);
                let noticed = pairs.filter(|(old, new)| old.outcome != new.outcome || old.sides != new.sides);
                parts.extend(noticed.map(|(before, _)| before));
            }
            _ if names(form, rule, cells, at) => {
                parts.push(CellRule { rule, outcome: Outcome::CannotBeChecked, sides: None, at });
            }
            _ => {}
        }
    }
    parts
}

fn nudged(lines: &[Line], (line, column): (usize, usize)) -> Vec<Line> {
    let mut changed = lines.to_vec();
    let value = changed[line].values[column].number().unwrap_or(0);
    changed[line].values[column] = Value::Number(value + NUDGE);
    changed
}

/// Whether a rule that has nothing to compare with names the row of a cell of the quarter.
fn names(form: &Form, rule: &Rule, cells: &Cells, (line, column): (usize, usize)) -> bool {
    let line = &cells.lines[line];
    let quarter = form.grid_of(line.row).columns[column].month.is_none();
    let id = &form.rows[line.row].id;
    quarter && line.key.is_row() && rule.left.iter().chain(&rule.right).any(|row| row == id)
}

/// How the rules hold a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hold {
    /// No rule touches it.
    Free,
    /// Only the sum of its own quarter: months and quarter may all be wrong together.
    Quarter,
    /// A rule that compares it with another row, column, line or report.
    Bound,
}

/// How each row and column of a form is held, seen on a form with a line in every block. Rules against other
/// reports count by the rows and columns that they name.
pub fn holds(forms: &[Form], form: &Form, quarter: Quarter) -> BTreeMap<(usize, usize), Hold> {
    let cells = specimen(form, quarter);
    let known = Beside::default();
    let mut held: BTreeMap<(usize, usize), Hold> = BTreeMap::new();
    for (place, line) in cells.lines.iter().enumerate() {
        for column in 0..line.values.len() {
            let id = &form.grid_of(line.row).columns[column].id;
            let mut others = forms
                .iter()
                .flat_map(|other| &other.rules)
                .filter(|rule| rule.check == Check::OtherForm && rule.other_form.as_ref() == Some(&form.form));
            let named = others.any(|rule| rule.right_columns.contains(id));
            let own = |rule: &Rule| matches!(rule.check, Check::QuarterFlow | Check::QuarterStock);
            let parts = parts(form, &cells, &known, (place, column));
            let hold = if named || parts.iter().any(|part| !own(part.rule)) {
                Hold::Bound
            } else if parts.is_empty() {
                Hold::Free
            } else {
                Hold::Quarter
            };
            let known = held.entry((line.row, column)).or_insert(hold);
            *known = (*known).max(hold);
        }
    }
    held
}

/// A form with a line on every level of every block.
fn specimen(form: &Form, quarter: Quarter) -> Cells {
    let party = |name: &str| Some(Arc::new(Party { code: String::new(), name: name.to_owned() }));
    let mut lines = Vec::new();
    for (row, definition) in form.rows.iter().enumerate() {
        let mut keys = if definition.lines_only { Vec::new() } else { vec![LineKey::default()] };
        let has = |by| definition.lines.contains(&by);
        let provider = party("P").filter(|_| has(LineBy::Provider));
        if provider.is_some() {
            keys.push(LineKey { provider: provider.clone(), ..LineKey::default() });
        }
        if !definition.lines.is_empty() {
            let system = has(LineBy::System).then(|| "I".to_owned());
            keys.push(LineKey { provider, service: party("S"), system });
        }
        let values = || vec![Value::Number(1); form.grid_of(row).columns.len()];
        lines.extend(keys.into_iter().map(|key| Line { row, key, values: values() }));
    }
    Cells { quarter, lines }
}
