//! `history.json`: the report as it was submitted and every adjustment since, each chained to all before it.

use crate::adjust::key::{FigureKey, of_line, of_moved};
use crate::definitions::form::Form;
use crate::filed::form::Filed;
use crate::report::input_file::InputFile;
use crate::report::standing::{Moved, Revision};
use crate::values::cells::Value;
use crate::values::digest::sha256;
use crate::values::text_file;
use crate::words::failure::{Halt, OrHalt};
use anyhow::{Result, ensure};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

/// Name of the file, beside the report.
pub const FILE: &str = "history.json";
const VERSION: u32 = 1;
/// Bytes: the cells of the largest report and many adjustments.
const LARGEST: u64 = 1 << 30;

/// The history of one report; entries are only ever added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct History {
    pub version: u32,
    pub form: String,
    pub period: String,
    pub organisation: String,
    pub unit: String,
    /// The file as it was submitted.
    pub submitted: InputFile,
    /// Its cells.
    pub lines: Vec<Recorded>,
    /// SHA-256 over all of the above.
    pub hash: String,
    pub revisions: Vec<Revision>,
}

/// A line as it was submitted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recorded {
    pub row_id: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub provider: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub service: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub system: String,
    /// Column → value as printed.
    pub values: BTreeMap<String, String>,
}

/// Line and column → value as printed.
pub type Figures = BTreeMap<(FigureKey, String), String>;

impl History {
    /// Begins the history of a submitted report.
    ///
    /// # Errors
    /// The history cannot be written as JSON.
    pub fn begin(filed: &Filed<'_>, submitted: InputFile) -> Result<Self> {
        let lines = filed.cells.lines.iter().map(|line| {
            let [row_id, provider, service, system] = of_line(filed.form, line);
            let columns = filed.form.grid_of(line.row).columns.iter().map(|column| column.id.clone());
            let values = columns.zip(line.values.iter().map(Value::print)).collect();
            Recorded { row_id, provider, service, system, values }
        });
        let mut history = Self {
            version: VERSION,
            form: filed.form.form.clone(),
            period: filed.period.quarter.to_string(),
            organisation: filed.organisation.bin.clone(),
            unit: unit(filed),
            submitted,
            lines: lines.collect(),
            hash: String::new(),
            revisions: Vec::new(),
        };
        history.hash = history.first_hash()?;
        Ok(history)
    }

    /// Reads a history as it stands, whatever it is worth.
    ///
    /// # Errors
    /// The file cannot be read, is not a history, or is one of another version.
    pub fn read(path: &Path) -> Result<Self> {
        let bytes = text_file::bounded(path, LARGEST)?;
        let history: Self = serde_json::from_slice(&bytes).or_halt(|| Halt::new("fault_history"))?;
        ensure!(
            history.version == VERSION,
            Halt::new("fault_version").with("version", history.version).with("known", VERSION)
        );
        Ok(history)
    }

    /// The history with one adjustment more.
    ///
    /// # Errors
    /// The adjustment cannot be written as JSON.
    pub fn with(mut self, revision: Revision) -> Result<Self> {
        let number = self.revisions.len() as u64 + 1;
        let mut revision = Revision { number, hash: String::new(), ..revision };
        revision.hash = next_hash(self.last_hash(), &revision)?;
        self.revisions.push(revision);
        Ok(self)
    }

    pub fn last_hash(&self) -> &str {
        self.revisions.last().map_or(&self.hash, |last| &last.hash)
    }

    fn first_hash(&self) -> Result<String> {
        let bare = Self { hash: String::new(), revisions: Vec::new(), ..self.clone() };
        Ok(sha256(serde_json::to_vec(&bare)?.as_slice())?)
    }

    /// Number of the first entry whose hash is not that of its content and of all before; 0 is the submitted report.
    pub fn broken_at(&self) -> Result<Option<u64>> {
        if self.first_hash()? != self.hash {
            return Ok(Some(0));
        }
        let mut last = &self.hash;
        for (number, revision) in (1..).zip(&self.revisions) {
            let bare = Revision { hash: String::new(), ..revision.clone() };
            if revision.number != number || next_hash(last, &bare)? != revision.hash {
                return Ok(Some(number));
            }
            last = &revision.hash;
        }
        Ok(None)
    }

    /// The cells after all adjustments; `Err` is the number of the first entry that does not fit what was before it.
    pub fn replay(&self) -> Result<Figures, u64> {
        let mut figures = Figures::new();
        for line in &self.lines {
            let key = [line.row_id.clone(), line.provider.clone(), line.service.clone(), line.system.clone()];
            figures.extend(line.values.iter().map(|(column, value)| ((key.clone(), column.clone()), value.clone())));
        }
        for revision in &self.revisions {
            let changed: Vec<&Moved> = revision.changes.iter().map(|change| &change.moved).collect();
            for moved in changed.into_iter().chain(&revision.followed) {
                let at = (of_moved(moved), moved.column.clone());
                // a cell of a line that was added was not there before
                let was = figures.insert(at, moved.new.clone()).unwrap_or_default();
                if was != moved.old {
                    return Err(revision.number);
                }
            }
        }
        Ok(figures)
    }

    /// Whether the history is that of the report's form, period, body and unit.
    pub fn is_of(&self, filed: &Filed<'_>) -> bool {
        let same = |own: &str, other: &str| own.is_empty() || other.is_empty() || own == other;
        self.form == filed.form.form
            && self.period == filed.period.quarter.to_string()
            && same(&self.organisation, &filed.organisation.bin)
            && same(&self.unit, &unit(filed))
    }
}

fn unit(filed: &Filed<'_>) -> String {
    filed.unit.as_ref().map(|unit| unit.label().to_owned()).unwrap_or_default()
}

fn next_hash(last: &str, revision: &Revision) -> Result<String> {
    let mut bytes = format!("{last}\n").into_bytes();
    bytes.extend(serde_json::to_vec(revision)?);
    Ok(sha256(bytes.as_slice())?)
}

/// The cells of a form as they are compared with a replayed history.
pub fn figures(form: &Form, filed: &Filed<'_>) -> BTreeMap<(FigureKey, String), (usize, usize)> {
    let mut figures = BTreeMap::new();
    for (position, line) in filed.cells.lines.iter().enumerate() {
        let key = of_line(form, line);
        for (column, definition) in form.grid_of(line.row).columns.iter().enumerate() {
            figures.insert((key.clone(), definition.id.clone()), (position, column));
        }
    }
    figures
}
