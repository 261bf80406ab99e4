//! What is drawn on a page as operators of PDF (ISO 32000-1, 8 and 9), byte for byte as printpdf and lopdf write them:
//! through their objects, one for every number, the pages of a large form took six times as long.

use crate::render::pdf::font::Face;
use crate::render::pdf::page::{Canvas, Ink, Path};
use std::io::Write;

/// The code of each letter in the subset of its face, as four hexadecimal digits.
#[derive(Debug, Default)]
pub(crate) struct LetterCodes([Vec<[u8; 4]>; Face::ALL.len()]);

impl LetterCodes {
    /// Notes the code of a letter; what has none is the glyph for what is missing.
    pub(crate) fn note(&mut self, face: Face, letter: char, code: u16) {
        let (codes, place) = (&mut self.0[face as usize], letter as usize);
        if codes.len() <= place {
            codes.resize(place + 1, *b"0000");
        }
        let digit = |shift: u16| b"0123456789ABCDEF"[usize::from(code >> shift & 15)];
        codes[place] = [12, 8, 4, 0].map(digit);
    }

    fn of(&self, face: Face, letter: char) -> [u8; 4] {
        self.0[face as usize].get(letter as usize).copied().unwrap_or(*b"0000")
    }
}

/// Six capitals, which printpdf takes for the mark of a subset, as PDF wants it.
pub(crate) fn resource(face: Face) -> &'static str {
    match face {
        Face::Regular => "REGULR",
        Face::Bold => "BOLDED",
        Face::Italic => "ITALIC",
    }
}

/// The content of a page: areas, lines, texts.
pub(crate) fn content(page: &Canvas, codes: &LetterCodes) -> Vec<u8> {
    let mut content = Content(Vec::with_capacity(page.letters.len() * 4 + page.runs.len() * 48));
    content.areas(page.shapes().filter(|(path, _)| path.thickness == 0.0));
    content.lines(page.shapes().filter(|(path, _)| path.thickness > 0.0));
    content.texts(page, codes);
    content.0
}

struct Content(Vec<u8>);

impl Content {
    fn areas<'p>(&mut self, areas: impl Iterator<Item = (&'p Path, &'p [(f32, f32)])>) {
        let mut ink = None;
        for (path, points) in areas {
            if ink.replace(path.ink) != Some(path.ink) {
                self.put(&path.ink.0, "rg");
            }
            self.path(points);
            self.put(&[], "h");
            self.put(&[], "f");
        }
    }

    fn lines<'p>(&mut self, lines: impl Iterator<Item = (&'p Path, &'p [(f32, f32)])>) {
        let (mut ink, mut thickness) = (None, None);
        for (path, points) in lines {
            if ink.replace(path.ink) != Some(path.ink) {
                self.put(&path.ink.0, "RG");
            }
            if thickness.replace(path.thickness) != Some(path.thickness) {
                self.put(&[path.thickness], "w");
            }
            self.path(points);
            self.put(&[], "S");
        }
    }

    fn path(&mut self, points: &[(f32, f32)]) {
        for (nth, (x, y)) in points.iter().enumerate() {
            self.put(&[*x, *y], if nth == 0 { "m" } else { "l" });
        }
    }

    fn texts(&mut self, page: &Canvas, codes: &LetterCodes) {
        self.put(&[], "BT");
        let (mut style, mut ink): (_, Option<Ink>) = (None, None);
        for (run, text) in page.texts() {
            let (face, size, wanted) = page.styles[usize::from(run.style)];
            if style.replace(run.style) != Some(run.style) {
                self.part();
                self.0.push(b'/');
                self.0.extend_from_slice(resource(face).as_bytes());
                self.0.push(b' ');
                self.number(size);
                self.0.extend_from_slice(b"Tf");
            }
            if ink.replace(wanted) != Some(wanted) {
                self.put(&wanted.0, "rg");
            }
            let [a, b, c, d] = if run.turned { [0.0, 1.0, -1.0, 0.0] } else { [1.0, 0.0, 0.0, 1.0] };
            self.put(&[a, b, c, d, run.x, run.y], "Tm");
            self.part();
            self.0.push(b'<');
            self.0.extend(text.chars().flat_map(|letter| codes.of(face, letter)));
            self.0.extend_from_slice(b"> Tj");
        }
        self.put(&[], "ET");
    }

    fn put(&mut self, operands: &[f32], operator: &str) {
        self.part();
        for operand in operands {
            self.number(*operand);
        }
        self.0.extend_from_slice(operator.as_bytes());
    }

    /// Operators stand on lines of their own.
    fn part(&mut self) {
        if !self.0.is_empty() {
            self.0.push(b'\n');
        }
    }

    /// A number and a space, in as few digits as tell it.
    fn number(&mut self, number: f32) {
        // nearly all numbers are hundredths of up to six digits, of which no two are the same number
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // as bounded
        let hundredths = (f64::from(number) * 100.0).round().clamp(0.0, 999_999.0) as u32;
        #[allow(clippy::cast_possible_truncation)] // as the page has it
        let is_exact = hundredths > 0 && ((f64::from(hundredths) / 100.0) as f32).to_bits() == number.to_bits();
        if !is_exact {
            // writing to memory cannot fail
            let _ = write!(self.0, "{number} ");
            return;
        }
        let (mut whole, part) = (hundredths / 100, hundredths % 100);
        let mut digits = [b' '; 8];
        let mut first = 4;
        let digit = |number: u32| b'0' + u8::try_from(number % 10).unwrap_or(0);
        loop {
            first -= 1;
            digits[first] = digit(whole);
            whole /= 10;
            if whole == 0 {
                break;
            }
        }
        let end = match (part, part % 10) {
            (0, _) => 4,
            (_, 0) => 6,
            _ => 7,
        };
        if end > 4 {
            (digits[4], digits[5]) = (b'.', digit(part / 10));
        }
        if end > 6 {
            digits[6] = digit(part);
        }
        self.0.extend_from_slice(&digits[first..end]);
        self.0.push(b' ');
    }
}

#[cfg(test)]
mod tests {
    use super::Content;

    #[test]
    #[allow(clippy::cast_possible_truncation)] // as the page has it
    fn numbers_have_as_few_digits_as_tell_them() {
        let hundredths = (-2_000..1_010_000).map(|hundredths| (f64::from(hundredths) / 100.0) as f32);
        let others = [-0.0, 0.003, 0.929_411_8, 1e-9, 1.0 / 3.0, 9999.995, 1e7, 16_777_216.0, f32::MAX];
        for number in hundredths.chain(others) {
            let mut content = Content(Vec::new());
            content.number(number);
            assert_eq!(String::from_utf8(content.0).expect("digits"), format!("{number} "));
        }
    }
}
