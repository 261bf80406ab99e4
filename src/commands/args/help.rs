//! The words of `--help`, put into the commands before the arguments are read.

use crate::definitions::Definitions;
use crate::words::lang::Lang;
use clap::{Arg, Command};

/// What clap prints for itself.
const OPTIONS: &str = "[OPTIONS]";
const USAGE: &str = "Usage: ";

/// The command with its help in the language.
pub fn worded(mut command: Command, definitions: &Definitions, lang: Lang) -> Command {
    // Only a built command has its global options, its own --help, and its name in the usage.
    command.build();
    Helper { definitions, lang }.word(command)
}

#[derive(Clone, Copy)]
struct Helper<'d> {
    definitions: &'d Definitions,
    lang: Lang,
}

impl<'d> Helper<'d> {
    fn words(self, key: &str) -> Option<&'d str> {
        Some(self.definitions.words.get(key)?.get(self.lang))
    }

    fn text(self, key: &str) -> String {
        self.words(key).unwrap_or_default().to_owned()
    }

    fn word(self, command: Command) -> Command {
        let name = command.get_name().to_owned();
        let mut command = command
            .mut_args(|arg| self.word_arg(&name, arg))
            .mut_subcommands(|below| self.word(below))
            .subcommand_help_heading(self.text("help_commands"))
            .subcommand_value_name(self.text("value_command"))
            .help_template(format!(
                "{{about-with-newline}}\n{}: {{usage}}\n\n{{all-args}}{{after-help}}",
                self.text("help_usage")
            ));
        if let Some(about) = self.words(&format!("help_{name}")) {
            command = command.about(about.to_owned());
        }
        if let Some(more) = self.words(&format!("help_{name}_more")) {
            command = command.after_help(more.to_owned());
        }
        let usage = command.render_usage().to_string();
        let options = format!("[{}]", self.text("value_options"));
        command.override_usage(usage.trim_start_matches(USAGE).replace(OPTIONS, &options))
    }

    fn word_arg(self, command: &str, arg: Arg) -> Arg {
        let id = arg.get_id().as_str().to_owned();
        let help = self.words(&format!("option_{command}_{id}")).or_else(|| self.words(&format!("option_{id}")));
        let heading = if arg.is_positional() { "help_arguments" } else { "help_options" };
        let is_switch = !arg.get_action().takes_values();
        let names: Vec<String> =
            arg.get_value_names().unwrap_or_default().iter().map(|name| self.value(name)).collect();
        let arg = arg.hide_default_value(true).hide_possible_values(true);
        let arg = arg.help(help.unwrap_or_default().to_owned()).help_heading(self.text(heading));
        if is_switch || names.is_empty() { arg } else { arg.value_names(names) }
    }

    /// `FILE` → `ФАЙЛ`; what has no word stays.
    fn value(self, name: &str) -> String {
        let key = format!("value_{}", name.to_lowercase().replace(' ', "_"));
        self.words(&key).unwrap_or(name).to_owned()
    }
}
