//! Code lists: the values a coded field may hold. Data in `schemas/codelists/*.toml`.

use crate::words::lang::{Lang, Text, fold, nearest};
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

/// Unknown spellings whose nearest known one is remembered.
const STRANGE: usize = 1 << 12;

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeList {
    pub list: String,
    pub names: Text,
    pub basis: String,
    #[serde(rename = "code")]
    pub codes: Vec<Code>,
    /// Folded spelling → position in `codes`; filled at load.
    #[serde(skip)]
    spellings: HashMap<String, usize>,
    /// Unknown spellings and what is nearest to them: a body has its own, and has them in every row.
    #[serde(skip)]
    strange: Arc<Mutex<HashMap<String, String>>>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Code {
    pub code: String,
    pub label: Text,
    /// What tables say, where the words of the form are long or hold more than the code.
    pub short: Option<Text>,
    /// Further accepted spellings, in any language.
    #[serde(default)]
    pub also: Vec<String>,
    pub parent: Option<String>,
    pub basis: Option<String>,
}

impl CodeList {
    /// Builds the index of spellings; an error names a spelling that means two codes.
    pub fn index(&mut self) -> Result<(), String> {
        for (position, code) in self.codes.iter().enumerate() {
            let labels = Lang::ALL.into_iter().map(|lang| code.label.get(lang));
            for spelling in labels.chain([code.code.as_str()]).chain(code.also.iter().map(String::as_str)) {
                let known = self.spellings.insert(fold(spelling), position);
                if known.is_some_and(|other| other != position) {
                    return Err(format!("code list {}: {spelling:?} means two codes", self.list));
                }
            }
        }
        Ok(())
    }

    /// Takes in one more spelling; `false`: it means another code already.
    pub fn learn(&mut self, spelling: &str, position: usize) -> bool {
        *self.spellings.entry(fold(spelling)).or_insert(position) == position
    }

    /// Folded spelling → position of its code, those of a mapping among them.
    pub fn spellings(&self) -> BTreeMap<&str, usize> {
        self.spellings.iter().map(|(spelling, code)| (spelling.as_str(), *code)).collect()
    }

    /// Position of the code that a spelling means: the code itself or any label.
    pub fn find(&self, spelling: &str) -> Option<usize> {
        self.spellings.get(spelling).or_else(|| self.spellings.get(&fold(spelling))).copied()
    }

    /// The known spelling nearest to an unknown one; empty: none is near.
    pub fn nearest(&self, spelling: &str) -> String {
        let met = || self.strange.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(near) = met().get(spelling) {
            return near.clone();
        }
        let known = self.codes.iter().flat_map(|code| {
            let labels = Lang::ALL.into_iter().map(|lang| code.label.get(lang));
            [code.code.as_str()].into_iter().chain(labels).chain(code.also.iter().map(String::as_str))
        });
        let near = nearest(spelling, known).unwrap_or_default().to_owned();
        let mut strange = met();
        if strange.len() < STRANGE {
            strange.insert(spelling.to_owned(), near.clone());
        }
        near
    }

    /// The code that a code is a kind of; else itself.
    pub fn top(&self, code: usize) -> usize {
        self.codes[code].parent.as_ref().and_then(|parent| self.position(parent)).unwrap_or(code)
    }

    /// Position of a code by the code itself.
    pub fn position(&self, code: &str) -> Option<usize> {
        self.codes.iter().position(|entry| entry.code == code)
    }
}
