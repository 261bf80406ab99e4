//! The three languages of the program and texts that exist in all of them.

use serde::{Deserialize, Serialize};

/// A language a person reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    Kk,
    Ru,
    En,
}

impl Lang {
    pub const ALL: [Self; 3] = [Self::Kk, Self::Ru, Self::En];

    /// The two-letter code: `kk`, `ru`, `en`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Kk => "kk",
            Self::Ru => "ru",
            Self::En => "en",
        }
    }

    /// Reads a two-letter code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|lang| lang.code() == code.trim())
    }
}

/// One wording in Kazakh, Russian and English.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    pub kk: String,
    pub ru: String,
    pub en: String,
}

impl Text {
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Kk => &self.kk,
            Lang::Ru => &self.ru,
            Lang::En => &self.en,
        }
    }

    /// The wording in several languages, one under another (bilingual forms).
    pub fn join(&self, langs: &[Lang]) -> String {
        let mut parts: Vec<&str> = Vec::new();
        for lang in langs {
            if !parts.contains(&self.get(*lang)) {
                parts.push(self.get(*lang));
            }
        }
        parts.join("\n")
    }

    /// Whether a language is missing.
    pub fn is_incomplete(&self) -> bool {
        Lang::ALL.iter().any(|lang| self.get(*lang).trim().is_empty())
    }

    /// Replaces every `{name}` by its value, in all languages.
    #[must_use]
    pub fn fill(&self, slots: &[(String, String)]) -> Self {
        let fill = |pattern: &str| {
            slots.iter().fold(pattern.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), value))
        };
        Self { kk: fill(&self.kk), ru: fill(&self.ru), en: fill(&self.en) }
    }
}

/// Spellings in three languages; any of them is understood, the first is printed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spellings {
    pub kk: Vec<String>,
    pub ru: Vec<String>,
    pub en: Vec<String>,
}

impl Spellings {
    pub fn all(&self) -> impl Iterator<Item = &str> {
        self.kk.iter().chain(&self.ru).chain(&self.en).map(String::as_str)
    }

    pub fn first(&self) -> Text {
        let first = |list: &[String]| list.first().cloned().unwrap_or_default();
        Text { kk: first(&self.kk), ru: first(&self.ru), en: first(&self.en) }
    }
}

/// Folds a spelling for comparison: case, ё/е, runs of spaces and underscores, quotes.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut gap = false;
    for letter in text.chars() {
        if letter.is_whitespace() || letter == '_' || letter == '\u{a0}' {
            gap = !folded.is_empty();
            continue;
        }
        if matches!(letter, '"' | '\'' | '«' | '»' | '“' | '”' | '„' | '‘' | '’' | '`') {
            continue;
        }
        if std::mem::take(&mut gap) {
            folded.push(' ');
        }
        for lower in letter.to_lowercase() {
            folded.push(if lower == 'ё' { 'е' } else { lower });
        }
    }
    folded
}

/// The known word nearest to `word`, if one is near enough to be meant.
pub fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let word = fold(word);
    known
        .map(|candidate| (strsim::normalized_damerau_levenshtein(&word, &fold(candidate)), candidate))
        .filter(|(likeness, _)| *likeness >= 0.6)
        .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)))
        .map(|(_, candidate)| candidate)
}
