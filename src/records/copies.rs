//! A mended copy under another name: rows without numbers of their own that stand in two sources would count twice.

use crate::records::row;
use crate::records::typed::Typed;
use crate::report::LedgerLine;
use crate::sources::raw::{FoundTable, Raw, Row, Supplied};
use crate::words::finding::{Finding, Place};
use std::collections::{BTreeMap, HashMap};
use xxhash_rust::xxh3::Xxh3;

/// Contents that are kept at most; of more, each second one, each fourth one …
const KEPT: usize = 1 << 18;
/// One row alone may well be like another.
const LEAST: u64 = 2;

/// Contents of rows that have no number of their own, and the sources that have them.
#[derive(Debug, Default)]
pub struct Copies {
    met: HashMap<u64, BTreeMap<usize, u64>>,
    /// Bits of a content that must not be set for it to be kept.
    mask: u64,
}

impl Copies {
    /// Notes an accepted row of a source, if its place stands for its number.
    pub fn note(&mut self, (found, source): (&FoundTable, usize), row: &Row<'_>, values: &[Typed<'_>]) {
        let is_place = |(_, supplied): &(&usize, &Supplied)| **supplied == Supplied::Place;
        let Some((number, _)) = found.supplied.iter().find(is_place) else { return };
        let mut content = Xxh3::new();
        content.update(&found.table.to_le_bytes());
        content.update(&row::content(&values[..*number]));
        content.update(&row::content(&values[number + 1..]));
        // names and remarks tell rows apart; numbers and days of columns that nobody reads are written in many ways
        let is_read = |column: usize| found.columns.contains(&Some(column));
        for (_, cell) in row.cells.iter().enumerate().filter(|(column, _)| !is_read(*column)) {
            if let Raw::Text(text) = cell
                && text.chars().any(char::is_alphabetic)
            {
                content.update(text.trim().as_bytes());
            }
        }
        self.add(content.digest(), source, 1);
    }

    fn add(&mut self, content: u64, source: usize, count: u64) {
        if content & self.mask != 0 {
            return;
        }
        *self.met.entry(content).or_default().entry(source).or_default() += count;
        if self.met.len() > KEPT {
            self.mask = self.mask << 1 | 1;
            self.met.retain(|content, _| content & self.mask == 0);
        }
    }

    /// Adds what others noted.
    pub fn join(&mut self, other: Self) {
        self.mask |= other.mask;
        self.met.retain(|content, _| content & self.mask == 0);
        #[expect(clippy::iter_over_hash_type, reason = "sums are the same in any order")]
        for (content, sources) in other.met {
            for (source, count) in sources {
                self.add(content, source, count);
            }
        }
    }

    /// Sources that repeat an earlier one nearly wholly, or the other way round.
    pub fn tell(self, ledger: &[LedgerLine]) -> Vec<Finding> {
        let (mut rows, mut same) = (BTreeMap::<usize, u64>::new(), BTreeMap::<(usize, usize), u64>::new());
        #[expect(clippy::iter_over_hash_type, reason = "sums are the same in any order")]
        for sources in self.met.values() {
            for (source, count) in sources {
                *rows.entry(*source).or_default() += count;
            }
            let Some((first, of_first)) = sources.first_key_value() else { continue };
            for (source, count) in sources.iter().skip(1) {
                *same.entry((*first, *source)).or_default() += count.min(of_first);
            }
        }
        let told = |((first, source), same): ((usize, usize), u64)| {
            let smaller = rows[&first].min(rows[&source]);
            // at least two thirds of the smaller one
            if same < LEAST || same * 3 < smaller * 2 {
                return None;
            }
            let share = same * 100 / smaller;
            let (first, own) = (&ledger[first], &ledger[source]);
            let sheet = first.sheet.as_ref().map(|sheet| format!(" [{sheet}]")).unwrap_or_default();
            let place = Place { source: Some(own.source.clone()), sheet: own.sheet.clone(), ..Place::default() };
            let finding = Finding::new("copies_alike", place).with("first", format!("{}{sheet}", first.source));
            Some(finding.with("share", share))
        };
        same.into_iter().filter_map(told).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ledger() -> Vec<LedgerLine> {
        let line = |source: &str| LedgerLine { source: source.to_owned(), ..LedgerLine::default() };
        ["a.xlsx", "b.xlsx", "c.xlsx"].map(line).into()
    }

    fn told(copies: Copies) -> Vec<(String, String)> {
        let told = copies.tell(&ledger()).into_iter();
        told.map(|finding| (finding.place.source.unwrap_or_default(), finding.slots[1].1.clone())).collect()
    }

    #[test]
    fn copies_are_told_and_likeness_is_not() {
        let mut copies = Copies::default();
        (0..100).for_each(|content| copies.add(content, 0, 1));
        (3..103).for_each(|content| copies.add(content, 1, 1));
        (60..160).for_each(|content| copies.add(content, 2, 1));
        assert_eq!(told(copies), [("b.xlsx".to_owned(), "97".to_owned())]);
        let mut one = Copies::default();
        (0..2).for_each(|source| one.add(7, source, 1));
        assert_eq!(told(one), []);
    }

    #[test]
    fn of_very_many_rows_a_part_is_compared() {
        let mut copies = Copies::default();
        for content in 0..KEPT as u64 * 3 {
            let content = content.wrapping_mul(0x9E37_79B9_7F4A_7C15);
            (0..2).for_each(|source| copies.add(content, source, 1));
        }
        assert!(copies.met.len() <= KEPT && copies.mask > 0);
        assert_eq!(told(copies), [("b.xlsx".to_owned(), "100".to_owned())]);
    }
}
