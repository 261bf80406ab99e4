//! Filled forms of districts: who must report to a region, as far as the forms say.

use crate::commands::init::page::quoted;
use crate::commands::out::speech::Speech;
use crate::commands::parts::given;
use crate::consolidate::part::{NameNumbers, UnitReport};
use crate::definitions::Definitions;
use crate::definitions::spelling::fold_name;
use crate::filed;
use crate::report::input_file::InputFile;
use crate::values::cells::Party;
use crate::words::lang::is_kazakh;
use anyhow::Result;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// Files that are looked into before records are thought of, and what they may weigh: forms are small.
const GLANCED: usize = 3;
const SMALL: u64 = 4 << 20;

/// A unit as its forms call it.
#[derive(Debug, Default, PartialEq, Eq)]
struct FiledUnit {
    party: Party,
    /// Other spellings of the name.
    names: Vec<String>,
    files: Vec<String>,
}

/// What forms there are, and whose.
#[derive(Debug, Default)]
pub struct FiledUnits {
    units: Vec<FiledUnit>,
    /// Forms that say not whose they are.
    nameless: Vec<String>,
    pub forms: usize,
}

impl FiledUnits {
    /// `None`: the files hold no forms, as far as a glance tells.
    ///
    /// # Errors
    /// A pattern under which there is nothing, a folder that cannot be read.
    pub fn find(paths: &[PathBuf], out: &Path, definitions: &Definitions) -> Result<Option<Self>> {
        let files = given::reports(paths, &[&out.join("results")])?;
        let is_small = |path: &&PathBuf| path.metadata().is_ok_and(|file| file.len() <= SMALL);
        let is_form = |path: &PathBuf| filed::read::read(path, definitions).is_ok_and(|(forms, _)| !forms.is_empty());
        let small: Vec<&PathBuf> = files.iter().filter(is_small).collect();
        if !small.iter().take(GLANCED).any(|path| is_form(path)) {
            return Ok(None);
        }
        let (mut found, mut spellings) = (Self::default(), NameNumbers::default());
        let mut known: BTreeMap<String, usize> = BTreeMap::new();
        for path in small {
            let Ok((forms, _)) = filed::read::read(path, definitions) else { continue };
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            for filed in &forms {
                let source = InputFile { name: name.clone(), ..InputFile::default() };
                let part = UnitReport::new(filed, source, 0, &mut spellings);
                found.forms += 1;
                if part.is_nameless() {
                    found.nameless.push(name.clone());
                } else {
                    found.meet(&part.filer, &name, &mut known);
                }
            }
        }
        found
            .units
            .sort_by(|one, other| (&one.party.code, &one.party.name).cmp(&(&other.party.code, &other.party.name)));
        Ok(Some(found))
    }

    /// One unit for one code or one name, however it is written.
    fn meet(&mut self, party: &Party, file: &str, known: &mut BTreeMap<String, usize>) {
        let keys = [party.code.clone(), fold_name(&party.name)].into_iter().filter(|key| !key.is_empty());
        let keys: Vec<String> = keys.collect();
        let place = keys.iter().find_map(|key| known.get(key).copied()).unwrap_or(self.units.len());
        if place == self.units.len() {
            self.units.push(FiledUnit { party: party.clone(), ..FiledUnit::default() });
        }
        known.extend(keys.into_iter().map(|key| (key, place)));
        let unit = &mut self.units[place];
        if unit.party.name.is_empty() {
            unit.party.name.clone_from(&party.name);
        } else if unit.party.name != party.name && !party.name.is_empty() && !unit.names.contains(&party.name) {
            unit.names.push(party.name.clone());
        }
        if !unit.files.iter().any(|known| known == file) {
            unit.files.push(file.to_owned());
        }
    }

    /// The units for the organisation file, each with the files that name it.
    pub fn write(&self, speech: Speech<'_>) -> String {
        let mut text = speech.comment("init_filed_units", &[("count", &self.units.len().to_string())]);
        for file in &self.nameless {
            text.push_str(&speech.comment("init_filed_nameless", &[("file", file)]));
        }
        for unit in &self.units {
            let FiledUnit { party: Party { code, name }, names, files } = unit;
            let is_kato = code.len() == 9;
            let is_bin = code.len() == 12;
            let (kk, ru) = if is_kazakh(name) { (name.as_str(), "") } else { ("", name.as_str()) };
            let _ = write!(text, "\n[[unit]]  # {}\n", files.join(", "));
            let _ = writeln!(text, "kato = {}", quoted(if is_kato { code } else { "" }));
            let _ = writeln!(text, "name_ru = {}\nname_kk = {}", quoted(ru), quoted(kk));
            if is_bin {
                let _ = writeln!(text, "bin = {}", quoted(code));
            }
            if !names.is_empty() {
                let names: Vec<String> = names.iter().map(|name| quoted(name)).collect();
                let _ = writeln!(text, "names = [{}]", names.join(", "));
            }
        }
        text
    }

    /// What was found, and the next command.
    pub fn tell(&self, command: &str, speech: Speech<'_>) -> String {
        let slots = [("forms", self.forms.to_string()), ("units", self.units.len().to_string())];
        let slots = slots.each_ref().map(|(slot, value)| (*slot, value.as_str()));
        let nameless = self.nameless.iter().map(|file| speech.fill("init_filed_nameless", &[("file", file)]) + "\n");
        let told = speech.fill("init_filed_found", &slots);
        format!("{told}\n{}{}\n\n  {command}\n", nameless.collect::<String>(), speech.words("init_filed_next"))
    }
}
