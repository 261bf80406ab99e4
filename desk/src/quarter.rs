//! A quarter's folder: which form it is for, what is frozen.

use crate::folder::{Folder, is_quarter};
use crate::notation::{entry, list};
use crate::refusal::Refusal;
use crate::store;
use esep::definitions::Definitions;
use esep::definitions::notation::parse_toml;
use esep::values::period::Quarter;
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use std::fmt::Write;
use std::path::PathBuf;

/// The file of a quarter's settings.
const FILE: &str = "quarter.toml";

/// What was chosen for a quarter.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The first first.
    #[serde(default)]
    pub forms: Vec<String>,
    /// The folder in `sent/` that was frozen; empty: the quarter is open.
    #[serde(default)]
    pub frozen: String,
    /// Why it was opened again, each time.
    #[serde(default)]
    pub reopened: Vec<String>,
    /// As earlier desks wrote it; what is not to be read stands in the mapping, by which alone runs have ever gone.
    #[serde(default, skip_serializing)]
    pub unread: IgnoredAny,
}

/// A quarter that has a folder.
#[derive(Debug, Clone)]
pub struct OpenQuarter {
    pub name: String,
    pub quarter: Quarter,
    pub settings: Settings,
    /// Version of the settings' file.
    pub version: String,
}

impl OpenQuarter {
    /// # Errors
    /// There is no such quarter, or its settings cannot be read.
    pub fn open(folder: &Folder, name: &str) -> Result<Self, Refusal> {
        let absent = || Refusal::new(404, "refused_absent");
        let quarter = Quarter::parse(name).ok().filter(|_| is_quarter(name)).ok_or_else(absent)?;
        let place = folder.place(&[name])?;
        if !place.is_dir() {
            return Err(absent());
        }
        let (text, version) = store::read(&folder.place(&[name, FILE])?)?;
        let settings = parse_toml(&text).map_err(|_| Refusal::new(422, "refused_settings"))?;
        Ok(Self { name: name.to_owned(), quarter, settings, version })
    }

    /// The form of this name, if it is one of the quarter's; else the first.
    pub fn form_named(&self, name: &str) -> &str {
        let forms = &self.settings.forms;
        forms.iter().find(|form| *form == name).or(forms.first()).map_or("", String::as_str)
    }

    /// Path from the root on.
    pub fn file(&self, name: &str) -> String {
        format!("{}/{name}", self.name)
    }

    /// # Errors
    /// A link on the way.
    pub fn place(&self, folder: &Folder, parts: &[&str]) -> Result<PathBuf, Refusal> {
        folder.place(&[&[self.name.as_str()], parts].concat())
    }

    /// # Errors
    /// What was sent stays as it was sent.
    pub fn writable(&self) -> Result<(), Refusal> {
        if self.settings.frozen.is_empty() { Ok(()) } else { Err(Refusal::new(423, "refused_frozen")) }
    }
}

impl Settings {
    /// The settings' file.
    pub fn print(&self) -> String {
        let mut text = String::new();
        let _ = writeln!(text, "forms = {}", list(&self.forms));
        entry(&mut text, "frozen", &self.frozen);
        let _ = writeln!(text, "reopened = {}", list(&self.reopened));
        text
    }

    /// # Errors
    /// There is none, or the quarter has no such form.
    pub fn check(&self, quarter: Quarter, definitions: &Definitions) -> Result<(), Refusal> {
        for form in &self.forms {
            definitions.form(form, quarter).map_err(|fault| Refusal::said(&fault, &definitions.words))?;
        }
        if self.forms.is_empty() { Err(Refusal::malformed()) } else { Ok(()) }
    }
}

/// Name of the settings' file.
pub fn file() -> &'static str {
    FILE
}

/// Makes the folder of a quarter.
///
/// # Errors
/// It is no quarter, the quarter has no such form, the folder cannot be made.
pub fn begin(folder: &Folder, name: &str, form: &str, definitions: &Definitions) -> Result<OpenQuarter, Refusal> {
    let parsed = Quarter::parse(name).map_err(|fault| Refusal::said(&fault, &definitions.words))?;
    if !is_quarter(name) {
        return Err(Refusal::malformed());
    }
    let settings = Settings { forms: vec![form.to_owned()], ..Settings::default() };
    settings.check(parsed, definitions)?;
    for part in ["records", "received", "attachments"] {
        std::fs::create_dir_all(folder.place(&[name, part])?)?;
    }
    OpenQuarter::open(folder, name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_of_an_earlier_desk_is_opened() {
        let old = "forms = [\"2-mk\"]\nunread = [\"a.xlsx\"]\nfrozen = \"\"\nreopened = []\n";
        let settings: Settings = parse_toml(old).expect("its settings");
        assert_eq!(settings.forms, ["2-mk"]);
        assert!(!settings.print().contains("unread"), "{}", settings.print());
        assert!(parse_toml::<Settings>("forms = []\nother = 1\n").is_err());
    }
}
