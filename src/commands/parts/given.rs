//! Reports as they are given: files, folders and patterns, since not every shell resolves `*.xlsx`.

use crate::report::input_file::InputFile;
use crate::sources::nature;
use crate::values::file_name::is_litter;
use crate::words::failure::{Halt, OrHalt};
use crate::words::finding::{Finding, Place};
use crate::words::visible::visible;
use anyhow::{Result, bail};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Endings of files that may hold a report.
const ENDINGS: [&str; 5] = ["json", "xlsx", "xlsm", "xls", "ods"];
/// In the folder of a report this file is the report, whatever lies beside it.
const OWN: &str = "report.json";

/// The files of reports under the given paths, each once, in order; of folders all but `except`.
///
/// # Errors
/// A path or pattern under which there is nothing, a folder that cannot be read.
pub fn reports(given: &[PathBuf], except: &[&Path]) -> Result<Vec<PathBuf>> {
    found(given, except).map(|found| found.files.into_iter().collect())
}

/// The file of the one report under a path: a file, a folder, a pattern; `except`: as of `reports`.
///
/// # Errors
/// As of `reports`; there is no report, there are several.
pub fn report(given: &Path, except: &[&Path]) -> Result<PathBuf> {
    let files = reports(&[given.to_owned()], except)?;
    let [file] = files.as_slice() else {
        let names = files.iter().map(|file| file.display().to_string()).collect::<Vec<_>>().join(", ");
        bail!(match files.len() {
            0 => Halt::new("fault_no_match").with("pattern", given.display()),
            _ => Halt::new("explain_several_reports").at(given).with("names", names),
        });
    };
    Ok(file.clone())
}

/// That files of the given folders may be reports in a format that is not read; `except`: as of `reports`.
///
/// # Errors
/// As of `reports`.
pub fn unread(given: &[PathBuf], except: &[&Path]) -> Result<Vec<Finding>> {
    let Found { files, others, .. } = found(given, except)?;
    // a scan beside the report of the same name says nothing more
    let is_copy = |other: &PathBuf| files.iter().any(|file| file.with_extension("") == other.with_extension(""));
    let told = |other: PathBuf| {
        let place = Place { source: Some(visible(&name(&other)).into_owned()), ..Place::default() };
        Some(Finding::new("report_unread", place).with_text("kind", &nature::of_any(&other)?.name))
    };
    Ok(others.into_iter().filter(|other| !is_copy(other)).filter_map(told).collect())
}

fn found(given: &[PathBuf], except: &[&Path]) -> Result<Found> {
    let except = except.iter().filter_map(|path| path.canonicalize().ok()).collect();
    let mut found = Found { files: BTreeSet::new(), others: BTreeSet::new(), entered: BTreeSet::new(), except };
    for path in given {
        if path.is_dir() {
            found.enter(path)?;
        } else if is_pattern(path) {
            found.matching(&path.to_string_lossy())?;
        } else {
            found.files.insert(path.clone());
        }
    }
    Ok(found)
}

/// Paths as they are given, patterns resolved, in the order given.
///
/// # Errors
/// A pattern under which there is nothing.
pub fn paths(given: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for path in given {
        if is_pattern(path) { found.extend(matching(&path.to_string_lossy())?) } else { found.push(path.clone()) }
    }
    Ok(found)
}

/// The files in a folder of all results that begin so, in order; none where there is nothing yet.
///
/// # Errors
/// A folder that is there and cannot be read.
pub fn within(out: &Path, results: &str, folder: &str) -> Result<Vec<PathBuf>> {
    let entries = |folder: &Path| -> Result<Vec<PathBuf>> {
        if !folder.is_dir() {
            return Ok(Vec::new());
        }
        let unreadable = || Halt::reading(folder);
        let entries = std::fs::read_dir(folder).or_halt(unreadable)?.map(|entry| Ok(entry.or_halt(unreadable)?.path()));
        entries.collect()
    };
    let mut found = Vec::new();
    for own in entries(out)?.into_iter().filter(|path| name(path).starts_with(results)) {
        found.extend(entries(&own.join(folder))?.into_iter().filter(|path| path.is_file()));
    }
    found.sort();
    Ok(found)
}

/// A name that stands for others, and is none itself.
fn is_pattern(path: &Path) -> bool {
    !path.exists() && path.to_string_lossy().contains(['*', '?', '['])
}

fn matching(pattern: &str) -> Result<Vec<PathBuf>> {
    let nothing = || Halt::new("fault_no_match").with("pattern", pattern);
    let options = glob::MatchOptions { case_sensitive: false, ..glob::MatchOptions::default() };
    let paths = glob::glob_with(pattern, options).or_halt(nothing)?;
    let paths: Vec<PathBuf> = paths.collect::<Result<_, _>>().or_halt(nothing)?;
    if paths.is_empty() {
        bail!(nothing());
    }
    Ok(paths)
}

/// The file under the shortest end of its path that tells it from the others: all are often called `report.json`.
///
/// # Errors
/// The file cannot be read.
pub fn input(path: &Path, all: &[PathBuf]) -> Result<InputFile> {
    let file = InputFile::of(path)?;
    let end = |path: &Path, parts: usize| -> String {
        let all: Vec<String> = path.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
        all[all.len().saturating_sub(parts)..].join("/")
    };
    let alone = |parts: &usize| all.iter().filter(|other| end(other, *parts) == end(path, *parts)).count() == 1;
    let parts = (1..path.components().count()).find(alone).unwrap_or(path.components().count());
    Ok(InputFile { name: end(path, parts), ..file })
}

struct Found {
    files: BTreeSet<PathBuf>,
    others: BTreeSet<PathBuf>,
    entered: BTreeSet<PathBuf>,
    except: BTreeSet<PathBuf>,
}

impl Found {
    fn matching(&mut self, pattern: &str) -> Result<()> {
        for path in matching(pattern)? {
            if path.is_dir() {
                self.enter(&path)?;
            } else if !is_litter(&name(&path)) && !self.is_except(&path) {
                self.files.insert(path);
            }
        }
        Ok(())
    }

    fn enter(&mut self, folder: &Path) -> Result<()> {
        let unreadable = || Halt::reading(folder);
        let own = folder.canonicalize().or_halt(unreadable)?;
        if self.except.contains(&own) || !self.entered.insert(own) {
            return Ok(());
        }
        let report = folder.join(OWN);
        if report.is_file() {
            self.files.insert(report);
            return Ok(());
        }
        let entries = std::fs::read_dir(folder).or_halt(unreadable)?;
        for entry in entries {
            let path = entry.or_halt(unreadable)?.path();
            let name = name(&path);
            if name.starts_with('.') || is_litter(&name) || self.is_except(&path) {
                continue;
            }
            let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
            if path.is_dir() {
                self.enter(&path)?;
            } else if ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str())) {
                self.files.insert(path);
            } else {
                self.others.insert(path);
            }
        }
        Ok(())
    }

    fn is_except(&self, path: &Path) -> bool {
        path.canonicalize().is_ok_and(|path| self.except.contains(&path))
    }
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
