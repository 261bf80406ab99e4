//! The checks of a large form: those that say the same of one line after another are one entry of the sheet of checks.
//!
//! A form of 60,000 lines has 70,000 checks though they be counted by line; a spreadsheet program recalculates all of
//! them at every edit, and nobody reads them. Gathered by rule, row and column they are a few dozen.

use crate::definitions::form::{Check, Missing};
use crate::render::sheet::checks::{Plan, shown};
use crate::render::sheet::layout::FormSheet;
use crate::rules::recipe::{Level, Recipe, Stretch, Sums};
use crate::rules::term::{RuleCheck, RuleTerm};
use crate::words::finding::Outcome;

/// Of a form of more lines the checks are gathered.
const LINES: usize = 5_000;

/// What one line of the sheet of checks says.
#[derive(Debug)]
pub enum SheetCheck<'a> {
    One(RuleCheck<'a>),
    Many(Many<'a>),
}

/// One rule on many lines of a row.
#[derive(Debug)]
pub struct Many<'a> {
    /// The check of the first of them.
    pub check: RuleCheck<'a>,
    pub over: Over,
    /// What comes of each line with parts of its own.
    pub results: Vec<PartsResult>,
    pub tally: LinesTally,
}

impl SheetCheck<'_> {
    /// Lines with parts of their own, the parts, and what comes of them.
    pub fn parts(&self) -> impl Iterator<Item = (usize, &Recipe, PartsResult)> {
        let (parts, results) = match self {
            Self::Many(Many { over: Over::Parts(parts), results, .. }) => (parts.as_slice(), results.as_slice()),
            _ => (&[][..], &[][..]),
        };
        parts.iter().zip(results).map(|((line, parts), result)| (*line, parts, *result))
    }
}

/// Which lines they are.
#[derive(Debug)]
pub enum Over {
    /// All up to this one, each compared within itself or with the row.
    Lines(usize),
    /// These, each column against those parts of its own, which are told for the first column.
    Parts(Vec<(usize, Recipe)>),
}

/// What came of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LinesTally {
    pub places: usize,
    pub broken: usize,
    pub unchecked: usize,
    /// Line and column of the first that is broken, else of the first that cannot be checked.
    pub first: Option<(usize, usize)>,
}

impl LinesTally {
    pub fn outcome(&self) -> Outcome {
        match (self.broken, self.unchecked) {
            (0, 0) => Outcome::Holds,
            (0, _) => Outcome::CannotBeChecked,
            _ => Outcome::Fails,
        }
    }

    fn add(&mut self, outcome: Outcome, at: (usize, usize)) {
        self.places += 1;
        match outcome {
            Outcome::Holds => return,
            Outcome::Fails => {
                self.broken += 1;
                self.first = self.first.filter(|_| self.broken > 1);
            }
            Outcome::CannotBeChecked => self.unchecked += 1,
        }
        self.first = self.first.or(Some(at));
    }
}

/// What a line says against its parts: the first column that is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartsResult {
    Holds,
    Broken(usize),
    /// A cell of it is neither a number nor "-".
    Unchecked,
}

impl PartsResult {
    fn of(sums: &Sums<'_>, line: usize, parts: &Recipe) -> Self {
        let number = |recipe: &Recipe| Some(sums.evaluate(recipe)?.number().unwrap_or(0));
        let mut result = Self::Holds;
        for column in 0..sums.lines[line].values.len() {
            match (number(&Recipe::cell(line, column)), number(&parts.in_column(column))) {
                (Some(own), Some(parts)) if own == parts || result != Self::Holds => {}
                (Some(_), Some(_)) => result = Self::Broken(column),
                _ => return Self::Unchecked,
            }
        }
        result
    }
}

/// Whether the checks of a form are gathered; of an empty form they never are.
pub fn is_large(sheet: &FormSheet) -> bool {
    !sheet.is_blank() && sheet.report.cells.lines.len() > LINES
}

/// The entries of a large form, and how many of them came to what.
pub fn entries<'s>(sheet: &'s FormSheet<'_>) -> (Vec<SheetCheck<'s>>, Plan) {
    let sums = sheet.sums();
    let mut entries: Vec<SheetCheck<'s>> = Vec::new();
    // where the entries of the present rule and row begin
    let mut begin = (0, None);
    for check in shown(sheet, false) {
        let here = Some((std::ptr::from_ref(check.rules[0]), sums.lines[check.line].row));
        if begin.1 != here {
            begin = (entries.len(), here);
        }
        let (line, column) = (check.line, check.terms[0].column);
        let over = over(&sums, &check);
        let known = entries[begin.0..].iter_mut().find_map(|entry| match entry {
            SheetCheck::Many(many) if over.is_some() && goes_on(many, &check) => Some(many),
            _ => None,
        });
        match (known, over) {
            (_, None) => entries.push(SheetCheck::One(check)),
            (Some(Many { over: Over::Parts(all), .. }), Some(Over::Parts(own))) => {
                if all.last().is_none_or(|(last, _)| *last != line) {
                    all.extend(own);
                }
            }
            (Some(many), Some(_)) => {
                many.over = Over::Lines(line);
                many.tally.add(check.terms[0].judge(&sums).outcome, (line, column));
            }
            (None, Some(over)) => {
                let mut tally = LinesTally::default();
                if let Over::Lines(_) = over {
                    tally.add(check.terms[0].judge(&sums).outcome, (line, column));
                }
                entries.push(SheetCheck::Many(Many { check, over, results: Vec::new(), tally }));
            }
        }
    }
    let mut plan = Plan { compact: true, ..Plan::default() };
    for entry in &mut entries {
        let outcome = match entry {
            SheetCheck::One(check) => check.judge(&sums).outcome,
            SheetCheck::Many(many) => {
                add_parts(&sums, many);
                many.tally.outcome()
            }
        };
        plan.add(outcome);
    }
    (entries, plan)
}

fn add_parts(sums: &Sums<'_>, many: &mut Many) {
    let Over::Parts(parts) = &many.over else { return };
    many.results = parts.iter().map(|(line, recipe)| PartsResult::of(sums, *line, recipe)).collect();
    for ((line, _), result) in parts.iter().zip(&many.results) {
        let (outcome, column) = match *result {
            PartsResult::Holds => (Outcome::Holds, 0),
            PartsResult::Broken(column) => (Outcome::Fails, column),
            PartsResult::Unchecked => (Outcome::CannotBeChecked, 0),
        };
        many.tally.add(outcome, (*line, column));
    }
}

/// How a check is gathered; `None`: it stands alone.
fn over(sums: &Sums<'_>, check: &RuleCheck) -> Option<Over> {
    let (line, term) = (check.line, check.term()?);
    if Level::of(&sums.lines[line]) == Level::Row || term.less != 0 {
        return None;
    }
    let (left, right) = (term.left.as_ref()?, term.right.as_ref()?);
    if check.rules[0].check == Check::LinesSum {
        return (term.missing == Missing::Skip).then(|| Over::Parts(vec![(line, right.in_column(0))]));
    }
    let single =
        |run: &Stretch| run.first == run.last && (run.first == line || Level::of(&sums.lines[run.first]) == Level::Row);
    let listed = [left, right].into_iter().all(|side| !matches!(side, Recipe::Providers(_)));
    (listed && left.stretches().iter().chain(right.stretches()).all(single)).then_some(Over::Lines(line))
}

/// Whether a check says of the next line what the first one says of its own.
fn goes_on(many: &Many, next: &RuleCheck) -> bool {
    match many.over {
        Over::Parts(_) => true,
        Over::Lines(last) => {
            let (own, next) = (&many.check.terms[0], &next.terms[0]);
            last + 1 == next.line
                && follows((own, next), own.left.as_ref(), next.left.as_ref())
                && follows((own, next), own.right.as_ref(), next.right.as_ref())
        }
    }
}

/// Whether the cells of one side are the same ones of another line; those of the row stay.
fn follows((from, to): (&RuleTerm, &RuleTerm), own: Option<&Recipe>, next: Option<&Recipe>) -> bool {
    let (Some(own), Some(next)) = (own, next) else { return false };
    let (cells, others) = (own.stretches(), next.stretches());
    let same = |(own, next): (&Stretch, &Stretch)| {
        own.column == next.column
            && if own.first == from.line { next.first == to.line } else { own.first == next.first }
    };
    std::mem::discriminant(own) == std::mem::discriminant(next)
        && cells.len() == others.len()
        && cells.iter().zip(others).all(same)
}
