//! The rules of a form as checks between its cells, for the second sheet of the workbook.
//!
//! A form of ordinary size has one check for each rule and place. Above `LIMIT` checks, the rules that hold on
//! every line are counted in one check a line, so that there are at most two checks a line, and the rules
//! between rows: 50,000 lines of 3-mk give about 55,000 checks.

use super::sheet::Sheet;
use super::sheet_rules;
use super::sheet_sums::{Recipe, Sums};
use crate::cells::Value;
use crate::definitions::form::{Missing, Rule};
use crate::finding::Outcome;
use anyhow::Result;

/// More checks than this are counted by line.
pub const LIMIT: usize = 20_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    Equal,
    /// Left ≤ right.
    AtMost,
    /// Left > 0 only if right > 0.
    Needs,
    /// As `Needs`, but an earlier report may excuse it: never broken here.
    NeedsNowOrBefore,
}

/// Two sides of a rule.
#[derive(Debug, Clone)]
pub struct Term {
    pub left: Recipe,
    pub right: Recipe,
    pub relation: Relation,
    pub missing: Missing,
}

/// One row of the sheet of checks.
#[derive(Debug)]
pub struct Check<'a> {
    /// One rule, or the rules whose broken places are counted.
    pub rules: Vec<&'a Rule>,
    /// The line on its left side.
    pub line: usize,
    /// The column on its left side; absent: the broken terms are counted.
    pub column: Option<usize>,
    pub terms: Vec<Term>,
}

/// What came of a check: both sides (absent: not numbers) and the outcome.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    pub left: Option<Value>,
    pub right: Option<Value>,
    pub outcome: Outcome,
}

/// How many checks there are and what came of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Plan {
    /// Rules of lines are counted line by line.
    pub compact: bool,
    pub broken: usize,
    pub holds: usize,
    pub unchecked: usize,
}

impl Plan {
    pub fn checks(&self) -> usize {
        self.broken + self.holds + self.unchecked
    }
}

/// Counts the checks and their outcomes.
///
/// # Errors
/// None of its own.
pub fn plan(sheet: &Sheet) -> Result<Plan> {
    let detailed = count(sheet, false)?;
    if detailed.checks() <= LIMIT { Ok(detailed) } else { count(sheet, true) }
}

fn count(sheet: &Sheet, compact: bool) -> Result<Plan> {
    let mut plan = Plan { compact, ..Plan::default() };
    let sums = sheet.sums();
    sheet_rules::each(sheet, compact, &mut |check| {
        match check.judge(&sums).outcome {
            Outcome::Holds => plan.holds += 1,
            Outcome::Fails => plan.broken += 1,
            Outcome::CannotBeChecked => plan.unchecked += 1,
        }
        Ok(())
    })?;
    Ok(plan)
}

impl Check<'_> {
    /// The one term, when its sides are shown.
    pub fn term(&self) -> Option<&Term> {
        self.terms.first().filter(|_| self.column.is_some())
    }

    pub fn judge(&self, sums: &Sums) -> Judged {
        if let Some(term) = self.term() {
            let (left, right) = (sums.evaluate(&term.left), sums.evaluate(&term.right));
            let outcome = term.judge(left.as_ref(), right.as_ref());
            return Judged { left, right, outcome };
        }
        let sound = sums.lines[self.line].values.iter().all(Value::is_sound);
        let broken = self.terms.iter().filter(|term| term.is_broken(sums)).count();
        let left = sound.then(|| Value::Number(i64::try_from(broken).unwrap_or(i64::MAX)));
        let outcome = match (sound, broken) {
            (false, _) => Outcome::CannotBeChecked,
            (true, 0) => Outcome::Holds,
            (true, _) => Outcome::Fails,
        };
        Judged { left, right: Some(Value::Number(0)), outcome }
    }
}

impl Term {
    /// As `crate::check` judges: "-" counts as nothing, but a bound that is "-" bounds nothing.
    fn judge(&self, left: Option<&Value>, right: Option<&Value>) -> Outcome {
        let (Some(left), Some(right)) = (left, right) else { return Outcome::CannotBeChecked };
        let (l, r) = (left.number().unwrap_or(0), right.number().unwrap_or(0));
        let dash = |value: &Value| *value == Value::NoInfo;
        if self.missing == Missing::CannotBeChecked && dash(left) != dash(right) {
            return Outcome::CannotBeChecked;
        }
        let unbound = dash(right) && l > 0;
        match self.relation {
            Relation::Equal if l == r => Outcome::Holds,
            Relation::AtMost | Relation::Needs if unbound => Outcome::CannotBeChecked,
            Relation::AtMost if l <= r => Outcome::Holds,
            Relation::Needs | Relation::NeedsNowOrBefore if l <= 0 || r > 0 => Outcome::Holds,
            Relation::NeedsNowOrBefore => Outcome::CannotBeChecked,
            Relation::Equal | Relation::AtMost | Relation::Needs => Outcome::Fails,
        }
    }

    /// As the formula that counts the broken terms of a line sees it.
    fn is_broken(&self, sums: &Sums) -> bool {
        let (left, right) = (sums.plain(&self.left), sums.plain(&self.right));
        match self.relation {
            Relation::Equal => left.unwrap_or(0) != right.unwrap_or(0),
            _ => right.is_some_and(|right| left.unwrap_or(0) > right),
        }
    }
}
