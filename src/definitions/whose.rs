//! Whose words a label of a form is: of the act, adapted from it, or a translation of ours.

use crate::words::lang::Text;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Whose words a label is in one language.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Whose {
    /// As the act has it.
    Official,
    /// The act's words in a form that the table needs.
    Adapted,
    #[default]
    Ours,
}

/// Whose words a label is in Kazakh and in Russian; the English wording is that of the published translation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WhoseWords {
    #[serde(default)]
    pub kk: Whose,
    #[serde(default)]
    pub ru: Whose,
}

impl WhoseWords {
    /// In words: «по-русски – официальный текст, по-казахски – наш перевод».
    pub fn say(self, words: &BTreeMap<String, Text>) -> Text {
        let of = |whose: Whose| match whose {
            Whose::Official => "label_official",
            Whose::Adapted => "label_adapted",
            Whose::Ours => "label_ours",
        };
        let word = |key: &str| words.get(key).cloned().unwrap_or_default();
        let (kk, ru, pattern) = (word(of(self.kk)), word(of(self.ru)), word("label_source"));
        Text::by(|lang| pattern.get(lang).replace("{kk}", kk.get(lang)).replace("{ru}", ru.get(lang)))
    }
}
