//! Merged cells of an ODS, which its reader does not tell.

use calamine::Dimensions;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::QName;
use quick_xml::reader::Reader;
use std::collections::BTreeMap;
use std::io::{BufReader, Read, Seek};
use zip::ZipArchive;

/// Merged cells by the name of their sheet, in the order of the file; none where the file cannot be read: the reader of
/// its cells says so.
pub(crate) fn read(file: impl Read + Seek) -> BTreeMap<String, Vec<Dimensions>> {
    let Ok(mut archive) = ZipArchive::new(file) else { return BTreeMap::new() };
    let Ok(content) = archive.by_name("content.xml") else { return BTreeMap::new() };
    let mut reader = Reader::from_reader(BufReader::new(content));
    let (mut found, mut sheet) = (BTreeMap::new(), PassingSheet::default());
    let mut buffer = Vec::new();
    loop {
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(tag)) => sheet.open(&tag, false),
            Ok(Event::Empty(tag)) => sheet.open(&tag, true),
            Ok(Event::End(tag)) if tag.name() == QName("table:table-row") => sheet.end_row(),
            Ok(Event::End(tag)) if tag.name() == QName("table:table") => {
                let done = std::mem::take(&mut sheet);
                found.insert(done.name, done.areas);
            }
            Ok(Event::Eof) | Err(_) => return found,
            Ok(_) => {}
        }
        buffer.clear();
    }
}

/// A sheet as it passes.
#[derive(Default)]
struct PassingSheet {
    name: String,
    areas: Vec<Dimensions>,
    /// Row and column of the next cell, and how often the open row stands.
    at: (u32, u32),
    repeats: u32,
}

impl PassingSheet {
    fn open(&mut self, tag: &BytesStart<'_>, is_empty: bool) {
        match tag.name() {
            QName("table:table") => *self = Self { name: text(tag, "table:name"), ..Self::default() },
            QName("table:table-row") => {
                self.repeats = count(tag, "table:number-rows-repeated");
                if is_empty {
                    self.end_row();
                }
            }
            QName("table:table-cell" | "table:covered-table-cell") => {
                let (down, right) =
                    (count(tag, "table:number-rows-spanned"), count(tag, "table:number-columns-spanned"));
                if down > 1 || right > 1 {
                    let last = (self.at.0.saturating_add(down - 1), self.at.1.saturating_add(right - 1));
                    self.areas.push(Dimensions { start: self.at, end: last });
                }
                self.at.1 = self.at.1.saturating_add(count(tag, "table:number-columns-repeated"));
            }
            _ => {}
        }
    }

    fn end_row(&mut self) {
        self.at = (self.at.0.saturating_add(self.repeats.max(1)), 0);
    }
}

fn text(tag: &BytesStart<'_>, name: &str) -> String {
    let attribute = tag.try_get_attribute(name).ok().flatten();
    attribute
        .and_then(|own| own.normalized_value(XmlVersion::Implicit1_0).ok().map(std::borrow::Cow::into_owned))
        .unwrap_or_default()
}

/// A number of repeats or spanned cells; 1 where it is not said.
fn count(tag: &BytesStart<'_>, name: &str) -> u32 {
    text(tag, name).parse().unwrap_or(1).max(1)
}
