//! Findings of checked forms that say the same of many cells, told once with all their places.

use crate::definitions::Definitions;
use crate::report::wording::Worded;
use crate::words::finding::{Outcome, Severity};
use crate::words::lang::Lang;
use std::collections::BTreeMap;

/// What findings have in common that are told as one: code, severity, outcome, source, sheet, form, and the text, or
/// for a failed check its likely cause.
type Same = (String, Severity, Outcome, [Option<String>; 3], String);

/// The findings with those that say the same of several cells united, at the place of the first; none is left out.
pub fn unite(findings: &[Worded], definitions: &Definitions) -> Vec<Worded> {
    let mut met: BTreeMap<Same, usize> = BTreeMap::new();
    let mut told: Vec<(Worded, Vec<&str>)> = Vec::new();
    for finding in findings {
        let cell = finding.place.cell.as_deref().filter(|_| finding.confirmed.is_none());
        let position = cell.and(same(finding)).map(|same| *met.entry(same).or_insert(told.len()));
        match (position, cell) {
            (Some(position), Some(cell)) if position < told.len() => told[position].1.push(cell),
            _ => told.push((finding.clone(), cell.into_iter().collect())),
        }
    }
    told.into_iter().map(|(finding, cells)| with_places(finding, &cells, definitions)).collect()
}

fn same(finding: &Worded) -> Option<Same> {
    let place = &finding.place;
    let text = match (&finding.causes.first(), finding.left) {
        (Some(cause), _) => format!("{} {}", cause.changes, cause.message.get(Lang::En)),
        // both sides of a failed check are its own
        (None, Some(_)) if finding.outcome == Outcome::Fails => return None,
        (None, _) => format!("{}\n{}", finding.message.get(Lang::En), finding.hint.get(Lang::En)),
    };
    let file = [&place.source, &place.sheet, &place.form].map(Clone::clone);
    Some((finding.code.clone(), finding.severity, finding.outcome, file, text))
}

fn with_places(mut finding: Worded, cells: &[&str], definitions: &Definitions) -> Worded {
    if cells.len() < 2 {
        return finding;
    }
    let ranges = ranges(cells);
    let slots = [("count".to_owned(), cells.len().to_string()), ("cells".to_owned(), ranges.clone())];
    finding.message = crate::report::wording::behind(&finding.message, &definitions.words("of_cells").fill(&slots));
    finding.cells = Some(ranges);
    finding
}

/// Addresses, those below one another as a range: `C5:C9, E7`.
fn ranges(cells: &[&str]) -> String {
    let mut columns: BTreeMap<(usize, &str), Vec<u32>> = BTreeMap::new();
    for cell in cells {
        let letters = cell.trim_end_matches(|sign: char| sign.is_ascii_digit());
        let row = cell[letters.len()..].parse().unwrap_or(0);
        columns.entry((letters.len(), letters)).or_default().push(row);
    }
    let mut told: Vec<String> = Vec::new();
    for ((_, letters), mut rows) in columns {
        rows.sort_unstable();
        rows.dedup();
        for run in rows.chunk_by(|one, next| one + 1 == *next) {
            match run {
                [one] => told.push(format!("{letters}{one}")),
                [first, .., last] => told.push(format!("{letters}{first}:{letters}{last}")),
                [] => {}
            }
        }
    }
    told.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_told_in_ranges() {
        assert_eq!(ranges(&["C5", "C6", "AA1", "C8", "B2", "C7", "C10"]), "B2, C5:C8, C10, AA1");
    }
}
