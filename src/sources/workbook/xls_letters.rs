//! Letters of old XLS: whether the code page that the file gives can be that of its bytes.

use crate::sources::workbook::xls_size::{number, records, workbook};

/// How the letters of an XLS are written: before the format of 1997 they are bytes of a code page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OldLetters {
    /// As the file says, or all of them ASCII or Unicode.
    Sound,
    /// Bytes that look Cyrillic, and another code page, or none.
    Doubtful(Option<usize>),
}

impl OldLetters {
    /// The code page to read by, where that of the file is not to be trusted.
    pub fn forced(self) -> Option<u16> {
        matches!(self, Self::Doubtful(_)).then_some(CYRILLIC)
    }

    /// What is to be told: the code page that the file gives, `-` if it gives none.
    pub fn doubt(self) -> Option<String> {
        let Self::Doubtful(code_page) = self else { return None };
        Some(code_page.map_or_else(|| "-".to_owned(), |code_page| code_page.to_string()))
    }
}

/// Windows-1251, which files of this country mean when they do not say what they mean.
const CYRILLIC: u16 = 1251;
/// Code pages whose bytes for words of Cyrillic letters are letters of Western Europe: Windows, DOS, Macintosh, ISO.
const WESTERN: [usize; 9] = [0, 1200, 1252, 437, 850, 10_000, 28_591, 32_768, 32_769];

/// Judges the letters of a file that is held in memory.
pub(crate) fn letters(file: &[u8]) -> OldLetters {
    let Ok(book) = workbook(file) else { return OldLetters::Sound };
    let (mut is_old, mut code_page, mut cyrillic, mut high) = (false, None, 0_usize, 0_usize);
    for (kind, data) in records(&book) {
        match kind {
            0x0809 => is_old |= number(data, 0, 2).is_some_and(|version| version < 0x0600),
            0x0042 if code_page.is_none() => code_page = number(data, 0, 2),
            // a label: row, column, format, length, text
            0x0204 | 0x00D6 => {
                let text = data.get(8..).unwrap_or_default();
                let text = &text[..text.len().min(number(data, 6, 2).unwrap_or_default())];
                high += text.iter().filter(|byte| !byte.is_ascii()).count();
                // three letters in a row that only Cyrillic words have so
                cyrillic += text.windows(3).filter(|bytes| bytes.iter().all(|byte| *byte >= 0xC0)).count();
            }
            _ => {}
        }
    }
    let is_western = code_page.is_some_and(|code_page| WESTERN.contains(&code_page));
    let is_doubtful = is_old && high > 0 && (code_page.is_none() || (is_western && cyrillic > 0));
    if is_doubtful { OldLetters::Doubtful(code_page) } else { OldLetters::Sound }
}
