//! One column of a group of rows, page by page, as text.

use super::delta;
use super::page::{CUT, Fallible, Page, Pages, told};
use super::print::{self, Kind};
use super::runs::runs;
use memchr::memchr;
use parquet::basic::Encoding;
use parquet::file::metadata::ColumnChunkMetaData;
use std::fs::File;
use std::sync::Arc;

/// The entry of a missing value.
const NONE: u32 = u32::MAX;

/// Texts behind each other.
#[derive(Debug, Default)]
struct Entries {
    bytes: Vec<u8>,
    ends: Vec<u32>,
    /// Some text holds a zero: it is no text.
    strange: bool,
}

/// The values of one column, from its first page on.
pub(super) struct Column {
    kind: Kind,
    nullable: bool,
    pages: Pages,
    dictionary: Entries,
    own: Entries,
    /// For each row of the page its entry.
    rows: Vec<u32>,
    /// Entries are those of the dictionary.
    is_coded: bool,
    at: usize,
}

impl Entries {
    fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
        self.strange = false;
    }

    fn text(&self, entry: u32) -> &[u8] {
        let entry = entry as usize;
        let start = if entry == 0 { 0 } else { self.ends[entry - 1] };
        &self.bytes[start as usize..self.ends[entry] as usize]
    }

    fn close(&mut self) -> Fallible<()> {
        self.ends.push(u32::try_from(self.bytes.len()).map_err(told)?);
        Ok(())
    }

    fn push(&mut self, text: &[u8]) -> Fallible<()> {
        self.strange |= memchr(0, text).is_some();
        self.bytes.extend_from_slice(text);
        self.close()
    }

    /// Values one behind another, as they are.
    fn plain(&mut self, values: &[u8], count: usize, kind: Kind) -> Fallible<()> {
        let width = match kind {
            Kind::Text | Kind::Decimal(None, _) => {
                let mut rest = values;
                for _ in 0..count {
                    let (length, behind) = rest.split_first_chunk().ok_or(CUT)?;
                    let length = usize::try_from(u32::from_le_bytes(*length)).map_err(told)?;
                    let (text, behind) = behind.split_at_checked(length).ok_or(CUT)?;
                    rest = behind;
                    match kind {
                        Kind::Decimal(_, scale) => {
                            print::big_decimal(text, scale, &mut self.bytes);
                            self.close()?;
                        }
                        _ => self.push(text)?,
                    }
                }
                return Ok(());
            }
            Kind::Boolean => {
                for place in 0..count {
                    let byte = values.get(place / 8).ok_or(CUT)?;
                    self.push(if byte >> (place % 8) & 1 == 1 { b"true" } else { b"false" })?;
                }
                return Ok(());
            }
            Kind::Number(width, _) | Kind::Decimal(Some(width), _) => width,
            Kind::Int96 => 12,
            Kind::Uuid => 16,
        };
        let values = values.get(..count * width).ok_or(CUT)?;
        for value in values.chunks_exact(width) {
            match kind {
                Kind::Number(_, meaning) => print::number(value, meaning, &mut self.bytes),
                Kind::Decimal(_, scale) => print::big_decimal(value, scale, &mut self.bytes),
                Kind::Uuid => print::uuid(value, &mut self.bytes),
                _ => print::int96(value, &mut self.bytes),
            }
            self.close()?;
        }
        Ok(())
    }

    fn delta_numbers(&mut self, values: &[u8], count: usize, kind: Kind) -> Fallible<()> {
        let Kind::Number(_, meaning) = kind else { return Err(unknown(Encoding::DELTA_BINARY_PACKED)) };
        let (numbers, _) = delta::numbers(values)?;
        for number in numbers.into_iter().take(count) {
            print::whole(number, meaning, &mut self.bytes);
            self.close()?;
        }
        Ok(())
    }

    /// Lengths first, then all texts.
    fn delta_lengths(&mut self, values: &[u8], count: usize) -> Fallible<()> {
        let (lengths, bytes) = delta::numbers(values)?;
        let mut texts = &values[bytes..];
        for length in lengths.into_iter().take(count) {
            let length = usize::try_from(length).map_err(told)?;
            let (text, rest) = texts.split_at_checked(length).ok_or(CUT)?;
            texts = rest;
            self.push(text)?;
        }
        Ok(())
    }

    /// Each text begins as the one before it.
    fn delta_texts(&mut self, values: &[u8], count: usize) -> Fallible<()> {
        let (shared, bytes) = delta::numbers(values)?;
        let values = &values[bytes..];
        let (own, bytes) = delta::numbers(values)?;
        let (mut texts, mut text) = (&values[bytes..], Vec::new());
        for (shared, own) in shared.into_iter().zip(own).take(count) {
            let (rest, behind) = texts.split_at_checked(usize::try_from(own).map_err(told)?).ok_or(CUT)?;
            texts = behind;
            text.truncate(usize::try_from(shared).map_err(told)?);
            text.extend_from_slice(rest);
            self.push(&text)?;
        }
        Ok(())
    }
}

fn unknown(encoding: Encoding) -> String {
    format!("encoding {encoding}")
}

impl Column {
    pub fn open(file: &Arc<File>, chunk: &ColumnChunkMetaData, kind: Kind, rows: usize) -> Fallible<Self> {
        Ok(Self {
            kind,
            nullable: chunk.column_descr().max_def_level() > 0,
            pages: Pages::open(file, chunk, rows)?,
            dictionary: Entries::default(),
            own: Entries::default(),
            rows: Vec::new(),
            is_coded: false,
            at: 0,
        })
    }

    /// Rows of the page that are left; 0 at the end of the column.
    pub fn left(&mut self) -> Fallible<usize> {
        while self.at == self.rows.len() {
            match self.pages.turn()? {
                None => return Ok(0),
                Some(Page::Dictionary { values, count }) => {
                    self.dictionary.clear();
                    self.dictionary.plain(&values, count, self.kind)?;
                }
                Some(Page::Data { levels, values, count, encoding }) => {
                    self.take_page(&levels, &values, count, encoding)?;
                }
            }
        }
        Ok(self.rows.len() - self.at)
    }

    pub fn pass(&mut self, rows: usize) {
        self.at += rows;
    }

    /// The text of a row of those that are left; empty for a missing value.
    pub fn text(&self, row: usize) -> &[u8] {
        match self.rows[self.at + row] {
            NONE => b"",
            entry if self.is_coded => self.dictionary.text(entry),
            entry => self.own.text(entry),
        }
    }

    /// Whether some value of the page is no text.
    pub fn is_strange(&self) -> bool {
        if self.is_coded { self.dictionary.strange } else { self.own.strange }
    }

    fn take_page(&mut self, levels: &[u8], values: &[u8], count: usize, encoding: Encoding) -> Fallible<()> {
        (self.at, self.is_coded) = (0, false);
        self.rows.clear();
        let mut given = 0;
        if self.nullable {
            runs(levels, 1, count, &mut self.rows)?;
            for row in &mut self.rows {
                *row = if *row == 1 { given } else { NONE };
                given += u32::from(*row != NONE);
            }
        } else {
            given = u32::try_from(count).map_err(told)?;
            self.rows.extend(0..given);
        }
        let given = given as usize;
        match encoding {
            Encoding::PLAIN_DICTIONARY | Encoding::RLE_DICTIONARY => {
                self.is_coded = true;
                return self.take_codes(values, given);
            }
            _ => self.own.clear(),
        }
        match encoding {
            Encoding::PLAIN => self.own.plain(values, given, self.kind)?,
            Encoding::DELTA_BINARY_PACKED => self.own.delta_numbers(values, given, self.kind)?,
            Encoding::DELTA_LENGTH_BYTE_ARRAY if self.kind == Kind::Text => self.own.delta_lengths(values, given)?,
            Encoding::DELTA_BYTE_ARRAY if self.kind == Kind::Text => self.own.delta_texts(values, given)?,
            Encoding::RLE if self.kind == Kind::Boolean => {
                let mut flags = Vec::new();
                runs(values.get(4..).ok_or(CUT)?, 1, given, &mut flags)?;
                flags.iter().try_for_each(|flag| self.own.push(if *flag == 1 { b"true" } else { b"false" }))?;
            }
            other => return Err(unknown(other)),
        }
        if self.own.ends.len() == given { Ok(()) } else { Err(CUT.to_owned()) }
    }

    /// Replaces the numbers of values by their entries in the dictionary.
    fn take_codes(&mut self, values: &[u8], given: usize) -> Fallible<()> {
        let mut codes = Vec::new();
        if given > 0 {
            let (bits, values) = values.split_first().ok_or(CUT)?;
            runs(values, *bits, given, &mut codes)?;
        }
        let known = u32::try_from(self.dictionary.ends.len()).map_err(told)?;
        if codes.iter().any(|code| *code >= known) {
            return Err("a value that the dictionary has not".to_owned());
        }
        if given == self.rows.len() {
            self.rows = codes;
            return Ok(());
        }
        for row in self.rows.iter_mut().filter(|row| **row != NONE) {
            *row = codes[*row as usize];
        }
        Ok(())
    }
}
