//! Results of esep among the sources: passed over, but for rejected rows that a person changed.

use crate::values::digest;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Write};
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

/// Which bytes were written there: a digest and a name a line.
const WRITTEN: &str = ".written";
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

/// Remembers the bytes of the files of a folder.
///
/// # Errors
/// A file cannot be read, or the list cannot be written.
pub fn remember(folder: &Path, mut target: impl Write) -> io::Result<()> {
    let mut names: Vec<_> =
        std::fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.file_name())).collect::<Result<_, _>>()?;
    names.sort();
    for name in names.iter().filter(|name| *name != WRITTEN) {
        let sha256 = digest::sha256(File::open(folder.join(name))?)?;
        writeln!(target, "{sha256}  {}", name.to_string_lossy())?;
    }
    target.flush()
}

/// The name of that list.
pub const fn list() -> &'static str {
    WRITTEN
}

/// What was written into a folder: name → digest; nothing where nobody remembers.
pub(crate) fn written(folder: &Path) -> BTreeMap<String, String> {
    let text = std::fs::read_to_string(folder.join(WRITTEN)).unwrap_or_default();
    let entry = |line: &str| line.split_once("  ").map(|(sha256, name)| (name.to_owned(), sha256.to_owned()));
    text.lines().filter_map(entry).collect()
}

/// Whether a file has the bytes that were written.
///
/// # Errors
/// It cannot be read.
pub(crate) fn is_as_written(path: &Path, sha256: &str) -> io::Result<bool> {
    Ok(digest::sha256(File::open(path)?)? == sha256)
}
