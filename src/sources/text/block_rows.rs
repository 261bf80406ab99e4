//! The rows of a block, as `csv` would read them from the file.

use crate::definitions::record::Table;
use crate::sources::bounds::Bounds;
use crate::sources::observed::count_bad;
use crate::sources::options::Options;
use crate::sources::raw::{FoundTable, Raw, Row, RowFault, Signs};
use crate::sources::rows::{Sieve, reuse};
use crate::sources::text::blocks::Block;
use crate::sources::text::extent::{Extent, count_lines, delimit};
use crate::sources::text::scan::{Record, scan};
use crate::words::finding::Finding;
use anyhow::Result;
use memchr::{memchr, memchr2};

/// Reads single rows of the blocks of one table.
pub struct BlockRows<'f> {
    found: &'f FoundTable,
    signs: Signs,
    bounds: Bounds,
    record: Record,
    sieve: Sieve<'f>,
    spare: Vec<Raw<'static>>,
    bad: u64,
}

/// What a reader of rows has to say at the end.
#[derive(Debug)]
pub struct Finished {
    pub rows: u64,
    /// Bytes outside of valid UTF-8.
    pub bad: u64,
    /// The first value that no header names: its column and line.
    pub outside: Option<(usize, u64)>,
    /// A head with other columns stands among the rows: what is below it can only be told in the order of the file.
    pub has_other_head: bool,
    /// Notices about what was no row.
    pub findings: Vec<Finding>,
}

impl std::fmt::Debug for BlockRows<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BlockRows").field("found", &self.found.name).finish_non_exhaustive()
    }
}

impl<'f> BlockRows<'f> {
    pub fn new(found: &'f FoundTable, definition: &Table, signs: impl Into<Signs>, options: &Options) -> Self {
        Self {
            found,
            signs: signs.into(),
            bounds: options.bounds.clone(),
            record: Record::default(),
            sieve: Sieve::new(found, definition),
            spare: Vec::new(),
            bad: 0,
        }
    }

    /// Columns up to the last one that has a name.
    pub fn named(&self) -> usize {
        self.sieve.named
    }

    /// Whether a record of so many bytes may be over the bound for a line.
    pub fn may_be_long(&self, bytes: usize) -> bool {
        bytes + 2 >= self.bounds.line_bytes
    }

    /// Gives the record at `start` to the sink, if it is a row; where the next one begins, in bytes and lines.
    pub fn row(
        &mut self,
        block: &Block,
        start: usize,
        line: u64,
        sink: &mut dyn FnMut(&Row<'_>) -> Result<()>,
    ) -> Result<(usize, u64)> {
        let (end, fault) = self.delimit(block, start);
        let bytes = &block.bytes[start..end];
        let next = (end, line + count_lines(bytes));
        self.bad += count_bad(bytes);
        let record = &self.record;
        let is_skipped = record.fields.is_empty() && fault.is_some();
        let is_empty = record.count == 1 && record.fields.iter().all(|field| field.raw.is_empty());
        if line == self.found.header_line || (is_empty && !is_skipped) {
            return Ok(next);
        }
        let mut cells = reuse(std::mem::take(&mut self.spare));
        decode(bytes, record, block.offset + start as u64, &mut cells);
        self.sieve.record(line, (&cells, record.count), fault, sink)?;
        self.spare = reuse(cells);
        Ok(next)
    }

    /// The fields of the record go to `self.record`; its end and what is wrong with it.
    fn delimit(&mut self, block: &Block, start: usize) -> (usize, Option<RowFault>) {
        let (signs, fields) = (self.signs, self.bounds.fields);
        let cut = block.cuts.binary_search_by_key(&start, |cut| cut.start).ok().map(|cut| &block.cuts[cut]);
        if let Some(cut) = cut {
            self.record = Record::default();
            let bytes = &block.bytes[start..cut.end];
            let line = memchr2(b'\n', b'\r', bytes).unwrap_or(bytes.len());
            if cut.end > start {
                scan(&bytes[..line], signs, true, fields, &mut self.record);
            }
            return (cut.end, Some(cut.fault.clone()));
        }
        let bytes = &block.bytes[start..];
        if let Extent::Whole(length, fault) = delimit(bytes, true, signs, &self.bounds, &mut self.record) {
            return (start + length, fault);
        }
        self.record = Record::default();
        let line = memchr2(b'\n', b'\r', bytes).unwrap_or(bytes.len());
        let end = if bytes[line..].starts_with(b"\r\n") { 2 } else { bytes[line..].len().min(1) };
        (start + line + end, Some(RowFault::TooLong { bytes: line }))
    }

    /// Whether the first record of a block ends within it for sure.
    pub fn is_whole(&mut self, block: &Block) -> bool {
        !matches!(delimit(&block.bytes, false, self.signs, &self.bounds, &mut self.record), Extent::Open)
    }

    pub fn finish(mut self) -> Finished {
        let (rows, bad, outside) = (self.sieve.rows, self.bad, self.sieve.outside);
        let has_other_head = self.sieve.has_other_head();
        Finished { rows, bad, outside, has_other_head, findings: self.sieve.notices() }
    }
}

/// Text of the fields; bytes that are not UTF-8, and zeros, stay bytes.
fn decode<'a>(bytes: &'a [u8], record: &'a Record, offset: u64, cells: &mut Vec<Raw<'a>>) {
    for field in &record.fields {
        let source = if field.is_unquoted { &record.unquoted } else { bytes };
        cells.push(match std::str::from_utf8(&source[field.text.clone()]) {
            Ok("") => Raw::Empty,
            Ok(text) if !text.contains('\0') => Raw::Text(text),
            _ => {
                let raw = &bytes[field.raw.clone()];
                let invalid = std::str::from_utf8(raw).map_or_else(|fault| fault.valid_up_to(), str::len);
                let at = memchr(0, raw).map_or(invalid, |zero| zero.min(invalid));
                Raw::BadBytes(raw, offset + (field.raw.start + at) as u64)
            }
        });
    }
}

#[cfg(test)]
#[path = "block_tests.rs"]
mod tests;
