//! Kinds of files that are not read as tables of records. Data in `schemas/formats.toml`.

use crate::definitions::load;
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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Formats {
    format: Vec<FileFormat>,
}

/// All kinds, the more particular ones first.
pub fn formats() -> &'static [FileFormat] {
    static FORMATS: OnceLock<Vec<FileFormat>> = OnceLock::new();
    FORMATS.get_or_init(|| {
        let text = load::schema("formats.toml").unwrap_or_default();
        load::parse_toml(text).map(|formats: Formats| formats.format).unwrap_or_default()
    })
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
