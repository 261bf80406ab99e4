//! What stands between the quarters of a year: the rules of the form that look at the quarter before.

use crate::filed::form::Filed;
use crate::report::Outcomes;
use crate::rules;
use crate::rules::beside::{Beside, Other};
use crate::words::finding::Finding;

/// Checks each quarter against the one before it, where both are there: first that of the year before, then the year's.
/// What could not be checked is counted alone: the quarters by themselves are judged by `check`.
pub fn between(of: &[Option<&Filed<'_>>; 5]) -> (Vec<Finding>, Outcomes) {
    let (mut findings, mut outcomes) = (Vec::new(), Outcomes::default());
    for pair in of.windows(2) {
        let [Some(before), Some(after)] = pair else { continue };
        let beside = Beside { reports: vec![Other::of(before, &[])], ..Beside::default() };
        let checked = rules::check_between(after.form, &after.cells, &beside);
        outcomes += checked.outcomes;
        let broken = checked.findings.into_iter().filter(|finding| !finding.cannot_be_checked);
        // the cell stands in the quarter's report, not in the table of the year
        findings.extend(broken.map(|finding| Finding { at: None, ..finding }));
    }
    (findings, outcomes)
}
