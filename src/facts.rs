//! Facts: what is left of records for counting. Small typed columns, grouped by polars.

use polars::prelude::*;

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
const BATCH: usize = 1 << 20;

/// Facts of one kind: a buffer that polars groups whenever it is full.
#[derive(Debug, Default)]
pub struct Facts {
    buffer: Vec<Fact>,
    grouped: Option<DataFrame>,
    compacted: usize,
}

impl Facts {
    pub fn push(&mut self, fact: Fact) -> PolarsResult<()> {
        self.buffer.push(fact);
        if self.buffer.len() >= BATCH { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> PolarsResult<()> {
        if self.buffer.is_empty() {
            return Ok(());
        }
        let batch = group(&frame(&self.buffer)?)?;
        self.buffer.clear();
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

    /// All facts, grouped, with identities replaced: `maps` in the order service, system, provider, unit.
    pub fn finish(mut self, maps: [&[u32]; 4]) -> PolarsResult<DataFrame> {
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
    sums(frame, &KEYS)
}

/// Sums of `quantity` and `amount` by the named keys, under their own names.
pub fn sums(frame: &DataFrame, keys: &[&str]) -> PolarsResult<DataFrame> {
    #[allow(deprecated)] // the eager aggregation is what keeps the lazy engine out of the build
    let mut sums = frame.group_by(keys.iter().copied())?.select(["quantity", "amount"]).sum()?;
    sums.rename("quantity_sum", "quantity".into())?;
    sums.rename("amount_sum", "amount".into())?;
    Ok(sums)
}
