//! The command line: arguments in, exit status out.

use crate::definitions::Definitions;
use crate::finding::Severity;
use crate::ingest;
use crate::ingest::raw::Encoding;
use crate::lang::Lang;
use crate::period::Quarter;
use crate::run::{self, Misuse, NothingRead, Request};
use anyhow::{Context, Result};
use chrono::NaiveDate;
use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;

/// Counts Kazakhstan's public-service report forms 1-mk … 4-mk from records and proves every total.
#[derive(Debug, Parser)]
#[command(name = "esep", version, arg_required_else_help = true)]
struct Cli {
    /// Folder whose files replace the definitions inside the program (schemas/, templates/)
    #[arg(long, global = true, value_name = "DIR")]
    definitions: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Records → filled forms, findings, quarantine
    Generate(Box<Generate>),
    /// Where a cell comes from, what a record came to, what a finding code means
    Explain(Box<Explain>),
    /// Print the forms in force: editions, rows, what they count
    Forms,
    /// Print the rules of the forms with their source
    Rules {
        /// Instead: the cells (rows × columns) that no rule touches
        #[arg(long)]
        coverage: bool,
    },
    /// Print the record tables and their fields
    Schema {
        /// One table
        table: Option<String>,
    },
    /// Print the days off and working weekends of a year
    Calendar { year: i32 },
}

#[derive(Debug, Args)]
struct Generate {
    /// Files and folders with records (CSV, XLSX, XLS, ODS)
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Forms to fill: 1-mk, 2-mk, 3-mk, 4-mk
    #[arg(long, required = true, value_delimiter = ',')]
    form: Vec<String>,
    /// Quarter, e.g. 2026Q3
    #[arg(long)]
    period: String,
    /// Who reports: a TOML file
    #[arg(long, value_name = "FILE")]
    organisation: PathBuf,
    /// Folder for the results
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Day as of which the report is made [default: the day after the period]
    #[arg(long, value_name = "DATE")]
    as_of: Option<NaiveDate>,
    /// Languages of the form: kk, ru, en; two of them make it bilingual
    #[arg(long, value_delimiter = ',')]
    lang: Vec<String>,
    /// Earlier reports (report.json) to compare with
    #[arg(long, num_args = 1.., value_name = "FILE")]
    previous: Vec<PathBuf>,
    /// Warnings that are right as they are, each with a reason: a TOML file
    #[arg(long, value_name = "FILE")]
    confirm: Option<PathBuf>,
    /// Also one form for each unit
    #[arg(long)]
    by_unit: bool,
    /// Encoding of the CSV files, when it cannot be found: utf-8, utf-16le, utf-16be, windows-1251, kz-1048
    #[arg(long)]
    encoding: Option<String>,
    /// Separator of the CSV files, when it cannot be found
    #[arg(long)]
    separator: Option<String>,
    /// Count every cell a second time with the slow counter; both must agree
    #[arg(long)]
    paranoid: bool,
    /// Warnings block, too: exit status 1
    #[arg(long, value_name = "WHAT", value_parser = ["warnings"])]
    deny: Option<String>,
    /// Replace existing results
    #[arg(long)]
    force: bool,
    /// Print nothing but faults
    #[arg(long)]
    quiet: bool,
}

/// `esep explain REPORT [FORM] [ROW] COLUMN [LINE…]` · `esep explain REPORT --record ID` · `esep explain F-013`
#[derive(Debug, Args)]
struct Explain {
    /// REPORT (report.json or an output folder) and a cell: form, row, column, and for a line the provider,
    /// service or system by code, name or part of it; or a finding code
    #[arg(required = true, value_name = "REPORT CELL")]
    words: Vec<String>,
    /// The other way round: the cells that the record of this id feeds, and why it feeds no other
    #[arg(long, value_name = "ID")]
    record: Option<String>,
    /// Where the records are [default: the names in the report, from the current folder]
    #[arg(long, num_args = 1.., value_name = "PATH")]
    sources: Vec<PathBuf>,
    /// Earlier reports (report.json) to compare with
    #[arg(long, num_args = 1.., value_name = "FILE")]
    previous: Vec<PathBuf>,
    /// Organisation file: joins codes and names of units in the report of one unit
    #[arg(long, value_name = "FILE")]
    organisation: Option<PathBuf>,
    /// All records, not the first 20
    #[arg(long)]
    all: bool,
    /// For programs
    #[arg(long)]
    json: bool,
    /// Language: kk, ru, en [default: the report's first]
    #[arg(long)]
    lang: Option<String>,
}

/// Runs the program. Exit status: 0 nothing blocks, 1 findings that block, 2 usage or configuration,
/// 3 unreadable input, 4 internal fault.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(fault) => {
            let _ = fault.print();
            return ExitCode::from(if fault.use_stderr() { 2 } else { 0 });
        }
    };
    match dispatch(&cli) {
        Ok(blocks) => ExitCode::from(u8::from(blocks)),
        Err(fault) => {
            eprintln!("esep: {fault:#}");
            ExitCode::from(status(&fault))
        }
    }
}

fn status(fault: &anyhow::Error) -> u8 {
    if fault.downcast_ref::<Misuse>().is_some() {
        2
    } else if fault.downcast_ref::<NothingRead>().is_some() || fault.chain().any(|cause| cause.is::<std::io::Error>()) {
        3
    } else {
        4
    }
}

fn dispatch(cli: &Cli) -> Result<bool> {
    let definitions = Definitions::load(cli.definitions.as_deref()).context(Misuse)?;
    match &cli.command {
        Command::Generate(arguments) => {
            let request = request(arguments).context(Misuse)?;
            let worst = run::generate(&request, &definitions)?;
            let least = if arguments.deny.is_some() { Severity::Warning } else { Severity::Error };
            return Ok(worst.is_some_and(|worst| worst <= least));
        }
        Command::Explain(arguments) => {
            return crate::explain::run(&explanation(arguments).context(Misuse)?, &definitions);
        }
        Command::Forms => crate::show::forms(&definitions),
        Command::Rules { coverage: true } => crate::show::coverage(&definitions),
        Command::Rules { coverage: false } => crate::show::rules(&definitions),
        Command::Schema { table } => crate::show::schema(&definitions, table.as_deref()).context(Misuse)?,
        Command::Calendar { year } => crate::show::calendar(&definitions, *year).context(Misuse)?,
    }
    Ok(false)
}

fn explanation(arguments: &Explain) -> Result<crate::explain::Request> {
    let lang = |code: &String| Lang::parse(code).with_context(|| format!("--lang {code:?}: expected kk, ru or en"));
    Ok(crate::explain::Request {
        words: arguments.words.clone(),
        record: arguments.record.clone(),
        sources: arguments.sources.clone(),
        previous: arguments.previous.clone(),
        organisation: arguments.organisation.clone(),
        all: arguments.all,
        json: arguments.json,
        lang: arguments.lang.as_ref().map(lang).transpose()?,
    })
}

fn request(arguments: &Generate) -> Result<Request> {
    let lang = |code: &String| Lang::parse(code).with_context(|| format!("--lang {code:?}: expected kk, ru or en"));
    let encoding = |name: &String| match name.to_lowercase().as_str() {
        "utf-8" | "utf8" => Ok(Encoding::Utf8),
        "utf-16le" => Ok(Encoding::Utf16Le),
        "utf-16be" => Ok(Encoding::Utf16Be),
        "windows-1251" | "cp1251" => Ok(Encoding::Windows1251),
        "kz-1048" | "kz1048" => Ok(Encoding::Kz1048),
        _ => anyhow::bail!("--encoding {name:?}: expected utf-8, utf-16le, utf-16be, windows-1251 or kz-1048"),
    };
    let separator = |text: &String| match text.as_str() {
        "\\t" | "tab" => Ok(b'\t'),
        text if text.len() == 1 => Ok(text.as_bytes()[0]),
        _ => anyhow::bail!("--separator {text:?}: expected one character"),
    };
    let mut forms = arguments.form.clone();
    forms.sort();
    forms.dedup();
    Ok(Request {
        paths: arguments.paths.clone(),
        forms,
        quarter: Quarter::parse(&arguments.period)?,
        as_of: arguments.as_of,
        organisation: arguments.organisation.clone(),
        out: arguments.out.clone(),
        langs: arguments.lang.iter().map(lang).collect::<Result<_>>()?,
        previous: arguments.previous.clone(),
        confirm: arguments.confirm.clone(),
        by_unit: arguments.by_unit,
        paranoid: arguments.paranoid,
        force: arguments.force,
        quiet: arguments.quiet,
        ingest: ingest::Options {
            encoding: arguments.encoding.as_ref().map(encoding).transpose()?,
            separator: arguments.separator.as_ref().map(separator).transpose()?,
            ..ingest::Options::default()
        },
    })
}
