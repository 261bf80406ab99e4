//! The rules of a form as checks between its cells, for the second sheet of the workbook.
//!
//! A form of ordinary size has one check for each rule and place. Above `LIMIT` checks, the rules that hold on
//! every line are counted in one check a line, so that there are at most two checks a line, and the rules
//! between rows. Of a form of thousands of lines they are gathered (`condensed`).

use crate::definitions::form::Check;
use crate::render::sheet::layout::FormSheet;
use crate::rules::recipe::Level;
use crate::rules::term::RuleCheck;
use crate::rules::terms;
use crate::words::finding::Outcome;

/// More checks than this are counted by line.
pub const LIMIT: usize = 20_000;

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

    /// Counts a check.
    pub fn add(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Holds => self.holds += 1,
            Outcome::Fails => self.broken += 1,
            Outcome::CannotBeChecked => self.unchecked += 1,
        }
    }
}

/// Counts the checks and their outcomes.
pub fn plan(sheet: &FormSheet) -> Plan {
    let detailed = count(sheet, false);
    if detailed.checks() <= LIMIT { detailed } else { count(sheet, true) }
}

/// The checks that a form shows beside its cells.
pub fn shown<'s>(sheet: &'s FormSheet<'_>, compact: bool) -> impl Iterator<Item = RuleCheck<'s>> {
    let all = terms::all(sheet.sums(), compact).map(|mut check| {
        let leaves_out = check.rules.iter().any(|rule| rule.leaves_out_established);
        for term in check.terms.iter_mut().filter(|_| leaves_out) {
            term.less = sheet.sums().established(term.left.as_ref(), &sheet.report.established);
        }
        check
    });
    all.filter(|check| {
        // room for lines that may stay empty is judged when it is filled: `esep check` does
        let room = sheet.is_blank() && Level::of(&sheet.report.cells.lines[check.line]) != Level::Row;
        // a row of which only lines are printed says nothing while it has none
        let right = check.term().and_then(|term| term.right.as_ref());
        let bare = right.is_some_and(|right| right.stretches().is_empty()) && check.rules[0].check != Check::LinesSum;
        !room && !bare
    })
}

fn count(sheet: &FormSheet, compact: bool) -> Plan {
    let mut plan = Plan { compact, ..Plan::default() };
    for check in shown(sheet, compact) {
        plan.add(check.judge(&sheet.sums()).outcome);
    }
    plan
}
