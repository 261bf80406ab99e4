//! Pieces of prose flowing over pages, and the foot of every page.

use crate::definitions::printed::Printer;
use crate::definitions::theme::{Align, Look, Page as Paper, Theme};
use crate::render::pdf::document::PaperDocument;
use crate::render::pdf::font::{ASCENT, Face, Fonts};
use crate::render::pdf::metadata::Bookmark;
use crate::render::pdf::page::{Anchor, Canvas, Ink};
use crate::render::pdf::text::Type;
use crate::report::Report;

/// Distance of lines, in sizes of the letters.
pub(crate) const PITCH: f64 = 1.22;
/// What stands at the foot of a page.
pub(crate) const SMALL: Type = Type { face: Face::Regular, size: 8.0 };
/// Thickness of lines, in points.
pub(crate) const LINE: f64 = 0.5;

/// The face and size of a look.
pub(crate) fn kind(look: &Look) -> Type {
    let face = match (look.bold, look.italic) {
        (true, _) => Face::Bold,
        (_, true) => Face::Italic,
        _ => Face::Regular,
    };
    Type { face, size: look.size }
}

/// Pieces flowing over pages.
pub(crate) struct Flow<'t> {
    pub file: PaperDocument,
    pub theme: &'t Theme,
    /// Where the next piece goes, in points from the top of the paper.
    pub top: f64,
    /// Before the title of a table that began on an earlier page.
    pub continued: String,
}

impl Flow<'_> {
    pub fn begin_page(&mut self) {
        let paper = &self.theme.portrait;
        self.file.pages.push(Canvas::new(paper.width, paper.height));
        self.top = paper.top;
    }

    pub fn room(&self) -> f64 {
        self.theme.portrait.height - self.theme.portrait.bottom - self.top
    }

    pub fn width(&self) -> f64 {
        self.theme.portrait.width - self.theme.portrait.left - self.theme.portrait.right
    }

    /// Begins a page unless so much fits on this one.
    pub fn need(&mut self, height: f64) {
        if height > self.room() && self.top > self.theme.portrait.top {
            self.begin_page();
        }
    }

    pub fn page(&mut self) -> (&mut Canvas, &Fonts) {
        let last = self.file.pages.len() - 1;
        (&mut self.file.pages[last], &self.file.fonts)
    }

    pub fn bookmark(&mut self, title: &str) {
        let (page, top) = (self.file.pages.len() - 1, self.top);
        self.file.bookmarks.push(Bookmark { title: title.to_owned(), page, top });
    }

    /// Lines of text, over pages; the last two stay together.
    pub fn lines(&mut self, lines: &[String], kind: Type, align: Align, indent: f64) {
        let pitch = kind.size * PITCH;
        for (nth, line) in lines.iter().enumerate() {
            let left = lines.len() - nth;
            self.need(if left == 2 && nth > 1 { 2.0 * pitch } else { pitch });
            let (paper, top) = (&self.theme.portrait, self.top);
            let (start, right) = (paper.left + indent, paper.width - paper.right);
            let (x, anchor) = match align {
                Align::Left => (start, Anchor::Start),
                Align::Center => (f64::midpoint(start, right), Anchor::Middle),
                Align::Right => (right, Anchor::End),
            };
            let y = top + kind.size * ASCENT + kind.size * (PITCH - 1.107) / 2.0;
            let (page, fonts) = self.page();
            page.text(fonts, x, y, line, kind, Ink::BLACK, anchor);
            self.top += pitch;
        }
    }
}

/// Height of lines, in points.
#[allow(clippy::cast_precision_loss)] // lines of a page
pub(crate) fn height(lines: &[String], kind: Type) -> f64 {
    lines.len() as f64 * kind.size * PITCH
}

/// Draws the foot of a page: a line, a text on the left, or a shorter one where there is no room for it, and one on the
/// right.
pub(crate) fn footer(page: &mut Canvas, fonts: &Fonts, paper: &Paper, ink: Ink, [left, short, right]: [&str; 3]) {
    let (line, end) = (paper.height - paper.footer, paper.width - paper.right);
    let wide = |text: &str| fonts.width(text, SMALL.face, SMALL.size);
    let left = if wide(left) + wide(right) + 12.0 <= end - paper.left { left } else { short };
    page.line(&[(paper.left, line - 10.0), (end, line - 10.0)], LINE, ink);
    page.text(fonts, paper.left, line, left, SMALL, Ink::BLACK, Anchor::Start);
    page.text(fonts, end, line, right, SMALL, Ink::BLACK, Anchor::End);
}

/// Who reports, for the top of a page: all languages that fit beside `taken` points, else the leading one, cut.
pub(crate) fn named(report: &Report<'_>, printer: &Printer, paper: &Paper, fonts: &Fonts, taken: f64) -> String {
    let room = paper.width - paper.left - paper.right - taken;
    let fits = |text: &str| fonts.width(text, SMALL.face, SMALL.size) <= room;
    let all = report.reporter(&|name| printer.beside(name));
    if fits(&all) {
        return all;
    }
    let mut short = report.reporter(&|name| name.get(printer.langs[0]).to_owned());
    while !fits(&short) && short.pop().is_some() {
        short.truncate(short.trim_end_matches('…').len());
        short.push('…');
    }
    short
}
