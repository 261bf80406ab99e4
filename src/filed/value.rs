//! A cell of a filed form as a value, and what was mended to read it.

use crate::filed::likely;
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
        Datum::Moment(moment) => moment.day().format("%d.%m.%Y").to_string(),
        Datum::Error(error) => (*error).to_owned(),
        Datum::Absent => format!("={}", cell.formula.as_deref().unwrap_or_default()),
    }
}

/// Whether a cell could be a value of a form: a number, a dash, or a text in which numbers stand.
pub fn is_like_value(cell: &Cell) -> bool {
    match &cell.datum {
        Datum::Text(text) => is_dash(text.trim()) || likely::is_like_number(text),
        Datum::Error(_) => true,
        datum => *datum != Datum::Absent || cell.formula.is_some(),
    }
}

/// Dashes of any length and kind, and nothing else.
pub fn is_dash(text: &str) -> bool {
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
    match whole(&trimmed.split_whitespace().collect::<Vec<_>>().join(" ")) {
        Some(number) => CellReading { value: Value::Number(number), mended: mended() },
        None => CellReading::plain(Value::Fault(mended().unwrap_or_default())),
    }
}

/// A text that is a whole number and nothing else: `12`, `1 234`, `12,0`. Words, signs, brackets and notes beside it
/// may change what is meant («12 тыс.», «нет 5», «5*»), so they leave it undecided.
fn whole(text: &str) -> Option<i64> {
    let whole = match text.split_once([',', '.']) {
        Some((whole, zeros)) if !zeros.is_empty() && zeros.len() != 3 && zeros.bytes().all(|digit| digit == b'0') => {
            whole
        }
        Some(_) => return None,
        None => text,
    };
    likely::grouped(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Value {
        text_value(text).value
    }

    #[test]
    fn only_a_number_alone_is_one() {
        for (text, number) in [
            ("12", 12),
            (" 1 234 ", 1234),
            ("1\u{a0}234\u{a0}567", 1_234_567),
            ("1\u{202f}234\u{2009}567", 1_234_567),
            ("1  234", 1_234),
            ("12,0", 12),
            ("12.00", 12),
            ("0", 0),
        ] {
            assert_eq!(of(text), Value::Number(number), "{text}");
            assert!(text_value(text).mended.is_some(), "{text}");
        }
        for text in [
            "-5",
            "(5)",
            "1,5",
            "1,234",
            "1.234",
            "10 из 12",
            "12 34",
            "п3",
            "1/2",
            "≈12",
            "нет",
            "5%",
            "о",
            "12-13",
            "12 тыс.",
            "минус 5",
            "нет 5",
            "5 млн",
            "03.июл",
            "~5",
            "5*",
            "5 шт",
            "12 шт.",
            "всего: 7",
            "5-7",
            "'5",
            "5 ¹",
            "№ 5",
            "+5",
            "5.",
            "1 23",
        ] {
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
