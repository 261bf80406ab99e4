//! Deadlines of records (forms.md, Deadlines of records).

use super::calendar::{calendar_days_after, working_days_after};
use super::read::{Row, Tables};
use super::value::Moment;
use chrono::{Duration, NaiveDate};

/// "`due_at` in the record wins. Else the record's term, else the register's term for the service."
/// None: no deadline, the record counts as on time.
pub fn due(tables: &Tables, row: &Row) -> Option<Moment> {
    if let Some(due_at) = row.moment("due_at") {
        return Some(due_at);
    }
    let received = row.moment("received_at")?;
    if let Some(term) = term_of(row) {
        return end_of_term(received, term);
    }
    end_of_term(received, register_term(tables, row)?)
}

type Term<'a> = (i64, &'a str);

fn term_of(row: &Row) -> Option<Term<'_>> {
    Some((row.int("term_value")?, row.text("term_unit")?))
}

/// "rows in force on the day of receipt; if they differ, the same provider's; else no deadline".
fn register_term<'a>(tables: &'a Tables, row: &Row) -> Option<Term<'a>> {
    let day = row.day("received_at")?;
    let service = row.service.as_ref()?;
    let mut in_force: Vec<(&Row, Term)> = Vec::new();
    for entry in &tables["register"].rows {
        if is_in_force(entry, day, "included_on", "excluded_on")
            && entry.service.as_ref() == Some(service)
            && let Some(term) = term_of(entry)
        {
            in_force.push((entry, term));
        }
    }
    if let Some(term) = the_only_one(in_force.iter().map(|(_, term)| *term)) {
        return Some(term);
    }
    let provider = row.provider.as_ref()?;
    let same_provider = in_force.iter().filter(|(entry, _)| entry.provider.as_ref() == Some(provider));
    the_only_one(same_provider.map(|(_, term)| *term))
}

fn the_only_one<'a>(terms: impl Iterator<Item = Term<'a>>) -> Option<Term<'a>> {
    let terms: Vec<Term> = terms.collect();
    let first = *terms.first()?;
    if terms.iter().all(|term| *term == first) { Some(first) } else { None }
}

/// forms.md, row 10: "included_on ≤ its last day, excluded_on missing or later: `excluded_on` is the first day out".
pub fn is_in_force(row: &Row, day: NaiveDate, from: &str, until: &str) -> bool {
    let has_begun = row.day(from).is_some_and(|begun| begun <= day);
    let has_ended = row.day(until).is_some_and(|ended| ended <= day);
    has_begun && !has_ended
}

fn end_of_term(received: Moment, (count, unit): Term) -> Option<Moment> {
    match unit {
        // D5, "A term in working or calendar days starts on the day after receipt".
        "working_days" => Some(Moment { day: working_days_after(received.day, count)?, time: None }),
        // D9, "ends on a day off ends on the next working day".
        "calendar_days" => Some(Moment { day: calendar_days_after(received.day, count)?, time: None }),
        // "Hours and minutes need a time of receipt, else no deadline; they run through nights and days off."
        _ => {
            let minutes = if unit == "hours" { count.checked_mul(60)? } else { count };
            let start = received.day.and_time(received.time?);
            let end = start.checked_add_signed(Duration::try_minutes(minutes)?)?;
            Some(Moment { day: end.date(), time: Some(end.time()) })
        }
    }
}

/// "Late: issued after the due day; to the minute (seconds ignored) when both carry a time."
pub fn is_late(issued: Moment, due: Moment) -> bool {
    match (issued.time, due.time) {
        (Some(issued_time), Some(due_time)) => (issued.day, issued_time) > (due.day, due_time),
        _ => issued.day > due.day,
    }
}

/// The day that decides the month of a violated complaint deadline (D3), None if it was kept.
pub fn complaint_violated_on(row: &Row, as_of: NaiveDate) -> Option<NaiveDate> {
    // "5 working days after registration at a provider or body, 15 at the authorised body,
    // plus `extended_working_days` ≤ 10 (more: error, ten are counted)".
    let term = if row.text("addressee") == Some("authorized_body") { 15 } else { 5 };
    let extension = row.int("extended_working_days").unwrap_or(0).min(10);
    let last_day = working_days_after(row.day("registered_at")?, term + extension)?;
    let violated = match row.day("considered_at") {
        Some(considered) => considered > last_day,
        None => as_of > last_day,
    };
    if violated { last_day.succ_opt() } else { None } // "the first day after the deadline"
}
