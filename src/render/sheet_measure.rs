//! How much room a text takes. Spreadsheet programs do not fit merged cells and the library fits none,
//! so heights are computed here, on the generous side.

/// Advance of a letter of Times New Roman in ems, by class.
fn advance(letter: char) -> f64 {
    match letter {
        ' ' | '.' | ',' | ';' | ':' | '!' | '|' => 0.26,
        'i' | 'j' | 'l' | 't' | 'f' | 'r' | 'I' | 'і' | '(' | ')' | '-' | '/' | '\'' => 0.33,
        '0'..='9' | '_' => 0.5,
        'm' | 'w' | 'ш' | 'щ' | 'ж' | 'ю' | 'ф' | 'ы' | 'м' => 0.76,
        'a'..='z' => 0.48,
        'W' | 'M' | 'Ш' | 'Щ' | 'Ж' | 'Ю' | 'Ф' | 'Ы' | 'М' | '—' | '№' | '…' => 1.0,
        // Faces without the Kazakh letters borrow them from a wider one (DejaVu Serif).
        'ә' | 'ғ' | 'қ' | 'ң' | 'ө' | 'ұ' | 'ү' | 'һ' => 0.64,
        'а'..='я' | 'ё' => 0.52,
        letter if letter.is_uppercase() => 0.74,
        _ => 0.6,
    }
}

/// Width of a text in one line, in points.
pub fn width(text: &str, size: f64, bold: bool) -> f64 {
    let ems: f64 = text.chars().map(advance).sum();
    ems * size * if bold { 1.08 } else { 1.02 }
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

/// Height of a text in points: the pitch that Excel and LibreOffice give to a serif face, and a rim.
pub fn height(text: &str, room: f64, size: f64, bold: bool) -> f64 {
    stacked(lines(text, room, size, bold), size)
}

/// Height of so many lines, in points.
pub fn stacked(lines: u32, size: f64) -> f64 {
    f64::from(lines) * size * 1.28 + 2.5
}
