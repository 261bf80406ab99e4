//! When a service or a complaint was due, one cited function each.

use crate::definitions::calendar::{BeyondCalendar, Calendar};
use crate::values::moment::{DAY, Moment};
use chrono::{Days, NaiveDate};

/// A term as the record or the register gives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Term {
    pub value: i64,
    pub unit: TermUnit,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TermUnit {
    WorkingDays,
    CalendarDays,
    Hours,
    Minutes,
}

/// The first day of a term in days. Source: forms.md, D5.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum FirstDay {
    /// Law, art. 20 para 1.
    #[default]
    AfterReceipt,
    /// As the body's file says of its channel.
    OfReceipt,
}

impl FirstDay {
    /// The decision that a term in days rests on.
    pub fn decision(self) -> &'static str {
        match self {
            Self::AfterReceipt => "D5",
            Self::OfReceipt => "D5.1",
        }
    }

    /// Days by which a term ends earlier than one that begins on the day after receipt.
    pub fn earlier(self) -> u8 {
        u8::from(self == Self::OfReceipt)
    }
}

impl TermUnit {
    /// Its code in the list `term_unit`.
    pub fn code(self) -> &'static str {
        match self {
            Self::WorkingDays => "working_days",
            Self::CalendarDays => "calendar_days",
            Self::Hours => "hours",
            Self::Minutes => "minutes",
        }
    }

    /// From the code list `term_unit`.
    pub fn from_code(code: &str) -> Option<Self> {
        match code {
            "working_days" => Some(Self::WorkingDays),
            "calendar_days" => Some(Self::CalendarDays),
            "hours" => Some(Self::Hours),
            "minutes" => Some(Self::Minutes),
            _ => None,
        }
    }
}

/// The last moment in time. `Ok(None)`: hours without a time of receipt have no deadline.
///
/// Days start on the day after receipt (forms.md, D5; Law, art. 20 para 1), or on that day itself where it
/// counts; calendar days that end on a day off end on the next working day (D9); hours run from the moment of receipt.
pub fn due(
    received: Moment,
    term: Term,
    first: FirstDay,
    calendar: &Calendar,
) -> Result<Option<Moment>, BeyondCalendar> {
    let beyond = BeyondCalendar(NaiveDate::MAX);
    let eve = || received.day().checked_sub_days(Days::new(first.earlier().into())).ok_or(beyond);
    match term.unit {
        TermUnit::WorkingDays => {
            let days = u32::try_from(term.value).map_err(|_| beyond)?;
            calendar.add_working_days(eve()?, days).map(|day| Some(Moment::from_day(day)))
        }
        TermUnit::CalendarDays => {
            let days = u64::try_from(term.value).map_err(|_| beyond)?;
            let last = eve()?.checked_add_days(Days::new(days)).ok_or(beyond)?;
            calendar.on_or_after(last).map(|day| Some(Moment::from_day(day)))
        }
        TermUnit::Hours | TermUnit::Minutes if !received.timed => Ok(None),
        TermUnit::Hours => Ok(Some(later(received, term.value.saturating_mul(60)))),
        TermUnit::Minutes => Ok(Some(later(received, term.value))),
    }
}

fn later(received: Moment, minutes: i64) -> Moment {
    Moment { minutes: received.minutes.saturating_add(minutes.min(DAY * 100_000)), timed: true }
}

/// Working days for a complaint: 5 at a provider or body, 15 at the authorised body. Source: Law, art. 25.
pub const COMPLAINT_AT_PROVIDER: u32 = 5;
pub const COMPLAINT_AT_AUTHORISED_BODY: u32 = 15;
/// Longest extension in working days. Source: Law, art. 25.
pub const COMPLAINT_EXTENSION: u32 = 10;

/// The last day to consider a complaint. Source: Law, art. 25; forms.md, Deadlines of records.
pub fn complaint_due(
    registered: NaiveDate,
    at_authorised_body: bool,
    extension: u32,
    calendar: &Calendar,
) -> Result<NaiveDate, BeyondCalendar> {
    let days = if at_authorised_body { COMPLAINT_AT_AUTHORISED_BODY } else { COMPLAINT_AT_PROVIDER };
    calendar.add_working_days(registered, days + extension.min(COMPLAINT_EXTENSION))
}
