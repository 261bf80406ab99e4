//! Typed records → facts: months, lateness, events' months, who is the same. Source: forms.md.

mod control;
pub mod deadline;
mod results;
mod stock;
pub mod trace;

use crate::definitions::Definitions;
use crate::definitions::dimension::{Class, SETS, Sieve};
use crate::definitions::form::Form;
use crate::facts::{Fact, Facts};
use crate::finding::{Finding, Place};
use crate::identity::{Parties, Resolved};
use crate::organisation::Organisation;
use crate::period::Period;
use crate::records::Record;
use crate::report::LedgerLine;
use crate::typed::Typed;
use anyhow::Result;
use chrono::NaiveDate;
use polars::prelude::DataFrame;
use std::collections::{BTreeMap, HashMap};
use trace::{Trace, Traced};

/// All facts of a run, with everything that is known only when all records have been read.
#[derive(Debug)]
pub struct Deriver<'d> {
    definitions: &'d Definitions,
    period: Period,
    facts: Vec<Facts>,
    services: Parties,
    systems: Parties,
    providers: Parties,
    units: Parties,
    /// Persons and acts: what is counted once.
    items: HashMap<String, u32>,
    events: HashMap<String, control::Event>,
    persons: control::Persons,
    terms: Vec<stock::RegisterTerm>,
    pending: HashMap<results::Pending, i64>,
    /// Rows of the asked forms, compiled: which facts feed a cell.
    sieves: Vec<(usize, Sieve)>,
    feeds: HashMap<(usize, u64), bool>,
    /// Per source of the ledger: accepted records that fed something.
    fed: Vec<u64>,
    /// Decisions of forms.md that were used, with the number of records.
    pub decisions: BTreeMap<String, u64>,
    positions: HashMap<(usize, &'static str), usize>,
    breakdowns: Vec<results::Breakdown>,
    /// Results that had no deadline at all.
    no_deadline: u64,
    /// Recommendations of the previous quarter's events that were executed in this one.
    executed_later: i64,
    /// Set by who wants to know which record made which fact.
    pub trace: Option<Trace>,
}

/// Facts and identities, ready to be tabulated.
#[derive(Debug)]
pub struct Derived {
    /// One frame a kind of fact, in the order of `SETS`.
    pub frames: Vec<DataFrame>,
    pub services: Resolved,
    pub systems: Resolved,
    pub providers: Resolved,
    pub units: Resolved,
    pub decisions: BTreeMap<String, u64>,
    /// Recommendations of the previous quarter's events that were executed in this one.
    pub executed_later: i64,
    /// Which record made which fact; empty unless traced.
    pub traced: Vec<Traced>,
}

impl<'d> Deriver<'d> {
    pub fn new(definitions: &'d Definitions, period: Period, forms: &[&Form], organisation: &Organisation) -> Self {
        let mut units = Parties::new();
        for unit in &organisation.units {
            for name in [&unit.name_ru, &unit.name_kk] {
                units.register(&unit.kato, name, 0);
            }
        }
        let mut sieves = Vec::new();
        for row in forms.iter().flat_map(|form| &form.rows) {
            let set = row.facts.as_ref().and_then(|facts| SETS.iter().position(|set| set.name == facts));
            if let Some(set) = set {
                sieves.extend(Sieve::new(set, &[&row.filter], definitions).map(|sieve| (set, sieve)));
            }
        }
        Self {
            definitions,
            period,
            facts: SETS.iter().map(|_| Facts::default()).collect(),
            services: Parties::new(),
            systems: Parties::new(),
            providers: Parties::new(),
            units,
            items: HashMap::new(),
            events: HashMap::new(),
            persons: control::Persons::default(),
            terms: Vec::new(),
            pending: HashMap::new(),
            sieves,
            feeds: HashMap::new(),
            fed: Vec::new(),
            decisions: BTreeMap::new(),
            positions: HashMap::new(),
            breakdowns: results::breakdowns(definitions, forms),
            no_deadline: 0,
            executed_later: 0,
            trace: None,
        }
    }

    /// Takes one accepted record.
    pub fn take(&mut self, record: &Record<'_, '_>, findings: &mut Vec<Finding>) -> Result<()> {
        if self.fed.len() <= record.source {
            self.fed.resize(record.source + 1, 0);
        }
        if let Some(trace) = &mut self.trace {
            trace.at = (record.source, record.line);
        }
        let table = self.definitions.tables[record.found.table].table.as_str();
        let fed = match table {
            "services" | "refusals" => self.result(record, table == "refusals", findings)?,
            "complaints" => self.complaint(record, findings)?,
            "control_events" => self.event(record, findings)?,
            "control_objects" => self.object(record, findings)?,
            "violations" => self.violation(record, findings)?,
            "sanctions" => self.sanction(record)?,
            "recommendations" => self.recommendation(record, findings)?,
            "register" => self.registered(record)?,
            "bylaws" => self.bylaw(record)?,
            _ => self.activity(record, table)?,
        };
        self.fed[record.source] += u64::from(fed);
        Ok(())
    }

    /// Resolves identities and late terms; completes the ledger.
    pub fn finish(mut self, ledger: &mut [LedgerLine], findings: &mut Vec<Finding>) -> Result<Derived> {
        let services = self.services.resolve();
        let providers = self.providers.resolve();
        self.settle_pending(&services, &providers, findings)?;
        self.persons.report(&mut self.decisions, findings);
        if self.no_deadline > 0 {
            findings.push(Finding::new("no_deadline", Place::default()).with("count", self.no_deadline));
        }
        let (systems, units) = (self.systems.resolve(), self.units.resolve());
        let maps = [services.identity.as_slice(), &systems.identity, &providers.identity, &units.identity];
        let facts = std::mem::take(&mut self.facts);
        let frames = facts.into_iter().map(|facts| facts.finish(maps)).collect::<Result<_, _>>()?;
        for (line, fed) in ledger.iter_mut().zip(self.fed.iter().chain(std::iter::repeat(&0))) {
            line.feeds_nothing = line.accepted - fed;
        }
        let Self { decisions, executed_later, trace, .. } = self;
        let traced = trace.map(Trace::finish).unwrap_or_default();
        Ok(Derived { frames, services, systems, providers, units, decisions, executed_later, traced })
    }

    /// Adds a fact; tells whether any row of the asked forms counts it.
    fn push(&mut self, set: usize, fact: Fact) -> Result<bool> {
        if let Some(trace) = &mut self.trace {
            trace.keep(set, fact);
        }
        self.facts[set].push(fact)?;
        Ok(self.is_counted(set, fact.class))
    }

    fn is_counted(&mut self, set: usize, class: u64) -> bool {
        let sieves = &self.sieves;
        *self
            .feeds
            .entry((set, class))
            .or_insert_with(|| sieves.iter().any(|(of, sieve)| *of == set && sieve.passes(Class(class))))
    }

    /// The month of the quarter that a day falls into, if that month has ended (D1).
    fn month(&self, day: NaiveDate) -> Option<u32> {
        let month = self.period.quarter.month_of(day)?;
        self.period.quarter.month_ended(month, self.period.as_of).then_some(month)
    }

    /// A field of a record by name; fields are looked up once a table.
    fn field<'v, 'a>(&mut self, record: &Record<'v, 'a>, name: &'static str) -> &'v Typed<'a> {
        let table = &self.definitions.tables[record.found.table];
        let place = *self
            .positions
            .entry((record.found.table, name))
            .or_insert_with(|| table.position(name).unwrap_or(usize::MAX));
        record.values.get(place).unwrap_or(&Typed::Missing)
    }

    fn text<'v>(&mut self, record: &Record<'v, '_>, name: &'static str) -> &'v str {
        self.field(record, name).text().unwrap_or_default()
    }

    fn quantity(&mut self, record: &Record<'_, '_>) -> i64 {
        self.field(record, "quantity").integer().unwrap_or(1)
    }

    /// The number of the service of a record.
    fn service(&mut self, record: &Record<'_, '_>) -> u32 {
        let (code, name) = (self.text(record, "service_code"), self.text(record, "service_name"));
        self.services.meet(code, name)
    }

    /// The number of the unit of a record: nine digits are a KATO code, anything else a name.
    fn unit(&mut self, record: &Record<'_, '_>) -> u32 {
        let unit = self.text(record, "unit");
        let kato = unit.len() == 9 && unit.bytes().all(|digit| digit.is_ascii_digit());
        if kato { self.units.meet(unit, "") } else { self.units.meet("", unit) }
    }

    fn item(&mut self, name: &str) -> u32 {
        let next = u32::try_from(self.items.len() + 1).unwrap_or(u32::MAX);
        *self.items.entry(name.to_owned()).or_insert(next)
    }

    /// Position of a code in a code list, or of a flag.
    fn code(&self, list: &str, code: &str) -> Option<usize> {
        self.definitions.codelist(list)?.position(code)
    }

    fn use_decision(&mut self, decision: &str) {
        *self.decisions.entry(decision.to_owned()).or_default() += 1;
    }
}

/// Position of a flag in a dimension.
fn yes(flag: bool) -> Option<usize> {
    Some(usize::from(flag))
}
