//! The faces of printed pages and how wide their letters are.

use crate::definitions;
use anyhow::{Context, Result};

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
            let known = |letter: char| parsed.glyph_index(letter).map_or(f32::NAN, |_| advance(&parsed, letter));
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
        let face = &self.faces[face as usize];
        advance(face, if face.glyph_index(letter).is_some() { letter } else { '\u{fffd}' })
    }
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
    fn letters_have_the_widths_of_times() {
        let fonts = Fonts::read().expect("the fonts");
        assert!((fonts.width("0000", Face::Regular, 10.0) - 20.0).abs() < 1e-3);
        assert!(fonts.width("қызмет", Face::Bold, 10.0) > fonts.width("қызмет", Face::Regular, 10.0));
    }
}
