//! Ids in their plain form, told from their bytes: nearly every id is new, so nothing can be remembered of one.

use crate::definitions::marks::marks;
use crate::definitions::written::Written;

/// Whether an id is its own clean form, no damage, no total, and not missing.
pub fn is_plain_id(bytes: &[u8], written: &Written) -> bool {
    let Some(first) = bytes.first() else { return false };
    if written.may_be_missing(bytes) && !std::str::from_utf8(bytes).is_ok_and(|text| !written.is_missing(text)) {
        return false;
    }
    // no stop at the first: ids are short, and all of their signs are looked at together
    let signs = bytes.iter().fold(0, |signs, byte| signs | SIGNS[*byte as usize]);
    if signs & OTHER != 0 {
        return is_cyrillic_id(bytes);
    }
    let second = bytes.get(1).copied().unwrap_or_default();
    let may_be_total = match first {
        b't' | b'T' => b"oO_'\"`".contains(&second),
        b's' | b'S' => b"uU_'\"`".contains(&second),
        b'g' | b'G' => b"rR_'\"`".contains(&second),
        _ => false,
    };
    let is_mark = matches!(first, b'"' | b'\'' | b'-' | b'=' | b'#');
    let may_be_date = signs & DASH != 0 && first.is_ascii_digit() && may_be_date(bytes);
    let may_be_month = signs & DASH != 0 && may_be_month(bytes);
    !(may_be_total || is_mark || signs & STRANGE != 0 || may_be_date || may_be_month)
}

/// Kinds of signs, as bits: not of ASCII or unseen; of fractions, times and powers; of days and months.
const OTHER: u8 = 1;
const STRANGE: u8 = 2;
const DASH: u8 = 4;
const SIGNS: [u8; 256] = {
    let mut signs = [OTHER; 256];
    let mut byte = b'!';
    while byte <= b'~' {
        signs[byte as usize] = match byte {
            b'.' | b',' | b':' | b'+' => STRANGE,
            b'-' | b'/' => DASH,
            _ => 0,
        };
        byte += 1;
    }
    signs
};

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
