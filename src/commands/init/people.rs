//! Whether a text in a column of codes may name a person: then it is never shown.

use crate::definitions::Definitions;
use crate::values::personal::is_personal;
use crate::words::lang::fold;
use std::collections::BTreeSet;

/// Endings of family names and patronymics.
const ENDS: [&str; 20] = [
    "ов", "ова", "ев", "ева", "ин", "ина", "вич", "вна", "чна", "ұлы", "улы", "қызы", "кызы", "ский", "ская", "бек",
    "хан", "гүл", "енко", "баев",
];
/// Letters of an abbreviation that stands among other words, at most.
const ABBREVIATION: usize = 5;

/// Words of code lists and headers: they name nobody.
#[derive(Debug, Default)]
pub struct OrdinaryWords {
    stems: BTreeSet<String>,
}

impl OrdinaryWords {
    pub fn new(definitions: &Definitions) -> Self {
        let codes = definitions.codelists.iter().flat_map(|list| &list.codes);
        let codes = codes.flat_map(|code| code.label.all().iter().chain(&code.also));
        let lists = definitions.codelists.iter().flat_map(|list| list.names.all());
        let fields = definitions.tables.iter().flat_map(|table| &table.fields);
        let headers = fields.flat_map(|field| field.headers.all());
        let tables = definitions.tables.iter().flat_map(|table| table.names.all());
        let hints = &definitions.hints;
        let hints = hints.codes.values().flat_map(|codes| codes.values()).chain(hints.fields.values()).flatten();
        let texts = codes.map(String::as_str).chain(lists.map(String::as_str)).chain(headers).chain(tables);
        let texts = texts.chain(hints.map(String::as_str));
        Self { stems: texts.flat_map(|text| words(text).map(|word| stem(&word)).collect::<Vec<_>>()).collect() }
    }

    /// Whether a text may name somebody. What recurs is a code rather than a slip; a text that stands once says nothing
    /// of itself unless a word of it is ordinary.
    pub fn may_name(&self, text: &str, times: u64) -> bool {
        if is_personal(text) || is_name(text) {
            return true;
        }
        let is_ordinary = |word: &str| self.stems.contains(&stem(word));
        let all: Vec<String> = words(text).collect();
        let shouts = !text.chars().any(char::is_lowercase);
        let is_name_like = |(at, word): (usize, &String)| {
            let letters = word.chars().count();
            let is_capital = word.chars().next().is_some_and(char::is_uppercase);
            let is_short = letters <= ABBREVIATION && !word.chars().any(char::is_lowercase);
            let ends = ENDS.iter().any(|end| word.to_lowercase().ends_with(end));
            let is_initial = letters == 1 && text.contains(&format!("{word}."));
            letters > 2 && ends || is_initial || is_capital && at > 0 && (shouts && letters > 2 || !is_short)
        };
        let mut strange = all.iter().enumerate().filter(|(_, word)| !is_ordinary(word));
        let is_wholly_strange = !all.iter().any(|word| is_ordinary(word));
        strange.any(is_name_like) || is_wholly_strange && times < 2
    }
}

fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|letter: char| !letter.is_alphabetic() && letter != '-')
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
}

/// A word without its ending.
fn stem(word: &str) -> String {
    fold(word).chars().take(5).collect()
}

/// Two to four words with capitals of which one ends as names do, or a family name with initials.
pub fn is_name(text: &str) -> bool {
    let words: Vec<&str> = text.split([' ', '.']).filter(|word| !word.is_empty()).collect();
    let is_word = |word: &&str| {
        let mut letters = word.chars();
        letters.next().is_some_and(char::is_uppercase) && letters.all(|letter| letter.is_alphabetic() || letter == '-')
    };
    let is_kin = |word: &&str| ["ұлы", "улы", "қызы", "кызы"].contains(word);
    let ends = |word: &&str| ENDS.iter().any(|end| word.to_lowercase().ends_with(end));
    let initials = words.iter().filter(|word| word.chars().count() == 1).count();
    (2..=4).contains(&words.len())
        && words.iter().all(|word| is_word(word) || is_kin(word))
        && (words.iter().any(ends) || initials >= 1)
}

#[cfg(test)]
mod tests {
    use super::{OrdinaryWords, is_name};
    use crate::definitions::Definitions;

    #[test]
    fn names_of_people() {
        for name in ["Ахметов Серик", "Петрова А.Б.", "Қасым Айгүл Нұрланқызы", "Серікұлы Д."]
        {
            assert!(is_name(name), "{name}");
        }
        for other in ["Выдача справки", "ЦОН", "Исполнено", "Регистрация брака", "Отдел ЗАГС"]
        {
            assert!(!is_name(other), "{other}");
        }
    }

    /// A code is shown however strange it is; what is like a name is not, however often it stands there.
    #[test]
    fn a_strange_code_is_no_name() {
        let ordinary = OrdinaryWords::new(&Definitions::load(None).expect("the definitions"));
        for (code, times) in [
            ("Отозвано заявителем", 1),
            ("ОТОЗВАНО ЗАЯВИТЕЛЕМ", 1),
            ("Өтініш беруші қайтарып алды", 1),
            ("Неполный пакет документов", 1),
            ("Снято с контроля", 1),
            ("Аннулировано", 2),
            ("курьер", 2),
            ("КХ", 2),
            ("через НАО", 2),
        ] {
            assert!(!ordinary.may_name(code, times), "{code}");
        }
        for name in [
            "Ахметов Серик",
            "Ахметов",
            "ахметов серик",
            "АХМЕТОВ СЕРИК",
            "Серик Асан",
            "Отозвано Серик",
            "Айгүл Нұрланқызы",
            "Отозвано Ахметовым",
            "принял С. Асан",
            "Отозвано 850101300123",
        ] {
            assert!(ordinary.may_name(name, 9), "{name}");
        }
        for once in ["Серик", "серик асан", "Аннулировано"] {
            assert!(ordinary.may_name(once, 1), "{once}");
        }
    }
}
