//! Reports as they are given: files, folders and patterns, since not every shell resolves `*.xlsx`.

use crate::definitions::format::FileFormat;
use crate::sources::nature;
use crate::values::file_name::is_litter;
use crate::words::failure::{Halt, OrHalt};
use anyhow::{Result, bail};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Endings of files that may hold a report.
const ENDINGS: [&str; 5] = ["json", "xlsx", "xlsm", "xls", "ods"];
/// In the folder of a report this file is the report, whatever lies beside it.
const OWN: &str = "report.json";

/// What is given.
#[derive(Debug)]
pub struct Given {
    pub files: Vec<PathBuf>,
    /// Files of folders that may be reports in a format that is not read, with their kinds.
    pub unread: Vec<(PathBuf, &'static FileFormat)>,
}

/// The files of reports under the given paths, each once, in order; of folders all but `except`.
///
/// # Errors
/// A path or pattern under which there is nothing, a folder that cannot be read.
pub fn reports(given: &[PathBuf], except: &[&Path]) -> Result<Given> {
    let except = except.iter().filter_map(|path| path.canonicalize().ok()).collect();
    let mut found = Found { files: BTreeSet::new(), others: BTreeSet::new(), entered: BTreeSet::new(), except };
    for path in given {
        let pattern = path.to_string_lossy();
        if path.is_dir() {
            found.enter(path)?;
        } else if path.exists() || !pattern.contains(['*', '?', '[']) {
            found.files.insert(path.clone());
        } else {
            found.matching(&pattern)?;
        }
    }
    let Found { files, others, .. } = found;
    // a scan beside the report of the same name says nothing more
    let is_copy = |other: &PathBuf| files.iter().any(|file| file.with_extension("") == other.with_extension(""));
    let others = others.into_iter().filter(|other| !is_copy(other));
    let unread = others.filter_map(|other| nature::of_any(&other).map(|format| (other, format))).collect();
    Ok(Given { files: files.into_iter().collect(), unread })
}

struct Found {
    files: BTreeSet<PathBuf>,
    others: BTreeSet<PathBuf>,
    entered: BTreeSet<PathBuf>,
    except: BTreeSet<PathBuf>,
}

impl Found {
    fn matching(&mut self, pattern: &str) -> Result<()> {
        let nothing = || Halt::new("fault_no_match").with("pattern", pattern);
        let options = glob::MatchOptions { case_sensitive: false, ..glob::MatchOptions::default() };
        let paths = glob::glob_with(pattern, options).or_halt(nothing)?;
        let paths: Vec<PathBuf> = paths.collect::<Result<_, _>>().or_halt(nothing)?;
        if paths.is_empty() {
            bail!(nothing());
        }
        for path in paths {
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
