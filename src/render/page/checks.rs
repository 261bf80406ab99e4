//! Which cells the rules compare, for the page: a rule between columns of one line is told once with its lines,
//! any other check with both its sides.

use crate::definitions::Definitions;
use crate::render::page::texts::Texts;
use crate::render::sheet::FormSheet;
use crate::render::sheet::checks::shown;
use crate::rules::recipe::{Recipe, Stretch, Sums};
use crate::rules::term::RuleCheck;
use crate::values::cells::Value;
use crate::words::finding::Severity;
use serde::Serialize;
use std::collections::BTreeMap;

/// A rule of the form in words.
#[derive(Debug, Serialize)]
pub struct PageRule<'a> {
    /// As in the code of its findings, after the form.
    id: &'a str,
    severity: Severity,
    text: usize,
    basis: usize,
}

/// A rule between columns, with ranges of the lines on which it stands.
#[derive(Debug, Serialize)]
pub struct LineCheck {
    rule: usize,
    left: Vec<usize>,
    right: Vec<usize>,
    /// The right side is the last of its columns that has a value, not their sum.
    last: bool,
    lines: Vec<(usize, usize)>,
}

/// A check between lines: place, the cells of both sides as runs of lines in a column, and their values.
#[derive(Debug, Serialize)]
pub struct PageCheck {
    rule: usize,
    line: usize,
    column: usize,
    left: Vec<(usize, usize, usize)>,
    right: Vec<(usize, usize, usize)>,
    values: [CheckSide; 2],
}

/// A side of a check: a number, "-", or nothing where a cell is at fault.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum CheckSide {
    Value(i64),
    Dash(&'static str),
    None,
}

/// The rules of a form and where they stand.
#[derive(Debug, Default, Serialize)]
pub struct PageChecks<'a> {
    pub rules: Vec<PageRule<'a>>,
    #[serde(rename = "line_checks")]
    lines: Vec<LineCheck>,
    checks: Vec<PageCheck>,
}

/// Rule, columns of both sides, and whether the right side is a last value.
type Pattern = (usize, Vec<usize>, Vec<usize>, bool);

/// `places`: position of a line of the form → its position on the page.
pub fn checks<'a>(
    sheet: &FormSheet<'a>,
    places: &BTreeMap<usize, usize>,
    definitions: &Definitions,
    texts: &mut Texts,
) -> PageChecks<'a> {
    let form = sheet.report.form;
    let mut page = PageChecks::default();
    for rule in &form.rules {
        let (text, basis) = (texts.id(&rule.text), texts.id(&definitions.citations.say(&rule.basis)));
        page.rules.push(PageRule { id: &rule.id, severity: rule.severity, text, basis });
    }
    let sums = sheet.sums();
    let mut patterns: BTreeMap<Pattern, Vec<(usize, usize)>> = BTreeMap::new();
    for check in shown(sheet, false) {
        let (Some(term), Some(line)) = (check.term(), places.get(&check.line)) else { continue };
        let rule = form.rules.iter().position(|rule| check.rules.first().is_some_and(|own| own.id == rule.id));
        let Some(rule) = rule else { continue };
        let own = |side: &Option<Recipe>| own_columns(side.as_ref()?, check.line);
        if let (Some(left), Some(right)) = (own(&term.left), own(&term.right)) {
            let last = matches!(term.right, Some(Recipe::Last(_)));
            extend(patterns.entry((rule, left, right, last)).or_default(), *line);
        } else {
            page.checks.push(between(&check, &sums, (rule, *line, term.column), places));
        }
    }
    page.lines = patterns
        .into_iter()
        .map(|((rule, left, right, last), lines)| LineCheck { rule, left, right, last, lines })
        .collect();
    page
}

fn extend(lines: &mut Vec<(usize, usize)>, line: usize) {
    match lines.last_mut() {
        Some((_, last)) if *last + 1 == line => *last = line,
        _ => lines.push((line, line)),
    }
}

/// The columns of a side that stands on one line.
fn own_columns(recipe: &Recipe, line: usize) -> Option<Vec<usize>> {
    let own = recipe.stretches().iter().all(|run| run.first == line && run.last == line);
    own.then(|| recipe.stretches().iter().map(|run| run.column).collect())
}

fn between(
    check: &RuleCheck<'_>,
    sums: &Sums<'_>,
    (rule, line, column): (usize, usize, usize),
    places: &BTreeMap<usize, usize>,
) -> PageCheck {
    let judged = check.judge(sums);
    let side = |value: Option<Value>| match value {
        Some(Value::Number(number)) => CheckSide::Value(number),
        Some(Value::NoInfo) => CheckSide::Dash("-"),
        _ => CheckSide::None,
    };
    let cells = |recipe: &Recipe| -> Vec<(usize, usize, usize)> {
        let on_page = |run: &Stretch| {
            let mut within = places.range(run.first..=run.last).map(|(_, place)| *place);
            let first = within.next()?;
            Some((first, within.next_back().unwrap_or(first), run.column))
        };
        recipe.stretches().iter().filter_map(on_page).collect()
    };
    let term = check.term();
    PageCheck {
        rule,
        line,
        column,
        left: term.and_then(|term| term.left.as_ref()).map(cells).unwrap_or_default(),
        right: term.and_then(|term| term.right.as_ref()).map(cells).unwrap_or_default(),
        values: [side(judged.left), side(judged.right)],
    }
}
