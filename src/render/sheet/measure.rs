//! How much room a text takes. Spreadsheet programs do not fit merged cells and the library fits none,
//! so heights are computed here, on the generous side.

/// Advance of a letter of Times New Roman (Liberation Serif has the same) in ems, by class.
fn advance(letter: char) -> f64 {
    match letter {
        ' ' | '.' | ',' => 0.25,
        'i' | 'j' | 'l' | 't' | 'і' | ':' | ';' | '/' | '\'' => 0.3,
        'f' | 'r' | 'I' | '(' | ')' | '-' => 0.35,
        'г' | 'з' | 's' | '"' => 0.41,
        'а' | 'в' | 'е' | 'ё' | 'с' | 'т' | 'ь' | 'э' | 'я' | 'a' | 'c' | 'e' | 'z' => 0.46,
        'и' | 'й' | 'н' | 'п' | 'ц' | 'ч' => 0.54,
        'м' | 'ф' | 'ы' => 0.66,
        'ж' | 'w' => 0.73,
        'ш' | 'щ' | 'ю' | 'm' => 0.78,
        // Faces without the Kazakh letters borrow them from a wider one (DejaVu Serif).
        'ә' | 'ғ' | 'қ' | 'ң' | 'ө' | 'ұ' | 'ү' | 'һ' => 0.61,
        'а'..='я' | 'a'..='z' | '0'..='9' | '_' | '«' | '»' | '–' => 0.51,
        'Ж' | 'М' | 'M' | 'Ы' | 'Ф' | 'W' | '№' => 0.94,
        'Ш' | 'Щ' | 'Ю' | '—' | '…' => 1.05,
        letter if letter.is_uppercase() => 0.72,
        _ => 0.6,
    }
}

/// Width of a text in one line, in points.
pub fn width(text: &str, size: f64, bold: bool) -> f64 {
    let ems: f64 = text.chars().map(advance).sum();
    ems * size * if bold { 1.1 } else { 1.02 }
}

/// Width of the longest word.
pub fn longest_word(text: &str, size: f64, bold: bool) -> f64 {
    text.split_whitespace().map(|word| width(word, size, bold)).fold(0.0, f64::max)
}

/// How many lines a text takes in a column of `room` points, broken between words, long words anywhere.
pub fn lines(text: &str, room: f64, size: f64, bold: bool) -> u32 {
    let room = room.max(size);
    let space = width(" ", size, bold);
    let mut count = 0;
    for paragraph in text.split('\n') {
        count += 1;
        let mut used = 0.0;
        for word in paragraph.split_whitespace() {
            let mut need = width(word, size, bold);
            if used > 0.0 && used + space + need > room {
                count += 1;
                used = 0.0;
            }
            while need > room {
                count += 1;
                need -= room;
            }
            used += need + if used > 0.0 { space } else { 0.0 };
        }
    }
    count
}

/// Height of a text in points.
pub fn height(text: &str, room: f64, size: f64, bold: bool) -> f64 {
    stacked(lines(text, room, size, bold), size)
}

/// Height of so many lines, in points: the pitch that Excel, which rounds it up to pixels, gives to the face
/// (Calc gives less), and a rim.
pub fn stacked(lines: u32, size: f64) -> f64 {
    f64::from(lines) * (size * 1.12 + 1.3) + 3.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_breaks_between_words_and_long_words_anywhere() {
        assert_eq!(lines("", 100.0, 10.0, false), 1);
        assert_eq!(lines("бір\nодин", 100.0, 10.0, false), 2);
        assert_eq!(lines("мемлекеттік қызмет", 60.0, 10.0, false), 2);
        assert!(lines(&"ж".repeat(100), 60.0, 10.0, false) > 10);
    }
}
