//! Places inside the desk's folder: names of one component, nothing outside, no links followed.

use crate::refusal::Refusal;
use esep::values::period::Quarter;
use esep::words::lang::is_unseen;
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

/// Names that mean devices on Windows.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "conin$", "conout$"];

/// Held as long as a desk keeps the folder.
const LOCK: &str = ".esep-desk.lock";

/// The folder that the desk keeps.
#[derive(Debug, Clone)]
pub struct Folder {
    root: PathBuf,
}

impl Folder {
    /// # Errors
    /// It is none and cannot be made.
    pub fn open(root: &Path) -> std::io::Result<Self> {
        fs::create_dir_all(root)?;
        Ok(Self { root: root.canonicalize()? })
    }

    /// Takes the folder for this desk as long as the file lives; where nothing can be locked or written, nothing is held.
    ///
    /// # Errors
    /// Another desk keeps it: somebody else's, or that of another machine.
    pub fn keep(&self) -> Result<Option<File>, Refusal> {
        let Ok(lock) = File::options().create(true).read(true).append(true).open(self.root.join(LOCK)) else {
            return Ok(None);
        };
        match lock.try_lock() {
            Ok(()) => Ok(Some(lock)),
            Err(TryLockError::WouldBlock) => Err(Refusal::new(423, "refused_kept")),
            Err(TryLockError::Error(_)) => Ok(None),
        }
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Quarters that have a folder, the newest first.
    pub fn quarters(&self) -> Vec<String> {
        let entries = fs::read_dir(&self.root).into_iter().flatten().flatten();
        let is_folder = |entry: &fs::DirEntry| entry.file_type().is_ok_and(|kind| kind.is_dir());
        let names = entries.filter(is_folder).map(|entry| entry.file_name().to_string_lossy().into_owned());
        let mut names: Vec<String> = names.filter(|name| is_quarter(name)).collect();
        names.sort_unstable_by(|one, other| other.cmp(one));
        names
    }

    /// A place under the root; no part of the way to it may be a link.
    ///
    /// # Errors
    /// A part that is no name, a link on the way.
    pub fn place(&self, parts: &[&str]) -> Result<PathBuf, Refusal> {
        let mut place = self.root.clone();
        for part in parts.iter().flat_map(|part| part.split('/')) {
            let hidden = part == ".bin";
            if !hidden && component(part).is_none() {
                return Err(Refusal::new(400, "refused_name"));
            }
            place.push(part);
            if fs::symlink_metadata(&place).is_ok_and(|about| about.file_type().is_symlink()) {
                return Err(Refusal::new(400, "refused_link"));
            }
        }
        Ok(place)
    }
}

/// Whether a text is a quarter as folders are named: `2026Q3`.
pub fn is_quarter(name: &str) -> bool {
    Quarter::parse(name).is_ok_and(|quarter| quarter.to_string() == name)
}

/// The name, where it is one component that every file system takes.
pub fn component(name: &str) -> Option<&str> {
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_lowercase();
    let numbered = |kind: &str| {
        stem.strip_prefix(kind).is_some_and(|number| {
            number.chars().count() == 1 && number.chars().all(|digit| "0123456789¹²³".contains(digit))
        })
    };
    let is_device = DEVICES.contains(&stem.as_str()) || numbered("com") || numbered("lpt");
    // what is not seen may turn the rest of a name round
    let is_sound = |letter: char| !letter.is_control() && !is_unseen(letter) && !"/\\:*?\"<>|".contains(letter);
    let is_name = !name.is_empty()
        && name.len() <= 200
        && !name.starts_with(['.', '~'])
        && !name.ends_with(['.', ' '])
        && !name.starts_with(' ')
        && !is_device
        && name.chars().all(is_sound);
    is_name.then_some(name)
}

#[cfg(test)]
mod tests {
    use super::component;

    #[test]
    fn a_name_is_one_component() {
        for name in [
            "Услуги июль.xlsx",
            "a.csv",
            "журнал (2).ods",
            "console.csv",
            "common.csv",
            "отчёт\u{a0}за 3 кв.xlsx",
            "Қ.ә.csv",
        ] {
            assert_eq!(component(name), Some(name));
        }
        for name in [
            "",
            ".",
            "..",
            "a/b",
            "a\\b",
            "../a",
            ".bin",
            "a\0b",
            "con",
            "CON.csv",
            "com1.txt",
            "a:b",
            "a.",
            "a ",
            "~$a",
            "com¹.csv",
            "CONIN$",
            "a\u{202e}vsc.exe",
            "a\u{200b}.csv",
        ] {
            assert_eq!(component(name), None, "{name:?}");
        }
    }
}
