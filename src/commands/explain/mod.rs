//! `esep explain`: where a figure comes from, what a record came to, what a finding means.

pub mod opened;
pub mod nearby;
pub mod sources;
pub mod kept;
pub mod shown;
pub mod cell;
pub mod query;
pub mod page;
pub mod uncounted;
pub mod record;
pub mod unfed;
pub mod target;
pub mod counts;

use crate::commands::explain::kept::Kept;
use crate::commands::explain::opened::Opened;
use crate::commands::explain::sources::Sources;
use crate::commands::out::speech::Speech;
use crate::commands::out::spoken::Spoken;
use crate::commands::out::status::{Misuse, misuse, unreadable};
use crate::commands::out::terminal;
use crate::commands::parts::given;
use crate::definitions::Definitions;
use crate::facts::trace::Wanted;
use crate::filed;
use crate::filed::form::Filed;
use crate::words::failure::{Halt, OrHalt};
use crate::words::lang::{Lang, Text};
use anyhow::{Context, Result};
use clap::Args;
use serde::Serialize;
use std::ops::Range;
use std::path::{Path, PathBuf};

/// Records that are told without `--all`.
const SHOWN: usize = 20;

/// `explain`: a finding code; a report and a cell; or a report and a record.
#[derive(Debug, Clone, Default, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a word of the command line")]
pub struct ExplainArgs {
    /// A finding code; or a report and a cell.
    #[arg(required = true, value_name = "REPORT CELL")]
    pub words: Vec<String>,
    /// Id of a record: the other way round.
    #[arg(long, value_name = "ID")]
    pub record: Option<String>,
    #[arg(long, num_args = 1.., value_name = "PATH")]
    pub sources: Vec<PathBuf>,
    /// The mends that the report was made with.
    #[arg(long, num_args = 1.., value_name = "FILE")]
    pub mends: Vec<PathBuf>,
    #[arg(long, num_args = 1.., value_name = "FILE")]
    pub previous: Vec<PathBuf>,
    #[arg(long, value_name = "FILE")]
    pub organisation: Option<PathBuf>,
    /// The records that no form counts, by reason.
    #[arg(long, conflicts_with_all = ["record", "sql"])]
    pub uncounted: bool,
    #[arg(long)]
    pub all: bool,
    /// The query that lists the records which a database counted.
    #[arg(long)]
    pub sql: bool,
    #[arg(long)]
    pub json: bool,
}

impl ExplainArgs {
    /// Answers on standard output; `true` when the sources are not those of the report or the records disagree.
    ///
    /// # Errors
    /// There is no such code, report, cell or record; something cannot be read.
    pub fn run(&self, spoken: &Spoken, definitions: &Definitions) -> Result<bool> {
        let first = self.words.first().map_or("", String::as_str);
        if self.record.is_none() && page::is_code(first, &definitions.forms) && !Path::new(first).exists() {
            let speech = Speech { definitions, lang: spoken.first().unwrap_or(spoken.terminal) };
            let page = page::explain(first, speech).context(Misuse)?;
            self.answer(&page, || page.print(speech))?;
            return Ok(false);
        }
        let (form, words) = form_of(self.words.get(1..).unwrap_or_default(), definitions);
        let open = |definitions| {
            let opened = Opened::open(Path::new(first), form, definitions)?;
            anyhow::Ok(Opened { organisation: self.organisation.clone(), ..opened })
        };
        let opened = open(definitions)?;
        let lang = spoken.first().or(opened.filed.langs.first().copied()).unwrap_or(spoken.terminal);
        let Some(used) = &opened.made.mapping else { return self.explain(&opened, words, lang, definitions) };
        let wrong = |fault: Box<Text>| misuse(Halt::new("fault_told").with_text("message", &fault));
        let taught = used.mapping.teach(definitions).map_err(wrong)?;
        self.explain(&open(&taught)?, words, lang, &taught)
    }

    /// With the definitions that the report was made with: its mapping's spellings are among them.
    fn explain(&self, opened: &Opened<'_>, words: &[String], lang: Lang, definitions: &Definitions) -> Result<bool> {
        let speech = Speech { definitions, lang };
        let (places, mends) =
            (given::paths(&self.sources).context(Misuse)?, given::paths(&self.mends).context(Misuse)?);
        let sources = Sources::find((&opened.made, &opened.file), (&places, &mends), definitions)?;
        if let Some(id) = &self.record {
            let page = record::explain(opened, id, &sources, speech)?;
            self.answer(&page, || page.print(speech))?;
            return Ok(!sources.are_same());
        }
        if self.uncounted {
            let kept = Kept::read(sources, opened, Wanted::All, definitions)?;
            let page = unfed::explain(opened, &kept, &self.shown(), None, speech)?;
            self.answer(&page, || page.print(speech))?;
            return Ok(!kept.sources.are_same());
        }
        let Filed { form, cells, .. } = &opened.filed;
        let at = target::find(form, cells, words).context(Misuse)?;
        if self.sql {
            terminal::answer_program(&query::query(opened, at, &sources, speech)?)?;
            return Ok(!sources.are_same());
        }
        let earlier = self.earlier(definitions)?;
        let kept = Kept::read(sources, opened, cell::wanted(opened, at, definitions), definitions)?;
        let page = cell::explain(opened, at, &kept, &earlier, self.shown(), speech)?;
        self.answer(&page, || page.print(speech))?;
        Ok(!kept.sources.are_same() || !page.records.agrees)
    }

    /// Which records of a cell, or of a kind, are told.
    fn shown(&self) -> Range<usize> {
        0..if self.all { usize::MAX } else { SHOWN }
    }

    fn answer(&self, page: &impl Serialize, print: impl Fn() -> String) -> Result<()> {
        if self.json {
            return terminal::answer_program(&(serde_json::to_string_pretty(page)? + "\n"));
        }
        terminal::answer(&print())
    }

    fn earlier<'d>(&self, definitions: &'d Definitions) -> Result<Vec<Filed<'d>>> {
        let read = |path: &PathBuf| {
            let place = || Halt::reading(path);
            let file = if path.is_dir() { path.join("report.json") } else { path.clone() };
            let bytes = std::fs::read(file).or_halt(place)?;
            filed::stored::read(&bytes, definitions).or_halt(place).map_err(unreadable)
        };
        given::paths(&self.previous).context(Misuse)?.iter().map(read).collect()
    }
}

/// The form, when the first word of the cell is one.
fn form_of<'w>(words: &'w [String], definitions: &'w Definitions) -> (Option<&'w str>, &'w [String]) {
    match words.split_first() {
        Some((form, rest)) if definitions.forms.iter().any(|known| known.form == definitions.form_meant(form)) => {
            (Some(definitions.form_meant(form)), rest)
        }
        _ => (None, words),
    }
}
