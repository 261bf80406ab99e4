//! The register and the by-laws: what is in force at the end of each month; and the register's terms.

use crate::definitions::dimension::{BYLAWS_IN_FORCE, Class, REGISTER_IN_FORCE, REGISTER_INCLUDED};
use crate::facts::deadline::Term;
use crate::facts::deriver::Deriver;
use crate::facts::fact::Fact;
use crate::facts::identity::Resolved;
use crate::facts::register::{Inclusion, RegisterTerm, in_force};
use crate::records::Record;
use anyhow::Result;
use chrono::{Datelike, NaiveDate};
use std::collections::HashMap;

impl Deriver<'_> {
    /// A row of the register: rows 10 and 10.1, and the term of a service.
    pub(crate) fn registered(&mut self, record: &Record<'_, '_>) -> Result<bool> {
        let (code, name) = (self.text(record, "service_code"), self.text(record, "service_name"));
        let Some(included) = self.field(record, "included_on").day() else { return Ok(false) };
        let excluded = self.field(record, "excluded_on").day();
        let service = self.services.register(code, name, included.num_days_from_ce());
        let provider_name = self.text(record, "provider_name");
        let provider = self.providers.register("", provider_name, included.num_days_from_ce());
        let (value, unit) = (self.field(record, "term_value").integer(), self.field(record, "term_unit").code());
        let own_term = self.term(value, unit);
        if let Some(term) = own_term {
            let by_name = code.is_empty();
            self.terms.push(RegisterTerm {
                service,
                code: code.to_owned(),
                provider,
                included,
                excluded,
                term,
                by_name,
            });
        }
        let fed = self.stock(REGISTER_IN_FORCE, included, excluded, service, 0)?;
        let month = self.month(included);
        self.waits = month.is_some();
        let (source, line) = (record.source, record.line);
        let term = own_term;
        self.inclusions.push(Inclusion { service, provider, term, included, excluded, source, line, month, fed });
        Ok(fed)
    }

    /// Row 10.1: a service that was in force on the day before is continued and not new (D11).
    pub(crate) fn settle_inclusions(&mut self, services: &Resolved) -> Result<()> {
        let mut of_service: HashMap<u32, Vec<usize>> = HashMap::new();
        let rows = std::mem::take(&mut self.inclusions);
        for (nth, row) in rows.iter().enumerate() {
            of_service.entry(services.identity[row.service as usize]).or_default().push(nth);
        }
        self.course.changes = self.register_changes(&rows, &of_service, services);
        for row in &rows {
            let (Some(month), Some(before)) = (row.month, row.included.pred_opt()) else { continue };
            let mut same = of_service[&services.identity[row.service as usize]].iter().map(|nth| &rows[*nth]);
            if same.any(|other| in_force(other.included, other.excluded, before)) {
                self.use_decision("D11", 0);
                continue;
            }
            if let Some(trace) = &mut self.trace {
                trace.move_to((row.source, row.line), false);
            }
            let class = Class::new(month, &[]).0;
            let fact = Fact { class, service: row.service, quantity: 1, ..Fact::default() };
            let fed = self.push(REGISTER_INCLUDED, fact)?;
            self.feed(row.source, fed && !row.fed);
        }
        Ok(())
    }

    /// A row of the by-laws: row 11 of 1-mk, one per act and service.
    pub(crate) fn bylaw(&mut self, record: &Record<'_, '_>) -> Result<bool> {
        let Some(approved) = self.field(record, "approved_on").day() else { return Ok(false) };
        let repealed = self.field(record, "repealed_on").day();
        let service = self.service(record);
        let act = self.text(record, "act_no");
        let act = self.item(&format!("act {act} {approved}"));
        self.stock(BYLAWS_IN_FORCE, approved, repealed, service, act)
    }

    /// One fact for each ended month at whose end the thing is in force.
    fn stock(&mut self, set: usize, from: NaiveDate, out: Option<NaiveDate>, service: u32, item: u32) -> Result<bool> {
        let mut fed = false;
        for month in 0..self.period.ended_months() {
            if in_force(from, out, self.period.quarter.month_end(month)) {
                fed |= self.push(
                    set,
                    Fact { class: Class::new(month, &[]).0, service, item, quantity: 1, ..Fact::default() },
                )?;
            }
        }
        Ok(fed)
    }

    /// The register's term by code alone; the outer `None`: only identities can tell.
    #[allow(clippy::option_option)] // "no term" is an answer
    pub(crate) fn registered_term(&self, code: &str, day: NaiveDate) -> Option<Option<Term>> {
        if code.is_empty() || self.terms.iter().any(|row| row.by_name) {
            return None;
        }
        let mut terms = self.terms.iter().filter(|row| row.code == code && row.in_force(day)).map(|row| row.term);
        let first = terms.next();
        if terms.all(|term| Some(term) == first) { Some(first) } else { None }
    }

    /// The register's term: rows in force on the day of receipt; if they differ, the same provider's;
    /// else none (forms.md, Deadlines of records).
    pub(crate) fn register_term(
        &self,
        fact: &Fact,
        day: NaiveDate,
        services: &Resolved,
        providers: &Resolved,
    ) -> Option<Term> {
        let same = |resolved: &Resolved, a: u32, b: u32| resolved.identity[a as usize] == resolved.identity[b as usize];
        let rows: Vec<&RegisterTerm> =
            self.terms.iter().filter(|row| same(services, row.service, fact.service) && row.in_force(day)).collect();
        let agreed = |rows: &[&RegisterTerm]| {
            let first = rows.first()?.term;
            rows.iter().all(|row| row.term == first).then_some(first)
        };
        agreed(&rows).or_else(|| {
            let own: Vec<&RegisterTerm> = rows
                .iter()
                .copied()
                .filter(|row| fact.provider != 0 && same(providers, row.provider, fact.provider))
                .collect();
            agreed(&own)
        })
    }
}
