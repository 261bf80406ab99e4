//! How much of memory an ODS asks for: its cells and rows are stored with a number of repeats.

use memchr::memmem;
use std::collections::BTreeMap;

/// Rows that the reader takes from a table at most, and columns of a row.
const ROWS: u64 = 1_048_576;
const COLUMNS: u64 = 16_384;
/// A tag longer than this is measured by its beginning.
const TAG: usize = 1 << 16;

/// Reads `content.xml` as it passes and counts what it will expand to. It counts too much rather than too little.
#[derive(Debug, Default)]
pub(crate) struct OdsSize {
    tag: Option<Vec<u8>>,
    quote: Option<u8>,
    passed: u64,
    /// Cells held as they are read, and cells of the rectangles made of them.
    stored: u64,
    dense: u64,
    weight: u64,
    /// Styles, names, tables and merged areas.
    objects: u64,
    /// Merged cells, or hidden rows or columns.
    is_laid_out: bool,
    has_percents: bool,
    table: Extent,
    row: Extent,
    row_repeats: u64,
    /// Start, repeats of the open cell, if it holds something.
    cell: Option<(u64, u64)>,
    /// Tables, rows and cells that are open, one after another, each with a space behind it.
    open: Vec<u8>,
    is_torn: bool,
}

/// Used and pending (empty so far) rows of a table or cells of a row.
#[derive(Debug, Default, Clone, Copy)]
struct Extent {
    used: u64,
    pending: u64,
    width: u64,
}

impl OdsSize {
    /// Cells that the reader will hold at once: as they are written, or in rectangles.
    pub fn cells(&self) -> u64 {
        let rows =
            self.table.used + if self.row.used > 0 { self.table.pending.saturating_add(self.row_repeats) } else { 0 };
        let open = rows.min(ROWS) * self.table.width.max(self.row.used);
        (self.stored + self.row.used).max(self.dense + open)
    }

    /// Bytes of repeated texts.
    pub fn weight(&self) -> u64 {
        self.weight
    }

    /// Styles, names, tables and merged areas: the readers keep each.
    pub fn objects(&self) -> u64 {
        self.objects
    }

    /// Whether there are merged cells, or hidden rows or columns.
    pub fn is_laid_out(&self) -> bool {
        self.is_laid_out
    }

    /// Whether some cell is a percentage, whatever its style says.
    pub fn has_percents(&self) -> bool {
        self.has_percents
    }

    /// A table, row or cell ends that did not begin, or never ends: the reader would pass over what lies between.
    pub fn is_torn(&self) -> bool {
        self.is_torn || !self.open.is_empty()
    }

    fn nest(&mut self, name: &[u8], is_end: bool) {
        if !is_end {
            self.open.extend_from_slice(name);
            self.open.push(b' ');
            // nothing is nested so deep
            self.is_torn |= self.open.len() > TAG;
            self.open.truncate(TAG);
        } else if let Some(rest) = self.open.strip_suffix(b" ").and_then(|open| open.strip_suffix(name)) {
            self.open.truncate(rest.len());
        } else {
            self.is_torn = true;
        }
    }

    pub fn feed(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.passed += 1;
            let Some(tag) = &mut self.tag else {
                if *byte == b'<' {
                    self.tag = Some(Vec::new());
                }
                continue;
            };
            match self.quote {
                Some(quote) if quote == *byte => self.quote = None,
                // a comment's apostrophe opens nothing
                None if matches!(byte, b'"' | b'\'') && !tag.starts_with(b"!") => self.quote = Some(*byte),
                None if *byte == b'>' => {
                    let tag = self.tag.take().unwrap_or_default();
                    self.judge(&tag);
                    continue;
                }
                _ => {}
            }
            if tag.len() < TAG {
                tag.push(*byte);
            } else {
                // whether it is closed stands at its end
                tag[TAG - 1] = *byte;
            }
        }
    }

    fn judge(&mut self, tag: &[u8]) {
        let is_closed = tag.ends_with(b"/");
        let name = tag
            .split(|byte| byte.is_ascii_whitespace() || *byte == b'/')
            .find(|part| !part.is_empty())
            .unwrap_or_default();
        let is_end = tag.first() == Some(&b'/');
        if name.starts_with(b"table:") && (is_end || !is_closed) {
            self.nest(name, is_end);
        }
        match (is_end, name) {
            (false, b"table:table") => {
                self.objects += 1;
                self.table = Extent::default();
            }
            (true, b"table:table") => {
                self.dense += self.table.used * self.table.width;
                self.table = Extent::default();
            }
            (false, b"table:table-row") => {
                self.row = Extent::default();
                self.note_layout(tag);
                self.row_repeats = attribute(tag, b"table:number-rows-repeated").unwrap_or(1);
                if is_closed {
                    self.end_row();
                }
            }
            (true, b"table:table-row") => self.end_row(),
            (false, b"table:table-cell" | b"table:covered-table-cell") => self.begin_cell(tag, is_closed),
            (true, b"table:table-cell" | b"table:covered-table-cell") => self.end_cell(),
            // spaces are written as a number of them, and are bytes of their cell
            (false, b"text:s") => {
                let spaces = attribute(tag, b"text:c").unwrap_or(1);
                self.weight = self.weight.saturating_add(spaces);
                self.passed = self.passed.saturating_add(spaces);
            }
            (
                false,
                b"style:style"
                | b"style:map"
                | b"table:named-range"
                | b"table:named-expression"
                | b"number:number-style"
                | b"number:currency-style"
                | b"number:percentage-style"
                | b"number:text-style"
                | b"number:embedded-text",
            ) => self.objects += 1,
            (false, b"table:table-column") => self.note_layout(tag),
            _ => {}
        }
    }

    fn note_layout(&mut self, tag: &[u8]) {
        let has = |word: &[u8]| memmem::find(tag, word).is_some();
        let is_merged = has(b"-spanned=");
        self.objects += u64::from(is_merged);
        self.is_laid_out |= is_merged || has(b":visibility=");
    }

    fn begin_cell(&mut self, tag: &[u8], is_closed: bool) {
        let repeats = attribute(tag, b"table:number-columns-repeated").unwrap_or(1);
        self.note_layout(tag);
        self.has_percents |= memmem::find(tag, b"\"percentage\"").is_some();
        let has = |word: &[u8]| tag.windows(word.len()).any(|window| window == word);
        if has(b"office:") || has(b"calcext:") || has(b"formula") {
            self.row.used = (self.row.used + self.row.pending).saturating_add(repeats).min(COLUMNS);
            self.row.pending = 0;
            self.cell = Some((self.passed, repeats.min(COLUMNS)));
            if is_closed {
                self.end_cell();
            }
        } else {
            self.row.pending = repeats.saturating_add(self.row.pending).min(COLUMNS);
        }
    }

    fn end_cell(&mut self) {
        if let Some((start, repeats)) = self.cell.take() {
            let copies = repeats.saturating_mul(self.row_repeats.min(ROWS));
            self.weight = self.weight.saturating_add((self.passed - start).saturating_mul(copies));
        }
    }

    fn end_row(&mut self) {
        self.stored += self.row.used;
        if self.row.used == 0 {
            self.table.pending = self.table.pending.saturating_add(self.row_repeats).min(ROWS);
        } else {
            self.table.used = (self.table.used + self.table.pending).saturating_add(self.row_repeats).min(ROWS);
            self.table.pending = 0;
            self.table.width = self.table.width.max(self.row.used);
        }
        self.row = Extent::default();
        self.row_repeats = 0;
    }
}

/// The number in an attribute; what is there but no number counts as the largest.
fn attribute(tag: &[u8], name: &[u8]) -> Option<u64> {
    let attributes = attributes(tag);
    let value = attributes.get(name)?;
    let text = std::str::from_utf8(value).ok();
    Some(text.and_then(|text| text.trim().parse().ok()).unwrap_or(u64::MAX))
}

fn attributes(tag: &[u8]) -> BTreeMap<&[u8], &[u8]> {
    let mut found = BTreeMap::new();
    let mut rest = tag;
    while let Some(equals) = rest.iter().position(|byte| *byte == b'=') {
        let key = rest[..equals].trim_ascii();
        let key = key.rsplit(u8::is_ascii_whitespace).next().unwrap_or_default();
        let Some(open) = rest[equals..].iter().position(|byte| matches!(byte, b'"' | b'\'')).map(|at| at + equals)
        else {
            break;
        };
        let close = rest[open + 1..].iter().position(|byte| *byte == rest[open]).map_or(rest.len(), |at| at + open + 1);
        found.entry(key).or_insert(&rest[open + 1..close]);
        rest = rest.get(close + 1..).unwrap_or_default();
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_that_do_not_meet() {
        for (text, expected) in [
            ("<table:a><table:b x='/'/><text:p></table:a>", false),
            ("<table:a>", true),
            ("<table:a><table:b></table:a></table:b>", true),
            ("<tabl-:a></table:a>", true),
            ("<table:a></tabl-:a>", true),
            ("<!-- <table:a --><table:a></table:a>", false),
            (&format!("<table:a x='{}'/>", "y".repeat(TAG)), false),
        ] {
            let mut size = OdsSize::default();
            size.feed(text.as_bytes());
            assert_eq!(size.is_torn(), expected, "{text}");
        }
        let mut size = OdsSize::default();
        size.feed("<table:a>".repeat(1 << 16).as_bytes());
        assert!(size.is_torn() && size.open.len() <= TAG);
    }

    #[test]
    fn repeats_count() {
        let cell = r#"<table:table-cell office:value-type="float" office:value="1"/>"#;
        let row = |repeats: &str, cells: &str| {
            format!(r#"<table:table-row table:number-rows-repeated="{repeats}">{cells}</table:table-row>"#)
        };
        let wide = "<table:table-cell table:number-columns-repeated='99'/>";
        let many = r#"<table:table-cell table:formula="a>b" table:number-columns-repeated="5">x</table:table-cell>"#;
        for (table, expected) in [
            (row("1", cell), 1),
            (row("10", cell), 10),
            (row("1", &format!("{wide}{cell}")), 100),
            (row("1", &format!("{cell}{wide}")), 1),
            (row("2", many), 10),
            (format!("{}{}{}", row("1", cell), row("1000", wide), row("1", cell)), 1002),
            (format!("{}{}", row("1", cell), row("1048576", wide)), 1),
            (row("99999999999999999999", cell), ROWS),
            (format!("<!-- it's -->{}", row("7", cell)), 7),
        ] {
            let text = format!(r#"<table:table table:name="a">{table}</table:table>"#);
            for step in [1, 7, 10_000] {
                let mut size = OdsSize::default();
                text.as_bytes().chunks(step).for_each(|bytes| size.feed(bytes));
                assert_eq!(size.cells(), expected, "{table}");
            }
        }
    }
}
