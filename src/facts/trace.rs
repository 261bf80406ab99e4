//! Which record made which fact: kept only when somebody asks for it.

use crate::definitions::dimension::Class;
use crate::definitions::sieve::Sieve;
use crate::facts::fact::Fact;
use crate::values::moment::Moment;
use std::collections::BTreeSet;

/// Position of a source in the order of reading, and the line of a record.
pub type RecordPlace = (usize, u64);

/// One fact with the record that made it. Its services, providers, systems and units are numbers as met.
#[derive(Debug, Clone, Copy)]
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

    /// The facts in the order of sources and lines.
    pub(crate) fn finish(mut self) -> Vec<Traced> {
        self.facts.sort_by_key(|traced| (traced.source, traced.line, traced.set, traced.fact.class));
        self.facts
    }
}
