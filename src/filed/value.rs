//! A cell of a filed form as a value, and what was mended to read it.

use crate::sources::workbook::grid::{Cell, Datum};
use crate::values::cells::Value;

/// A value, and whether something else than a plain number or "-" stands in the cell.
#[derive(Debug, Clone, PartialEq)]
pub struct CellReading {
    pub value: Value,
    /// What stands there, where that was read as something else.
    pub mended: Option<String>,
}

impl CellReading {
    fn plain(value: Value) -> Self {
        Self { value, mended: None }
    }
}

/// Reads a cell; absent cells are blank. A formula without a result must be counted first.
pub fn read(cell: Option<&Cell>) -> CellReading {
    let Some(cell) = cell else { return CellReading::plain(Value::Blank) };
    match &cell.datum {
        Datum::Integer(number) if *number >= 0 => CellReading::plain(Value::Number(*number)),
        Datum::Text(text) => text_value(text),
        _ => CellReading::plain(Value::Fault(shown(cell))),
    }
}

/// What a person sees in a cell.
pub fn shown(cell: &Cell) -> String {
    match &cell.datum {
        Datum::Text(text) => text.split_whitespace().collect::<Vec<_>>().join(" "),
        Datum::Integer(number) => number.to_string(),
        Datum::Number(number) => number.to_string(),
        Datum::Boolean(flag) => flag.to_string(),
        Datum::Day(days) => {
            let day = chrono::NaiveDate::from_epoch_days(i32::try_from(*days).unwrap_or(0));
            day.map_or_else(String::new, |day| day.format("%d.%m.%Y").to_string())
        }
        Datum::Error(error) => (*error).to_owned(),
        Datum::Absent => format!("={}", cell.formula.as_deref().unwrap_or_default()),
    }
}

/// Whether a cell could be a value of a form: a number, a dash, or a text around one number.
pub fn is_like_value(cell: &Cell) -> bool {
    match &cell.datum {
        Datum::Text(text) => is_dash(text.trim()) || number_in(text).is_some(),
        Datum::Error(_) => true,
        datum => *datum != Datum::Absent || cell.formula.is_some(),
    }
}

fn is_dash(text: &str) -> bool {
    !text.is_empty()
        && text
            .chars()
            .all(|sign| matches!(sign, '-' | '‐' | '‑' | '–' | '—' | '―' | '−' | '─') || sign.is_whitespace())
}

fn text_value(text: &str) -> CellReading {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return CellReading::plain(Value::Blank);
    }
    let mended = || Some(trimmed.split_whitespace().collect::<Vec<_>>().join(" "));
    if is_dash(trimmed) {
        let mended = if trimmed == "-" { None } else { mended() };
        return CellReading { value: Value::NoInfo, mended };
    }
    match number_in(trimmed) {
        Some(number) => CellReading { value: Value::Number(number), mended: mended() },
        None => CellReading::plain(Value::Fault(mended().unwrap_or_default())),
    }
}

/// Signs that may stand beside a number without changing it.
fn is_quiet(sign: char) -> bool {
    sign.is_alphabetic()
        || sign.is_whitespace()
        || matches!(sign, '.' | '*' | ':' | ';' | '"' | '«' | '»' | '¹' | '²' | '³')
}

/// The one whole number in a text: `12`, `1 234`, `12 шт.`, `всего: 12`, `12,0`. A sign, a fraction, brackets (they
/// mean a negative number) or a second number leave it undecided.
fn number_in(text: &str) -> Option<i64> {
    let first = text.find(|sign: char| sign.is_ascii_digit())?;
    let last = text.rfind(|sign: char| sign.is_ascii_digit())?;
    let (before, number, after) = (&text[..first], &text[first..=last], &text[last + 1..]);
    // a word with digits inside is no number: «п3»
    let apart = before.chars().next_back().is_none_or(|sign| !sign.is_alphabetic());
    if !apart || !before.chars().chain(after.chars()).all(is_quiet) {
        return None;
    }
    let whole = match number.split_once([',', '.']) {
        Some((whole, zeros)) if !zeros.is_empty() && zeros.len() != 3 && zeros.bytes().all(|digit| digit == b'0') => {
            whole
        }
        Some(_) => return None,
        None => number,
    };
    grouped(whole)
}

/// Digits, in groups of three if there are groups.
fn grouped(number: &str) -> Option<i64> {
    let groups: Vec<&str> = number.split(|sign: char| sign.is_whitespace() || sign == '\u{2009}').collect();
    let digits = |group: &&str| !group.is_empty() && group.bytes().all(|digit| digit.is_ascii_digit());
    let sound = groups.iter().all(digits)
        && groups.iter().skip(1).all(|group| group.len() == 3)
        && (groups.len() == 1 || groups[0].len() <= 3);
    if sound { groups.concat().parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Value {
        text_value(text).value
    }

    #[test]
    fn texts_around_numbers() {
        for (text, number) in [
            ("12", 12),
            (" 1 234 ", 1234),
            ("1\u{a0}234\u{a0}567", 1_234_567),
            ("12 шт.", 12),
            ("всего: 7", 7),
            ("5*", 5),
            ("12,0", 12),
            ("12.00", 12),
            ("0", 0),
        ] {
            assert_eq!(of(text), Value::Number(number), "{text}");
            assert!(text_value(text).mended.is_some(), "{text}");
        }
        for text in
            ["-5", "(5)", "1,5", "1,234", "1.234", "10 из 12", "12 34", "п3", "1/2", "≈12", "нет", "5%", "о", "12-13"]
        {
            assert_eq!(of(text), Value::Fault(text.to_owned()), "{text}");
        }
    }

    #[test]
    fn dashes_and_blanks() {
        assert_eq!(text_value("-"), CellReading { value: Value::NoInfo, mended: None });
        for text in ["—", " – ", "--", "- -", "−"] {
            assert_eq!(of(text), Value::NoInfo, "{text}");
            assert!(text_value(text).mended.is_some(), "{text}");
        }
        assert_eq!(of(" \u{a0} "), Value::Blank);
        assert_eq!(read(None).value, Value::Blank);
    }

    #[test]
    fn numbers_that_no_cell_may_hold() {
        let cell = |datum| Cell { datum, formula: None };
        for (datum, shown) in [
            (Datum::Integer(-1), "-1"),
            (Datum::Number(1.5), "1.5"),
            (Datum::Boolean(true), "true"),
            (Datum::Error("#REF!"), "#REF!"),
        ] {
            assert_eq!(read(Some(&cell(datum))).value, Value::Fault(shown.to_owned()));
        }
    }
}
