//! The command line: arguments in, exit status out.

mod init;
mod units;

use crate::definitions::Definitions;
use crate::finding::Severity;
use crate::ingest;
use crate::ingest::raw::Encoding;
use crate::lang::Lang;
use crate::period::Quarter;
use crate::run::{self, BlankRequest, CheckRequest, Misuse, NothingRead, Request};
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
    /// Write an invented akimat's quarter with planted faults, and a script to follow
    Demo {
        /// Folder that is new or empty
        folder: PathBuf,
    },
    /// Look at your own files: propose an organisation file and what columns and values mean, for you to confirm
    Init(init::Init),
    /// Filled forms (workbooks, report.json) → every rule, likely causes
    Check(Check),
    /// Empty forms to fill by hand, and an empty workbook for records
    Blank(Blank),
    /// Reports of units → one: completeness, lateness, what every cell is made of
    Consolidate(Box<units::Consolidate>),
    /// Corrections of a submitted report with reason and document (para 63): a new revision with its history
    Adjust(Box<units::Adjust>),
    /// Who must send what by when, with days off shown
    Deadlines(units::Deadlines),
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
    /// What people tell about sections of the analytical report (TOML or Markdown)
    #[arg(long, value_name = "FILE")]
    narrative: Option<PathBuf>,
    /// Folder of materials attached to the analytical report
    #[arg(long, value_name = "DIR")]
    attachments: Option<PathBuf>,
    /// What the columns and values of your own files mean: mapping.toml of `esep init`, with your confirmations
    #[arg(long, value_name = "FILE")]
    mapping: Option<PathBuf>,
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

#[derive(Debug, Args)]
struct Check {
    /// Filled forms: XLSX, XLS, ODS made by esep, by hand or by another program, or report.json
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Earlier reports and reports of other forms to compare with; they are not judged themselves
    #[arg(long, num_args = 1.., value_name = "FILE")]
    previous: Vec<PathBuf>,
    /// Folder for findings.json and findings.xlsx of each form
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Print the findings to standard output as JSON
    #[arg(long)]
    json: bool,
    /// Language of the findings: kk, ru, en [default: the form's]
    #[arg(long)]
    lang: Option<String>,
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

#[derive(Debug, Args)]
struct Blank {
    /// Forms: 1-mk, 2-mk, 3-mk, 4-mk
    #[arg(long, value_delimiter = ',', required_unless_present = "records")]
    form: Vec<String>,
    /// Also the workbook for records
    #[arg(long)]
    records: bool,
    /// Languages: kk, ru, en; two of them make the form bilingual
    #[arg(long, value_delimiter = ',')]
    lang: Vec<String>,
    /// Quarter, e.g. 2026Q3 [default: left open]
    #[arg(long)]
    period: Option<String>,
    /// Who reports: a TOML file
    #[arg(long, value_name = "FILE")]
    organisation: Option<PathBuf>,
    /// Empty lines under each row that has lines; more can be inserted between them
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u16).range(2..=500))]
    lines: u16,
    /// Folder for the results
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Replace existing results
    #[arg(long)]
    force: bool,
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
    crate::guard::hush();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(fault) => {
            let _ = fault.print();
            return ExitCode::from(if fault.use_stderr() { 2 } else { 0 });
        }
    };
    match dispatch(&cli) {
        Ok(status) => ExitCode::from(status),
        Err(fault) => {
            eprintln!("esep: {fault:#}");
            ExitCode::from(status(&fault))
        }
    }
}

fn status(fault: &anyhow::Error) -> u8 {
    if fault.downcast_ref::<Misuse>().is_some() {
        2
    } else if fault.downcast_ref::<NothingRead>().is_some()
        || fault.chain().any(|cause| cause.downcast_ref::<std::io::Error>().is_some())
    {
        3
    } else {
        4
    }
}

/// The exit status of a run that was done.
fn dispatch(cli: &Cli) -> Result<u8> {
    let definitions = Definitions::load(cli.definitions.as_deref()).context(Misuse)?;
    match &cli.command {
        Command::Generate(arguments) => {
            run::watch_interruptions()?;
            let request = request(arguments).context(Misuse)?;
            let worst = run::generate(&request, &definitions)?;
            return Ok(u8::from(blocks(worst, arguments.deny.as_ref())));
        }
        Command::Check(arguments) => {
            let request = CheckRequest {
                files: arguments.files.clone(),
                previous: arguments.previous.clone(),
                out: arguments.out.clone(),
                json: arguments.json,
                lang: arguments.lang.as_ref().map(lang).transpose().context(Misuse)?,
                force: arguments.force,
                quiet: arguments.quiet,
            };
            let judged = run::check(&request, &definitions)?;
            return Ok(if judged.unreadable { 3 } else { u8::from(blocks(judged.worst, arguments.deny.as_ref())) });
        }
        Command::Blank(arguments) => {
            for name in run::blank(&blank(arguments).context(Misuse)?, &definitions)? {
                eprintln!("{}", arguments.out.join(name).display());
            }
        }
        Command::Consolidate(arguments) => {
            let worst = run::consolidate(&units::consolidate(arguments).context(Misuse)?, &definitions)?;
            return Ok(u8::from(blocks(worst, arguments.deny.as_ref())));
        }
        Command::Adjust(arguments) => {
            let worst = run::adjust(&units::adjust(arguments).context(Misuse)?, &definitions)?;
            return Ok(u8::from(blocks(worst, arguments.deny.as_ref())));
        }
        Command::Deadlines(arguments) => run::deadlines(&units::deadlines(arguments).context(Misuse)?, &definitions)?,
        Command::Demo { folder } => crate::demo::write(folder, &definitions).context(Misuse)?,
        Command::Init(arguments) => {
            let told = crate::init::run(&init::request(arguments).context(Misuse)?, &definitions)?;
            eprint!("{told}");
        }
        Command::Explain(arguments) => {
            let differs = crate::explain::run(&explanation(arguments).context(Misuse)?, &definitions)?;
            return Ok(u8::from(differs));
        }
        Command::Forms => crate::show::forms(&definitions),
        Command::Rules { coverage: true } => crate::show::coverage(&definitions),
        Command::Rules { coverage: false } => crate::show::rules(&definitions),
        Command::Schema { table } => crate::show::schema(&definitions, table.as_deref()).context(Misuse)?,
        Command::Calendar { year } => crate::show::calendar(&definitions, *year).context(Misuse)?,
    }
    Ok(0)
}

fn blank(arguments: &Blank) -> Result<BlankRequest> {
    Ok(BlankRequest {
        forms: arguments.form.clone(),
        records: arguments.records,
        period: arguments.period.as_deref().map(Quarter::parse).transpose()?,
        organisation: arguments.organisation.clone(),
        langs: arguments.lang.iter().map(lang).collect::<Result<_>>()?,
        lines: usize::from(arguments.lines),
        out: arguments.out.clone(),
        force: arguments.force,
    })
}

/// Whether the worst finding makes the exit status 1.
fn blocks(worst: Option<Severity>, deny: Option<&String>) -> bool {
    let least = if deny.is_some() { Severity::Warning } else { Severity::Error };
    worst.is_some_and(|worst| worst <= least)
}

fn lang(code: &String) -> Result<Lang> {
    Lang::parse(code).with_context(|| format!("--lang {code:?}: expected kk, ru or en"))
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
        narrative: arguments.narrative.clone(),
        attachments: arguments.attachments.clone(),
        mapping: arguments.mapping.clone(),
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
