//! Working days of Kazakhstan, five-day week (calendar.md, calendar_days.json).

use chrono::{Datelike, NaiveDate, Weekday};
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// Years the calendar knows (calendar.md: "2016–2027").
pub const FIRST_YEAR: i32 = 2016;
pub const LAST_YEAR: i32 = 2027;

/// "O" = weekday off, "W" = working Saturday or Sunday.
pub fn exceptions() -> &'static BTreeMap<NaiveDate, String> {
    static DAYS: OnceLock<BTreeMap<NaiveDate, String>> = OnceLock::new();
    DAYS.get_or_init(|| {
        let text: BTreeMap<String, String> =
            serde_json::from_str(include_str!("calendar_days.json")).expect("calendar_days.json");
        text.into_iter().map(|(day, mark)| (day.parse().expect("a day of calendar_days.json"), mark)).collect()
    })
}

/// None: the date is outside the known years (forms.md, Deadlines: "an error, never a guess").
pub fn is_working(day: NaiveDate) -> Option<bool> {
    if day.year() < FIRST_YEAR || day.year() > LAST_YEAR {
        return None;
    }
    match exceptions().get(&day).map(String::as_str) {
        Some("O") => Some(false),
        Some("W") => Some(true),
        Some(other) => panic!("unknown mark {other} in calendar_days.json"),
        None => Some(!matches!(day.weekday(), Weekday::Sat | Weekday::Sun)),
    }
}

/// The `count`-th working day after `start`; `start` itself is not counted (forms.md, D5).
pub fn working_days_after(start: NaiveDate, count: i64) -> Option<NaiveDate> {
    let mut day = start;
    let mut counted = 0;
    while counted < count {
        day = day.succ_opt()?;
        if is_working(day)? {
            counted += 1;
        }
    }
    Some(day)
}

/// `start` plus `count` calendar days, moved on to a working day (forms.md, D5 and D9).
pub fn calendar_days_after(start: NaiveDate, count: i64) -> Option<NaiveDate> {
    let mut day = start.checked_add_days(chrono::Days::new(u64::try_from(count).ok()?))?;
    while !is_working(day)? {
        day = day.succ_opt()?;
    }
    Some(day)
}
