//! A printed document: pages, bookmarks, metadata. The only file that draws with printpdf.
//!
//! Pages are kept compact and handed to printpdf a few at a time, since it holds every operation in memory
//! until it is done. Same pages, same bytes: printpdf's own identifiers, which count up, are replaced.

use crate::render::pdf::archive;
use crate::render::pdf::archive::text_string;
use crate::render::pdf::font::{Face, Fonts};
use crate::render::pdf::metadata::{Bookmark, Metadata};
use crate::render::pdf::page::{Canvas, Ink};
use crate::values::digest::Digester;
use anyhow::{Context, Result, ensure};
use flate2::Compression;
use flate2::write::ZlibEncoder;
use lopdf::{Dictionary, Object, ObjectId, Stream};
use printpdf::{
    Color, FontId, Line, LinePoint, Mm, Op, PaintMode, ParsedFont, PdfDocument, PdfFont, PdfFontHandle, PdfPage,
    PdfSaveOptions, Point, Polygon, PolygonRing, Pt, Rgb, TextItem, TextMatrix, WindingOrder,
};
use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::io::Write;

/// Pages that printpdf holds at a time.
const BATCH: usize = 64;

/// A document in the making. Pages stay open to drawing until it is written: "page n of m" comes last.
#[derive(Debug)]
pub struct PaperDocument {
    pub fonts: Fonts,
    pub pages: Vec<Canvas>,
    /// In the order of the document.
    pub bookmarks: Vec<Bookmark>,
    metadata: Metadata,
}

impl PaperDocument {
    /// # Errors
    /// A font inside the binary is not well-formed.
    pub fn new(metadata: Metadata) -> Result<Self> {
        Ok(Self { fonts: Fonts::read()?, pages: Vec::new(), bookmarks: Vec::new(), metadata })
    }

    /// Writes the document; the same document gives the same bytes.
    ///
    /// # Errors
    /// There is no page, or the target cannot be written.
    pub fn write(&self, mut target: impl Write) -> Result<()> {
        ensure!(!self.pages.is_empty(), "a document without a page");
        let letters = self.letters();
        let faces = faces(&letters)?;
        let mut file = skeleton(&self.pages, &faces, &letters);
        let places: Vec<ObjectId> = file.get_pages().into_values().collect();
        for (pages, places) in self.pages.chunks(BATCH).zip(places.chunks(BATCH)) {
            for (content, place) in contents(pages, &faces, &letters)?.into_iter().zip(places) {
                let stream = file.get_object(*place)?.as_dict()?.get(b"Contents")?.as_reference()?;
                file.set_object(stream, content);
            }
        }
        self.outline(&mut file, &places)?;
        archive::describe(&mut file, &self.metadata)?;
        identify(&mut file);
        file.save_to(&mut target).context("writing the PDF")
    }

    /// Letters used, for each face.
    fn letters(&self) -> Vec<BTreeSet<char>> {
        let mut letters = vec![BTreeSet::new(); Face::ALL.len()];
        for page in &self.pages {
            for (run, text) in page.texts() {
                letters[page.styles[usize::from(run.style)].0 as usize].extend(text.chars());
            }
        }
        letters
    }

    /// Bookmarks; printpdf would sort those of a page by name.
    fn outline(&self, file: &mut lopdf::Document, places: &[ObjectId]) -> Result<()> {
        let known: Vec<&Bookmark> = self.bookmarks.iter().filter(|mark| mark.page < places.len()).collect();
        if known.is_empty() {
            return Ok(());
        }
        let root = file.new_object_id();
        let ids: Vec<ObjectId> = known.iter().map(|_| file.new_object_id()).collect();
        for (nth, mark) in known.iter().enumerate() {
            #[allow(clippy::cast_possible_truncation)] // points of a page
            let top = (self.pages[mark.page].height - mark.top) as f32;
            let place = vec![places[mark.page].into(), "XYZ".into(), Object::Null, top.into(), Object::Null];
            let mut entry = Dictionary::new();
            entry.set("Title", text_string(&mark.title));
            entry.set("Parent", root);
            entry.set("Dest", place);
            if let Some(before) = nth.checked_sub(1) {
                entry.set("Prev", ids[before]);
            }
            if let Some(next) = ids.get(nth + 1) {
                entry.set("Next", *next);
            }
            file.set_object(ids[nth], entry);
        }
        let mut outlines = Dictionary::new();
        outlines.set("Type", "Outlines");
        outlines.set("Count", i64::try_from(ids.len())?);
        outlines.set("First", ids[0]);
        outlines.set("Last", ids[ids.len() - 1]);
        file.set_object(root, outlines);
        let catalog = file.catalog_mut()?;
        catalog.set("Outlines", root);
        catalog.set("PageMode", "UseOutlines");
        Ok(())
    }
}

/// Six capitals, which printpdf takes for the mark of a subset, as PDF wants it.
fn font_id(face: Face) -> FontId {
    let id = match face {
        Face::Regular => "REGULR",
        Face::Bold => "BOLDED",
        Face::Italic => "ITALIC",
    };
    FontId(id.to_owned())
}

/// The faces that are used, for printpdf.
fn faces(letters: &[BTreeSet<char>]) -> Result<Vec<(FontId, ParsedFont)>> {
    let used = Face::ALL.into_iter().filter(|face| !letters[*face as usize].is_empty());
    used.map(|face| {
        let font = ParsedFont::from_bytes(face.bytes()?, 0, &mut Vec::new());
        Ok((font_id(face), font.with_context(|| format!("{face:?} is no font that can be embedded"))?))
    })
    .collect()
}

fn document(faces: &[(FontId, ParsedFont)], pages: Vec<PdfPage>) -> lopdf::Document {
    let mut document = PdfDocument::new("");
    for (id, font) in faces {
        document.resources.fonts.map.insert(id.clone(), PdfFont::new(font.clone()));
    }
    document.with_pages(pages);
    document.to_lopdf_document(&PdfSaveOptions::default(), &mut Vec::new())
}

/// Shows every letter once, so that every batch has the same subset of the fonts, numbered alike. Of letters
/// that share a glyph the last one is what a reader copies: space rather than no-break space, hyphen rather
/// than soft hyphen, and the Kazakh ә rather than the phonetic one.
fn all_letters(letters: &[BTreeSet<char>]) -> Vec<Op> {
    let mut ops = vec![Op::StartTextSection];
    for face in Face::ALL {
        let mut order: Vec<char> = letters[face as usize].iter().copied().collect();
        order.sort_by_key(|letter| (('\u{400}'..'\u{530}').contains(letter), Reverse(*letter)));
        if !order.is_empty() {
            ops.push(set_font(face, 1.0));
            ops.push(Op::ShowText { items: vec![TextItem::Text(order.into_iter().collect())] });
        }
    }
    ops.push(Op::EndTextSection);
    ops
}

fn set_font(face: Face, size: f32) -> Op {
    Op::SetFont { font: PdfFontHandle::External(font_id(face)), size: Pt(size) }
}

fn blank(page: &Canvas, ops: Vec<Op>) -> PdfPage {
    let mut blank = PdfPage::new(Mm(1.0), Mm(1.0), ops);
    for sheet in [&mut blank.media_box, &mut blank.trim_box, &mut blank.crop_box] {
        #[allow(clippy::cast_possible_truncation)] // points of a page
        let (width, height) = (page.width as f32, page.height as f32);
        (sheet.width, sheet.height) = (Pt(width), Pt(height));
    }
    blank
}

/// The document with all fonts and its pages still empty.
fn skeleton(pages: &[Canvas], faces: &[(FontId, ParsedFont)], letters: &[BTreeSet<char>]) -> lopdf::Document {
    let mut blanks: Vec<PdfPage> = pages.iter().map(|page| blank(page, Vec::new())).collect();
    blanks[0].ops = all_letters(letters);
    let mut file = document(faces, blanks);
    file.compress();
    file
}

/// The compressed contents of some pages.
fn contents(pages: &[Canvas], faces: &[(FontId, ParsedFont)], letters: &[BTreeSet<char>]) -> Result<Vec<Stream>> {
    let mut drawn = vec![blank(&pages[0], all_letters(letters))];
    drawn.extend(pages.iter().map(|page| blank(page, operations(page))));
    let mut file = document(faces, drawn);
    let places: Vec<ObjectId> = file.get_pages().into_values().skip(1).collect();
    let mut contents = Vec::new();
    for place in places {
        let stream = file.get_object(place)?.as_dict()?.get(b"Contents")?.as_reference()?;
        let Some(Object::Stream(content)) = file.objects.remove(&stream) else { continue };
        contents.push(compressed(&content)?);
    }
    ensure!(contents.len() == pages.len(), "printpdf lost a page");
    Ok(contents)
}

/// lopdf would look much longer for a hundredth less.
fn compressed(content: &Stream) -> Result<Stream> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(&content.content)?;
    let mut dictionary = content.dict.clone();
    dictionary.set("Filter", "FlateDecode");
    Ok(Stream::new(dictionary, encoder.finish()?))
}

fn operations(page: &Canvas) -> Vec<Op> {
    let mut ops = Vec::with_capacity(page.runs.len() * 2 + page.paths.len() * 2);
    shapes(page, &mut ops);
    ops.push(Op::StartTextSection);
    let (mut style, mut ink) = (None, None);
    for (run, text) in page.texts() {
        let (face, size, wanted) = page.styles[usize::from(run.style)];
        if style != Some(run.style) {
            style = Some(run.style);
            ops.push(set_font(face, size));
        }
        if ink != Some(wanted) {
            ink = Some(wanted);
            ops.push(Op::SetFillColor { col: color(wanted) });
        }
        let [a, b, c, d] = if run.turned { [0.0, 1.0, -1.0, 0.0] } else { [1.0, 0.0, 0.0, 1.0] };
        ops.push(Op::SetTextMatrix { matrix: TextMatrix::Raw([a, b, c, d, run.x, run.y]) });
        ops.push(Op::ShowText { items: vec![TextItem::Text(text.to_owned())] });
    }
    ops.push(Op::EndTextSection);
    ops
}

fn shapes(page: &Canvas, ops: &mut Vec<Op>) {
    let areas = page.shapes().filter(|(path, _)| path.thickness == 0.0);
    let lines = page.shapes().filter(|(path, _)| path.thickness > 0.0);
    let (mut ink, mut thickness) = (None, None);
    for (path, points) in areas {
        if ink != Some(path.ink) {
            ink = Some(path.ink);
            ops.push(Op::SetFillColor { col: color(path.ink) });
        }
        let ring = PolygonRing { points: points.iter().copied().map(point).collect() };
        let (mode, winding_order) = (PaintMode::Fill, WindingOrder::NonZero);
        ops.push(Op::DrawPolygon { polygon: Polygon { rings: vec![ring], mode, winding_order } });
    }
    ink = None;
    for (path, points) in lines {
        if ink != Some(path.ink) {
            ink = Some(path.ink);
            ops.push(Op::SetOutlineColor { col: color(path.ink) });
        }
        if thickness != Some(path.thickness) {
            thickness = Some(path.thickness);
            ops.push(Op::SetOutlineThickness { pt: Pt(path.thickness) });
        }
        ops.push(Op::DrawLine { line: Line { points: points.iter().copied().map(point).collect(), is_closed: false } });
    }
}

fn point((x, y): (f32, f32)) -> LinePoint {
    LinePoint { p: Point { x: Pt(x), y: Pt(y) }, bezier: false }
}

fn color(Ink([r, g, b]): Ink) -> Color {
    Color::Rgb(Rgb { r, g, b, icc_profile: None })
}

/// The identifier of the document is the digest of what it holds.
fn identify(file: &mut lopdf::Document) {
    let mut all = Digester::default();
    for (id, object) in &file.objects {
        // Writing to a digest cannot fail.
        let _ = match object {
            Object::Stream(stream) => all.write_all(&stream.content),
            other => write!(all, "{id:?}{other:?}"),
        };
    }
    let id = Object::string_literal(&all.finish()[..32]);
    file.trailer.set("ID", vec![id.clone(), id]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::pdf::page::Anchor;
    use crate::render::pdf::text::Type;
    use chrono::NaiveDate;

    fn written(pages: usize) -> Vec<u8> {
        let metadata = Metadata {
            title: "Нысан (1-МҚК)".to_owned(),
            author: "Әкімдік & <орган>".to_owned(),
            subject: String::new(),
            language: "kk",
            date: NaiveDate::from_ymd_opt(2026, 10, 1).expect("a day"),
            producer: "esep 0".to_owned(),
        };
        let mut document = PaperDocument::new(metadata).expect("the fonts");
        for nth in 0..pages {
            let mut page = Canvas::new(841.9, 595.3);
            let kind = Type { face: Face::Regular, size: 12.0 };
            let text = format!("{nth} әғқңөұүһі — мемлекеттік қызмет");
            page.text(&document.fonts, 100.0, 100.0, &text, kind, Ink::BLACK, Anchor::Start);
            page.fill(10.0, 10.0, 20.0, 20.0, Ink::hex("EDEDED"));
            page.line(&[(10.0, 10.0), (30.0, 10.0)], 0.5, Ink::BLACK);
            document.pages.push(page);
        }
        for title in ["Я", "А"] {
            document.bookmarks.push(Bookmark { title: title.to_owned(), page: 0, top: 10.0 });
        }
        let mut bytes = Vec::new();
        document.write(&mut bytes).expect("written");
        bytes
    }

    #[test]
    fn the_same_document_gives_the_same_bytes() {
        assert_eq!(written(3), written(3));
        assert_ne!(written(3), written(2));
    }

    #[test]
    fn more_pages_than_a_batch_keep_their_order_and_letters() {
        let pages = BATCH * 2 + 3;
        let file = lopdf::Document::load_mem(&written(pages)).expect("a PDF");
        assert_eq!(file.get_pages().len(), pages);
        for nth in [0_u32, 64, 130] {
            let text = file.extract_text(&[nth + 1]).expect("text");
            assert!(text.starts_with(&format!("{nth} әғқңөұүһі")), "{text}");
        }
        let toc = file.get_toc().expect("bookmarks");
        assert_eq!(toc.toc.iter().map(|entry| entry.title.as_str()).collect::<Vec<_>>(), ["Я", "А"]);
    }
}
