//! The first minute: `esep` alone, with a folder or with a file says what can be done with it, and the next command.

use crate::commands::out::terminal::answer;
use crate::definitions::Definitions;
use crate::filed;
use crate::words::lang::Lang;
use anyhow::Result;
use std::ffi::OsString;
use std::path::Path;

/// Which words answer, and what they are about; none where a command was asked for.
pub(crate) fn of(words: &[OsString], commands: &[&str], definitions: &Definitions) -> Option<(&'static str, String)> {
    match words {
        [_] => Some(("first_nothing", String::new())),
        [_, word] if !commands.iter().any(|command| word == command) => {
            let path = Path::new(word);
            let key = if path.is_dir() {
                of_folder(path)
            } else if path.is_file() {
                of_file(path, definitions)
            } else {
                return None;
            };
            Some((key, word.to_string_lossy().into_owned()))
        }
        _ => None,
    }
}

fn of_folder(path: &Path) -> &'static str {
    let has = |name: &str| path.join(name).is_file();
    match () {
        () if has("report.json") => "first_results",
        () if has("organisation.toml") && has("mapping.toml") => "first_mapped",
        () if has("organisation.toml") => "first_body",
        () => "first_folder",
    }
}

fn of_file(path: &Path, definitions: &Definitions) -> &'static str {
    let is_form = filed::read::read(path, definitions).is_ok_and(|(forms, _)| !forms.is_empty());
    let is_data = path.extension().is_some_and(|extension| ["toml", "md"].iter().any(|own| extension == *own));
    match is_form {
        true => "first_form",
        false if is_data => "first_nothing",
        false => "first_records",
    }
}

/// Says it on standard output.
///
/// # Errors
/// Standard output cannot be written.
pub(crate) fn say((key, path): (&str, String), definitions: &Definitions, lang: Lang) -> Result<()> {
    let quoted = if path.contains(' ') { format!("\"{path}\"") } else { path };
    let text = definitions.words(key).fill(&[("path".to_owned(), quoted)]);
    answer(&format!("{}\n", text.get(lang)))
}
