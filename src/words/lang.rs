//! The languages of the program and texts that exist in all of them.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Letters are counted by their last byte.
const LETTERS: usize = 256;

/// A language a person reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    Kk,
    #[default]
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

    /// How many forms of a word go with numbers.
    pub fn forms(self) -> usize {
        match self {
            Self::Kk => 1,
            Self::Ru => 3,
            Self::En => 2,
        }
    }

    /// The language with the country in which the forms are printed: `kk-KZ`.
    pub fn locale(self) -> &'static str {
        match self {
            Self::Kk => "kk-KZ",
            Self::Ru => "ru-RU",
            Self::En => "en-US",
        }
    }

    pub fn decimal_point(self) -> char {
        if self == Self::En { '.' } else { ',' }
    }

    /// Which of a language's forms goes with a number: one, few, many in Russian, one and other in English.
    pub fn plural(self, value: i64) -> usize {
        let (tens, ones) = (value.abs() % 100, value.abs() % 10);
        match self {
            Self::Kk => 0,
            Self::En => usize::from(value.abs() != 1),
            Self::Ru if (11..=14).contains(&tens) => 2,
            Self::Ru => match ones {
                1 => 0,
                2..=4 => 1,
                _ => 2,
            },
        }
    }
}

/// Whether a text has letters that only Kazakh has.
pub fn is_kazakh(text: &str) -> bool {
    text.to_lowercase().chars().any(|letter| "әғқңөұүһі".contains(letter))
}

/// One thing for each language, in the order of the languages.
pub type ByLang<T> = [T; Lang::ALL.len()];

/// One wording in each language.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Text(ByLang<String>);

impl Text {
    /// No words in any language.
    pub const NONE: Self = Self([const { String::new() }; Lang::ALL.len()]);

    /// What is said in each language.
    pub fn by<S: Into<String>>(mut said: impl FnMut(Lang) -> S) -> Self {
        Self(Lang::ALL.map(|lang| said(lang).into()))
    }

    /// A name that is the same in all languages.
    pub fn same(text: &str) -> Self {
        Self::by(|_| text)
    }

    /// The same done to the wording in each language.
    #[must_use]
    pub fn map<S: Into<String>>(&self, mut done: impl FnMut(&str) -> S) -> Self {
        Self::by(|lang| done(self.get(lang)))
    }

    pub fn get(&self, lang: Lang) -> &str {
        &self.0[lang as usize]
    }

    pub fn get_mut(&mut self, lang: Lang) -> &mut String {
        &mut self.0[lang as usize]
    }

    /// The wordings in the order of the languages.
    pub fn all(&self) -> &ByLang<String> {
        &self.0
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

    /// Replaces every `{name}` by its value, and `{name?строка|строки|строк}` by the form that goes with its number,
    /// in all languages.
    #[must_use]
    pub fn fill(&self, slots: &[(String, String)]) -> Self {
        Self::by(|lang| filled(self.get(lang), slots, lang))
    }
}

/// A wording with its slots filled in one go: brackets within a value are the value's own.
fn filled(text: &str, slots: &[(String, String)], lang: Lang) -> String {
    let mut filled = String::with_capacity(2 * text.len());
    let mut rest = text;
    while let Some((before, inner)) = rest.split_once('{') {
        filled.push_str(before);
        let slot = inner.split_once('}').and_then(|(slot, after)| Some((said(slot, slots, lang)?, after)));
        let (said, after) = slot.unwrap_or((Cow::Borrowed("{"), inner));
        filled.push_str(&said);
        rest = after;
    }
    filled.push_str(rest);
    filled
}

/// What a slot says; `{near!; the nearest is “|”}` only where there is a value, which stands at the bar.
fn said<'s>(slot: &str, slots: &'s [(String, String)], lang: Lang) -> Option<Cow<'s, str>> {
    let (name, how) = slot.split_at(slot.find(['!', '?']).unwrap_or(slot.len()));
    let (_, value) = slots.iter().find(|(own, _)| own == name)?;
    Some(match how.split_at_checked(1) {
        Some(("?", forms)) => form(forms, value, lang).to_owned().into(),
        Some((_, said)) if !value.is_empty() => said.replace('|', value).into(),
        _ => value.into(),
    })
}

/// The form of a word that goes with a number.
fn form<'f>(forms: &'f str, value: &str, lang: Lang) -> &'f str {
    let digits: String = value.chars().filter(char::is_ascii_digit).collect();
    let forms: Vec<&str> = forms.split('|').collect();
    forms[lang.plural(digits.parse().unwrap_or(0)).min(forms.len() - 1)]
}

/// A table of languages by their codes; all of them must be there.
fn by_code<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(deserializer: D) -> Result<ByLang<T>, D::Error> {
    let mut said = BTreeMap::<Lang, T>::deserialize(deserializer)?;
    match Lang::ALL.into_iter().find(|lang| !said.contains_key(lang)) {
        Some(lang) => Err(D::Error::missing_field(lang.code())),
        None => Ok(Lang::ALL.map(|lang| said.remove(&lang).unwrap_or_default())),
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        by_code(deserializer).map(Self)
    }
}

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(Lang::ALL.iter().zip(&self.0))
    }
}

/// Puts the form of a word that goes with a number.
pub(crate) fn bend(mut text: String, name: &str, value: &str, lang: Lang) -> String {
    let open = format!("{{{name}?");
    while let Some((start, length)) = text.find(&open).and_then(|at| Some((at, text[at..].find('}')?))) {
        let form = form(&text[start + open.len()..start + length], value, lang).to_owned();
        text.replace_range(start..=start + length, &form);
    }
    text
}

/// Spellings by language; any of them is understood, the first is printed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Spellings(ByLang<Vec<String>>);

impl<'de> Deserialize<'de> for Spellings {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        by_code(deserializer).map(Self)
    }
}

impl Spellings {
    pub fn of(&self, lang: Lang) -> &[String] {
        &self.0[lang as usize]
    }

    pub fn all(&self) -> impl Iterator<Item = &str> {
        self.0.iter().flatten().map(String::as_str)
    }

    pub fn first(&self) -> Text {
        Text::by(|lang| self.of(lang).first().cloned().unwrap_or_default())
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
        // nearly all letters are their own small ones: that needs no look into tables
        if matches!(letter, 'a'..='z' | 'а'..='я' | '0'..='9') {
            folded.push(letter);
            continue;
        }
        for lower in letter.to_lowercase() {
            folded.push(if lower == 'ё' { 'е' } else { lower });
        }
    }
    folded
}

/// Signs that nobody sees and no value means: joiners, marks of direction, soft hyphens, control characters.
pub fn is_unseen(letter: char) -> bool {
    match letter {
        '\u{ad}' | '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' => true,
        letter => letter.is_control() && !letter.is_whitespace(),
    }
}

/// The known word nearest to `word`, if one is near enough to be meant.
pub fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let word = fold(word);
    let length = word.chars().count();
    // each letter that one has more than the other counts: seldom need letters be compared
    let near_in_length = |folded: &String| {
        let other = folded.chars().count();
        length.min(other) * 10 >= length.max(other) * 6
    };
    let mut own = [0_u16; LETTERS];
    word.chars().for_each(|letter| {
        let own = &mut own[letter as usize % LETTERS];
        *own = own.saturating_add(1);
    });
    // so does each that both have not in common, wherever it stands
    let near_in_letters = |folded: &String| {
        let (mut left, mut common, mut other) = (own, 0, 0);
        for letter in folded.chars() {
            let left = &mut left[letter as usize % LETTERS];
            (common, other) = (common + usize::from(*left > 0), other + 1);
            *left = left.saturating_sub(1);
        }
        common * 10 >= length.max(other) * 6
    };
    known
        .map(|candidate| (fold(candidate), candidate))
        .filter(|(folded, _)| near_in_length(folded) && near_in_letters(folded))
        .map(|(folded, candidate)| (strsim::normalized_damerau_levenshtein(&word, &folded), candidate))
        .filter(|(likeness, _)| *likeness >= 0.6)
        .max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.1.cmp(a.1)))
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_that_is_missing_or_not_known_is_told() {
        let whole = r#"{"kk": ["а"], "ru": ["б"], "en": ["c"]}"#;
        let spellings: Spellings = serde_json::from_str(whole).expect("all languages");
        assert_eq!(spellings.all().collect::<Vec<_>>(), ["а", "б", "c"]);
        for text in [r#"{"kk": ["а"], "ru": ["б"]}"#, r#"{"kk": [], "ru": [], "en": [], "de": []}"#] {
            assert!(serde_json::from_str::<Spellings>(text).is_err(), "{text}");
        }
        for text in [r#"{"kk": "а", "ru": "б"}"#, r#"{"kk": "", "ru": "", "en": "", "de": ""}"#] {
            assert!(serde_json::from_str::<Text>(text).is_err(), "{text}");
        }
    }

    #[test]
    fn what_is_said_only_of_a_value() {
        let text = Text::by(|_| "Choose{near!; the nearest is “|”}".to_owned());
        for (near, said) in [("", "Choose"), ("a {b} | c", "Choose; the nearest is “a {b} | c”")] {
            assert_eq!(text.fill(&[("near".to_owned(), near.to_owned())]).get(Lang::En), said);
        }
    }

    #[test]
    fn brackets_within_a_value_are_its_own() {
        let text = Text::by(|_| "{a}, {b}: {b?row|rows} {c} { {b} {a".to_owned());
        let slots = [("a", "{b} {b?x|y}"), ("b", "2"), ("b", "3")].map(|(name, value)| (name.into(), value.into()));
        assert_eq!(text.fill(&slots).get(Lang::En), "{b} {b?x|y}, 2: rows {c} { 2 {a");
    }

    #[test]
    fn words_that_are_passed_over_are_not_near() {
        let words = ["channel", "chanel", "hcannle", "канал", "каналы", "аканл", "Өтініш", "өтініштер", "ab", "ba", ""];
        for word in words {
            let likeness = |other: &&str| strsim::normalized_damerau_levenshtein(&fold(word), &fold(other));
            let best = words.into_iter().map(|other| likeness(&other)).filter(|likeness| *likeness >= 0.6);
            let found = nearest(word, words.into_iter()).map(|near| likeness(&near));
            assert_eq!(found, best.max_by(f64::total_cmp), "{word}");
            for other in words {
                assert_eq!(nearest(word, [other].into_iter()).is_some(), likeness(&other) >= 0.6, "{word} {other}");
            }
        }
    }

    #[test]
    fn forms_of_words() {
        let of = |lang: Lang| [0, 1, 2, 5, 11, 21, 101, 111, 112].map(|value| lang.plural(value));
        assert_eq!(of(Lang::Ru), [2, 0, 1, 2, 2, 0, 0, 2, 2]);
        assert_eq!(of(Lang::En), [1, 0, 1, 1, 1, 1, 1, 1, 1]);
        assert_eq!(of(Lang::Kk), [0; 9]);
        let forms = |words: &str| format!("{{n}} {{n?{words}}}");
        let text = Text([forms("жол"), forms("строка|строки|строк"), forms("row|rows")]);
        let filled = text.fill(&[("n".to_owned(), "1\u{a0}002".to_owned())]);
        assert_eq!(filled.0, ["1\u{a0}002 жол", "1\u{a0}002 строки", "1\u{a0}002 rows"]);
    }
}
