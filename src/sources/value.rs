//! Cells of workbooks as they are held until their row is complete.

use crate::definitions::marks::marks;
use crate::sources::number_format::SeenNumber;
use crate::sources::raw::Raw;
use crate::sources::shown::ShownNumbers;
use calamine::{CellErrorType, Data, DataRef, ExcelDateTime};
use chrono::{NaiveDate, NaiveDateTime, Timelike};
use std::borrow::Cow;

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value<'a> {
    Text(Cow<'a, str>),
    Integer(i64),
    Number(f64),
    Boolean(bool),
    Moment { minutes: i64, timed: bool },
    Error(&'static str),
    Uncached(String),
}

impl Value<'_> {
    /// The value apart from what it was read from.
    pub fn into_owned(self) -> Value<'static> {
        match self {
            Self::Text(text) => Value::Text(text.into_owned().into()),
            Self::Integer(number) => Value::Integer(number),
            Self::Number(number) => Value::Number(number),
            Self::Boolean(flag) => Value::Boolean(flag),
            Self::Moment { minutes, timed } => Value::Moment { minutes, timed },
            Self::Error(error) => Value::Error(error),
            Self::Uncached(formula) => Value::Uncached(formula),
        }
    }

    pub fn raw(&self) -> Raw<'_> {
        match self {
            Self::Text(text) => Raw::Text(text),
            Self::Integer(number) => Raw::Integer(*number),
            Self::Number(number) => Raw::Number(*number),
            Self::Boolean(flag) => Raw::Boolean(*flag),
            Self::Moment { minutes, timed } => Raw::Moment { minutes: *minutes, timed: *timed },
            Self::Error(error) => Raw::Error(error),
            Self::Uncached(formula) => Raw::Uncached(formula),
        }
    }
}

/// A cell of an XLSX.
pub(crate) fn streamed(value: DataRef<'_>, is_1904: bool) -> Option<Value<'_>> {
    Some(match value {
        DataRef::Empty => return None,
        DataRef::SharedString(text) => Value::Text(text.into()),
        DataRef::String(text) | DataRef::DurationIso(text) => Value::Text(text.into()),
        DataRef::DateTimeIso(text) => iso(text.into()),
        DataRef::Int(number) => Value::Integer(number),
        DataRef::Float(number) => number_or_whole(number),
        DataRef::Bool(flag) => Value::Boolean(flag),
        DataRef::DateTime(moment) => serial(moment, is_1904),
        DataRef::Error(error) => Value::Error(error_text(&error)),
    })
}

/// A cell of an XLS or ODS; ODS has its errors as texts.
pub(crate) fn stored(value: &Data, is_1904: bool) -> Option<Value<'_>> {
    Some(match value {
        Data::Empty => return None,
        Data::String(text) => marks().error(text).map_or(Value::Text(text.into()), Value::Error),
        Data::DurationIso(text) => Value::Text(text.into()),
        Data::DateTimeIso(text) => iso(text.into()),
        Data::Int(number) => Value::Integer(*number),
        Data::Float(number) => number_or_whole(*number),
        Data::Bool(flag) => Value::Boolean(*flag),
        Data::DateTime(moment) => serial(*moment, is_1904),
        Data::Error(error) => Value::Error(error_text(error)),
    })
}

/// A number as the sheet shows it, where that is another one, or one with zeros before it; row and column from 0.
pub(crate) fn shown<'v>(value: Value<'v>, shown: &ShownNumbers, place: (u32, u32)) -> Value<'v> {
    match seen(&value, shown, place) {
        Some(SeenNumber::Other(text) | SeenNumber::Padded(text)) => Value::Text(text.into()),
        None => value,
    }
}

/// What the sheet shows in place of a number.
pub(crate) fn seen(value: &Value<'_>, shown: &ShownNumbers, place: (u32, u32)) -> Option<SeenNumber> {
    if shown.is_empty() {
        return None;
    }
    match value {
        #[allow(clippy::cast_precision_loss)] // within the range in which a float is exact
        Value::Integer(number) => shown.seen(place, *number as f64),
        Value::Number(number) => shown.seen(place, *number),
        _ => None,
    }
}

fn number_or_whole(number: f64) -> Value<'static> {
    // within the range in which a float is exact
    #[allow(clippy::cast_possible_truncation)]
    if number.fract() == 0.0 && number.abs() < 9e15 { Value::Integer(number as i64) } else { Value::Number(number) }
}

/// 1970-01-01 in both date systems. The first one holds a day that never was, 1900-02-29.
const EPOCH_1900: i64 = 25_569;
const EPOCH_1904: i64 = 24_107;
/// 9999-12-31, the last day a spreadsheet knows.
const LAST: f64 = 2_958_466.0;
const DAY_SECONDS: f64 = 86_400.0;

/// Rounded to the nearest second, then seconds are cut (records.md, Types). A day without a fraction has no time.
fn serial(moment: ExcelDateTime, is_1904: bool) -> Value<'static> {
    let serial = moment.as_f64();
    if !(0.0..LAST).contains(&serial) {
        return number_or_whole(serial);
    }
    let (day, fraction) = (serial.floor(), serial.fract());
    #[allow(clippy::cast_possible_truncation)] // both are whole and small
    let (day, seconds) = (day as i64, (fraction * DAY_SECONDS).round() as i64);
    // a time of no day, or a length of time, is no date: it is shown as the sheet shows it
    if moment.is_duration() || day == 0 {
        let seconds = day * 86_400 + seconds;
        return Value::Text(format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60).into());
    }
    let day = match (is_1904, day) {
        (true, day) => day - EPOCH_1904,
        (false, 1..=59) => day + 1 - EPOCH_1900,
        (false, day) => day - EPOCH_1900,
    };
    Value::Moment { minutes: day * 1440 + seconds.div_euclid(60), timed: fraction != 0.0 }
}

/// `2026-07-31` or `2026-07-31T10:15:30`; what is neither stays text.
fn iso(text: Cow<'_, str>) -> Value<'_> {
    let midnight = || NaiveDate::parse_from_str(&text, "%Y-%m-%d").ok().and_then(|day| day.and_hms_opt(0, 0, 0));
    let time = || NaiveDateTime::parse_from_str(&text, "%Y-%m-%dT%H:%M:%S%.f").ok();
    let Some(moment) = midnight().or_else(time) else { return Value::Text(text) };
    let utc = moment.and_utc();
    let seconds = utc.timestamp() + i64::from(utc.timestamp_subsec_millis() >= 500);
    Value::Moment {
        minutes: seconds.div_euclid(60),
        timed: moment.num_seconds_from_midnight() != 0 || moment.nanosecond() != 0,
    }
}

fn error_text(error: &CellErrorType) -> &'static str {
    match error {
        CellErrorType::Div0 => "#DIV/0!",
        CellErrorType::NA => "#N/A",
        CellErrorType::Name => "#NAME?",
        CellErrorType::Null => "#NULL!",
        CellErrorType::Num => "#NUM!",
        CellErrorType::Ref => "#REF!",
        CellErrorType::Value => "#VALUE!",
        CellErrorType::GettingData => "#GETTING_DATA",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use calamine::ExcelDateTimeType::{DateTime, TimeDelta};

    #[test]
    fn days_and_times_of_both_systems() {
        let days = |year, month, day| {
            NaiveDate::from_ymd_opt(year, month, day)
                .and_then(|day| day.and_hms_opt(0, 0, 0))
                .map_or(0, |day| day.and_utc().timestamp() / 60)
        };
        let july = days(2026, 7, 31);
        for (value, is_1904, expected) in [
            (46_234.0, false, Value::Moment { minutes: july, timed: false }),
            (44_772.0, true, Value::Moment { minutes: july, timed: false }),
            (46_234.5, false, Value::Moment { minutes: july + 720, timed: true }),
            // 09:00 typed as 0.375 and 09:00 computed a hair below
            (46_234.374_999_99, false, Value::Moment { minutes: july + 540, timed: true }),
            (46_234.0 + 59.4 / DAY_SECONDS, false, Value::Moment { minutes: july, timed: true }),
            (46_234.999_999_9, false, Value::Moment { minutes: july + 1440, timed: true }),
            (1.0, false, Value::Moment { minutes: days(1900, 1, 1), timed: false }),
            (61.0, false, Value::Moment { minutes: days(1900, 3, 1), timed: false }),
            (0.5, false, Value::Text("12:00:00".into())),
            (-1.0, false, Value::Integer(-1)),
            (1e300, false, Value::Number(1e300)),
        ] {
            assert_eq!(serial(ExcelDateTime::new(value, DateTime, is_1904), is_1904), expected, "{value}");
        }
        assert_eq!(serial(ExcelDateTime::new(1.5, TimeDelta, false), false), Value::Text("36:00:00".into()));
        for (text, expected) in [
            ("2026-07-31", Value::Moment { minutes: july, timed: false }),
            ("2026-07-31T00:00:00", Value::Moment { minutes: july, timed: false }),
            ("2026-07-31T08:59:59.7", Value::Moment { minutes: july + 540, timed: true }),
            ("31.07.2026", Value::Text("31.07.2026".into())),
        ] {
            assert_eq!(iso(text.into()), expected, "{text}");
        }
    }
}
