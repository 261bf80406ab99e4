//! Control events with their papers and objects, the year's plan, the internal monitoring, what happened in the
//! Register: no cell tells them, the analytical report does (para 41–42, 49–50, 55–59; Annex 1, expl. 32).

use crate::facts::deadline::Term;
use crate::facts::identity::Resolved;
use crate::values::period::Quarter;
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};

/// What is kept of these tables, in the order of reading.
#[derive(Debug, Clone, Default)]
pub struct Course {
    /// Events that were finished in a month that counts.
    pub events: Vec<HeldEvent>,
    /// Violations by unit and folded name of the object.
    pub objects: BTreeMap<(u32, String), FoundAt>,
    pub overdue: Vec<Overdue>,
    /// Recommendations that are not executed and say no day, by unit.
    pub undated: BTreeMap<u32, i64>,
    pub plan: Vec<PlannedEvent>,
    pub monitoring: Vec<Monitored>,
    pub changes: Vec<RegisterChange>,
    /// Kinds of objects by folded name, as the table of objects has them.
    pub(crate) kinds: BTreeMap<String, String>,
    /// Folded names of objects that are natural persons: they are nowhere printed.
    pub(crate) persons: BTreeSet<String>,
}

/// A control event with its order, its act and its objects.
#[derive(Debug, Clone)]
pub struct HeldEvent {
    pub unit: u32,
    /// As the body numbers it.
    pub number: String,
    pub title: String,
    /// Code of the list `basis`.
    pub basis: String,
    pub order: Paper,
    pub act: Paper,
    pub started: Option<NaiveDate>,
    pub finished: NaiveDate,
    pub objects: Vec<ObjectNamed>,
}

/// Number and day of an order or an act; empty: not stated.
#[derive(Debug, Clone, Default)]
pub struct Paper {
    pub number: String,
    pub day: Option<NaiveDate>,
}

/// An object of control.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ObjectNamed {
    /// Empty for a natural person, whose name is not printed.
    pub name: String,
    /// Code of the list `object_kind`; empty: not known.
    pub kind: String,
}

/// What control events found at an object.
#[derive(Debug, Clone, Default)]
pub struct FoundAt {
    pub object: ObjectNamed,
    /// Of the procedure and terms (row 3), of the terms for complaints (row 6), with rights restored (row 4).
    pub violations: i64,
    pub complaints: i64,
    pub restored: i64,
    /// Persons restored to their rights (row 5).
    pub persons: i64,
}

/// A recommendation that was not executed in time.
#[derive(Debug, Clone)]
pub struct Overdue {
    pub unit: u32,
    /// Number of its event.
    pub event: String,
    pub text: String,
    pub due: NaiveDate,
    /// Executed in the quarter, after its day; `None`: not executed.
    pub executed: Option<NaiveDate>,
    pub reason: String,
}

/// An item of the year's plan.
#[derive(Debug, Clone)]
pub struct PlannedEvent {
    pub id: String,
    pub quarter: Quarter,
    pub object: ObjectNamed,
    pub topic: String,
    /// Number of the event that carried it out; empty: none is named.
    pub event: String,
    pub fact: Carried,
}

/// What became of an item of the plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carried {
    /// Its event was finished on this day.
    Held(NaiveDate),
    /// Its event was not finished by the end of the period.
    Unfinished,
    /// Its event does not stand in the table of events.
    Unknown,
    /// It names no event, and its quarter is over.
    NotHeld,
    /// It names no event, and its quarter is not over.
    Ahead,
}

/// A record of the internal monitoring of the quarter, or a proposal of an earlier one that waited for its answer.
#[derive(Debug, Clone)]
pub struct Monitored {
    pub unit: u32,
    pub held_on: NaiveDate,
    /// It was held in the quarter.
    pub own: bool,
    /// Code of the list `monitoring_point`.
    pub point: String,
    /// Number of the service as met.
    pub(crate) met: u32,
    /// Its code or name as printed; empty: none is named.
    pub service: String,
    pub result: String,
    /// Code of the list `proposal_kind`; empty: not given.
    pub proposal_kind: String,
    pub proposal: String,
    pub addressed_to: String,
    pub submitted_on: Option<NaiveDate>,
    pub due_on: Option<NaiveDate>,
    pub answered_on: Option<NaiveDate>,
    pub answer: String,
    /// The day for the answer has passed without one.
    pub unanswered: bool,
}

/// A service that came into the Register, left it, or stands in it otherwise than before.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RegisterChange {
    pub on: NaiveDate,
    pub code: String,
    pub name: String,
    pub what: Changed,
}

/// What happened to a service; one that was in force on the day before is continued (D11).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Changed {
    Included,
    Excluded,
    /// Name and term before and after, where they differ.
    Continued {
        name: Option<[String; 2]>,
        term: Option<[Option<Term>; 2]>,
    },
}

impl Monitored {
    /// It proposes something.
    pub fn proposes(&self) -> bool {
        !self.proposal.is_empty() || !self.proposal_kind.is_empty()
    }
}

impl Course {
    /// Units and services become who they turned out to be; objects get their kinds, and natural persons lose their
    /// names.
    pub(crate) fn settle(&mut self, units: &[u32], services: &Resolved) {
        let unit = |unit: &mut u32| *unit = units.get(*unit as usize).copied().unwrap_or(0);
        self.events.iter_mut().for_each(|event| unit(&mut event.unit));
        self.overdue.iter_mut().for_each(|one| unit(&mut one.unit));
        for one in &mut self.monitoring {
            unit(&mut one.unit);
            let party = services.party(services.identity.get(one.met as usize).copied().unwrap_or(0));
            one.service = party.map_or_else(String::new, |party| party.label().to_owned());
        }
        for (mut of, count) in std::mem::take(&mut self.undated) {
            unit(&mut of);
            *self.undated.entry(of).or_default() += count;
        }
        for ((mut of, name), found) in std::mem::take(&mut self.objects) {
            unit(&mut of);
            // natural persons are told together
            let name = if self.persons.contains(&name) { String::new() } else { name };
            self.objects.entry((of, name)).or_default().add(found);
        }
        let fold = crate::words::lang::fold;
        for ((_, name), found) in &mut self.objects {
            found.object.kind = self.kinds.get(name).cloned().unwrap_or_default();
        }
        let found = self.objects.values_mut().map(|found| &mut found.object);
        let held = self.events.iter_mut().flat_map(|event| &mut event.objects);
        let planned = self.plan.iter_mut().map(|planned| &mut planned.object);
        for object in found.chain(held).chain(planned) {
            if self.persons.contains(&fold(&object.name)) || object.kind == PERSON {
                *object = ObjectNamed { name: String::new(), kind: PERSON.to_owned() };
            }
        }
        self.events.sort_by(|one, other| (one.finished, &one.number).cmp(&(other.finished, &other.number)));
        self.overdue
            .sort_by(|one, other| (one.due, &one.event, &one.text).cmp(&(other.due, &other.event, &other.text)));
        self.plan.sort_by(|one, other| (one.quarter, &one.id).cmp(&(other.quarter, &other.id)));
        self.changes.sort();
        self.changes.dedup();
    }

    /// All texts that may be printed.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        let events = self.events.iter().flat_map(|event| {
            let papers = [&event.number, &event.title, &event.order.number, &event.act.number];
            papers.into_iter().chain(event.objects.iter().map(|object| &object.name))
        });
        let overdue = self.overdue.iter().flat_map(|one| [&one.text, &one.reason]);
        let found = self.objects.values().map(|found| &found.object.name);
        let plan = self.plan.iter().flat_map(|one| [&one.object.name, &one.topic]);
        let monitored = self.monitoring.iter();
        let monitoring = monitored.flat_map(|one| [&one.result, &one.proposal, &one.addressed_to, &one.answer]);
        let changes = self.changes.iter().flat_map(|change| match &change.what {
            Changed::Continued { name: Some([before, after]), .. } => vec![&change.name, before, after],
            _ => vec![&change.name],
        });
        events.chain(overdue).chain(found).chain(plan).chain(monitoring).chain(changes).map(String::as_str)
    }
}

/// Code of the list `object_kind` for natural persons.
pub(crate) const PERSON: &str = "individual_provider";

impl FoundAt {
    /// Adds what was found at the same object.
    pub fn add(&mut self, other: Self) {
        if self.object.name.is_empty() && self.object.kind.is_empty() {
            self.object = other.object;
        }
        self.violations += other.violations;
        self.complaints += other.complaints;
        self.restored += other.restored;
        self.persons += other.persons;
    }
}
