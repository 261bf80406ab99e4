//! The first records of every cell, for a page that must answer without the sources.

use crate::body::organisation::Organisation;
use crate::definitions::Definitions;
use crate::definitions::dimension::Class;
use crate::definitions::form::{Form, Measure};
use crate::facts::deriver::{Derived, Deriver};
use crate::facts::parts::{Owner, Part, parts};
use crate::facts::trace::{RecordPlace, Trace, Traced, Wanted};
use crate::records::Reader;
use crate::records::quarantine::Quarantine;
use crate::records::shown::shown;
use crate::report::Report;
use crate::sources::Options;
use crate::sources::raw::FoundTable;
use crate::values::cells::{LineKey, Party};
use crate::values::period::Period;
use anyhow::Result;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// Sources with more accepted records are not read again for the page: `esep explain` does it for a cell.
pub const RECORDS: u64 = 20_000;
/// Records that are named for a cell.
const NAMED: usize = 3;

/// A cell by its line and column.
type Cell = (usize, usize);

/// Facts of all records, with the records' ids.
#[derive(Debug)]
pub struct Traces {
    derived: Derived,
    ids: BTreeMap<RecordPlace, String>,
}

/// What is known of the records of one cell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FirstRecords {
    /// How many contribute.
    pub count: usize,
    /// Those that stand first: source, line, id.
    pub first: Vec<(usize, u64, String)>,
}

/// What the sources are read with.
#[derive(Debug, Clone, Copy)]
pub struct Reading<'r> {
    pub definitions: &'r Definitions,
    pub forms: &'r [&'r Form],
    pub period: Period,
    pub organisation: &'r Organisation,
    pub options: &'r Options,
}

impl Traces {
    /// Reads the tables once more; what was rejected was told before.
    pub fn read(reading: Reading<'_>, tables: &[FoundTable]) -> Result<Self> {
        let Reading { definitions, forms, period, organisation, options } = reading;
        let asked: Vec<&str> = forms.iter().map(|form| form.form.as_str()).collect();
        let mut reader = Reader::new(definitions, &asked, options.clone(), Quarantine::unwritten());
        let mut deriver = Deriver::new(definitions, period, forms, organisation);
        deriver.trace = Some(Trace::new(Wanted::All));
        let mut ids = BTreeMap::new();
        reader.read_all(tables, &mut |record, findings| {
            let table = &definitions.tables[record.found.table];
            let key = table.key.iter().filter_map(|name| table.position(name));
            let key = key.filter(|field| !table.fields[*field].private);
            let text = |field: usize| record.values[field].text().map(|text| (&table.fields[field], text));
            let parts = key.filter_map(text).map(|(field, text)| shown(Some(field), text, definitions));
            let parts: Vec<Cow<'_, str>> = parts.collect();
            ids.insert((record.source, record.line), parts.join(" · "));
            deriver.take(record, findings)
        })?;
        let Reader { mut ledger, mut findings, .. } = reader;
        Ok(Self { derived: deriver.finish(&mut ledger, &mut findings)?, ids })
    }

    /// The cells of a report that records feed.
    pub fn of(&self, report: &Report<'_>, definitions: &Definitions) -> BTreeMap<Cell, FirstRecords> {
        let owner = Owner::new(&self.derived, report.unit.as_ref());
        let mut facts: BTreeMap<(usize, u32), Vec<&Traced>> = BTreeMap::new();
        for traced in &self.derived.traced {
            facts.entry((traced.set, Class(traced.fact.class).month() + 1)).or_default().push(traced);
        }
        let mut rows: BTreeMap<usize, HashMap<&LineKey, usize>> = BTreeMap::new();
        for (place, line) in report.cells.lines.iter().enumerate() {
            rows.entry(line.row).or_default().insert(&line.key, place);
        }
        let mut met: BTreeMap<Cell, BTreeSet<(RecordPlace, usize, u64)>> = BTreeMap::new();
        let mut counts: BTreeMap<Cell, usize> = BTreeMap::new();
        for (row, lines) in &rows {
            for column in 0..report.form.grid_of(*row).columns.len() {
                for part in parts(report.form, *row, column, report.period, definitions) {
                    let months = facts.iter().filter(|((set, month), _)| part.may_take(*set, *month));
                    for traced in months.flat_map(|(_, facts)| facts).filter(|traced| adds(report.form, &part, traced))
                    {
                        for place in self.lines(lines, traced) {
                            let line = &report.cells.lines[place];
                            if !owner.holds(traced, &report.form.rows[part.row], line) {
                                continue;
                            }
                            *counts.entry((place, column)).or_default() += 1;
                            let first = met.entry((place, column)).or_default();
                            first.insert(((traced.source, traced.line), part.row, traced.fact.class));
                            if first.len() > NAMED {
                                first.pop_last();
                            }
                        }
                    }
                }
            }
        }
        let named = |(cell, first): (Cell, BTreeSet<(RecordPlace, usize, u64)>)| {
            let mut places: Vec<RecordPlace> = first.into_iter().map(|(at, ..)| at).collect();
            places.dedup();
            let id = |at: &RecordPlace| self.ids.get(at).cloned().unwrap_or_default();
            let first = places.iter().map(|at| (at.0, at.1, id(at))).collect();
            (cell, FirstRecords { count: counts.get(&cell).copied().unwrap_or(0), first })
        };
        met.into_iter().map(named).collect()
    }

    /// Lines of a row on which a fact may stand: the row itself, its provider, its service.
    fn lines(&self, lines: &HashMap<&LineKey, usize>, traced: &Traced) -> Vec<usize> {
        let (derived, fact) = (&self.derived, &traced.fact);
        let own = |party: Option<&Arc<Party>>| [None, party.cloned()];
        let provider = own(derived.providers.party(derived.providers.identity[fact.provider as usize]));
        let service = own(derived.services.party(derived.services.identity[fact.service as usize]));
        let system = derived.systems.party(derived.systems.identity[fact.system as usize]);
        let systems = [None, Some(system.map_or_else(String::new, |party| party.name.clone()))];
        let mut found = Vec::new();
        for provider in &provider {
            for service in &service {
                for system in &systems {
                    let key = LineKey { provider: provider.clone(), service: service.clone(), system: system.clone() };
                    found.extend(lines.get(&key));
                }
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}

/// Whether a fact adds something to a part of a cell.
fn adds(form: &Form, part: &Part, traced: &Traced) -> bool {
    part.takes(traced)
        && match form.rows[part.row].measure {
            Measure::Quantity => traced.fact.quantity != 0,
            Measure::Amount => traced.fact.amount != 0,
            Measure::Distinct | Measure::DistinctItems => true,
        }
}
