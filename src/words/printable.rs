//! Texts that are printed on a terminal: nothing in them moves it.

use std::borrow::Cow;

/// Signs that control a terminal or turn the direction of letters, as signs that are seen.
pub fn printable(text: &str) -> Cow<'_, str> {
    let turns =
        |letter: char| matches!(letter, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    if !text.chars().any(|letter| letter.is_control() || turns(letter)) {
        return Cow::Borrowed(text);
    }
    let seen = |letter: char| match u32::from(letter) {
        code @ ..0x20 => char::from_u32(0x2400 + code).unwrap_or(char::REPLACEMENT_CHARACTER),
        0x7F => '\u{2421}',
        _ if letter.is_control() || turns(letter) => char::REPLACEMENT_CHARACTER,
        _ => letter,
    };
    text.chars().map(seen).collect::<String>().into()
}

#[cfg(test)]
mod tests {
    use super::printable;

    #[test]
    fn nothing_moves_the_terminal() {
        assert_eq!(printable("а\u{1b}[2Jб\u{7f}\u{202e}.csv"), "а␛[2Jб␡\u{fffd}.csv");
        assert!(matches!(printable("Қызметтер 2026.csv"), std::borrow::Cow::Borrowed(_)));
    }
}
