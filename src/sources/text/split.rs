//! Bytes into CSV records. The csv crate's reader is not used: it holds a record of any length in memory (one open
//! quote and it is the whole file), and its line numbers are not those of the record after blank lines and CR LF.

use crate::sources::bounds::Bounds;
use crate::sources::raw::{RowFault, Signs};
use crate::sources::text::extent::{Extent, count_lines, delimit, line_end};
use crate::sources::text::scan::Record;
use memchr::memchr2;
use std::io::{self, ErrorKind, Read};

pub(crate) struct Records<R> {
    pub source: R,
    signs: Signs,
    bounds: Bounds,
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
        Self {
            source,
            signs: signs.into(),
            bounds: bounds.clone(),
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
            let held = &self.buffer[self.start..self.end];
            if held.is_empty() && self.ended {
                return Ok(false);
            }
            (record.line, record.offset, record.fault) = (self.line, self.offset, None);
            let length = match delimit(held, self.ended, self.signs, &self.bounds, record) {
                Extent::Whole(length, fault) => {
                    record.fault = fault;
                    length
                }
                Extent::LongLine => {
                    self.skip_line(record)?;
                    return Ok(true);
                }
                Extent::Open => {
                    self.fill()?;
                    continue;
                }
            };
            record.bytes = self.start..self.start + length;
            self.line += count_lines(&self.buffer[record.bytes.clone()]);
            self.start += length;
            self.offset += length as u64;
            let is_empty = record.count == 1 && record.fields.iter().all(|field| field.raw.is_empty());
            if !is_empty {
                return Ok(true);
            }
        }
    }

    /// Passes over a physical line that is longer than the bound; it is only counted.
    fn skip_line(&mut self, record: &mut Record) -> io::Result<()> {
        let mut bytes = 0;
        loop {
            let held = &self.buffer[self.start..self.end];
            let line = memchr2(b'\n', b'\r', held);
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
        let end = line_end(&self.buffer[self.start..self.end], true).unwrap_or(0);
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
