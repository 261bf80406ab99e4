//! Code lists: the values a coded field may hold. Data in `schemas/codelists/*.toml`.

use crate::words::lang::{Lang, Text, fold, nearest};
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicBool, Ordering};
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
    /// Folded spelling → what it means; filled at load.
    #[serde(skip)]
    spellings: HashMap<String, Spelling>,
    /// Spellings of a mapping.
    #[serde(skip)]
    taught: Vec<Arc<Taught>>,
    /// Unknown spellings and what is nearest to them: a body has its own, and has them in every row.
    #[serde(skip)]
    strange: Arc<Mutex<HashMap<String, String>>>,
}

/// The position of a code in its list, and which of the spellings of a mapping it is, if any.
#[derive(Debug, Clone, Copy)]
struct Spelling {
    code: usize,
    taught: Option<usize>,
}

/// A spelling of a mapping as it is written, and whether a value was read by it.
#[derive(Debug)]
struct Taught {
    written: String,
    met: AtomicBool,
}

/// From here on an unknown spelling is a known one with a slip of the pen.
pub const LIKE: f64 = 0.75;
/// So much nearer than spellings of all other codes it must be: «оказано» is near to «отказано».
const APART: f64 = 0.1;

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
                let known = self.spellings.insert(fold(spelling), Spelling { code: position, taught: None });
                if known.is_some_and(|other| other.code != position) {
                    return Err(format!("code list {}: {spelling:?} means two codes", self.list));
                }
            }
        }
        Ok(())
    }

    /// Takes in one more spelling; `false`: it means another code already.
    pub fn learn(&mut self, spelling: &str, position: usize) -> bool {
        let known = self.spellings.entry(fold(spelling)).or_insert(Spelling { code: position, taught: None });
        if known.code != position {
            return false;
        }
        if known.taught.is_none() {
            known.taught = Some(self.taught.len());
            self.taught.push(Arc::new(Taught { written: spelling.to_owned(), met: AtomicBool::new(false) }));
            self.strange = Arc::default();
        }
        true
    }

    /// Folded spelling → position of its code, those of a mapping among them.
    pub fn spellings(&self) -> BTreeMap<&str, usize> {
        self.spellings.iter().map(|(spelling, known)| (spelling.as_str(), known.code)).collect()
    }

    /// Position of the code that a spelling means: the code itself or any label.
    pub fn find(&self, spelling: &str) -> Option<usize> {
        self.known(spelling).map(|known| known.code)
    }

    /// The same for the value of a record: a spelling of a mapping has then met its value.
    pub fn read(&self, value: &str) -> Option<usize> {
        let known = self.known(value)?;
        if let Some(taught) = known.taught {
            self.taught[taught].met.store(true, Ordering::Relaxed);
        }
        Some(known.code)
    }

    /// Whether no value was read by a spelling that a mapping gave.
    pub fn is_unmet(&self, spelling: &str) -> bool {
        let taught = self.known(spelling).and_then(|known| known.taught);
        taught.is_some_and(|taught| !self.taught[taught].met.load(Ordering::Relaxed))
    }

    fn known(&self, spelling: &str) -> Option<Spelling> {
        self.spellings.get(spelling).or_else(|| self.spellings.get(&fold(spelling))).copied()
    }

    /// The known spelling that an unknown one is with a slip of the pen; empty: there is none, or it may be one of two
    /// codes.
    pub fn nearest(&self, spelling: &str) -> String {
        let met = || self.strange.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(near) = met().get(spelling) {
            return near.clone();
        }
        let near = self.slip_of(spelling).unwrap_or_default().to_owned();
        let mut strange = met();
        if strange.len() < STRANGE {
            strange.insert(spelling.to_owned(), near.clone());
        }
        near
    }

    fn slip_of(&self, spelling: &str) -> Option<&str> {
        let known = |position: usize| {
            let code = &self.codes[position];
            let labels = Lang::ALL.into_iter().map(|lang| code.label.get(lang));
            let own = [code.code.as_str()].into_iter().chain(labels).chain(code.also.iter().map(String::as_str));
            let taught = self.taught.iter().map(|taught| taught.written.as_str());
            own.chain(taught.filter(move |written| self.find(written) == Some(position)))
        };
        let folded = fold(spelling);
        let likeness = |other: &str| strsim::normalized_damerau_levenshtein(&folded, &fold(other));
        let best = |position: usize| nearest(spelling, known(position)).map(|near| (likeness(near), position, near));
        let mut all: Vec<(f64, usize, &str)> = (0..self.codes.len()).filter_map(best).collect();
        all.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
        let (first, _, near) = *all.first()?;
        let is_apart = all.get(1).is_none_or(|(second, ..)| first - second >= APART);
        (first >= LIKE && is_apart).then_some(near)
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
