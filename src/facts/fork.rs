//! A deriver for a thread of its own: it knows what was read before, and is absorbed when the thread is done.

use crate::facts::course::Course;
use crate::facts::databases::Databases;
use crate::facts::deriver::Deriver;
use crate::facts::fact::Facts;
use crate::facts::memory::Memory;
use crate::facts::persons::Persons;
use crate::facts::unfed::UnfedRows;
use anyhow::Result;
use std::collections::{BTreeMap, HashMap};

impl Deriver<'_> {
    /// A deriver that takes services and refusals as this one would, with nothing counted yet.
    #[must_use]
    pub fn fork(&self) -> Self {
        Self {
            definitions: self.definitions,
            period: self.period,
            facts: self.facts.iter().map(|_| Facts::default()).collect(),
            services: self.services.fork(),
            systems: self.systems.fork(),
            providers: self.providers.fork(),
            units: self.units.fork(),
            items: HashMap::new(),
            events: HashMap::new(),
            persons: Persons::default(),
            terms: self.terms.clone(),
            pending: HashMap::new(),
            sieves: self.sieves.clone(),
            feeds: HashMap::default(),
            fed: Vec::new(),
            unfed_rows: UnfedRows::default(),
            unfed: None,
            deferred: false,
            decisions: BTreeMap::new(),
            times: 1,
            memory: Memory::default(),
            refused: self.refused,
            months: self.months.clone(),
            end: self.end,
            days: self.days.clone(),
            reduced: self.reduced.clone(),
            positions: HashMap::new(),
            breakdowns: self.breakdowns.clone(),
            unneeded: self.unneeded.clone(),
            inclusions: Vec::new(),
            established: Vec::new(),
            established_counted: [0; 2],
            asked: self.asked.fork(),
            authorised_late: 0,
            course: Course::default(),
            deadlines: self.deadlines.fork(),
            executed_later: 0,
            waits: false,
            plausible: self.plausible.clone(),
            receipt_days: self.receipt_days.clone(),
            databases: Databases::default(),
            trace: None,
            texts: self.texts.fork(),
        }
    }

    /// Adds what a fork has counted of services and refusals; the order of forks changes nothing that is printed.
    pub fn absorb(&mut self, fork: Self) -> Result<()> {
        let services = self.services.absorb(&fork.services);
        let systems = self.systems.absorb(&fork.systems);
        let providers = self.providers.absorb(&fork.providers);
        let units = self.units.absorb(&fork.units);
        for (facts, forked) in self.facts.iter_mut().zip(fork.facts) {
            facts.absorb(forked, [&services, &systems, &providers, &units])?;
        }
        for (mut pending, (quantity, times)) in fork.pending.into_iter().collect::<Vec<_>>() {
            pending.renumber(&services, &systems, &providers, &units);
            let waiting = self.pending.entry(pending).or_default();
            *waiting = (waiting.0 + quantity, waiting.1 + times);
        }
        if self.fed.len() < fork.fed.len() {
            self.fed.resize(fork.fed.len(), 0);
        }
        for (fed, more) in self.fed.iter_mut().zip(fork.fed) {
            *fed += more;
        }
        self.unfed_rows.absorb(fork.unfed_rows);
        self.deadlines.absorb(&fork.deadlines, &units);
        self.asked.absorb(fork.asked, &services, &providers);
        self.texts.absorb(fork.texts, self.definitions, &units);
        Ok(())
    }
}
