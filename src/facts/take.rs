//! Records taken one by one into the facts, and the facts completed when all are read.

use crate::facts::deriver::{Derived, Deriver};
use crate::facts::identity::Resolved;
use crate::facts::trace::Trace;
use crate::facts::unfed::Unfed;
use crate::facts::unneeded;
use crate::records::Record;
use crate::report::LedgerLine;
use crate::words::finding::{Finding, Place};
use crate::words::gathered::Gathered;
use anyhow::Result;
use std::collections::BTreeMap;

impl Deriver<'_> {
    /// Takes one accepted record.
    pub fn take(&mut self, record: &Record<'_, '_>, findings: &mut Gathered) -> Result<()> {
        let period = self.period;
        self.unfed = None;
        let reported =
            |day| period.quarter.month_of(day).is_some_and(|month| period.quarter.month_ended(month, period.as_of));
        self.texts.list(record, self.definitions, self.times, reported);
        if let Some(trace) = &mut self.trace {
            trace.move_to((record.source, record.line), self.times < 0);
        }
        let table = self.definitions.tables[record.found.table].table.as_str();
        let fed = match table {
            "services" | "refusals" => self.result_record(record, findings)?,
            "complaints" => self.complaint(record, findings)?,
            "control_events" => self.event(record, findings)?,
            "control_objects" => self.object(record, findings)?,
            "violations" => self.violation(record, findings)?,
            "sanctions" => self.sanction(record, findings)?,
            "established_violations" => {
                self.establish(record);
                false
            }
            "control_plan" => {
                self.planned(record, findings);
                false
            }
            "monitoring" => {
                self.monitored(record, findings);
                false
            }
            "recommendations" => self.recommendation(record, findings)?,
            "register" => self.registered(record)?,
            "bylaws" => self.bylaw(record)?,
            "facts" => self.group(record)?,
            _ => self.activity(record, table)?,
        };
        unneeded::tell(&self.unneeded, self.definitions, record, findings);
        let counts = std::mem::take(&mut self.waits) || fed;
        self.judge_days(record, counts, findings);
        self.feed(record.source, fed);
        self.unfed = (!counts).then(|| self.unfed.unwrap_or(Unfed::Other));
        let is_deferred = std::mem::take(&mut self.deferred);
        if let Some(why) = self.unfed.filter(|_| !is_deferred) {
            self.unfed_rows.note(record.source, why, self.times);
        }
        Ok(())
    }

    /// Takes back a record that was taken; the findings that it had led to.
    pub fn take_back(&mut self, record: &Record<'_, '_>) -> Result<Vec<Finding>> {
        let mut findings = Gathered::default();
        self.times = -1;
        let taken = self.take(record, &mut findings);
        self.times = 1;
        taken.map(|()| findings.tell())
    }

    /// Resolves identities and late terms; completes the ledger.
    pub fn finish(mut self, ledger: &mut [LedgerLine], findings: &mut Gathered) -> Result<Derived> {
        let services = self.services.resolve();
        let providers = self.providers.resolve();
        self.settle_pending(&services, &providers, findings)?;
        self.settle_inclusions(&services)?;
        self.settle_established(&services, &providers, findings)?;
        self.absent_points(findings);
        self.persons.report(&mut self.decisions, findings);
        if self.authorised_late > 0 {
            let told = Finding::new("authorised_complaints_late", Place::default());
            findings.push(told.with("count", self.authorised_late));
        }
        let (systems, units) = (self.systems.resolve(), self.units.resolve());
        let mut decisions: BTreeMap<(u32, &'static str), u64> = BTreeMap::new();
        for ((unit, decision), times) in self.decisions.iter().filter(|(_, times)| **times > 0) {
            *decisions.entry((units.identity[*unit as usize], decision)).or_default() += times.unsigned_abs();
        }
        let all = [&services, &providers, &systems, &units];
        for (one, other) in all.into_iter().flat_map(Resolved::alike) {
            findings.push(Finding::new("codes_alike", Place::default()).with("one", one).with("other", other));
        }
        for (one, other) in all.into_iter().flat_map(Resolved::without_zeros) {
            findings.push(Finding::new("codes_without_zeros", Place::default()).with("one", one).with("other", other));
        }
        let maps = [services.identity.as_slice(), &systems.identity, &providers.identity, &units.identity];
        let facts = std::mem::take(&mut self.facts);
        let frames = facts.into_iter().map(|facts| facts.finish(maps)).collect::<Result<_, _>>()?;
        let databases = self.settle_databases(ledger, findings);
        for (source, (line, fed)) in ledger.iter_mut().zip(self.fed.iter().chain(std::iter::repeat(&0))).enumerate() {
            line.feeds_nothing = line.accepted.saturating_add_signed(-fed);
            line.idle = self.unfed_rows.of(source, self.definitions);
        }
        let (texts, executed_later) = (self.texts.finish(self.definitions, &units.identity), self.executed_later);
        let traced = self.trace.map(Trace::finish).unwrap_or_default();
        let mut course = self.course;
        course.settle(&units.identity, &services);
        let (deadlines, established) = (self.deadlines.finish(&units.identity), self.established_counted);
        Ok(Derived {
            frames,
            services,
            systems,
            providers,
            units,
            decisions,
            executed_later,
            texts,
            course,
            deadlines,
            established,
            databases,
            traced,
        })
    }
}
