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
    /// Left ≤ right, where a right side of nothing is 0.
    Within,
    /// Left > 0 only if right > 0.
    Needs,
    /// As `Needs`, but an earlier report may excuse it: never broken here.
    NeedsNowOrBefore,
}

/// Two sides of a rule; a side is absent where a row of it is not in the form.
#[derive(Debug, Clone)]
pub struct RuleTerm {
    /// The line on its left side.
    pub line: usize,
    /// The column on its left side.
    pub column: usize,
    pub left: Option<Recipe>,
    pub right: Option<Recipe>,
    pub relation: Relation,
    pub missing: Missing,
    /// What of the left side is left out of the comparison.
    pub less: i64,
}

/// What one line says of one rule, or of all rules between its columns.
#[derive(Debug)]
pub struct RuleCheck<'a> {
    /// One rule, or the rules whose broken places are counted.
    pub rules: Vec<&'a Rule>,
    pub line: usize,
    /// The broken terms are counted; else there is one, whose sides are shown.
    pub counted: bool,
    pub terms: Vec<RuleTerm>,
}

/// What came of a check: both sides (absent: not known) and the outcome.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckResult {
    pub left: Option<Value>,
    pub right: Option<Value>,
    pub outcome: Outcome,
}

impl CheckResult {
    /// Two numbers compared; absent: one of them is not known.
    pub fn of(sides: Option<(i64, i64)>, holds: bool) -> Self {
        let outcome = match sides {
            None => Outcome::CannotBeChecked,
            Some(_) if holds => Outcome::Holds,
            Some(_) => Outcome::Fails,
        };
        let (left, right) = sides.map(|(left, right)| (Value::Number(left), Value::Number(right))).unzip();
        Self { left, right, outcome }
    }

    /// Both sides of what was checked as numbers, "-" as 0.
    pub fn sides(&self) -> Option<(i64, i64)> {
        let number = |side: &Option<Value>| side.as_ref().map(|value| value.number().unwrap_or(0));
        number(&self.left).zip(number(&self.right)).filter(|_| self.outcome != Outcome::CannotBeChecked)
    }
}

impl RuleCheck<'_> {
    /// The one term, when its sides are shown.
    pub fn term(&self) -> Option<&RuleTerm> {
        self.terms.first().filter(|_| !self.counted)
    }

    pub fn judge(&self, sums: &Sums) -> CheckResult {
        if let Some(term) = self.term() {
            return term.judge(sums);
        }
        let sound = sums.lines[self.line].values.iter().all(Value::is_sound);
        let broken = self.terms.iter().filter(|term| term.is_broken(sums)).count();
        let left = sound.then(|| Value::Number(i64::try_from(broken).unwrap_or(i64::MAX)));
        let outcome = match (sound, broken) {
            (false, _) => Outcome::CannotBeChecked,
            (true, 0) => Outcome::Holds,
            (true, _) => Outcome::Fails,
        };
        CheckResult { left, right: Some(Value::Number(0)), outcome }
    }
}

impl RuleTerm {
    pub fn judge(&self, sums: &Sums) -> CheckResult {
        let value = |side: &Option<Recipe>| side.as_ref().and_then(|recipe| sums.evaluate(recipe));
        let (left, right) = (value(&self.left).map(|left| self.lessened(left)), value(&self.right));
        let outcome = self.outcome(left.as_ref(), right.as_ref());
        CheckResult { left, right, outcome }
    }

    fn lessened(&self, left: Value) -> Value {
        match left {
            Value::Number(number) => Value::Number(number - self.less),
            other => other,
        }
    }

    /// "-" counts as nothing and equals 0 (forms.md, D2), but a bound that is "-" bounds nothing.
    fn outcome(&self, left: Option<&Value>, right: Option<&Value>) -> Outcome {
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
            Relation::AtMost | Relation::Within if l <= r => Outcome::Holds,
            Relation::Needs | Relation::NeedsNowOrBefore if l <= 0 || r > 0 => Outcome::Holds,
            Relation::NeedsNowOrBefore => Outcome::CannotBeChecked,
            Relation::Equal | Relation::AtMost | Relation::Within | Relation::Needs => Outcome::Fails,
        }
    }

    /// As the formula that counts the broken terms of a line sees it.
    fn is_broken(&self, sums: &Sums) -> bool {
        let plain = |side: &Option<Recipe>| side.as_ref().and_then(|recipe| sums.plain(recipe));
        let (left, right) = (plain(&self.left), plain(&self.right));
        match self.relation {
            Relation::Equal => left.unwrap_or(0) != right.unwrap_or(0),
            _ => right.is_some_and(|right| left.unwrap_or(0) > right),
        }
    }
}
