//! Two sides of a rule over cells, and what comes of them.

use crate::definitions::form::{Missing, Rule};
use crate::rules::recipe::{Recipe, Sums};
use crate::values::cells::Value;
use crate::words::finding::Outcome;

/// How the sides of a rule compare.
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
    /// As `crate::rules` judges: "-" counts as nothing, but a bound that is "-" bounds nothing.
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
