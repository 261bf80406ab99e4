//! Texts of the page, each stored once in all its languages.

use crate::words::lang::Text;
use serde::ser::{SerializeSeq, Serializer};
use serde::{Serialize, ser};
use std::collections::BTreeMap;

/// A table of texts; others refer to them by position.
#[derive(Debug, Default)]
pub struct Texts {
    known: BTreeMap<Text, usize>,
    list: Vec<Text>,
}

impl Texts {
    /// Position of a text, which is added when it is new.
    pub fn id(&mut self, text: &Text) -> usize {
        if let Some(known) = self.known.get(text) {
            return *known;
        }
        self.list.push(text.clone());
        self.known.insert(text.clone(), self.list.len() - 1);
        self.list.len() - 1
    }

    /// Position of a text that is the same in all languages.
    pub fn same(&mut self, text: &str) -> usize {
        self.id(&Text::same(text))
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

/// One string where all languages agree, else all in their order.
struct Shown<'a>(&'a Text);

impl Serialize for Shown<'_> {
    fn serialize<S: ser::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let all = self.0.all();
        if all.iter().all(|text| *text == all[0]) {
            serializer.serialize_str(&all[0])
        } else {
            all.serialize(serializer)
        }
    }
}
