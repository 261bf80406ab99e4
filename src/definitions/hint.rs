//! Words of bodies' own spreadsheets, by which `esep init` proposes. Data in `schemas/hints.toml`.

use crate::definitions::spelling::looks_folded;
use crate::words::lang::fold;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Proposals only: nothing is read by them.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hints {
    /// Headers of columns that name people.
    pub personal: Vec<String>,
    /// Words of headers above what is planned, and above what came to be: a day of one kind is none of the other.
    pub planned: Vec<String>,
    pub actual: Vec<String>,
    /// Field → headers.
    pub fields: BTreeMap<String, Vec<String>>,
    /// Table → words in the names of files and sheets and in titles.
    #[serde(default)]
    pub tables: BTreeMap<String, Vec<String>>,
    /// Code lists of which no code is ever proposed without a question: they say whose fault it is.
    #[serde(default)]
    pub guilt: Vec<String>,
    /// Code list → parts of values that may mean more than one code.
    #[serde(default)]
    pub doubts: BTreeMap<String, Vec<String>>,
    /// Code list → code → parts of values.
    pub codes: BTreeMap<String, BTreeMap<String, Vec<String>>>,
    /// Field → words of headers that may mean it.
    #[serde(default)]
    pub words: BTreeMap<String, Vec<HeaderWords>>,
    /// Words of headers that stand above no day, number or code.
    #[serde(default)]
    pub strange: HeaderWords,
}

/// Words by which a header may mean a field: beginnings of words of four letters and more, shorter words as they are;
/// with `-` before it a word that must not be there.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(from = "String")]
pub struct HeaderWords {
    there: Vec<String>,
    absent: Vec<String>,
}

impl From<String> for HeaderWords {
    fn from(text: String) -> Self {
        let folded = |word: &str| looks_folded(&fold(word));
        let (absent, there): (Vec<&str>, Vec<&str>) = text.split_whitespace().partition(|word| word.starts_with('-'));
        Self {
            there: there.into_iter().map(folded).collect(),
            absent: absent.into_iter().map(|word| folded(&word[1..])).collect(),
        }
    }
}

impl HeaderWords {
    /// How many of the words stand in a folded header; `None` where one of them does not, or one stands there that must
    /// not.
    pub fn all_in(&self, header: &str) -> Option<usize> {
        let is_in = |word: &String| words(header).any(|own| is_meant(word, own));
        (self.there.iter().all(is_in) && !self.absent.iter().any(is_in)).then_some(self.there.len())
    }

    /// None of the other's words may stand beside these.
    #[must_use]
    pub fn beside_none_of(mut self, other: &Self) -> Self {
        self.absent.extend(other.there.iter().cloned());
        self
    }
}

fn words(header: &str) -> impl Iterator<Item = &str> {
    header.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty())
}

fn is_meant(word: &str, own: &str) -> bool {
    if word.chars().count() < 4 { own == word } else { own.starts_with(word) }
}
