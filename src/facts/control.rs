//! Complaints, control events and what hangs on them, sanctions, and activities.

use crate::definitions::dimension::{
    COMPLAINTS, COMPLAINTS_LATE, CONSIDERED_LATE, Class, EVENTS, OBJECTS, OPEN_LATE, OUTREACH, RECOMMENDATIONS,
    RESTORATIONS, SANCTIONS, TRAINING, VIOLATIONS,
};
use crate::facts::deadline::{COMPLAINT_EXTENSION, complaint_due};
use crate::facts::deriver::{Deriver, yes};
use crate::facts::event::Event;
use crate::facts::fact::Fact;
use crate::records::Record;
use crate::records::shown::shown;
use crate::values::moment::Moment;
use crate::words::finding::Finding;
use crate::words::gathered::Gathered;
use anyhow::Result;
use chrono::NaiveDate;

/// Longest control event and its longest extension, in working days. Source: Rules, para 43, 44.
const EVENT_DAYS: u32 = 10;
const EVENT_EXTENSION: i64 = 10;
/// Working days between the notice and the start. Source: Rules, para 45.
const NOTICE_DAYS: u32 = 3;
/// Working days after the end to hand the materials to the head. Source: Rules, para 52.
const MATERIALS_DAYS: u32 = 7;
/// Working days after the act was given to send objections. Source: Rules, para 51.
const OBJECTION_DAYS: u32 = 3;
/// Working days after the recommendations for the action plan. Source: Rules, para 54.
const PLAN_DAYS: u32 = 5;

impl Deriver<'_> {
    /// Rows 16–18. Source: forms.md; Law, art. 25.
    pub(crate) fn complaint(&mut self, record: &Record<'_, '_>, findings: &mut Gathered) -> Result<bool> {
        let Some(registered) = self.field(record, "registered_at").moment() else { return Ok(false) };
        let considered = self.field(record, "considered_at").moment();
        let codes = [self.field(record, "channel").code(), self.field(record, "source").code()];
        let (service, unit, quantity) = (self.service(record), self.unit(record), self.quantity(record));
        let fact = |month| Fact { class: Class::new(month, &codes).0, service, unit, quantity, ..Fact::default() };
        let mut fed = false;
        if let Some(month) = self.month(registered.day()) {
            fed |= self.push_with_words(COMPLAINTS, fact(month), record)?;
        }
        let extension = self.field(record, "extended_working_days").integer().unwrap_or(0);
        if extension > i64::from(COMPLAINT_EXTENSION) {
            findings.push(
                Finding::new("complaint_extension", record.place("extended_working_days")).with("days", extension),
            );
        }
        let authorised = self.field(record, "addressee").code() == self.code("addressee", "authorized_body");
        let extension = u32::try_from(extension).unwrap_or(0);
        let Ok(due) = complaint_due(registered.day(), authorised, extension, &self.definitions.calendar) else {
            findings.push(self.beyond_calendar(record.place("registered_at")));
            return Ok(fed);
        };
        let violated = due.succ_opt().unwrap_or(due);
        let late = considered.is_none_or(|considered| considered.day() > due);
        if late && !authorised {
            self.tell_late(record, considered.map(Moment::day), violated, fact(0));
        }
        if let Some(month) = self.month(violated).filter(|_| late) {
            if authorised {
                self.use_decision("D13", unit);
                self.authorised_late += quantity;
                return Ok(fed);
            }
            self.use_decision("D3", unit);
            fed |= self.push_with_words(COMPLAINTS_LATE, fact(month), record)?;
        }
        Ok(fed)
    }

    /// What the analytical report tells of a late complaint: considered in the period, or open at its end.
    fn tell_late(&mut self, record: &Record<'_, '_>, considered: Option<NaiveDate>, violated: NaiveDate, fact: Fact) {
        let end = self.period.as_of.min(self.period.quarter.day_after());
        if considered.is_some_and(|day| self.month(day).is_some()) {
            self.tell(CONSIDERED_LATE, &fact, record);
        } else if violated < end && considered.is_none_or(|day| day >= end) {
            self.tell(OPEN_LATE, &fact, record);
        }
    }

    /// Row 1, and what the Rules say of the course of an event.
    pub(crate) fn event(&mut self, record: &Record<'_, '_>, findings: &mut Gathered) -> Result<bool> {
        let id = self.text(record, "event_id").to_owned();
        let unit = self.unit(record);
        let finished = self.field(record, "finished_on").day();
        let started = self.field(record, "started_on").day();
        let month = finished.and_then(|day| self.month(day));
        let before = finished.is_some_and(|day| self.period.quarter.previous().month_of(day).is_some());
        let known = finished.filter(|day| *day <= self.period.known_until());
        let place = finished.filter(|_| month.is_some()).map(|day| self.hold(record, unit, day));
        self.events.insert(id, Event { month, before, finished: known, unit, place });
        let open = finished.is_none_or(|day| day >= self.period.as_of);
        if open && started.is_some_and(|day| day < self.period.as_of) {
            self.use_decision("D4", unit);
            findings.push(Finding::new("event_unfinished", record.place("finished_on")));
        }
        self.check_course(record, started, finished, findings);
        let basis = self.field(record, "basis").code();
        let Some(month) = month else { return Ok(false) };
        self.push(EVENTS, Fact { class: Class::new(month, &[basis]).0, unit, quantity: 1, ..Fact::default() })
    }

    fn check_course(
        &mut self,
        record: &Record<'_, '_>,
        started: Option<NaiveDate>,
        finished: Option<NaiveDate>,
        findings: &mut Gathered,
    ) {
        let Some(started) = started else { return };
        // Events of other quarters were judged in their own reports.
        let Some(finished) = finished.filter(|day| self.period.quarter.month_of(*day).is_some()) else { return };
        let calendar = &self.definitions.calendar;
        let extension = self.field(record, "extended_working_days").integer().unwrap_or(0);
        let allowed = EVENT_DAYS + u32::try_from(extension.min(EVENT_EXTENSION)).unwrap_or(0);
        let days = started.pred_opt().and_then(|eve| calendar.working_days_between(eve, finished).ok());
        if let Some(days) = days.filter(|days| *days > allowed || extension > EVENT_EXTENSION) {
            findings.push(
                Finding::new("event_too_long", record.place("finished_on")).with("days", days).with("allowed", allowed),
            );
        }
        let notified = self.field(record, "notified_on").day();
        let notice = notified.and_then(|day| calendar.working_days_between(day, started).ok().map(|days| (day, days)));
        if let Some((day, days)) = notice.filter(|(day, days)| *days < NOTICE_DAYS || *day > started) {
            findings.push(
                Finding::new("event_notice_late", record.place("notified_on"))
                    .with("days", if day > started { 0 } else { days }),
            );
        }
        self.check_papers(record, finished, notified, findings);
        self.check_act(record, started, allowed, findings);
        let submitted = self.field(record, "materials_submitted_on").day();
        let waited = submitted.and_then(|day| calendar.working_days_between(finished, day).ok());
        if let Some(days) = waited.filter(|days| *days > MATERIALS_DAYS) {
            findings
                .push(Finding::new("event_materials_late", record.place("materials_submitted_on")).with("days", days));
        }
    }

    /// The papers of an event, each by its paragraph: order, notice, materials, objections, action plan, Agency.
    fn check_papers(
        &mut self,
        record: &Record<'_, '_>,
        finished: NaiveDate,
        notified: Option<NaiveDate>,
        findings: &mut Gathered,
    ) {
        let until = self.period.known_until();
        let calendar = &self.definitions.calendar;
        let overdue = |from: NaiveDate, days: u32, done: Option<NaiveDate>| {
            let due = calendar.add_working_days(from, days).ok()?;
            done.map_or(until > due, |done| done > due).then_some(due)
        };
        let day = |deriver: &mut Self, name: &'static str| deriver.field(record, name).day();
        if self.field(record, "order_no").is_missing() || self.field(record, "order_date").is_missing() {
            findings.push(Finding::new("event_without_order", record.place("order_no")));
        }
        if notified.is_none() {
            findings.push(Finding::new("event_without_notice", record.place("notified_on")));
        }
        let submitted = day(self, "materials_submitted_on");
        if let Some(due) = overdue(finished, MATERIALS_DAYS, None).filter(|_| submitted.is_none()) {
            findings.push(
                Finding::new("event_materials_missing", record.place("materials_submitted_on"))
                    .with("due", due.format("%d.%m.%Y")),
            );
        }
        let (given, objected) = (day(self, "act_given_on"), day(self, "objections_on"));
        let waited = given.zip(objected).and_then(|(given, day)| calendar.working_days_between(given, day).ok());
        if let Some(days) = waited.filter(|days| *days > OBJECTION_DAYS) {
            findings.push(Finding::new("event_objections_late", record.place("objections_on")).with("days", days));
        }
        let decision = self.field(record, "decision").code();
        let (received, plan) = (day(self, "recommendations_received_on"), day(self, "action_plan_on"));
        let asks_plan = decision.is_none() || decision == self.code("event_decision", "letter");
        if let Some(due) = received.filter(|_| asks_plan).and_then(|day| overdue(day, PLAN_DAYS, plan)) {
            findings.push(
                Finding::new("event_action_plan_late", record.place("action_plan_on"))
                    .with("due", due.format("%d.%m.%Y")),
            );
        }
        let notifies = decision.is_some() && decision == self.code("event_decision", "agency_notice");
        if notifies && day(self, "agency_notified_on").is_none() {
            findings.push(Finding::new("event_agency_not_notified", record.place("agency_notified_on")));
        }
    }

    /// The act of an event (para 49), where the source has columns for it. An order cannot give an event more days than
    /// the Rules, so an act that was given after these was given late, whatever the order says.
    fn check_act(&mut self, record: &Record<'_, '_>, started: NaiveDate, allowed: u32, findings: &mut Gathered) {
        let table = &self.definitions.tables[record.found.table];
        let is_there = |name: &&str| table.position(name).is_some_and(|field| record.found.columns[field].is_some());
        let lacking = ["act_no", "act_date", "act_given_on"]
            .into_iter()
            .filter(is_there)
            .find(|name| self.field(record, name).is_missing());
        if let Some(name) = lacking {
            findings.push(Finding::new("event_without_act", record.place(name)));
        }
        let given = self.field(record, "act_given_on").day();
        let eve = started.pred_opt();
        let days = eve.zip(given).and_then(|(eve, day)| self.definitions.calendar.working_days_between(eve, day).ok());
        if let Some(days) = days.filter(|days| *days > allowed) {
            let finding = Finding::new("event_act_late", record.place("act_given_on"));
            findings.push(finding.with("days", days).with("allowed", allowed));
        }
    }

    /// The event of a record; an unknown one is an error and the record feeds nothing.
    fn event_of(&mut self, record: &Record<'_, '_>, findings: &mut Gathered) -> Option<Event> {
        let id = self.text(record, "event_id");
        let known = self.events.get(id).copied();
        if known.is_none() {
            let table = &self.definitions.tables[record.found.table];
            let field = table.position("event_id").map(|field| &table.fields[field]);
            let id = shown(field, id, self.definitions);
            findings.push(Finding::new("event_unknown", record.place("event_id")).with("value", id));
        }
        known
    }

    /// Row 2.
    pub(crate) fn object(&mut self, record: &Record<'_, '_>, findings: &mut Gathered) -> Result<bool> {
        let kind = self.field(record, "object_kind").code();
        let event = self.event_of(record, findings);
        self.name_object(record, event);
        let Some(Event { month: Some(month), unit, .. }) = event else { return Ok(false) };
        self.push(OBJECTS, Fact { class: Class::new(month, &[kind]).0, unit, quantity: 1, ..Fact::default() })
    }

    /// Rows 3–6.
    pub(crate) fn violation(&mut self, record: &Record<'_, '_>, findings: &mut Gathered) -> Result<bool> {
        let service = self.service(record);
        let restored = self.field(record, "rights_restored").boolean().unwrap_or(false);
        let persons = self.field(record, "persons_restored").integer().unwrap_or(0);
        let kind = self.field(record, "kind").code();
        let quantity = self.quantity(record);
        let event = self.event_of(record, findings);
        if persons > 0 && !restored && event.is_some_and(|event| event.month.is_some()) {
            findings
                .push(Finding::new("persons_without_rights", record.place("persons_restored")).with("value", persons));
        }
        let Some(Event { month: Some(month), unit, .. }) = event else { return Ok(false) };
        self.found_at(record, unit, (quantity, persons));
        let class = Class::new(month, &[kind, yes(restored)]).0;
        let fact = Fact { class, service, unit, quantity, amount: persons, ..Fact::default() };
        self.push_with_words(VIOLATIONS, fact, record)
    }

    /// Rows 7 and 8: by `imposed_on`, whatever the event.
    pub(crate) fn sanction(&mut self, record: &Record<'_, '_>, findings: &mut Gathered) -> Result<bool> {
        let event = self.text(record, "event_id");
        let known = self.events.get(event).map(|event| event.unit);
        let unit = known.unwrap_or(0);
        let person = self.text(record, "person_id");
        let person = self.item(&format!("person {person}"));
        let (kind, person_kind) = (self.field(record, "kind").code(), self.field(record, "person_kind").code());
        let Some(month) = self.field(record, "imposed_on").day().and_then(|day| self.month(day)) else {
            return Ok(false);
        };
        if known.is_none() {
            self.use_decision("D14", unit);
            let name = if event.is_empty() { "sanction_without_event" } else { "sanction_event_absent" };
            findings.push(Finding::new(name, record.place("event_id")));
        }
        self.persons.months.entry(person).or_default().insert(month);
        let known =
            self.persons.kinds.entry(person).or_insert_with(|| (person_kind.unwrap_or(0), record.place("person_kind")));
        if Some(known.0) != person_kind {
            self.persons.two_kinds.insert(record.place("person_kind"), known.1.clone());
        }
        let class = Class::new(month, &[kind, person_kind]).0;
        self.push(SANCTIONS, Fact { class, unit, item: person, quantity: 1, ..Fact::default() })
    }

    /// Row 9: executed by the end of the quarter or the day before the as-of date.
    pub(crate) fn recommendation(&mut self, record: &Record<'_, '_>, findings: &mut Gathered) -> Result<bool> {
        let executed = self.field(record, "executed_on").day().filter(|day| *day <= self.period.known_until());
        let event = self.event_of(record, findings);
        let later = executed.is_some_and(|day| day >= self.period.quarter.first());
        self.executed_later += i64::from(later && event.is_some_and(|event| event.before));
        if let Some(event) = event {
            self.keep_overdue(record, event, executed);
        }
        let executed = executed.is_some();
        let Some(Event { month: Some(month), unit, .. }) = event else { return Ok(false) };
        let fact = Fact { class: Class::new(month, &[yes(executed)]).0, unit, quantity: 1, ..Fact::default() };
        self.push_with_words(RECOMMENDATIONS, fact, record)
    }

    /// Outreach, training, restorations: rows 19–22.
    pub(crate) fn activity(&mut self, record: &Record<'_, '_>, table: &str) -> Result<bool> {
        let (set, date) = match table {
            "outreach" => (OUTREACH, "held_on"),
            "training" => (TRAINING, "completed_on"),
            _ => (RESTORATIONS, "restored_on"),
        };
        let (service, unit, quantity) = (self.service(record), self.unit(record), self.quantity(record));
        let amount = self.field(record, "people_covered").integer().unwrap_or(0);
        let Some(month) = self.field(record, date).moment().map(Moment::day).and_then(|day| self.month(day)) else {
            return Ok(false);
        };
        let fact = Fact { class: Class::new(month, &[]).0, service, unit, quantity, amount, ..Fact::default() };
        self.push_with_words(set, fact, record)
    }
}
