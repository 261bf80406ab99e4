//! Services and refusals → results issued, in time or late.
//!
//! What a result counts as is said here once: of records one by one, and of the rows that the lane knows.

use crate::definitions::dimension::{Class, DELAY_CAUSE, RESULTS};
use crate::facts::asked::AskedResult;
use crate::facts::deadline::{FirstDay, Term};
use crate::facts::deadlines::Deadline;
use crate::facts::deriver::{Deriver, is_kato, yes};
use crate::facts::fact::Fact;
use crate::facts::identity::Resolved;
use crate::facts::memory::{Judged, Worked};
use crate::facts::pending::{CHANNEL, LATE, OUTCOME, Pending};
use crate::facts::unfed::Unfed;
use crate::facts::wordings::kept::Case;
use crate::records::Record;
use crate::records::typed::Typed;
use crate::values::moment::Moment;
use crate::words::finding::{Finding, Place};
use crate::words::gathered::Gathered;
use anyhow::Result;

/// Fields that name a party, by party: service, system, provider, unit.
pub(crate) const PARTIES: [&[&str]; 4] =
    [&["service_code", "service_name"], &["information_system"], &["provider_bin", "provider_name"], &["unit"]];
pub(crate) const RECEIVED: &str = "received_at";
pub(crate) const DUE: &str = "due_at";
pub(crate) const QUANTITY: &str = "quantity";

/// When a result was issued, by table.
pub(crate) fn done_at(table: &str) -> &'static str {
    if table == "refusals" { "refused_at" } else { "completed_at" }
}

/// What results have in common that differ in nothing but parties, days and quantity.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools)] // answers to different questions
pub(crate) struct ResultKind {
    is_refused: bool,
    in_progress: bool,
    /// Of the first month, in time.
    class: Class,
    /// Its channel or applicant counts as one that the Rules name (D17).
    is_decided: bool,
    term: Option<Term>,
    /// Of a term in days, by its own channel.
    first: FirstDay,
    has_act: bool,
}

/// What a result has for itself.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ResultRow {
    pub(crate) source: usize,
    /// Parties and quantity.
    pub(crate) fact: Fact,
    pub(crate) received: Moment,
    pub(crate) due: Option<Moment>,
    pub(crate) completed: Option<Moment>,
}

/// Who hears what is to be told of a result.
pub(crate) enum Hearer<'t, 'r, 'a> {
    Findings(&'t Record<'r, 'a>, &'t mut Gathered),
    /// Nobody: such a result is left to who hears.
    Nobody(Said),
}

/// What a refusal says in words, where there is nobody to read them.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Said {
    pub(crate) has_words: bool,
    /// Table, field and code of a reason that is asked for.
    pub(crate) reason: Option<(usize, (usize, usize))>,
}

impl Deriver<'_> {
    /// A row of `services` or `refusals`; whether a cell counts it. Source: forms.md, Rows 12–15, forms 3-mk and 4-mk.
    pub(crate) fn result_record(&mut self, record: &Record<'_, '_>, findings: &mut Gathered) -> Result<bool> {
        let table = record.found.table;
        let kind = self.result_kind(table, record.values);
        // The identity of every accepted record counts for names, whatever the record feeds.
        let fact = Fact { quantity: self.quantity(record), ..self.parties(table, record.values, self.times) };
        let Some(received) = self.field(record, RECEIVED).moment() else { return Ok(false) };
        let due = self.field(record, DUE).moment();
        let completed = self.field(record, done_at(&self.definitions.tables[table].table)).moment();
        let row = ResultRow { source: record.source, fact, received, due, completed };
        self.answer(record, &kind, &row);
        Ok(self.result(&kind, &row, Hearer::Findings(record, findings))?.unwrap_or(false))
    }

    /// The codes of a row, with what follows from them.
    pub(crate) fn result_kind(&mut self, table: usize, values: &[Typed<'_>]) -> ResultKind {
        let definition = &self.definitions.tables[table].table;
        let (refused, in_progress) = (self.code("outcome", "refused"), self.code("outcome", "in_progress"));
        let is_issued = !self.value(table, values, done_at(definition)).is_missing();
        let own = if definition == "refusals" { refused } else { self.value(table, values, "outcome").code() };
        let outcome = own.or(if is_issued { self.code("outcome", "rendered") } else { in_progress });
        let [own_channel, own_applicant, form, cause, reason, unit] =
            ["channel", "applicant", "form", "delay_cause", "refusal_reason", "term_unit"]
                .map(|name| self.value(table, values, name).code());
        let (channel, applicant) = (self.top("channel", own_channel), self.top("applicant", own_applicant));
        let term = self.value(table, values, "term_value").integer();
        let reason = reason.filter(|_| outcome == refused).map(|code| self.top_reason(code));
        ResultKind {
            is_refused: outcome == refused,
            in_progress: outcome == in_progress,
            class: Class::new(0, &[channel, outcome, applicant, form, cause, reason, yes(false), yes(false)]),
            is_decided: (channel, applicant) != (own_channel, own_applicant),
            term: self.term(term, unit),
            first: self.first_day(own_channel),
            has_act: !self.value(table, values, "delay_act").is_missing(),
        }
    }

    /// The numbers of the parties of a row, met in so many records.
    pub(crate) fn parties(&mut self, table: usize, values: &[Typed<'_>], times: i64) -> Fact {
        let [[code, name], [system, _], [bin, provider], [unit, _]] = PARTIES.map(|fields| {
            [0, 1]
                .map(|at| fields.get(at).map_or("", |name| self.value(table, values, name).text().unwrap_or_default()))
        });
        let (kato, unit) = if is_kato(unit) { (unit, "") } else { ("", unit) };
        Fact {
            service: self.services.meet_times(code, name, times),
            system: self.systems.meet_times("", system, times),
            provider: self.providers.meet_times(bin, provider, times),
            unit: self.units.meet_times(kato, unit, times),
            ..Fact::default()
        }
    }

    /// So many more records of parties that were met before.
    pub(crate) fn meet_again(&mut self, [service, system, provider, unit]: [u32; 4], times: i64) {
        self.services.meet_again(service, times);
        self.systems.meet_again(system, times);
        self.providers.meet_again(provider, times);
        self.units.meet_again(unit, times);
    }

    /// Counts a result; whether a cell counts it. `None`: nothing was counted, as something is to be told and nobody
    /// hears it.
    pub(crate) fn result(
        &mut self,
        kind: &ResultKind,
        row: &ResultRow,
        mut hearer: Hearer<'_, '_, '_>,
    ) -> Result<Option<bool>> {
        self.unfed = kind.in_progress.then_some(Unfed::Unfinished);
        let class = match row.completed {
            Some(_) if kind.in_progress => {
                let Hearer::Findings(record, findings) = hearer else { return Ok(None) };
                findings.push(Finding::new("in_progress_with_result", record.place("outcome")));
                return Ok(Some(false));
            }
            Some(completed) => self.month_at(completed).map(|month| Class(kind.class.0 | u64::from(month))),
            None => None,
        };
        if class.is_none() && !(kind.in_progress && row.completed.is_none()) {
            self.unfed = row.completed.map(|_| Unfed::Outside);
            return Ok(Some(false));
        }
        let is_counted = class.is_some_and(|class| self.is_counted(RESULTS, class.0));
        if let Some(class) = class.filter(|_| !is_counted) {
            self.unfed = class.code(CHANNEL).checked_sub(1).map(Unfed::Channel);
        }
        let is_read = kind.is_refused && is_counted;
        let deadline = self.deadline((kind.term, kind.first), row.fact.service, row.received, row.due);
        let fact = Fact { class: class.unwrap_or(Class(0)).0, ..row.fact };
        let mut pending = Pending {
            fact,
            received: row.received,
            first: kind.first,
            completed: row.completed,
            source: row.source,
            line: 0,
            place: None,
            has_act: class.is_none() || kind.has_act,
        };
        if let Hearer::Findings(record, _) = &hearer {
            pending.line = self.traced_line(record);
            pending.place = Some(record.place(if class.is_some() { "delay_cause" } else { DUE }));
        }
        let (fed, worked) = match (deadline, &mut hearer) {
            (Deadline::At(_), Hearer::Nobody(said)) if is_read && said.has_words => return Ok(None),
            (Deadline::At(worked), Hearer::Nobody(_)) => (self.settle(&pending, worked.due, None)?, worked),
            (Deadline::At(worked), Hearer::Findings(_, findings)) => {
                (self.settle(&pending, worked.due, Some(findings))?, worked)
            }
            (_, Hearer::Nobody(_)) => return Ok(None),
            (Deadline::Beyond, Hearer::Findings(record, findings)) => {
                findings.push(self.beyond_calendar(record.place(RECEIVED)));
                (self.settle(&pending, None, Some(findings))?, Worked::default())
            }
            (Deadline::Register, Hearer::Findings(..)) => {
                self.waits = is_counted;
                self.defer(pending);
                (Some(false), Worked::default())
            }
        };
        if fed.is_none() {
            return Ok(None);
        }
        if class.is_some() {
            self.use_worked(worked, &fact);
            if kind.is_decided {
                self.decided(&fact, "D17");
            }
        }
        match hearer {
            Hearer::Findings(record, _) if is_read => self.take_words(RESULTS, &fact, record),
            Hearer::Nobody(Said { reason: Some((table, code)), .. }) if is_read => {
                let case = Case { set: u32::try_from(RESULTS).unwrap_or(u32::MAX), class: fact.class, unit: fact.unit };
                self.texts.take_code(table, code, case, fact.quantity);
            }
            _ => {}
        }
        Ok(fed)
    }

    /// Keeps what others ask of this record.
    fn answer(&mut self, record: &Record<'_, '_>, kind: &ResultKind, row: &ResultRow) {
        let id = self.text(record, "record_id");
        let Some(completed) = row.completed.filter(|_| !kind.in_progress && self.asked.wants(id)) else { return };
        let (received, refused) = (row.received, kind.is_refused);
        let due = row.due.or_else(|| self.due_quietly(received, kind.term?, kind.first));
        let fact = Fact { service: row.fact.service, provider: row.fact.provider, ..Fact::default() };
        let by_register = row.due.is_none() && kind.term.is_none();
        let result =
            AskedResult { by_register, id: id.to_owned(), refused, received, first: kind.first, completed, due, fact };
        *self.asked.found.entry(result).or_default() += self.times;
    }

    /// The reason, or the reason that it is a kind of (Law, art. 19-1 para 2).
    pub(crate) fn top_reason(&self, code: usize) -> usize {
        self.definitions.codelist("refusal_reason").map_or(code, |list| list.top(code))
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
            let worked = term.and_then(|term| {
                let worked = self.worked(pending.received, term, pending.first);
                if worked.is_none() {
                    findings.push(self.beyond_calendar(pending.place.clone().unwrap_or_default()));
                }
                worked
            });
            let worked = worked.unwrap_or_default();
            if pending.completed.is_some() {
                self.use_worked(worked, &pending.fact);
            }
            let fed = self.settle(&pending, worked.due, Some(findings))?;
            self.feed(pending.source, fed == Some(true));
            let channel = || Class(pending.fact.class).code(CHANNEL).checked_sub(1).map(Unfed::Channel);
            let why = if pending.completed.is_none() { Some(Unfed::Unfinished) } else { channel() };
            if let Some(why) = why.filter(|_| fed != Some(true)) {
                self.unfed_rows.note(pending.source, why, times);
            }
        }
        self.times = 1;
        Ok(())
    }

    /// The deadline is known: in time or late; whether a cell counts it. `None`: as of `result`.
    fn settle(
        &mut self,
        pending: &Pending,
        due: Option<Moment>,
        findings: Option<&mut Gathered>,
    ) -> Result<Option<bool>> {
        let Some(completed) = pending.completed else {
            if let Some(due) = due.filter(|due| self.end.is_after(*due)) {
                let Some(findings) = findings else { return Ok(None) };
                let finding = Finding::new("unfinished_overdue", pending.place.clone().unwrap_or_default());
                findings.push(finding.with("due", crate::values::moment::said_moment(due)));
            }
            return Ok(Some(false));
        };
        let late = due.is_some_and(|due| completed.is_after(due));
        let mut class = Class(pending.fact.class).with(LATE, yes(late));
        if !late {
            class = class.with(DELAY_CAUSE, None); // a cause on a record in time is ignored
        }
        let judged = self.judged(class, late);
        if judged.is_outside || (judged.needs_act && !pending.has_act) {
            let Some(findings) = findings else { return Ok(None) };
            self.tell_breakdowns(pending, class, late, findings);
        }
        let fact = Fact { class: class.0, ..pending.fact };
        let (channel, refused) = (class.code(CHANNEL).checked_sub(1), self.is_refused(class));
        self.deadlines.note(fact.unit, channel, refused, fact.quantity, due.is_none());
        if let Some(trace) = &mut self.trace {
            trace.move_to((pending.source, pending.line), self.times < 0);
            trace.due = due;
        }
        self.push(RESULTS, fact).map(Some)
    }

    /// Whether something is to be told of results of a class.
    fn judged(&mut self, class: Class, late: bool) -> Judged {
        if let Some(judged) = self.memory.classes.get(&class.0) {
            return *judged;
        }
        let mut left = self.breakdowns.iter().filter(|breakdown| breakdown.concerns(class));
        let is_outside = left.clone().any(|breakdown| breakdown.is_outside(class));
        let judged = Judged { is_outside, needs_act: late && left.any(|breakdown| breakdown.needs_act(class)) };
        self.memory.classes.insert(class.0, judged);
        judged
    }

    fn tell_breakdowns(&mut self, pending: &Pending, class: Class, late: bool, findings: &mut Gathered) {
        let place = || pending.place.clone().unwrap_or_default();
        let mut unconfirmed = false;
        for breakdown in self.breakdowns.iter().filter(|breakdown| breakdown.concerns(class)) {
            if breakdown.is_outside(class) {
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
            self.decided(&pending.fact, "D19");
        }
    }

    pub(crate) fn is_refused(&self, class: Class) -> bool {
        class.code(OUTCOME).checked_sub(1) == self.refused
    }
}
