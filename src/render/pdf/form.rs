//! `report.pdf`: the form on paper, from the same sheet as the workbook.

use crate::definitions::theme::Role;
use crate::render::pdf::band::{Band, Setter};
use crate::render::pdf::document::PaperDocument;
use crate::render::pdf::flow::{LINE, SMALL, footer, named};
use crate::render::pdf::font::Face;
use crate::render::pdf::metadata::{Bookmark, Metadata};
use crate::render::pdf::page::{Anchor, Canvas, Ink};
use crate::render::pdf::rules::Rules;
use crate::render::pdf::text::Type;
use crate::render::sheet::{Content, FormSheet, pages};
use crate::report::fingerprint::fingerprint;
use crate::rules::recipe::Level;
use crate::words::lang::Text;
use anyhow::Result;
use std::io::Write;
use std::ops::Range;

/// Height of the name of the body and the words above a continued table, in points.
const ABOVE: f64 = 12.0;
/// The words above a continued table.
const CONTINUED: Type = Type { face: Face::Italic, ..SMALL };

/// Writes a report as a document to print and sign. The same report gives the same bytes.
///
/// # Errors
/// The target cannot be written.
pub fn write(sheet: &FormSheet<'_>, target: impl Write) -> Result<()> {
    let mut flow = FormFlow::new(sheet)?;
    let mut first = 0;
    while first < sheet.strips.len() {
        if sheet.strips[first].again {
            first += 1;
            continue;
        }
        let end = pages::group(sheet, first);
        flow.place(first..end);
        first = end;
    }
    flow.finish()?.write(target)
}

/// Rows flowing over pages.
struct FormFlow<'s> {
    sheet: &'s FormSheet<'s>,
    setter: Setter<'s>,
    document: PaperDocument,
    rules: Rules,
    /// Where the next row goes, in points from the top of the paper.
    top: f64,
    /// Nothing but repeated heads stands on the page.
    fresh: bool,
}

impl<'s> FormFlow<'s> {
    fn new(sheet: &'s FormSheet<'s>) -> Result<Self> {
        let lang = sheet.printer.langs[0];
        let index = sheet.report.form.index.get(lang);
        let document = PaperDocument::new(Metadata::of(sheet.report, index, &sheet.printer, lang))?;
        let setter = Setter::new(sheet);
        let mut flow = Self { sheet, setter, document, rules: Rules::default(), top: 0.0, fresh: true };
        flow.begin_page(0);
        Ok(flow)
    }

    /// Who reports, beside what else stands at the top of a page.
    fn name(&self, page: usize) -> String {
        let (printer, paper) = (&self.sheet.printer, &self.sheet.theme.page);
        let continued = printer.beside(&printer.words.continued);
        let beside = match page {
            0 => self.sheet.theme.area().0 / 2.0,
            _ => self.document.fonts.width(&continued, CONTINUED.face, CONTINUED.size) + 12.0,
        };
        named(self.sheet.report, printer, paper, &self.document.fonts, beside)
    }

    /// On the first page the name stands beside the number of the annex, if there is one and it has room there.
    fn is_beside_annex(&self) -> bool {
        self.sheet.cells(0).iter().all(|cell| cell.role == Role::Annex) && !self.name(0).ends_with('…')
    }

    fn room(&self) -> f64 {
        let page = &self.sheet.theme.page;
        page.height - page.bottom - self.top
    }

    /// Places rows that belong together; when they are more than a page they part after all.
    fn place(&mut self, rows: Range<usize>) {
        let bands = self.setter.bands(&self.document.fonts, rows.clone());
        let need: f64 = bands.iter().map(|band| band.height).sum();
        if need > self.room() && !self.fresh {
            self.begin_page(rows.start);
        }
        if need <= self.room() {
            rows.zip(&bands).for_each(|(row, band)| self.mark(row, band, &bands));
            self.draw(&bands);
            return;
        }
        for (row, band) in rows.zip(bands) {
            if band.height > self.room() && !self.fresh {
                self.begin_page(row);
            }
            self.mark(row, &band, &[]);
            self.pour(row, band);
        }
    }

    /// Places one band, cut where a page ends.
    fn pour(&mut self, row: usize, band: Band) {
        let mut rest = Some(band);
        while let Some(band) = rest.take() {
            if band.height <= self.room() {
                self.draw(&[band]);
                return;
            }
            let (part, more) = band.cut(self.room());
            self.draw(&[part]);
            rest = more;
            if rest.is_some() {
                self.begin_page(row);
            }
        }
    }

    fn draw(&mut self, bands: &[Band]) {
        let Some(page) = self.document.pages.last_mut() else { return };
        self.setter.draw(&self.document.fonts, bands, page, &mut self.rules, self.top);
        self.top += bands.iter().map(|band| band.height).sum::<f64>();
        self.fresh = false;
    }

    fn end_page(&mut self) {
        let ink = Ink::hex(&self.sheet.theme.line);
        if let Some(page) = self.document.pages.last_mut() {
            self.rules.draw(page, LINE, ink);
            page.close();
        }
    }

    /// A new page whose first row is `row`, with the heads above it repeated.
    fn begin_page(&mut self, row: usize) {
        self.end_page();
        let paper = &self.sheet.theme.page;
        let mut page = Canvas::new(paper.width, paper.height);
        self.top = paper.top;
        let above = self.sheet.repeated(row).filter(|_| row < self.sheet.signature);
        // A section that brings its own heads needs no others above its name.
        let heads = above.clone().filter(|_| !self.sheet.brings_heads(row));
        if above.is_some() {
            let words = self.sheet.printer.beside(&self.sheet.printer.words.continued);
            let (right, line) = (paper.width - paper.right, self.top + SMALL.size);
            page.text(&self.document.fonts, right, line, &words, CONTINUED, Ink::BLACK, Anchor::End);
        }
        if !self.document.pages.is_empty() || !self.is_beside_annex() {
            self.top += ABOVE;
        }
        self.document.pages.push(page);
        if let Some(heads) = heads {
            let bands = self.setter.bands(&self.document.fonts, heads);
            self.draw(&bands);
        }
        self.fresh = true;
    }

    /// Bookmarks: the table's title, every section or, in forms without sections, every row, and the signatures.
    fn mark(&mut self, row: usize, band: &Band, bands: &[Band]) {
        let Some(title) = self.title(row) else { return };
        let above = bands.iter().take_while(|other| !std::ptr::eq(*other, band));
        let top = self.top + above.map(|band| band.height).sum::<f64>();
        let page = self.document.pages.len() - 1;
        self.document.bookmarks.push(Bookmark { title, page, top });
    }

    fn title(&self, row: usize) -> Option<String> {
        let sheet = self.sheet;
        if row == sheet.signature {
            return Some(sheet.printer.beside(&sheet.printer.words.signatures));
        }
        let sections = sheet.report.form.sections.iter().any(|section| section.label.is_some());
        let line = sheet.strips[row].line().map(|line| &sheet.report.cells.lines[line]);
        if line.is_some_and(|line| sections || Level::of(line) != Level::Row) {
            return None;
        }
        let cells = sheet.cells(row);
        let wanted = |role: Role| matches!(role, Role::Title | Role::Section | Role::Stub | Role::StubTotal);
        let named = cells.iter().find(|cell| wanted(cell.role))?;
        let Content::Text(text) = &named.content else { return None };
        Some(text.replace('\n', " / "))
    }

    /// Writes who reports above every page and the footers below, now that the number of pages is known.
    fn finish(mut self) -> Result<PaperDocument> {
        self.end_page();
        let paper = &self.sheet.theme.page;
        let (pages, ink) = (self.document.pages.len(), Ink::hex(&self.sheet.theme.line));
        let texts = Footer::new(self.sheet)?;
        let names = [self.name(usize::from(!self.is_beside_annex())), self.name(1)];
        for (nth, page) in self.document.pages.iter_mut().enumerate() {
            let fonts = &self.document.fonts;
            let counted = numbered(self.sheet, nth + 1, pages);
            footer(page, fonts, paper, ink, [&texts.whole, &texts.short, &counted]);
            let name = &names[usize::from(nth > 0)];
            page.text(fonts, paper.left, paper.top + SMALL.size, name, SMALL, Ink::BLACK, Anchor::Start);
        }
        Ok(self.document)
    }
}

/// Form, edition, period and fingerprint of the data at the foot of every page.
struct Footer {
    whole: String,
    /// In the leading language only, where all languages do not fit.
    short: String,
}

impl Footer {
    fn new(sheet: &FormSheet) -> Result<Self> {
        let (report, printer) = (sheet.report, &sheet.printer);
        let words = &printer.words;
        let (edition, digest) = (&report.form.edition, fingerprint(report)?);
        let period = printer.when(report.form, report.period.quarter);
        let join = |print: &dyn Fn(&Text) -> String| {
            let (index, period) = (print(&report.form.index), print(&period));
            let (edited, data) = (print(&words.edition), print(&words.data));
            let marks: String = report.standing.marks.iter().map(|mark| "  ·  ".to_owned() + &print(mark)).collect();
            format!("{index}  ·  {period}{marks}  ·  {edited}: {edition}  ·  {data}: {digest}")
        };
        let whole = join(&|text| printer.beside(text));
        let short = join(&|text| text.get(printer.langs[0]).to_owned());
        Ok(Self { whole, short })
    }
}

/// `Page 3 of 12`.
fn numbered(sheet: &FormSheet, page: usize, pages: usize) -> String {
    let slots = [("page".to_owned(), page.to_string()), ("pages".to_owned(), pages.to_string())];
    sheet.printer.beside(&sheet.printer.words.page.fill(&slots))
}
