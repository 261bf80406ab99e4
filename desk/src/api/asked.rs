//! A request that has passed the gate, and what every answer is made with.

use crate::journal::{Change, Journal};
use crate::quarter::OpenQuarter;
use crate::refusal::Refusal;
use crate::results;
use crate::state::App;
use crate::store;
use crate::work::Work;
use axum::http::Method;
use esep::words::lang::Lang;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::PathBuf;
use tempfile::NamedTempFile;

/// A request that has passed the gate.
#[derive(Debug)]
pub struct Asked {
    pub method: Method,
    /// The parts of the path behind `/api/`, decoded.
    pub path: Vec<String>,
    pub query: BTreeMap<String, String>,
    pub body: Vec<u8>,
    /// A file that was dropped, written beside its place.
    pub file: Option<NamedTempFile>,
}

/// What is known of a file that is to be changed, and what is to be changed.
#[derive(Debug, Deserialize)]
pub struct Known<T> {
    pub known: String,
    #[serde(flatten)]
    pub rest: T,
}

pub type Answered = Result<Value, Refusal>;

impl Asked {
    /// The quarter that the request is about.
    pub fn quarter(&self, app: &App) -> Result<OpenQuarter, Refusal> {
        let name = self.query.get("q").ok_or_else(Refusal::malformed)?;
        OpenQuarter::open(&app.folder, name)
    }

    pub fn given(&self, key: &str) -> &str {
        self.query.get(key).map_or("", String::as_str)
    }

    pub fn json<'b, T: Deserialize<'b>>(&'b self) -> Result<T, Refusal> {
        Ok(serde_json::from_slice(&self.body)?)
    }

    /// The first of a page.
    pub fn from(&self) -> usize {
        self.given("from").parse().unwrap_or(0)
    }

    /// The language of what `esep` is asked to say.
    pub fn lang(&self) -> Lang {
        Lang::ALL.into_iter().find(|lang| lang.code() == self.given("lang")).unwrap_or(Lang::Ru)
    }

    /// The body's own counting, or the consolidation of what its units sent.
    pub fn work(&self) -> Work {
        if self.given("of") == "region" { Work::Region } else { Work::Own }
    }

    /// The form that the request is about: one of the quarter's, the first where none is named.
    pub fn form<'o>(&self, open: &'o OpenQuarter) -> &'o str {
        open.form_named(self.given("form"))
    }

    /// The results of the last run.
    pub fn results(&self, app: &App, open: &OpenQuarter) -> Result<PathBuf, Refusal> {
        let absent = || Refusal::new(404, "refused_no_results");
        let own = app.organisation().ok_or_else(absent)?;
        let place = (self.work(), self.form(open), own.bin.as_str());
        results::folder(&app.folder, open, place)?.ok_or_else(absent)
    }
}

/// Changes a file of the folder, with its place in the journal of the open quarter.
pub fn change(app: &App, open: &OpenQuarter, what: &str, (file, known): (&str, &str), text: String) -> Answered {
    open.writable()?;
    Journal::of(&app.folder, &open.name).change(what, file, Some(known), Change::Text(text))?;
    Ok(json!({ "known": store::version(&app.folder.place(&[file])?)? }))
}
