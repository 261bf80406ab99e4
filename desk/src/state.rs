//! The desk's state: read from the folder each time, so that what was changed by hand appears.

use crate::behind::Behind;
use crate::board::Board;
use crate::folder::Folder;
use crate::gate::{Gate, secret};
use crate::journal::Journal;
use crate::page::DeskPage;
use crate::quarter::OpenQuarter;
use crate::refusal::Refusal;
use crate::rows::Rows;
use crate::run::Runs;
use crate::survey::Surveyed;
use crate::work::Work;
use crate::{empty, mapping, mends, organisation, received, results, sent, stamp, store};
use esep::body::organisation::Organisation;
use esep::commands::parts::body;
use esep::definitions::Definitions;
use esep::definitions::due::{DayOfDue, dues};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How long a ticket opens its file.
const TICKET: Duration = Duration::from_secs(600);

/// The desk that runs.
#[derive(Debug)]
pub struct App {
    pub folder: Folder,
    pub definitions: Definitions,
    pub page: DeskPage,
    pub gate: Gate,
    pub runs: Arc<Runs>,
    /// Ticket → file, what it is, since when.
    tickets: Mutex<BTreeMap<String, (PathBuf, &'static str, Instant)>>,
    /// What was surveyed last, and of which files.
    pub surveyed: Mutex<Option<(String, Arc<Surveyed>)>>,
    /// The rows of the records, and of which files.
    pub rows: Mutex<Option<(String, Arc<Rows>)>>,
    /// The board that was read last, and of which files.
    pub board: Mutex<Option<(String, Arc<Board>)>>,
    /// The records of the last run.
    pub behind: Behind,
    /// Held while something is changed.
    writing: Mutex<()>,
    beat: Mutex<Instant>,
}

impl App {
    pub fn new(folder: Folder, definitions: Definitions, page: DeskPage, gate: Gate) -> Self {
        Self {
            folder,
            definitions,
            page,
            gate,
            runs: Arc::default(),
            tickets: Mutex::default(),
            surveyed: Mutex::default(),
            rows: Mutex::default(),
            board: Mutex::default(),
            behind: Behind::default(),
            writing: Mutex::default(),
            beat: Mutex::new(Instant::now()),
        }
    }

    /// One change at a time.
    pub fn write(&self) -> MutexGuard<'_, ()> {
        self.writing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Somebody is there.
    pub fn beat(&self) {
        *self.beat.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    /// For how long nobody has been there.
    pub fn quiet(&self) -> Duration {
        self.beat.lock().unwrap_or_else(PoisonError::into_inner).elapsed()
    }

    /// A secret address for a file, for a while: a tab of its own sends no token.
    ///
    /// # Errors
    /// The system gives no random numbers.
    pub fn ticket(&self, file: PathBuf, kind: &'static str) -> Result<String, Refusal> {
        let ticket = secret()?;
        let mut tickets = self.tickets.lock().unwrap_or_else(PoisonError::into_inner);
        tickets.retain(|_, (_, _, since)| since.elapsed() < TICKET);
        tickets.insert(ticket.clone(), (file, kind, Instant::now()));
        Ok(ticket)
    }

    pub fn redeem(&self, ticket: &str) -> Option<(PathBuf, &'static str)> {
        let tickets = self.tickets.lock().unwrap_or_else(PoisonError::into_inner);
        let (file, kind, since) = tickets.get(ticket)?;
        (since.elapsed() < TICKET).then(|| (file.clone(), *kind))
    }

    /// Who reports, if the file is there and sound.
    pub fn organisation(&self) -> Option<Organisation> {
        body::read(&self.folder.place(&[organisation::FILE]).ok()?, &self.definitions).ok()
    }

    /// Everything that the desk's pages are drawn from.
    ///
    /// # Errors
    /// Something of the folder cannot be read.
    pub fn state(&self, quarter: Option<&str>, form: &str) -> Result<Value, Refusal> {
        let quarters = self.folder.quarters();
        let name = quarter.map(str::to_owned).or_else(|| quarters.first().cloned());
        let forms: Vec<Value> = newest(&self.definitions);
        let organisation = self.folder.place(&[organisation::FILE])?;
        let own = self.organisation();
        let quarter = name.map(|name| self.quarter(&name, form, own.as_ref())).transpose()?;
        Ok(json!({
            "program": env!("CARGO_PKG_VERSION"),
            "root": self.folder.root().display().to_string(),
            "today": today(),
            "forms": forms,
            "quarters": quarters,
            "organisation": own.as_ref().map(organisation::told),
            "organisation_known": store::version(&organisation)?,
            "mapping_known": store::version(&self.folder.place(&[mapping::FILE])?)?,
            "quarter": quarter,
            "run": self.runs.standing(),
        }))
    }

    fn quarter(&self, name: &str, form: &str, organisation: Option<&Organisation>) -> Result<Value, Refusal> {
        let open = OpenQuarter::open(&self.folder, name)?;
        let form = open.form_named(form);
        let of = |work, form| -> Result<Option<PathBuf>, Refusal> {
            let found = organisation.map(|own| results::folder(&self.folder, &open, (work, form, &own.bin)));
            Ok(found.transpose()?.flatten())
        };
        let results = of(Work::Own, form)?;
        let told = results.as_ref().map(|results| results::findings(results)).transpose()?;
        let mut open_of = BTreeMap::new();
        for other in &open.settings.forms {
            let told = of(Work::Own, other)?.map(|place| results::findings(&place)).transpose()?;
            open_of.insert(other, told.map(|told| told.counts()));
        }
        let (text, mends_known) = store::read(&open.place(&self.folder, &[mends::FILE])?)?;
        let (empty, empty_known) = store::read(&open.place(&self.folder, &[empty::FILE])?)?;
        let mut journal = Journal::of(&self.folder, name).entries()?;
        let all = journal.len();
        let undone: Vec<u64> = journal.iter().filter_map(|entry| entry.undoes).collect();
        let latest: BTreeMap<String, u64> = journal.iter().map(|entry| (entry.file.clone(), entry.n)).collect();
        journal.reverse();
        journal.truncate(100);
        let journal: Vec<Value> = journal
            .iter()
            .map(|entry| {
                // what others built upon is not undone below them
                let can = latest.get(&entry.file) == Some(&entry.n) && !undone.contains(&entry.n);
                json!({ "n": entry.n, "at": entry.at, "what": entry.what, "file": entry.file, "can": can })
            })
            .collect();
        Ok(json!({
            "name": open.name,
            "form": form,
            "open_of": open_of,
            "settings": open.settings,
            "known": open.version,
            "deadlines": self.deadlines(&open, form),
            "files": files(&open.place(&self.folder, &["records"])?)?,
            "attachments": files(&open.place(&self.folder, &["attachments"])?)?,
            "received": files(&open.place(&self.folder, &[received::FOLDER])?)?,
            "consolidated": of(Work::Region, form)?.is_some()
                && stamp::is_fresh(&self.folder, &open, (Work::Region, form))?,
            "results": results.is_some(),
            "fresh": results.is_some() && stamp::is_fresh(&self.folder, &open, (Work::Own, form))?,
            "counts": told.map(|told| told.counts()),
            "needs": needs(&self.definitions, &open),
            "empty": empty::read(&empty, &self.definitions).unwrap_or_default(),
            "empty_known": empty_known,
            "mends": mends::read(&text).map_or(0, |mends| mends.len()),
            "mends_known": mends_known,
            "narrative_known": store::version(&open.place(&self.folder, &[crate::questions::FILE])?)?,
            "confirm_known": store::version(&open.place(&self.folder, &[crate::warnings::FILE])?)?,
            "sent": sent::all(&self.folder, &open)?,
            "journal": journal,
            "journal_all": all,
        }))
    }

    /// When the form is due, to whom.
    fn deadlines(&self, open: &OpenQuarter, form: &str) -> Vec<Value> {
        let all = dues(&self.definitions, open.quarter, None).unwrap_or_default();
        let own = all.into_iter().filter(|due| due.form.is_some_and(|of| of.form == form));
        own.map(|due| {
            let (off, next) = match &due.day {
                DayOfDue::Off { name, next } => (Some(name.clone()), *next),
                _ => (None, None),
            };
            json!({
                "who": due.deadline.who,
                "to": due.deadline.to,
                "of_units": due.deadline.of_units,
                "date": due.date.to_string(),
                "off": off,
                "next": next.map(|day| day.to_string()),
                "left": due.days_left(chrono::Local::now().date_naive()),
            })
        })
        .collect()
    }
}

/// Today, local.
pub fn today() -> String {
    chrono::Local::now().format("%Y-%m-%d").to_string()
}

/// Files of a folder with their sizes and versions for the page; hidden ones are the program's own.
fn files(place: &std::path::Path) -> Result<Vec<Value>, Refusal> {
    let mut files = Vec::new();
    for entry in fs::read_dir(place).into_iter().flatten() {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.file_type()?.is_file() && !name.starts_with('.') {
            files.push((name, entry.metadata()?.len()));
        }
    }
    files.sort_unstable();
    Ok(files.into_iter().map(|(name, bytes)| json!({ "name": name, "bytes": bytes })).collect())
}

/// The newest edition of every form.
fn newest(definitions: &Definitions) -> Vec<Value> {
    let mut forms: BTreeMap<&str, &esep::definitions::form::Form> = BTreeMap::new();
    for form in &definitions.forms {
        let known = forms.entry(&form.form).or_insert(form);
        if form.valid_from > known.valid_from {
            *known = form;
        }
    }
    let title =
        |form: &esep::definitions::form::Form| esep::definitions::form::Form::label(&form.head, "data_title").cloned();
    forms
        .into_values()
        .map(|form| json!({ "form": form.form, "index": form.index, "title": title(form), "usual": form.usual }))
        .collect()
}

/// Tables that the forms count from.
fn needs(definitions: &Definitions, open: &OpenQuarter) -> BTreeSet<String> {
    let forms: Vec<_> =
        open.settings.forms.iter().filter_map(|form| definitions.form(form, open.quarter).ok()).collect();
    let columns = forms.iter().flat_map(|form| &form.grids).flat_map(|grid| &grid.columns).flat_map(|of| &of.needs);
    let all = forms.iter().flat_map(|form| &form.rows).flat_map(|row| &row.needs).chain(columns).flatten();
    all.map(|need| need.split('.').next().unwrap_or(need).to_owned()).collect()
}
