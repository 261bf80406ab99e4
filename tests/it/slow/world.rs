//! Everything one form is counted from: the tables, the period, and what follows for each record.

use super::deadline::{complaint_violated_on, due, is_late};
use super::identity::Who;
use super::read::{Row, Tables, read_dir};
use super::value::Moment;
use chrono::NaiveDate;
use std::path::Path;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Month {
    pub first: NaiveDate,
    pub last: NaiveDate,
}

impl Month {
    pub fn has(&self, day: Option<NaiveDate>) -> bool {
        day.is_some_and(|day| self.first <= day && day <= self.last)
    }
}

/// A result issued: a rendered or refused service (forms.md, Month of a record: "result issued").
pub struct Outcome {
    pub row: Row,
    pub issued: Moment,
    pub is_refusal: bool,
    pub is_late: bool,
}

impl Outcome {
    pub fn channel(&self) -> &str {
        self.row.text("channel").unwrap_or_default()
    }
    pub fn service(&self) -> Option<&Who> {
        self.row.service.as_ref()
    }
}

/// A complaint and the day that decides the month of its violated deadline.
pub struct Complaint {
    pub row: Row,
    pub violated_on: Option<NaiveDate>,
}

pub struct World {
    pub tables: Tables,
    pub months: [Month; 3],
    pub as_of: NaiveDate,
    pub outcomes: Vec<Outcome>,
    pub complaints: Vec<Complaint>,
}

impl World {
    pub fn new(dir: &Path, form: &str, period: &str, as_of: NaiveDate) -> World {
        let tables = read_dir(dir, form);
        let mut outcomes = Vec::new();
        for row in &tables["services"].rows {
            // records.md, `outcome`: "default rendered when `completed_at` is given, in_progress otherwise;
            // in_progress with `completed_at`: not counted".
            let Some(issued) = row.moment("completed_at") else { continue };
            let outcome = row.text("outcome").unwrap_or("rendered");
            if outcome != "in_progress" {
                outcomes.push(outcome_of(&tables, row, issued, outcome == "refused"));
            }
        }
        for row in &tables["refusals"].rows {
            let issued = row.moment("refused_at").expect("refused_at is required");
            outcomes.push(outcome_of(&tables, row, issued, true));
        }
        let complaints = tables["complaints"].rows.iter();
        let complaints = complaints
            .map(|row| Complaint { row: row.clone(), violated_on: complaint_violated_on(row, as_of) })
            .collect();
        World { months: months(period), as_of, outcomes, complaints, tables }
    }

    /// D1: "A month has ended when the as-of date is after its last day."
    pub fn has_ended(&self, month: Month) -> bool {
        self.as_of > month.last
    }

    pub fn handed_over(&self, table: &str) -> bool {
        self.tables[table].handed_over
    }

    /// D1: "`refusals`, or `services` with an `outcome` column".
    pub fn refusals_handed_over(&self) -> bool {
        self.handed_over("refusals")
            || (self.handed_over("services") && self.tables["services"].columns.contains("outcome"))
    }

    pub fn rows(&self, table: &str) -> &[Row] {
        &self.tables[table].rows
    }

    /// The day a row's event counts by, None if it is unknown or not finished by the as-of date (D4).
    pub fn event_day(&self, row: &Row) -> Option<NaiveDate> {
        let event = self.rows("control_events").iter().find(|event| event.text("event_id") == row.text("event_id"))?;
        let finished = event.day("finished_on")?;
        if finished <= self.as_of { Some(finished) } else { None }
    }
}

fn outcome_of(tables: &Tables, row: &Row, issued: Moment, is_refusal: bool) -> Outcome {
    let is_late = due(tables, row).is_some_and(|due| is_late(issued, due));
    Outcome { row: row.clone(), issued, is_refusal, is_late }
}

/// The three months of "2026Q3".
pub fn months(period: &str) -> [Month; 3] {
    let (year, quarter) = period.split_once('Q').expect("a period such as 2026Q3");
    let year: i32 = year.parse().expect("a year");
    let quarter: u32 = quarter.parse().expect("a quarter");
    [1, 2, 3].map(|number| {
        let month = (quarter - 1) * 3 + number;
        let first = NaiveDate::from_ymd_opt(year, month, 1).expect("a month");
        let next = if month == 12 {
            NaiveDate::from_ymd_opt(year + 1, 1, 1)
        } else {
            NaiveDate::from_ymd_opt(year, month + 1, 1)
        };
        Month { first, last: next.and_then(|day| day.pred_opt()).expect("a last day") }
    })
}
