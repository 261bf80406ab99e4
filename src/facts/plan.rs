//! Items of the year's plan and records of the internal monitoring, and what is wrong with them by paragraph.

use crate::definitions::printed::roman;
use crate::facts::course::{Carried, Monitored, PlannedEvent};
use crate::facts::deriver::Deriver;
use crate::facts::wordings::veiled;
use crate::records::Record;
use crate::records::shown::shown;
use crate::values::period::Quarter;
use crate::words::finding::{Finding, Place};
use crate::words::gathered::Gathered;
use chrono::Datelike;
use std::collections::BTreeSet;

impl Deriver<'_> {
    /// An item of the plan of a year; events are known.
    pub(crate) fn planned(&mut self, record: &Record<'_, '_>, findings: &mut Gathered) {
        let text = self.text(record, "quarter").to_owned();
        let Ok(quarter) = Quarter::parse(&text) else {
            findings.push(Finding::new("plan_quarter_unread", record.place("quarter")).with("value", text));
            return;
        };
        let event = Some(self.text(record, "event_id")).filter(|id| !id.is_empty()).map(str::to_owned);
        let known = event.as_ref().map(|id| self.events.get(id).copied());
        let table = &self.definitions.tables[record.found.table];
        match (&event, known) {
            (Some(id), Some(None)) => {
                let field = table.position("event_id").map(|field| &table.fields[field]);
                let id = shown(field, id, self.definitions);
                findings.push(Finding::new("plan_event_unknown", record.place("event_id")).with("value", id));
            }
            (None, _) if self.has_passed(quarter) => {
                let finding = Finding::new("planned_not_held", record.place("event_id"))
                    .with("quarter", roman(quarter))
                    .with("year", quarter.year);
                findings.push(finding);
            }
            _ => {}
        }
        let planned = PlannedEvent {
            id: veiled(self.text(record, "planned_id")),
            quarter,
            object: self.named(record),
            topic: veiled(self.text(record, "topic")),
            fact: match known {
                Some(Some(event)) => event.finished.map_or(Carried::Unfinished, Carried::Held),
                Some(None) => Carried::Unknown,
                None if quarter.last() <= self.period.known_until() => Carried::NotHeld,
                None => Carried::Ahead,
            },
            event: event.as_deref().map(veiled).unwrap_or_default(),
        };
        self.course.plan.push(planned);
    }

    /// A quarter of the reported year that is over.
    fn has_passed(&self, quarter: Quarter) -> bool {
        let own = self.period.quarter;
        quarter.year == own.year && quarter.number <= own.number && quarter.last() <= self.period.known_until()
    }

    /// A record of monitoring, and its proposal.
    pub(crate) fn monitored(&mut self, record: &Record<'_, '_>, findings: &mut Gathered) {
        let unit = self.unit(record);
        let service = self.service(record);
        let Some(held_on) = self.field(record, "held_on").day() else { return };
        let until = self.period.known_until();
        let (due_on, answered_on) = (self.field(record, "due_on").day(), self.field(record, "answered_on").day());
        let monitored = Monitored {
            unit,
            met: service,
            service: String::new(),
            held_on,
            own: self.period.quarter.month_of(held_on).is_some(),
            unanswered: due_on.is_some_and(|due| due <= until && answered_on.is_none_or(|day| day > until)),
            submitted_on: self.field(record, "submitted_on").day(),
            point: self.own_code(record, "point", "monitoring_point"),
            result: veiled(self.text(record, "result")),
            proposal_kind: self.own_code(record, "proposal_kind", "proposal_kind"),
            proposal: veiled(self.text(record, "proposal")),
            addressed_to: veiled(self.text(record, "addressed_to")),
            due_on,
            answered_on,
            answer: veiled(self.text(record, "answer")),
        };
        let proposes = monitored.proposes();
        if let Some(due) = due_on.filter(|_| monitored.unanswered) {
            findings.push(
                Finding::new("proposal_unanswered", record.place("answered_on")).with("due", due.format("%d.%m.%Y")),
            );
        }
        if proposes && due_on.is_none() {
            findings.push(Finding::new("proposal_without_due", record.place("due_on")));
        }
        let open = answered_on.is_none_or(|day| day >= self.period.quarter.first());
        if monitored.own
            || proposes && open && held_on.year() <= self.period.quarter.year && held_on < self.period.quarter.first()
        {
            self.course.monitoring.push(monitored);
        }
    }

    /// The points of para 57 of which the table of monitoring has no record in the quarter.
    pub(crate) fn absent_points(&self, findings: &mut Gathered) {
        if self.course.monitoring.is_empty() {
            return;
        }
        let own = self.course.monitoring.iter().filter(|one| one.own);
        let met: BTreeSet<&str> = own.map(|one| one.point.as_str()).collect();
        let Some(list) = self.definitions.codelist("monitoring_point") else { return };
        let points = list.codes.iter().enumerate().filter(|(_, code)| !met.contains(code.code.as_str()));
        let points: Vec<String> = points.map(|(place, _)| format!("{})", place + 1)).collect();
        if !points.is_empty() {
            let told = Finding::new("monitoring_points_absent", Place::default());
            findings.push(told.with("points", points.join(", ")));
        }
    }
}
