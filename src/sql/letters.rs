//! Letters by which the text knows values that need no second look.

use crate::definitions::spelling::looks;

/// Digits.
pub const DIGITS: &str = "0123456789";
/// Small letters of Kazakh, Russian and English, with the capitals of the same order in `UPPER`.
pub const LOWER: &str = "abcdefghijklmnopqrstuvwxyzабвгдеёжзийклмнопрстуфхцчшщъыьэюяәғқңөұүһі";
pub const UPPER: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZАБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯӘҒҚҢӨҰҮҺІ";
/// Signs of names that mean nothing by themselves.
const SIGNS: &str = " -–—.,()/«»\"№;&_";
/// Signs of ids.
const SIGNS_OF_IDS: &str = "-/_№";

/// Signs of most ids: none of them is replaced when ids are compared.
pub const SIMPLE: &str = "0123456789-ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// The one sign that is written as another and becomes a letter of ids when composed: the kelvin.
const KELVIN: char = '\u{212A}';

/// Letters, digits and signs of plain names.
pub fn of_names() -> String {
    [DIGITS, LOWER, UPPER, SIGNS].concat()
}

/// Letters, digits and signs of plain ids.
pub fn of_ids() -> String {
    [DIGITS, LOWER, UPPER, SIGNS_OF_IDS].concat()
}

/// What is left of ids when they are compared.
pub fn of_keys() -> String {
    of_ids() + &KELVIN.to_string()
}

/// Letters of ids that look like others, and those: ids that are equal once these are replaced may be repeats.
pub fn alike() -> (String, String) {
    let plain = |letter: char| match letter {
        'й' => 'и',
        'Й' => 'И',
        'ё' => 'е',
        'Ё' => 'Е',
        letter => letter,
    };
    let pairs = LOWER.chars().chain(UPPER.chars()).filter_map(|letter| {
        let alike = looks(&plain(letter).to_string()).chars().next()?;
        (alike != letter).then_some((letter, alike))
    });
    pairs.chain([(KELVIN, 'K')]).unzip()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capitals_stand_in_the_order_of_small_letters() {
        assert_eq!(LOWER.chars().flat_map(char::to_uppercase).collect::<String>(), UPPER);
    }

    #[test]
    fn most_ids_are_compared_as_they_stand() {
        let ((from, _), kept) = (alike(), of_ids());
        assert!(SIMPLE.chars().all(|sign| kept.contains(sign) && !from.contains(sign)));
    }

    #[test]
    fn ids_that_look_the_same_have_one_key() {
        let (from, to) = alike();
        assert_eq!(from.chars().count(), to.chars().count());
        let key = |text: &str| -> String {
            let found = |letter| from.chars().position(|known| known == letter).and_then(|at| to.chars().nth(at));
            text.chars().map(|letter| found(letter).unwrap_or(letter)).collect()
        };
        assert_eq!(key("АВС-1"), key("ABC-1"));
        assert_eq!(key("Ё1"), key("E1"));
        assert_ne!(key("Б1"), key("B1"));
    }
}
