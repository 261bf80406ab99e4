//! The rules of a form as checks between its cells, for the second sheet of the workbook.
//!
//! A form of ordinary size has one check for each rule and place. Above `LIMIT` checks, the rules that hold on
//! every line are counted in one check a line, so that there are at most two checks a line, and the rules
//! between rows: 50,000 lines of 3-mk give about 55,000 checks.

use crate::render::sheet::Sheet;
use crate::rules::terms;
use crate::words::finding::Outcome;
use anyhow::Result;

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
    terms::each(sums, sheet.is_blank(), compact, &mut |check| {
        match check.judge(&sums).outcome {
            Outcome::Holds => plan.holds += 1,
            Outcome::Fails => plan.broken += 1,
            Outcome::CannotBeChecked => plan.unchecked += 1,
        }
        Ok(())
    })?;
    Ok(plan)
}
