//! `deadlines`: who must send what by when, and a calendar file on request.

use crate::body::organisation::FilerRole;
use crate::commands::args::day::day;
use crate::commands::out::spoken::Spoken;
use crate::commands::out::status::{Misuse, misuse};
use crate::commands::out::terminal::{answer, answer_program};
use crate::commands::parts::body;
use crate::definitions::Definitions;
use crate::definitions::due::{DayOfDue, Due, dues};
use crate::render;
use crate::values::period::Quarter;
use crate::words::failure::{Halt, OrHalt};
use crate::words::lang::{Lang, nearest};
use anyhow::{Context, Result, bail, ensure};
use chrono::{Datelike, Days, NaiveDate};
use clap::Args;
use serde::Serialize;
use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

/// `deadlines`: whose, and of when.
#[derive(Debug, Clone, Default, Args)]
pub struct DeadlinesArgs {
    /// Absent: the quarter that ended last before `as_of`, and the one that runs.
    #[arg(long)]
    pub period: Option<String>,
    #[arg(long)]
    pub role: Option<String>,
    /// Whose role is asked for, where it has one and `role` is absent.
    #[arg(long, value_name = "FILE")]
    pub organisation: Option<PathBuf>,
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub as_of: Option<NaiveDate>,
    #[arg(long)]
    pub json: bool,
    #[arg(long, value_name = "FILE")]
    pub ics: Option<PathBuf>,
    #[arg(long)]
    pub force: bool,
}

#[derive(Serialize)]
struct StoredDue<'a> {
    form: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    paper: Option<&'a str>,
    period: String,
    role: &'a str,
    date: String,
    /// `null` where the calendar does not know the date.
    working: Option<bool>,
    next_working_day: Option<String>,
    days_left: i64,
    basis: &'a str,
}

impl DeadlinesArgs {
    /// Prints the dates and writes the calendar file.
    ///
    /// # Errors
    /// An unknown role, a quarter without an edition, a calendar file that exists or cannot be written.
    pub fn run(&self, spoken: &Spoken, definitions: &Definitions) -> Result<()> {
        let (as_of, lang) = (self.as_of.unwrap_or_else(today), spoken.terminal);
        let period = self.period.as_deref().map(Quarter::parse).transpose().context(Misuse)?;
        check_role(self.role.as_deref(), definitions).context(Misuse)?;
        let own = self.organisation.as_ref().map(|path| body::read(path, definitions)).transpose().context(Misuse)?;
        let own = own.and_then(|body| body.role).map(FilerRole::code);
        let role = self.role.as_deref().or(own);
        let running = Quarter { year: as_of.year(), number: as_of.month0() / 3 + 1 };
        let quarters = period.map_or_else(|| vec![running.previous(), running], |quarter| vec![quarter]);
        let mut all = Vec::new();
        for quarter in quarters {
            all.extend(dues(definitions, quarter, role).context(Misuse)?);
        }
        if let Some(path) = &self.ics {
            let exists = path.exists() && !self.force;
            ensure!(!exists, misuse(Halt::new("fault_exists").at(path)));
            let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
            let mut file = tempfile::NamedTempFile::new_in(folder.unwrap_or_else(|| std::path::Path::new(".")))
                .or_halt(|| Halt::writing(path))?;
            render::data::ics::write(&all, lang, definitions, &mut file)?;
            file.as_file().sync_all().or_halt(|| Halt::writing(path))?;
            file.persist(path).or_halt(|| Halt::writing(path))?;
        }
        if self.json {
            let stored: Vec<StoredDue<'_>> = all.iter().map(|due| stored(due, as_of)).collect();
            return answer_program(&(serde_json::to_string_pretty(&stored)? + "\n"));
        }
        answer(&print(&all, as_of, lang, definitions))
    }
}

/// Today in Kazakhstan, which has one time zone, UTC+5, since 2024. Only the terminal shows it.
fn today() -> NaiveDate {
    const AHEAD: u64 = 5 * 3600;
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    NaiveDate::from_ymd_opt(1970, 1, 1)
        .and_then(|first| first.checked_add_days(Days::new((seconds + AHEAD) / 86_400)))
        .unwrap_or_default()
}

fn check_role(role: Option<&str>, definitions: &Definitions) -> Result<()> {
    let roles = || definitions.deadlines.iter().map(|deadline| deadline.role.as_str());
    let Some(role) = role.filter(|role| !roles().any(|known| known == *role)) else { return Ok(()) };
    let known = roles().collect::<BTreeSet<_>>().into_iter().collect::<Vec<_>>().join(", ");
    bail!(Halt::new("fault_role").with("role", role).with("known", known).near(nearest(role, roles())))
}

fn stored<'a>(due: &'a Due<'_>, as_of: NaiveDate) -> StoredDue<'a> {
    let (working, next) = match &due.day {
        DayOfDue::Working => (Some(true), None),
        DayOfDue::Off { next, .. } => (Some(false), *next),
        DayOfDue::Unknown => (None, None),
    };
    StoredDue {
        form: due.form.map(|form| form.form.as_str()),
        paper: due.form.is_none().then(|| due.id()),
        period: due.quarter.to_string(),
        role: &due.deadline.role,
        date: due.date.to_string(),
        working,
        next_working_day: next.map(|day| day.to_string()),
        days_left: due.days_left(as_of),
        basis: due.basis(),
    }
}

fn print(dues: &[Due<'_>], as_of: NaiveDate, lang: Lang, definitions: &Definitions) -> String {
    let mut text = String::new();
    let words = |key: &str| definitions.words(key).get(lang);
    let _ = writeln!(text, "{}: {}", words("as_of"), as_of.format("%d.%m.%Y"));
    for due in dues {
        let left = due.days_left(as_of);
        let key = match left {
            0 => "due_today",
            1.. => "due_left",
            _ => "due_passed",
        };
        let left = definitions.words(key).fill(&[("days".to_owned(), left.abs().to_string())]);
        let date = due.date.format("%d.%m.%Y");
        let _ = writeln!(text, "\n{date}  {}  {}", due.title(definitions).get(lang), left.get(lang));
        if let Some(remark) = due.remark(definitions) {
            let _ = writeln!(text, "            {}", remark.get(lang));
        }
        let _ = writeln!(text, "            {}", due.deadline.who.get(lang));
        let _ = writeln!(
            text,
            "            → {}  [{}; {}]",
            due.deadline.to.get(lang),
            due.deadline.role,
            due.cited(definitions).get(lang)
        );
    }
    text
}
