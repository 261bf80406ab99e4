//! The command line: arguments in, exit status out.

pub mod check;
pub mod generate;
pub mod out;
pub mod parts;
pub mod recount;
pub mod adjust;
pub mod consolidate;
pub mod deadlines;
pub mod init;
pub mod args;
pub mod blank;
pub mod demo;
pub mod explain;
pub mod show;

use crate::commands::args::help;
use crate::commands::args::language;
use crate::commands::args::refusal;
use crate::commands::args::units;
use crate::commands::blank::BlankRequest;
use crate::commands::check::CheckRequest;
use crate::commands::generate::Request;
use crate::commands::out::output::Spared;
use crate::commands::out::status::{Misuse, NothingRead};
use crate::commands::out::terminal;
use crate::definitions::Definitions;
use crate::sources;
use crate::sources::raw::Encoding;
use crate::values::period::Quarter;
use crate::words::failure::{Halt, OrHalt, say};
use crate::words::finding::Severity;
use crate::words::lang::Lang;
use anyhow::{Context, Result, ensure};
use chrono::NaiveDate;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand};
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

/// Where the options of all commands stand in the help.
const LAST: usize = 900;

// What the commands and options are for is said in `templates/words/help.toml`, in three languages.
#[derive(Debug, Parser)]
#[command(name = "esep", version, arg_required_else_help = true)]
struct Cli {
    #[arg(long, global = true, value_name = "DIR", display_order = LAST)]
    definitions: Option<PathBuf>,
    #[arg(long, global = true, value_delimiter = ',', value_parser = langs(), display_order = LAST)]
    lang: Vec<Lang>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Generate(Box<Generate>),
    Demo {
        #[arg(value_name = "DIR")]
        folder: PathBuf,
    },
    Init(args::init::Init),
    Check(Check),
    Blank(Blank),
    Consolidate(Box<units::Consolidate>),
    Adjust(Box<units::Adjust>),
    Deadlines(units::Deadlines),
    Explain(Box<Explain>),
    Forms,
    Rules {
        #[arg(long)]
        coverage: bool,
    },
    Schema {
        table: Option<String>,
    },
    Calendar {
        year: i32,
    },
}

#[derive(Debug, Args)]
#[allow(clippy::struct_excessive_bools)] // switches of the command line
struct Generate {
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    #[arg(long, required = true, value_delimiter = ',')]
    form: Vec<String>,
    #[arg(long)]
    period: String,
    #[arg(long, value_name = "FILE")]
    organisation: PathBuf,
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    #[arg(long, value_name = "DATE")]
    as_of: Option<NaiveDate>,
    #[arg(long, num_args = 1.., value_name = "FILE")]
    previous: Vec<PathBuf>,
    #[arg(long, value_name = "FILE")]
    narrative: Option<PathBuf>,
    #[arg(long, value_name = "DIR")]
    attachments: Option<PathBuf>,
    #[arg(long, value_name = "FILE")]
    mapping: Option<PathBuf>,
    #[arg(long, value_name = "FILE")]
    confirm: Option<PathBuf>,
    #[arg(long)]
    by_unit: bool,
    #[arg(long, value_parser = encodings())]
    encoding: Option<Encoding>,
    #[arg(long)]
    separator: Option<String>,
    #[arg(long)]
    paranoid: bool,
    #[arg(long, value_name = "WHAT", value_delimiter = ',', value_parser = Spared::NAMES)]
    without: Vec<String>,
    #[arg(long, value_name = "WHAT", value_parser = ["warnings"])]
    deny: Option<String>,
    #[arg(long)]
    force: bool,
    #[arg(long)]
    quiet: bool,
}

#[derive(Debug, Args)]
struct Check {
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    #[arg(long, num_args = 1.., value_name = "FILE")]
    previous: Vec<PathBuf>,
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    #[arg(long)]
    json: bool,
    #[arg(long, value_name = "WHAT", value_parser = ["warnings"])]
    deny: Option<String>,
    #[arg(long)]
    force: bool,
    #[arg(long)]
    quiet: bool,
}

#[derive(Debug, Args)]
struct Blank {
    #[arg(long, value_delimiter = ',', required_unless_present = "records")]
    form: Vec<String>,
    #[arg(long)]
    records: bool,
    #[arg(long)]
    period: Option<String>,
    #[arg(long, value_name = "FILE")]
    organisation: Option<PathBuf>,
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u16).range(2..=500))]
    lines: u16,
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    #[arg(long)]
    force: bool,
}

#[derive(Debug, Args)]
struct Explain {
    #[arg(required = true, value_name = "REPORT CELL")]
    words: Vec<String>,
    #[arg(long, value_name = "ID")]
    record: Option<String>,
    #[arg(long, num_args = 1.., value_name = "PATH")]
    sources: Vec<PathBuf>,
    #[arg(long, num_args = 1.., value_name = "FILE")]
    previous: Vec<PathBuf>,
    #[arg(long, value_name = "FILE")]
    organisation: Option<PathBuf>,
    #[arg(long)]
    all: bool,
    #[arg(long)]
    json: bool,
}

fn langs() -> impl TypedValueParser<Value = Lang> {
    PossibleValuesParser::new(Lang::ALL.map(Lang::code)).map(|code| Lang::parse(&code).unwrap_or_default())
}

fn encodings() -> impl TypedValueParser<Value = Encoding> {
    let names = ["utf-8", "utf-16le", "utf-16be", "windows-1251", "kz-1048"];
    PossibleValuesParser::new(names).try_map(|name| Encoding::parse(&name).ok_or("no such encoding"))
}

/// Runs the program. Exit status: 0 nothing blocks, 1 findings that block, 2 usage or configuration,
/// 3 unreadable input, 4 internal fault.
pub fn main() -> ExitCode {
    crate::sources::caught::hush();
    let embedded = match Definitions::load(None) {
        Ok(embedded) => embedded,
        Err(fault) => {
            eprintln!("esep: {fault:#}");
            return ExitCode::from(4);
        }
    };
    let words: Vec<OsString> = std::env::args_os().collect();
    let lang = language::of(&words, &embedded);
    let mut command = help::worded(Cli::command(), &embedded, lang);
    let parsed = command.try_get_matches_from_mut(&words).and_then(|matches| Cli::from_arg_matches(&matches));
    let cli = match parsed {
        Ok(cli) => cli,
        Err(fault) if fault.use_stderr() && !refusal::is_help(&fault) => {
            eprintln!("esep: {}", refusal::Reader { command: &command, words: &words }.say(&fault, &embedded, lang));
            return ExitCode::from(2);
        }
        Err(help) => {
            let _ = help.print();
            return ExitCode::from(if help.use_stderr() { 2 } else { 0 });
        }
    };
    match dispatch(&cli, embedded, lang) {
        Ok(status) => ExitCode::from(status),
        Err(fault) => ExitCode::from(status(&fault)),
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

/// The exit status of a run that was done; what kept one from being done is said on the terminal.
fn dispatch(cli: &Cli, embedded: Definitions, lang: Lang) -> Result<u8> {
    let words = embedded.words.clone();
    let loaded = match &cli.definitions {
        Some(folder) => Definitions::load(Some(folder)).or_halt(|| Halt::new("fault_definitions").at(folder)),
        None => Ok(embedded),
    };
    let done = loaded.context(Misuse).and_then(|definitions| run(cli, &definitions, lang));
    done.inspect_err(|fault| eprintln!("esep: {}", say(fault, &words).get(lang)))
}

fn run(cli: &Cli, definitions: &Definitions, lang: Lang) -> Result<u8> {
    let given = cli.lang.first().copied();
    match &cli.command {
        Command::Generate(arguments) => {
            out::scratch::watch_interruptions()?;
            let worst = generate::generate(&request(arguments, cli, lang).context(Misuse)?, definitions)?;
            return Ok(u8::from(blocks(worst, arguments.deny.as_ref())));
        }
        Command::Check(arguments) => {
            let request = CheckRequest {
                files: arguments.files.clone(),
                previous: arguments.previous.clone(),
                out: arguments.out.clone(),
                json: arguments.json,
                lang: given,
                force: arguments.force,
                quiet: arguments.quiet,
            };
            let judged = crate::commands::check::check(&request, definitions)?;
            return Ok(if judged.unreadable { 3 } else { u8::from(blocks(judged.worst, arguments.deny.as_ref())) });
        }
        Command::Blank(arguments) => {
            for name in crate::commands::blank::blank(&blank(arguments, cli).context(Misuse)?, definitions)? {
                eprintln!("{}: {}", definitions.words("written").get(lang), arguments.out.join(name).display());
            }
        }
        Command::Consolidate(arguments) => {
            let request = units::consolidate(arguments, &cli.lang, lang).context(Misuse)?;
            let worst = crate::commands::consolidate::consolidate(&request, definitions)?;
            return Ok(u8::from(blocks(worst, arguments.deny.as_ref())));
        }
        Command::Adjust(arguments) => {
            let worst = crate::commands::adjust::adjust(&units::adjust(arguments, &cli.lang, lang), definitions)?;
            return Ok(u8::from(blocks(worst, arguments.deny.as_ref())));
        }
        Command::Deadlines(arguments) => {
            crate::commands::deadlines::deadlines(&units::deadlines(arguments, lang).context(Misuse)?, definitions)?;
        }
        Command::Init(arguments) => {
            eprint!("{}", crate::commands::init::run(&args::init::request(arguments, given, lang), definitions)?);
        }
        Command::Demo { folder } => crate::commands::demo::write(folder, definitions).context(Misuse)?,
        Command::Explain(arguments) => {
            return Ok(u8::from(crate::commands::explain::run(&explanation(arguments, given, lang), definitions)?));
        }
        Command::Forms => terminal::answer(&crate::commands::show::forms(definitions, lang))?,
        Command::Rules { coverage: true } => terminal::answer(&crate::commands::show::coverage(definitions, lang))?,
        Command::Rules { coverage: false } => terminal::answer(&crate::commands::show::rules(definitions, lang))?,
        Command::Schema { table } => {
            terminal::answer(&crate::commands::show::schema(definitions, table.as_deref(), lang).context(Misuse)?)?;
        }
        Command::Calendar { year } => {
            terminal::answer(&crate::commands::show::calendar(definitions, *year, lang).context(Misuse)?)?
        }
    }
    Ok(0)
}

fn blank(arguments: &Blank, cli: &Cli) -> Result<BlankRequest> {
    Ok(BlankRequest {
        forms: arguments.form.clone(),
        records: arguments.records,
        period: arguments.period.as_deref().map(Quarter::parse).transpose()?,
        organisation: arguments.organisation.clone(),
        langs: cli.lang.clone(),
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

fn explanation(arguments: &Explain, given: Option<Lang>, lang: Lang) -> crate::commands::explain::Request {
    crate::commands::explain::Request {
        words: arguments.words.clone(),
        record: arguments.record.clone(),
        sources: arguments.sources.clone(),
        previous: arguments.previous.clone(),
        organisation: arguments.organisation.clone(),
        all: arguments.all,
        json: arguments.json,
        lang: given,
        terminal: lang,
    }
}

fn request(arguments: &Generate, cli: &Cli, lang: Lang) -> Result<Request> {
    let separator = |text: &String| match text.as_str() {
        "\\t" | "tab" => Ok(b'\t'),
        text => {
            ensure!(text.len() == 1, Halt::new("fault_separator").with("text", text));
            Ok(text.as_bytes()[0])
        }
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
        langs: cli.lang.clone(),
        terminal: lang,
        previous: arguments.previous.clone(),
        narrative: arguments.narrative.clone(),
        attachments: arguments.attachments.clone(),
        mapping: arguments.mapping.clone(),
        confirm: arguments.confirm.clone(),
        by_unit: arguments.by_unit,
        paranoid: arguments.paranoid,
        without: arguments.without.iter().filter_map(|name| Spared::parse(name)).collect(),
        force: arguments.force,
        quiet: arguments.quiet,
        ingest: sources::Options {
            encoding: arguments.encoding,
            separator: arguments.separator.as_ref().map(separator).transpose()?,
            ..sources::Options::default()
        },
    })
}
