//! Why a record feeds no cell: its month, its event, its codes.

use crate::commands::explain::sources::{Retraced, Watched};
use crate::commands::out::speech::Speech;
use crate::definitions::dimension::{
    BYLAWS_IN_FORCE, COMPLAINTS, COMPLAINTS_LATE, Class, EVENTS, OBJECTS, OUTREACH, RECOMMENDATIONS, REGISTER_IN_FORCE,
    REGISTER_INCLUDED, RESTORATIONS, RESULTS, SANCTIONS, SETS, TRAINING, VIOLATIONS,
};
use crate::definitions::form::{Column, Form, Row};
use crate::definitions::sieve::Sieve;
use crate::facts::deadline::{COMPLAINT_EXTENSION, complaint_due};
use crate::facts::parts::{leaves, set_of};
use crate::facts::trace::Traced;
use crate::values::period::Period;
use chrono::NaiveDate;
use serde::Serialize;

/// Rows or columns that a record does not feed, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Idle {
    /// Printed numbers of the rows.
    pub rows: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<String>,
    pub why: String,
}

/// Kinds of facts that a table may give.
pub fn sets_of(table: &str) -> &'static [usize] {
    match table {
        "services" | "refusals" | "established_violations" => &[RESULTS],
        "complaints" => &[COMPLAINTS, COMPLAINTS_LATE],
        "control_events" => &[EVENTS],
        "control_objects" => &[OBJECTS],
        "violations" => &[VIOLATIONS],
        "sanctions" => &[SANCTIONS],
        "recommendations" => &[RECOMMENDATIONS],
        "register" => &[REGISTER_IN_FORCE, REGISTER_INCLUDED],
        "bylaws" => &[BYLAWS_IN_FORCE],
        "outreach" => &[OUTREACH],
        "training" => &[TRAINING],
        "restorations" => &[RESTORATIONS],
        _ => &[],
    }
}

/// Who asks, and of what.
#[derive(Debug)]
pub struct Judge<'a> {
    pub speech: Speech<'a>,
    pub form: &'a Form,
    pub period: Period,
    pub reading: &'a Retraced,
}

impl Judge<'_> {
    /// All rows and columns that a record of a table does not feed, grouped by the reason.
    pub fn idle(&self, table: &str, seen: &Watched, facts: &[Traced]) -> Vec<Idle> {
        let mut found: Vec<Idle> = Vec::new();
        let mut say = |row: &Row, column: Option<&Column>, why: String| {
            let columns: Vec<String> = column.map(|column| column.id.clone()).into_iter().collect();
            let same = found.iter_mut().find(|idle| {
                idle.why == why && (columns.is_empty() && idle.columns.is_empty() || idle.rows == [row.no.clone()])
            });
            match same.filter(|idle| idle.columns.is_empty() == columns.is_empty()) {
                Some(idle) if columns.is_empty() => idle.rows.push(row.no.clone()),
                Some(idle) => idle.columns.extend(columns),
                None => found.push(Idle { rows: vec![row.no.clone()], columns, why }),
            }
        };
        for (place, row) in self.form.rows.iter().enumerate() {
            let Some(set) = set_of(row).filter(|set| sets_of(table).contains(set)) else { continue };
            debug_assert_eq!(leaves(self.form, place), [place]);
            let Some(fact) = facts.iter().find(|fact| fact.set == set) else {
                say(row, None, self.without_fact(set, table, seen));
                continue;
            };
            let class = Class(fact.fact.class);
            let Some(sieve) = Sieve::new(set, &[&row.filter], self.speech.definitions) else { continue };
            let reasons = self.failing(&sieve, set, class, &row.filter);
            if !reasons.is_empty() {
                say(row, None, reasons);
                continue;
            }
            for column in &self.form.grid_of(place).columns {
                let other_month = column.month.is_some_and(|month| class.month() + 1 != month);
                let Some(sieve) = Sieve::new(set, &[&column.filter], self.speech.definitions) else { continue };
                let reasons = self.failing(&sieve, set, class, &column.filter);
                if !other_month && !reasons.is_empty() {
                    say(row, Some(column), reasons);
                }
            }
        }
        found
    }

    fn failing(&self, sieve: &Sieve, set: usize, class: Class, filter: &crate::definitions::form::Filter) -> String {
        let reasons = sieve.failing(class).map(|place| {
            let dimension = SETS[set].dimensions[place];
            let none = Vec::new();
            let codes = filter.get(dimension.name).unwrap_or(&none);
            let slots = [
                ("name", self.speech.name(dimension)),
                ("own", &self.speech.own_code(class, set, place)),
                ("codes", &self.speech.codes(dimension, codes)),
            ];
            self.speech.fill("explain_not_filter", &slots)
        });
        reasons.collect::<Vec<_>>().join("; ")
    }

    /// Why an accepted record gave no fact of a kind at all.
    fn without_fact(&self, set: usize, table: &str, seen: &Watched) -> String {
        let day = |field: &str| seen.days.get(field).map(|moment| moment.day());
        let word = |key: &str| self.speech.words(key).to_owned();
        let counts = |day: Option<NaiveDate>| {
            let month = day.and_then(|day| self.period.quarter.month_of(day));
            month.is_some_and(|month| self.period.quarter.month_ended(month, self.period.as_of))
        };
        match set {
            RESULTS if table == "established_violations" => match day("established_on") {
                day if counts(day) => word("explain_established_own"),
                day => self.dated(day),
            },
            RESULTS => {
                let list = self.speech.definitions.codelist("outcome");
                let open = list.and_then(|list| list.position("in_progress"));
                match day(if table == "refusals" { "refused_at" } else { "completed_at" }) {
                    None => word("explain_no_result"),
                    Some(_) if seen.outcome.is_some() && seen.outcome == open => word("explain_in_progress"),
                    day => self.dated(day),
                }
            }
            COMPLAINTS => self.dated(day("registered_at")),
            COMPLAINTS_LATE => self.complaint(seen, day("registered_at"), day("considered_at")),
            EVENTS if day("finished_on").is_none() => word("explain_event_unfinished"),
            EVENTS => self.dated(day("finished_on")),
            OBJECTS | VIOLATIONS | RECOMMENDATIONS => {
                match seen.event.as_ref().and_then(|event| self.reading.events.get(event)) {
                    None => word("explain_event_unknown"),
                    Some(None) => word("explain_event_unfinished"),
                    Some(day) => self.dated(*day),
                }
            }
            SANCTIONS => self.dated(day("imposed_on")),
            REGISTER_INCLUDED if counts(day("included_on")) => word("explain_continued"),
            REGISTER_INCLUDED => self.dated(day("included_on")),
            OUTREACH => self.dated(day("held_on")),
            TRAINING => self.dated(day("completed_on")),
            RESTORATIONS => self.dated(day("restored_on")),
            _ => word("explain_not_in_force"),
        }
    }

    fn complaint(&self, seen: &Watched, registered: Option<NaiveDate>, considered: Option<NaiveDate>) -> String {
        let Some(registered) = registered else { return self.speech.words("explain_undated").to_owned() };
        let list = self.speech.definitions.codelist("addressee");
        let authorised = seen.addressee == list.and_then(|list| list.position("authorized_body"));
        if authorised {
            return self.speech.words("explain_authorised").to_owned();
        }
        let extension = u32::try_from(seen.extended).unwrap_or(0).min(COMPLAINT_EXTENSION);
        let Ok(due) = complaint_due(registered, authorised, extension, &self.speech.definitions.calendar) else {
            return self.speech.words("explain_beyond_calendar").to_owned();
        };
        match considered.filter(|day| *day <= due) {
            Some(day) => {
                let slots = [("date", &*day.to_string()), ("due", &due.to_string())];
                self.speech.fill("explain_complaint_in_time", &slots)
            }
            None => self.dated(due.succ_opt()),
        }
    }

    /// A day outside the quarter, or in a month that has not ended.
    fn dated(&self, day: Option<NaiveDate>) -> String {
        let Some(day) = day else { return self.speech.words("explain_undated").to_owned() };
        let (date, period) = (day.to_string(), self.period.quarter.to_string());
        let as_of = self.period.as_of.to_string();
        let slots = [("date", date.as_str()), ("period", &period), ("as_of", &as_of)];
        let open = self.period.quarter.month_of(day).is_some();
        self.speech.fill(if open { "explain_month_open" } else { "explain_outside_quarter" }, &slots)
    }
}
