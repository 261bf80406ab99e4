//! How programs write what is no value, and what they make of values. Data in `schemas/spellings.toml`.

use crate::definitions::spelling::looks_folded;
use serde::Deserialize;

/// Spellings of nothing and of units.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Written {
    missing: Vec<String>,
    units: Vec<String>,
    /// Bytes of the longest word for nothing; filled at load.
    #[serde(skip)]
    longest: usize,
    /// First bytes of words for nothing, in both cases; filled at load.
    #[serde(skip)]
    firsts: Vec<u8>,
}

impl Written {
    /// The spellings inside the binary.
    #[cfg(test)]
    pub(crate) fn read() -> Self {
        let mut written: Self = toml::from_str(include_str!("../../schemas/spellings.toml")).unwrap_or_default();
        written.index();
        written
    }

    /// Builds the index by which most values are known not to be words for nothing.
    pub(crate) fn index(&mut self) {
        self.longest = self.missing.iter().map(|word| word.to_uppercase().len().max(word.len())).max().unwrap_or(0);
        let both = self.missing.iter().flat_map(|word| [word.to_lowercase(), word.to_uppercase()]);
        self.firsts = both.filter_map(|word| word.bytes().next()).collect();
        self.firsts.sort_unstable();
        self.firsts.dedup();
    }

    /// Words for nothing, in small letters.
    pub fn missing(&self) -> &[String] {
        &self.missing
    }

    /// Whether a value is a word for nothing.
    pub fn is_missing(&self, text: &str) -> bool {
        self.may_be_missing(text.as_bytes()) && has(&self.missing, text)
    }

    /// Whether a value has the length and the first byte of a word for nothing.
    #[inline]
    pub fn may_be_missing(&self, text: &[u8]) -> bool {
        text.len() <= self.longest && text.first().is_some_and(|first| self.firsts.contains(first))
    }

    /// Whether a folded word behind a header is the unit of what is counted one by one.
    pub fn is_unit(&self, word: &str) -> bool {
        self.units.iter().any(|unit| looks_folded(unit) == word)
    }
}

fn has(words: &[String], text: &str) -> bool {
    words.iter().any(|word| text.chars().flat_map(char::to_lowercase).eq(word.chars()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_for_nothing() {
        for word in ["NULL", "null", "\\N", "nan", "NaN", "NaT", "None", "<NA>", "(null)", "н/д", "Н/Д"] {
            assert!(Written::read().is_missing(word), "{word}");
        }
        for word in ["", "0", "нет", "Нет данных", "NA-1", "N", "Nancy", "Нурлан"] {
            assert!(!Written::read().is_missing(word), "{word}");
        }
    }
}
