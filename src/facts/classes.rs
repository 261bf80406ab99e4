//! Facts reduced to what the asked forms tell apart: millions of records then have few groups.
//!
//! Two classes that pass the same filters of every row and column count in the same cells, so one stands for both; a
//! class that no row counts is not kept. Parties by which no row has lines are left out.

use crate::definitions::Definitions;
use crate::definitions::analytical::{Analytical, Apart, Block};
use crate::definitions::dimension::{Class, DELAY_CAUSE, ESTABLISHED, RESULTS};
use crate::definitions::form::{Form, LineBy, Measure};
use crate::definitions::sieve::Sieve;
use crate::facts::fact::Fact;
use crate::values::digest::QuickHash;
use std::collections::HashMap;

/// Filters of columns, and the months they count.
type Columns = Vec<(Sieve, Option<u32>)>;

/// What the asked forms tell apart among results.
#[derive(Debug, Clone, Default)]
pub(crate) struct Reduced {
    /// Filter of each row, with the filters and months of its columns.
    rows: Vec<(Sieve, Columns)>,
    /// Whether rows have lines by provider, service, system.
    levels: [bool; 3],
    /// A filter that is not understood here: nothing is reduced.
    whole: bool,
    known: HashMap<u64, Option<u64>, QuickHash>,
    /// Reports tell late results apart by cause.
    causes: bool,
    stand_ins: HashMap<(usize, Vec<bool>), u64>,
}

impl Reduced {
    pub(crate) fn new(definitions: &Definitions, forms: &[&Form]) -> Self {
        let own = |report: &&Analytical| forms.iter().any(|form| report.forms.contains(&form.form));
        let blocks = definitions.analyticals.iter().filter(own).flat_map(Analytical::blocks);
        let by_cause = |block: &Block| matches!(block, Block::Apart { by: Apart::Cause, .. });
        let mut reduced = Self { causes: blocks.into_iter().any(by_cause), ..Self::default() };
        for form in forms {
            for (place, row) in form.rows.iter().enumerate().filter(|(_, row)| row.facts.as_deref() == Some("results"))
            {
                let columns = form.grid_of(place).columns.iter().map(|column| {
                    Sieve::new(RESULTS, &[&column.filter], definitions).map(|sieve| (sieve, column.month))
                });
                match (Sieve::new(RESULTS, &[&row.filter], definitions), columns.collect::<Option<Vec<_>>>()) {
                    (Some(sieve), Some(columns)) => reduced.rows.push((sieve, columns)),
                    _ => reduced.whole = true,
                }
                for (kept, by) in reduced.levels.iter_mut().zip([LineBy::Provider, LineBy::Service, LineBy::System]) {
                    *kept |=
                        row.lines.contains(&by) || matches!(row.measure, Measure::Distinct | Measure::DistinctItems);
                }
            }
        }
        reduced
    }

    /// The class that stands for this one; `None`: no row counts it.
    fn class(&mut self, class: u64) -> Option<u64> {
        if let Some(known) = self.known.get(&class) {
            return *known;
        }
        let marks = self.rows.iter().flat_map(|(row, columns)| {
            let counted = row.passes(Class(class));
            let within = move |(sieve, month): &(Sieve, Option<u32>)| {
                counted && sieve.passes(Class(class)) && month.is_none_or(|month| Class(class).month() + 1 == month)
            };
            std::iter::once(counted).chain(columns.iter().map(within))
        });
        // what others established stays apart: rules leave it out
        let established = usize::from(Class(class).code(ESTABLISHED) == Class::YES);
        // of results in time no cause is kept
        let cause = if self.causes { Class(class).code(DELAY_CAUSE) } else { 0 };
        let apart = cause * 2 + established;
        let marks: Vec<bool> = marks.collect();
        let stand_in = marks.contains(&true).then(|| *self.stand_ins.entry((apart, marks)).or_insert(class));
        self.known.insert(class, stand_in);
        stand_in
    }

    /// The fact as far as the asked forms can tell it from others; `None`: no cell counts it.
    pub(crate) fn of(&mut self, fact: Fact) -> Option<Fact> {
        if self.whole {
            return Some(fact);
        }
        let class = self.class(fact.class)?;
        let [provider, service, system] = self.levels;
        let keep = |kept: bool, party: u32| if kept { party } else { 0 };
        Some(Fact {
            class,
            provider: keep(provider, fact.provider),
            service: keep(service, fact.service),
            system: keep(system, fact.system),
            ..fact
        })
    }
}
