//! Quarters, their months, and the day as of which a report is made.

use crate::words::failure::{Halt, OrHalt};
use anyhow::{Result, bail};
use chrono::{Datelike, Days, Months, NaiveDate};

/// Quarters as forms print them.
const ROMAN: [&str; 4] = ["i", "ii", "iii", "iv"];
/// Words around the numbers of a period.
const AROUND: [&str; 15] = [
    "й",
    "квартал",
    "квартала",
    "кв",
    "года",
    "год",
    "г",
    "тоқсан",
    "тоқсаны",
    "тоқсанда",
    "жылғы",
    "жыл",
    "жылдың",
    "ж",
    "of",
];

fn roman(word: &str) -> Option<u32> {
    ROMAN.iter().position(|roman| *roman == word).and_then(|place| u32::try_from(place + 1).ok())
}

/// A reporting quarter. Source: Rules, Annexes 1–4, "Frequency: quarterly".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quarter {
    pub year: i32,
    /// 1 to 4.
    pub number: u32,
}

impl Quarter {
    /// Reads a year and a quarter as people write them: `2026Q3`, `2026-Q3`, `3 квартал 2026`, `III квартал 2026 года`,
    /// `2026 ж. 3-тоқсан`.
    ///
    /// # Errors
    /// It is no period.
    pub fn parse(text: &str) -> Result<Self> {
        let bad = || Halt::new("fault_period").with("text", text);
        let folded = text.to_lowercase().replace("quarter", " ").replace('q', " ").replace(['і', 'ι'], "i");
        let (mut year, mut quarter) = (None, None);
        for word in folded.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()) {
            let number: Option<u32> = roman(word).or_else(|| word.parse().ok());
            let place = match number {
                Some(1..=4) => &mut quarter,
                Some(1990..=2200) => &mut year,
                None if AROUND.contains(&word) => continue,
                _ => bail!(bad()),
            };
            if place.is_some() {
                bail!(bad());
            }
            *place = number;
        }
        let (year, number) = year.zip(quarter).or_halt(bad)?;
        Ok(Self { year: year.cast_signed(), number })
    }

    /// First day of the quarter.
    pub fn first(self) -> NaiveDate {
        self.month_start(0)
    }

    /// Last day of the quarter.
    pub fn last(self) -> NaiveDate {
        self.month_end(2)
    }

    /// The day after the quarter ends.
    pub fn day_after(self) -> NaiveDate {
        self.month_start(3)
    }

    /// First day of month `index` (0, 1, 2) of the quarter.
    pub fn month_start(self, index: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(self.year, (self.number - 1) * 3 + 1, 1)
            .and_then(|first| first.checked_add_months(Months::new(index)))
            .unwrap_or(NaiveDate::MAX)
    }

    /// Last day of month `index` (0, 1, 2) of the quarter.
    pub fn month_end(self, index: u32) -> NaiveDate {
        self.month_start(index + 1).checked_sub_days(Days::new(1)).unwrap_or(NaiveDate::MAX)
    }

    /// Which month of the quarter (0, 1, 2) holds the day.
    pub fn month_of(self, day: NaiveDate) -> Option<u32> {
        let months = (day.year() - self.year) * 12 + day.month0().cast_signed() - ((self.number - 1) * 3).cast_signed();
        u32::try_from(months).ok().filter(|index| *index < 3)
    }

    /// Whether month `index` has ended: the as-of date is after its last day (forms.md, D1).
    pub fn month_ended(self, index: u32, as_of: NaiveDate) -> bool {
        as_of > self.month_end(index)
    }

    #[must_use]
    pub fn previous(self) -> Self {
        if self.number == 1 {
            Self { year: self.year - 1, number: 4 }
        } else {
            Self { number: self.number - 1, ..self }
        }
    }

    #[must_use]
    pub fn next(self) -> Self {
        let day = self.day_after();
        Self { year: day.year(), number: day.month0() / 3 + 1 }
    }

    #[must_use]
    pub fn year_before(self) -> Self {
        Self { year: self.year - 1, ..self }
    }
}

impl std::fmt::Display for Quarter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}Q{}", self.year, self.number)
    }
}

/// The quarter and the day as of which it is reported.
#[derive(Debug, Clone, Copy)]
pub struct Period {
    pub quarter: Quarter,
    pub as_of: NaiveDate,
}

impl Period {
    /// The last day whose events the report can know: the end of the quarter or the day before
    /// the as-of date, whichever is earlier (forms.md, row 9).
    pub fn known_until(&self) -> NaiveDate {
        self.quarter.last().min(self.as_of.pred_opt().unwrap_or(self.as_of))
    }

    /// How many months of the quarter have ended, 0 to 3.
    pub fn ended_months(&self) -> u32 {
        (0..3).filter(|index| self.quarter.month_ended(*index, self.as_of)).count().try_into().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_are_read_as_people_write_them() -> Result<()> {
        for text in [
            "2026Q3",
            "2026q3",
            "2026-Q3",
            "3 квартал 2026",
            "3-й кв. 2026 г.",
            "III квартал 2026 года",
            "ІІІ тоқсан 2026",
            "2026 ж. 3-тоқсан",
            "2026 жылғы III тоқсан",
            "Q3 2026",
        ] {
            assert_eq!(Quarter::parse(text)?.to_string(), "2026Q3", "{text}");
        }
        for text in ["", "2026", "Q3", "2026Q5", "2026 3 4", "июль 2026", "3 квартал", "1989Q1", "2026 2027 Q1"]
        {
            assert!(Quarter::parse(text).is_err(), "{text}");
        }
        Ok(())
    }
}
