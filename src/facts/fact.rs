//! One fact, and facts gathered into small typed columns that polars groups.

use crate::values::digest::QuickHash;
use polars::prelude::*;
use std::collections::HashMap;
use std::hash::{Hash, Hasher};

/// One fact on its way to the columns.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Fact {
    pub class: u64,
    pub service: u32,
    pub system: u32,
    pub provider: u32,
    pub unit: u32,
    /// What is counted once: a person, an act.
    pub item: u32,
    pub quantity: i64,
    /// The second number: persons, people covered.
    pub amount: i64,
}

/// Names of the key columns, in the order of `Fact`.
pub const KEYS: [&str; 6] = ["class", "service", "system", "provider", "unit", "item"];
/// Groups in memory before they go to a frame: 50 MB.
const BATCH: usize = 1 << 19;
/// Facts that are summed in one go: the processor then waits for the memory of several at a time.
const WAITING: usize = 256;

/// What tells groups of facts apart: `Fact` without its numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct FactGroup {
    class: u64,
    service: u32,
    system: u32,
    provider: u32,
    unit: u32,
    item: u32,
}

/// Facts of one kind: sums by group, which go to a polars frame whenever there are many.
///
/// Records have few groups: a table that fits the processor's caches sums them five times as fast as grouping
/// batches of facts does.
#[derive(Debug, Default)]
pub struct Facts {
    waiting: Vec<Fact>,
    sums: HashMap<FactGroup, [i64; 2], QuickHash>,
    grouped: Option<DataFrame>,
    compacted: usize,
}

impl Facts {
    pub fn push(&mut self, fact: Fact) -> PolarsResult<()> {
        self.waiting.push(fact);
        if self.waiting.len() >= WAITING { self.sum() } else { Ok(()) }
    }

    fn sum(&mut self) -> PolarsResult<()> {
        for fact in self.waiting.drain(..) {
            let Fact { class, service, system, provider, unit, item, quantity, amount } = fact;
            let sums = self.sums.entry(FactGroup { class, service, system, provider, unit, item }).or_default();
            sums[0] += quantity;
            sums[1] += amount;
        }
        if self.sums.len() >= BATCH { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> PolarsResult<()> {
        if self.sums.is_empty() {
            return Ok(());
        }
        let facts: Vec<Fact> = self.sums.drain().map(|(group, sums)| group.fact(sums)).collect();
        let batch = frame(&facts)?;
        let stacked = match self.grouped.take() {
            Some(grouped) => grouped.vstack(&batch)?,
            None => batch,
        };
        let compact = stacked.height() > 2 * self.compacted.max(BATCH);
        let stacked = if compact { group(&stacked)? } else { stacked };
        self.compacted = if compact { stacked.height() } else { self.compacted };
        self.grouped = Some(stacked);
        Ok(())
    }

    /// Adds the facts of a fork, whose numbers stand for others here: `maps` as in `finish`.
    pub fn absorb(&mut self, mut fork: Self, maps: [&[u32]; 4]) -> PolarsResult<()> {
        let [services, systems, providers, units] = maps;
        let renumbered = |fact: Fact| Fact {
            service: services[fact.service as usize],
            system: systems[fact.system as usize],
            provider: providers[fact.provider as usize],
            unit: units[fact.unit as usize],
            ..fact
        };
        fork.sum()?;
        if fork.grouped.is_some() {
            fork.flush()?;
        }
        let facts = match fork.grouped.take() {
            Some(frame) => facts(&frame)?,
            None => fork.sums.drain().map(|(group, sums)| group.fact(sums)).collect(),
        };
        facts.into_iter().try_for_each(|fact| self.push(renumbered(fact)))
    }

    /// All facts, grouped, with identities replaced: `maps` in the order service, system, provider, unit.
    pub fn finish(mut self, maps: [&[u32]; 4]) -> PolarsResult<DataFrame> {
        self.sum()?;
        self.flush()?;
        let Some(frame) = self.grouped else { return frame(&[]) };
        let mut columns: Vec<Column> = frame.columns().to_vec();
        for (name, map) in ["service", "system", "provider", "unit"].into_iter().zip(maps) {
            let place = frame.get_column_index(name).unwrap_or_default();
            let replaced: Vec<u32> =
                frame.column(name)?.u32()?.into_no_null_iter().map(|id| map[id as usize]).collect();
            columns[place] = Column::new(name.into(), replaced);
        }
        group(&DataFrame::new(frame.height(), columns)?)
    }
}

impl Hash for FactGroup {
    fn hash<H: Hasher>(&self, state: &mut H) {
        let pair = |high: u32, low: u32| u64::from(high) << 32 | u64::from(low);
        // a class has 40 bits; seldom do all parties have numbers of more than 24
        state.write_u64(pair(self.service, self.provider) ^ self.class.rotate_left(24));
        state.write_u64(pair(self.system ^ self.item.rotate_left(16), self.unit) ^ self.class);
    }
}

impl FactGroup {
    fn fact(self, [quantity, amount]: [i64; 2]) -> Fact {
        let Self { class, service, system, provider, unit, item } = self;
        Fact { class, service, system, provider, unit, item, quantity, amount }
    }
}

/// The facts of a frame.
pub(crate) fn facts(frame: &DataFrame) -> PolarsResult<Vec<Fact>> {
    let ids = |name: &str| -> PolarsResult<Vec<u32>> { Ok(frame.column(name)?.u32()?.into_no_null_iter().collect()) };
    let numbers =
        |name: &str| -> PolarsResult<Vec<i64>> { Ok(frame.column(name)?.i64()?.into_no_null_iter().collect()) };
    let (service, system, provider) = (ids("service")?, ids("system")?, ids("provider")?);
    let (unit, item, quantity, amount) = (ids("unit")?, ids("item")?, numbers("quantity")?, numbers("amount")?);
    let classes = frame.column("class")?.u64()?.into_no_null_iter().enumerate();
    let fact = |(at, class): (usize, u64)| Fact {
        class,
        service: service[at],
        system: system[at],
        provider: provider[at],
        unit: unit[at],
        item: item[at],
        quantity: quantity[at],
        amount: amount[at],
    };
    Ok(classes.map(fact).collect())
}

fn frame(facts: &[Fact]) -> PolarsResult<DataFrame> {
    let ids = |name: &str, id: fn(&Fact) -> u32| Column::new(name.into(), facts.iter().map(id).collect::<Vec<u32>>());
    let numbers =
        |name: &str, number: fn(&Fact) -> i64| Column::new(name.into(), facts.iter().map(number).collect::<Vec<i64>>());
    let class = Column::new("class".into(), facts.iter().map(|fact| fact.class).collect::<Vec<u64>>());
    DataFrame::new(
        facts.len(),
        vec![
            class,
            ids("service", |fact| fact.service),
            ids("system", |fact| fact.system),
            ids("provider", |fact| fact.provider),
            ids("unit", |fact| fact.unit),
            ids("item", |fact| fact.item),
            numbers("quantity", |fact| fact.quantity),
            numbers("amount", |fact| fact.amount),
        ],
    )
}

/// Groups by all keys; sums both numbers.
fn group(frame: &DataFrame) -> PolarsResult<DataFrame> {
    sums(frame, &KEYS, &["quantity", "amount"])
}

/// Sums of numbers by the named keys, under their own names.
pub fn sums(frame: &DataFrame, keys: &[&str], numbers: &[&str]) -> PolarsResult<DataFrame> {
    #[allow(deprecated)] // the eager aggregation is what keeps the lazy engine out of the build
    let mut sums = frame.group_by(keys.iter().copied())?.select(numbers.iter().copied()).sum()?;
    for number in numbers {
        sums.rename(&format!("{number}_sum"), (*number).into())?;
    }
    Ok(sums)
}
