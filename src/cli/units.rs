//! Arguments of the commands for reports of units: `consolidate`, `adjust`, `deadlines`.

use super::lang;
use crate::period::Quarter;
use crate::run::{AdjustRequest, ConsolidateRequest, DeadlinesRequest};
use anyhow::Result;
use chrono::{Days, NaiveDate};
use clap::Args;
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

#[derive(Debug, Args)]
pub struct Consolidate {
    /// Reports of the units: report.json, XLSX, XLS, ODS, in any language
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Who consolidates, and the units that must report: a TOML file
    #[arg(long, value_name = "FILE")]
    organisation: PathBuf,
    /// Folder for the results
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Days of receipt: a CSV file with the columns unit (KATO, BIN or name) and received
    #[arg(long, value_name = "FILE")]
    received: Option<PathBuf>,
    /// Form [default: what most of the reports are]
    #[arg(long)]
    form: Option<String>,
    /// Quarter, e.g. 2026Q3 [default: that of most of the reports]
    #[arg(long)]
    period: Option<String>,
    /// Earlier reports (report.json) to compare with
    #[arg(long, num_args = 1.., value_name = "FILE")]
    previous: Vec<PathBuf>,
    /// What people tell about sections of the analytical report (TOML or Markdown)
    #[arg(long, value_name = "FILE")]
    narrative: Option<PathBuf>,
    /// Folder of materials attached to the analytical report
    #[arg(long, value_name = "DIR")]
    attachments: Option<PathBuf>,
    /// Consolidate though a report is missing; every page says how many are in
    #[arg(long)]
    provisional: bool,
    /// Day as of which the report is made [default: the day after the period]
    #[arg(long, value_name = "DATE")]
    as_of: Option<NaiveDate>,
    /// Languages of the form: kk, ru, en; two of them make it bilingual
    #[arg(long, value_delimiter = ',')]
    lang: Vec<String>,
    /// Warnings block, too: exit status 1
    #[arg(long, value_name = "WHAT", value_parser = ["warnings"])]
    pub deny: Option<String>,
    /// Replace existing results
    #[arg(long)]
    force: bool,
    /// Print nothing but faults
    #[arg(long)]
    quiet: bool,
}

#[derive(Debug, Args)]
pub struct Adjust {
    /// The submitted report: report.json or a workbook; history.json lies beside one that was adjusted before
    #[arg(value_name = "REPORT")]
    report: PathBuf,
    /// What is changed, why, and by which document: a TOML file (schemas/changes.toml)
    #[arg(long, value_name = "FILE")]
    changes: PathBuf,
    /// Folder for the results
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Who reports, for the signature block: a TOML file
    #[arg(long, value_name = "FILE")]
    organisation: Option<PathBuf>,
    /// Languages of the form: kk, ru, en [default: the report's]
    #[arg(long, value_delimiter = ',')]
    lang: Vec<String>,
    /// Warnings block, too: exit status 1
    #[arg(long, value_name = "WHAT", value_parser = ["warnings"])]
    pub deny: Option<String>,
    /// Replace existing results
    #[arg(long)]
    force: bool,
    /// Print nothing but faults
    #[arg(long)]
    quiet: bool,
}

#[derive(Debug, Args)]
pub struct Deadlines {
    /// Quarter, e.g. 2026Q3 [default: the last one that has ended and the running one]
    #[arg(long)]
    period: Option<String>,
    /// Who sends: district, region, body, informatization
    #[arg(long)]
    role: Option<String>,
    /// Day from which the days left are counted [default: today in Kazakhstan]
    #[arg(long, value_name = "DATE")]
    as_of: Option<NaiveDate>,
    /// Language: kk, ru, en
    #[arg(long, default_value = "ru")]
    lang: String,
    /// Print to standard output as JSON
    #[arg(long)]
    json: bool,
    /// Also a calendar file
    #[arg(long, value_name = "FILE")]
    ics: Option<PathBuf>,
    /// Replace an existing calendar file
    #[arg(long)]
    force: bool,
}

pub fn consolidate(arguments: &Consolidate) -> Result<ConsolidateRequest> {
    Ok(ConsolidateRequest {
        files: arguments.files.clone(),
        organisation: arguments.organisation.clone(),
        received: arguments.received.clone(),
        form: arguments.form.clone(),
        period: arguments.period.as_ref().map(|period| Quarter::parse(period)).transpose()?,
        as_of: arguments.as_of,
        langs: arguments.lang.iter().map(lang).collect::<Result<_>>()?,
        previous: arguments.previous.clone(),
        narrative: arguments.narrative.clone(),
        attachments: arguments.attachments.clone(),
        provisional: arguments.provisional,
        out: arguments.out.clone(),
        force: arguments.force,
        quiet: arguments.quiet,
    })
}

pub fn adjust(arguments: &Adjust) -> Result<AdjustRequest> {
    Ok(AdjustRequest {
        report: arguments.report.clone(),
        changes: arguments.changes.clone(),
        organisation: arguments.organisation.clone(),
        langs: arguments.lang.iter().map(lang).collect::<Result<_>>()?,
        out: arguments.out.clone(),
        force: arguments.force,
        quiet: arguments.quiet,
    })
}

pub fn deadlines(arguments: &Deadlines) -> Result<DeadlinesRequest> {
    Ok(DeadlinesRequest {
        period: arguments.period.as_ref().map(|period| Quarter::parse(period)).transpose()?,
        role: arguments.role.clone(),
        as_of: arguments.as_of.unwrap_or_else(today),
        lang: lang(&arguments.lang)?,
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
