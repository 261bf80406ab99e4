//! Results of esep among the sources: passed over, but for rejected rows that a person changed.

use crate::values::digest;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// Folder of rejected rows among the results.
pub const QUARANTINE: &str = "quarantine";
/// The list of rejected values there: no table of records.
pub const ASKED: [&str; 2] = ["rejected.xlsx", "rejected.csv"];
/// What stands in a folder of results.
pub const NAMES: [&str; 21] = [
    "analytical.docx",
    "analytical.json",
    "analytical.pdf",
    "cells.csv",
    "confirm.new.toml",
    "confirm.toml",
    "contributors.json",
    "contributors.xlsx",
    "findings.json",
    "findings.xlsx",
    "history.json",
    "internal.pdf",
    "narrative.new.toml",
    "narrative.toml",
    "quarantine",
    "rejected.csv",
    "report.json",
    "report.pdf",
    "report.xlsx",
    "returns",
    "review.html",
];

/// Hidden, beside the results: their names and digests.
pub const FOLDER: &str = ".esep";
const LIST: &str = "written.json";
/// Bytes of a report in which it says what it is.
const HEAD: u64 = 1 << 12;

/// Whether a folder holds the results of a run: its `report.json` begins as ours do.
pub(crate) fn is_results(folder: &Path) -> bool {
    let mut head = Vec::new();
    let Ok(file) = File::open(folder.join("report.json")) else { return false };
    if file.take(HEAD).read_to_end(&mut head).is_err() {
        return false;
    }
    let head: Vec<u8> = head.into_iter().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let has = |part: &[u8]| memchr::memmem::find(&head, part).is_some();
    head.starts_with(b"{\"version\":") && has(b"\"head\":{\"form\":\"") && has(b"\"edition\":\"")
}

/// Whether an entry of a folder of results is the run's: by its name, or kept from an earlier one (`report.edited.xlsx`).
pub(crate) fn is_ours(name: &str) -> bool {
    let kept = name.split_once(".edited").and_then(|(stem, rest)| Some(format!("{stem}.{}", rest.rsplit_once('.')?.1)));
    NAMES.contains(&name) || kept.is_some_and(|kept| NAMES.contains(&kept.as_str()))
}

/// What the program wrote into a folder of results: files by their path within it, with `/`, and the digest of each.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Written {
    pub files: BTreeMap<String, String>,
}

impl Written {
    /// What is remembered of a folder; `None` where nobody remembers.
    pub fn read(folder: &Path) -> Option<Self> {
        serde_json::from_slice(&std::fs::read(folder.join(FOLDER).join(LIST)).ok()?).ok()
    }

    /// Remembers.
    ///
    /// # Errors
    /// The list cannot be written.
    pub fn write(&self, folder: &Path) -> io::Result<()> {
        std::fs::create_dir_all(folder.join(FOLDER))?;
        let mut text = serde_json::to_vec_pretty(self)?;
        text.push(b'\n');
        std::fs::write(folder.join(FOLDER).join(LIST), text)
    }
}

/// What was written into the quarantine of a folder of results: name → digest; nothing where a folder is none.
pub(crate) fn written(quarantine: &Path) -> BTreeMap<String, String> {
    let Ok(folder) = quarantine.canonicalize() else { return BTreeMap::new() };
    let own = folder.file_name().is_some_and(|name| name == QUARANTINE);
    let all = folder.parent().filter(|_| own).and_then(Written::read).unwrap_or_default();
    let within = |path: String| Some(path.strip_prefix(QUARANTINE)?.strip_prefix('/')?.to_owned());
    all.files.into_iter().filter_map(|(path, digest)| Some((within(path)?, digest))).collect()
}

/// Whether a file has the bytes that were written.
///
/// # Errors
/// It cannot be read.
pub(crate) fn is_as_written(path: &Path, digest: &str) -> io::Result<bool> {
    Ok(digest::quick(File::open(path)?)? == digest)
}
