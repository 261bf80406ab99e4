//! The layout of the sheets of an ODS, which its reader of values does not tell.

use crate::sources::layout::{Area, Layout, extend};
use crate::sources::workbook::tags::{attribute, tags};
use quick_xml::events::BytesStart;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufReader;
use std::path::Path;
use zip::ZipArchive;

/// A sheet as far as its tags were read.
#[derive(Default)]
struct OdsSheet {
    name: String,
    layout: Layout,
    /// Rows above the open one, its repeats, and columns to the left of the next cell, from 0.
    above: u64,
    repeats: u64,
    left: u64,
    columns: u64,
}

/// All sheets by their names. The file was found to be within the bounds before.
pub(crate) fn read(path: &Path) -> BTreeMap<String, Layout> {
    let mut found = BTreeMap::new();
    let archive = File::open(path).ok().and_then(|file| ZipArchive::new(BufReader::new(file)).ok());
    let Some(mut archive) = archive else { return found };
    let Ok(content) = archive.by_name("content.xml") else { return found };
    let mut sheet = OdsSheet::default();
    tags(BufReader::new(content), |tag| {
        if tag.name().as_ref() == "table:table" {
            let next = OdsSheet { name: attribute(tag, "name").unwrap_or_default(), ..OdsSheet::default() };
            let last = std::mem::replace(&mut sheet, next);
            found.insert(last.name, last.layout);
        } else {
            sheet.take(tag);
        }
        true
    });
    found.insert(sheet.name, sheet.layout);
    found
}

impl OdsSheet {
    fn take(&mut self, tag: &BytesStart<'_>) {
        let number = |name: &str| attribute(tag, name).and_then(|text| text.parse::<u64>().ok()).unwrap_or(1).max(1);
        let is_hidden =
            || attribute(tag, "visibility").is_some_and(|word| matches!(word.as_str(), "collapse" | "filter"));
        match tag.name().as_ref() {
            "table:table-column" => {
                let first = self.columns;
                self.columns += number("number-columns-repeated");
                if is_hidden() {
                    extend(&mut self.layout.hidden_columns, first, self.columns - 1);
                }
            }
            "table:table-row" => {
                self.above += self.repeats;
                self.repeats = number("number-rows-repeated");
                self.left = 0;
                if is_hidden() {
                    extend(&mut self.layout.hidden_rows, self.above + 1, self.above + self.repeats);
                }
            }
            "table:table-cell" => {
                let (across, down) = (number("number-columns-spanned"), number("number-rows-spanned"));
                if across > 1 || down > 1 {
                    self.merge(across, down);
                }
                self.left += number("number-columns-repeated");
            }
            "table:covered-table-cell" => self.left += number("number-columns-repeated"),
            _ => {}
        }
    }

    /// Cells merged from the next one on; in a repeated row all of its rows have them.
    fn merge(&mut self, across: u64, down: u64) {
        let small = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
        let rows = if down > 1 { 1 } else { self.repeats };
        // of a row repeated to the end of the sheet the first ones are enough
        for row in (self.above..).take(usize::try_from(rows.min(10_000)).unwrap_or_default()) {
            let first = (small(row), small(self.left));
            let last = (small(row + down - 1), small(self.left + across - 1));
            self.layout.merged.push(Area { first, last });
        }
    }
}
