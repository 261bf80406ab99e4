//! `esep demo`: an akimat's quarter with planted faults, and a short script to follow.

use crate::definitions::Definitions;
use crate::words::failure::{Halt, OrHalt};
use crate::words::lang::Lang;
use anyhow::{Result, ensure};
use include_dir::{Dir, include_dir};
use std::fmt::Write;
use std::fs;
use std::path::Path;

static SAMPLE: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/sample-data/akimat-2026Q3");

/// Where the records lie below the folder of the demonstration.
const RECORDS: &str = "records";
const ORGANISATION: &str = "organisation.toml";
const SCRIPT: &str = "README.txt";
const STARTER: &str = "esep.cmd";
/// The steps of the script: the key of its words, and how the command that goes with it ends.
const STEPS: [(&str, Option<&str>); 4] =
    [("demo_fill", Some("")), ("demo_look", None), ("demo_mend", None), ("demo_again", Some(" --force"))];

/// Writes the demonstration into a folder that is new or empty.
pub fn write(folder: &Path, definitions: &Definitions) -> Result<()> {
    let is_free = !folder.exists() || fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none());
    ensure!(is_free, Halt::new("fault_not_empty").at(folder));
    let records = folder.join(RECORDS);
    fs::create_dir_all(&records).or_halt(|| Halt::writing(&records))?;
    for file in SAMPLE.files() {
        let name = file.path();
        let place = if name == Path::new(ORGANISATION) { folder.join(name) } else { records.join(name) };
        fs::write(&place, file.contents()).or_halt(|| Halt::writing(&place))?;
    }
    let script = [Lang::Kk, Lang::Ru, Lang::En].map(|lang| script(definitions, lang)).join("\n");
    fs::write(folder.join(SCRIPT), script).or_halt(|| Halt::writing(SCRIPT))?;
    match std::env::current_exe() {
        // whoever unpacked the program and double-clicks has it on no path
        Ok(program) if cfg!(windows) => {
            fs::write(folder.join(STARTER), starter(&program)).or_halt(|| Halt::writing(STARTER))
        }
        _ => Ok(()),
    }
}

/// A script of Windows by whose name the program is found in this folder.
fn starter(program: &Path) -> String {
    let program = program.display().to_string().replace('%', "%%"); // else the name of a variable
    format!("@echo off\r\nchcp 65001 >nul\r\n\"{program}\" %*\r\n")
}

fn script(definitions: &Definitions, lang: Lang) -> String {
    let words = |key: &str| definitions.words(key).get(lang).to_owned();
    let mut text = format!("{}\n\n", words("demo_title"));
    let form = definitions.forms.iter().find(|form| form.usual).map_or("", |form| form.form.as_str());
    let command =
        format!("esep generate {RECORDS} --form {form} --period 2026Q3 --organisation {ORGANISATION} --out results");
    for (number, (key, end)) in (1..).zip(STEPS) {
        let _ = writeln!(text, "{number}. {}", words(key));
        if let Some(end) = end {
            let _ = writeln!(text, "\n   {command}{end}\n");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_starter_hands_all_words_on() {
        let text = starter(Path::new(r"C:\Есеп 100%\esep.exe"));
        assert_eq!(text.lines().last(), Some("\"C:\\Есеп 100%%\\esep.exe\" %*"));
        assert!(text.lines().count() == 3 && text.ends_with("\r\n"));
    }
}
