//! Names of files that are made of names from elsewhere: short enough for every file system.

use crate::values::digest::hex;
use std::borrow::Cow;
use std::fmt::Write;
use std::path::{MAIN_SEPARATOR, Path};
use xxhash_rust::xxh3::xxh3_128;

/// Bytes of a name without its extension. File systems allow 255; there is room for `old-`, a number, an extension.
const LONGEST: usize = 224;

/// The name as it is, or its beginning and a digest of the whole: the same name is always cut alike, no two become one.
pub fn fitting(name: &str) -> Cow<'_, str> {
    if name.len() <= LONGEST {
        return name.into();
    }
    let digest = hex(&xxh3_128(name.as_bytes()).to_be_bytes()[..8]);
    let room = LONGEST - digest.len() - 1;
    let end = name.char_indices().map(|(at, _)| at).take_while(|at| *at <= room).last().unwrap_or(0);
    let mut short = name[..end].trim_end().to_owned();
    let _ = write!(short, "~{digest}");
    short.into()
}

/// Whether two names are one to a file system that makes no difference between large and small letters.
pub fn is_same(one: &str, other: &str) -> bool {
    one == other || one.to_lowercase() == other.to_lowercase()
}

/// The lock that a spreadsheet or word processor leaves beside an open document, or what Windows leaves in folders.
pub fn is_litter(name: &str) -> bool {
    let own = ["thumbs.db", "desktop.ini"];
    name.starts_with("~$") || name.starts_with(".~") || own.iter().any(|litter| is_same(name, litter))
}

/// A path as it is stored and shown: with `/` on every system.
pub fn with_slashes(path: &Path) -> String {
    slashed(&path.display().to_string(), MAIN_SEPARATOR)
}

fn slashed(path: &str, separator: char) -> String {
    if separator == '/' { path.to_owned() } else { path.replace(separator, "/") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_are_cut_alike_and_stay_apart() {
        assert_eq!(fitting("журнал"), "журнал");
        for letters in ["ә", "漢", "😀", "a"] {
            let (one, other) = (letters.repeat(400), letters.repeat(399) + "b");
            let (short, same, apart) = (fitting(&one), fitting(&one), fitting(&other));
            assert!(short.len() <= LONGEST && short.len() > LONGEST - 4, "{short}");
            assert!(short == same && short != apart && one.starts_with(short.split('~').next().unwrap_or("-")));
        }
        assert!(is_same("Журнал.csv", "журнал.CSV") && !is_same("a", "b"));
    }

    #[test]
    fn litter_of_programs_is_known_and_paths_are_alike_on_all_systems() {
        for litter in ["~$приказ.docx", ".~lock.acts.ods#", "Thumbs.db", "desktop.ini", "DESKTOP.INI"] {
            assert!(is_litter(litter), "{litter}");
        }
        assert!(!["приказ.docx", "~акт.pdf", "thumbs.pdf", "db"].into_iter().any(is_litter));
        assert_eq!(slashed(r"C:\отчёты\2-mk\report.json", '\\'), "C:/отчёты/2-mk/report.json");
        assert_eq!(slashed(r"reports/a\b.json", '/'), r"reports/a\b.json");
    }
}
