//! The deadlines of records: their own, their term's, the register's (forms.md, Deadlines of records).

use crate::definitions::dimension::Class;
use crate::facts::deadline::{FirstDay, Term, TermUnit, due};
use crate::facts::deriver::Deriver;
use crate::facts::fact::Fact;
use crate::facts::memory::Worked;
use crate::facts::pending::CHANNEL;
use crate::values::moment::Moment;
use crate::words::finding::{Finding, Place};

/// The deadline of a record.
pub(crate) enum Deadline {
    At(Worked),
    /// Beyond the calendar.
    Beyond,
    /// The register's, once identities are known.
    Register,
}

impl Deriver<'_> {
    /// The deadline of the record: its own, its own term's, the register's (forms.md, Deadlines of records).
    pub(crate) fn deadline(
        &mut self,
        (term, first): (Option<Term>, FirstDay),
        service: u32,
        received: Moment,
        own: Option<Moment>,
    ) -> Deadline {
        if own.is_some() {
            return Deadline::At(Worked { due: own, ..Worked::default() });
        }
        let term = match term {
            None if self.terms.is_empty() => None,
            None => match self.register_says(service, received) {
                Some(term) => term,
                None => return Deadline::Register,
            },
            term => term,
        };
        let Some(term) = term else { return Deadline::At(Worked::default()) };
        self.worked(received, term, first).map_or(Deadline::Beyond, Deadline::At)
    }

    /// The register's term of a service on the day of receipt; `None`: only identities can tell.
    #[allow(clippy::option_option)] // the register's answer: only identities can tell, no term, a term
    fn register_says(&mut self, service: u32, received: Moment) -> Option<Option<Term>> {
        let key = (service, received.days());
        if let Some(known) = self.memory.registered.get(&key) {
            return *known;
        }
        let said = self.registered_term(&self.services.party(service).code, received.day());
        self.memory.registered.insert(key, said);
        said
    }

    pub(crate) fn term(&self, value: Option<i64>, unit: Option<usize>) -> Option<Term> {
        let unit = &self.definitions.codelist("term_unit")?.codes[unit?].code;
        Some(Term { value: value?, unit: TermUnit::from_code(unit)? })
    }

    /// The end of a term, and the decisions that it rests on; `None`: beyond the calendar.
    pub(crate) fn worked(&mut self, received: Moment, term: Term, first: FirstDay) -> Option<Worked> {
        let in_days = matches!(term.unit, TermUnit::WorkingDays | TermUnit::CalendarDays);
        let key = (received.days(), term, first);
        if let Some(worked) = self.memory.terms.get(&key).filter(|_| in_days) {
            return Some(*worked);
        }
        let due = due(received, term, first, &self.definitions.calendar).ok()?;
        // where the term would end if days off did not count
        let moved = due.is_some_and(|due| due.days() != received.days() + term.value - i64::from(first.earlier()));
        let worked = Worked { due, d5: in_days.then_some(first), d9: term.unit == TermUnit::CalendarDays && moved };
        if in_days {
            self.memory.terms.insert(key, worked);
        }
        Some(worked)
    }

    /// A result that was issued in a month that counts rests on a term.
    pub(crate) fn use_worked(&mut self, worked: Worked, fact: &Fact) {
        let d9 = worked.d9.then_some("D9");
        for decision in worked.d5.map(FirstDay::decision).into_iter().chain(d9) {
            self.decided(fact, decision);
        }
    }

    /// A result rests on a decision.
    pub(crate) fn decided(&mut self, fact: &Fact, decision: &str) {
        let class = Class(fact.class);
        let of = (fact.unit, class.code(CHANNEL).checked_sub(1), self.is_refused(class));
        self.deadlines.decided(of, decision, self.times);
    }

    pub(crate) fn beyond_calendar(&self, place: Place) -> Finding {
        let (first, last) = self.definitions.calendar.span();
        let (first, last) = (first.format("%d.%m.%Y"), last.format("%d.%m.%Y"));
        Finding::new("date_beyond_calendar", place).with("first", first).with("last", last)
    }

    /// A deadline that is asked for and told nobody.
    pub(crate) fn due_quietly(&self, received: Moment, term: Term, first: FirstDay) -> Option<Moment> {
        due(received, term, first, &self.definitions.calendar).ok().flatten()
    }
}
