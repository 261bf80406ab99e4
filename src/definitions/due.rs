//! Due dates of reports: the date of the Rules, and the next working day beside it. Nothing is moved silently.

use crate::definitions::all::Definitions;
use crate::definitions::deadline::Deadline;
use crate::definitions::form::Form;
use crate::values::period::Quarter;
use crate::words::lang::{Lang, Text};
use anyhow::Result;
use chrono::{Datelike, Days, NaiveDate, Weekday};

/// One report that is due.
#[derive(Debug, Clone)]
pub struct Due<'d> {
    pub deadline: &'d Deadline,
    /// Absent for a paper that is no form.
    pub form: Option<&'d Form>,
    pub quarter: Quarter,
    /// As the Rules say.
    pub date: NaiveDate,
    pub day: DayOfDue,
}

/// What the calendar knows of the date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DayOfDue {
    Working,
    /// A day off with its name, and the next working day where the calendar reaches so far.
    Off {
        name: Text,
        next: Option<NaiveDate>,
    },
    /// The date lies outside the years of the calendar.
    Unknown,
}

/// What is due in the quarter after `quarter`, for one role or for all, by date; `role` may be that of an organisation
/// file, too.
///
/// # Errors
/// A form of the deadlines has no edition in force in the quarter.
pub fn dues<'d>(definitions: &'d Definitions, quarter: Quarter, role: Option<&str>) -> Result<Vec<Due<'d>>> {
    let mut dues = Vec::new();
    let is_of = |deadline: &&Deadline| role.is_none_or(|role| deadline.role == role || deadline.is_of(role));
    for deadline in definitions.deadlines.iter().filter(is_of) {
        if let Some(paper) = &deadline.paper {
            let date = NaiveDate::from_ymd_opt(quarter.day_after().year(), paper.month, paper.day);
            let next = quarter.next();
            if let Some(date) = date.filter(|date| next.month_of(*date).is_some()) {
                dues.push(Due { deadline, form: None, quarter, date, day: day_of(definitions, date) });
            }
        }
        for name in &deadline.forms {
            let form = definitions.form(name, quarter)?;
            dues.push(due(definitions, deadline, form, quarter));
        }
    }
    dues.sort_by(|a, b| (a.date, a.id()).cmp(&(b.date, b.id())));
    Ok(dues)
}

/// When units send a form to the body that consolidates it; `None` where the Rules say nothing.
pub fn of_units<'d>(definitions: &'d Definitions, form: &'d Form, quarter: Quarter) -> Option<Due<'d>> {
    let deadline = definitions.deadlines.iter().find(|known| known.of_units && known.forms.contains(&form.form))?;
    Some(due(definitions, deadline, form, quarter))
}

fn due<'d>(definitions: &'d Definitions, deadline: &'d Deadline, form: &'d Form, quarter: Quarter) -> Due<'d> {
    let day = deadline.day.unwrap_or(form.deadline_day);
    let date = quarter.day_after().checked_add_days(Days::new(u64::from(day.max(1)) - 1)).unwrap_or(NaiveDate::MAX);
    Due { deadline, form: Some(form), quarter, date, day: day_of(definitions, date) }
}

fn day_of(definitions: &Definitions, date: NaiveDate) -> DayOfDue {
    match definitions.calendar.is_working(date) {
        Err(_) => DayOfDue::Unknown,
        Ok(true) => DayOfDue::Working,
        Ok(false) => {
            let weekday = if date.weekday() == Weekday::Sat { "saturday" } else { "sunday" };
            let exception = definitions.calendar.exception(date).map(|day| day.name.clone());
            let name = exception.unwrap_or_else(|| definitions.words(weekday).clone());
            DayOfDue::Off { name, next: definitions.calendar.on_or_after(date).ok() }
        }
    }
}

impl Due<'_> {
    /// Days from `as_of` to the date; negative when it has passed.
    pub fn days_left(&self, as_of: NaiveDate) -> i64 {
        (self.date - as_of).num_days()
    }

    /// Place in the Rules.
    pub fn basis(&self) -> &str {
        let own = self.form.filter(|_| self.deadline.day.is_none()).map(|form| form.deadline_basis.as_str());
        own.unwrap_or(&self.deadline.basis)
    }

    /// The form, or the name of the paper in the definitions.
    pub fn id(&self) -> &str {
        let paper = || self.deadline.paper.as_ref().map_or("", |paper| paper.id.as_str());
        self.form.map_or_else(paper, |form| form.form.as_str())
    }

    /// The index of the form with its quarter, or the paper with the year that it is for.
    pub fn title(&self, definitions: &Definitions) -> Text {
        let year = [("year".to_owned(), (self.date.year() + 1).to_string())];
        let paper = || self.deadline.paper.as_ref().map(|paper| paper.label.fill(&year));
        let period = definitions.printed.period(self.quarter);
        let indexed = |form: &Form| Text::by(|lang| format!("{}  {}", form.index.get(lang), period.get(lang)));
        self.form.map(indexed).or_else(paper).unwrap_or_default()
    }

    /// The basis in words.
    pub fn cited(&self, definitions: &Definitions) -> Text {
        definitions.citations.say(self.basis())
    }

    /// What the calendar says of the date, in words.
    pub fn remark(&self, definitions: &Definitions) -> Option<Text> {
        let slot = |name: &str, value: String| (name.to_owned(), value);
        match &self.day {
            DayOfDue::Working => None,
            DayOfDue::Unknown => Some(definitions.words("due_unknown").clone()),
            DayOfDue::Off { name, next } => {
                let next = next.map_or_else(|| "?".to_owned(), |day| day.format("%d.%m.%Y").to_string());
                let named = Lang::ALL.map(|lang| slot(lang.code(), name.get(lang).to_owned()));
                let slots: Vec<_> = named.into_iter().chain([slot("next", next)]).collect();
                Some(definitions.words("due_off").fill(&slots))
            }
        }
    }
}
