//! Texts of the page, each stored once in all its languages.

use crate::words::lang::Text;
use serde::ser::{SerializeSeq, Serializer};
use serde::{Serialize, ser};
use std::collections::BTreeMap;

/// A table of texts; others refer to them by position.
#[derive(Debug, Default)]
pub struct Texts {
    known: BTreeMap<[String; 3], usize>,
    list: Vec<[String; 3]>,
}

impl Texts {
    /// Position of a text, which is added when it is new.
    pub fn id(&mut self, text: &Text) -> usize {
        let key = [text.kk.clone(), text.ru.clone(), text.en.clone()];
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        self.list.push(key.clone());
        self.known.insert(key, self.list.len() - 1);
        self.list.len() - 1
    }

    /// Position of a text that is the same in all languages.
    pub fn same(&mut self, text: &str) -> usize {
        self.id(&Text { kk: text.to_owned(), ru: text.to_owned(), en: text.to_owned() })
    }
}

impl Serialize for Texts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut sequence = serializer.serialize_seq(Some(self.list.len()))?;
        for text in &self.list {
            sequence.serialize_element(&Shown(text))?;
        }
        sequence.end()
    }
}

/// One string where all languages agree, else kk, ru, en.
struct Shown<'a>(&'a [String; 3]);

impl Serialize for Shown<'_> {
    fn serialize<S: ser::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let [kk, ru, en] = self.0;
        if kk == ru && ru == en { serializer.serialize_str(kk) } else { self.0.serialize(serializer) }
    }
}
