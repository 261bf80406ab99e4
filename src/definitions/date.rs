//! Dates in TOML files: TOML dates in definitions; people may also write `05.10.2026`.

use crate::values::moment::parse_day;
use chrono::NaiveDate;
use serde::{Deserialize, Deserializer, de::Error};

fn convert<E: Error>(date: toml::value::Datetime) -> Result<NaiveDate, E> {
    let day = date.date.filter(|_| date.time.is_none());
    day.and_then(|day| NaiveDate::from_ymd_opt(day.year.into(), day.month.into(), day.day.into()))
        .ok_or_else(|| E::custom("expected a date such as 2021-07-01"))
}

pub fn required<'de, D: Deserializer<'de>>(source: D) -> Result<NaiveDate, D::Error> {
    convert(toml::value::Datetime::deserialize(source)?)
}

/// A day as a person fills it in, as a TOML date or a text; an empty text is none.
pub fn filled_in<'de, D: Deserializer<'de>>(source: D) -> Result<Option<NaiveDate>, D::Error> {
    match FilledIn::deserialize(source)? {
        FilledIn::Date(date) => convert(date).map(Some),
        FilledIn::Text(text) if text.trim().is_empty() => Ok(None),
        FilledIn::Text(text) => {
            let wrong = || D::Error::custom("expected a date such as 2026-10-05 or 05.10.2026");
            parse_day(&text).map(Some).ok_or_else(wrong)
        }
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum FilledIn {
    Date(toml::value::Datetime),
    Text(String),
}

pub fn optional<'de, D: Deserializer<'de>>(source: D) -> Result<Option<NaiveDate>, D::Error> {
    Option::<toml::value::Datetime>::deserialize(source)?.map(convert).transpose()
}
