//! Which files are sources: files and folders as given, ordered by the path that is printed.

use crate::words::failure::{Halt, OrHalt};
use crate::words::finding::{Finding, Place};
use anyhow::{Result, bail};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::DirEntry;
use std::path::{Path, PathBuf};

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
        "xlsb" | "bz2" | "xz" | "zip" | "7z" | "rar" | "dbf" | "mdb" | "accdb" => Promise::Unsupported,
        "toml" | "md" => Promise::Silent,
        _ => Promise::Other,
    }
}

/// The name of what is packed, without `.gz` or `.zst`.
pub fn unpacked_name(name: &str) -> &str {
    let packed = [".gz", ".zst", ".GZ", ".ZST"].iter().find_map(|extension| name.strip_suffix(extension));
    packed.unwrap_or(name)
}

/// All files under the given paths, each once, in the order of their names.
///
/// # Errors
/// A path does not exist or a folder cannot be read.
pub(crate) fn list(paths: &[PathBuf]) -> Result<(Vec<Listed>, Vec<Finding>)> {
    let mut found: BTreeMap<PathBuf, Listed> = BTreeMap::new();
    for given in paths {
        let meta = std::fs::metadata(given).or_halt(|| Halt::reading(given))?;
        if meta.is_dir() {
            let mut entered = BTreeSet::new();
            walk(given, "", &mut entered, &mut found)?;
        } else if meta.is_file() {
            let name = given.file_name().unwrap_or(given.as_os_str()).to_string_lossy().into_owned();
            keep(&mut found, given, name, true)?;
        } else {
            bail!(Halt::new("fault_neither").at(given));
        }
    }
    let mut files: Vec<Listed> = found.into_values().collect();
    tell_apart(&mut files);
    files.sort_by(|a, b| a.name.cmp(&b.name).then_with(|| a.path.cmp(&b.path)));
    let mut findings = Vec::new();
    files.retain(|file| is_source(file, &mut findings));
    if files.is_empty() && findings.iter().all(|finding| finding.name == "file_ignored") {
        findings.push(Finding::new("sources_none", Place::default()));
    }
    Ok((files, findings))
}

fn walk(
    folder: &Path,
    prefix: &str,
    entered: &mut BTreeSet<PathBuf>,
    found: &mut BTreeMap<PathBuf, Listed>,
) -> Result<()> {
    let unreadable = || Halt::reading(folder);
    if !entered.insert(folder.canonicalize().or_halt(unreadable)?) {
        return Ok(()); // a link back to a folder above
    }
    let entries = std::fs::read_dir(folder).or_halt(unreadable)?;
    let mut entries: Vec<DirEntry> = entries.collect::<Result<_, _>>().or_halt(unreadable)?;
    // of several links to one folder always the same is followed
    entries.sort_by_key(DirEntry::file_name);
    for entry in entries {
        let own = entry.file_name().to_string_lossy().into_owned();
        // "~$" is the lock that a spreadsheet program leaves beside an open workbook
        if own.starts_with('.') || own.starts_with("~$") {
            continue;
        }
        let name = format!("{prefix}{own}");
        let meta = match std::fs::metadata(entry.path()) {
            Ok(meta) => meta,
            // a link that leads nowhere matters where records should be
            Err(_) if matches!(promise(&entry.path()), Promise::Silent | Promise::Other) => continue,
            Err(fault) => return Err(fault).or_halt(|| Halt::reading(entry.path())),
        };
        if meta.is_dir() {
            walk(&entry.path(), &format!("{name}/"), entered, found)?;
        } else if meta.is_file() {
            keep(found, &entry.path(), name, false)?;
        }
    }
    Ok(())
}

/// One file counts once, however often it is given; the longest name says most.
fn keep(found: &mut BTreeMap<PathBuf, Listed>, path: &Path, name: String, explicit: bool) -> Result<()> {
    let path = path.canonicalize().or_halt(|| Halt::reading(path))?;
    let new = Listed { path: path.clone(), name, explicit };
    let kept = found.entry(path).or_insert_with(|| new.clone());
    kept.explicit |= explicit;
    if (new.name.len(), &new.name) > (kept.name.len(), &kept.name) {
        kept.name = new.name;
    }
    Ok(())
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
            let folder =
                file.path.components().rev().nth(*depth).map(|part| part.as_os_str().to_string_lossy().into_owned());
            if let Some(folder) = folder.filter(|folder| folder != "/") {
                file.name = format!("{folder}/{}", file.name);
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
    let place = Place { source: Some(file.name.clone()), ..Place::default() };
    let extension = file.path.extension().unwrap_or_default().to_string_lossy().into_owned();
    match promise(&file.path) {
        Promise::Text | Promise::PerhapsText | Promise::Workbook | Promise::Parquet => true,
        Promise::Silent => false,
        Promise::Other if !file.explicit => {
            findings.push(Finding::new("file_ignored", place));
            false
        }
        Promise::Unsupported | Promise::Other => {
            findings.push(Finding::new("file_unsupported", place).with("extension", extension));
            false
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn names(paths: &[PathBuf]) -> Vec<String> {
        list(paths).map(|(files, _)| files.into_iter().map(|file| file.name).collect()).unwrap_or_default()
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
        let found: Vec<&str> = list(&[one])?.1.iter().map(|finding| finding.name).collect();
        assert_eq!(found, ["file_ignored"]);
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
        assert_eq!(list(&[root.join(".git")])?.0.len(), 1, "a folder given by name is entered");
        Ok(())
    }
}
