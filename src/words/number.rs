//! Whole numbers as people read them: digits in groups of three.

/// Between groups of three digits, and before a sign of per cent.
pub const NBSP: char = '\u{a0}';
/// Of a negative number.
pub const MINUS: char = '\u{2212}';

/// `1 234 567`, held together by no-break spaces, a negative number with a minus sign.
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
