//! Texts as people write them: folded for comparison, and how alike two of them are. Data in `templates/filed.toml`.

use serde::Deserialize;

/// Spellings that are understood beside the labels of the forms.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spellings {
    /// Beginnings of words.
    pub individual: Vec<String>,
    pub legal_entity: Vec<String>,
    pub quarter: Vec<String>,
    /// January to December.
    pub months: [Vec<String>; 12],
    pub quarter_words: Vec<String>,
    /// Words between the ordinals of several quarters.
    pub links: Vec<String>,
    /// Of each quarter.
    pub ordinals: [Vec<String>; 4],
    pub introductions: Vec<String>,
    pub bin: Vec<String>,
    /// Words of a body's name that name no place; one that ends with `*` stands for all that begin so.
    pub bodies: Vec<String>,
    pub place_endings: Vec<String>,
    pub multiples: Vec<Multiple>,
}

/// Beginnings of words that multiply the number before them.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Multiple {
    pub words: Vec<String>,
    pub times: i64,
}

/// Letters of the Latin alphabet that look like Cyrillic ones; in a text of Cyrillic letters they are meant so.
const LOOKALIKES: &[(char, char)] = &[
    ('a', 'а'),
    ('b', 'в'),
    ('c', 'с'),
    ('e', 'е'),
    ('h', 'н'),
    ('i', 'і'),
    ('k', 'к'),
    ('m', 'м'),
    ('o', 'о'),
    ('p', 'р'),
    ('t', 'т'),
    ('x', 'х'),
    ('y', 'у'),
];

/// Lower case, ё as е, words of letters and digits with one space between them; look-alike letters in a word that
/// has Cyrillic ones are Cyrillic.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let lower: String = text.chars().flat_map(char::to_lowercase).collect();
    for word in lower.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()) {
        if !folded.is_empty() {
            folded.push(' ');
        }
        let cyrillic = word.chars().any(|letter| ('а'..='ӿ').contains(&letter));
        folded.extend(word.chars().map(|letter| match letter {
            'ё' => 'е',
            letter if cyrillic => {
                LOOKALIKES.iter().find(|(latin, _)| *latin == letter).map_or(letter, |(_, same)| *same)
            }
            letter => letter,
        }));
    }
    folded
}

/// As [`fold`], for names that are compared with each other: in a text of Cyrillic letters a word that could be
/// Cyrillic as well («c» for «с») is.
pub fn fold_name(text: &str) -> String {
    let folded = fold(text);
    if !folded.chars().any(is_cyrillic) {
        return folded;
    }
    let same = |letter: char| LOOKALIKES.iter().find(|(latin, _)| *latin == letter).map(|(_, same)| *same);
    let words = folded.split(' ').map(|word| {
        let meant: Option<String> = word.chars().map(same).collect();
        meant.unwrap_or_else(|| word.to_owned())
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Letters of a name that stand for look-alikes of another alphabet.
pub fn foreign_letters(name: &str) -> usize {
    let latin = |text: &str| {
        text.chars().filter(|letter| LOOKALIKES.iter().any(|(latin, _)| letter.to_lowercase().eq([*latin]))).count()
    };
    latin(name).saturating_sub(latin(&fold_name(name)))
}

/// Letters of `LOOKALIKES` that are alike in small letters, too.
const SMALL: &str = "aceiopxy";

/// The text with Latin letters for all Cyrillic ones that look the same: equal for texts that look the same.
pub fn looks(text: &str) -> String {
    text.chars().map(|letter| if letter.is_ascii() { letter } else { look(letter) }).collect()
}

fn look(letter: char) -> char {
    let small = letter.to_lowercase().next().unwrap_or(letter);
    match LOOKALIKES.iter().find(|(_, cyrillic)| *cyrillic == small) {
        Some((latin, _)) if letter != small => latin.to_ascii_uppercase(),
        Some((latin, _)) if SMALL.contains(*latin) => *latin,
        _ => letter,
    }
}

/// As `looks`, of a text whose capitals were folded: letters that are alike as capitals are the same.
pub fn looks_folded(text: &str) -> String {
    let same = |letter| LOOKALIKES.iter().find(|(_, cyrillic)| *cyrillic == letter).map_or(letter, |(latin, _)| *latin);
    text.chars().map(same).collect()
}

fn is_cyrillic(letter: char) -> bool {
    ('а'..='ӿ').contains(&letter)
}

/// Shortest text whose beginning may stand for the whole.
const BEGINNING: usize = 14;

/// How alike two folded texts are, 0 to 1. A text that begins or holds the other (two languages in one cell, a label
/// cut short) is nearly the same.
pub fn likeness(text: &str, label: &str) -> f64 {
    likeness_from(text, label, 0.5)
}

/// As `likeness`, but texts less alike than `least` may give 0: that is found out sooner.
pub fn likeness_from(text: &str, label: &str, least: f64) -> f64 {
    if text.is_empty() || label.is_empty() {
        return 0.0;
    }
    if text == label {
        return 1.0;
    }
    let (long, short) = if text.len() >= label.len() { (text, label) } else { (label, text) };
    let (letters, most) = (short.chars().count(), long.chars().count());
    if letters >= BEGINNING {
        if holds_words(text, label) {
            return 0.97;
        }
        if long.starts_with(short) {
            return 0.93;
        }
    }
    // a text half as long cannot be as much as half alike; letters have one byte or two
    #[allow(clippy::cast_precision_loss)] // letters of a cell
    let too_short = (letters as f64) < least * most as f64;
    if too_short || shared_words(text, label) < 0.3 {
        return 0.0;
    }
    strsim::normalized_damerau_levenshtein(text, label)
}

/// Whether `text` has all the words of `label`, in a row.
pub fn holds_words(text: &str, label: &str) -> bool {
    text.match_indices(label).any(|(at, _)| {
        let before = at == 0 || text.as_bytes()[at - 1] == b' ';
        let end = at + label.len();
        before && (end == text.len() || text.as_bytes()[end] == b' ')
    })
}

/// Share of words that two texts have in common, by the beginnings of the words: endings differ by case.
fn shared_words(one: &str, other: &str) -> f64 {
    fn stems(text: &str) -> Vec<&str> {
        let stem = |word: &'_ str| word.char_indices().nth(5).map_or(word.len(), |(end, _)| end);
        text.split(' ').map(|word| &word[..stem(word)]).collect()
    }
    let (one, mut other) = (stems(one), stems(other));
    let all = one.len() + other.len();
    let mut shared = 0;
    for word in &one {
        if let Some(at) = other.iter().position(|candidate| candidate == word) {
            other.swap_remove(at);
            shared += 2;
        }
    }
    #[allow(clippy::cast_precision_loss)] // words of a cell
    let share = f64::from(shared) / all.max(1) as f64;
    share
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_unites_case_marks_and_look_alikes() {
        assert_eq!(fold("  Услуги,\u{a0}оказанные «в БУМАЖНОЙ» форме:"), "услуги оказанные в бумажной форме");
        // Latin letters in a Cyrillic word
        assert_eq!(fold("Пpиём"), fold("Прием"));
        assert_eq!(fold("2-MK"), "2 mk");
    }

    #[test]
    fn texts_that_look_the_same() {
        assert_eq!(looks("А-101"), looks("A-101"));
        assert_eq!(looks("сору"), looks("copy"));
        assert_ne!(looks("вт-1"), looks("bt-1"));
        assert_ne!(looks("а-1"), looks("A-1"));
        assert_eq!(looks_folded("кoличествo"), looks_folded("количество"));
    }

    #[test]
    fn a_label_cut_short_or_with_its_translation_is_alike() {
        let label = fold("Количество проведенных контрольных мероприятий, всего, из них:");
        assert!(likeness(&fold("Количество проведенных контрольных мероприятий"), &label) > 0.9);
        let both = fold(
            "Өткізілген бақылау іс-шараларының саны\nКоличество проведенных контрольных мероприятий, всего, из них:",
        );
        assert!(likeness(&both, &label) > 0.9);
        assert!(likeness(&fold("Количество объектов контрольных мероприятий, всего"), &label) < 0.9);
        assert!(likeness(&fold("Выдача справки"), &label) < 0.3);
    }
}
