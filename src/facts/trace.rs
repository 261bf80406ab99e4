//! Which record made which fact: kept only when somebody asks for it.

use crate::definitions::dimension::Class;
use crate::definitions::sieve::Sieve;
use crate::facts::fact::Fact;
use crate::values::moment::Moment;
use std::collections::BTreeSet;

/// Position of a source in the order of reading, and the line of a record.
pub type RecordPlace = (usize, u64);

/// One fact with the record that made it. Its services, providers, systems and units are numbers as met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Traced {
    /// Position of the source in the ledger.
    pub source: usize,
    pub line: u64,
    /// Kind of fact, a position in `SETS`.
    pub set: usize,
    pub fact: Fact,
    /// The deadline, for results that had one.
    pub due: Option<Moment>,
}

/// Numbers that a traced fact is put aside as.
pub const NUMBERS: usize = 10;
/// Marks beside its kind: it had a deadline, with a time of day.
const HAS_DUE: u64 = 1 << 32;
const IS_TIMED: u64 = 1 << 33;

impl Traced {
    /// As numbers, to be put aside.
    pub fn numbers(&self) -> [u64; NUMBERS] {
        let pair = |high: u32, low: u32| u64::from(high) << 32 | u64::from(low);
        let Fact { class, service, system, provider, unit, item, quantity, amount } = self.fact;
        let marks = self.due.map_or(0, |due| HAS_DUE | if due.timed { IS_TIMED } else { 0 });
        [
            self.source as u64,
            self.line,
            self.set as u64 | marks,
            class,
            pair(service, system),
            pair(provider, unit),
            u64::from(item),
            quantity.cast_unsigned(),
            amount.cast_unsigned(),
            self.due.map_or(0, |due| due.minutes).cast_unsigned(),
        ]
    }

    /// What was put aside.
    pub fn of_numbers(numbers: [u64; NUMBERS]) -> Self {
        let [source, line, set, class, one, other, item, quantity, amount, due] = numbers;
        let low = |pair: u64| u32::try_from(pair & u64::from(u32::MAX)).unwrap_or(u32::MAX);
        let place = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
        let fact = Fact {
            class,
            service: low(one >> 32),
            system: low(one),
            provider: low(other >> 32),
            unit: low(other),
            item: low(item),
            quantity: quantity.cast_signed(),
            amount: amount.cast_signed(),
        };
        let due = Moment { minutes: due.cast_signed(), timed: set & IS_TIMED != 0 };
        let due = Some(due).filter(|_| set & HAS_DUE != 0);
        Self { source: place(source), line, set: place(set & !(HAS_DUE | IS_TIMED)), fact, due }
    }

    /// The order of sources and lines.
    pub fn order(&self) -> (usize, u64, usize, u64) {
        (self.source, self.line, self.set, self.fact.class)
    }
}

/// What is worth keeping: memory grows with it and not with the records read.
#[derive(Debug, Clone)]
pub enum Wanted {
    All,
    /// Facts of these kinds that pass.
    Facts(Vec<(usize, Sieve)>),
    /// Facts of the records at these places.
    Records(BTreeSet<(usize, u64)>),
}

/// Facts kept while records are read.
#[derive(Debug)]
pub struct Trace {
    wanted: Wanted,
    /// Source and line of the record at hand.
    at: (usize, u64),
    /// The record at hand is taken back: its facts are forgotten.
    back: bool,
    pub(crate) due: Option<Moment>,
    facts: Vec<Traced>,
}

impl Trace {
    pub fn new(wanted: Wanted) -> Self {
        Self { wanted, at: (0, 0), back: false, due: None, facts: Vec::new() }
    }

    /// Says which record is at hand, and whether it is taken back.
    pub(crate) fn move_to(&mut self, at: (usize, u64), back: bool) {
        (self.at, self.back) = (at, back);
        if back {
            self.facts.retain(|traced| (traced.source, traced.line) != at);
        }
    }

    pub(crate) fn keep(&mut self, set: usize, fact: Fact) {
        let due = self.due.take();
        let (source, line) = self.at;
        let kept = match &self.wanted {
            _ if self.back => false,
            Wanted::All => true,
            Wanted::Facts(sieves) => sieves.iter().any(|(of, sieve)| *of == set && sieve.passes(Class(fact.class))),
            Wanted::Records(places) => places.contains(&self.at),
        };
        if kept {
            self.facts.push(Traced { source, line, set, fact, due });
        }
    }

    /// The facts that were met since they were taken last, as they came.
    pub fn take(&mut self) -> std::vec::Drain<'_, Traced> {
        self.facts.drain(..)
    }

    /// The facts in the order of sources and lines.
    pub(crate) fn finish(mut self) -> Vec<Traced> {
        self.facts.sort_by_key(Traced::order);
        self.facts
    }
}

#[cfg(test)]
mod tests {
    use super::{Fact, Moment, Traced};

    #[test]
    fn a_fact_that_was_put_aside_is_the_same() {
        let fact = Fact {
            class: u64::MAX - 1,
            service: 1,
            system: u32::MAX,
            provider: 3,
            unit: 4,
            item: 5,
            quantity: -6,
            amount: i64::MIN,
        };
        for due in [None, Some((-7, false)), Some((0, true)), Some((i64::MAX, true))] {
            let due = due.map(|(minutes, timed)| Moment { minutes, timed });
            let traced = Traced { source: 8, line: u64::MAX, set: 9, fact, due };
            assert_eq!(Traced::of_numbers(traced.numbers()), traced);
        }
    }
}
