//! Bytes into CSV records. The csv crate's reader is not used: it holds a record of any length in memory (one open
//! quote and it is the whole file), and its line numbers are not those of the record after blank lines and CR LF.

use crate::sources::bounds::Bounds;
use crate::sources::raw::{RowFault, Signs};
use crate::sources::text::scan::{Record, Scanned, scan};
use std::io::{self, ErrorKind, Read};

pub(crate) struct Records<R> {
    pub source: R,
    signs: Signs,
    line_bytes: usize,
    max_fields: usize,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    ended: bool,
    offset: u64,
    line: u64,
}

impl<R: Read> Records<R> {
    /// `offset`: bytes of the file before `source` (a byte order mark).
    pub fn new(source: R, signs: impl Into<Signs>, bounds: &Bounds, offset: u64) -> Self {
        let (line_bytes, max_fields) = (bounds.line_bytes.max(16), bounds.fields);
        Self {
            source,
            signs: signs.into(),
            line_bytes,
            max_fields,
            buffer: vec![0; 1 << 18],
            start: 0,
            end: 0,
            ended: false,
            offset,
            line: 1,
        }
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
            } else if scanned.behind {
                record.fault = Some(RowFault::BehindQuote);
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
            let scanned = scan(&self.buffer[self.start..reach], self.signs, last, self.max_fields, record);
            // at the bound it must be known whether the file ends there: what is read at once must change nothing
            let bounded = reach == self.start + self.line_bytes && (self.ended || self.end > reach);
            if scanned.complete || last || bounded {
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
        scan(&bytes[..line], self.signs, true, self.max_fields, record);
        record.fault =
            Some(if scanned.open || scanned.torn { RowFault::OpenQuote } else { RowFault::TooLong { bytes: line } });
        // a line end may lie across the bound
        let end = match &self.buffer[self.start + line..self.end] {
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

#[cfg(test)]
#[path = "split_tests.rs"]
mod tests;
