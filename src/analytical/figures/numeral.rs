//! Numbers in sentences: groups of digits, per cent, the word that goes with a number, Kazakh endings.

use crate::analytical::figures::figure::Ratio;
use crate::definitions::analytical::Phrases;
use crate::definitions::slot::Bend;
use crate::words::lang::Lang;

/// Between groups of three digits, and before a sign of per cent.
pub const NBSP: char = '\u{a0}';
const MINUS: char = '\u{2212}';

/// `1 234 567`, a negative number with a minus sign.
pub fn grouped(value: i128) -> String {
    let digits = value.unsigned_abs().to_string();
    let mut text = String::new();
    if value < 0 {
        text.push(MINUS);
    }
    for (place, digit) in digits.chars().enumerate() {
        // Numbers of four digits are grouped too, so that columns of a table agree.
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(NBSP);
        }
        text.push(digit);
    }
    text
}

/// One decimal: `12,5`, in English `12.5`.
pub fn decimal(value: Ratio, lang: Lang) -> String {
    let tenths = value.tenths();
    let sign = if tenths < 0 { MINUS.to_string() } else { String::new() };
    let point = lang.decimal_point();
    format!("{sign}{}{point}{}", grouped(tenths.abs() / 10), tenths.abs() % 10)
}

/// A change with its sign: `+5`, `−5`, `0`.
pub fn signed(text: String, value: i128) -> String {
    if value > 0 { format!("+{text}") } else { text }
}

/// The ending of a Kazakh number, by its last spoken part: `ге`, `тен`.
pub fn ending(value: i64, bend: Bend, phrases: &Phrases) -> &str {
    let value = value.unsigned_abs();
    let powers = [1_000_000_000, 1_000_000, 1_000, 100];
    let last = match (value % 10, value % 100) {
        _ if value == 0 => 0,
        (1.., _) => value % 10,
        (0, tens @ 1..) => tens,
        _ => powers.into_iter().find(|power| value.is_multiple_of(*power)).unwrap_or(100),
    };
    let endings = phrases.numerals.get(&last.to_string());
    endings.map_or("", |endings| match bend {
        Bend::To => &endings[0],
        Bend::From => &endings[1],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_grouped() {
        let known = [(0, "0"), (999, "999"), (1000, "1\u{a0}000"), (-1_234_567, "\u{2212}1\u{a0}234\u{a0}567")];
        for (value, text) in known {
            assert_eq!(grouped(value), text);
        }
    }

    #[test]
    fn decimals() {
        let share = Ratio { above: 100, below: 8 };
        assert_eq!(decimal(share, Lang::Ru), "12,5");
        assert_eq!(decimal(share, Lang::En), "12.5");
        assert_eq!(decimal(Ratio { above: -1, below: 4 }, Lang::Kk), "\u{2212}0,3");
    }
}
