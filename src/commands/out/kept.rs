//! What the program wrote into a folder of results, and what people put or changed there since: that is never lost.

use crate::commands::out::moves::is_there;
use crate::sources::own;
use crate::sources::own::{FOLDER, Written};
use crate::values::abreast::{abreast, processors};
use crate::values::digest::quick;
use anyhow::Result;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::path::Path;

/// Files that are written ready for people to fill in: one that was edited keeps its name, the new one is `….new.toml`.
pub const FILLED_IN: [&str; 2] = ["confirm.toml", "narrative.toml"];

/// A file of people: its path in the old folder and in the new one, with `/`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Kept {
    pub was: String,
    pub is: String,
}

/// Lists what the program wrote into a folder.
///
/// # Errors
/// A file cannot be read again, or the list cannot be written.
pub fn list(folder: &Path) -> Result<()> {
    let mut files = BTreeMap::new();
    let paths = paths(folder)?;
    let digests = digests(folder, &paths, |_| true);
    for (path, digest) in paths.into_iter().zip(digests) {
        let digest = digest?;
        if FILLED_IN.contains(&path.as_str()) {
            files.insert(beside(&path), digest.clone());
        }
        files.insert(path, digest);
    }
    Ok(Written { files }.write(folder)?)
}

/// Carries what people put into the old folder, or changed there, over into the new one; the old one stays whole.
///
/// # Errors
/// Something cannot be read or written: then nothing may replace the old folder.
pub fn carry(old: &Path, new: &Path) -> io::Result<Vec<Kept>> {
    let written = Written::read(old);
    let mut kept = Vec::new();
    let paths = paths(old)?;
    let digests = digests(old, &paths, |path| written.as_ref().is_some_and(|written| written.files.contains_key(path)));
    for (was, digest) in paths.into_iter().zip(digests) {
        let (from, digest) = (old.join(&was), digest?);
        let (is_known, is_ours) = match &written {
            Some(written) => match written.files.get(&was) {
                Some(known) => (true, digest == *known),
                None => (false, false),
            },
            None => (false, own::NAMES.contains(&was.split('/').next().unwrap_or(&was))),
        };
        if is_ours {
            continue;
        }
        let is_free = |name: &str| !is_there(&new.join(name));
        if FILLED_IN.contains(&was.as_str()) && !is_free(&was) {
            fs::rename(new.join(&was), new.join(beside(&was)))?;
        }
        let is = if is_free(&was) && (!is_known || FILLED_IN.contains(&was.as_str())) {
            was.clone()
        } else {
            edited(&was, |name| is_free(name) && !is_there(&old.join(name)))
        };
        let to = new.join(&is);
        if let Some(folder) = to.parent() {
            fs::create_dir_all(folder)?;
        }
        // a second name costs nothing; some disks have no such thing
        fs::hard_link(&from, &to).or_else(|_| fs::copy(&from, &to).map(|_| ()))?;
        kept.push(Kept { was, is });
    }
    Ok(kept)
}

/// Digests of the files that are wanted, in the order of their paths; of what is no file, and of others, none.
fn digests(folder: &Path, paths: &[String], is_wanted: impl Fn(&str) -> bool + Sync) -> Vec<io::Result<String>> {
    let digest = |place: usize| {
        let (path, from) = (&paths[place], folder.join(&paths[place]));
        if is_wanted(path) && from.symlink_metadata()?.is_file() {
            quick(File::open(&from)?)
        } else {
            Ok(String::new())
        }
    };
    abreast(paths.len(), processors(), digest)
}

/// `confirm.toml` → `confirm.new.toml`
fn beside(name: &str) -> String {
    name.replace(".toml", ".new.toml")
}

/// `findings.xlsx` → `findings.edited.xlsx`, numbered when taken.
fn edited(name: &str, is_free: impl Fn(&str) -> bool) -> String {
    let (folder, own) = name.rsplit_once('/').map_or(("", name), |(folder, own)| (folder, own));
    let (stem, extension) = own.rsplit_once('.').map_or((own, String::new()), |(stem, end)| (stem, format!(".{end}")));
    let folder = if folder.is_empty() { String::new() } else { format!("{folder}/") };
    let numbers = std::iter::once(String::new()).chain((2..).map(|number| format!("-{number}")));
    let mut names = numbers.map(|number| format!("{folder}{stem}.edited{number}{extension}"));
    names.find(|name| is_free(name)).unwrap_or_else(|| name.to_owned())
}

/// All files below a folder but the list, in order; links are not followed.
fn paths(folder: &Path) -> io::Result<Vec<String>> {
    let mut paths = Vec::new();
    gather(folder, "", &mut paths)?;
    paths.sort();
    Ok(paths)
}

fn gather(folder: &Path, prefix: &str, paths: &mut Vec<String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let Ok(own) = entry.file_name().into_string() else {
            return Err(io::Error::from(io::ErrorKind::InvalidFilename));
        };
        let path = format!("{prefix}{own}");
        if path == FOLDER {
            continue;
        }
        if entry.file_type()?.is_dir() {
            gather(&entry.path(), &format!("{path}/"), paths)?;
        } else {
            paths.push(path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(folder: &Path, files: &[(&str, &str)]) -> Result<()> {
        for (name, text) in files {
            let path = folder.join(name);
            fs::create_dir_all(path.parent().unwrap_or(folder))?;
            fs::write(path, text)?;
        }
        Ok(())
    }

    fn read(folder: &Path) -> Result<BTreeMap<String, String>> {
        let mut all = BTreeMap::new();
        for path in paths(folder)? {
            let text = fs::read_to_string(folder.join(&path))?;
            all.insert(path, text);
        }
        Ok(all)
    }

    #[test]
    fn files_of_people_and_what_they_changed_are_carried_along() -> Result<()> {
        let (old, new) = (tempfile::tempdir()?, tempfile::tempdir()?);
        write(
            old.path(),
            &[("report.xlsx", "1"), ("rejected.csv", "1"), ("quarantine/a.csv", "1"), ("cells.csv", "1")],
        )?;
        list(old.path())?;
        write(
            old.path(),
            &[("report.xlsx", "mended"), ("quarantine/a.csv", "mended"), ("report.edited.xlsx", "before")],
        )?;
        write(old.path(), &[("scans/акт.pdf", "scan"), ("report.pdf", "own"), ("notes", "notes")])?;
        write(new.path(), &[("report.xlsx", "2"), ("cells.csv", "2"), ("report.pdf", "2")])?;
        list(new.path())?;
        let kept = carry(old.path(), new.path())?;
        let all = read(new.path())?;
        let expected = [
            ("cells.csv", "2"),
            ("notes", "notes"),
            ("quarantine/a.edited.csv", "mended"),
            ("report.edited-2.xlsx", "mended"),
            ("report.edited.pdf", "own"),
            ("report.edited.xlsx", "before"),
            ("report.pdf", "2"),
            ("report.xlsx", "2"),
            ("scans/акт.pdf", "scan"),
        ];
        assert_eq!(all, expected.map(|(name, text)| (name.to_owned(), text.to_owned())).into());
        assert_eq!(kept.len(), 6);
        let again = tempfile::tempdir()?;
        write(again.path(), &[("report.xlsx", "3")])?;
        list(again.path())?;
        assert_eq!(carry(new.path(), again.path())?.len(), 6, "what was carried along stays people's");
        assert_eq!(read(again.path())?.len(), 7);
        Ok(())
    }

    #[test]
    fn what_people_filled_in_keeps_its_name() -> Result<()> {
        let (old, new, third) = (tempfile::tempdir()?, tempfile::tempdir()?, tempfile::tempdir()?);
        write(old.path(), &[("confirm.toml", "ready"), ("narrative.toml", "ready")])?;
        list(old.path())?;
        write(old.path(), &[("confirm.toml", "filled in")])?;
        for (from, to) in [(&old, &new), (&new, &third)] {
            write(to.path(), &[("confirm.toml", "ready again"), ("narrative.toml", "ready again")])?;
            list(to.path())?;
            assert_eq!(carry(from.path(), to.path())?.len(), 1);
            let all = read(to.path())?;
            let expected =
                [("confirm.new.toml", "ready again"), ("confirm.toml", "filled in"), ("narrative.toml", "ready again")];
            assert_eq!(all, expected.map(|(name, text)| (name.to_owned(), text.to_owned())).into());
        }
        Ok(())
    }

    #[test]
    fn folders_without_a_list_are_judged_by_names() -> Result<()> {
        let (old, new) = (tempfile::tempdir()?, tempfile::tempdir()?);
        write(
            old.path(),
            &[("report.xlsx", "1"), ("quarantine/a.csv", "1"), ("письмо.docx", "own"), ("a/b/c", "own")],
        )?;
        write(new.path(), &[("report.xlsx", "2")])?;
        let names: Vec<String> = carry(old.path(), new.path())?.into_iter().map(|kept| kept.is).collect();
        assert_eq!(names, ["a/b/c", "письмо.docx"]);
        Ok(())
    }
}
