//! BIN: the business identification number.

/// Whether the text is a BIN: 12 digits whose last one is the check digit of the first eleven.
/// Source: reference-facts.md, section 3.
pub fn is_sound(bin: &str) -> bool {
    let digits: Option<Vec<u32>> = bin.chars().map(|digit| digit.to_digit(10)).collect();
    let Some(digits) = digits.filter(|digits| digits.len() == 12) else { return false };
    let control = |first: u32| -> u32 {
        (0..11).zip(&digits).map(|(place, digit)| ((place + first - 1) % 11 + 1) * digit).sum::<u32>() % 11
    };
    let check = match control(1) {
        10 => control(3),
        check => check,
    };
    check < 10 && check == digits[11]
}

#[cfg(test)]
mod tests {
    use super::is_sound;

    #[test]
    fn known_numbers() {
        for bin in ["160440007161", "971240001315", "061211600012"] {
            assert!(is_sound(bin), "{bin}");
        }
        for bin in ["160440007162", "16044000716", "1604400071611", "16044000716x", ""] {
            assert!(!is_sound(bin), "{bin}");
        }
    }
}
