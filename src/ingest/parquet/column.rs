//! One column of a group of rows, page by page, as text.

use super::print::{self, Kind};
use memchr::memchr;
use parquet2::encoding::hybrid_rle::{Decoder as Runs, HybridEncoded};
use parquet2::encoding::{Encoding, delta_bitpacked, delta_byte_array, delta_length_byte_array, plain_byte_array};
use parquet2::metadata::ColumnChunkMetaData;
use parquet2::page::{DataPage, DictPage, Page, split_buffer};
use parquet2::read::{PageReader, decompress, get_page_iterator};
use std::fs::File;
use std::io::BufReader;
use std::path::Path;

/// Bytes of a page, packed.
const PAGE_BYTES: usize = 1 << 28;
/// The entry of a missing value.
const NONE: u32 = u32::MAX;

type Fallible<T> = Result<T, String>;

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
    pages: PageReader<BufReader<File>>,
    spare: Vec<u8>,
    dictionary: Entries,
    own: Entries,
    /// For each row of the page its entry.
    rows: Vec<u32>,
    /// Entries are those of the dictionary.
    is_coded: bool,
    at: usize,
}

fn told(fault: impl std::fmt::Display) -> String {
    fault.to_string()
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
                let mut texts = plain_byte_array::BinaryIter::new(values, Some(count));
                for _ in 0..count {
                    let text = texts.next().ok_or("a page is cut short")?.map_err(told)?;
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
                    let byte = values.get(place / 8).ok_or("a page is cut short")?;
                    self.push(if byte >> (place % 8) & 1 == 1 { b"true" } else { b"false" })?;
                }
                return Ok(());
            }
            Kind::Number(width, _) => width,
            Kind::Int96 => 12,
            Kind::Decimal(Some(width), _) => width,
            Kind::Uuid => 16,
        };
        let values = values.get(..count * width).ok_or("a page is cut short")?;
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
        let Kind::Number(_, meaning) = kind else { return Err(unknown(Encoding::DeltaBinaryPacked)) };
        let mut numbers = delta_bitpacked::Decoder::try_new(values).map_err(told)?;
        for _ in 0..count {
            let number = numbers.next().ok_or("a page is cut short")?.map_err(told)?;
            print::whole(number, meaning, &mut self.bytes);
            self.close()?;
        }
        Ok(())
    }

    /// Lengths first, then all texts.
    fn delta_lengths(&mut self, values: &[u8], count: usize) -> Fallible<()> {
        let mut lengths = delta_length_byte_array::Decoder::try_new(values).map_err(told)?;
        let all: Vec<i32> = lengths.by_ref().take(count).collect::<Result<_, _>>().map_err(told)?;
        let mut texts = lengths.into_values();
        for length in all {
            let length = usize::try_from(length).map_err(told)?;
            let (text, rest) = texts.split_at_checked(length).ok_or("a page is cut short")?;
            texts = rest;
            self.push(text)?;
        }
        Ok(())
    }

    /// Each text begins as the one before it.
    fn delta_texts(&mut self, values: &[u8], count: usize) -> Fallible<()> {
        let mut prefixes = delta_byte_array::Decoder::try_new(values).map_err(told)?;
        let shared: Vec<u32> = prefixes.by_ref().collect::<Result<_, _>>().map_err(told)?;
        let mut lengths = prefixes.into_lengths().map_err(told)?;
        let own: Vec<i32> = lengths.by_ref().collect::<Result<_, _>>().map_err(told)?;
        let (mut texts, mut text) = (lengths.into_values(), Vec::new());
        for (shared, own) in shared.into_iter().zip(own).take(count) {
            let (rest, behind) =
                texts.split_at_checked(usize::try_from(own).map_err(told)?).ok_or("a page is cut short")?;
            texts = behind;
            text.truncate(shared as usize);
            text.extend_from_slice(rest);
            self.push(&text)?;
        }
        Ok(())
    }
}

fn unknown(encoding: Encoding) -> String {
    format!("encoding {encoding:?}")
}

impl Column {
    pub fn open(path: &Path, chunk: &ColumnChunkMetaData, kind: Kind) -> Fallible<Self> {
        let file = BufReader::new(File::open(path).map_err(told)?);
        let pages = get_page_iterator(chunk, file, None, Vec::new(), PAGE_BYTES).map_err(told)?;
        Ok(Self {
            kind,
            nullable: chunk.descriptor().descriptor.max_def_level > 0,
            pages,
            spare: Vec::new(),
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
            let Some(page) = self.pages.next() else { return Ok(0) };
            let mut space = std::mem::take(&mut self.spare);
            match decompress(page.map_err(told)?, &mut space).map_err(told)? {
                Page::Dict(page) => self.take_dictionary(&page)?,
                Page::Data(page) => {
                    self.take_page(&page)?;
                    self.spare = space;
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

    fn take_dictionary(&mut self, page: &DictPage) -> Fallible<()> {
        self.dictionary.clear();
        self.dictionary.plain(&page.buffer, page.num_values, self.kind)
    }

    fn take_page(&mut self, page: &DataPage) -> Fallible<()> {
        let (_, levels, values) = split_buffer(page).map_err(told)?;
        let count = page.num_values();
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
        match page.encoding() {
            Encoding::PlainDictionary | Encoding::RleDictionary => {
                self.is_coded = true;
                return self.take_codes(values, given);
            }
            _ => self.own.clear(),
        }
        match page.encoding() {
            Encoding::Plain => self.own.plain(values, given, self.kind)?,
            Encoding::DeltaBinaryPacked => self.own.delta_numbers(values, given, self.kind)?,
            Encoding::DeltaLengthByteArray if self.kind == Kind::Text => self.own.delta_lengths(values, given)?,
            Encoding::DeltaByteArray if self.kind == Kind::Text => self.own.delta_texts(values, given)?,
            Encoding::Rle if self.kind == Kind::Boolean => {
                let mut flags = Vec::new();
                runs(values.get(4..).ok_or("a page is cut short")?, 1, given, &mut flags)?;
                flags.iter().try_for_each(|flag| self.own.push(if *flag == 1 { b"true" } else { b"false" }))?;
            }
            other => return Err(unknown(other)),
        }
        if self.own.ends.len() == given { Ok(()) } else { Err("a page is cut short".to_owned()) }
    }

    /// Replaces the numbers of values by their entries in the dictionary.
    fn take_codes(&mut self, values: &[u8], given: usize) -> Fallible<()> {
        let mut codes = Vec::new();
        if given > 0 {
            let (bits, values) = values.split_first().ok_or("a page is cut short")?;
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

/// Numbers of so many bits, in runs of equals and of others.
fn runs(bytes: &[u8], bits: u8, count: usize, out: &mut Vec<u32>) -> Fallible<()> {
    if bits > 32 {
        return Err(format!("numbers of {bits} bits"));
    }
    let end = out.len() + count;
    for run in Runs::new(bytes, usize::from(bits)) {
        let left = end - out.len();
        if left == 0 {
            break;
        }
        match run.map_err(told)? {
            HybridEncoded::Rle(value, times) => {
                let number = value.iter().rev().fold(0, |number, byte| number << 8 | u32::from(*byte));
                out.resize(out.len() + times.min(left), number);
            }
            HybridEncoded::Bitpacked(packed) => unpack(packed, u32::from(bits), left, out),
        }
    }
    // of no bits there is only 0, and a last run may be left out
    if bits == 0 {
        out.resize(end, 0);
    }
    if out.len() == end { Ok(()) } else { Err("a page is cut short".to_owned()) }
}

#[allow(clippy::cast_possible_truncation)] // cut to the bits of a number
fn unpack(packed: &[u8], bits: u32, most: usize, out: &mut Vec<u32>) {
    let mask = (1_u64 << bits) - 1;
    let (mut held, mut have, end) = (0_u64, 0, out.len() + most);
    for byte in packed {
        held |= u64::from(*byte) << have;
        have += 8;
        while have >= bits {
            if out.len() == end {
                return;
            }
            out.push((held & mask) as u32);
            held >>= bits;
            have -= bits;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_equals_and_of_packed_numbers() {
        let mut out = Vec::new();
        // eight numbers of three bits, then five times 6
        assert_eq!(runs(&[3, 0b1000_1000, 0b1100_0110, 0b1111_1010, 10, 6], 3, 12, &mut out), Ok(()));
        assert_eq!(out, [0, 1, 2, 3, 4, 5, 6, 7, 6, 6, 6, 6]);
        assert!(runs(&[10, 6], 3, 6, &mut Vec::new()).is_err());
        assert!(runs(&[0; 9000], 1, 6, &mut Vec::new()).is_err(), "runs of no length");
        let mut none = Vec::new();
        assert_eq!((runs(&[], 0, 3, &mut none), none), (Ok(()), vec![0; 3]));
    }
}
