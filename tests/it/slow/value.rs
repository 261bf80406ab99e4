//! One cell of an input file: text → typed value (records.md, Sources: "Types").

use super::schema::Kind;
use chrono::{Duration, NaiveDate, NaiveTime};
use unicode_normalization::UnicodeNormalization;

/// A date, with a time to the minute when one was given.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Moment {
    pub day: NaiveDate,
    pub time: Option<NaiveTime>,
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Value {
    /// Also a code of a code list.
    Text(String),
    Int(i64),
    Bool(bool),
    Moment(Moment),
}

/// "Text is trimmed, runs of white space become one space, NFC."
pub fn tidy(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").nfc().collect()
}

/// "Missing: empty, `-`, `–`, `—`."
pub fn is_missing(tidied: &str) -> bool {
    matches!(tidied, "" | "-" | "–" | "—")
}

/// None: the value does not parse, its row is rejected.
pub fn parse(kind: Kind, tidied: &str) -> Option<Value> {
    match kind {
        Kind::Text => Some(Value::Text(tidied.to_string())),
        Kind::Int => integer(tidied).map(Value::Int),
        Kind::Count => integer(tidied).filter(|number| *number >= 1).map(Value::Int),
        Kind::Date => moment(tidied).map(Value::Moment),
        Kind::Bool => match tidied.to_lowercase().as_str() {
            "true" | "1" | "yes" | "да" | "иә" => Some(Value::Bool(true)),
            "false" | "0" | "no" | "нет" | "жоқ" => Some(Value::Bool(false)),
            _ => None,
        },
        Kind::Code(codes) => {
            let code = codes.iter().find(|code| **code == tidied.to_lowercase())?;
            Some(Value::Text((*code).to_string()))
        }
    }
}

fn all_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// "Integers: digits, with spaces or no-break spaces between groups of three."
fn integer(tidied: &str) -> Option<i64> {
    let groups: Vec<&str> = tidied.split([' ', '\u{a0}', '\u{202f}']).collect();
    for (position, group) in groups.iter().enumerate() {
        let length_fits = if groups.len() == 1 {
            true
        } else if position == 0 {
            group.len() <= 3
        } else {
            group.len() == 3
        };
        if !all_digits(group) || !length_fits {
            return None;
        }
    }
    groups.concat().parse().ok()
}

/// "`2026-07-31`, `31.07.2026`, `1.7.2026`, each with an optional time".
fn moment(tidied: &str) -> Option<Moment> {
    match tidied.split_once(['T', ' ']) {
        None => Some(Moment { day: date(tidied)?, time: None }),
        Some((day, time)) => with_time(date(day)?, time),
    }
}

fn date(text: &str) -> Option<NaiveDate> {
    let (year, month, day) = if text.contains('-') {
        let parts: Vec<&str> = text.split('-').collect();
        if parts.len() != 3 || parts[1].len() != 2 || parts[2].len() != 2 {
            return None;
        }
        (parts[0], parts[1], parts[2])
    } else {
        let parts: Vec<&str> = text.split('.').collect();
        if parts.len() != 3 || parts[0].len() > 2 || parts[1].len() > 2 {
            return None;
        }
        (parts[2], parts[1], parts[0])
    };
    if year.len() != 4 || !all_digits(year) || !all_digits(month) || !all_digits(day) {
        return None;
    }
    NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

/// "`HH:MM[:SS[.fff]]`, fractions and seconds are cut off; with `Z` or an offset … UTC+5".
fn with_time(day: NaiveDate, text: &str) -> Option<Moment> {
    let (clock, offset) = split_offset(text)?;
    let parts: Vec<&str> = clock.split(':').collect();
    if parts.len() < 2 || parts.len() > 3 || parts[0].len() != 2 || parts[1].len() != 2 {
        return None;
    }
    if !all_digits(parts[0]) || !all_digits(parts[1]) {
        return None;
    }
    if parts.len() == 3 {
        let (seconds, fraction) = parts[2].split_once('.').unwrap_or((parts[2], "0"));
        if seconds.len() != 2 || !all_digits(seconds) || !all_digits(fraction) {
            return None;
        }
        if seconds.parse::<u32>().ok()? > 59 {
            return None;
        }
    }
    let time = NaiveTime::from_hms_opt(parts[0].parse().ok()?, parts[1].parse().ok()?, 0)?;
    // "midnight written out …, without an offset or with +05, is a day without a time"
    let is_midnight = clock.chars().filter(char::is_ascii_digit).all(|digit| digit == '0');
    if is_midnight && offset.is_none_or(|minutes| minutes == 5 * 60) {
        return Some(Moment { day, time: None });
    }
    let Some(offset_minutes) = offset else {
        return Some(Moment { day, time: Some(time) });
    };
    let local = day.and_time(time).checked_add_signed(Duration::minutes(5 * 60 - offset_minutes))?;
    Some(Moment { day: local.date(), time: Some(local.time()) })
}

/// The clock, and the offset from UTC in minutes when one is written.
fn split_offset(text: &str) -> Option<(&str, Option<i64>)> {
    if let Some(clock) = text.strip_suffix('Z') {
        return Some((clock.trim_end(), Some(0)));
    }
    let Some(position) = text.find(['+', '-']) else {
        return Some((text, None));
    };
    let (clock, offset) = text.split_at(position);
    let sign = if offset.starts_with('-') { -1 } else { 1 };
    let (hours, minutes) = offset[1..].split_once(':').unwrap_or((&offset[1..], "00"));
    if hours.len() != 2 || minutes.len() != 2 || !all_digits(hours) || !all_digits(minutes) {
        return None;
    }
    let minutes: i64 = hours.parse::<i64>().ok()? * 60 + minutes.parse::<i64>().ok()?;
    Some((clock.trim_end(), Some(sign * minutes)))
}
