//! What people changed beside their sources: mends of cells, and rows that are left out (`--mends`).

use crate::report::input_file::InputFile;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// One mend as a person wrote it (desk.md, `mends.csv`).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mend {
    /// The file as findings print it, or its name without folders.
    pub source: String,
    /// Empty for files without sheets.
    pub sheet: String,
    pub line: u64,
    /// The header as it is written in the source.
    pub column: String,
    pub action: MendAction,
    /// The text that must still stand there.
    pub old: String,
    pub new: String,
    /// Why a row is left out; it stays in the quarantine.
    pub reason: String,
}

/// What a mend does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum MendAction {
    #[default]
    Change,
    LeaveOut,
}

/// The mends of a run in the order in which they were made.
#[derive(Debug, Clone, Default)]
pub struct Mends {
    pub all: Vec<Mend>,
    /// Where they stand; these are no sources.
    pub paths: Vec<PathBuf>,
    /// The same files as a report names them.
    pub files: Vec<InputFile>,
}

impl Mends {
    /// Whether a source may have mends.
    pub(crate) fn concern(&self, source: &str) -> bool {
        self.all.iter().any(|mend| is_below(source, &mend.source) || is_below(&mend.source, source))
    }

    /// Whether a file holds mends, not records.
    pub(crate) fn stand_in(&self, path: &Path) -> bool {
        self.paths.iter().any(|own| own == path)
    }
}

/// Whether a printed name is another one, or that one with folders before it.
pub(crate) fn is_below(name: &str, other: &str) -> bool {
    name.strip_suffix(other).is_some_and(|folders| folders.is_empty() || folders.ends_with('/'))
}

/// The mends of one table that hold, by line.
pub type TableMends = BTreeMap<u64, RowMend>;

/// What becomes of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowMend {
    /// It goes to the quarantine with this reason.
    LeftOut(String),
    /// Texts that stand in it instead.
    Changed(Vec<(MendTarget, String)>),
}

/// What a mend changes: a column of the source, or a field that has none, by position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MendTarget {
    Column(usize),
    Field(usize),
}
