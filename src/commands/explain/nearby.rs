//! The inputs of a report that nobody said the place of: beside the report, above it, under the current folder.

use crate::report::input_file::InputFile;
use std::path::{Path, PathBuf};

/// Entries that are looked at in one folder and below.
const ENTRIES: usize = 20_000;
/// Folders below one another that are entered.
const DEPTH: usize = 5;
/// Folders above a report that are searched: its results, and the quarter that they lie in.
const ABOVE: usize = 3;

/// Where the inputs of a report may lie.
pub(crate) fn folders(report: &Path) -> Vec<PathBuf> {
    let report = report.canonicalize().unwrap_or_else(|_| report.to_owned());
    let above = report.ancestors().skip(1).take(ABOVE).filter(|folder| folder.parent().is_some());
    std::iter::once(PathBuf::from(".")).chain(above.map(Path::to_owned)).collect()
}

/// A file of the recorded bytes, under its recorded name before any other; else what stands at the recorded name now.
pub(crate) fn find(input: &InputFile, places: &[PathBuf]) -> Option<PathBuf> {
    let is_it = |path: &PathBuf| {
        let is_long = std::fs::metadata(path).is_ok_and(|about| about.is_file() && about.len() == input.bytes);
        is_long && InputFile::of(path).is_ok_and(|file| file.sha256 == input.sha256)
    };
    let recorded = places.iter().map(|place| place.join(&input.name)).find(is_it);
    let searched = || {
        let own = Path::new(&input.name).file_name()?;
        places.iter().find_map(|place| {
            let mut left = ENTRIES;
            let mut found = Vec::new();
            gather(place, own, DEPTH, &mut left, &mut found);
            found.sort();
            found.into_iter().find(is_it)
        })
    };
    let changed = || places.iter().map(|place| place.join(&input.name)).find(|path| path.is_file());
    recorded.or_else(searched).or_else(changed)
}

/// Files of a name in a folder and below; hidden folders are passed over.
fn gather(folder: &Path, name: &std::ffi::OsStr, depth: usize, left: &mut usize, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let Some(rest) = left.checked_sub(1) else { return };
        *left = rest;
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if is_folder && depth > 0 && !entry.file_name().to_string_lossy().starts_with('.') {
            gather(&entry.path(), name, depth - 1, left, found);
        } else if !is_folder && entry.file_name() == name {
            found.push(entry.path());
        }
    }
}
