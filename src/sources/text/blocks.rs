//! A CSV file in blocks of whole records, so that many hands can work on it. UTF-8 only.
//!
//! Borders are found without looking at every record: a line without quotes ends a record. Where quotes stand, the
//! record is scanned as `split` does; the same file gives the same records, lines and faults.

use crate::sources::bounds::Bounds;
use crate::sources::observed::Seen;
use crate::sources::options::BLOCK_BYTES;
use crate::sources::packed::Unpacked;
use crate::sources::raw::{RowFault, Signs};
use crate::sources::text::extent::{Extent, count_lines, delimit, line_end};
use crate::sources::text::scan::Record;
use memchr::{memchr, memchr2, memrchr, memrchr2};
use std::io;
use std::path::Path;

/// The byte order mark of UTF-8.
const MARK: &[u8] = b"\xEF\xBB\xBF";

/// Whole records of a file, one after another.
#[derive(Debug, Default)]
pub struct Block {
    /// Offset of the first byte in the file.
    pub offset: u64,
    /// Physical line of the first record, from 1.
    pub line: u64,
    pub bytes: Vec<u8>,
    /// Records that end wrongly, in order.
    pub cuts: Vec<Cut>,
}

/// A record that was cut back to its first physical line.
#[derive(Debug, Clone)]
pub struct Cut {
    pub start: usize,
    /// Behind the line end; `start` when the line was too long to be held.
    pub end: usize,
    pub fault: RowFault,
}

/// Reads a file block by block.
#[derive(Debug)]
pub struct Blocks {
    file: Unpacked,
    signs: Signs,
    bounds: Bounds,
    block_bytes: usize,
    /// Read and not yet given out.
    held: Vec<u8>,
    ended: bool,
    offset: u64,
    line: u64,
    /// Kept for files that were only glanced at.
    seen: Option<Seen>,
}

impl Blocks {
    /// `watched`: what the file turns out to be is to be known at the end.
    pub fn open(
        path: &Path,
        signs: impl Into<Signs>,
        bounds: &Bounds,
        block_bytes: usize,
        watched: bool,
    ) -> io::Result<Self> {
        let signs = signs.into();
        let mut file = Unpacked::open(path, bounds)?;
        let offset = file.skip_mark(MARK)?;
        let block_bytes = block_bytes.clamp(1, BLOCK_BYTES);
        let bounds = bounds.clone();
        let mut seen = watched.then(|| Seen::new(!file.is_packed()));
        if let Some(seen) = seen.as_mut().filter(|_| offset > 0) {
            seen.take(MARK);
        }
        Ok(Self { file, signs, bounds, block_bytes, held: Vec::new(), ended: false, offset, line: 1, seen })
    }

    /// How much of the file is read.
    pub fn file_position(&self) -> u64 {
        self.file.file_position()
    }

    /// What the file turned out to be, after its last block.
    pub fn seen(self) -> Option<Seen> {
        self.seen
    }

    /// The next block, in the space of an old one; `None` at the end.
    pub fn next(&mut self, space: Block) -> io::Result<Option<Block>> {
        let mut block = space;
        block.cuts.clear();
        block.bytes.clear();
        let mut wanted = self.block_bytes;
        loop {
            self.fill(wanted)?;
            if self.held.is_empty() {
                return Ok(None);
            }
            block.cuts.clear();
            let (border, long) = self.border(&mut block.cuts);
            if border > 0 {
                std::mem::swap(&mut block.bytes, &mut self.held);
                self.held.extend_from_slice(&block.bytes[border..]);
                block.bytes.truncate(border);
                (block.offset, block.line) = (self.offset, self.line);
                self.offset += border as u64;
                self.line += count_lines(&block.bytes);
                if let Some(seen) = &mut self.seen {
                    seen.take(&block.bytes);
                }
                return Ok(Some(block));
            }
            if long {
                (block.offset, block.line) = (self.offset, self.line);
                let bytes = self.skip_line()?;
                block.cuts.push(Cut { start: 0, end: 0, fault: RowFault::TooLong { bytes } });
                return Ok(Some(block));
            }
            wanted = self.held.len() * 2;
        }
    }

    /// The last known start of a record, and whether a line there is too long to be held.
    fn border(&self, cuts: &mut Vec<Cut>) -> (usize, bool) {
        let (mut at, mut record) = (0, Record::default());
        while at < self.held.len() && at < self.block_bytes {
            let rest = &self.held[at..];
            let quote = memchr(b'"', rest).unwrap_or(rest.len());
            let limit = rest.len().min(self.block_bytes - at);
            if quote >= limit {
                match self.plain_border(&rest[..quote], limit, quote == rest.len()) {
                    Some(border) => return (at + border, false),
                    None if at > 0 => return (at, false),
                    None if quote == rest.len() => return (0, quote > self.bounds.line_bytes.max(16)),
                    None => {}
                }
            }
            let start = last_line(&rest[..quote]).unwrap_or(0);
            let line = &rest[start..];
            if let Some(length) = closed_line(line, quote - start, self.signs.separator) {
                at += start + length;
                continue;
            }
            match delimit(line, self.ended, self.signs, &self.bounds, &mut record) {
                Extent::Whole(length, fault) => {
                    let start = at + start;
                    // text behind a quote is found again by whoever reads the row
                    let cut = fault.filter(|fault| *fault != RowFault::BehindQuote);
                    cuts.extend(cut.map(|fault| Cut { start, end: start + length, fault }));
                    at = start + length;
                }
                Extent::LongLine => return (at + start, at + start == 0),
                Extent::Open => return (at + start, false),
            }
        }
        (at, false)
    }

    /// The last line end before `limit`, else the first one behind it; `is_all`: nothing more is held.
    fn plain_border(&self, plain: &[u8], limit: usize, is_all: bool) -> Option<usize> {
        if is_all && self.ended && plain.len() <= limit {
            return Some(plain.len());
        }
        let near = last_line(&plain[..limit.min(plain.len())]);
        near.or_else(|| match memchr2(b'\n', b'\r', plain) {
            Some(line) => line_end(&plain[line..], self.ended || !is_all).map(|end| line + end),
            None => (is_all && self.ended).then_some(plain.len()),
        })
    }

    fn fill(&mut self, wanted: usize) -> io::Result<()> {
        let lacking = wanted.saturating_sub(self.held.len());
        if lacking > 0 && !self.ended {
            self.held.reserve_exact(lacking);
            self.ended = self.file.append(&mut self.held, lacking)? < lacking;
        }
        Ok(())
    }

    fn drop_held(&mut self, bytes: usize) {
        let dropped = self.held.drain(..bytes);
        if let Some(seen) = &mut self.seen {
            seen.pass_over(dropped.as_slice());
        }
    }

    /// Passes over a line that is longer than the bound; its bytes are only counted.
    fn skip_line(&mut self) -> io::Result<usize> {
        let mut bytes = 0;
        loop {
            let line = memchr2(b'\n', b'\r', &self.held);
            let passed = line.unwrap_or(self.held.len());
            bytes += passed;
            self.offset += passed as u64;
            self.drop_held(passed);
            if line.is_none() && !self.ended {
                self.fill(self.block_bytes)?;
                continue;
            }
            if self.held.len() == 1 {
                self.fill(2)?; // the second half of a line end
            }
            let end = line_end(&self.held, true).unwrap_or(0);
            self.drop_held(end);
            self.offset += end as u64;
            self.line += end.min(1) as u64;
            return Ok(bytes);
        }
    }
}

/// Behind the last line end of bytes without quotes; a CR at their very end may be half of one.
fn last_line(bytes: &[u8]) -> Option<usize> {
    if let Some(feed) = memrchr(b'\n', bytes) {
        return Some(feed + 1);
    }
    let sure = bytes.len().saturating_sub(1);
    memrchr2(b'\r', b'\n', &bytes[..sure]).map(|at| at + 1)
}

/// Length of a record whose quotes all open after a separator and close before the next one, on one line.
fn closed_line(line: &[u8], quote: usize, separator: u8) -> Option<usize> {
    let mut open = quote;
    loop {
        if open > 0 && line[open - 1] != separator {
            return None;
        }
        let close = open + 1 + memchr(b'"', &line[open + 1..])?;
        let after = *line.get(close + 1)?;
        if memchr2(b'\n', b'\r', &line[open..close]).is_some() {
            return None;
        }
        if after != separator {
            return (after == b'\n').then_some(close + 2);
        }
        let rest = &line[close + 1..];
        let end = memchr(b'\n', rest)?;
        match memchr(b'"', &rest[..end]) {
            Some(next) => open = close + 1 + next,
            None => return Some(close + 1 + end + 1),
        }
    }
}
