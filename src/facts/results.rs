//! Services and refusals → results issued, in time or late.

use crate::definitions::dimension::{Class, DELAY_CAUSE, RESULTS};
use crate::facts::asked::AskedResult;
use crate::facts::deadline::{FirstDay, Term, TermUnit, due};
use crate::facts::deriver::{Deriver, yes};
use crate::facts::fact::Fact;
use crate::facts::identity::Resolved;
use crate::facts::pending::{CHANNEL, LATE, OUTCOME, Pending};
use crate::facts::unfed::Unfed;
use crate::records::Record;
use crate::values::moment::Moment;
use crate::words::finding::{Finding, Place};
use crate::words::gathered::Gathered;
use anyhow::Result;

impl Deriver<'_> {
    /// A row of `services` or `refusals`. Source: forms.md, Rows 12–15, forms 3-mk and 4-mk.
    pub(crate) fn result(&mut self, record: &Record<'_, '_>, refusal: bool, findings: &mut Gathered) -> Result<bool> {
        let refused = self.code("outcome", "refused");
        let in_progress = self.code("outcome", "in_progress");
        let done_at = if refusal { "refused_at" } else { "completed_at" };
        let completed = self.field(record, done_at).moment();
        let outcome = if refusal { refused } else { self.field(record, "outcome").code() };
        let outcome = outcome.or(if completed.is_some() { self.code("outcome", "rendered") } else { in_progress });
        if outcome == in_progress && completed.is_some() {
            findings.push(Finding::new("in_progress_with_result", record.place("outcome")));
        }
        // The identity of every accepted record counts for names, whatever the record feeds.
        let fact = self.result_fact(record);
        let Some(received) = self.field(record, "received_at").moment() else { return Ok(false) };
        if outcome == in_progress {
            self.unfed = Some(Unfed::Unfinished);
            return if completed.is_none() { self.unfinished(record, fact, received, findings) } else { Ok(false) };
        }
        let Some(completed) = completed else { return Ok(false) };
        self.answer(record, fact, (received, completed), outcome == refused);
        let Some(month) = self.month(completed.day()) else {
            self.unfed = Some(Unfed::Outside);
            return Ok(false);
        };
        let cause = self.field(record, "delay_cause").code();
        let reason = self
            .field(record, "refusal_reason")
            .code()
            .filter(|_| outcome == refused)
            .map(|code| self.top_reason(code));
        let (own_channel, own_applicant) =
            (self.field(record, "channel").code(), self.field(record, "applicant").code());
        let (channel, applicant) = (self.top("channel", own_channel), self.top("applicant", own_applicant));
        if (channel, applicant) != (own_channel, own_applicant) {
            self.use_decision("D17");
        }
        let form = self.field(record, "form").code();
        let class = Class::new(month, &[channel, outcome, applicant, form, cause, reason, yes(false), yes(false)]);
        let fact = Fact { class: class.0, ..fact };
        self.unfed = channel.filter(|_| !self.is_counted(RESULTS, class.0)).map(Unfed::Channel);
        if outcome == refused && self.is_counted(RESULTS, class.0) {
            self.take_words(RESULTS, &fact, record);
        }
        let has_act = !self.field(record, "delay_act").is_missing();
        let place = record.place("delay_cause");
        let (source, line) = (record.source, self.traced_line(record));
        let first = self.first_day(own_channel);
        let pending =
            Pending { fact, received, first, completed: Some(completed), source, line, place: Some(place), has_act };
        match self.deadline(record, (received, first), findings) {
            Deadline::At(due) => self.settle(&pending, due, findings),
            Deadline::Register => {
                self.waits = self.is_counted(RESULTS, class.0);
                self.defer(pending);
                Ok(false)
            }
        }
    }

    /// Keeps what others ask of this record.
    fn answer(&mut self, record: &Record<'_, '_>, fact: Fact, (received, completed): (Moment, Moment), refused: bool) {
        let id = self.text(record, "record_id");
        if !self.asked.wants(id) {
            return;
        }
        let own = self.field(record, "due_at").moment();
        let value = self.field(record, "term_value").integer();
        let unit = self.field(record, "term_unit").code();
        let term = self.term(value, unit);
        let channel = self.field(record, "channel").code();
        let first = self.first_day(channel);
        let due = match (own, term) {
            (Some(due), _) => Some(due),
            (None, Some(term)) => self.due_quietly(received, term, first),
            (None, None) => None,
        };
        let fact = Fact { service: fact.service, provider: fact.provider, ..Fact::default() };
        let by_register = own.is_none() && term.is_none();
        let result = AskedResult { by_register, id: id.to_owned(), refused, received, first, completed, due, fact };
        *self.asked.found.entry(result).or_default() += self.times;
    }

    /// A deadline that is asked for and told nobody.
    pub(crate) fn due_quietly(&self, received: Moment, term: Term, first: FirstDay) -> Option<Moment> {
        due(received, term, first, &self.definitions.calendar).ok().flatten()
    }

    fn result_fact(&mut self, record: &Record<'_, '_>) -> Fact {
        let quantity = self.quantity(record);
        Fact { quantity, ..self.parties(record) }
    }

    /// Who is meant by a record of results.
    pub(crate) fn parties(&mut self, record: &Record<'_, '_>) -> Fact {
        let service = self.service(record);
        let unit = self.unit(record);
        let (bin, name) = (self.text(record, "provider_bin"), self.text(record, "provider_name"));
        let provider = self.providers.meet_times(bin, name, self.times);
        let system = self.text(record, "information_system");
        let system = self.systems.meet_times("", system, self.times);
        Fact { service, system, provider, unit, ..Fact::default() }
    }

    /// The reason, or the reason that it is a kind of (Law, art. 19-1 para 2).
    pub(crate) fn top_reason(&self, code: usize) -> usize {
        self.definitions.codelist("refusal_reason").map_or(code, |list| list.top(code))
    }

    /// Still in progress: a warning when it is overdue at the end of the period.
    fn unfinished(
        &mut self,
        record: &Record<'_, '_>,
        fact: Fact,
        received: Moment,
        findings: &mut Gathered,
    ) -> Result<bool> {
        let channel = self.field(record, "channel").code();
        let first = self.first_day(channel);
        let pending = Pending {
            fact,
            received,
            first,
            completed: None,
            source: record.source,
            line: self.traced_line(record),
            place: Some(record.place("due_at")),
            has_act: true,
        };
        match self.deadline(record, (received, first), findings) {
            Deadline::At(due) => self.settle(&pending, due, findings),
            Deadline::Register => {
                self.defer(pending);
                Ok(false)
            }
        }
    }

    /// The deadline of the record: its own, its own term's, the register's (forms.md, Deadlines of records).
    fn deadline(
        &mut self,
        record: &Record<'_, '_>,
        (received, first): (Moment, FirstDay),
        findings: &mut Gathered,
    ) -> Deadline {
        let counted = (received, first);
        if let Some(due) = self.field(record, "due_at").moment() {
            return Deadline::At(Some(due));
        }
        let value = self.field(record, "term_value").integer();
        let unit = self.field(record, "term_unit").code();
        let term = self.term(value, unit);
        if let Some(term) = term {
            return Deadline::At(self.due(counted, term, &record.place("received_at"), findings));
        }
        if self.terms.is_empty() {
            return Deadline::At(None);
        }
        let code = self.text(record, "service_code");
        match self.registered_term(code, received.day()) {
            Some(term) => {
                Deadline::At(term.and_then(|term| self.due(counted, term, &record.place("received_at"), findings)))
            }
            None => Deadline::Register,
        }
    }

    pub(crate) fn term(&self, value: Option<i64>, unit: Option<usize>) -> Option<Term> {
        let unit = &self.definitions.codelist("term_unit")?.codes[unit?].code;
        Some(Term { value: value?, unit: TermUnit::from_code(unit)? })
    }

    fn due(
        &mut self,
        (received, first): (Moment, FirstDay),
        term: Term,
        place: &Place,
        findings: &mut Gathered,
    ) -> Option<Moment> {
        let Ok(due) = due(received, term, first, &self.definitions.calendar) else {
            findings.push(self.beyond_calendar(place.clone()));
            return None;
        };
        if matches!(term.unit, TermUnit::WorkingDays | TermUnit::CalendarDays) {
            self.use_decision(first.decision());
        }
        if term.unit == TermUnit::CalendarDays
            && due.is_some_and(|due| due.minutes != received_plus(received, term, first))
        {
            self.use_decision("D9");
        }
        due
    }

    pub(crate) fn beyond_calendar(&self, place: Place) -> Finding {
        let (first, last) = self.definitions.calendar.span();
        Finding::new("date_beyond_calendar", place).with("first", first).with("last", last)
    }

    fn traced_line(&self, record: &Record<'_, '_>) -> u64 {
        if self.trace.is_some() { record.line } else { 0 }
    }

    /// Waits for `settle_pending`, which adds to the ledger itself.
    fn defer(&mut self, mut pending: Pending) {
        self.deferred = true;
        let class = Class(pending.fact.class);
        let late = class.with(LATE, yes(true));
        let open = self.breakdowns.iter().any(|breakdown| breakdown.concerns(class) || breakdown.concerns(late));
        let needs_place = open || pending.completed.is_none();
        pending.place = pending.place.filter(|_| needs_place);
        let quantity = std::mem::take(&mut pending.fact.quantity);
        let waiting = self.pending.entry(pending).or_default();
        *waiting = (waiting.0 + quantity, waiting.1 + self.times);
    }

    /// Decides what waited for identities, in an order that does not depend on hashing.
    pub(crate) fn settle_pending(
        &mut self,
        services: &Resolved,
        providers: &Resolved,
        findings: &mut Gathered,
    ) -> Result<()> {
        let mut pending: Vec<(Pending, (i64, i64))> = std::mem::take(&mut self.pending).into_iter().collect();
        pending.sort_unstable();
        for (mut pending, (quantity, times)) in pending.into_iter().filter(|(_, (_, times))| *times > 0) {
            self.times = times;
            pending.fact.quantity = quantity;
            let term = self.register_term(&pending.fact, pending.received.day(), services, providers);
            let place = pending.place.clone().unwrap_or_default();
            let due = term.and_then(|term| self.due((pending.received, pending.first), term, &place, findings));
            let fed = self.settle(&pending, due, findings)?;
            self.feed(pending.source, fed);
            let channel = || Class(pending.fact.class).code(CHANNEL).checked_sub(1).map(Unfed::Channel);
            let why = if pending.completed.is_none() { Some(Unfed::Unfinished) } else { channel() };
            if let Some(why) = why.filter(|_| !fed) {
                self.unfed_rows.note(pending.source, why, times);
            }
        }
        self.times = 1;
        Ok(())
    }

    /// The deadline is known: in time or late.
    fn settle(&mut self, pending: &Pending, due: Option<Moment>, findings: &mut Gathered) -> Result<bool> {
        let place = || pending.place.clone().unwrap_or_default();
        let Some(completed) = pending.completed else {
            let end = Moment::from_day(self.period.known_until());
            if let Some(due) = due.filter(|due| end.is_after(*due)) {
                findings.push(
                    Finding::new("unfinished_overdue", place()).with("due", crate::values::moment::print_moment(due)),
                );
            }
            return Ok(false);
        };
        let fact = &pending.fact;
        let (channel, refused) = (Class(fact.class).code(CHANNEL).checked_sub(1), self.is_refused(Class(fact.class)));
        self.deadlines.note(fact.unit, channel, refused, fact.quantity, due.is_none());
        if let Some(trace) = &mut self.trace {
            trace.move_to((pending.source, pending.line), self.times < 0);
            trace.due = due;
        }
        let late = due.is_some_and(|due| completed.is_after(due));
        let mut class = Class(pending.fact.class).with(LATE, yes(late));
        if !late {
            class = class.with(DELAY_CAUSE, None); // a cause on a record in time is ignored
        }
        let mut unconfirmed = false;
        for breakdown in self.breakdowns.iter().filter(|breakdown| breakdown.left.passes(class)) {
            if !breakdown.right.iter().any(|sieve| sieve.passes(class)) {
                let (left, right) = &breakdown.columns;
                let finding =
                    Finding::new("outside_breakdown", Place { form: Some(breakdown.form.clone()), ..place() });
                findings.push(finding.with("left", left).with("right", right));
            }
            if late && !pending.has_act && breakdown.needs_act(class) {
                unconfirmed = true;
                findings.push(Finding::new("delay_without_act", Place { field: Some("delay_act".into()), ..place() }));
            }
        }
        if unconfirmed {
            self.use_decision("D19");
        }
        self.push(RESULTS, Fact { class: class.0, ..pending.fact })
    }

    fn is_refused(&self, class: Class) -> bool {
        class.code(OUTCOME).checked_sub(1) == self.code("outcome", "refused")
    }
}

enum Deadline {
    At(Option<Moment>),
    /// The register's, once identities are known.
    Register,
}

/// Where a term in calendar days would end if days off did not count.
pub(crate) fn received_plus(received: Moment, term: Term, first: FirstDay) -> i64 {
    let day = crate::values::moment::DAY;
    (received.minutes.div_euclid(day) + term.value - i64::from(first.earlier())) * day
}
