//! Days that records may have. Data in `schemas/dates.toml`.

use crate::values::moment::Moment;
use chrono::{Months, NaiveDate};
use serde::Deserialize;
use std::ops::Range;

/// The first day, and how far ahead of the period the last one is.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plausible {
    #[serde(deserialize_with = "crate::definitions::date::required")]
    earliest: NaiveDate,
    years_ahead: u32,
}

impl Plausible {
    /// Minutes of the moments that a record of a period may have; `end`: last day of the period.
    pub fn minutes(&self, end: NaiveDate) -> Range<i64> {
        let last = end.checked_add_months(Months::new(12 * self.years_ahead)).unwrap_or(NaiveDate::MAX);
        let day = |day: NaiveDate| Moment::from_day(day).minutes;
        day(self.earliest)..day(last.succ_opt().unwrap_or(last))
    }
}
