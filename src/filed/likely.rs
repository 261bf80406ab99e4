//! Which number is likely meant where a cell holds more than a number: a hint for a person, never a value.

use crate::definitions::spelling::{Spellings, fold};
use crate::sources::workbook::grid::{Cell, Datum};
use chrono::Datelike;

/// A cell of a form is short; what is longer, or has more numbers, is a sentence.
const LONG: usize = 60;
const MANY: usize = 3;
/// Whatever numbers are in a text so short, it is no address or sentence.
const SHORT: usize = 20;

/// Numbers that a cell may mean, in the order in which they stand; none where nothing in it is like a number.
pub fn numbers(cell: &Cell, spellings: &Spellings) -> Vec<i64> {
    let mut found = match &cell.datum {
        Datum::Text(text) => in_text(text, spellings),
        Datum::Moment(moment) => vec![moment.day().day().into(), moment.day().month().into()],
        _ => Vec::new(),
    };
    let mut met = Vec::new();
    found.retain(|number| {
        !met.contains(number) && {
            met.push(*number);
            true
        }
    });
    found
}

/// Whether a text is like a cell of a form: a short one with numbers, or words around one number.
pub fn is_like_number(text: &str) -> bool {
    let is_quiet = |sign: char| {
        sign.is_alphanumeric() || sign.is_whitespace() || matches!(sign, '.' | '*' | ':' | ';' | '"' | '«' | '»')
    };
    let count = pieces(text).len();
    (1..=MANY).contains(&count) && (text.chars().count() <= SHORT || (count == 1 && text.chars().all(is_quiet)))
}

/// Whether numbers stand in a text that is no sentence.
fn has_numbers(text: &str) -> bool {
    text.chars().count() <= LONG && (1..=MANY).contains(&pieces(text).len())
}

/// A number as it is written: digits in groups, a fraction behind a comma or a point.
struct WrittenNumber<'t> {
    whole: i64,
    fraction: &'t str,
    /// What follows it.
    rest: &'t str,
}

fn in_text(text: &str, spellings: &Spellings) -> Vec<i64> {
    if !has_numbers(text) {
        return Vec::new();
    }
    pieces(text).iter().flat_map(|piece| meant(piece, spellings)).collect()
}

/// «1,5 тыс.» is 1500; a fraction of nothing else may be either whole number beside it.
fn meant(piece: &WrittenNumber<'_>, spellings: &Spellings) -> Vec<i64> {
    let word = fold(piece.rest).split(' ').next().unwrap_or_default().to_owned();
    let times = spellings.multiples.iter().find(|multiple| multiple.words.iter().any(|known| word.starts_with(known)));
    let fraction = piece.fraction.trim_end_matches('0');
    match (times.map(|multiple| multiple.times), u32::try_from(fraction.len())) {
        (Some(times), Ok(digits)) => {
            let unit = 10_i64.checked_pow(digits).filter(|unit| times % unit == 0);
            let part = || fraction.parse::<i64>().unwrap_or(0).checked_mul(times / unit?);
            let whole = piece.whole.checked_mul(times).zip(part());
            whole.and_then(|(whole, part)| whole.checked_add(part)).into_iter().collect()
        }
        // three digits are a group
        (None, _) if piece.fraction.len() == 3 => {
            vec![piece.whole.saturating_mul(1000).saturating_add(piece.fraction.parse().unwrap_or(0))]
        }
        (None, _) if !fraction.is_empty() => vec![piece.whole, piece.whole.saturating_add(1)],
        _ => vec![piece.whole],
    }
}

fn pieces(text: &str) -> Vec<WrittenNumber<'_>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find(|sign: char| sign.is_ascii_digit()).map(|first| at + first) {
        let digits = |from: usize| from + text[from..].bytes().take_while(u8::is_ascii_digit).count();
        let mut end = digits(start);
        // groups of three go on; a word with digits inside is no number: «п3»
        while let Some((space, next)) = text[end..].char_indices().find(|(_, sign)| !sign.is_whitespace()) {
            let from = end + space;
            let one = text[end..from].chars().count() == 1 && next.is_ascii_digit();
            if !one || digits(from) - from != 3 || digits(start) - start > 3 {
                break;
            }
            end = digits(from);
        }
        let behind = text[end..].strip_prefix([',', '.']).map_or(end, |_| digits(end + 1));
        let fraction = if behind > end + 1 { &text[end + 1..behind] } else { "" };
        at = end.max(if fraction.is_empty() { end } else { behind });
        let is_word = text[..start].chars().next_back().is_some_and(char::is_alphabetic);
        if let (false, Some(whole)) = (is_word, grouped(&text[start..end])) {
            found.push(WrittenNumber { whole, fraction, rest: &text[at..] });
        }
    }
    found
}

/// Digits, in groups of three if there are groups.
pub fn grouped(number: &str) -> Option<i64> {
    let groups: Vec<&str> = number.split(char::is_whitespace).collect();
    let digits = |group: &&str| !group.is_empty() && group.bytes().all(|digit| digit.is_ascii_digit());
    let sound = groups.iter().all(digits)
        && groups.iter().skip(1).all(|group| group.len() == 3)
        && (groups.len() == 1 || groups[0].len() <= 3);
    if sound { groups.concat().parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::definitions::Definitions;

    #[test]
    fn the_likely_number_is_a_hint() {
        let definitions = Definitions::load(None).expect("definitions");
        let of = |datum| numbers(&Cell { datum, formula: None }, &definitions.filed);
        for (text, likely) in [
            ("12 тыс.", vec![12_000]),
            ("1,5 тыс", vec![1_500]),
            ("5 млн", vec![5_000_000]),
            ("3 мың", vec![3_000]),
            ("минус 5", vec![5]),
            ("нет 5", vec![5]),
            ("03.июл", vec![3]),
            ("~5", vec![5]),
            ("5*", vec![5]),
            ("5 шт", vec![5]),
            ("1,5", vec![1, 2]),
            ("5-7", vec![5, 7]),
            ("10 из 12", vec![10, 12]),
            ("12 34", vec![12, 34]),
            ("всего: 1 234 ед.", vec![1_234]),
            ("1,234", vec![1_234]),
            ("п3", vec![]),
            ("нет", vec![]),
            ("99999999999999999999", vec![]),
            ("тел. 8 7172 12 34 56", vec![]),
        ] {
            assert_eq!(of(Datum::Text(text.to_owned())), likely, "{text}");
        }
        assert!(of(Datum::Integer(-5)).is_empty(), "that is a number, though none for a form");
        assert_eq!(
            of(Datum::Moment(crate::values::moment::Moment { minutes: 20_637 * 1440, timed: false })),
            [3, 7],
            "the third of July 2026"
        );
        assert!(of(Datum::Boolean(true)).is_empty());
    }

    #[test]
    fn addresses_and_sentences_are_no_cells_of_a_form() {
        for text in ["12 тыс.", "5-7", "10 из 12", "минус 5", "5 шт.", "всего оказано услуг: 12"]
        {
            assert!(is_like_number(text), "{text}");
        }
        for text in ["Адрес: город Астана, улица Достык, 8", "нет", "г. Алматы, пр. Абая, 52, каб. 14, тел. 1"]
        {
            assert!(!is_like_number(text), "{text}");
        }
    }
}
