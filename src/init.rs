//! `esep init`: looks at a body's own files and proposes an organisation file and a mapping, for people to confirm.

mod body;
mod codes;
mod column;
mod guess;
mod layout;
mod page;
mod speech;
mod told;

use crate::definitions::Definitions;
use crate::halt::{Halt, OrHalt};
use crate::ingest::survey::survey;
use crate::ingest::{Discovered, Options};
use crate::lang::Lang;
use crate::run::{NothingRead, misuse};
use anyhow::Result;
use guess::Guess;
use layout::Layout;
use speech::Speech;
use std::fs;
use std::path::PathBuf;

const ORGANISATION: &str = "organisation.toml";
const MAPPING: &str = "mapping.toml";

/// What the user asked for.
#[derive(Debug, Clone, Default)]
pub struct Request {
    pub paths: Vec<PathBuf>,
    pub out: PathBuf,
    /// Absent: that of the headers.
    pub lang: Option<Lang>,
    /// Language of what belongs to no file.
    pub terminal: Lang,
    pub force: bool,
}

/// Writes both files; what was found, what is missing, and the next command, in the language of the reader.
pub fn run(request: &Request, definitions: &Definitions) -> Result<String> {
    let options = Options::default();
    let (sheets, discovered) = survey(&request.paths, &definitions.tables, &options)?;
    let Discovered { files, findings, .. } = discovered;
    if sheets.is_empty() {
        let lang = request.lang.unwrap_or(request.terminal);
        crate::run::print_findings(&findings, definitions, lang);
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
    let speech = Speech { definitions, lang: request.lang.unwrap_or(commonest) };
    for name in [ORGANISATION, MAPPING] {
        let place = request.out.join(name);
        if place.exists() && !request.force {
            return Err(misuse(Halt::new("fault_exists").at(&place)));
        }
    }
    fs::create_dir_all(&request.out).or_halt(|| Halt::writing(&request.out))?;
    let unknown = codes::unknown(&parts, definitions);
    let organisation = body::write(&parts, &languages, speech);
    let mapping = page::write(&parts, &unknown, speech);
    for (name, text) in [(ORGANISATION, &organisation), (MAPPING, &mapping)] {
        let place = request.out.join(name);
        fs::write(&place, text).or_halt(|| Halt::writing(&place))?;
    }
    Ok(told::tell(request, files.len(), &parts, &unknown, &findings, speech))
}
