//! Cyrillic encodings of one byte a letter: ASCII below 0x80, so separators are found before decoding.

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

/// Letters of the bytes 0x80–0xFF; control signs are none, and zero never is.
pub(crate) struct Letters(pub [Option<char>; 128]);

impl Letters {
    /// `None` for encodings that take more than a byte a letter.
    pub fn of(encoding: Encoding) -> Option<Self> {
        let kazakh = encoding == Encoding::Kz1048;
        let table = match encoding {
            Encoding::Windows1251 | Encoding::Kz1048 => encoding_rs::WINDOWS_1251,
            // KOI8-U differs where KOI8-R has no letters: with і, which Kazakh has
            Encoding::Koi8R => encoding_rs::KOI8_U,
            Encoding::Iso8859_5 => encoding_rs::ISO_8859_5,
            Encoding::MacCyrillic => encoding_rs::X_MAC_CYRILLIC,
            Encoding::Cp866 => encoding_rs::IBM866,
            Encoding::Utf8 | Encoding::Utf16Le | Encoding::Utf16Be => return None,
        };
        let bytes: Vec<u8> = (0x80..=0xFF).collect();
        let (text, _) = table.decode_without_bom_handling(&bytes);
        let mut letters = [None; 128];
        for (slot, letter) in letters.iter_mut().zip(text.chars()) {
            *slot = Some(letter).filter(|letter| !letter.is_control());
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
        assert_eq!(decode(Encoding::Iso8859_5, b"\xC3\xE1\xDB\xE3\xD3\xD8 \xF0"), Some(Ok("Услуги №".to_owned())));
        assert_eq!(decode(Encoding::Iso8859_5, b"a\x85"), Some(Err(1)));
        assert_eq!(
            decode(Encoding::MacCyrillic, b"\x93\xF1\xEB\xF3\xE3\xE8 \xDC\xDF"),
            Some(Ok("Услуги №я".to_owned()))
        );
        assert_eq!(decode(Encoding::Cp866, b"\x93\xE1\xAB\xE3\xA3\xA8 \xFC"), Some(Ok("Услуги №".to_owned())));
        assert_eq!(decode(Encoding::Utf8, b"ab"), None);
    }
}
