//! What stands in the files that were given.

use crate::sources::raw::FoundTable;
use crate::words::finding::{Finding, Place};
use std::path::{Path, PathBuf};

/// A file that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    pub path: PathBuf,
    /// The path as printed: relative to the given folder, with `/`.
    pub name: String,
    pub bytes: u64,
    /// Lower-case hexadecimal digits; empty until a file that was glanced at is read.
    pub sha256: String,
}

/// What stands in the given files.
#[derive(Debug, Default)]
pub struct Discovered {
    /// Every file looked at, ordered by name (code points).
    pub files: Vec<SourceFile>,
    /// Tables in the order of their files, then of their sheets.
    pub tables: Vec<FoundTable>,
    /// Files that have the tables of another, which are not among `tables`.
    pub twins: Vec<Twin>,
    /// Folders of our own results, which were passed over.
    pub passed: Vec<PassedFolder>,
    pub findings: Vec<Finding>,
}

/// A folder of our own results among the sources.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PassedFolder {
    /// As printed.
    pub name: String,
    pub path: PathBuf,
}

impl PassedFolder {
    /// The notice about it.
    pub fn told(&self) -> Finding {
        Finding::new("results_passed", Place { source: Some(self.name.clone()), ..Place::default() })
    }

    /// Whether it lies in a folder.
    pub fn is_within(&self, folder: &Path) -> bool {
        let paths = self.path.canonicalize().ok().zip(folder.canonicalize().ok());
        paths.is_some_and(|(own, folder)| own.starts_with(folder))
    }
}

/// A file that repeats another; both as printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Twin {
    pub name: String,
    pub first: String,
}
