//! Violations of terms that the authorised bodies established (heading 2.2; forms.md, D15).

use crate::definitions::dimension::{Class, RESULTS};
use crate::facts::asked::{AskedResult, EstablishedRecord};
use crate::facts::deriver::{Deriver, yes};
use crate::facts::fact::Fact;
use crate::facts::identity::Resolved;
use crate::records::Record;
use crate::records::row::fingerprint;
use crate::values::moment::Moment;
use crate::words::finding::Finding;
use crate::words::gathered::Gathered;
use anyhow::Result;

/// What the body's own records say of an established violation.
enum Own {
    Late,
    InTime(Moment, Moment),
    /// Its deadline is not known.
    Unknown,
    Absent,
}

impl Deriver<'_> {
    /// A row of `established_violations`: it waits for the body's own records.
    pub(crate) fn establish(&mut self, record: &Record<'_, '_>) {
        let own = Some(self.text(record, "service_record_id")).filter(|id| !id.is_empty()).map(str::to_owned);
        if let Some(id) = &own {
            self.asked.ask(id, fingerprint(id.as_bytes()));
        }
        let (service, unit, quantity) = (self.service(record), self.unit(record), self.quantity(record));
        let system = self.text(record, "information_system");
        let system = self.systems.meet_times("", system, self.times);
        let kind = self.field(record, "kind").code();
        let refused = kind == self.code("established_kind", "refused");
        let outcome = self.code("outcome", if refused { "refused" } else { "rendered" });
        let (channel, applicant) = (self.field(record, "channel").code(), self.field(record, "applicant").code());
        let (channel, applicant) = (self.top("channel", channel), self.top("applicant", applicant));
        let day = self.field(record, "established_on").day();
        let Some(month) = day.and_then(|day| self.month(day)) else { return };
        let class = Class::new(month, &[channel, outcome, applicant, None, None, None, yes(true), yes(true)]);
        // what names a record of the body's own may repeat it: only the end tells
        self.deferred = own.is_some();
        self.waits = !self.deferred && self.is_counted(RESULTS, class.0);
        self.established.push(EstablishedRecord {
            source: record.source,
            line: record.line,
            place: record.place("service_record_id"),
            own,
            refused,
            fact: Fact { class: class.0, service, system, unit, quantity, ..Fact::default() },
        });
    }

    /// All own records are known: what none of them repeats counts.
    pub(crate) fn settle_established(
        &mut self,
        services: &Resolved,
        providers: &Resolved,
        findings: &mut Gathered,
    ) -> Result<()> {
        for record in std::mem::take(&mut self.established) {
            let own = record.own.as_ref().map(|id| self.own(id, record.refused, services, providers));
            let told = |name: &'static str| Finding::new(name, record.place.clone());
            match own {
                Some(Own::Late) => {
                    findings.push(told("established_repeats"));
                    continue;
                }
                Some(Own::InTime(due, completed)) => {
                    let print = crate::values::moment::said_moment;
                    findings.push(told("established_in_time").with("due", print(due)).with("issued", print(completed)));
                }
                Some(Own::Unknown) => findings.push(told("established_unknown")),
                Some(Own::Absent) => findings.push(told("established_absent")),
                None => {}
            }
            self.use_decision("D15", record.fact.unit);
            if let Some(trace) = &mut self.trace {
                trace.move_to((record.source, record.line), false);
            }
            self.established_counted[usize::from(record.refused)] += record.fact.quantity;
            let fed = self.push(RESULTS, record.fact)?;
            self.feed(record.source, fed);
        }
        Ok(())
    }

    fn own(&self, id: &str, refused: bool, services: &Resolved, providers: &Resolved) -> Own {
        let there =
            |(result, times): &(&AskedResult, &i64)| **times > 0 && result.id == id && result.refused == refused;
        let Some((result, _)) = self.asked.found.iter().filter(there).min() else { return Own::Absent };
        let of_register = || {
            let term = self.register_term(&result.fact, result.received.day(), services, providers)?;
            self.due_quietly(result.received, term, result.first)
        };
        let due = if result.by_register { of_register() } else { result.due };
        match due {
            Some(due) if result.completed.is_after(due) => Own::Late,
            Some(due) => Own::InTime(due, result.completed),
            None => Own::Unknown,
        }
    }
}
