//! `esep init`: looks at a body's own files and proposes an organisation file and a mapping, for people to confirm.

pub mod column;
pub mod layout;
pub mod evidence;
pub mod meaning;
pub mod supply;
pub mod guess;
pub mod codes;
pub mod page;
pub mod questions;
pub mod body;
pub mod outcome;

use crate::commands::init::guess::Guess;
use crate::commands::init::layout::Layout;
use crate::commands::out::speech::Speech;
use crate::commands::out::spoken::Spoken;
use crate::commands::out::status::{NothingRead, misuse};
use crate::commands::out::terminal;
use crate::definitions::Definitions;
use crate::sources::survey::survey;
use crate::sources::{Discovered, Options};
use crate::words::failure::{Halt, OrHalt};
use crate::words::lang::Lang;
use anyhow::Result;
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
        let options = Options::default();
        let (sheets, discovered) = survey(&self.paths, &definitions.tables, &options)?;
        let Discovered { files, findings, passed, .. } = discovered;
        terminal::print_passed(&passed, definitions, spoken.first().unwrap_or(spoken.terminal));
        if sheets.is_empty() {
            let lang = spoken.first().unwrap_or(spoken.terminal);
            terminal::print_findings(&findings, definitions, lang);
            return Err(NothingRead::halt(findings));
        }
        let layouts = layout::gather(sheets, definitions, &options)?;
        let guessed = |layout: Layout| {
            let guesses = guess::guesses(&layout, definitions);
            (layout, guesses)
        };
        let parts: Vec<(Layout, Vec<Guess>)> = layouts.into_iter().map(guessed).collect();
        let languages = body::languages(&parts, Speech { definitions, lang: Lang::Ru });
        let commonest = languages.iter().max_by_key(|(_, count)| *count).map_or(Lang::Ru, |(lang, _)| *lang);
        let speech = Speech { definitions, lang: spoken.first().unwrap_or(commonest) };
        let out = self.folder();
        for name in [body::FILE, page::FILE, questions::FILE] {
            let place = out.join(name);
            if place.exists() && !self.force {
                return Err(misuse(Halt::new("fault_exists").at(&place)));
            }
        }
        fs::create_dir_all(&out).or_halt(|| Halt::writing(&out))?;
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
        for (name, bytes) in files {
            let place = out.join(name);
            fs::write(&place, bytes).or_halt(|| Halt::writing(&place))?;
        }
        Ok(outcome::tell((&self.paths, &out), looked_at, &parts, &unknown, &findings, speech))
    }
}
