//! Windows-1251, KZ-1048 and KOI8-R: one byte a letter, ASCII below 0x80, so separators are found before decoding.

use crate::sources::raw::Encoding;

/// Where KZ-1048 (STRK 1048-2002) differs from Windows-1251: the letters of Kazakh.
pub(crate) const KAZAKH: [(u8, char); 16] = [
    (0x8D, 'Қ'),
    (0x8E, 'Һ'),
    (0x9D, 'қ'),
    (0x9E, 'һ'),
    (0xA1, 'Ұ'),
    (0xA2, 'ұ'),
    (0xA3, 'Ә'),
    (0xA5, 'Ө'),
    (0xAA, 'Ғ'),
    (0xAF, 'Ү'),
    (0xB4, 'ө'),
    (0xBA, 'ғ'),
    (0xBC, 'ә'),
    (0xBD, 'Ң'),
    (0xBE, 'ң'),
    (0xBF, 'ү'),
];

/// Letters of Russian texts in Windows-1251, with і and №.
pub(crate) fn is_cyrillic_1251(byte: u8) -> bool {
    matches!(byte, 0xC0..=0xFF | 0xA8 | 0xB8 | 0xB2 | 0xB3 | 0xB9)
}

/// How often each letter from а to я stands in 1,000 letters of a Russian text; ъ is seldomer still.
const OFTEN: [f64; 32] = [
    80.0, 16.0, 45.0, 17.0, 30.0, 85.0, 9.0, 16.0, 74.0, 12.0, 35.0, 44.0, 32.0, 67.0, 110.0, 28.0, 47.0, 55.0, 63.0,
    26.0, 3.0, 10.0, 5.0, 15.0, 7.0, 4.0, 0.5, 19.0, 17.0, 3.0, 6.0, 20.0,
];
/// Of anything that is no Russian letter.
const SELDOM: f64 = 1.0;
/// What a capital letter takes from the likeness: where one encoding has capitals, the other has small letters.
const CAPITAL: f64 = 0.3;

/// How likely the bytes over 0x7F are as a Russian text in Windows-1251: a logarithm. `high`: how often each stands.
pub(crate) fn likeness_1251(high: &[(u64, u64)]) -> f64 {
    likeness(high, Encoding::Windows1251)
}

/// As `likeness_1251`, in KOI8-R.
pub(crate) fn likeness_koi8(high: &[(u64, u64)]) -> f64 {
    likeness(high, Encoding::Koi8R)
}

fn likeness(high: &[(u64, u64)], encoding: Encoding) -> f64 {
    let Some(Letters(letters)) = Letters::of(encoding) else { return f64::MIN };
    let often = |letter: Option<char>| {
        let small = letter.and_then(|letter| letter.to_lowercase().next()).map_or(0, u32::from);
        let place = small.checked_sub(u32::from('а')).and_then(|place| usize::try_from(place).ok());
        let capital = if letter.is_some_and(char::is_uppercase) { CAPITAL } else { 0.0 };
        place.and_then(|place| OFTEN.get(place)).copied().unwrap_or(SELDOM).ln() - capital
    };
    #[allow(clippy::cast_precision_loss)] // bytes of a file
    high.iter().zip(letters).map(|((count, _), letter)| *count as f64 * often(letter)).sum()
}

/// Letters of the bytes 0x80–0xFF; 0x98 is no letter in either, and zero never is.
pub(crate) struct Letters([Option<char>; 128]);

impl Letters {
    /// `None` for encodings that take more than a byte a letter.
    pub fn of(encoding: Encoding) -> Option<Self> {
        let kazakh = encoding == Encoding::Kz1048;
        let table = match encoding {
            Encoding::Windows1251 | Encoding::Kz1048 => encoding_rs::WINDOWS_1251,
            // KOI8-U differs where KOI8-R has no letters: with і, which Kazakh has
            Encoding::Koi8R => encoding_rs::KOI8_U,
            Encoding::Utf8 | Encoding::Utf16Le | Encoding::Utf16Be => return None,
        };
        let bytes: Vec<u8> = (0x80..=0xFF).collect();
        let (text, _) = table.decode_without_bom_handling(&bytes);
        let mut letters = [None; 128];
        for (slot, letter) in letters.iter_mut().zip(text.chars()) {
            *slot = Some(letter).filter(|letter| *letter != '\u{98}');
        }
        for (byte, letter) in KAZAKH.iter().filter(|_| kazakh) {
            letters[usize::from(byte & 0x7F)] = Some(*letter);
        }
        Some(Self(letters))
    }

    pub fn of_byte(&self, byte: u8) -> Option<char> {
        match byte {
            0 => None,
            byte if byte.is_ascii() => Some(char::from(byte)),
            byte => self.0[usize::from(byte & 0x7F)],
        }
    }

    /// Appends the text of `bytes`.
    ///
    /// # Errors
    /// Position of a byte that is no letter; what was appended then means nothing.
    pub fn decode(&self, bytes: &[u8], text: &mut String) -> Result<(), usize> {
        for (at, byte) in bytes.iter().enumerate() {
            text.push(self.of_byte(*byte).ok_or(at)?);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_of_both_tables() {
        let decode = |encoding, bytes: &[u8]| {
            let mut text = String::new();
            Letters::of(encoding).map(|letters| letters.decode(bytes, &mut text)).map(|result| result.map(|()| text))
        };
        assert_eq!(
            decode(Encoding::Kz1048, b"\x8D\xE0\xE7\xE0\x9D \xA3\xBC\xA1\xA2\xB2\xB3\xB9"),
            Some(Ok("Қазақ ӘәҰұІі№".to_owned()))
        );
        assert_eq!(
            decode(Encoding::Windows1251, b"\xD3\xF1\xEB\xF3\xE3\xE8 \xB8\xA8"),
            Some(Ok("Услуги ёЁ".to_owned()))
        );
        assert_eq!(decode(Encoding::Windows1251, b"ab\x98"), Some(Err(2)));
        assert_eq!(decode(Encoding::Utf8, b"ab"), None);
    }
}
