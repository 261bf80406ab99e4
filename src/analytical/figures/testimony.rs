//! What the records say beside the cells: their words, the course of control and monitoring, rows told apart.

use crate::definitions::dimension::TOLD;
use crate::facts::apart::ToldApart;
use crate::facts::course::{Carried, Course, Monitored, PlannedEvent};
use crate::facts::wordings::Told;
use crate::values::period::Quarter;
use std::collections::{BTreeMap, BTreeSet};

/// What the records of a run say, as far as a report tells it; a report of reports has none of it.
#[derive(Debug, Clone, Copy)]
pub struct Testimony<'a> {
    pub texts: &'a Told,
    pub course: &'a Course,
    pub apart: &'a ToldApart,
    /// Tables that were handed over.
    pub given: &'a BTreeSet<String>,
    /// Counts that the units of a consolidated report hand on.
    pub handed: &'a BTreeMap<String, i64>,
    /// The unit among the resolved ones, when the report is of a unit.
    pub unit: Option<u32>,
}

/// What stands for the records of a report that has none of its own.
#[derive(Debug, Default)]
pub struct NoRecords {
    texts: Told,
    course: Course,
    apart: ToldApart,
    given: BTreeSet<String>,
}

impl NoRecords {
    /// Nothing but the counts that units hand on.
    pub fn with<'a>(&'a self, handed: &'a BTreeMap<String, i64>) -> Testimony<'a> {
        let Self { texts, course, apart, given } = self;
        Testimony { texts, course, apart, given, handed, unit: None }
    }
}

/// Code of the basis of an event by the annual plan.
const ANNUAL: &str = "annual_plan";

impl<'a> Testimony<'a> {
    /// Whether all these tables were handed over.
    pub fn has(&self, tables: &[&str]) -> bool {
        tables.iter().all(|table| self.given.contains(*table))
    }

    /// Whether something of a unit belongs to the report.
    pub fn owns(&self, unit: u32) -> bool {
        self.unit.is_none_or(|own| own == unit)
    }

    /// The items of the plan that a report tells of: those of the year up to its quarter.
    pub fn planned(&self, quarter: Quarter) -> Vec<&'a PlannedEvent> {
        let due = |one: &&PlannedEvent| one.quarter.year == quarter.year && one.quarter.number <= quarter.number;
        self.course.plan.iter().filter(due).collect()
    }

    pub fn monitored(&self) -> impl Iterator<Item = &Monitored> {
        self.course.monitoring.iter().filter(|one| self.owns(one.unit))
    }

    /// Counts of records that no form counts, by name, as far as their tables were handed over.
    pub fn counts(&self, quarter: Quarter) -> BTreeMap<&'static str, i64> {
        let mut counts: BTreeMap<&'static str, i64> = BTreeMap::new();
        counts.extend(TOLD.iter().filter_map(|(name, _)| Some((*name, *self.handed.get(*name)?))));
        if self.has(&["complaints"]) {
            counts.extend(TOLD.iter().map(|(name, set)| (*name, self.texts.count(*set, self.unit))));
        }
        if self.has(&["control_events", "recommendations"]) {
            let overdue = |executed: bool| {
                let own = self.course.overdue.iter().filter(|one| self.owns(one.unit));
                number(own.filter(|one| one.executed.is_some() == executed).count())
            };
            let undated = self.course.undated.iter().filter(|(unit, _)| self.owns(**unit));
            counts.extend([
                ("#overdue", overdue(false)),
                ("#executed_late", overdue(true)),
                ("#undated", undated.map(|(_, count)| count).sum()),
            ]);
        }
        if self.has(&["control_plan"]) && self.unit.is_none() {
            self.count_plan(quarter, &mut counts);
        }
        if self.has(&["monitoring"]) {
            self.count_monitoring(&mut counts);
        }
        counts
    }

    fn count_plan(&self, quarter: Quarter, counts: &mut BTreeMap<&'static str, i64>) {
        let of = |passes: &dyn Fn(&PlannedEvent) -> bool| {
            number(self.planned(quarter).into_iter().filter(|one| passes(one)).count())
        };
        let now = |one: &PlannedEvent| one.quarter == quarter;
        counts.extend([
            ("#plan", of(&now)),
            ("#plan_held", of(&|one| now(one) && matches!(one.fact, Carried::Held(_)))),
            ("#plan_not_held", of(&|one| now(one) && one.fact == Carried::NotHeld)),
            ("#plan_open", of(&|one| now(one) && matches!(one.fact, Carried::Unfinished | Carried::Unknown))),
            ("#plan_before", of(&|one| !now(one) && !matches!(one.fact, Carried::Held(_)))),
        ]);
        if self.has(&["control_events"]) {
            let named: BTreeSet<&str> = self.course.plan.iter().map(|one| one.event.as_str()).collect();
            let beyond = |event: &&crate::facts::course::HeldEvent| {
                event.basis == ANNUAL && !named.contains(event.number.as_str())
            };
            counts.insert("#events_beyond_plan", number(self.course.events.iter().filter(beyond).count()));
        }
    }

    fn count_monitoring(&self, counts: &mut BTreeMap<&'static str, i64>) {
        let of = |passes: &dyn Fn(&Monitored) -> bool| number(self.monitored().filter(|one| passes(one)).count());
        let answered = |one: &Monitored| one.answered_on.is_some() || !one.answer.is_empty();
        let own = |one: &Monitored| one.own && one.proposes();
        counts.extend([
            ("#monitored", of(&|one| one.own)),
            ("#proposals", of(&own)),
            ("#proposals_answered", of(&|one| own(one) && answered(one))),
            ("#proposals_unanswered", of(&|one| one.proposes() && one.unanswered)),
        ]);
        // what was proposed feeds sections; that nothing was proposed answers none
        let some = [
            ("#business_proposed", of(&|one| own(one) && one.proposal_kind == "p58_1")),
            ("#business_answered", of(&|one| own(one) && one.proposal_kind == "p58_1" && !one.answer.is_empty())),
            ("#register_proposed", of(&|one| own(one) && one.proposal_kind == "p58_2")),
            ("#register_answered", of(&|one| own(one) && one.proposal_kind == "p58_2" && !one.answer.is_empty())),
            ("#new_services_analysed", of(&|one| one.own && one.point == "p57_4" && !one.result.is_empty())),
        ];
        counts.extend(some.into_iter().filter(|(_, count)| *count > 0));
    }
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
