//! Working days of the five-day week. Data in `schemas/calendar/YYYY.toml`; source: calendar.md.

use crate::words::lang::Text;
use anyhow::{Result, ensure};
use chrono::{Datelike, Days, NaiveDate, Weekday};
use serde::Deserialize;
use std::collections::BTreeMap;

/// One year's days that break the pattern of the week, with control totals.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Year {
    pub year: i32,
    pub working_days: u32,
    pub days_off: u32,
    pub status: String,
    #[serde(rename = "day")]
    pub days: Vec<Day>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Day {
    #[serde(deserialize_with = "crate::definitions::date::required")]
    pub date: NaiveDate,
    pub kind: DayKind,
    pub name: Text,
    pub basis: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DayKind {
    /// A weekday that is not worked.
    Off,
    /// A Saturday or Sunday that is worked.
    Working,
}

/// A date outside the years of the calendar: an error, never a guess.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BeyondCalendar(pub NaiveDate);

/// The working-day calendar.
#[derive(Debug, Clone)]
pub struct Calendar {
    days: BTreeMap<NaiveDate, Day>,
    /// `(first, last)` known day.
    span: (NaiveDate, NaiveDate),
    /// For each day from the first known: working days up to and including it.
    count: Vec<u32>,
}

impl Calendar {
    /// Builds the calendar and proves each year's control totals.
    pub fn new(years: &[Year]) -> Result<Self> {
        let mut days = BTreeMap::new();
        for day in years.iter().flat_map(|year| &year.days) {
            let weekend = matches!(day.date.weekday(), Weekday::Sat | Weekday::Sun);
            ensure!(weekend == (day.kind == DayKind::Working), "calendar: {} breaks no pattern", day.date);
            ensure!(days.insert(day.date, day.clone()).is_none(), "calendar: {} stands twice", day.date);
        }
        let bound = |year: Option<i32>, month, day| year.and_then(|year| NaiveDate::from_ymd_opt(year, month, day));
        let first = bound(years.iter().map(|year| year.year).min(), 1, 1);
        let last = bound(years.iter().map(|year| year.year).max(), 12, 31);
        let (Some(first), Some(last)) = (first, last) else { anyhow::bail!("calendar: no years") };
        ensure!(i32::try_from(years.len()) == Ok(last.year() - first.year() + 1), "calendar: a year is missing");
        let mut calendar = Self { days, span: (first, last), count: Vec::new() };
        let mut working = 0;
        calendar.count = first
            .iter_days()
            .take_while(|day| *day <= last)
            .map(|day| {
                working += u32::from(calendar.is_exactly_working(day));
                working
            })
            .collect();
        for year in years {
            let (from, to) = (bound(Some(year.year), 1, 1), bound(Some(year.year), 12, 31));
            let all = || first.iter_days().filter(|day| Some(*day) >= from).take_while(|day| Some(*day) <= to);
            let found = all().filter(|day| calendar.is_exactly_working(*day)).count();
            ensure!(
                u32::try_from(found) == Ok(year.working_days),
                "calendar {}: {found} working days, control total {}",
                year.year,
                year.working_days
            );
            ensure!(
                u32::try_from(all().count() - found) == Ok(year.days_off),
                "calendar {}: control total of days off",
                year.year
            );
        }
        Ok(calendar)
    }

    fn is_exactly_working(&self, day: NaiveDate) -> bool {
        match self.days.get(&day) {
            Some(day) => day.kind == DayKind::Working,
            None => !matches!(day.weekday(), Weekday::Sat | Weekday::Sun),
        }
    }

    fn index(&self, day: NaiveDate) -> Result<usize, BeyondCalendar> {
        if day < self.span.0 || day > self.span.1 {
            return Err(BeyondCalendar(day));
        }
        usize::try_from((day - self.span.0).num_days()).map_err(|_| BeyondCalendar(day))
    }

    /// First and last day that the calendar knows.
    pub fn span(&self) -> (NaiveDate, NaiveDate) {
        self.span
    }

    pub fn is_working(&self, day: NaiveDate) -> Result<bool, BeyondCalendar> {
        self.index(day).map(|_| self.is_exactly_working(day))
    }

    /// The day's own entry, if it breaks the pattern of the week.
    pub fn exception(&self, day: NaiveDate) -> Option<&Day> {
        self.days.get(&day)
    }

    /// All exceptions of a year.
    pub fn year(&self, year: i32) -> impl Iterator<Item = &Day> {
        self.days.values().filter(move |day| day.date.year() == year)
    }

    /// The `working`-th working day after `day` (1: the next one). Source: forms.md, D5.
    pub fn add_working_days(&self, day: NaiveDate, working: u32) -> Result<NaiveDate, BeyondCalendar> {
        // Only days after `day` are asked of the calendar, so the eve of its first day will do.
        let eve = day.succ_opt() == Some(self.span.0);
        let target = if eve { 0 } else { self.count[self.index(day)?] } + working;
        let position = self.count.partition_point(|count| *count < target);
        let found = self.span.0.checked_add_days(Days::new(position as u64));
        found.filter(|found| *found <= self.span.1).ok_or(BeyondCalendar(self.span.1))
    }

    /// The day itself if it is worked, else the next working day. Source: forms.md, D9.
    pub fn on_or_after(&self, day: NaiveDate) -> Result<NaiveDate, BeyondCalendar> {
        if self.is_working(day)? { Ok(day) } else { self.add_working_days(day, 1) }
    }

    /// Working days after `from`, up to and including `to`; 0 when `to` is not after `from`.
    pub fn working_days_between(&self, from: NaiveDate, to: NaiveDate) -> Result<u32, BeyondCalendar> {
        Ok(self.count[self.index(to)?].saturating_sub(self.count[self.index(from)?]))
    }
}
