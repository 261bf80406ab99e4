//! The journal of a quarter: every change with what stood there before and after, so that each can be undone.

use crate::folder::Folder;
use crate::refusal::Refusal;
use crate::store;
use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// The file of a quarter's journal, one change a line.
const FILE: &str = "journal.jsonl";
/// What stood in a file before, by its SHA-256.
const BIN: &str = ".bin";

/// One change.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Entry {
    pub n: u64,
    /// Local day and time.
    pub at: String,
    /// What was done: a key of the words.
    pub what: String,
    /// The file, from the root on.
    pub file: String,
    /// SHA-256; absent: there was no file.
    pub before: Option<String>,
    pub after: Option<String>,
    /// The change that this one undoes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undoes: Option<u64>,
}

/// What becomes of a file.
#[derive(Debug)]
pub enum Change {
    Text(String),
    /// Written beside its place.
    File(NamedTempFile),
    Gone,
}

/// The journal of one quarter.
#[derive(Debug)]
pub struct Journal<'f> {
    folder: &'f Folder,
    quarter: &'f str,
}

impl<'f> Journal<'f> {
    pub fn of(folder: &'f Folder, quarter: &'f str) -> Self {
        Self { folder, quarter }
    }

    /// All changes, the oldest first; a line that was cut off by a power failure is none.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub fn entries(&self) -> Result<Vec<Entry>, Refusal> {
        let (text, _) = store::read(&self.folder.place(&[self.quarter, FILE])?)?;
        Ok(text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect())
    }

    /// Changes a file, if it still is what the page knew: `known` is its version there, `None` where the page knew none.
    ///
    /// # Errors
    /// The file has changed meanwhile, or cannot be written.
    pub fn change(&self, what: &str, file: &str, known: Option<&str>, change: Change) -> Result<(), Refusal> {
        self.write(what, file, known, change, None)
    }

    /// Puts back what stood in a file before a change, if the file still is what the change made of it.
    ///
    /// # Errors
    /// There is no such change, or others came after it.
    pub fn undo(&self, number: u64) -> Result<(), Refusal> {
        let entries = self.entries()?;
        let entry = entries.iter().find(|entry| entry.n == number).ok_or(Refusal::new(404, "refused_absent"))?;
        let change = match &entry.before {
            None => Change::Gone,
            Some(digest) => {
                let mut copy = store::beside(&self.folder.place(&[&entry.file])?)?;
                std::io::copy(&mut File::open(self.bin(digest)?)?, &mut copy)?;
                Change::File(copy)
            }
        };
        let known = entry.after.clone().unwrap_or_default();
        self.write("undone", &entry.file, Some(&known), change, Some(number))
    }

    fn write(
        &self,
        what: &str,
        file: &str,
        known: Option<&str>,
        change: Change,
        undoes: Option<u64>,
    ) -> Result<(), Refusal> {
        let path = self.folder.place(&[file])?;
        let before = store::version(&path)?;
        let change = match change {
            Change::Text(text) => {
                let mut written = store::beside(&path)?;
                written.write_all(text.as_bytes())?;
                Change::File(written)
            }
            change => change,
        };
        let after = match &change {
            Change::File(written) => store::version(written.path())?,
            _ => String::new(),
        };
        if before == after {
            return Ok(());
        }
        if known.is_some_and(|known| known != before) {
            return Err(Refusal::stale());
        }
        if !before.is_empty() {
            self.keep(&path, &before)?;
        }
        let entries = self.entries()?;
        let digest = |version: String| Some(version).filter(|version| !version.is_empty());
        let entry = Entry {
            n: entries.last().map_or(1, |last| last.n + 1),
            at: chrono::Local::now().format("%Y-%m-%dT%H:%M:%S").to_string(),
            what: what.to_owned(),
            file: file.to_owned(),
            before: digest(before),
            after: digest(after),
            undoes,
        };
        // first the journal, then the file: a change that is told and did not happen can be seen, one untold cannot
        self.append(&entry)?;
        match change {
            Change::File(written) => store::publish(written, &path)?,
            Change::Text(_) | Change::Gone => fs::remove_file(&path)?,
        }
        Ok(())
    }

    fn append(&self, entry: &Entry) -> Result<(), Refusal> {
        let path = self.folder.place(&[self.quarter, FILE])?;
        let is_cut = fs::read(&path).is_ok_and(|bytes| bytes.last().is_some_and(|last| *last != b'\n'));
        let mut line = if is_cut { "\n".to_owned() } else { String::new() };
        line += &serde_json::to_string(entry)?;
        line.push('\n');
        let mut file = File::options().create(true).append(true).open(&path)?;
        file.write_all(line.as_bytes())?;
        file.sync_all()?;
        Ok(())
    }

    /// Keeps the bytes that stand in a file.
    fn keep(&self, path: &Path, digest: &str) -> Result<(), Refusal> {
        let kept = self.bin(digest)?;
        if kept.exists() {
            return Ok(());
        }
        let mut copy = store::beside(&kept)?;
        std::io::copy(&mut File::open(path)?, &mut copy)?;
        Ok(store::publish(copy, &kept)?)
    }

    fn bin(&self, digest: &str) -> Result<PathBuf, Refusal> {
        self.folder.place(&[self.quarter, BIN, digest])
    }
}
