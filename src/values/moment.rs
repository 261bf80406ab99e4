//! Days and minutes of Kazakhstan's time.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// A day, with a time of day or without, in Kazakhstan's time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
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
/// Days from the last day before March of the year −400 to 1970-01-01.
const MARCH: i64 = 865_566;

/// Reads `2026-07-31` or `31.07.2026`, alone or with ` 14:05`, `T14:05`, `14:05:59`: as nearly all moments are written.
pub fn plain(bytes: &[u8]) -> Option<Moment> {
    let (date, time) = bytes.split_at_checked(10)?;
    let (year, month, day) = if date[4] == b'-' && date[7] == b'-' {
        (four(&date[..4])?, two(&date[5..7])?, two(&date[8..])?)
    } else if date[2] == b'.' && date[5] == b'.' {
        (four(&date[6..])?, two(&date[3..5])?, two(&date[..2])?)
    } else {
        return None;
    };
    let day = Moment { minutes: days(year, month, day)? * DAY, timed: false };
    let clock = match time {
        [] => return Some(day),
        [b' ' | b'T', clock @ ..] => clock,
        _ => return None,
    };
    let (minutes, seconds) = match clock {
        [_, _, b':', _, _] => (clock, 0),
        [_, _, b':', _, _, b':', seconds @ ..] => (clock, two(seconds)?),
        _ => return None,
    };
    let (hour, minute) = (two(&minutes[..2])?, two(&minutes[3..5])?);
    let minutes = i64::from(hour * 60 + minute);
    // midnight sharp is a day without a time
    let timed = hour + minute + seconds > 0;
    (hour < 24 && minute < 60 && seconds < 60).then_some(Moment { minutes: day.minutes + minutes, timed })
}

/// Days since 1970-01-01 of a day of the calendar; each row has three.
#[inline]
fn days(year: u32, month: u32, day: u32) -> Option<i64> {
    /// Days before each month; of January and February in the year after, which begins in March.
    const BEFORE: [u32; 12] = [306, 337, 0, 31, 61, 92, 122, 153, 184, 214, 245, 275];
    const LENGTHS: [u32; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let place = month.checked_sub(1)? as usize;
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let length = LENGTHS.get(place)? + u32::from(month == 2 && is_leap);
    if day == 0 || day > length {
        return None;
    }
    // counted from a March that four hundred years before the first one keeps above zero
    let year = year + 400 - u32::from(month < 3);
    let days = year * 365 + year / 4 - year / 100 + year / 400 + BEFORE[place] + day;
    Some(i64::from(days) - MARCH)
}

fn two(digits: &[u8]) -> Option<u32> {
    let [tens, ones] = digits else { return None };
    let (tens, ones) = (tens.wrapping_sub(b'0'), ones.wrapping_sub(b'0'));
    (tens < 10 && ones < 10).then(|| u32::from(tens) * 10 + u32::from(ones))
}

fn four(digits: &[u8]) -> Option<u32> {
    Some(two(digits.get(..2)?)? * 100 + two(&digits[2..])?)
}

/// Reads a day as `2026-10-05` or `05.10.2026`.
pub fn parse_day(text: &str) -> Option<NaiveDate> {
    let text = text.trim();
    NaiveDate::parse_from_str(text, "%Y-%m-%d").or_else(|_| NaiveDate::parse_from_str(text, "%d.%m.%Y")).ok()
}

/// As people read it: `31.07.2026` or `31.07.2026 14:05`.
pub fn said_moment(moment: Moment) -> String {
    let (day, printed) = (moment.day(), print_moment(moment));
    printed.replacen(&day.to_string(), &day.format("%d.%m.%Y").to_string(), 1)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_the_calendar() {
        for year in [0, 1, 4, 100, 400, 1899, 1900, 1969, 1970, 2000, 2023, 2024, 2026, 2100, 9999] {
            for (month, day) in (0..=13).flat_map(|month| (0..=32).map(move |day| (month, day))) {
                let known = NaiveDate::from_ymd_opt(year, month, day).map(|day| Moment::from_day(day).days());
                assert_eq!(days(year.cast_unsigned(), month, day), known, "{year}-{month}-{day}");
            }
        }
    }

    #[test]
    fn plain_moments_are_read_and_others_left() {
        let minutes = |text: &str| plain(text.as_bytes()).map(|moment| (moment.minutes, moment.timed));
        assert_eq!(minutes("1970-01-02"), Some((DAY, false)));
        assert_eq!(minutes("02.01.1970 00:01:59"), Some((DAY + 1, true)));
        assert_eq!(minutes("2026-07-31T14:05"), Some((20_665 * DAY + 845, true)));
        assert_eq!(minutes("2026-07-31 00:00"), Some((20_665 * DAY, false)));
        for text in
            ["2026-02-29", "2026-13-01", "2026-00-10", "2026-7-31", "31/07/2026", "2026-07-31 24:00", "2026-07-31 1:05"]
        {
            assert_eq!(minutes(text), None, "{text}");
        }
    }
}
