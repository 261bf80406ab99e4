//! What is kept of control events for the analytical report: papers, objects, what was found, what is overdue.

use crate::facts::course::{FoundAt, HeldEvent, ObjectNamed, Overdue, PERSON, Paper};
use crate::facts::deriver::Deriver;
use crate::facts::event::Event;
use crate::facts::wordings::veiled;
use crate::records::Record;
use crate::words::lang::fold;
use chrono::NaiveDate;

impl Deriver<'_> {
    /// An event of a month that counts; its place among them (para 49–50).
    pub(crate) fn hold(&mut self, record: &Record<'_, '_>, unit: u32, finished: NaiveDate) -> usize {
        let held = HeldEvent {
            unit,
            number: veiled(self.text(record, "event_id")),
            title: veiled(self.text(record, "title")),
            basis: self.own_code(record, "basis", "basis"),
            order: self.paper(record, "order_no", "order_date"),
            act: self.paper(record, "act_no", "act_date"),
            started: self.field(record, "started_on").day(),
            finished,
            objects: Vec::new(),
        };
        self.course.events.push(held);
        self.course.events.len() - 1
    }

    fn paper(&mut self, record: &Record<'_, '_>, number: &'static str, day: &'static str) -> Paper {
        Paper { number: veiled(self.text(record, number)), day: self.field(record, day).day() }
    }

    /// An object of an event.
    pub(crate) fn name_object(&mut self, record: &Record<'_, '_>, event: Option<Event>) {
        let object = self.named(record);
        if let Some(place) = event.and_then(|event| event.place) {
            self.course.events[place].objects.push(object);
        }
    }

    /// The object of a record, with its kind remembered; kinds are settled when all is read.
    pub(crate) fn named(&mut self, record: &Record<'_, '_>) -> ObjectNamed {
        let name = self.text(record, "object_name");
        let kind = self.own_code(record, "object_kind", "object_kind");
        if kind == PERSON {
            self.course.persons.extend([fold(name), fold(&veiled(name))]);
        }
        if !kind.is_empty() {
            self.course.kinds.entry(fold(name)).or_insert_with(|| kind.clone());
        }
        ObjectNamed { name: veiled(name), kind }
    }

    /// Violations at an object of an event that counts.
    pub(crate) fn found_at(&mut self, record: &Record<'_, '_>, unit: u32, (quantity, persons): (i64, i64)) {
        let name = self.text(record, "object_name");
        if name.is_empty() {
            return;
        }
        let restored = self.field(record, "rights_restored").boolean().unwrap_or(false);
        let complaint = self.own_code(record, "kind", "violation_kind") == "complaint_deadline";
        let [violations, complaints] = if complaint { [0, quantity] } else { [quantity, 0] };
        let found = FoundAt {
            object: ObjectNamed { name: veiled(name), kind: String::new() },
            violations,
            complaints,
            restored: if restored { quantity } else { 0 },
            persons,
        };
        self.course.objects.entry((unit, fold(name))).or_default().add(found);
    }

    /// A recommendation whose day has passed (para 55–56); of one without a day nothing can be said.
    pub(crate) fn keep_overdue(&mut self, record: &Record<'_, '_>, event: Event, executed: Option<NaiveDate>) {
        let until = self.period.known_until();
        if event.finished.is_none() {
            return;
        }
        let Some(due) = self.field(record, "due_on").day() else {
            *self.course.undated.entry(event.unit).or_default() += i64::from(executed.is_none()) * self.times;
            return;
        };
        let late = match executed {
            None => due <= until,
            Some(day) => day > due && day >= self.period.quarter.first(),
        };
        if late {
            let overdue = Overdue {
                unit: event.unit,
                event: veiled(self.text(record, "event_id")),
                text: veiled(self.text(record, "text")),
                due,
                executed,
                reason: veiled(self.text(record, "reason")),
            };
            self.course.overdue.push(overdue);
        }
    }

    /// The code of a field; empty where there is none.
    pub(crate) fn own_code(&mut self, record: &Record<'_, '_>, name: &'static str, list: &str) -> String {
        let code = self.field(record, name).code();
        let list = self.definitions.codelist(list);
        list.zip(code).map_or_else(String::new, |(list, code)| list.codes[code].code.clone())
    }
}
