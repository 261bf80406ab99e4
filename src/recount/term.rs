//! Deadlines for the second counter, day by day. Source: forms.md, Deadlines of records; Law, art. 25.

use crate::definitions::calendar::Calendar;
use crate::values::moment::{DAY, Moment};
use chrono::{Days, NaiveDate};

/// A term: how many of what (`working_days`, `calendar_days`, `hours`, `minutes`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountedTerm {
    pub value: i64,
    pub unit: String,
}

/// A day later on the calendar; `None` beyond the years that it knows.
fn step(day: NaiveDate, calendar: &Calendar) -> Option<(NaiveDate, bool)> {
    let next = day.checked_add_days(Days::new(1))?;
    Some((next, calendar.is_working(next).ok()?))
}

fn working_days(mut day: NaiveDate, mut count: i64, calendar: &Calendar) -> Option<NaiveDate> {
    while count > 0 {
        let (next, works) = step(day, calendar)?;
        day = next;
        count -= i64::from(works);
    }
    Some(day)
}

/// The last moment in time; `None`: no deadline.
pub fn due(received: Moment, term: &CountedTerm, with_receipt: bool, calendar: &Calendar) -> Option<Moment> {
    // D5: the term starts on the day after receipt, or on that day, which a day off never fills for working days.
    let first = if with_receipt { received.day() } else { received.day().succ_opt()? };
    match term.unit.as_str() {
        "working_days" => {
            let is_one = i64::from(with_receipt && calendar.is_working(first).ok()?);
            working_days(received.day(), term.value - is_one, calendar).map(Moment::from_day)
        }
        // D9: on a day off it ends on the next working day.
        "calendar_days" => {
            let mut last = first.checked_add_days(Days::new(u64::try_from(term.value).ok()?.checked_sub(1)?))?;
            while !calendar.is_working(last).ok()? {
                last = step(last, calendar)?.0;
            }
            Some(Moment::from_day(last))
        }
        // "Hours and minutes need a time of receipt, else no deadline; they run through nights and days off."
        unit if received.timed => {
            let minutes = term.value * if unit == "hours" { 60 } else { 1 };
            Some(Moment { minutes: received.minutes + minutes, timed: true })
        }
        _ => None,
    }
}

/// "Late: issued after the due day; to the minute (seconds ignored) when both carry a time."
pub fn is_late(issued: Moment, due: Moment) -> bool {
    if issued.timed && due.timed {
        issued.minutes > due.minutes
    } else {
        issued.minutes.div_euclid(DAY) > due.minutes.div_euclid(DAY)
    }
}

/// "5 working days after registration at a provider or body, plus the extension ≤ 10."
pub fn complaint_due(registered: NaiveDate, extended: i64, calendar: &Calendar) -> Option<NaiveDate> {
    working_days(registered, 5 + extended.clamp(0, 10), calendar)
}
