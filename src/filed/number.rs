//! Numbers of rows as they come out of spreadsheets: `3.10` typed becomes the number 3.1 or the third of October.

use crate::sources::workbook::grid::{Cell, Datum};
use chrono::Datelike;

/// The row numbers that a cell may mean, the likeliest first, without a final dot; none where it is no number.
pub fn meant(cell: &Cell) -> Vec<String> {
    match &cell.datum {
        Datum::Text(text) => whole(text).into_iter().collect(),
        Datum::Integer(number) if (1..100).contains(number) => vec![number.to_string()],
        Datum::Number(number) if *number > 0.0 && *number < 100.0 => {
            let literal = format!("{number:.2}");
            let literal = literal.trim_end_matches('0').to_owned();
            let tenth = format!("{literal}0");
            vec![literal, tenth]
        }
        Datum::Moment(moment) => {
            let day = moment.day();
            vec![format!("{}.{}", day.day(), day.month()), format!("{}.{}", day.month(), day.day())]
        }
        _ => Vec::new(),
    }
}

/// `3.1.`, `№ 3.1`, `3,1)` as `3.1`.
fn whole(text: &str) -> Option<String> {
    let (number, rest) = leading(text.trim().trim_start_matches('№').trim_start())?;
    rest.is_empty().then_some(number)
}

/// The number with which a text begins, and what follows it.
fn leading(text: &str) -> Option<(String, &str)> {
    let end = text.find(|sign: char| !(sign.is_ascii_digit() || sign == '.' || sign == ',')).unwrap_or(text.len());
    let number = text[..end].trim_end_matches(['.', ',']).replace(',', ".");
    let parts: Vec<&str> = number.split('.').collect();
    let sound = parts.len() <= 3 && parts.iter().all(|part| (1..=3).contains(&part.len()));
    sound.then(|| (number, text[end..].trim_start_matches([')', ' ', '\u{a0}', '-', '–', '—'])))
}

/// A number and the label behind it in one cell: `3.1. факты нарушений`.
pub fn split(text: &str) -> Option<(String, &str)> {
    let (number, rest) = leading(text.trim())?;
    rest.chars().next().is_some_and(char::is_alphabetic).then_some((number, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(datum: Datum) -> Vec<String> {
        meant(&Cell { datum, formula: None })
    }

    #[test]
    fn numbers_dates_and_texts() {
        let text = |text: &str| Datum::Text(text.to_owned());
        let day = |year, month, day| {
            Datum::Moment(crate::values::moment::Moment::from_day(
                chrono::NaiveDate::from_ymd_opt(year, month, day).expect("a day"),
            ))
        };
        let (tenth, first) = ("3.10", "3.1");
        assert_eq!(of(Datum::Number(3.1)), [first, tenth]);
        assert_eq!(of(Datum::Integer(3)), ["3"]);
        assert_eq!(of(text(" 3.10. ")), [tenth]);
        assert_eq!(of(text("№ 3,1)")), [first]);
        assert_eq!(of(day(2026, 10, 3))[0], tenth);
        assert_eq!(of(day(2026, 1, 3))[0], first);
        for other in ["", "А", "2026", "3.1 факты", "1.2.3.4"] {
            assert!(of(text(other)).is_empty(), "{other}");
        }
    }

    #[test]
    fn a_number_before_its_label() {
        assert_eq!(split("3.1. факты нарушений"), Some((["3", "1"].join("."), "факты нарушений")));
        assert_eq!(split("12) прочее"), Some(("12".to_owned(), "прочее")));
        assert_eq!(split("факты"), None);
        assert_eq!(split("2026 год"), None);
    }
}
