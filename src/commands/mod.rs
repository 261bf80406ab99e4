//! The command line: arguments in, exit status out. A command's arguments are its request: it stands in a file with them.

pub mod out;
pub mod parts;
pub mod args;
pub mod adjust;
pub mod blank;
pub mod check;
pub mod consolidate;
pub mod deadlines;
pub mod demo;
pub mod explain;
pub mod first;
pub mod generate;
pub mod init;
pub mod show;
pub mod sql;
pub mod year;

use crate::commands::adjust::AdjustArgs;
use crate::commands::args::{help, language, refusal};
use crate::commands::blank::BlankArgs;
use crate::commands::check::CheckArgs;
use crate::commands::consolidate::ConsolidateArgs;
use crate::commands::deadlines::DeadlinesArgs;
use crate::commands::explain::ExplainArgs;
use crate::commands::generate::GenerateArgs;
use crate::commands::init::InitArgs;
use crate::commands::out::spoken::Spoken;
use crate::commands::out::status::{Misuse, NothingRead};
use crate::commands::out::terminal::{answer, tell};
use crate::commands::out::window;
use crate::commands::sql::SqlArgs;
use crate::commands::year::YearArgs;
use crate::definitions::Definitions;
use crate::words::failure::{Halt, OrHalt, say};
use crate::words::lang::Lang;
use anyhow::{Context, Result};
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
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
    Generate(Box<GenerateArgs>),
    Demo {
        #[arg(value_name = "DIR")]
        folder: PathBuf,
    },
    Init(InitArgs),
    Check(CheckArgs),
    Blank(BlankArgs),
    Consolidate(Box<ConsolidateArgs>),
    Adjust(Box<AdjustArgs>),
    Year(YearArgs),
    Deadlines(DeadlinesArgs),
    Explain(Box<ExplainArgs>),
    Sql(SqlArgs),
    Forms,
    Rules {
        #[arg(long)]
        coverage: bool,
        #[arg(long, conflicts_with = "coverage")]
        law: bool,
    },
    Schema {
        table: Option<String>,
    },
    Calendar {
        year: i32,
    },
}

fn langs() -> impl TypedValueParser<Value = Lang> {
    PossibleValuesParser::new(Lang::ALL.map(Lang::code)).map(|code| Lang::parse(&code).unwrap_or_default())
}

/// Runs the program. Exit status: 0 nothing blocks, 1 findings that block, 2 usage or configuration,
/// 3 unreadable input, 4 internal fault.
pub fn main() -> ExitCode {
    let words: Vec<OsString> = std::env::args_os().collect();
    begin(&words, window::stay)
}

/// The same with other words, the program's name first, for a program that is this one under another name.
pub fn main_of(words: &[OsString]) -> ExitCode {
    begin(words, |_| ())
}

/// `end`: what is done at the end with the words for a window that stays.
fn begin(words: &[OsString], end: impl FnOnce(&str)) -> ExitCode {
    crate::sources::caught::hush();
    let embedded = match Definitions::load(None) {
        Ok(embedded) => embedded,
        Err(fault) => {
            tell(format!("esep: {fault:#}"));
            return ExitCode::from(4);
        }
    };
    let lang = language::of(words, &embedded);
    let stays = embedded.words("window_stays").get(lang).to_owned();
    let status = asked(words, embedded, lang);
    end(&stays);
    status
}

/// The command line with its help in a language, for pages that are made of it.
pub fn described(definitions: &Definitions, lang: Lang) -> clap::Command {
    help::worded(Cli::command(), definitions, lang)
}

/// Does what the words of the command line ask for.
fn asked(words: &[OsString], embedded: Definitions, lang: Lang) -> ExitCode {
    let mut command = described(&embedded, lang);
    let commands: Vec<&str> = command.get_subcommands().map(clap::Command::get_name).collect();
    if let Some(first) = first::of(words, &commands, &embedded) {
        let alone = words.len() == 1;
        return match first::say(first, &embedded, lang) {
            Ok(()) => ExitCode::from(if alone { 2 } else { 0 }),
            Err(fault) => ExitCode::from(status(&fault)),
        };
    }
    let parsed = command.try_get_matches_from_mut(words).and_then(|matches| Cli::from_arg_matches(&matches));
    let cli = match parsed {
        Ok(cli) => cli,
        Err(fault) if fault.use_stderr() && !refusal::is_help(&fault) => {
            let asked = refusal::Asked { command: &command, words };
            tell(format!("esep: {}", asked.say(&fault, &embedded, lang)));
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
        || fault.chain().filter_map(|cause| cause.downcast_ref::<Halt>()).any(Halt::is_of_files)
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
    done.inspect_err(|fault| tell(format!("esep: {}", say(fault, &words).get(lang))))
}

fn run(cli: &Cli, definitions: &Definitions, lang: Lang) -> Result<u8> {
    let spoken = &Spoken { given: cli.lang.clone(), terminal: lang };
    let written = |out: &Path, names: &[String]| {
        for name in names {
            tell(format!("{}: {}", definitions.words("written").get(lang), out.join(name).display()));
        }
    };
    match &cli.command {
        Command::Generate(asked) => {
            out::interruption::watch()?;
            return Ok(asked.ending.status(asked.run(spoken, definitions)?));
        }
        Command::Check(asked) => {
            let outcome = asked.run(spoken, definitions)?;
            return Ok(if outcome.unreadable { 3 } else { asked.ending.status(outcome.worst) });
        }
        Command::Consolidate(asked) => return Ok(asked.ending.status(asked.run(spoken, definitions)?)),
        Command::Year(asked) => return Ok(asked.ending.status(asked.run(spoken, definitions)?)),
        Command::Adjust(asked) => return Ok(asked.ending.status(asked.run(spoken, definitions)?)),
        Command::Explain(asked) => return Ok(u8::from(asked.run(spoken, definitions)?)),
        Command::Blank(asked) => written(&asked.out, &asked.run(spoken, definitions)?),
        Command::Sql(asked) => written(&asked.out, &asked.run(spoken, definitions)?),
        Command::Deadlines(asked) => asked.run(spoken, definitions)?,
        Command::Init(asked) => tell(asked.run(spoken, definitions)?.trim_end_matches('\n')),
        Command::Demo { folder } => demo::write(folder, definitions).context(Misuse)?,
        Command::Forms => answer(&show::forms(definitions, lang))?,
        Command::Rules { law: true, .. } => answer(&show::law(definitions, lang))?,
        Command::Rules { coverage: true, .. } => answer(&show::coverage(definitions, lang))?,
        Command::Rules { .. } => answer(&show::rules(definitions, lang))?,
        Command::Schema { table } => {
            answer(&show::schema(definitions, table.as_deref(), lang).context(Misuse)?)?;
        }
        Command::Calendar { year } => answer(&show::calendar(definitions, *year, lang).context(Misuse)?)?,
    }
    Ok(0)
}
