//! Typed records → facts: months, lateness, events' months, who is the same. Source: forms.md.

use crate::body::organisation::Organisation;
use crate::definitions::Definitions;
use crate::definitions::dimension::{Class, RESULTS, SETS};
use crate::definitions::form::Form;
use crate::definitions::sieve::Sieve;
use crate::facts::asked::{AskedFor, EstablishedRecord};
use crate::facts::classes;
use crate::facts::course::Course;
use crate::facts::databases::Databases;
use crate::facts::deadline::FirstDay;
use crate::facts::event::Event;
use crate::facts::fact::{Fact, Facts};
use crate::facts::identity::{Parties, Resolved};
use crate::facts::known::{DeadlineCounts, KnownByUnit};
use crate::facts::memory::Memory;
use crate::facts::odd_days::Days;
use crate::facts::pending::{self, Breakdown, Pending};
use crate::facts::persons::Persons;
use crate::facts::register::{Inclusion, RegisterTerm};
use crate::facts::trace::{Trace, Traced};
use crate::facts::unfed::{Unfed, UnfedRows};
use crate::facts::unneeded::{self, Unneeded};
use crate::facts::wordings::kept::{Case, Count};
use crate::facts::wordings::{Brevity, Texts, Told};
use crate::records::Record;
use crate::records::typed::Typed;
use crate::report::database_part::DatabasePart;
use crate::values::digest::QuickHash;
use crate::values::moment::Moment;
use crate::values::period::Period;
use anyhow::Result;
use chrono::NaiveDate;
use polars::prelude::DataFrame;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

/// All facts of a run, with everything that is known only when all records have been read.
#[derive(Debug)]
pub struct Deriver<'d> {
    pub(crate) definitions: &'d Definitions,
    pub(crate) period: Period,
    pub(crate) facts: Vec<Facts>,
    pub(crate) services: Parties,
    pub(crate) systems: Parties,
    pub(crate) providers: Parties,
    pub(crate) units: Parties,
    /// Persons and acts: what is counted once.
    pub(crate) items: HashMap<String, u32>,
    pub(crate) events: HashMap<String, Event>,
    pub(crate) persons: Persons,
    pub(crate) terms: Vec<RegisterTerm>,
    /// What waits for identities: its quantity, and of how many records.
    pub(crate) pending: HashMap<Pending, (i64, i64)>,
    /// Rows of the asked forms, compiled: which facts feed a cell.
    pub(crate) sieves: Vec<(usize, Sieve)>,
    pub(crate) feeds: HashMap<(usize, u64), bool, QuickHash>,
    /// Per source of the ledger: accepted records that fed something.
    pub(crate) fed: Vec<i64>,
    /// Why the others fed nothing, and why the record at hand does.
    pub(crate) unfed_rows: UnfedRows,
    pub(crate) unfed: Option<Unfed>,
    /// Whether the record at hand waits for identities: they will tell whether it feeds anything.
    pub(crate) deferred: bool,
    /// Decisions of forms.md that were used, by unit, with the number of records; those of results stand in `deadlines`.
    pub(crate) decisions: BTreeMap<(u32, &'static str), i64>,
    /// How many records the one at hand stands for; −1 takes one back.
    pub(crate) times: i64,
    /// What is remembered of results, so that nothing is worked out twice.
    pub(crate) memory: Memory,
    /// The code of refused results.
    pub(crate) refused: Option<usize>,
    /// Minutes in which the months that have ended begin and end.
    pub(crate) months: Vec<Range<i64>>,
    /// All that is known happened before.
    pub(crate) end: Moment,
    /// By table.
    pub(crate) days: Vec<Days>,
    pub(crate) reduced: classes::Reduced,
    pub(crate) positions: HashMap<(usize, &'static str), usize>,
    pub(crate) breakdowns: Vec<Breakdown>,
    /// Fields that no asked form needs.
    pub(crate) unneeded: Vec<Unneeded>,
    /// What records say in words.
    pub(crate) texts: Texts,
    /// Rows of the register, until it is known which services they continue.
    pub(crate) inclusions: Vec<Inclusion>,
    /// Violations that others established, until the body's own records are known.
    pub(crate) established: Vec<EstablishedRecord>,
    /// Of those that count: of services rendered, of refusals.
    pub(crate) established_counted: [i64; 2],
    /// Own records that others ask for.
    pub(crate) asked: AskedFor,
    /// Complaints that the authorised body considers late (D13).
    pub(crate) authorised_late: i64,
    /// The year's plan and the internal monitoring.
    pub(crate) course: Course,
    /// Results by whether their deadline is known.
    pub(crate) deadlines: DeadlineCounts,
    /// Recommendations of the previous quarter's events that were executed in this one.
    pub(crate) executed_later: i64,
    /// The record at hand is counted once identities are known.
    pub(crate) waits: bool,
    /// Minutes of the moments that a record may have.
    pub(crate) plausible: Range<i64>,
    /// Channels whose terms include the day of receipt (D5).
    pub(crate) receipt_days: Vec<bool>,
    /// What databases counted.
    pub(crate) databases: Databases,
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
    /// By unit, with the number of records; those of results stand in `deadlines`.
    pub decisions: BTreeMap<(u32, &'static str), u64>,
    /// Recommendations of the previous quarter's events that were executed in this one.
    pub executed_later: i64,
    pub texts: Told,
    /// The year's plan and the internal monitoring, for the analytical report; units are identities.
    pub course: Course,
    /// Results by whether their deadline is known.
    pub deadlines: KnownByUnit,
    /// Violations that others established and that count: of services rendered, of refusals (D15).
    pub established: [i64; 2],
    /// What databases counted.
    pub databases: Vec<DatabasePart>,
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
        let start = |month| Moment::from_day(period.quarter.month_start(month)).minutes;
        let asked: Vec<String> = forms.iter().map(|form| form.form.clone()).collect();
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
            persons: Persons::default(),
            terms: Vec::new(),
            pending: HashMap::new(),
            sieves,
            feeds: HashMap::default(),
            fed: Vec::new(),
            unfed_rows: UnfedRows::default(),
            unfed: None,
            deferred: false,
            decisions: BTreeMap::new(),
            times: 1,
            memory: Memory::default(),
            refused: definitions.codelist("outcome").and_then(|list| list.position("refused")),
            months: (0..period.ended_months()).map(|month| start(month)..start(month + 1)).collect(),
            end: Moment::from_day(period.known_until()),
            days: definitions.tables.iter().map(Days::new).collect(),
            reduced: classes::Reduced::new(definitions, forms),
            positions: HashMap::new(),
            breakdowns: pending::breakdowns(definitions, forms),
            unneeded: unneeded::find(definitions, &asked),
            texts: Texts::new(definitions, forms),
            inclusions: Vec::new(),
            established: Vec::new(),
            established_counted: [0; 2],
            asked: AskedFor::default(),
            authorised_late: 0,
            course: Course::default(),
            deadlines: DeadlineCounts::new(definitions),
            executed_later: 0,
            waits: false,
            plausible: definitions.plausible.minutes(period.quarter.last()),
            // what there is no channel of was refused with the file
            receipt_days: organisation.terms.by_channel(definitions).unwrap_or_default(),
            databases: Databases::new(forms),
            trace: None,
        }
    }

    /// How the words of a table's records are taken; `code`: the field whose codes may be taken in brief.
    pub fn brevity(&self, table: usize, code: Option<usize>) -> Brevity {
        self.texts.brevity(table, code)
    }

    /// Why the record that was taken last feeds no cell; `None`: it does, or will.
    pub fn unfed(&self) -> Option<Unfed> {
        self.unfed
    }

    pub(crate) fn feed(&mut self, source: usize, fed: bool) {
        if self.fed.len() <= source {
            self.fed.resize(source + 1, 0);
        }
        self.fed[source] += if fed { self.times } else { 0 };
    }

    /// Adds a fact and keeps what its record says in words.
    pub(crate) fn push_with_words(&mut self, set: usize, fact: Fact, record: &Record<'_, '_>) -> Result<bool> {
        let fed = self.push(set, fact)?;
        if fed {
            self.take_words(set, &fact, record);
        }
        Ok(fed)
    }

    pub(crate) fn take_words(&mut self, set: usize, fact: &Fact, record: &Record<'_, '_>) {
        let case = Case { set: u32::try_from(set).unwrap_or(u32::MAX), class: fact.class, unit: fact.unit };
        self.texts.take(record, self.definitions, case, Count { quantity: fact.quantity, times: self.times });
    }

    /// Takes note of a record of a kind that no form counts.
    pub(crate) fn tell(&mut self, set: usize, fact: &Fact, record: &Record<'_, '_>) {
        let case = Case { set: u32::try_from(set).unwrap_or(u32::MAX), class: fact.class, unit: fact.unit };
        self.texts.count(case, Count { quantity: fact.quantity, times: self.times });
        self.take_words(set, fact, record);
    }

    /// Adds a fact; tells whether any row of the asked forms counts it.
    pub(crate) fn push(&mut self, set: usize, fact: Fact) -> Result<bool> {
        if let Some(trace) = &mut self.trace {
            trace.keep(set, fact);
        }
        let counted = self.is_counted(set, fact.class);
        let kept = if set == RESULTS { self.reduced.of(fact) } else { Some(fact) };
        if let Some(fact) = kept {
            self.facts[set].push(fact)?;
        }
        Ok(counted)
    }

    pub(crate) fn is_counted(&mut self, set: usize, class: u64) -> bool {
        let sieves = &self.sieves;
        *self
            .feeds
            .entry((set, class))
            .or_insert_with(|| sieves.iter().any(|(of, sieve)| *of == set && sieve.passes(Class(class))))
    }

    /// The month of the quarter that a day falls into, if that month has ended (D1).
    pub(crate) fn month(&self, day: NaiveDate) -> Option<u32> {
        self.month_at(Moment::from_day(day))
    }

    /// As `month`, of a moment.
    #[inline]
    pub(crate) fn month_at(&self, moment: Moment) -> Option<u32> {
        let place = self.months.iter().position(|month| month.contains(&moment.minutes))?;
        u32::try_from(place).ok()
    }

    /// A field of a record by name.
    pub(crate) fn field<'v, 'a>(&mut self, record: &Record<'v, 'a>, name: &'static str) -> &'v Typed<'a> {
        self.value(record.found.table, record.values, name)
    }

    /// A field of the values of a row by name; fields are looked up once a table.
    pub(crate) fn value<'v, 'a>(&mut self, table: usize, values: &'v [Typed<'a>], name: &'static str) -> &'v Typed<'a> {
        let definition = &self.definitions.tables[table];
        let place = || definition.position(name).unwrap_or(usize::MAX);
        let place = *self.positions.entry((table, name)).or_insert_with(place);
        values.get(place).unwrap_or(&Typed::Missing)
    }

    pub(crate) fn text<'v>(&mut self, record: &Record<'v, '_>, name: &'static str) -> &'v str {
        self.field(record, name).text().unwrap_or_default()
    }

    pub(crate) fn quantity(&mut self, record: &Record<'_, '_>) -> i64 {
        self.times * self.field(record, "quantity").integer().unwrap_or(1)
    }

    /// The number of the service of a record.
    pub(crate) fn service(&mut self, record: &Record<'_, '_>) -> u32 {
        let (code, name) = (self.text(record, "service_code"), self.text(record, "service_name"));
        self.services.meet_times(code, name, self.times)
    }

    /// The number of the unit of a record: nine digits are a KATO code, anything else a name.
    pub(crate) fn unit(&mut self, record: &Record<'_, '_>) -> u32 {
        let unit = self.text(record, "unit");
        let (code, name) = if is_kato(unit) { (unit, "") } else { ("", unit) };
        self.units.meet_times(code, name, self.times)
    }

    pub(crate) fn item(&mut self, name: &str) -> u32 {
        let next = u32::try_from(self.items.len() + 1).unwrap_or(u32::MAX);
        *self.items.entry(name.to_owned()).or_insert(next)
    }

    /// Position of a code in a code list, or of a flag.
    pub(crate) fn code(&self, list: &str, code: &str) -> Option<usize> {
        self.definitions.codelist(list)?.position(code)
    }

    /// The code that a code is a kind of; else itself (D17; Law, art. 19-1 para 2).
    pub(crate) fn top(&self, list: &str, code: Option<usize>) -> Option<usize> {
        let codes = self.definitions.codelist(list)?;
        Some(codes.top(code?))
    }

    /// The first day of a term in days, by the record's channel (D5).
    #[inline]
    pub(crate) fn first_day(&self, channel: Option<usize>) -> FirstDay {
        let counts = channel.and_then(|code| self.receipt_days.get(code)).is_some_and(|counts| *counts);
        if counts { FirstDay::OfReceipt } else { FirstDay::AfterReceipt }
    }

    pub(crate) fn use_decision(&mut self, decision: &'static str, unit: u32) {
        *self.decisions.entry((unit, decision)).or_default() += self.times;
    }
}

impl Derived {
    /// The decisions that a form of the whole or of one unit rests on, with the number of records.
    pub fn decisions_of(&self, unit: Option<u32>, form: &Form, definitions: &Definitions) -> BTreeMap<String, u64> {
        let mut used = self.deadlines.decisions(unit, form, definitions);
        for ((_, decision), times) in self.decisions.iter().filter(|((of, _), _)| unit.is_none_or(|unit| unit == *of)) {
            *used.entry((*decision).to_owned()).or_default() += times;
        }
        used
    }
}

pub(crate) fn is_kato(unit: &str) -> bool {
    unit.len() == 9 && unit.bytes().all(|digit| digit.is_ascii_digit())
}

/// Position of a flag in a dimension; dimensions are optional.
#[allow(clippy::unnecessary_wraps)]
pub(crate) fn yes(flag: bool) -> Option<usize> {
    Some(usize::from(flag))
}
