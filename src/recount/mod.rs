//! `--paranoid`: a second, slow counter. It counts every cell again from the sources, one record at a time, in
//! words of its own: it shares the reading of the sources, the code lists and the calendar's days with the
//! program, but neither its derivations nor its facts, identities, filters and tabulation.

pub mod term;
pub mod who;
pub mod world;
pub mod judge;
pub mod sheet;

use crate::body::organisation::Organisation;
use crate::definitions::Definitions;
use crate::definitions::form::{Form, Recounted};
use crate::records::Record;
use crate::recount::sheet::{CountedSheet, Key};
use crate::recount::who::Who;
use crate::recount::world::{Fields, World};
use crate::values::cells::{Cells, LineKey, Party, Value};
use crate::values::period::Period;
use anyhow::Result;
use std::collections::{BTreeMap, BTreeSet};

/// What is counted again.
#[derive(Debug)]
pub struct Recount<'a> {
    pub definitions: &'a Definitions,
    pub organisation: &'a Organisation,
    pub period: Period,
    /// Tables handed over, and `table.field` for their columns.
    pub given: BTreeSet<String>,
}

/// Reads all accepted records, in the same order each time.
pub type Reading<'r> = dyn FnMut(&mut dyn FnMut(&Record<'_, '_>)) -> Result<()> + 'r;

/// A form that was filled: of the whole, or of one unit.
#[derive(Debug)]
pub struct Filled<'a> {
    pub form: &'a Form,
    pub unit: Option<&'a Party>,
    pub cells: &'a Cells,
}

/// What came of it.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Cells compared.
    pub cells: u64,
    /// Cells that differ: form, place, both values.
    pub differences: Vec<String>,
    /// Rows that the second counter does not know, `2-mk 23`: nothing is said of their cells.
    pub unknown: BTreeSet<String>,
}

impl Recount<'_> {
    /// Counts every cell of the filled forms again: two readings of the sources, memory for names and counts only.
    ///
    /// # Errors
    /// Those of the reading.
    pub fn check(&self, filled: &[Filled<'_>], read: &mut Reading<'_>) -> Result<Outcome> {
        let asked: Vec<(&Form, Option<&Party>)> = filled.iter().map(|filled| (filled.form, filled.unit)).collect();
        let mut outcome = Outcome::default();
        for (filled, recounted) in filled.iter().zip(self.cells(&asked, read)?) {
            compare(filled, &recounted, &mut outcome);
        }
        Ok(outcome)
    }

    /// The cells of forms, of the whole or of a unit.
    ///
    /// # Errors
    /// Those of the reading.
    pub fn cells(
        &self,
        asked: &[(&Form, Option<&Party>)],
        read: &mut Reading<'_>,
    ) -> Result<Vec<BTreeMap<Key, Value>>> {
        let definitions = self.definitions;
        let mut world = World::new(definitions, self.period, self.organisation, self.given.clone());
        read(&mut |record| world.meet(Fields { definitions, record }))?;
        world.close();
        let mut sheets: Vec<CountedSheet> = asked
            .iter()
            .map(|(_, unit)| {
                let who = unit.map(|unit| world.units.who(&unit.code, &unit.name));
                CountedSheet::new(who.map(|who| who.unwrap_or(Who::Name(String::new()))))
            })
            .collect();
        read(&mut |record| {
            let tallies = judge::judge(&world, Fields { definitions, record });
            for ((form, _), sheet) in asked.iter().zip(&mut sheets) {
                match form.recount {
                    Some(Recounted::StateCorporation) => {
                        tallies.corporation.iter().for_each(|tally| sheet.add_quarterly(tally, true));
                    }
                    Some(Recounted::Portals) => {
                        tallies.portal.iter().for_each(|tally| sheet.add_quarterly(tally, false));
                    }
                    Some(Recounted::OwnWork) => tallies.monthly.iter().for_each(|tally| sheet.add_monthly(tally)),
                    None => {}
                }
            }
        })?;
        let zeros = self.organisation.zeros;
        Ok(asked.iter().zip(&sheets).map(|((form, _), sheet)| sheet.cells(form, &world, zeros)).collect())
    }
}

/// Both ways: what the form has, and what only the recount has.
fn compare(filled: &Filled<'_>, recounted: &BTreeMap<Key, Value>, outcome: &mut Outcome) {
    let form = filled.form;
    let mut own: BTreeMap<Key, &Value> = BTreeMap::new();
    for line in &filled.cells.lines {
        let columns = form.grid_of(line.row).columns.iter().zip(&line.values);
        let row = &form.rows[line.row];
        if !sheet::knows(form, row) {
            outcome.unknown.insert(format!("{} {}", form.form, row.no));
            continue;
        }
        let id = &row.id;
        own.extend(columns.map(|(column, value)| ((id.clone(), line.key.clone(), column.id.clone()), value)));
    }
    let keys: BTreeSet<&Key> = own.keys().chain(recounted.keys()).collect();
    for key in keys {
        outcome.cells += 1;
        let (first, second) = (own.get(key).copied(), recounted.get(key));
        if first != second {
            let print = |value: Option<&Value>| value.map_or_else(|| "∅".to_owned(), Value::print);
            let unit = filled.unit.map(|unit| format!(" [{}]", unit.label())).unwrap_or_default();
            let place = format!("{}{unit} {}{} {}", form.form, key.0, label(&key.1), key.2);
            outcome.differences.push(format!("{place}: {} ≠ {}", print(first), print(second)));
        }
    }
}

fn label(key: &LineKey) -> String {
    let parties = key.provider.iter().chain(&key.service).map(|party| party.label());
    parties.chain(key.system.as_deref()).flat_map(|name| [" «", name, "»"]).collect()
}
