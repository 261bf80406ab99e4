//! What was mended to read the report of a unit, as the whole tells it.

use crate::definitions::Definitions;
use crate::filed::form::Filed;
use crate::report::wording::severity;
use crate::words::finding::{Finding, Place, Severity};
use crate::words::lines::Lines;
use std::collections::BTreeMap;

/// What `check` tells as mended in a report, once for each kind with all lines: of many reports each cell by itself
/// would not fit in memory. `reading`: what was found in its file, which is called `source`.
pub fn mended(filed: &Filed<'_>, reading: &[Finding], source: &str, definitions: &Definitions) -> Vec<Finding> {
    let mut kinds: BTreeMap<&str, Vec<Finding>> = BTreeMap::new();
    for finding in reading.iter().filter(|finding| filed.is_told_of(finding)) {
        if severity(finding, definitions, Some(filed.form)) == Severity::Notice {
            let place = Place { source: Some(source.to_owned()), ..finding.place.clone() };
            kinds.entry(finding.name).or_default().push(Finding { place, ..finding.clone() });
        }
    }
    kinds.into_values().filter_map(once).collect()
}

/// The first of them, with the lines of all.
fn once(mut found: Vec<Finding>) -> Option<Finding> {
    found.sort();
    let mut lines: Vec<u64> = found.iter().filter_map(|finding| finding.place.line).collect();
    lines.sort_unstable();
    let first = found.into_iter().next()?;
    Some(Finding { lines: (lines.len() > 1).then(|| Lines::of(&lines)), ..first })
}
