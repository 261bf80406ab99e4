//! The letters of one code page.

/// The letters that the generator knows.
pub fn windows_1251(letter: char) -> Option<u8> {
    Some(match letter {
        '\0'..='\x7F' => letter as u8,
        'А'..='я' => u8::try_from(u32::from(letter) - 0x410 + 0xC0).ok()?,
        'ё' => 0xB8,
        'Ё' => 0xA8,
        '№' => 0xB9,
        '«' => 0xAB,
        '»' => 0xBB,
        '\u{a0}' => 0xA0,
        '\u{ad}' => 0xAD,
        '—' => 0x97,
        '–' => 0x96,
        _ => return None,
    })
}
