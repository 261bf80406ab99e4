//! Texts that may name a person: numbers of people, telephones, accounts, e-mail addresses; and the shape that is
//! shown instead of a text.

use chrono::NaiveDate;
use std::borrow::Cow;

/// Letters of a value that are shown, at most (outputs.md).
pub const LETTERS: usize = 200;

/// Groups of digits in which people write a personal number.
const PERSONAL: [&[usize]; 9] =
    [&[12], &[6, 6], &[3, 3, 3, 3], &[4, 4, 4], &[2, 2, 2, 6], &[2, 2, 2, 2, 2, 2], &[6, 1, 5], &[6, 2, 4], &[6, 3, 3]];
/// Letters and digits of an account: the shortest in use, of Kazakhstan, the longest that the standard allows.
/// Source: ISO 13616.
const ACCOUNT: [usize; 3] = [15, 20, 34];

/// Whether a personal number, a telephone, an account or an e-mail address stands in a text.
pub fn is_personal(text: &str) -> bool {
    has_address(text) || has_number(text) || has_account(text)
}

/// The shape of a text: `Xxxxxx X.`, `###-##`; cut where it is long.
pub fn shape(text: &str) -> String {
    let sign = |letter: char| match letter {
        _ if letter.is_numeric() => '#',
        _ if letter.is_uppercase() => 'X',
        _ if letter.is_alphabetic() => 'x',
        _ if letter.is_whitespace() || letter.is_control() => ' ',
        _ => letter,
    };
    cut(&text.chars().map(sign).collect::<String>())
}

/// A text as it may be shown where no value is expected, such as a header.
pub fn veiled(text: &str) -> Cow<'_, str> {
    if is_personal(text) { shape(text).into() } else { text.into() }
}

/// A text that is not too long to be shown.
pub fn cut(text: &str) -> String {
    match text.char_indices().nth(LETTERS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

fn has_address(text: &str) -> bool {
    let is_part = |letter: char| letter.is_alphanumeric() || "._-+%".contains(letter);
    text.match_indices('@').any(|(place, _)| {
        text[..place].chars().next_back().is_some_and(is_part) && text[place + 1..].chars().next().is_some_and(is_part)
    })
}

/// Stretches of digits with what people put between them: whether a plus sign stands before, and the groups.
fn stretches(text: &str) -> Vec<(bool, Vec<&str>)> {
    let is_between = |letter: char| letter.is_whitespace() || "-–.()/_".contains(letter);
    let (mut rest, mut found) = (text, Vec::new());
    while let Some(start) = rest.find(|letter: char| letter.is_ascii_digit()) {
        let is_foreign = rest[..start].trim_end_matches(is_between).ends_with('+');
        let (_, from) = rest.split_at(start);
        let end = from.find(|letter: char| !letter.is_ascii_digit() && !is_between(letter)).unwrap_or(from.len());
        found.push((is_foreign, from[..end].split(is_between).filter(|group| !group.is_empty()).collect()));
        rest = &from[end..];
    }
    found
}

fn has_number(text: &str) -> bool {
    if text.bytes().filter(u8::is_ascii_digit).count() < 10 {
        return false;
    }
    stretches(text).iter().any(|(is_foreign, groups)| {
        (0..groups.len()).any(|first| {
            let mut joined = String::new();
            groups[first..].iter().enumerate().any(|(more, group)| {
                joined.push_str(group);
                let lengths: Vec<usize> = groups[first..=first + more].iter().map(|group| group.len()).collect();
                let is_person = PERSONAL.contains(&lengths.as_slice()) && begins_with_birth(&joined);
                is_person || is_telephone(&joined, *is_foreign && first == 0, lengths.len() > 1)
            })
        })
    })
}

/// Day of birth, then the sign of the century and sex: 0 to 6 (rules of the individual identification number).
fn begins_with_birth(digits: &str) -> bool {
    let number = |range: std::ops::Range<usize>| digits.get(range).and_then(|digits| digits.parse::<u32>().ok());
    let day = number(2..4).zip(number(4..6));
    // a leap year, so that the 29th of February is a day
    let is_day = day.is_some_and(|(month, day)| NaiveDate::from_ymd_opt(2000, month, day).is_some());
    is_day && matches!(digits.as_bytes()[6], b'0'..=b'6')
}

/// `8 7…` or `7 7…` with eleven digits, `7…` with ten in groups, anything behind a plus sign.
fn is_telephone(digits: &str, is_foreign: bool, grouped: bool) -> bool {
    let begins = |start: &str| digits.starts_with(start);
    match digits.len() {
        11 if begins("87") || begins("77") => true,
        10 if grouped && begins("7") => true,
        10..=15 => is_foreign,
        _ => false,
    }
}

fn has_account(text: &str) -> bool {
    let signs: Vec<u8> = text.bytes().filter(|sign| !sign.is_ascii_whitespace()).collect();
    let starts = signs.windows(4).enumerate().filter(|(place, window)| {
        let begins = window[..2].iter().all(u8::is_ascii_alphabetic) && window[2..].iter().all(u8::is_ascii_digit);
        begins && !place.checked_sub(1).is_some_and(|before| signs[before].is_ascii_alphanumeric())
    });
    let length = |start: usize| signs[start..].iter().take_while(|sign| sign.is_ascii_alphanumeric()).count();
    starts.map(|(start, _)| &signs[start..start + length(start)]).any(|account| {
        let [least, own, most] = ACCOUNT;
        account.len() == own && account[..2].eq_ignore_ascii_case(b"KZ")
            || (least..=most).contains(&account.len()) && is_account(account)
    })
}

/// The check digits hold. Source: ISO 13616, ISO 7064 MOD 97-10.
fn is_account(account: &[u8]) -> bool {
    let rest = account[4..].iter().chain(&account[..4]).fold(0, |rest: u32, sign| match sign {
        b'0'..=b'9' => (rest * 10 + u32::from(sign - b'0')) % 97,
        _ => (rest * 100 + u32::from(sign.to_ascii_uppercase() - b'A') + 10) % 97,
    });
    rest == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_names_a_person() {
        for text in [
            "850101300123",
            "850101 300123",
            "850 101 300 123",
            "85.01.01.300123",
            "EG-850101300123/2",
            "ЖСН850101300123",
            "+7 (701) 234-56-78",
            "8 701 234 56 78",
            "87012345678",
            "+49 30 1234567",
            "701 234 56 78",
            "a.b@mail.kz",
            "№ 5 хат@почта.қаз",
            "KZ86125KZT5004100100",
            "kz86 125k zt50 0410 0100",
            "GB82 WEST 1234 5698 7654 32",
            "№ 7 / 850101300123",
        ] {
            assert!(is_personal(text), "{text}");
        }
        for text in [
            "",
            "EG0000000001",
            "120440012345", // a BIN: its fifth digit is 4
            "2026-07-31 14:05",
            "31.07.2026 24:00",
            "2026-000123",
            "00401001",
            "1234567890123456",
            "260732000001", // no such day
            "Отдел № 5, кабинет 12",
            "@",
            "KZ12",
            "SC2026070000123",
            "7000000001",
        ] {
            assert!(!is_personal(text), "{text}");
        }
    }

    #[test]
    fn a_shape_says_nothing_of_whom() {
        assert_eq!(shape("Әәәә Ббббббба-5, т. 87"), "Xxxx Xxxxxxxx-#, x. ##");
        assert_eq!(shape("а\u{1b}[31m\nб"), "x [##x x");
        assert_eq!(shape(&"я".repeat(300)).chars().count(), LETTERS + 1);
    }
}
