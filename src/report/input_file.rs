//! A file that figures rest on, by its name, size and SHA-256.

use crate::values::{digest, text_file};
use crate::words::failure::{Halt, OrHalt};
use anyhow::Result;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// One input file, or a document that a change rests on.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InputFile {
    pub name: String,
    pub bytes: u64,
    pub sha256: String,
}

impl InputFile {
    /// The file under its name without folders.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn of(path: &Path) -> Result<Self> {
        let shown = || Halt::reading(path);
        let file = text_file::open(path)?;
        let bytes = file.metadata().or_halt(shown)?.len();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        Ok(Self { name, bytes, sha256: digest::sha256(file).or_halt(shown)? })
    }
}
