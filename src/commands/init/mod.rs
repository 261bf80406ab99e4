//! `esep init`: looks at a body's own files and proposes an organisation file and a mapping, for people to confirm.

pub mod column;
pub mod layout;
pub mod guess;
pub mod codes;
pub mod speech;
pub mod page;
pub mod body;
pub mod outcome;

use crate::commands::init::guess::Guess;
use crate::commands::init::layout::Layout;
use crate::commands::init::speech::Speech;
use crate::commands::out::status::{NothingRead, misuse};
use crate::definitions::Definitions;
use crate::sources::survey::survey;
use crate::sources::{Discovered, Options};
use crate::words::failure::{Halt, OrHalt};
use crate::words::lang::Lang;
use anyhow::Result;
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
    let Discovered { files, findings, passed, .. } = discovered;
    crate::commands::out::terminal::print_passed(&passed, definitions, request.lang.unwrap_or(request.terminal));
    if sheets.is_empty() {
        let lang = request.lang.unwrap_or(request.terminal);
        crate::commands::out::terminal::print_findings(&findings, definitions, lang);
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
    Ok(outcome::tell(request, files.len(), &parts, &unknown, &findings, speech))
}
