//! Words from which explanations of cells are made. Data in `templates/explain/*.toml`.

use crate::definitions::dimension::SETS;
use crate::words::lang::Text;
use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Kinds of facts and flags in words.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vocabulary {
    /// By the name of the dimension.
    pub flags: BTreeMap<String, Flag>,
    /// By the name of the kind of fact.
    pub facts: BTreeMap<String, FactWords>,
}

/// A dimension that is yes or no.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Flag {
    pub name: Text,
    pub no: Text,
    pub yes: Text,
}

/// What is counted, and which day decides the month.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FactWords {
    pub counts: Text,
    pub dated: Text,
    /// What the second number of the fact is.
    pub amount: Option<Text>,
    /// What is counted once.
    pub distinct: Option<Text>,
}

impl Vocabulary {
    /// Every kind of fact and every flag has its words in three languages.
    pub(crate) fn check(&self) -> Result<()> {
        for set in &SETS {
            ensure!(self.facts.contains_key(set.name), "templates/explain: no words for {:?}", set.name);
            for flag in set.dimensions.iter().filter(|dimension| dimension.list.is_none()) {
                ensure!(self.flags.contains_key(flag.name), "templates/explain: no words for {:?}", flag.name);
            }
        }
        let flags = self.flags.values().flat_map(|flag| [&flag.name, &flag.no, &flag.yes]);
        let facts = self
            .facts
            .values()
            .flat_map(|fact| [&fact.counts, &fact.dated].into_iter().chain(&fact.amount).chain(&fact.distinct));
        let incomplete = flags.chain(facts).find(|text| text.is_incomplete());
        ensure!(incomplete.is_none(), "templates/explain: {incomplete:?} lacks a language");
        Ok(())
    }

    pub(crate) fn one(read: Vec<Self>) -> Result<Self> {
        let vocabulary = read.into_iter().next().context("templates/explain: no vocabulary")?;
        vocabulary.check()?;
        Ok(vocabulary)
    }
}
