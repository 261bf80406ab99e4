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
use crate::records::quarantine::Quarantine;
use crate::records::{Reader, Record};
use crate::recount::sheet::{Key, Sheet};
use crate::recount::who::Who;
use crate::recount::world::{Fields, World};
use crate::sources::Options;
use crate::sources::raw::FoundTable;
use crate::values::cells::{Cells, LineKey, Party, Value};
use crate::values::period::Period;
use anyhow::Result;
use std::collections::{BTreeMap, BTreeSet};

/// What is counted again.
#[derive(Debug)]
pub struct Recount<'a> {
    pub definitions: &'a Definitions,
    /// In the order of reading.
    pub tables: &'a [FoundTable],
    pub options: &'a Options,
    /// Forms asked for together.
    pub forms: &'a [&'a Form],
    pub organisation: &'a Organisation,
    pub period: Period,
}

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
    pub fn check(&self, filled: &[Filled<'_>]) -> Result<Outcome> {
        let given = Reader::handed_over(self.definitions, self.tables);
        let mut world = World::new(self.definitions, self.period, self.organisation, given);
        self.read(&mut |record| world.meet(Fields { definitions: self.definitions, record }))?;
        world.close();
        let unit = |filled: &Filled<'_>| {
            let who = filled.unit.map(|unit| world.units.who(&unit.code, &unit.name));
            who.map(|who| who.unwrap_or(Who::Name(String::new())))
        };
        let mut sheets: Vec<Sheet> = filled.iter().map(|filled| Sheet::new(unit(filled))).collect();
        self.read(&mut |record| {
            let tallies = judge::judge(&world, Fields { definitions: self.definitions, record });
            for (filled, sheet) in filled.iter().zip(&mut sheets) {
                match filled.form.recount {
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
        let mut outcome = Outcome::default();
        for (filled, sheet) in filled.iter().zip(&sheets) {
            let recounted = sheet.cells(filled.form, &world, self.organisation.zeros);
            compare(filled, &recounted, &mut outcome);
        }
        Ok(outcome)
    }

    fn read(&self, take: &mut dyn FnMut(&Record<'_, '_>)) -> Result<()> {
        let asked: Vec<&str> = self.forms.iter().map(|form| form.form.as_str()).collect();
        let mut reader = Reader::new(self.definitions, &asked, self.options.clone(), Quarantine::unwritten());
        for table in self.tables {
            reader.read(table, &mut |record, _| {
                take(record);
                Ok(())
            })?;
        }
        Ok(())
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
