//! Values of a page or a dictionary: whole numbers as such, all others as texts behind each other.

use crate::sources::parquet::delta;
use crate::sources::parquet::page::{CUT, Fallible, told};
use crate::sources::parquet::print;
use crate::sources::parquet::print::{Meaning, PrintKind};
use crate::sources::parquet::rle::runs;
use memchr::memchr;
use parquet::basic::Encoding;

#[derive(Debug, Default)]
pub(crate) struct Entries {
    bytes: Vec<u8>,
    ends: Vec<u32>,
    numbers: Vec<i64>,
    pub looks: Looks,
}

/// What some text among the entries is like.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Looks {
    /// It holds a zero: it is no text.
    pub is_strange: bool,
    /// It begins with a quote.
    pub is_quoted: bool,
    /// Bytes of the longest one; numbers are short.
    pub longest: usize,
}

pub(crate) fn unknown(encoding: Encoding) -> String {
    format!("encoding {encoding}")
}

impl Entries {
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
        self.numbers.clear();
        self.looks = Looks::default();
    }

    pub fn len(&self) -> usize {
        self.ends.len().max(self.numbers.len())
    }

    pub fn text(&self, entry: u32) -> &[u8] {
        let entry = entry as usize;
        let start = if entry == 0 { 0 } else { self.ends[entry - 1] };
        &self.bytes[start as usize..self.ends[entry] as usize]
    }

    pub fn number(&self, entry: u32) -> i64 {
        self.numbers[entry as usize]
    }

    fn close(&mut self) -> Fallible<()> {
        self.ends.push(u32::try_from(self.bytes.len()).map_err(told)?);
        Ok(())
    }

    fn push(&mut self, text: &[u8]) -> Fallible<()> {
        let Looks { is_strange, is_quoted, longest } = &mut self.looks;
        *is_strange |= memchr(0, text).is_some();
        *is_quoted |= text.first() == Some(&b'"');
        *longest = text.len().max(*longest);
        self.bytes.extend_from_slice(text);
        self.close()
    }

    /// Values of a page.
    pub fn take(&mut self, values: &[u8], count: usize, encoding: Encoding, kind: PrintKind) -> Fallible<()> {
        match encoding {
            Encoding::PLAIN => self.plain(values, count, kind)?,
            Encoding::DELTA_BINARY_PACKED => self.delta_numbers(values, count, kind)?,
            Encoding::DELTA_LENGTH_BYTE_ARRAY if kind == PrintKind::Text => self.delta_lengths(values, count)?,
            Encoding::DELTA_BYTE_ARRAY if kind == PrintKind::Text => self.delta_texts(values, count)?,
            Encoding::RLE if kind == PrintKind::Boolean => {
                let mut flags = Vec::new();
                runs(values.get(4..).ok_or(CUT)?, 1, count, &mut flags)?;
                flags.iter().try_for_each(|flag| self.flag(*flag == 1))?;
            }
            other => return Err(unknown(other)),
        }
        if self.len() == count { Ok(()) } else { Err(CUT.to_owned()) }
    }

    fn flag(&mut self, flag: bool) -> Fallible<()> {
        self.push(if flag { b"true" } else { b"false" })
    }

    /// Values one behind another, as they are.
    pub fn plain(&mut self, values: &[u8], count: usize, kind: PrintKind) -> Fallible<()> {
        let width = match kind {
            PrintKind::Text | PrintKind::Decimal(None, _) => return self.plain_texts(values, count, kind),
            PrintKind::Boolean => {
                let bit = |place: usize| values.get(place / 8).map(|byte| byte >> (place % 8) & 1 == 1).ok_or(CUT);
                return (0..count).try_for_each(|place| self.flag(bit(place)?));
            }
            PrintKind::Number(width, _) | PrintKind::Decimal(Some(width), _) => width,
            PrintKind::Int96(_) => 12,
            PrintKind::Uuid => 16,
        };
        let values = count.checked_mul(width).and_then(|bytes| values.get(..bytes)).ok_or(CUT)?;
        if let Some(meaning) = kind.whole() {
            match width {
                4 => self
                    .numbers
                    .extend(values.as_chunks().0.iter().map(|bytes| meaning.narrow(i32::from_le_bytes(*bytes)))),
                _ => self.numbers.extend(values.as_chunks().0.iter().map(|bytes| i64::from_le_bytes(*bytes))),
            }
            return Ok(());
        }
        for value in values.chunks_exact(width) {
            match kind {
                PrintKind::Number(..) => print::float(value, &mut self.bytes),
                PrintKind::Decimal(_, scale) => print::big_decimal(value, scale, &mut self.bytes),
                PrintKind::Uuid => print::uuid(value, &mut self.bytes),
                PrintKind::Int96(shift) => print::int96(value, shift, &mut self.bytes),
                _ => return Err(CUT.to_owned()),
            }
            self.close()?;
        }
        Ok(())
    }

    /// Each with its length before it.
    fn plain_texts(&mut self, values: &[u8], count: usize, kind: PrintKind) -> Fallible<()> {
        let mut rest = values;
        for _ in 0..count {
            let (length, behind) = rest.split_first_chunk().ok_or(CUT)?;
            let length = usize::try_from(u32::from_le_bytes(*length)).map_err(told)?;
            let (text, behind) = behind.split_at_checked(length).ok_or(CUT)?;
            rest = behind;
            if let PrintKind::Decimal(_, scale) = kind {
                print::big_decimal(text, scale, &mut self.bytes);
                self.close()?;
            } else {
                self.push(text)?;
            }
        }
        Ok(())
    }

    fn delta_numbers(&mut self, values: &[u8], count: usize, kind: PrintKind) -> Fallible<()> {
        let meaning: Option<Meaning> = kind.whole();
        let (PrintKind::Number(width, _), Some(meaning)) = (kind, meaning) else {
            return Err(unknown(Encoding::DELTA_BINARY_PACKED));
        };
        let (mut numbers, _) = delta::numbers(values)?;
        numbers.truncate(count);
        if width == 4 {
            // differences of 32 bits go round at 32 bits
            #[allow(clippy::cast_possible_truncation)]
            for number in &mut numbers {
                *number = meaning.narrow(*number as i32);
            }
        }
        self.numbers = numbers;
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
            let shared = usize::try_from(shared).ok().filter(|shared| *shared <= text.len()).ok_or(CUT)?;
            text.truncate(shared);
            text.extend_from_slice(rest);
            self.push(&text)?;
        }
        Ok(())
    }
}
