//! Wordings of one field, counted in bounded memory: whatever the order or the split of records, the same are kept.
//!
//! Every wording has a place in one fixed order (its fingerprint). Beyond the bound those at the end of that order are
//! counted together, and a wording that went there once never comes back: the kept ones have all their records.

use crate::values::digest::QuickHash;
use crate::words::lang::fold;
use std::collections::{BTreeMap, HashMap};
use xxhash_rust::xxh3::xxh3_64;

/// Bytes of wordings that are kept apart in the end; while reading there are twice as many, so that wordings whose
/// records are all taken back leave none out.
const BYTES: usize = 16 << 20;
/// Bytes that a spelling needs beside its letters.
const BESIDE: usize = 64;
/// Spellings of one wording that are told apart in the end; while reading there are twice as many.
const SPELLINGS: usize = 16;
/// The wording of what was not kept apart.
pub const OTHER: &str = "\u{1e}";

/// Kind of fact, class and unit of the records that say something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Case {
    pub set: u32,
    pub class: u64,
    pub unit: u32,
}

/// What is counted, and of how many records.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    pub quantity: i64,
    pub times: i64,
}

type Counts = BTreeMap<Case, Count>;
/// Place in the fixed order: fingerprint and folded text.
type Rank = (u64, String);

/// All wordings of a field.
#[derive(Debug)]
pub struct Wordings {
    known: BTreeMap<Rank, KeptWording>,
    /// Wordings from here on are not kept apart.
    end: Option<Rank>,
    bytes: usize,
    bound: usize,
    other: Counts,
}

/// One wording, however it is spelled.
#[derive(Debug, Default)]
struct KeptWording {
    /// Fingerprint and spelling → records.
    spellings: BTreeMap<Rank, i64>,
    counts: Counts,
}

impl Default for Wordings {
    fn default() -> Self {
        Self { known: BTreeMap::new(), end: None, bytes: 0, bound: 2 * BYTES, other: Counts::new() }
    }
}

impl Wordings {
    /// Counts a spelling in so many records; negative numbers take records back.
    pub fn add(&mut self, spelling: String, case: Case, count: Count) {
        let folded = fold(&spelling);
        let rank = (xxh3_64(folded.as_bytes()), folded);
        let spelling = (xxh3_64(spelling.as_bytes()), spelling);
        self.merge(rank, KeptWording { spellings: [(spelling, count.times)].into(), counts: [(case, count)].into() });
        // now and then is enough: what goes in the end does not depend on when
        if self.bytes > 2 * self.bound {
            self.shorten();
        }
    }

    fn merge(&mut self, rank: Rank, more: KeptWording) {
        if self.end.as_ref().is_some_and(|end| rank >= *end) {
            join(&mut self.other, more.counts);
            return;
        }
        let weight = rank.1.len() + BESIDE;
        let wording = self.known.entry(rank).or_default();
        let before = wording.spellings.len();
        for (spelling, times) in more.spellings {
            *wording.spellings.entry(spelling).or_default() += times;
        }
        while wording.spellings.len() > 2 * SPELLINGS {
            wording.spellings.pop_last();
        }
        self.bytes += (wording.spellings.len() - before) * weight;
        join(&mut wording.counts, more.counts);
    }

    /// Lets go what is beyond the bound.
    fn shorten(&mut self) {
        while self.bytes > self.bound {
            let Some((rank, wording)) = self.known.pop_last() else { break };
            self.bytes -= wording.spellings.len() * (rank.1.len() + BESIDE);
            join(&mut self.other, wording.counts);
            self.end = Some(rank);
        }
    }

    /// Adds what a fork has counted; its units stand for others here.
    pub fn absorb(&mut self, fork: Self, units: &[u32]) {
        let end = fork.end.into_iter().chain(self.end.take()).min();
        let gone = end.as_ref().map(|end| self.known.split_off(end)).unwrap_or_default();
        self.end = end;
        for (rank, wording) in gone {
            self.bytes -= wording.spellings.len() * (rank.1.len() + BESIDE);
            join(&mut self.other, wording.counts);
        }
        for (rank, wording) in fork.known {
            let counts = renumbered(wording.counts, units);
            self.merge(rank, KeptWording { counts, ..wording });
        }
        join(&mut self.other, renumbered(fork.other, units));
        self.shorten();
    }

    /// What counts in the end, by the commonest spelling; ties by code point. Units become who they turned out to be.
    pub fn finish(mut self, units: &[u32]) -> Vec<(String, Vec<(Case, i64)>)> {
        self.shorten();
        for wording in self.known.values_mut() {
            wording.spellings.retain(|_, times| *times > 0);
        }
        self.known.retain(|_, wording| !wording.spellings.is_empty());
        self.bytes = self.known.iter().map(|(rank, wording)| wording.spellings.len() * (rank.1.len() + BESIDE)).sum();
        self.bound /= 2;
        self.shorten();
        let known = self.known.into_values().map(|wording| (wording.commonest(), wording.counts));
        let all = known.chain([(OTHER.to_owned(), self.other)]);
        let of_units = |counts: Counts| {
            let counts = renumbered(counts, units).into_iter().filter(|(_, count)| count.times != 0);
            counts.map(|(case, count)| (case, count.quantity)).collect::<Vec<_>>()
        };
        all.map(|(text, counts)| (text, of_units(counts))).filter(|(_, counts)| !counts.is_empty()).collect()
    }
}

impl KeptWording {
    fn commonest(&self) -> String {
        let spellings = self.spellings.iter().take(SPELLINGS);
        let best = spellings.min_by_key(|((_, text), times)| (std::cmp::Reverse(**times), text.as_str()));
        best.map(|((_, text), _)| text.clone()).unwrap_or_default()
    }
}

fn join(counts: &mut Counts, more: Counts) {
    for (case, count) in more {
        let known = counts.entry(case).or_default();
        known.quantity += count.quantity;
        known.times += count.times;
    }
}

/// A record always has a unit: the number that stands for none stays.
fn renumbered(counts: Counts, units: &[u32]) -> Counts {
    let mut renumbered = Counts::new();
    for (case, count) in counts {
        let unit = units.get(case.unit as usize).copied().unwrap_or(0);
        join(&mut renumbered, [(Case { unit, ..case }, count)].into());
    }
    renumbered
}

/// Records to be counted once more, gathered where the same is said many times.
#[derive(Debug)]
pub struct Gathered<K> {
    counts: HashMap<K, Count, QuickHash>,
}

impl<K> Default for Gathered<K> {
    fn default() -> Self {
        Self { counts: HashMap::default() }
    }
}

impl<K: std::hash::Hash + Ord> Gathered<K> {
    pub fn add(&mut self, key: K, quantity: i64) {
        let count = self.counts.entry(key).or_default();
        count.quantity += quantity;
        count.times += 1;
    }

    /// What was gathered, in order.
    pub fn take(&mut self) -> BTreeMap<K, Count> {
        self.counts.drain().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: Count = Count { quantity: 1, times: 1 };

    fn case(unit: u32) -> Case {
        Case { set: 0, class: 7, unit }
    }

    fn small() -> Wordings {
        Wordings { bound: 2 * 320 * (BESIDE + 12), ..Wordings::default() }
    }

    /// 120 wordings, two in three of them spelled in several ways.
    fn records() -> Vec<(String, u32)> {
        let spelling = |record: usize| match record % 3 {
            0 => format!("причина {:04}", record % 120),
            1 => format!("Причина  {:04}", record % 120),
            _ => format!("ПРИЧИНА {:04}{}", record % 120, " ".repeat(record / 120)),
        };
        (0..6000).map(|record| (spelling(record), u32::try_from(record % 3).unwrap_or(0))).collect()
    }

    fn counted<'r>(records: impl Iterator<Item = &'r (String, u32)>) -> Wordings {
        let mut wordings = small();
        records.for_each(|(text, unit)| wordings.add(text.clone(), case(*unit), ONE));
        wordings
    }

    #[test]
    fn order_and_split_change_nothing_beyond_the_bound() {
        let (records, units) = (records(), [0, 1, 2]);
        let expected = counted(records.iter()).finish(&units);
        assert!(expected.len() > 10 && expected.len() < 100, "{}", expected.len());
        assert!(expected.iter().any(|(text, _)| text == OTHER));
        let all: i64 = expected.iter().flat_map(|(_, counts)| counts).map(|(_, count)| count).sum();
        assert_eq!(all, 6000);
        assert_eq!(counted(records.iter().rev()).finish(&units), expected);
        for parts in [2, 3, 7] {
            let mut whole = small();
            for part in (0..parts).rev() {
                whole.absorb(counted(records.iter().skip(part).step_by(parts)), &units);
            }
            assert_eq!(whole.finish(&units), expected, "{parts}");
        }
    }

    #[test]
    fn records_that_are_taken_back_leave_no_trace() {
        let (records, units) = (records(), [0, 1, 2]);
        let mut wordings = counted(records.iter());
        for number in 0..10 {
            wordings.add(format!("x{number}"), case(1), ONE);
            wordings.add(format!("x{number}"), case(1), Count { quantity: -1, times: -1 });
        }
        wordings.add("причина 0000".into(), case(9), Count { quantity: 0, times: 1 });
        wordings.add("причина 0000".into(), case(9), Count { quantity: 0, times: -1 });
        assert_eq!(wordings.finish(&units), counted(records.iter()).finish(&units));
    }

    #[test]
    fn units_become_who_they_are_and_the_commonest_spelling_is_printed() {
        let mut wordings = Wordings::default();
        for (text, unit) in [("нет", 1), ("Нет", 2), ("НЕТ", 2), ("Нет", 1)] {
            wordings.add(text.into(), case(unit), ONE);
        }
        assert_eq!(wordings.finish(&[0, 5, 5]), [("Нет".to_owned(), vec![(case(5), 4)])]);
    }
}
