//! A page as a canvas: points from the top left corner; compact, for a form may have thousands of pages.

use crate::render::pdf::font::{Face, Fonts, seen};
use crate::render::pdf::text::Type;
use std::borrow::Cow;

/// A colour, from `RRGGBB`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ink(pub [f32; 3]);

impl Ink {
    pub const BLACK: Self = Self([0.0; 3]);

    /// Reads `RRGGBB`; black when it is something else.
    pub fn hex(code: &str) -> Self {
        let part = |at: usize| code.get(at..at + 2).and_then(|two| u8::from_str_radix(two, 16).ok());
        let (red, green, blue) = (part(0), part(2), part(4));
        Self([red, green, blue].map(|part| f32::from(part.unwrap_or(0)) / 255.0))
    }
}

/// Where a text stands about its point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    Start,
    Middle,
    End,
}

/// A text on one line.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TextRun {
    pub x: f32,
    pub y: f32,
    pub end: u32,
    pub style: u16,
    pub turned: bool,
}

/// A path of straight lines.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Path {
    pub end: u32,
    /// Points; 0 for a filled area.
    pub thickness: f32,
    pub ink: Ink,
}

/// One page. Areas are painted below lines, lines below texts; texts keep their order.
#[derive(Debug)]
pub struct Canvas {
    pub width: f64,
    pub height: f64,
    pub(crate) letters: String,
    pub(crate) runs: Vec<TextRun>,
    pub(crate) styles: Vec<(Face, f32, Ink)>,
    pub(crate) points: Vec<(f32, f32)>,
    pub(crate) paths: Vec<Path>,
}

#[allow(clippy::cast_possible_truncation)] // a page is small; hundredths of a point are exact enough
fn near(value: f64) -> f32 {
    ((value * 100.0).round() / 100.0) as f32
}

fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

impl Canvas {
    /// Width and height in points.
    pub fn new(width: f64, height: f64) -> Self {
        let (letters, runs, styles, points, paths) = Default::default();
        Self { width, height, letters, runs, styles, points, paths }
    }

    /// Writes a text on the base line `y`; `x` is its start, its middle or its end.
    #[allow(clippy::too_many_arguments)] // place, text and look
    pub fn text(&mut self, fonts: &Fonts, x: f64, y: f64, text: &str, kind: Type, ink: Ink, anchor: Anchor) {
        let wide = fonts.width(text, kind.face, kind.size);
        let start = x - shift(wide, anchor);
        self.run(start, y, &known(fonts, text, kind), kind, ink, false);
    }

    /// Writes a text upward, read from below; the base line is `x`, `y` its start, middle or end.
    #[allow(clippy::too_many_arguments)] // place, text and look
    pub fn upright(&mut self, fonts: &Fonts, x: f64, y: f64, text: &str, kind: Type, ink: Ink, anchor: Anchor) {
        let wide = fonts.width(text, kind.face, kind.size);
        let start = y + shift(wide, anchor);
        self.run(x, start, &known(fonts, text, kind), kind, ink, true);
    }

    fn run(&mut self, x: f64, y: f64, text: &str, kind: Type, ink: Ink, turned: bool) {
        if text.trim().is_empty() {
            return;
        }
        let style = (kind.face, near(kind.size), ink);
        let known = self.styles.iter().position(|known| *known == style);
        let place = known.unwrap_or_else(|| {
            self.styles.push(style);
            self.styles.len() - 1
        });
        self.letters.push_str(text);
        let (end, style) = (count(self.letters.len()), u16::try_from(place).unwrap_or(0));
        self.runs.push(TextRun { x: near(x), y: near(self.height - y), end, style, turned });
    }

    /// Takes no more room than is drawn on: nearly nothing follows.
    pub fn close(&mut self) {
        self.letters.shrink_to_fit();
        self.runs.shrink_to_fit();
        self.points.shrink_to_fit();
        self.paths.shrink_to_fit();
    }

    /// Draws a line through points, in order.
    pub fn line(&mut self, points: &[(f64, f64)], thickness: f64, ink: Ink) {
        self.path(points, near(thickness.max(0.01)), ink);
    }

    /// Fills the area within points.
    pub fn area(&mut self, points: &[(f64, f64)], ink: Ink) {
        self.path(points, 0.0, ink);
    }

    /// Fills a rectangle.
    pub fn fill(&mut self, left: f64, top: f64, width: f64, height: f64, ink: Ink) {
        let (right, bottom) = (left + width, top + height);
        self.area(&[(left, top), (right, top), (right, bottom), (left, bottom)], ink);
    }

    fn path(&mut self, points: &[(f64, f64)], thickness: f32, ink: Ink) {
        let height = self.height;
        self.points.extend(points.iter().map(|(x, y)| (near(*x), near(height - y))));
        self.paths.push(Path { end: count(self.points.len()), thickness, ink });
    }

    /// The texts of the page with their style, in order.
    pub(crate) fn texts(&self) -> impl Iterator<Item = (&TextRun, &str)> {
        let starts = std::iter::once(0).chain(self.runs.iter().map(|run| run.end as usize));
        self.runs.iter().zip(starts).map(|(run, start)| (run, &self.letters[start..run.end as usize]))
    }

    /// The paths of the page with their points, in order.
    pub(crate) fn shapes(&self) -> impl Iterator<Item = (&Path, &[(f32, f32)])> {
        let starts = std::iter::once(0).chain(self.paths.iter().map(|path| path.end as usize));
        self.paths.iter().zip(starts).map(|(path, start)| (path, &self.points[start..path.end as usize]))
    }
}

/// A letter that no face has is printed as a question mark in a box; an archive allows no missing glyph.
fn known<'t>(fonts: &Fonts, text: &'t str, kind: Type) -> Cow<'t, str> {
    let strange = |letter: char| !fonts.has(kind.face, letter);
    let text = seen(text);
    if text.contains(strange) { text.replace(strange, "\u{fffd}").into() } else { text }
}

fn shift(wide: f64, anchor: Anchor) -> f64 {
    match anchor {
        Anchor::Start => 0.0,
        Anchor::Middle => wide / 2.0,
        Anchor::End => wide,
    }
}
