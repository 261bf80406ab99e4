//! Bytes into CSV records and fields, split as the csv crate splits them, and beyond it: in bounded memory
//! whatever quotes are open, with the physical line and the offset of every record.

use super::bounds::Bounds;
use super::raw::RowFault;
use std::io::{self, ErrorKind, Read};
use std::ops::Range;

/// A field: where it stands in the record's bytes, and where its text is.
#[derive(Debug, Clone)]
pub(super) struct Field {
    /// In the record, with its quotes.
    pub raw: Range<usize>,
    /// In the record, or in `Record::unquoted` when quotes had to be taken out.
    pub text: Range<usize>,
    pub is_unquoted: bool,
}

/// What `Records::next` found; kept by the caller, so that its space is used again.
#[derive(Debug, Default)]
pub(super) struct Record {
    /// Physical line where the record begins, from 1.
    pub line: u64,
    /// Offset of its first byte in the stream.
    pub offset: u64,
    pub fields: Vec<Field>,
    /// Number of fields; those over the bound are only counted.
    pub count: usize,
    pub fault: Option<RowFault>,
    pub unquoted: Vec<u8>,
    bytes: Range<usize>,
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

/// How far a record reaches.
#[derive(Debug, Clone, Copy, Default)]
struct Scanned {
    /// Bytes, with the line end.
    length: usize,
    breaks: u64,
    /// The end was seen.
    complete: bool,
    /// It lies within quotes.
    open: bool,
    /// Quotes over a line break that close in the middle of a text: they were never meant to be open.
    torn: bool,
}

impl<R: Read> Records<R> {
    /// `offset`: bytes of the file before `source` (a byte order mark).
    pub fn new(source: R, separator: u8, bounds: &Bounds, offset: u64) -> Self {
        let (line_bytes, max_fields) = (bounds.line_bytes.max(16), bounds.fields);
        Self { source, separator, line_bytes, max_fields, buffer: vec![0; 1 << 18], start: 0, end: 0, ended: false, offset, line: 1 }
    }

    /// The bytes of the record that `next` found last.
    pub fn bytes(&self, record: &Record) -> &[u8] {
        &self.buffer[record.bytes.clone()]
    }

    /// Finds the next record; empty lines are passed over. `false` at the end.
    pub fn next(&mut self, record: &mut Record) -> io::Result<bool> {
        loop {
            record.fault = None;
            let mut scanned = self.scan(record)?;
            if self.start == self.end {
                return Ok(false);
            }
            (record.line, record.offset) = (self.line, self.offset);
            if !scanned.complete || scanned.open || scanned.torn {
                let Some(cut) = self.cut(scanned, record) else {
                    self.skip_line(record)?;
                    return Ok(true);
                };
                scanned = cut;
            }
            record.bytes = self.start..self.start + scanned.length;
            self.start += scanned.length;
            self.offset += scanned.length as u64;
            self.line += scanned.breaks;
            let is_empty = record.count == 1 && record.fields.iter().all(|field| field.raw.is_empty());
            if !is_empty {
                return Ok(true);
            }
        }
    }

    /// Reads on until the end of the record, of the file, or the bound for a line.
    fn scan(&mut self, record: &mut Record) -> io::Result<Scanned> {
        loop {
            let reach = self.end.min(self.start + self.line_bytes);
            let last = self.ended && reach == self.end;
            let scanned = scan(&self.buffer[self.start..reach], self.separator, last, self.max_fields, record);
            if scanned.complete || last || reach == self.start + self.line_bytes {
                return Ok(scanned);
            }
            self.fill()?;
        }
    }

    /// A record that ends wrongly is cut back to its first physical line; what follows is read as new records.
    /// `None` when that line itself is longer than the bound.
    fn cut(&mut self, scanned: Scanned, record: &mut Record) -> Option<Scanned> {
        let reach = self.end.min(self.start + self.line_bytes);
        let bytes = &self.buffer[self.start..reach];
        let ended = (self.ended && reach == self.end).then_some(bytes.len());
        let line = bytes.iter().position(|byte| matches!(byte, b'\n' | b'\r')).or(ended)?;
        scan(&bytes[..line], self.separator, true, self.max_fields, record);
        record.fault = Some(if scanned.open || scanned.torn { RowFault::OpenQuote } else { RowFault::TooLong { bytes: line } });
        let end = match &bytes[line..] {
            [b'\r', b'\n', ..] => 2,
            [] => 0,
            _ => 1,
        };
        Some(Scanned { length: line + end, breaks: end.min(1) as u64, complete: true, ..Scanned::default() })
    }

    /// Passes over a physical line that is longer than the bound; it is only counted.
    fn skip_line(&mut self, record: &mut Record) -> io::Result<()> {
        let mut bytes = 0;
        loop {
            let held = &self.buffer[self.start..self.end];
            let line = held.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
            let passed = line.unwrap_or(held.len());
            bytes += passed;
            self.start += passed;
            self.offset += passed as u64;
            if line.is_some() || self.ended {
                break;
            }
            self.fill()?;
        }
        if self.end - self.start == 1 && !self.ended {
            self.fill()?; // the second half of a line end
        }
        let end = match &self.buffer[self.start..self.end] {
            [b'\r', b'\n', ..] => 2,
            [] => 0,
            _ => 1,
        };
        self.start += end;
        self.offset += end as u64;
        self.line += end.min(1) as u64;
        record.fields.clear();
        record.count = 0;
        record.bytes = 0..0;
        record.fault = Some(RowFault::TooLong { bytes });
        Ok(())
    }

    fn fill(&mut self) -> io::Result<()> {
        self.buffer.copy_within(self.start..self.end, 0);
        self.end -= self.start;
        self.start = 0;
        if self.end == self.buffer.len() {
            self.buffer.resize(self.buffer.len() * 2, 0);
        }
        loop {
            match self.source.read(&mut self.buffer[self.end..]) {
                Err(fault) if fault.kind() == ErrorKind::Interrupted => {}
                read => {
                    let read = read?;
                    self.end += read;
                    self.ended = read == 0;
                    return Ok(());
                }
            }
        }
    }
}

/// Splits one record at the start of `bytes`; `last`: nothing follows them.
fn scan(bytes: &[u8], separator: u8, last: bool, max_fields: usize, record: &mut Record) -> Scanned {
    record.fields.clear();
    record.unquoted.clear();
    record.count = 0;
    let mut scanned = Scanned::default();
    let mut at = 0;
    loop {
        let begin = at;
        let quotes = if bytes.get(at) == Some(&b'"') { quoted(bytes, at) } else { Quotes { end: at, closed: true, doubled: false } };
        let within = count_breaks(&bytes[begin..quotes.end]);
        scanned.breaks += within;
        if !quotes.closed {
            scanned.open = true;
            scanned.length = bytes.len();
            scanned.complete = last;
            push(bytes, begin, quotes, bytes.len(), max_fields, record);
            return scanned;
        }
        at = quotes.end;
        while at < bytes.len() && bytes[at] != separator && bytes[at] != b'\n' && bytes[at] != b'\r' {
            at += 1;
        }
        // a carriage return may be the first half of a line end
        let is_cut = at == bytes.len() || (bytes[at] == b'\r' && at + 1 == bytes.len());
        if is_cut && !last {
            scanned.length = bytes.len();
            return scanned;
        }
        scanned.torn |= within > 0 && at > quotes.end;
        push(bytes, begin, quotes, at, max_fields, record);
        match &bytes[at..] {
            [byte, ..] if *byte == separator => at += 1,
            rest => {
                let end = if rest.starts_with(b"\r\n") { 2 } else { rest.len().min(1) };
                scanned.length = at + end;
                scanned.breaks += end.min(1) as u64;
                scanned.complete = true;
                return scanned;
            }
        }
    }
}

#[derive(Clone, Copy)]
struct Quotes {
    /// Behind the closing quote.
    end: usize,
    closed: bool,
    doubled: bool,
}

/// A quoted field from its opening quote; quotes within are doubled.
fn quoted(bytes: &[u8], begin: usize) -> Quotes {
    let (mut at, mut doubled) = (begin + 1, false);
    while let Some(quote) = bytes[at..].iter().position(|byte| *byte == b'"') {
        at += quote + 1;
        if bytes.get(at) != Some(&b'"') {
            return Quotes { end: at, closed: true, doubled };
        }
        doubled = true;
        at += 1;
    }
    Quotes { end: bytes.len(), closed: false, doubled }
}

fn push(bytes: &[u8], begin: usize, quotes: Quotes, end: usize, max_fields: usize, record: &mut Record) {
    record.count += 1;
    if record.count > max_fields {
        return;
    }
    let is_quoted = quotes.end > begin;
    let inner = begin + usize::from(is_quoted)..if is_quoted { quotes.end - usize::from(quotes.closed) } else { end };
    if !is_quoted || (!quotes.doubled && quotes.end == end) {
        record.fields.push(Field { raw: begin..end, text: inner, is_unquoted: false });
        return;
    }
    let start = record.unquoted.len();
    let mut pair = false;
    for byte in &bytes[inner] {
        pair = *byte == b'"' && !pair;
        if !pair {
            record.unquoted.push(*byte);
        }
    }
    record.unquoted.extend_from_slice(&bytes[quotes.end..end]);
    record.fields.push(Field { raw: begin..end, text: start..record.unquoted.len(), is_unquoted: true });
}

/// Line breaks: LF, CR LF, or CR alone.
fn count_breaks(bytes: &[u8]) -> u64 {
    let mut before = 0;
    let breaks = bytes.iter().filter(|byte| {
        let is_break = **byte == b'\r' || (**byte == b'\n' && before != b'\r');
        before = **byte;
        is_break
    });
    breaks.count() as u64
}

#[cfg(test)]
#[path = "split_tests.rs"]
mod tests;
