//! The small tables that the text joins, as CSV: days, minutes, spellings, the register's terms.

use crate::facts::deadline::TermUnit;
use crate::sql::letters::{LOWER, UPPER};
use crate::sql::literal::is_safe;
use crate::sql::plan::Plan;
use crate::values::moment::{DAY, Moment};
use anyhow::Result;
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// Whole numbers that the text knows; a record with a larger one goes to the rest.
const NUMBERS: u32 = 9_999;
/// The list of numbers among the spellings.
pub const NUMBER: &str = "number";

/// A small table: its name, its columns with their kind, its rows.
#[derive(Debug)]
pub struct SmallTable {
    pub name: &'static str,
    /// Column, and whether it is a whole number.
    pub columns: &'static [(&'static str, bool)],
    pub rows: Vec<Vec<String>>,
}

impl SmallTable {
    /// The table as CSV.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn csv(&self) -> Result<Vec<u8>> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(self.columns.iter().map(|(name, _)| name))?;
        for row in &self.rows {
            writer.write_record(row)?;
        }
        Ok(writer.into_inner()?)
    }
}

impl Plan<'_> {
    /// All small tables, in the order in which runners load them.
    pub fn small_tables(&self) -> [SmallTable; 5] {
        [self.calendar(), clock(), self.spelled(), self.registered(), self.asked_for()]
    }

    /// Days in both spellings, and in short ones where a mapping says so; days off have the next working day. Source: calendar.md.
    fn calendar(&self) -> SmallTable {
        let calendar = &self.definitions.calendar;
        let (first, last) = calendar.span();
        let mut rows = Vec::new();
        for day in first.iter_days().take_while(|day| *day <= last) {
            let Ok(working) = calendar.is_working(day) else { continue };
            let number = calendar.working_days_between(first, day).unwrap_or_default();
            let next = calendar.on_or_after(day).map(|next| number_of(next).to_string()).unwrap_or_default();
            let short = [("%d.%m.%y", "0"), ("%d,%m,%Y", "0")].into_iter().filter(|_| self.has_short_days());
            for (format, iso) in [("%Y-%m-%d", "1"), ("%d.%m.%Y", "0")].into_iter().chain(short) {
                rows.push(vec![
                    day.format(format).to_string(),
                    iso.to_owned(),
                    number_of(day).to_string(),
                    u8::from(working).to_string(),
                    number.to_string(),
                    next.clone(),
                ]);
            }
        }
        let columns = &[
            ("day", false),
            ("iso", true),
            ("day_no", true),
            ("is_working", true),
            ("working_no", true),
            ("on_or_after", true),
        ];
        SmallTable { name: "calendar", columns, rows }
    }

    /// Spellings of codes as they are listed, in small letters and in capitals; and whole numbers.
    fn spelled(&self) -> SmallTable {
        let mut met: BTreeMap<(String, String), (String, String, String)> = BTreeMap::new();
        let used = self.fields().into_iter().filter_map(|field| field.field.list.as_deref());
        for list in used.filter_map(|list| self.definitions.codelist(list)) {
            let further = self.spellings.iter().filter(|(of, ..)| *of == list.list).map(|(_, spelling, _)| spelling);
            let of_codes =
                list.codes.iter().flat_map(|code| code.label.all().iter().chain([&code.code]).chain(&code.also));
            let folded = list.spellings().into_keys().map(str::to_owned);
            let all: Vec<String> = of_codes.chain(further).cloned().chain(folded).collect();
            for spelling in all.iter().flat_map(|spelling| in_cases(spelling)) {
                let Some(position) = list.find(&spelling).filter(|_| is_safe(&spelling)) else { continue };
                let code = &list.codes[position];
                let parent = code.parent.as_ref().unwrap_or(&code.code);
                let entry = (code.code.clone(), parent.clone(), position.to_string());
                met.insert((list.list.clone(), spelling), entry);
            }
        }
        for number in 0..=NUMBERS {
            let number = number.to_string();
            met.insert((NUMBER.to_owned(), number.clone()), (number.clone(), number.clone(), number));
        }
        let rows = met
            .into_iter()
            .map(|((kind, spelling), (code, parent, amount))| vec![kind, spelling, code, parent, amount]);
        let columns = &[("kind", false), ("spelling", false), ("code", false), ("parent", false), ("amount", true)];
        SmallTable { name: "spellings", columns, rows: rows.collect() }
    }

    /// Ids of records that the authorised bodies ask for.
    fn asked_for(&self) -> SmallTable {
        let rows = self.asked.iter().map(|id| vec![id.clone()]);
        SmallTable { name: "asked", columns: &[("id", false)], rows: rows.collect() }
    }

    /// Spans of days in which a code has one term; a term of no unit: rows of the register differ.
    fn registered(&self) -> SmallTable {
        let (from, to) = self.definitions.calendar.span();
        let rows = self.terms.iter().filter(|span| is_safe(&span.code)).map(|span| {
            let unit = span.term.map_or("", |term| code_of(term.unit)).to_owned();
            vec![
                span.code.clone(),
                number_of(span.first.max(from)).to_string(),
                number_of(span.last.min(to)).to_string(),
                span.term.map_or(0, |term| term.value).to_string(),
                if unit.is_empty() { "unclear".to_owned() } else { unit },
            ]
        });
        let columns = &[("code", false), ("first_no", true), ("last_no", true), ("amount", true), ("kind", false)];
        SmallTable { name: "register", columns, rows: rows.collect() }
    }
}

/// The 1,440 minutes of a day.
fn clock() -> SmallTable {
    let rows = (0..DAY).map(|minute| vec![format!("{:02}:{:02}", minute / 60, minute % 60), minute.to_string()]);
    SmallTable { name: "clock", columns: &[("clock", false), ("minute_no", true)], rows: rows.collect() }
}

/// Days since 1970-01-01.
pub fn number_of(day: NaiveDate) -> i64 {
    Moment::from_day(day).minutes / DAY
}

/// The code of a unit of terms.
fn code_of(unit: TermUnit) -> &'static str {
    match unit {
        TermUnit::WorkingDays => "working_days",
        TermUnit::CalendarDays => "calendar_days",
        TermUnit::Hours => "hours",
        TermUnit::Minutes => "minutes",
    }
}

/// A spelling as it stands, in small letters, in capitals, and with a capital at its beginning.
fn in_cases(spelling: &str) -> [String; 4] {
    let mapped = |from: &str, to: &str| -> String {
        let other = |letter| from.chars().position(|known| known == letter).and_then(|at| to.chars().nth(at));
        spelling.chars().map(|letter| other(letter).unwrap_or(letter)).collect()
    };
    let (lower, upper) = (mapped(UPPER, LOWER), mapped(LOWER, UPPER));
    let begun: String = upper.chars().take(1).chain(lower.chars().skip(1)).collect();
    [spelling.to_owned(), lower, upper, begun]
}
