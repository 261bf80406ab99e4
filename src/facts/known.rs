//! How many results have a deadline that is known: counted of every result, by unit, channel and outcome.

use crate::definitions::Definitions;
use crate::report::known::KnownDeadlines;

/// Counts by number of the unit, then channel, then outcome; units have few numbers.
#[derive(Debug, Clone, Default)]
pub(crate) struct DeadlineCounts {
    /// Codes of the list of channels.
    channels: usize,
    /// Unknown deadlines, and all results.
    counts: Vec<[i64; 2]>,
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
        let Some(channel) = channel else { return };
        let at = (unit as usize * self.channels + channel) * 2 + usize::from(refused);
        if at >= self.counts.len() {
            self.counts.resize((unit as usize + 1) * self.channels * 2, [0; 2]);
        }
        let count = &mut self.counts[at];
        count[0] += if unknown { quantity } else { 0 };
        count[1] += quantity;
    }

    /// Adds what a fork has counted; its units stand for others here.
    pub(crate) fn absorb(&mut self, fork: &Self, units: &[u32]) {
        for (at, [unknown, results]) in fork.counts.iter().enumerate().filter(|(_, count)| **count != [0; 2]) {
            let (unit, channel) = (at / 2 / self.channels, at / 2 % self.channels);
            self.note(units[unit], Some(channel), at % 2 == 1, *results, false);
            let own = (units[unit] as usize * self.channels + channel) * 2 + at % 2;
            self.counts[own][0] += unknown;
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
        let DeadlineCounts { channels, counts } = &self.0;
        let Some(list) = definitions.codelist("channel") else { return Vec::new() };
        let mut sums = vec![[0; 2]; channels * 2];
        for (at, count) in counts.iter().enumerate() {
            if unit.is_none_or(|unit| unit as usize == at / 2 / channels) {
                let sum = &mut sums[at % (channels * 2)];
                *sum = [sum[0] + count[0], sum[1] + count[1]];
            }
        }
        let found = sums.iter().enumerate().filter(|(_, sum)| sum[1] > 0);
        let known = |(at, sum): (usize, &[i64; 2])| KnownDeadlines {
            channel: list.codes[at / 2].code.clone(),
            outcome: if at % 2 == 1 { "refused" } else { "rendered" }.to_owned(),
            unknown: sum[0],
            results: sum[1],
        };
        found.map(known).collect()
    }
}
