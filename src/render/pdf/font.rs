//! The faces of printed pages and how wide their letters are.

use crate::definitions;
use anyhow::{Context, Result};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// A face. All have the widths of Times New Roman and every Kazakh letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Face {
    Regular,
    Bold,
    Italic,
}

impl Face {
    pub const ALL: [Self; 3] = [Self::Regular, Self::Bold, Self::Italic];

    fn file(self) -> &'static str {
        match self {
            Self::Regular => "Tinos-Regular.ttf",
            Self::Bold => "Tinos-Bold.ttf",
            Self::Italic => "Tinos-Italic.ttf",
        }
    }

    /// The file inside the binary.
    ///
    /// # Errors
    /// The binary was built without it.
    pub fn bytes(self) -> Result<&'static [u8]> {
        definitions::font(self.file()).with_context(|| format!("templates/fonts/{}", self.file()))
    }

    /// The name that the font has for printers.
    ///
    /// # Errors
    /// It is not well-formed.
    pub(super) fn name(self) -> Result<String> {
        let names = ttf_parser::Face::parse(self.bytes()?, 0)?.names().into_iter();
        let mut own = names.filter(|name| name.name_id == ttf_parser::name_id::POST_SCRIPT_NAME && name.is_unicode());
        own.next().and_then(|name| name.to_string()).with_context(|| self.file())
    }
}

/// Letters measured once: Latin, Cyrillic with the Kazakh letters, and general punctuation.
const TABLE: usize = 0x2200;

/// The faces, read and measured.
#[derive(Debug)]
pub struct Fonts {
    /// Advances in ems for each face; not a number where the face lacks the letter.
    advances: Vec<Vec<f32>>,
    faces: Vec<ttf_parser::Face<'static>>,
}

impl Fonts {
    /// # Errors
    /// A font inside the binary is not well-formed.
    pub fn read() -> Result<Self> {
        let (mut advances, mut faces) = (Vec::new(), Vec::new());
        for face in Face::ALL {
            let parsed = ttf_parser::Face::parse(face.bytes()?, 0).with_context(|| face.file())?;
            let letters = (0..TABLE).map(|code| u32::try_from(code).ok().and_then(char::from_u32).unwrap_or(' '));
            let known = |letter: char| match parsed.glyph_index(letter) {
                _ if is_unseen(letter) => 0.0,
                None => f32::NAN,
                Some(_) => advance(&parsed, letter),
            };
            advances.push(letters.map(known).collect());
            faces.push(parsed);
        }
        Ok(Self { advances, faces })
    }

    /// Whether the face has the letter.
    pub fn has(&self, face: Face, letter: char) -> bool {
        let known = self.advances[face as usize].get(letter as usize);
        known.map_or_else(|| self.faces[face as usize].glyph_index(letter).is_some(), |advance| !advance.is_nan())
    }

    /// Width of a text in one line, in points.
    pub fn width(&self, text: &str, face: Face, size: f64) -> f64 {
        let known = &self.advances[face as usize];
        let of = |letter: char| {
            let known = known.get(letter as usize).copied().filter(|advance| !advance.is_nan());
            known.unwrap_or_else(|| self.rare(face, letter))
        };
        text.chars().map(|letter| f64::from(of(letter))).sum::<f64>() * size
    }

    fn rare(&self, face: Face, letter: char) -> f32 {
        if is_unseen(letter) {
            return 0.0;
        }
        let face = &self.faces[face as usize];
        advance(face, if face.glyph_index(letter).is_some() { letter } else { '\u{fffd}' })
    }
}

/// Which of the letters some face has not; what shows nothing is not looked for.
///
/// # Errors
/// A font inside the binary is not well-formed.
pub fn lacks(letters: &BTreeSet<char>) -> Result<BTreeSet<char>> {
    let mut lacking = BTreeSet::new();
    for face in Face::ALL {
        let parsed = ttf_parser::Face::parse(face.bytes()?, 0).with_context(|| face.file())?;
        let shown = letters.iter().filter(|letter| !(is_unseen(**letter) || letter.is_control()));
        lacking.extend(shown.filter(|letter| parsed.glyph_index(**letter).is_none()));
    }
    Ok(lacking)
}

/// Marks that show nothing, such as that of UTF-8 at the beginning of files: none is printed.
fn is_unseen(letter: char) -> bool {
    matches!(letter, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// The text without marks that show nothing.
pub fn seen(text: &str) -> Cow<'_, str> {
    if text.contains(is_unseen) { text.replace(is_unseen, "").into() } else { text.into() }
}

/// Advance in ems.
fn advance(face: &ttf_parser::Face, letter: char) -> f32 {
    let glyph = face.glyph_index(letter).unwrap_or_default();
    f32::from(face.glyph_hor_advance(glyph).unwrap_or(0)) / f32::from(face.units_per_em())
}

/// Height of capital figures and depth below the line, in ems: what places a line in its cell.
pub const ASCENT: f64 = 0.891;
pub const DESCENT: f64 = 0.216;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_of_the_forms_is_there() {
        let fonts = Fonts::read().expect("the fonts");
        let letters = "әғқңөұүһіӘҒҚҢӨҰҮҺІабвгдеёжзийклмнопрстуфхцчшщъыьэюяАБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ\
            abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789№«»–—−…„“”’%+×±≤≥§•()[]/\\:;,.!?&@#*_\"'₸\u{fffd}\u{a0}\u{202f}";
        for face in Face::ALL {
            let missing: Vec<char> = letters.chars().filter(|letter| !fonts.has(face, *letter)).collect();
            assert!(missing.is_empty(), "{face:?} lacks {missing:?}");
        }
        assert!(!fonts.has(Face::Regular, '漢'), "the test sees what is missing");
    }

    #[test]
    fn marks_that_show_nothing_take_no_room_and_are_not_missed() {
        let fonts = Fonts::read().expect("the fonts");
        for mark in ['\u{feff}', '\u{200b}', '\u{202e}'] {
            let text = format!("а{mark}б");
            assert_eq!(seen(&text), "аб");
            assert!((fonts.width(&text, Face::Bold, 9.0) - fonts.width("аб", Face::Bold, 9.0)).abs() < 1e-6);
        }
        let lacking = lacks(&"аә漢\u{feff}\n😀".chars().collect()).expect("the fonts");
        assert!(lacking.into_iter().eq(['漢', '😀']));
    }

    #[test]
    fn letters_have_the_widths_of_times() {
        let fonts = Fonts::read().expect("the fonts");
        assert!((fonts.width("0000", Face::Regular, 10.0) - 20.0).abs() < 1e-3);
        assert!(fonts.width("қызмет", Face::Bold, 10.0) > fonts.width("қызмет", Face::Regular, 10.0));
    }
}
