//! Days and minutes of Kazakhstan's time.

use chrono::NaiveDate;

/// A day, with a time of day or without, in Kazakhstan's time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment {
    /// Minutes since 1970-01-01 00:00.
    pub minutes: i64,
    pub timed: bool,
}

/// Minutes of a day.
pub const DAY: i64 = 24 * 60;
/// Kazakhstan's time is UTC+5 everywhere (records.md): minutes to add to UTC.
pub const OFFSET: i64 = 5 * 60;

impl Moment {
    pub fn from_day(day: NaiveDate) -> Self {
        let days = i64::from(chrono::Datelike::num_days_from_ce(&day)) - EPOCH;
        Self { minutes: days * DAY, timed: false }
    }

    /// Days since 1970-01-01.
    pub fn days(self) -> i64 {
        self.minutes.div_euclid(DAY)
    }

    /// The day of the moment.
    pub fn day(self) -> NaiveDate {
        let days = i32::try_from(self.minutes.div_euclid(DAY) + EPOCH).unwrap_or(i32::MAX);
        NaiveDate::from_num_days_from_ce_opt(days).unwrap_or(NaiveDate::MAX)
    }

    /// Later than `other`: to the minute when both carry a time, else by days (forms.md, Deadlines of records).
    pub fn is_after(self, other: Self) -> bool {
        if self.timed && other.timed {
            self.minutes > other.minutes
        } else {
            self.minutes.div_euclid(DAY) > other.minutes.div_euclid(DAY)
        }
    }
}

/// Days from the first day of the common era to 1970-01-01.
const EPOCH: i64 = 719_163;

/// Reads a day as `2026-10-05` or `05.10.2026`.
pub fn parse_day(text: &str) -> Option<NaiveDate> {
    let text = text.trim();
    NaiveDate::parse_from_str(text, "%Y-%m-%d").or_else(|_| NaiveDate::parse_from_str(text, "%d.%m.%Y")).ok()
}

/// `2026-07-31` or `2026-07-31 14:05`.
pub fn print_moment(moment: Moment) -> String {
    let minutes = moment.minutes.rem_euclid(DAY);
    if moment.timed {
        format!("{} {:02}:{:02}", moment.day(), minutes / 60, minutes % 60)
    } else {
        moment.day().to_string()
    }
}
