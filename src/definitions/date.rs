//! Dates in definition files are TOML dates.

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

pub fn optional<'de, D: Deserializer<'de>>(source: D) -> Result<Option<NaiveDate>, D::Error> {
    Option::<toml::value::Datetime>::deserialize(source)?.map(convert).transpose()
}
