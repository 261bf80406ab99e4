//! Arguments that are not understood: what clap found, said in the language.

use crate::definitions::Definitions;
use crate::words::failure::{Halt, say as worded};
use crate::words::lang::Lang;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use std::ffi::OsString;

/// Whether nothing is wrong but that nothing was asked: help is the answer.
pub fn is_help(fault: &clap::Error) -> bool {
    fault.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
}

/// What was asked of which command.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    pub command: &'a clap::Command,
    pub words: &'a [OsString],
}

impl Asked<'_> {
    /// What is wrong with the arguments, how they are used, and where more is said.
    pub fn say(self, fault: &clap::Error, definitions: &Definitions, lang: Lang) -> String {
        let meant = Some(of(fault, ContextKind::InvalidArg)).filter(|_| fault.kind() == ErrorKind::ValueValidation);
        let help = meant.and_then(|option| self.help(&option)).map(|help| format!(". {help}"));
        let swallowed = self.is_swallowed().then(|| format!("\n{}", definitions.words("quote_swallows").get(lang)));
        let more = [help, swallowed].into_iter().flatten().collect::<String>();
        say(fault, &more, definitions, lang)
    }

    /// Whether a quoted path that ends with `\` took the words behind it along, as on Windows `"C:\data\" --form 2-mk`.
    fn is_swallowed(self) -> bool {
        self.words.iter().skip(1).any(|word| word.to_string_lossy().contains('"'))
    }

    /// What the help says about an option of the command.
    fn help(self, option: &str) -> Option<String> {
        let named = |below: &&clap::Command| self.words.iter().any(|word| word == below.get_name());
        let below = self.command.get_subcommands().find(named).unwrap_or(self.command);
        below.get_arguments().find(|arg| arg.to_string() == option)?.get_help().map(ToString::to_string)
    }
}

fn say(fault: &clap::Error, help: &str, definitions: &Definitions, lang: Lang) -> String {
    let words = |key: &str| definitions.words(key).get(lang);
    let text = worded(&halt(fault).into(), &definitions.words).get(lang).to_owned();
    let usage = of(fault, ContextKind::Usage);
    let usage = usage.split_once(' ').map_or("", |(_, usage)| usage.trim());
    let usage = (!usage.is_empty()).then(|| format!("\n\n{}: {usage}", words("help_usage")));
    format!("{text}{help}{}\n\n{}", usage.unwrap_or_default(), words("usage_more"))
}

fn halt(fault: &clap::Error) -> Halt {
    let option = || of(fault, ContextKind::InvalidArg);
    let value = || of(fault, ContextKind::InvalidValue);
    match fault.kind() {
        ErrorKind::UnknownArgument if !option().starts_with('-') => Halt::new("usage_surplus").with("value", option()),
        ErrorKind::UnknownArgument => {
            let near = of(fault, ContextKind::SuggestedArg);
            Halt::new("usage_unknown_option").with("option", option()).near(some(&near))
        }
        ErrorKind::InvalidSubcommand => {
            let near = of(fault, ContextKind::SuggestedSubcommand);
            let halt = Halt::new("usage_unknown_command").with("command", of(fault, ContextKind::InvalidSubcommand));
            halt.near(some(&near))
        }
        ErrorKind::MissingSubcommand => Halt::new("usage_no_command"),
        ErrorKind::MissingRequiredArgument => Halt::new("usage_missing").with("options", option()),
        ErrorKind::ArgumentConflict => Halt::new("usage_repeated").with("option", option()),
        ErrorKind::InvalidValue if value().is_empty() => Halt::new("usage_no_value").with("option", option()),
        ErrorKind::InvalidValue => {
            let near = of(fault, ContextKind::SuggestedValue);
            let halt = Halt::new("usage_value_of").with("option", option()).with("value", value());
            halt.with("known", of(fault, ContextKind::ValidValue)).near(some(&near))
        }
        ErrorKind::InvalidUtf8 => Halt::new("usage_not_utf8"),
        _ => Halt::new("usage_value").with("option", option()).with("value", value()),
    }
}

fn some(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}

fn of(fault: &clap::Error, kind: ContextKind) -> String {
    match fault.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join(", "),
        Some(ContextValue::StyledStr(text)) => text.to_string(),
        Some(ContextValue::StyledStrs(texts)) => texts.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
        _ => String::new(),
    }
}
