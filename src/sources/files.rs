//! Which files are sources: files and folders as given, ordered by the path that is printed.

use crate::sources::found::PassedFolder;
use crate::sources::{nature, own};
use crate::values::file_name::is_litter;
use crate::words::failure::{Halt, OrHalt};
use crate::words::finding::{Finding, Place};
use crate::words::visible::visible;
use anyhow::{Result, bail};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::DirEntry;
use std::path::{Component, Path, PathBuf};

/// A file that is to be looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Listed {
    pub path: PathBuf,
    /// Relative to the given folder, with `/`; never a path of the machine.
    pub name: String,
    /// Given by name, not found in a folder.
    pub explicit: bool,
}

/// What a file's extension promises; the content decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Promise {
    Text,
    /// May be a table or a note: a source only when its header is recognised.
    PerhapsText,
    Workbook,
    Parquet,
    /// Holds records, in a format that is not read.
    Unsupported,
    /// Definitions and notes: passed over in silence.
    Silent,
    /// Nothing that records come in.
    Other,
}

pub(crate) fn promise(path: &Path) -> Promise {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    let inner = unpacked_name(&name);
    let extension = Path::new(inner).extension().map(|extension| extension.to_string_lossy().into_owned());
    if inner.len() < name.len() {
        return match extension.as_deref() {
            Some("csv" | "tsv" | "tab") => Promise::Text,
            Some("txt") | None => Promise::PerhapsText,
            Some(_) => Promise::Unsupported,
        };
    }
    match extension.as_deref().unwrap_or_default() {
        "csv" | "tsv" | "tab" => Promise::Text,
        "txt" => Promise::PerhapsText,
        "xlsx" | "xlsm" | "xls" | "ods" => Promise::Workbook,
        "parquet" => Promise::Parquet,
        "toml" | "md" => Promise::Silent,
        own if nature::by_extension(own).is_some_and(|format| format.records) => Promise::Unsupported,
        _ => Promise::Other,
    }
}

/// The name of what is packed, without `.gz` or `.zst`.
pub fn unpacked_name(name: &str) -> &str {
    let packed = [".gz", ".zst", ".GZ", ".ZST"].iter().find_map(|extension| name.strip_suffix(extension));
    packed.unwrap_or(name)
}

/// What stands under the given paths.
#[derive(Debug, Default)]
pub(crate) struct Listing {
    pub files: Vec<Listed>,
    pub findings: Vec<Finding>,
    /// Folders of our own results.
    pub passed: Vec<PassedFolder>,
}

/// A folder on the way through the given ones.
struct Folder<'f> {
    path: &'f Path,
    /// As printed, with a `/` at its end; empty for a given one.
    prefix: &'f str,
    /// Rejected rows of a run: only what a person changed is a source.
    is_quarantine: bool,
}

/// The files that were found, and the folders that were entered.
#[derive(Default)]
struct Walk {
    entered: BTreeSet<PathBuf>,
    found: BTreeMap<PathBuf, Listed>,
    findings: Vec<Finding>,
    passed: BTreeSet<PassedFolder>,
}

/// All files under the given paths, each once, in the order of their names.
///
/// # Errors
/// A path does not exist or a folder cannot be read.
pub(crate) fn list(paths: &[PathBuf]) -> Result<Listing> {
    let mut walk = Walk::default();
    for given in paths {
        let meta = std::fs::metadata(given).or_halt(|| Halt::reading(given))?;
        if meta.is_dir() {
            walk.entered.clear();
            let is_quarantine = !own::written(given).is_empty();
            walk.enter(&Folder { path: given, prefix: "", is_quarantine })?;
        } else if meta.is_file() {
            let name = given.file_name().unwrap_or(given.as_os_str()).to_string_lossy().into_owned();
            walk.keep(given, &name, true)?;
        } else {
            bail!(Halt::new("fault_neither").at(given));
        }
    }
    let Walk { found, mut findings, passed, .. } = walk;
    let mut files: Vec<Listed> = found.into_values().collect();
    tell_apart(&mut files);
    files.sort_by(|a, b| a.name.cmp(&b.name).then_with(|| a.path.cmp(&b.path)));
    files.retain(|file| is_source(file, &mut findings));
    if files.is_empty() && findings.iter().all(|finding| finding.name == "file_ignored") {
        findings.push(Finding::new("sources_none", Place::default()));
    }
    Ok(Listing { files, findings, passed: passed.into_iter().collect() })
}

impl Walk {
    fn enter(&mut self, folder: &Folder<'_>) -> Result<()> {
        let Folder { path, prefix, is_quarantine } = *folder;
        let unreadable = || Halt::reading(path);
        if !self.entered.insert(path.canonicalize().or_halt(unreadable)?) {
            return Ok(()); // a link back to a folder above
        }
        let is_results = own::is_results(path);
        if is_results {
            let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
            let shown = prefix.strip_suffix('/').map_or(name, str::to_owned);
            self.passed.insert(PassedFolder { name: visible(&shown).into_owned(), path: path.to_owned() });
        }
        let written = if is_quarantine { own::written(path) } else { BTreeMap::new() };
        let entries = std::fs::read_dir(path).or_halt(unreadable)?;
        let mut entries: Vec<DirEntry> = entries.collect::<Result<_, _>>().or_halt(unreadable)?;
        // of several links to one folder always the same is followed
        entries.sort_by_key(DirEntry::file_name);
        for entry in entries {
            let own = entry.file_name().to_string_lossy().into_owned();
            let name = format!("{prefix}{own}");
            // records that somebody put beside results, or a report among records: only what is ours is passed over
            if is_results && own::is_ours(&own) {
                if own == own::QUARANTINE && entry.path().is_dir() {
                    self.enter(&Folder { path: &entry.path(), prefix: &format!("{name}/"), is_quarantine: true })?;
                }
                continue;
            }
            if is_litter(&own) {
                continue;
            }
            let may_be_records = !matches!(promise(&entry.path()), Promise::Silent | Promise::Other);
            if own.starts_with('.') {
                if may_be_records {
                    self.findings.push(Finding::new("file_hidden", place(&name)));
                }
                continue;
            }
            let meta = match std::fs::metadata(entry.path()) {
                Ok(meta) => meta,
                // a link that leads nowhere matters where records should be
                Err(_) if !may_be_records => continue,
                Err(fault) => return Err(fault).or_halt(|| Halt::reading(entry.path())),
            };
            if meta.is_dir() {
                let is_quarantine = !own::written(&entry.path()).is_empty();
                self.enter(&Folder { path: &entry.path(), prefix: &format!("{name}/"), is_quarantine })?;
            } else if !meta.is_file() {
                self.findings.push(Finding::new("entry_special", place(&name)));
            } else if !is_quarantine || self.is_mended(&entry.path(), &own, &name, &written)? {
                self.keep(&entry.path(), &name, false)?;
            }
        }
        Ok(())
    }

    /// Whether a file of rejected rows is no longer as it was written; that is told.
    fn is_mended(&mut self, path: &Path, own: &str, name: &str, written: &BTreeMap<String, String>) -> Result<bool> {
        let same = match written.get(own) {
            Some(digest) => own::is_as_written(path, digest).or_halt(|| Halt::reading(path))?,
            None => false,
        };
        let is_list = own::ASKED.contains(&own);
        let may_be_records = !matches!(promise(path), Promise::Silent | Promise::Other);
        if !same && may_be_records {
            let told = if is_list { "file_ignored" } else { "quarantine_mended" };
            self.findings.push(Finding::new(told, place(name)));
        }
        Ok(!same && !is_list)
    }

    /// One file counts once, however often it is given; the longest name says most.
    fn keep(&mut self, path: &Path, name: &str, explicit: bool) -> Result<()> {
        let path = path.canonicalize().or_halt(|| Halt::reading(path))?;
        let new = Listed { path: path.clone(), name: visible(name).into_owned(), explicit };
        let kept = self.found.entry(path).or_insert_with(|| new.clone());
        kept.explicit |= explicit;
        if (new.name.len(), &new.name) > (kept.name.len(), &kept.name) {
            kept.name = new.name;
        }
        Ok(())
    }
}

fn place(name: &str) -> Place {
    Place { source: Some(visible(name).into_owned()), ..Place::default() }
}

/// Files of one name from different folders get as many folders before their name as tell them apart.
fn tell_apart(files: &mut [Listed]) {
    let mut depth: Vec<usize> = files.iter().map(|file| file.name.split('/').count()).collect();
    loop {
        let mut count: BTreeMap<String, usize> = BTreeMap::new();
        for file in files.iter() {
            *count.entry(file.name.clone()).or_default() += 1;
        }
        let mut longer = false;
        for (file, depth) in files.iter_mut().zip(&mut depth).filter(|(file, _)| count[&file.name] > 1) {
            // a root and the letter of a drive are no folders
            let folder = file.path.components().rev().nth(*depth).filter(|part| matches!(part, Component::Normal(_)));
            if let Some(folder) = folder {
                file.name = format!("{}/{}", folder.as_os_str().to_string_lossy(), file.name);
                *depth += 1;
                longer = true;
            }
        }
        if !longer {
            return;
        }
    }
}

fn is_source(file: &Listed, findings: &mut Vec<Finding>) -> bool {
    let place = place(&file.name);
    let promised = promise(&file.path);
    let kind = match promised {
        Promise::Text | Promise::PerhapsText | Promise::Workbook | Promise::Parquet => return true,
        Promise::Silent => return false,
        Promise::Unsupported | Promise::Other => nature::of_any(&file.path),
    };
    findings.push(match kind {
        Some(format) if file.explicit => nature::told(format, place),
        Some(format) if format.records => Finding::new("records_unread", place).with_text("kind", &format.name),
        _ if !file.explicit => Finding::new("file_ignored", place),
        _ => {
            let extension = file.path.extension().unwrap_or_default().to_string_lossy().into_owned();
            Finding::new("file_unsupported", place).with("extension", visible(&extension))
        }
    });
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn records_beside_results_are_sources() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let report = r#"{"version":1,"head":{"form":"2-mk","edition":"2021-07"}}"#;
        let of_run = ["cells.csv", "report.xlsx", "report.edited.xlsx", "findings.edited-2.xlsx"];
        for name in of_run.into_iter().chain(["services.csv", "cells.edit.csv", "quarterly.xlsx"]) {
            fs::write(folder.path().join(name), "x")?;
        }
        for name in ["july/report.csv", "returns/a.xlsx", "quarantine/services.csv"] {
            let place = folder.path().join(name);
            fs::create_dir_all(place.parent().unwrap_or(folder.path()))?;
            fs::write(place, "x")?;
        }
        fs::write(folder.path().join("report.json"), report)?;
        let expected =
            ["cells.edit.csv", "july/report.csv", "quarantine/services.csv", "quarterly.xlsx", "services.csv"];
        assert_eq!(names(&[folder.path().to_owned()]), expected);
        assert_eq!(list(&[folder.path().to_owned()])?.passed.len(), 1);
        Ok(())
    }

    fn names(paths: &[PathBuf]) -> Vec<String> {
        list(paths).map(|listing| listing.files.into_iter().map(|file| file.name).collect()).unwrap_or_default()
    }

    #[test]
    fn order_and_repeats_of_paths_change_nothing() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let root = folder.path();
        fs::create_dir_all(root.join("b/c"))?;
        fs::create_dir(root.join(".git"))?;
        for name in [
            "a.csv",
            "b/a.csv",
            "b/c/ә.xlsx",
            "B.csv",
            "organisation.toml",
            "notes.md",
            ".x.csv",
            ".git/y.csv",
            "~$a.xlsx",
            "scan.pdf",
        ] {
            fs::write(root.join(name), "x")?;
        }
        let expected = ["B.csv", "a.csv", "b/a.csv", "b/c/ә.xlsx"];
        let (one, other) = (root.to_owned(), root.join("b/a.csv"));
        assert_eq!(names(&[one.clone(), other.clone()]), expected);
        assert_eq!(names(&[other.clone(), one.clone(), one.clone()]), expected);
        assert_eq!(
            names(&[other, root.join("a.csv")]),
            ["b/a.csv", &format!("{}/a.csv", root.file_name().unwrap_or_default().to_string_lossy())]
                .iter()
                .map(ToString::to_string)
                .collect::<BTreeSet<_>>()
                .into_iter()
                .collect::<Vec<_>>()
        );
        let found: Vec<&str> = list(&[one])?.findings.iter().map(|finding| finding.name).collect();
        assert_eq!(found, ["file_hidden", "file_ignored"]);
        assert!(list(&[root.join("no.csv")]).is_err());
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(root.join("b"), root.join("c"))?;
            std::os::unix::fs::symlink(root, root.join("b/loop"))?;
            std::os::unix::fs::symlink("nowhere", root.join("note"))?;
            assert_eq!(names(&[root.to_owned()]), expected, "one name a file, whatever links lead to it");
            std::os::unix::fs::symlink("nowhere", root.join("lost.csv"))?;
            assert!(list(&[root.to_owned()]).is_err(), "records that cannot be opened are not passed over");
        }
        assert_eq!(list(&[root.join(".git")])?.files.len(), 1, "a folder given by name is entered");
        Ok(())
    }
}
