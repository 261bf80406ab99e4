//! A printed document: pages, bookmarks, metadata. It asks printpdf for all around the pages, whose contents are written
//! without it.
//!
//! Same pages, same bytes: printpdf's own identifiers, which count up, are replaced.

use crate::render::pdf::archive;
use crate::render::pdf::archive::text_string;
use crate::render::pdf::content::{LetterCodes, content, resource};
use crate::render::pdf::font::{Face, Fonts};
use crate::render::pdf::metadata::{Bookmark, Metadata};
use crate::render::pdf::page::Canvas;
use crate::render::pdf::subset::embedded;
use crate::values::digest::Digester;
use anyhow::{Context, Result, ensure};
use flate2::Compression;
use flate2::write::ZlibEncoder;
use lopdf::{Dictionary, Object, ObjectId, Stream};
use printpdf::{
    FontId, Mm, Op, ParsedFont, PdfDocument, PdfFont, PdfFontHandle, PdfPage, PdfSaveOptions, Pt, TextItem,
};
use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::io::Write;

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
        let (mut file, codes) = skeleton(&self.pages, faces(&letters)?, &letters)?;
        let places: Vec<ObjectId> = file.get_pages().into_values().collect();
        ensure!(places.len() == self.pages.len(), "printpdf lost a page");
        for (page, place) in self.pages.iter().zip(&places) {
            let stream = file.get_object(*place)?.as_dict()?.get(b"Contents")?.as_reference()?;
            file.set_object(stream, packed(&content(page, &codes))?);
        }
        self.outline(&mut file, &places)?;
        archive::describe(&mut file, &self.metadata)?;
        identify(&mut file);
        file.save_to(&mut target).context("writing the PDF")
    }

    /// Letters used, for each face.
    fn letters(&self) -> Vec<BTreeSet<char>> {
        let mut met = vec![Vec::new(); Face::ALL.len()];
        for page in &self.pages {
            for (run, text) in page.texts() {
                let met = &mut met[page.styles[usize::from(run.style)].0 as usize];
                for letter in text.chars() {
                    let place = letter as usize;
                    if met.len() <= place {
                        met.resize(place + 1, false);
                    }
                    met[place] = true;
                }
            }
        }
        let letter = |(code, is_met): (u32, bool)| char::from_u32(code).filter(|_| is_met);
        met.into_iter().map(|met| (0..).zip(met).filter_map(letter).collect()).collect()
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

fn font_id(face: Face) -> FontId {
    FontId(resource(face).to_owned())
}

/// The faces that are used, for printpdf.
fn faces(letters: &[BTreeSet<char>]) -> Result<Vec<(FontId, ParsedFont)>> {
    let used = Face::ALL.into_iter().filter(|face| !letters[*face as usize].is_empty());
    used.map(|face| Ok((font_id(face), embedded(face, &letters[face as usize])?))).collect()
}

/// The letters of each face that is used, in the order in which they are shown to printpdf. Of letters that share a
/// glyph the last one is what a reader copies: space rather than no-break space, hyphen rather than soft hyphen, and the
/// Kazakh ә rather than the phonetic one.
fn orders(letters: &[BTreeSet<char>]) -> impl Iterator<Item = (Face, Vec<char>)> {
    let used = Face::ALL.into_iter().filter(|face| !letters[*face as usize].is_empty());
    used.map(|face| {
        let mut order: Vec<char> = letters[face as usize].iter().copied().collect();
        order.sort_by_key(|letter| (('\u{400}'..'\u{530}').contains(letter), Reverse(*letter)));
        (face, order)
    })
}

/// Shows every letter once, so that the subsets of the fonts have them all.
fn all_letters(letters: &[BTreeSet<char>]) -> Vec<Op> {
    let mut ops = vec![Op::StartTextSection];
    for (face, order) in orders(letters) {
        ops.push(Op::SetFont { font: PdfFontHandle::External(font_id(face)), size: Pt(1.0) });
        ops.push(Op::ShowText { items: vec![TextItem::Text(order.into_iter().collect())] });
    }
    ops.push(Op::EndTextSection);
    ops
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

/// The document with all fonts and its pages still empty, and how its letters are coded.
fn skeleton(
    pages: &[Canvas],
    faces: Vec<(FontId, ParsedFont)>,
    letters: &[BTreeSet<char>],
) -> Result<(lopdf::Document, LetterCodes)> {
    let mut blanks: Vec<PdfPage> = pages.iter().map(|page| blank(page, Vec::new())).collect();
    blanks[0].ops = all_letters(letters);
    let mut document = PdfDocument::new("");
    for (id, font) in faces {
        document.resources.fonts.map.insert(id, PdfFont::new(font));
    }
    document.with_pages(blanks);
    let mut file = document.to_lopdf_document(&PdfSaveOptions::default(), &mut Vec::new());
    let codes = codes(&file, letters)?;
    file.compress();
    Ok((file, codes))
}

/// How printpdf coded the letters of the first page, which shows each of them.
fn codes(file: &lopdf::Document, letters: &[BTreeSet<char>]) -> Result<LetterCodes> {
    let first = file.get_pages().into_values().next().context("printpdf lost a page")?;
    let shown = file.get_and_decode_page_content(first)?.operations;
    let mut shown = shown.iter().filter(|operation| operation.operator == "Tj");
    let mut codes = LetterCodes::default();
    for (face, order) in orders(letters) {
        let text = shown.next().and_then(|operation| operation.operands.first()).context("printpdf lost a text")?;
        let coded = text.as_str()?.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
        ensure!(coded.len() == order.len(), "printpdf lost a letter");
        order.into_iter().zip(coded).for_each(|(letter, code)| codes.note(face, letter, code));
    }
    Ok(codes)
}

/// Packed content of a page; lopdf would look much longer for a hundredth less.
fn packed(content: &[u8]) -> Result<Stream> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(content)?;
    let mut stream = Stream::new(Dictionary::new(), encoder.finish()?);
    stream.dict.set("Filter", "FlateDecode");
    Ok(stream)
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
    use crate::render::pdf::page::{Anchor, Ink};
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
    fn many_pages_keep_their_order_and_letters() {
        let pages = 131;
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
