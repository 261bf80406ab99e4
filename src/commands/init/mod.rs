//! `esep init`: looks at a body's own files and proposes an organisation file and a mapping, for people to confirm.

pub mod people;
pub mod column;
pub mod layout;
pub mod unreadable;
pub mod evidence;
pub mod meaning;
pub mod supply;
pub mod guess;
pub mod codes;
pub mod page;
pub mod questions;
pub mod body;
pub mod units;
pub mod outcome;

use crate::commands::init::guess::Guess;
use crate::commands::init::layout::Layout;
use crate::commands::init::units::FiledUnits;
use crate::commands::out::speech::Speech;
use crate::commands::out::spoken::Spoken;
use crate::commands::out::status::{Misuse, NothingRead, misuse};
use crate::commands::out::terminal;
use crate::commands::parts::given;
use crate::definitions::Definitions;
use crate::sources::survey::survey;
use crate::sources::{Discovered, Options};
use crate::words::failure::{Halt, OrHalt};
use crate::words::lang::Lang;
use anyhow::{Context, Result};
use clap::Args;
use std::fs;
use std::path::{Path, PathBuf};

/// `init`: a body's own files.
#[derive(Debug, Clone, Default, Args)]
pub struct InitArgs {
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Beside the first path, where nothing is said.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    #[arg(long)]
    pub force: bool,
}

impl InitArgs {
    /// Where the files go.
    fn folder(&self) -> PathBuf {
        let beside = || self.paths.first().and_then(|path| path.parent()).map(Path::to_owned).unwrap_or_default();
        self.out.clone().unwrap_or_else(beside)
    }

    /// Writes both files; what was found, what is missing, and the next command, in the language of the reader.
    pub fn run(&self, spoken: &Spoken, definitions: &Definitions) -> Result<String> {
        if let Some(filed) = FiledUnits::find(&self.paths, &self.folder(), definitions).context(Misuse)? {
            let speech = Speech { definitions, lang: spoken.first().unwrap_or(spoken.terminal) };
            return self.of_units(&filed, speech);
        }
        let options = Options::default();
        let paths = given::paths(&self.paths).context(Misuse)?;
        let (sheets, discovered) = survey(&paths, &definitions.tables, &options)?;
        let Discovered { files, findings, passed, .. } = discovered;
        terminal::print_passed(&passed, definitions, spoken.first().unwrap_or(spoken.terminal));
        if sheets.is_empty() {
            let lang = spoken.first().unwrap_or(spoken.terminal);
            terminal::print_findings(&findings, definitions, lang);
            return Err(NothingRead::halt(findings));
        }
        let layouts = layout::gather(sheets, definitions, &options)?;
        let guessed = |layout: Layout| {
            // of months side by side that their titles tell apart one alone would be read, and the others lost
            let is_lost = !layout.beside().is_empty() && layout.repeated().is_empty();
            let guesses = if is_lost { Vec::new() } else { guess::guesses(&layout, definitions) };
            (layout, guesses)
        };
        let parts: Vec<(Layout, Vec<Guess>)> = layouts.into_iter().map(guessed).collect();
        let languages = body::languages(&parts, Speech { definitions, lang: Lang::Ru });
        let commonest = languages.iter().max_by_key(|(_, count)| *count).map_or(Lang::Ru, |(lang, _)| *lang);
        let speech = Speech { definitions, lang: spoken.first().unwrap_or(commonest) };
        let unknown = codes::unknown(&parts, definitions);
        let organisation = body::write(&parts, &languages, speech);
        let mapping = page::write(&parts, &unknown, speech);
        let looked_at = files.len();
        let asked = questions::write(&parts, &unknown, speech)?;
        let files = [
            (body::FILE, organisation.as_bytes()),
            (page::FILE, mapping.as_bytes()),
            (questions::FILE, asked.as_slice()),
        ];
        let out = self.write(&files)?;
        Ok(outcome::tell((&self.paths, &out), looked_at, &parts, &unknown, &findings, speech))
    }

    /// Writes the files, none of them over another unless that is asked for; where they stand.
    fn write(&self, files: &[(&str, &[u8])]) -> Result<PathBuf> {
        let out = self.folder();
        for (name, _) in files {
            let place = out.join(name);
            if place.exists() && !self.force {
                return Err(misuse(Halt::new("fault_exists").at(&place)));
            }
        }
        fs::create_dir_all(&out).or_halt(|| Halt::writing(&out))?;
        for (name, bytes) in files {
            let place = out.join(name);
            fs::write(&place, bytes).or_halt(|| Halt::writing(&place))?;
        }
        Ok(out)
    }

    /// Filled forms of districts: the organisation file with its units.
    fn of_units(&self, filed: &FiledUnits, speech: Speech<'_>) -> Result<String> {
        let organisation = body::head(&[], &[(speech.lang, 0)], speech) + "\n" + &filed.write(speech);
        let out = self.write(&[(body::FILE, organisation.as_bytes())])?;
        let paths: Vec<String> = self.paths.iter().map(|path| outcome::shell(path)).collect();
        let (organisation, results) = (outcome::shell(&out.join(body::FILE)), outcome::shell(&out.join("results")));
        let command = format!("esep consolidate {} --organisation {organisation} --out {results}", paths.join(" "));
        Ok(filed.tell(&command, speech))
    }
}
