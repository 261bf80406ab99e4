//! A result in brief: codes and numbers instead of text, for the millions of records that lead to no finding.
//!
//! Every rule stands in `results`; here its outcome is remembered for what is alike. A record that may lead to a
//! finding, or to anything that is not remembered, is left to `Deriver::take`.

use crate::definitions::dimension::{Class, DELAY_CAUSE, RESULTS};
use crate::facts::deadline::{FirstDay, Term, TermUnit, due};
use crate::facts::deriver::{Deriver, is_kato, yes};
use crate::facts::fact::Fact;
use crate::facts::memory::{Judged, Known, Worked};
use crate::facts::pending::LATE;
use crate::facts::results::received_plus;
use crate::facts::unfed::Unfed;
use crate::facts::wordings::kept::Case;
use crate::values::moment::{DAY, Moment};
use anyhow::Result;

/// A row of services or refusals.
#[derive(Debug, Clone, Copy, Default)]
pub struct Brief {
    pub source: usize,
    /// Position in `Definitions::tables`.
    pub table: usize,
    /// It says something in words that are told of refusals.
    pub has_words: bool,
    /// The field of the reason, when its codes are told.
    pub told_reason: Option<usize>,
    /// Numbers from `Deriver::meet_…`.
    pub service: u32,
    pub system: u32,
    pub provider: u32,
    pub unit: u32,
    /// The reader's own number of the service's code, and whether there is one.
    pub service_code: u32,
    pub channel: Option<usize>,
    pub form: Option<usize>,
    pub applicant: Option<usize>,
    pub outcome: Option<usize>,
    pub reason: Option<usize>,
    pub cause: Option<usize>,
    pub has_act: bool,
    pub received: Option<Moment>,
    pub due: Option<Moment>,
    pub completed: Option<Moment>,
    pub term_value: Option<i64>,
    pub term_unit: Option<usize>,
    pub quantity: i64,
}

/// A deadline in brief.
enum BriefDeadline {
    At(Option<Moment>, Option<Worked>),
    /// Not in brief: waits for identities, or lies beyond the calendar.
    Long,
}

impl Deriver<'_> {
    /// Takes a record; `false`: it was not taken, and is to be given to `take` whole.
    pub fn take_brief(&mut self, brief: &Brief, refusal: bool) -> Result<bool> {
        if self.briefs.known.is_none() {
            self.briefs.known = Some(self.known());
        }
        let Some(known) = &self.briefs.known else { return Ok(false) };
        let outcome = if refusal { known.refused } else { brief.outcome };
        let default = if brief.completed.is_some() { known.rendered } else { known.in_progress };
        let outcome = outcome.or(default);
        let Some(received) = brief.received else { return Ok(false) };
        // days that are told of: see `days`
        let is_odd = |moment: Moment| !known.plausible.contains(&moment.minutes);
        let ends_early = brief.completed.is_some_and(|completed| is_odd(completed) || received.is_after(completed));
        if is_odd(received) || ends_early || brief.due.is_some_and(is_odd) {
            return Ok(false);
        }
        let channel = brief.channel.map(|code| known.channels[code]);
        let applicant = brief.applicant.map(|code| known.applicants[code]);
        let decided = (channel, applicant) != (brief.channel, brief.applicant);
        let class = match brief.completed {
            Some(_) if outcome == known.in_progress => return Ok(false),
            Some(completed) => {
                let at = completed.minutes;
                let month = known.months.iter().position(|(first, end)| (*first..*end).contains(&at));
                let reason = brief.reason.filter(|_| outcome == known.refused).map(|code| known.reasons[code]);
                month.map(|month| {
                    let month = u32::try_from(month).unwrap_or(0);
                    let codes = [channel, outcome, applicant, brief.form, brief.cause, reason, yes(false), yes(false)];
                    Class::new(month, &codes)
                })
            }
            None if outcome == known.in_progress => None,
            None => return Ok(false),
        };
        let is_refused = outcome == known.refused;
        if class.is_some() && is_refused && brief.has_words {
            return Ok(false);
        }
        let end = known.end;
        if class.is_none() && brief.completed.is_some() {
            self.unfed_rows.note(brief.source, Unfed::Outside, 1);
            self.commit(brief, None)?;
            return Ok(true);
        }
        let BriefDeadline::At(due, worked) = self.brief_deadline(brief, received) else { return Ok(false) };
        let fed = match (class, brief.completed) {
            (Some(class), Some(completed)) => {
                let late = due.is_some_and(|due| completed.is_after(due));
                let plain = class;
                let class = class.with(LATE, yes(late));
                let class = if late { class } else { class.with(DELAY_CAUSE, None) };
                let judged = self.judge_class(class, late);
                if judged.has_finding || (judged.needs_act && !brief.has_act) {
                    return Ok(false);
                }
                self.deadlines.note(brief.unit, channel, is_refused, brief.quantity, due.is_none());
                self.briefs.d17 += i64::from(decided);
                if is_refused {
                    self.tell_reason(brief, plain);
                }
                Some((class, judged.fed))
            }
            _ if due.is_some_and(|due| end.is_after(due)) => return Ok(false),
            _ => None,
        };
        if let Some(worked) = worked {
            if let Some(first) = worked.d5 {
                self.briefs.d5[usize::from(first.earlier())] += 1;
            }
            self.briefs.d9 += i64::from(worked.d9);
        }
        let unfed = match fed {
            Some((_, true)) => None,
            Some((_, false)) => channel.map(Unfed::Channel),
            None => Some(Unfed::Unfinished),
        };
        if let Some(why) = unfed {
            self.unfed_rows.note(brief.source, why, 1);
        }
        self.commit(brief, fed)?;
        Ok(true)
    }

    /// The reason of a refusal that a row of the asked forms counts.
    fn tell_reason(&mut self, brief: &Brief, class: Class) {
        if let Some((field, code)) = brief.told_reason.zip(brief.reason)
            && self.judge_class(class, false).fed
        {
            let case = Case { set: u32::try_from(RESULTS).unwrap_or(u32::MAX), class: class.0, unit: brief.unit };
            self.texts.take_code(brief.table, (field, code), case, brief.quantity);
        }
    }

    /// The spelling is known and the record counts.
    fn commit(&mut self, brief: &Brief, counted: Option<(Class, bool)>) -> Result<()> {
        let Brief { service, system, provider, unit, quantity, .. } = *brief;
        self.services.meet_again(service, 1);
        self.systems.meet_again(system, 1);
        self.providers.meet_again(provider, 1);
        self.units.meet_again(unit, 1);
        if let Some((class, fed)) = counted {
            let fact = Fact { class: class.0, service, system, provider, unit, quantity, ..Fact::default() };
            if let Some(fact) = self.reduced.of(fact) {
                self.facts[RESULTS].push(fact)?;
            }
            self.feed(brief.source, fed);
        }
        Ok(())
    }

    fn known(&self) -> Known {
        let reasons = self.definitions.codelist("refusal_reason").map_or(0, |list| list.codes.len());
        let tops = |list: &str| {
            let list = self.definitions.codelist(list);
            list.map_or_else(Vec::new, |list| (0..list.codes.len()).map(|code| list.top(code)).collect())
        };
        let units = self.definitions.codelist("term_unit").map_or(&[][..], |list| &list.codes);
        let quarter = self.period.quarter;
        let start = |month: u32| Moment::from_day(quarter.month_start(month)).minutes;
        Known {
            refused: self.code("outcome", "refused"),
            in_progress: self.code("outcome", "in_progress"),
            rendered: self.code("outcome", "rendered"),
            reasons: (0..reasons).map(|code| self.top_reason(code)).collect(),
            channels: tops("channel"),
            applicants: tops("applicant"),
            units: units.iter().map(|unit| TermUnit::from_code(&unit.code)).collect(),
            months: (0..self.period.ended_months()).map(|month| (start(month), start(month + 1))).collect(),
            plausible: self.plausible.clone(),
            end: Moment::from_day(self.period.known_until()),
        }
    }

    fn brief_deadline(&mut self, brief: &Brief, received: Moment) -> BriefDeadline {
        if brief.due.is_some() {
            return BriefDeadline::At(brief.due, None);
        }
        let unit = brief.term_unit.zip(self.briefs.known.as_ref()).and_then(|(unit, known)| known.units[unit]);
        let mut term = brief.term_value.zip(unit).map(|(value, unit)| Term { value, unit });
        if term.is_none() {
            if self.terms.is_empty() {
                return BriefDeadline::At(None, None);
            }
            let day = received.minutes.div_euclid(DAY);
            let known = self.briefs.registered.get(&(brief.service_code, day)).copied();
            let Some(Some(registered)) = known else { return BriefDeadline::Long };
            term = registered;
        }
        let Some(term) = term else { return BriefDeadline::At(None, None) };
        match self.work_out(received, term, self.first_day(brief.channel)) {
            Some(worked) => BriefDeadline::At(worked.due, Some(worked)),
            None => BriefDeadline::Long,
        }
    }

    /// Lets the register's term of a code be remembered for a day of receipt.
    pub fn learn_term(&mut self, number: u32, code: &str, received: Moment) {
        let key = (number, received.minutes.div_euclid(DAY));
        if !self.terms.is_empty() && !self.briefs.registered.contains_key(&key) {
            let term = self.registered_term(code, received.day());
            self.briefs.registered.insert(key, term);
        }
    }

    /// `None`: beyond the calendar.
    fn work_out(&mut self, received: Moment, term: Term, first: FirstDay) -> Option<Worked> {
        let in_days = matches!(term.unit, TermUnit::WorkingDays | TermUnit::CalendarDays);
        if !in_days {
            let due = due(received, term, first, &self.definitions.calendar).ok()?;
            return Some(Worked { due, d5: None, d9: false });
        }
        let kind = u32::from(term.unit == TermUnit::WorkingDays) << 1 | u32::from(first.earlier());
        let key = (received.minutes.div_euclid(DAY), term.value, kind);
        if let Some(worked) = self.briefs.terms.get(&key) {
            return Some(*worked);
        }
        let due = due(received, term, first, &self.definitions.calendar).ok()?;
        let moved = |due: Moment| due.minutes != received_plus(received, term, first);
        let d9 = term.unit == TermUnit::CalendarDays && due.is_some_and(moved);
        let worked = Worked { due, d5: Some(first), d9 };
        self.briefs.terms.insert(key, worked);
        Some(worked)
    }

    fn judge_class(&mut self, class: Class, late: bool) -> Judged {
        if let Some(judged) = self.briefs.classes.get(&class.0) {
            return *judged;
        }
        let left = || self.breakdowns.iter().filter(|breakdown| breakdown.left.passes(class));
        let has_finding = left().any(|breakdown| !breakdown.right.iter().any(|sieve| sieve.passes(class)));
        let needs_act = late && left().any(|breakdown| breakdown.needs_act(class));
        let judged = Judged { has_finding, needs_act, fed: self.is_counted(RESULTS, class.0) };
        self.briefs.classes.insert(class.0, judged);
        judged
    }

    /// The number of a service, provider, system or unit; the record itself is counted by `take_brief`.
    pub fn number_service(&mut self, code: &str, name: &str) -> u32 {
        self.services.meet_times(code, name, 0)
    }

    pub fn number_provider(&mut self, bin: &str, name: &str) -> u32 {
        self.providers.meet_times(bin, name, 0)
    }

    pub fn number_system(&mut self, name: &str) -> u32 {
        self.systems.meet_times("", name, 0)
    }

    pub fn number_unit(&mut self, unit: &str) -> u32 {
        let (code, name) = if is_kato(unit) { (unit, "") } else { ("", unit) };
        self.units.meet_times(code, name, 0)
    }

    /// Decisions that were counted in brief join the others.
    pub(crate) fn remember_decisions(&mut self) {
        let briefs = &mut self.briefs;
        let [after, of_receipt] = &mut briefs.d5;
        let first = [(FirstDay::AfterReceipt, after), (FirstDay::OfReceipt, of_receipt)];
        let first = first.map(|(first, times)| (first.decision(), times));
        for (decision, times) in first.into_iter().chain([("D9", &mut briefs.d9), ("D17", &mut briefs.d17)]) {
            let times = std::mem::take(times);
            if times > 0 {
                *self.decisions.entry(decision.to_owned()).or_default() += times;
            }
        }
    }
}
