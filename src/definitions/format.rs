//! Kinds of files that are not read as tables of records. Data in `schemas/formats.toml`.

use crate::words::lang::Text;
use serde::Deserialize;
use std::sync::OnceLock;

/// A kind of files, known by its beginning or its extension.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileFormat {
    /// What such a file is called within a sentence.
    pub name: Text,
    pub extensions: Vec<String>,
    #[serde(default)]
    starts: Vec<String>,
    #[serde(default)]
    starts_hex: Vec<String>,
    #[serde(default)]
    holds: Vec<String>,
    #[serde(default)]
    lacks: Vec<String>,
    /// It may hold records, which are then missing.
    pub records: bool,
}

/// The file of all kinds, the more particular ones first.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileFormats {
    format: Vec<FileFormat>,
}

/// Files are looked at by those who have no definitions: the kinds are those that were loaded first.
static FORMATS: OnceLock<FileFormats> = OnceLock::new();

/// Keeps the kinds that were loaded.
pub(crate) fn keep(formats: FileFormats) {
    FORMATS.get_or_init(|| formats);
}

/// All kinds: those that were loaded, else those inside the binary.
pub fn formats() -> &'static [FileFormat] {
    let own = || toml::from_str(include_str!("../../schemas/formats.toml")).unwrap_or_default();
    &FORMATS.get_or_init(own).format
}

impl FileFormat {
    /// Whether a file is of the kind; `ends`: its first and last bytes.
    pub fn is(&self, ends: &[u8]) -> bool {
        let text = ends.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(ends).trim_ascii_start();
        let begins =
            |start: &String| text.get(..start.len()).is_some_and(|own| own.eq_ignore_ascii_case(start.as_bytes()));
        let begins_hex = |start: &String| {
            let own = ends.get(..start.len() / 2).unwrap_or_default();
            crate::values::digest::hex(own) == *start
        };
        let has = |part: &String| memchr::memmem::find(ends, part.as_bytes()).is_some();
        (self.starts.iter().any(begins) || self.starts_hex.iter().any(begins_hex))
            && self.holds.iter().all(has)
            && !self.lacks.iter().any(has)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_its_name_and_is_known_by_something() {
        assert!(!formats().is_empty());
        for format in formats() {
            assert!(!format.name.is_incomplete(), "{format:?}");
            let known = format.extensions.len() + format.starts.len() + format.starts_hex.len();
            assert!(known > 0, "{format:?}");
        }
    }
}
