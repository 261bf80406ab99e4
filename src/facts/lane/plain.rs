//! Values in their plain form, read from bytes: what is not plain is left to `typed::parse`.

use crate::definitions::marks::marks;
use crate::definitions::written::Written;
use crate::values::moment::{DAY, Moment};
use chrono::NaiveDate;

/// `2026-07-31` or `31.07.2026`, alone or with ` 14:05`, `T14:05`, `14:05:59`.
pub fn moment(bytes: &[u8]) -> Option<Moment> {
    let (date, time) = bytes.split_at_checked(10)?;
    let (year, month, day) = if date[4] == b'-' && date[7] == b'-' {
        (four(&date[..4])?, two(&date[5..7])?, two(&date[8..])?)
    } else if date[2] == b'.' && date[5] == b'.' {
        (four(&date[6..])?, two(&date[3..5])?, two(&date[..2])?)
    } else {
        return None;
    };
    let day = Moment::from_day(NaiveDate::from_ymd_opt(year.cast_signed(), month, day)?);
    let clock = match time {
        [] => return Some(day),
        [b' ' | b'T', clock @ ..] => clock,
        _ => return None,
    };
    let (minutes, seconds) = match clock {
        [_, _, b':', _, _] => (clock, 0),
        [_, _, b':', _, _, b':', seconds @ ..] => (clock, two(seconds)?),
        _ => return None,
    };
    let (hour, minute) = (two(&minutes[..2])?, two(&minutes[3..5])?);
    let minutes = i64::from(hour * 60 + minute);
    // midnight sharp is a day without a time
    let timed = hour + minute + seconds > 0;
    (hour < 24 && minute < 60 && seconds < 60).then_some(Moment { minutes: day.minutes + minutes, timed })
}

/// The same day without its time.
pub fn day_of(moment: Moment) -> Moment {
    Moment { minutes: moment.minutes.div_euclid(DAY) * DAY, timed: false }
}

fn two(digits: &[u8]) -> Option<u32> {
    let [tens, ones] = digits else { return None };
    let (tens, ones) = (tens.wrapping_sub(b'0'), ones.wrapping_sub(b'0'));
    (tens < 10 && ones < 10).then(|| u32::from(tens) * 10 + u32::from(ones))
}

fn four(digits: &[u8]) -> Option<u32> {
    Some(two(digits.get(..2)?)? * 100 + two(&digits[2..])?)
}

/// Whether an id is its own clean form, no damage, no total, and not missing.
pub fn is_plain_id(bytes: &[u8], written: &Written) -> bool {
    let Some(first) = bytes.first() else { return false };
    if written.may_be_missing(bytes) && !std::str::from_utf8(bytes).is_ok_and(|text| !written.is_missing(text)) {
        return false;
    }
    if !bytes.iter().all(u8::is_ascii_graphic) {
        return is_cyrillic_id(bytes);
    }
    let second = bytes.get(1).copied().unwrap_or_default();
    let may_be_total = match first {
        b't' | b'T' => b"oO_'\"`".contains(&second),
        b's' | b'S' => b"uU_'\"`".contains(&second),
        b'g' | b'G' => b"rR_'\"`".contains(&second),
        _ => false,
    };
    let may_be_power = bytes.contains(&b'+');
    let is_mark = matches!(first, b'"' | b'\'' | b'-' | b'=' | b'#');
    let is_number = first.is_ascii_digit() && bytes.iter().any(|byte| matches!(byte, b'-' | b'.'));
    let is_fraction = bytes.iter().any(|byte| matches!(byte, b'.' | b',' | b':'));
    let is_strange = may_be_total || may_be_power || is_mark || is_fraction;
    !(is_strange || (is_number && may_be_date(bytes)) || may_be_month(bytes))
}

/// `3-Oct`, `Mar-26`, `3-Oct-26`: short pieces of letters and digits.
fn may_be_month(bytes: &[u8]) -> bool {
    let is_short = bytes.len() <= 12 && bytes.iter().any(|byte| matches!(byte, b'-' | b'/'));
    is_short && std::str::from_utf8(bytes).is_ok_and(|text| marks().is_month_of_code(text))
}

/// Digits, `-` and signs of time only: a date perhaps.
fn may_be_date(bytes: &[u8]) -> bool {
    bytes.get(4) == Some(&b'-') && bytes.get(7) == Some(&b'-')
}

/// Russian and Kazakh letters with digits and dashes, the first of them not one of a total («Итого», «Всего», …).
fn is_cyrillic_id(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let is_plain = |letter: char| {
        letter.is_ascii_alphanumeric()
            || matches!(letter, '-' | '/' | '\u{410}'..='\u{44F}' | '\u{492}'..='\u{493}' | '\u{49A}'..='\u{49B}')
    };
    let mut letters = text.chars();
    let first = letters.next().unwrap_or_default();
    let is_usual = !"иИвВбБжЖқҚпПоОсСtTsSgG-=#".contains(first) && !first.is_ascii_digit();
    // ids that begin as a word of totals does: «С-17» is one of no total, «сумма» is
    let mut is_numbered = || letters.next().is_some_and(|second| !second.is_alphabetic());
    let may_begin = is_usual || ("қҚпПоОсС".contains(first) && is_numbered());
    may_begin && text.chars().all(is_plain) && !may_be_month(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records::typed::parse_moment;

    #[test]
    fn plain_moments_are_those_of_the_contract() {
        for text in [
            "2026-07-31",
            "31.07.2026",
            "2026-07-31 14:05",
            "2026-07-31T23:59:59",
            "31.07.2026 00:00",
            "2024-02-29",
            "2026-02-29",
            "2026-13-01",
            "31.04.2026",
            "2026-07-31 24:00",
            "2026-07-31 14:60",
            "2026-07-31 14:05:60",
            "2026-07-31  4:05",
            "2026.07.31",
            "31-07-2026",
            "2026-07-3a",
            "2026-07-31x14:05",
            "1.7.2026",
            "",
            "x",
            "2026-07-31 14:05:07.5",
            "2026-07-31T14:05Z",
            "2026-07-31 14",
            "+026-07-31",
            "2026-07-31 +4:05",
        ] {
            if let Some(moment) = moment(text.as_bytes()) {
                assert_eq!(Some(moment), parse_moment(text), "{text}");
            }
        }
        assert!(moment(b"2026-07-31").is_some() && moment(b"31.07.2026 14:05").is_some());
        assert!(moment(b"2026-07-31 14:05:59").is_some());
    }

    #[test]
    fn plain_ids_are_clean_and_whole() {
        for id in ["EG0000000001", "У07-000001", "17", "2026-000123", "№1", "a/b", "T-1", "ТОО-1", "С-17"] {
            let plain = is_plain_id(id.as_bytes(), &Written::read());
            let raw = crate::records::typed::clean(id);
            assert!(!plain || raw == id, "{id}");
        }
        for id in [
            "",
            "-",
            "Total",
            "итого",
            "Всего",
            "1.11E+08",
            "1E+11",
            "2026-07-31",
            "a b",
            " 1",
            "31.07.2026",
            "=1+1",
            "T'otal",
            "NULL",
            "Н/Д",
            "\\N",
            "#REF!",
            "3-Oct",
            "Mar-10",
            "мар-10",
            "'0040",
            "1\u{200b}",
            "Subtotal",
            "Sum",
            "Қорытынды",
            "Сумма",
            "#N/A",
            "Err:502",
        ] {
            assert!(!is_plain_id(id.as_bytes(), &Written::read()), "{id}");
        }
        for id in [
            "EG0000000001",
            "У07-000001",
            "17",
            "2026-000123",
            "T-1",
            "N-17",
            "MAR-10",
            "N",
            "S-7",
            "С-17",
            "EG-000123",
            "MAY-0001",
        ] {
            assert!(is_plain_id(id.as_bytes(), &Written::read()), "{id}");
        }
    }
}
