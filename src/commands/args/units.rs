//! Arguments of the commands for reports of units: `consolidate`, `adjust`, `deadlines`.

use crate::commands::adjust::AdjustRequest;
use crate::commands::consolidate::ConsolidateRequest;
use crate::commands::deadlines::DeadlinesRequest;
use crate::values::period::Quarter;
use crate::words::lang::Lang;
use anyhow::Result;
use chrono::{Days, NaiveDate};
use clap::Args;
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

#[derive(Debug, Args)]
pub struct Consolidate {
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    #[arg(long, value_name = "FILE")]
    organisation: PathBuf,
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    #[arg(long, value_name = "FILE")]
    received: Option<PathBuf>,
    #[arg(long)]
    form: Option<String>,
    #[arg(long)]
    period: Option<String>,
    #[arg(long, num_args = 1.., value_name = "FILE")]
    previous: Vec<PathBuf>,
    #[arg(long, value_name = "FILE")]
    narrative: Option<PathBuf>,
    #[arg(long, value_name = "DIR")]
    attachments: Option<PathBuf>,
    #[arg(long)]
    provisional: bool,
    #[arg(long, value_name = "DATE")]
    as_of: Option<NaiveDate>,
    #[arg(long, value_name = "WHAT", value_parser = ["warnings"])]
    pub deny: Option<String>,
    #[arg(long)]
    force: bool,
    #[arg(long)]
    quiet: bool,
}

#[derive(Debug, Args)]
pub struct Adjust {
    #[arg(value_name = "REPORT")]
    report: PathBuf,
    #[arg(long, value_name = "FILE")]
    changes: PathBuf,
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    #[arg(long, value_name = "FILE")]
    organisation: Option<PathBuf>,
    #[arg(long, value_name = "WHAT", value_parser = ["warnings"])]
    pub deny: Option<String>,
    #[arg(long)]
    force: bool,
    #[arg(long)]
    quiet: bool,
}

#[derive(Debug, Args)]
pub struct Deadlines {
    #[arg(long)]
    period: Option<String>,
    #[arg(long)]
    role: Option<String>,
    #[arg(long, value_name = "DATE")]
    as_of: Option<NaiveDate>,
    #[arg(long)]
    json: bool,
    #[arg(long, value_name = "FILE")]
    ics: Option<PathBuf>,
    #[arg(long)]
    force: bool,
}

pub fn consolidate(arguments: &Consolidate, langs: &[Lang], terminal: Lang) -> Result<ConsolidateRequest> {
    Ok(ConsolidateRequest {
        files: arguments.files.clone(),
        organisation: arguments.organisation.clone(),
        received: arguments.received.clone(),
        form: arguments.form.clone(),
        period: arguments.period.as_ref().map(|period| Quarter::parse(period)).transpose()?,
        as_of: arguments.as_of,
        langs: langs.to_vec(),
        terminal,
        previous: arguments.previous.clone(),
        narrative: arguments.narrative.clone(),
        attachments: arguments.attachments.clone(),
        provisional: arguments.provisional,
        out: arguments.out.clone(),
        force: arguments.force,
        quiet: arguments.quiet,
    })
}

pub fn adjust(arguments: &Adjust, langs: &[Lang], terminal: Lang) -> AdjustRequest {
    AdjustRequest {
        report: arguments.report.clone(),
        changes: arguments.changes.clone(),
        organisation: arguments.organisation.clone(),
        langs: langs.to_vec(),
        terminal,
        out: arguments.out.clone(),
        force: arguments.force,
        quiet: arguments.quiet,
    }
}

pub fn deadlines(arguments: &Deadlines, lang: Lang) -> Result<DeadlinesRequest> {
    Ok(DeadlinesRequest {
        period: arguments.period.as_ref().map(|period| Quarter::parse(period)).transpose()?,
        role: arguments.role.clone(),
        as_of: arguments.as_of.unwrap_or_else(today),
        lang,
        json: arguments.json,
        ics: arguments.ics.clone(),
        force: arguments.force,
    })
}

/// Today in Kazakhstan, which has one time zone, UTC+5, since 2024. Only the terminal shows it.
fn today() -> NaiveDate {
    const AHEAD: u64 = 5 * 3600;
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    NaiveDate::from_ymd_opt(1970, 1, 1)
        .and_then(|first| first.checked_add_days(Days::new((seconds + AHEAD) / 86_400)))
        .unwrap_or_default()
}
