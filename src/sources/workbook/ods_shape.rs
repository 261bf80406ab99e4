//! The layout of the sheets of an ODS, which its reader of values does not tell.

use crate::sources::layout::{Area, Layout, extend};
use crate::sources::workbook::ods_shown::OdsFormats;
use crate::sources::workbook::tags::{XmlPiece, attribute, pieces};
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
    /// Styles of cells that name none: of columns, first and last, and of the open row.
    column_styles: Vec<(u64, u64, String)>,
    row_style: Option<String>,
}

/// All sheets by their names. The file was found to be within the bounds before. `wanted`: there is something in the cells;
/// else they are read only if some style shows numbers as others.
pub(crate) fn read(path: &Path, wanted: bool) -> BTreeMap<String, Layout> {
    let mut found = BTreeMap::new();
    let archive = File::open(path).ok().and_then(|file| ZipArchive::new(BufReader::new(file)).ok());
    let Some(mut archive) = archive else { return found };
    let mut formats = OdsFormats::default();
    if let Ok(styles) = archive.by_name("styles.xml") {
        pieces(BufReader::new(styles), |piece| {
            formats.take(piece);
            true
        });
    }
    let Ok(content) = archive.by_name("content.xml") else { return found };
    let (mut sheet, mut is_body) = (OdsSheet::default(), false);
    pieces(BufReader::new(content), |piece| {
        match piece {
            XmlPiece::Tag(tag) if !is_body && tag.name().as_ref() == "office:body" => {
                is_body = true;
                return wanted || !formats.are_plain();
            }
            piece if !is_body => formats.take(piece),
            XmlPiece::Tag(tag) if tag.name().as_ref() == "table:table" => {
                let next = OdsSheet { name: attribute(tag, "name").unwrap_or_default(), ..OdsSheet::default() };
                let last = std::mem::replace(&mut sheet, next);
                found.insert(last.name, last.layout);
            }
            XmlPiece::Tag(tag) => sheet.take(tag, &mut formats),
            _ => {}
        }
        true
    });
    found.insert(sheet.name, sheet.layout);
    found
}

impl OdsSheet {
    fn take(&mut self, tag: &BytesStart<'_>, formats: &mut OdsFormats) {
        let number = |name: &str| attribute(tag, name).and_then(|text| text.parse::<u64>().ok()).unwrap_or(1).max(1);
        let is_hidden =
            || attribute(tag, "visibility").is_some_and(|word| matches!(word.as_str(), "collapse" | "filter"));
        match tag.name().as_ref() {
            "table:table-column" => {
                let first = self.columns;
                self.columns += number("number-columns-repeated");
                let style = attribute(tag, "default-cell-style-name");
                self.column_styles.extend(style.map(|style| (first, self.columns - 1, style)));
                if is_hidden() {
                    extend(&mut self.layout.hidden_columns, first, self.columns - 1);
                }
            }
            "table:table-row" => {
                self.above += self.repeats;
                self.repeats = number("number-rows-repeated");
                self.left = 0;
                self.row_style = attribute(tag, "default-cell-style-name");
                if is_hidden() {
                    extend(&mut self.layout.hidden_rows, self.above + 1, self.above + self.repeats);
                }
            }
            "table:table-cell" => {
                let (across, down) = (number("number-columns-spanned"), number("number-rows-spanned"));
                if across > 1 || down > 1 {
                    self.merge(across, down);
                }
                let columns = number("number-columns-repeated");
                self.show(tag, columns, formats);
                self.left += columns;
            }
            "table:covered-table-cell" => self.left += number("number-columns-repeated"),
            _ => {}
        }
    }

    /// Notes the format of a cell that holds a number, for all its repeats.
    fn show(&mut self, tag: &BytesStart<'_>, columns: u64, formats: &mut OdsFormats) {
        /// Columns of a sheet at most.
        const COLUMNS: u64 = 16_384;
        let kind = attribute(tag, "value-type").unwrap_or_default();
        if !matches!(kind.as_str(), "float" | "percentage" | "currency") {
            return;
        }
        let own = attribute(tag, "style-name");
        let own = own.as_ref().or(self.row_style.as_ref());
        for column in self.left..self.left.saturating_add(columns).min(COLUMNS) {
            let of_column = || {
                let next = self.column_styles.partition_point(|(first, ..)| *first <= column);
                let (_, last, style) = self.column_styles.get(next.checked_sub(1)?)?;
                (*last >= column).then_some(style)
            };
            let style = own.or_else(of_column).map(String::as_str);
            if let Some(format) = formats.of(style, kind == "percentage") {
                let (first, last) = (small(self.above), small((self.above + self.repeats).saturating_sub(1)));
                self.layout.shown.add(small(column), first, last, &format);
            }
        }
    }

    /// Cells merged from the next one on; in a repeated row all of its rows have them.
    fn merge(&mut self, across: u64, down: u64) {
        let rows = if down > 1 { 1 } else { self.repeats };
        // of a row repeated to the end of the sheet the first ones are enough
        for row in (self.above..).take(usize::try_from(rows.min(10_000)).unwrap_or_default()) {
            let first = (small(row), small(self.left));
            let last = (small(row + down - 1), small(self.left + across - 1));
            self.layout.merged.push(Area { first, last });
        }
    }
}

fn small(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
