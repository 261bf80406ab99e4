//! How many results have a deadline that is known, and which decisions of forms.md they rest on: counted of every
//! result, by unit, channel and outcome, so that a form or a unit tells its own.

use crate::definitions::Definitions;
use crate::definitions::form::Form;
use crate::report::known::KnownDeadlines;
use std::collections::BTreeMap;

/// The decisions that results rest on.
const DECISIONS: [&str; 5] = ["D5", "D5.1", "D9", "D17", "D19"];
/// Of a channel and outcome: unknown deadlines, all results, and records by decision.
type Count = [i64; 2 + DECISIONS.len()];

/// Counts by number of the unit, then channel, then outcome; units have few numbers.
#[derive(Debug, Clone, Default)]
pub(crate) struct DeadlineCounts {
    /// Codes of the list of channels.
    channels: usize,
    counts: Vec<Count>,
}

impl DeadlineCounts {
    pub(crate) fn new(definitions: &Definitions) -> Self {
        let channels = definitions.codelist("channel").map_or(0, |list| list.codes.len());
        Self { channels, counts: Vec::new() }
    }

    /// The same question, with nothing counted yet.
    pub(crate) fn fork(&self) -> Self {
        Self { channels: self.channels, counts: Vec::new() }
    }

    /// Takes note of results that were issued in a month that counts.
    #[inline]
    pub(crate) fn note(&mut self, unit: u32, channel: Option<usize>, refused: bool, quantity: i64, unknown: bool) {
        let Some(count) = self.count(unit, channel, refused) else { return };
        count[0] += if unknown { quantity } else { 0 };
        count[1] += quantity;
    }

    /// Takes note of records that rest on a decision.
    #[inline]
    pub(crate) fn decided(&mut self, (unit, channel, refused): (u32, Option<usize>, bool), decision: &str, times: i64) {
        let place = DECISIONS.iter().position(|known| *known == decision);
        if let Some((count, place)) = self.count(unit, channel, refused).zip(place) {
            count[2 + place] += times;
        }
    }

    #[inline]
    fn count(&mut self, unit: u32, channel: Option<usize>, refused: bool) -> Option<&mut Count> {
        let at = (unit as usize * self.channels + channel?) * 2 + usize::from(refused);
        if at >= self.counts.len() {
            self.counts.resize((unit as usize + 1) * self.channels * 2, Count::default());
        }
        self.counts.get_mut(at)
    }

    /// Adds what a fork has counted; its units stand for others here.
    pub(crate) fn absorb(&mut self, fork: &Self, units: &[u32]) {
        for (at, more) in fork.counts.iter().enumerate().filter(|(_, count)| **count != Count::default()) {
            let (unit, channel) = (at / 2 / self.channels, at / 2 % self.channels);
            if let Some(count) = self.count(units[unit], Some(channel), at % 2 == 1) {
                add(count, more);
            }
        }
    }

    /// Units become who they turned out to be.
    pub(crate) fn finish(&self, units: &[u32]) -> KnownByUnit {
        let mut known = Self::fork(self);
        known.absorb(self, units);
        KnownByUnit(known)
    }
}

/// The same by identity of the unit.
#[derive(Debug, Clone, Default)]
pub struct KnownByUnit(DeadlineCounts);

impl KnownByUnit {
    /// Of the whole, or of one unit; channels and outcomes without results are left out.
    pub fn of(&self, unit: Option<u32>, definitions: &Definitions) -> Vec<KnownDeadlines> {
        self.sums(unit, definitions).into_iter().map(|(known, _)| known).collect()
    }

    /// The decisions that results rest on which a form counts, with the number of records.
    pub fn decisions(&self, unit: Option<u32>, form: &Form, definitions: &Definitions) -> BTreeMap<String, u64> {
        let mut used = BTreeMap::new();
        for (_, count) in self.sums(unit, definitions).iter().filter(|(known, _)| known.concerns(form)) {
            for (decision, times) in DECISIONS.iter().zip(&count[2..]).filter(|(_, times)| **times > 0) {
                *used.entry((*decision).to_owned()).or_default() += times.unsigned_abs();
            }
        }
        used
    }

    fn sums(&self, unit: Option<u32>, definitions: &Definitions) -> Vec<(KnownDeadlines, Count)> {
        let DeadlineCounts { channels, counts } = &self.0;
        let Some(list) = definitions.codelist("channel") else { return Vec::new() };
        let mut sums = vec![Count::default(); channels * 2];
        for (at, count) in counts.iter().enumerate() {
            if unit.is_none_or(|unit| unit as usize == at / 2 / channels) {
                add(&mut sums[at % (channels * 2)], count);
            }
        }
        let found = sums.into_iter().enumerate().filter(|(_, sum)| sum[1] > 0);
        let known = |(at, sum): (usize, Count)| {
            let outcome = if at % 2 == 1 { "refused" } else { "rendered" }.to_owned();
            let channel = list.codes[at / 2].code.clone();
            (KnownDeadlines { channel, outcome, unknown: sum[0], results: sum[1] }, sum)
        };
        found.map(known).collect()
    }
}

fn add(sum: &mut Count, more: &Count) {
    for (sum, more) in sum.iter_mut().zip(more) {
        *sum += more;
    }
}
