//! `analytical.pdf`: the analytical report on paper, A4 standing, from the neutral document.

use crate::analytical::document::{Document, Kind, Piece, Run, text};
use crate::analytical::foot;
use crate::definitions::printed::Printer;
use crate::definitions::theme::{Align, Look, Theme};
use crate::render::pdf;
use crate::render::pdf::chart;
use crate::render::pdf::font::{ASCENT, Face, Fonts};
use crate::render::pdf::page::{Anchor, Ink, Page};
use crate::render::pdf::table;
use crate::render::pdf::text as pdf_text;
use crate::render::pdf::text::Type;
use crate::render::pdf::{Bookmark, Metadata};
use crate::report::Report;
use crate::report::fingerprint::fingerprint;
use crate::words::lang::Lang;
use anyhow::Result;
use std::io::Write;

/// Distance of lines, in sizes of the letters.
pub(crate) const PITCH: f64 = 1.22;
/// A heading takes at least so much of what follows with it, in points.
const COMPANY: f64 = 70.0;
/// Space after a paragraph, in points.
const GAP: f64 = 5.0;
/// Indent of a list item, in points.
const ITEM: f64 = 16.0;
/// Lines of the signature block: head, performer, date.
const SIGNATURES: f64 = 3.0;
/// A last table of so many rows stays on one page with the signatures, which never stand alone.
const TOGETHER: usize = 10;
/// Height of a row of such a table, in points.
const ROW: f64 = 16.0;
const SMALL: Type = Type { face: Face::Regular, size: 8.0 };

/// Writes the documents one after another, each from a new page. The same documents give the same bytes.
///
/// # Errors
/// The target cannot be written, or there is no document.
pub fn write(report: &Report<'_>, documents: &[Document], target: impl Write) -> Result<()> {
    let theme = &report.definitions.theme;
    let lang = documents.first().map_or(Lang::Ru, |document| document.lang);
    let mut flow = Flow {
        file: pdf::Document::new(metadata(report, documents, lang)?)?,
        theme,
        top: 0.0,
        continued: String::new(),
    };
    let mut first_pages = Vec::new();
    for document in documents {
        report.definitions.printed.continued.get(document.lang).clone_into(&mut flow.continued);
        flow.begin_page();
        first_pages.push((flow.file.pages.len() - 1, document.lang));
        flow.bookmark(&document.title);
        flow.document(document);
    }
    flow.footers(report, &first_pages)?;
    flow.file.write(target)
}

fn metadata(report: &Report<'_>, documents: &[Document], lang: Lang) -> Result<Metadata> {
    let period = Printer::new(&[lang], &report.definitions.printed).period(report.period.quarter);
    let body = report.organisation.name().get(lang).to_owned();
    let of = report.unit.as_ref().map_or(body.as_str(), |unit| unit.label());
    let title = documents.first().map_or("", |document| document.title.as_str());
    Ok(Metadata {
        title: format!("{title}, {}: {of}", period.get(lang)),
        subject: crate::definitions::printed::table_title(report.form, lang),
        author: body,
        language: lang.code(),
        date: report.period.as_of,
        producer: report.provenance.version.clone(),
    })
}

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
    pub file: pdf::Document,
    pub theme: &'t Theme,
    /// Where the next piece goes, in points from the top of the paper.
    pub top: f64,
    /// Before the title of a table that began on an earlier page.
    pub continued: String,
}

impl Flow<'_> {
    pub fn begin_page(&mut self) {
        let paper = &self.theme.portrait;
        self.file.pages.push(Page::new(paper.width, paper.height));
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

    pub fn page(&mut self) -> (&mut Page, &Fonts) {
        let last = self.file.pages.len() - 1;
        (&mut self.file.pages[last], &self.file.fonts)
    }

    fn bookmark(&mut self, title: &str) {
        let (page, top) = (self.file.pages.len() - 1, self.top);
        self.file.bookmarks.push(Bookmark { title: title.to_owned(), page, top });
    }

    fn document(&mut self, document: &Document) {
        for (nth, piece) in document.pieces.iter().enumerate() {
            match piece {
                Piece::Heading { level, runs } => self.heading(*level, runs, document.pieces.get(nth + 1)),
                Piece::Paragraph { kind, runs } => {
                    let before = nth.checked_sub(1).map(|nth| &document.pieces[nth]);
                    let begun = matches!(before, Some(Piece::Paragraph { kind: Kind::Signature, .. }));
                    if *kind == Kind::Signature && !begun {
                        self.need(self.signatures());
                    }
                    let last = !matches!(document.pieces.get(nth + 1), Some(Piece::Paragraph { kind: next, .. }) if next == kind);
                    self.paragraph(*kind, runs, last);
                }
                Piece::Table(table) => {
                    let signed =
                        matches!(document.pieces.get(nth + 1), Some(Piece::Paragraph { kind: Kind::Signature, .. }));
                    if signed && table.rows.len() <= TOGETHER {
                        #[allow(clippy::cast_precision_loss)] // a handful of rows
                        self.need((table.rows.len() + 3) as f64 * ROW + self.signatures());
                    }
                    table::place(self, table);
                }
                Piece::Chart(chart) => chart::place(self, chart),
            }
        }
    }

    /// Height of the lines for signatures.
    fn signatures(&self) -> f64 {
        SIGNATURES * (self.theme.prose.body.size * PITCH + 16.0 + GAP)
    }

    /// A heading, which does not stay behind at the end of a page.
    fn heading(&mut self, level: u8, runs: &[Run], next: Option<&Piece>) {
        let look = if level == 1 { &self.theme.prose.part } else { &self.theme.prose.section };
        let (kind, width) = (kind(look), self.width());
        let title = text(runs);
        let lines = pdf_text::lines(&self.file.fonts, &title, width, kind);
        let company = if matches!(next, Some(Piece::Heading { .. })) { COMPANY + 40.0 } else { COMPANY };
        #[allow(clippy::cast_precision_loss)] // lines of a page
        self.need(lines.len() as f64 * kind.size * PITCH + company);
        if self.top > self.theme.portrait.top {
            self.top += if level == 1 { 12.0 } else { 8.0 };
        }
        self.bookmark(&title);
        self.lines(&lines, kind, look.align, 0.0);
        self.top += 4.0;
    }

    fn paragraph(&mut self, role: Kind, runs: &[Run], last: bool) {
        let prose = &self.theme.prose;
        let look = match role {
            Kind::Title => &prose.title,
            Kind::Subtitle => &prose.subtitle,
            Kind::Body | Kind::Item | Kind::Signature => &prose.body,
            Kind::Question => &prose.question,
            Kind::Note => &prose.note,
        };
        let kind = kind(look);
        let indent = if role == Kind::Item { ITEM } else { 0.0 };
        let side = if role == Kind::Question { 6.0 } else { 0.0 };
        let width = self.width() - indent - 2.0 * side;
        let lines = pdf_text::lines(&self.file.fonts, &text(runs), width, kind);
        let pitch = kind.size * PITCH;
        match role {
            Kind::Signature => {}
            Kind::Question => self.need(height(&lines, kind) + 10.0),
            // No line of a paragraph stands alone on a page.
            _ => self.need(pitch * if lines.len() < 4 { height(&lines, kind) / pitch } else { 2.0 }),
        }
        if role == Kind::Question {
            let (left, top, width, tall) =
                (self.theme.portrait.left, self.top, self.width(), height(&lines, kind) + 6.0);
            let fill = look.fill.clone();
            if let Some(fill) = fill {
                self.page().0.fill(left, top, width, tall, Ink::hex(&fill));
            }
            self.top += 3.0;
        }
        if role == Kind::Signature {
            self.top += 16.0;
        }
        if role == Kind::Item {
            let (x, y) = (self.theme.portrait.left + 5.0, self.top + kind.size * ASCENT);
            let (page, fonts) = self.page();
            page.text(fonts, x, y, "–", kind, Ink::BLACK, Anchor::Start);
        }
        self.lines(&lines, kind, look.align, indent + side);
        self.top += match role {
            Kind::Title | Kind::Subtitle => 4.0,
            Kind::Question => 10.0,
            Kind::Item if !last => 2.0,
            _ => GAP,
        };
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

    /// Form, period, fingerprint and page number at the foot of every page.
    fn footers(&mut self, report: &Report<'_>, first_pages: &[(usize, Lang)]) -> Result<()> {
        let digest = fingerprint(report)?;
        let paper = self.theme.portrait;
        let (line, right, pages) = (paper.height - paper.footer, paper.width - paper.right, self.file.pages.len());
        for (nth, page) in self.file.pages.iter_mut().enumerate() {
            let lang = first_pages.iter().rev().find(|(first, _)| *first <= nth).map_or(Lang::Ru, |(_, lang)| *lang);
            let printer = Printer::new(&[lang], &report.definitions.printed);
            let slots = [("page".to_owned(), (nth + 1).to_string()), ("pages".to_owned(), pages.to_string())];
            let counted = printer.words.page.fill(&slots);
            let left = foot(report, &printer, lang, &digest);
            page.line(&[(paper.left, line - 10.0), (right, line - 10.0)], 0.5, Ink::hex(&self.theme.line));
            page.text(&self.file.fonts, paper.left, line, &left, SMALL, Ink::BLACK, Anchor::Start);
            page.text(&self.file.fonts, right, line, counted.get(lang), SMALL, Ink::BLACK, Anchor::End);
        }
        Ok(())
    }
}

/// Height of lines, in points.
#[allow(clippy::cast_precision_loss)] // lines of a page
pub(crate) fn height(lines: &[String], kind: Type) -> f64 {
    lines.len() as f64 * kind.size * PITCH
}
