//! `analytical.pdf`: the analytical report on paper, A4 standing, from the neutral document.

use crate::analytical::document::{Document, ParagraphKind, Piece, Run, text};
use crate::analytical::foot;
use crate::definitions::printed::Printer;
use crate::render::pdf::document::PaperDocument;
use crate::render::pdf::flow::{Flow, PITCH, SMALL, footer, height, kind, named};
use crate::render::pdf::font::ASCENT;
use crate::render::pdf::metadata::Metadata;
use crate::render::pdf::page::{Anchor, Ink};
use crate::render::pdf::text as pdf_text;
use crate::render::pdf::{chart, table};
use crate::report::Report;
use crate::report::fingerprint::fingerprint;
use crate::words::lang::Lang;
use anyhow::Result;
use std::io::Write;

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

/// Writes the documents one after another, each from a new page. The same documents give the same bytes.
///
/// # Errors
/// The target cannot be written, or there is no document.
pub fn write(report: &Report<'_>, documents: &[Document], target: impl Write) -> Result<()> {
    let lang = documents.first().map_or(Lang::Ru, |document| document.lang);
    let title = documents.first().map_or("", |document| document.title.as_str());
    let printer = Printer::new(&[lang], &report.definitions.printed);
    let mut flow = Flow {
        file: PaperDocument::new(Metadata::of(report, title, &printer, lang))?,
        theme: &report.definitions.theme,
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

impl Flow<'_> {
    fn document(&mut self, document: &Document) {
        for (nth, piece) in document.pieces.iter().enumerate() {
            match piece {
                Piece::Heading { level, runs } => self.heading(*level, runs, document.pieces.get(nth + 1)),
                Piece::Paragraph { kind, runs } => {
                    let before = nth.checked_sub(1).map(|nth| &document.pieces[nth]);
                    let begun = matches!(before, Some(Piece::Paragraph { kind: ParagraphKind::Signature, .. }));
                    if *kind == ParagraphKind::Signature && !begun {
                        self.need(self.signatures());
                    }
                    let last = !matches!(document.pieces.get(nth + 1), Some(Piece::Paragraph { kind: next, .. }) if next == kind);
                    self.paragraph(*kind, runs, last);
                }
                Piece::Table(table) => {
                    let signed = matches!(
                        document.pieces.get(nth + 1),
                        Some(Piece::Paragraph { kind: ParagraphKind::Signature, .. })
                    );
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

    fn paragraph(&mut self, role: ParagraphKind, runs: &[Run], last: bool) {
        let prose = &self.theme.prose;
        let look = match role {
            ParagraphKind::Title => &prose.title,
            ParagraphKind::Subtitle => &prose.subtitle,
            ParagraphKind::Body | ParagraphKind::Item | ParagraphKind::Signature => &prose.body,
            ParagraphKind::Question => &prose.question,
            ParagraphKind::Note => &prose.note,
        };
        let kind = kind(look);
        let indent = if role == ParagraphKind::Item { ITEM } else { 0.0 };
        let side = if role == ParagraphKind::Question { 6.0 } else { 0.0 };
        let width = self.width() - indent - 2.0 * side;
        let lines = pdf_text::lines(&self.file.fonts, &text(runs), width, kind);
        let pitch = kind.size * PITCH;
        match role {
            ParagraphKind::Signature => {}
            ParagraphKind::Question => self.need(height(&lines, kind) + 10.0),
            // What announces the next paragraph does not stay behind at the end of a page.
            ParagraphKind::Body if lines.last().is_some_and(|line| line.ends_with(':')) => {
                self.need(height(&lines, kind) + COMPANY / 2.0);
            }
            // No line of a paragraph stands alone on a page.
            _ => self.need(pitch * if lines.len() < 4 { height(&lines, kind) / pitch } else { 2.0 }),
        }
        if role == ParagraphKind::Question {
            let (left, top, width, tall) =
                (self.theme.portrait.left, self.top, self.width(), height(&lines, kind) + 6.0);
            let fill = look.fill.clone();
            if let Some(fill) = fill {
                self.page().0.fill(left, top, width, tall, Ink::hex(&fill));
            }
            self.top += 3.0;
        }
        if role == ParagraphKind::Signature {
            self.top += 16.0;
        }
        if role == ParagraphKind::Item {
            let (x, y) = (self.theme.portrait.left + 5.0, self.top + kind.size * ASCENT);
            let (page, fonts) = self.page();
            page.text(fonts, x, y, "–", kind, Ink::BLACK, Anchor::Start);
        }
        self.lines(&lines, kind, look.align, indent + side);
        self.top += match role {
            ParagraphKind::Title | ParagraphKind::Subtitle => 4.0,
            ParagraphKind::Question => 10.0,
            ParagraphKind::Item if !last => 2.0,
            _ => GAP,
        };
    }

    /// Who reports above every page; form, period, fingerprint and page number at its foot.
    fn footers(&mut self, report: &Report<'_>, first_pages: &[(usize, Lang)]) -> Result<()> {
        let digest = fingerprint(report)?;
        let (pages, ink) = (self.file.pages.len(), Ink::hex(&self.theme.line));
        for (nth, page) in self.file.pages.iter_mut().enumerate() {
            let lang = first_pages.iter().rev().find(|(first, _)| *first <= nth).map_or(Lang::Ru, |(_, lang)| *lang);
            let printer = Printer::new(&[lang], &report.definitions.printed);
            let slots = [("page".to_owned(), (nth + 1).to_string()), ("pages".to_owned(), pages.to_string())];
            let counted = printer.words.page.fill(&slots);
            let (paper, fonts) = (&self.theme.portrait, &self.file.fonts);
            let left = [Some(digest.as_str()), None].map(|digest| foot(report, &printer, lang, digest));
            footer(page, fonts, paper, ink, [&left[0], &left[1], counted.get(lang)]);
            let name = named(report, &printer, paper, fonts, 0.0);
            page.text(fonts, paper.left, paper.footer, &name, SMALL, Ink::BLACK, Anchor::Start);
        }
        Ok(())
    }
}
