//! `esep explain`: where a figure comes from, what a record came to, what a finding means.

pub mod sources;
pub mod speech;
pub mod uncounted;
pub mod target;
pub mod cell;
pub mod page;
pub mod record;

use crate::body::organisation::Organisation;
use crate::commands::explain::sources::Sources;
use crate::commands::explain::speech::Speech;
use crate::commands::out::status::{Misuse, misuse};
use crate::commands::out::terminal;
use crate::definitions::Definitions;
use crate::filed;
use crate::filed::form::Filed;
use crate::filed::provenance::Made;
use crate::report::wording::severity;
use crate::words::failure::{Halt, OrHalt};
use crate::words::finding::{Finding, Severity};
use crate::words::lang::{Lang, Text};
use anyhow::{Context, Result, bail};
use serde::Serialize;
use std::path::{Path, PathBuf};

/// What the user asked for.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// A finding code; or a report and a cell.
    pub words: Vec<String>,
    /// Id of a record: the other way round.
    pub record: Option<String>,
    pub sources: Vec<PathBuf>,
    pub previous: Vec<PathBuf>,
    pub organisation: Option<PathBuf>,
    pub all: bool,
    pub json: bool,
    /// Absent: the report's first language.
    pub lang: Option<Lang>,
    /// Language of what belongs to no report.
    pub terminal: Lang,
}

/// A stored report that was opened, with what it was made from.
#[derive(Debug)]
pub struct Opened<'d> {
    pub filed: Filed<'d>,
    pub made: Made,
}

impl Opened<'_> {
    /// The organisation file joins names and codes of units; without it they are known by the records alone.
    fn organisation(&self, request: &Request) -> Result<Organisation> {
        match &request.organisation {
            Some(path) => Organisation::read(path).context(Misuse),
            None => Ok(Organisation { bin: self.filed.organisation.bin.clone(), ..Organisation::default() }),
        }
    }
}

impl Speech<'_> {
    fn severity(&self, finding: &Finding) -> Severity {
        severity(finding, self.definitions, None)
    }
}

/// Answers on standard output; `true` when the sources are not those of the report or the records disagree.
pub fn run(request: &Request, definitions: &Definitions) -> Result<bool> {
    let speech = |lang: Option<&Lang>| {
        let lang = request.lang.or(lang.copied()).unwrap_or(request.terminal);
        Speech { definitions, lang }
    };
    let first = request.words.first().map_or("", String::as_str);
    if request.record.is_none() && page::is_code(first, &definitions.forms) && !Path::new(first).exists() {
        let page = page::explain(first, speech(None)).context(Misuse)?;
        answer(request, &page, || page.print(speech(None)))?;
        return Ok(false);
    }
    let (form, words) = form_of(request.words.get(1..).unwrap_or_default(), definitions);
    let opened = open(Path::new(first), form, definitions)?;
    let Some(used) = &opened.made.mapping else { return explain(request, definitions, &opened, words) };
    let wrong = |fault: Box<Text>| misuse(Halt::new("fault_told").with_text("message", &fault));
    let taught = used.mapping.teach(definitions).map_err(wrong)?;
    explain(request, &taught, &open(Path::new(first), form, &taught)?, words)
}

/// With the definitions that the report was made with: its mapping's spellings are among them.
fn explain(request: &Request, definitions: &Definitions, opened: &Opened<'_>, words: &[String]) -> Result<bool> {
    let lang = request.lang.or(opened.filed.langs.first().copied()).unwrap_or(request.terminal);
    let speech = Speech { definitions, lang };
    let sources = Sources::find(&opened.made, &request.sources, definitions)?;
    if let Some(id) = &request.record {
        let page = record::explain(opened, id, &sources, request, speech)?;
        answer(request, &page, || page.print(speech))?;
        return Ok(!sources.are_same());
    }
    let Filed { form, cells, .. } = &opened.filed;
    let at = target::find(form, cells, words).context(Misuse)?;
    let earlier = earlier(request, definitions)?;
    let page = cell::explain(opened, at, &sources, &earlier, request, speech)?;
    answer(request, &page, || page.print(speech))?;
    Ok(!sources.are_same() || !page.records.agrees)
}

fn answer(request: &Request, page: &impl Serialize, print: impl Fn() -> String) -> Result<()> {
    terminal::answer(&if request.json { serde_json::to_string_pretty(page)? + "\n" } else { print() })
}

/// The form, when the first word of the cell is one.
fn form_of<'w>(words: &'w [String], definitions: &Definitions) -> (Option<&'w str>, &'w [String]) {
    match words.split_first() {
        Some((form, rest)) if definitions.forms.iter().any(|known| known.form == *form) => (Some(form), rest),
        _ => (None, words),
    }
}

/// A `report.json`, the folder of a report, or a folder of such folders.
pub fn open<'d>(path: &Path, form: Option<&str>, definitions: &'d Definitions) -> Result<Opened<'d>> {
    let file = if path.is_dir() && !path.join("report.json").exists() {
        let mut folders: Vec<PathBuf> = Vec::new();
        for entry in std::fs::read_dir(path).or_halt(|| Halt::reading(path))? {
            let folder = entry?.path();
            let own = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let meant = form.is_none_or(|form| own.starts_with(&format!("{form}_")));
            if meant && folder.join("report.json").exists() {
                folders.push(folder);
            }
        }
        folders.sort();
        // The whole before its units: a unit's folder has the unit at the end.
        let whole = folders
            .iter()
            .filter(|folder| folder.file_name().is_some_and(|name| name.to_string_lossy().matches('_').count() == 2))
            .cloned();
        match (&folders[..], &whole.collect::<Vec<_>>()[..]) {
            ([folder], _) | (_, [folder]) => folder.join("report.json"),
            ([], _) => bail!(misuse(Halt::new("explain_no_report").at(path))),
            (several, _) => {
                let own = several.iter().filter_map(|folder| folder.file_name()).map(|name| name.to_string_lossy());
                let names = own.collect::<Vec<_>>().join(", ");
                bail!(misuse(Halt::new("explain_several_reports").at(path).with("names", names)));
            }
        }
    } else if path.is_dir() {
        path.join("report.json")
    } else {
        path.to_owned()
    };
    let bytes = std::fs::read(&file).or_halt(|| Halt::new("explain_no_report").at(path))?;
    let filed = filed::stored::read(&bytes, definitions).or_halt(|| Halt::reading(&file)).context(Misuse)?;
    if let Some(form) = form.filter(|form| *form != filed.form.form) {
        bail!(misuse(Halt::new("explain_no_report").with("path", format!("{} {form}", path.display()))));
    }
    Ok(Opened { made: filed::provenance::read(&bytes)?, filed })
}

fn earlier<'d>(request: &Request, definitions: &'d Definitions) -> Result<Vec<Filed<'d>>> {
    let read = |path: &PathBuf| {
        let place = || Halt::reading(path);
        let file = if path.is_dir() { path.join("report.json") } else { path.clone() };
        let bytes = std::fs::read(file).or_halt(place)?;
        filed::stored::read(&bytes, definitions).or_halt(place).context(Misuse)
    };
    request.previous.iter().map(read).collect()
}
