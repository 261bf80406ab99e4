//! Repeated ids: the rows whose fingerprints are alike are read again and judged in the order of their sources.

use crate::facts::deriver::Deriver;
use crate::facts::pass::worker::BadBins;
use crate::facts::source::{BlockPlace, Place, Source};
use crate::records::{Reader, Record, Verdict, bad_bins, row};
use crate::sources;
use crate::sources::packed::Unpacked;
use crate::sources::raw::Row;
use crate::sources::text::block_rows::BlockRows;
use crate::sources::text::blocks::Block;
use crate::words::failure::{Halt, OrHalt};
use crate::words::finding::Finding;
use anyhow::Result;
use std::collections::{BTreeMap, BTreeSet};
use std::io;

/// A row that is to be read again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Again {
    source: usize,
    line: u64,
    /// In the file, for sources that are read in blocks.
    offset: u64,
}

/// Text from some place of a source on; places are asked for in order, as packed text is read forwards only.
#[derive(Default)]
struct Held {
    place: u64,
    bytes: Vec<u8>,
}

/// Bytes that are read at once where one place follows another.
const AHEAD: usize = 1 << 15;

impl Held {
    /// At least so many bytes from the place on; fewer at the end.
    fn read(&mut self, text: &mut Unpacked, place: u64, length: usize) -> io::Result<&[u8]> {
        let end = self.place + self.bytes.len() as u64;
        let follows = place < end;
        let mut start = usize::try_from(place.saturating_sub(self.place)).unwrap_or(0);
        if !follows || start > AHEAD {
            self.bytes.drain(..start.min(self.bytes.len()));
            (self.place, start) = (place, 0);
        }
        if !follows {
            text.go_to(end, place)?;
        }
        let lacking = (start + length).saturating_sub(self.bytes.len());
        if lacking > 0 {
            text.append(&mut self.bytes, if follows { lacking.max(AHEAD) } else { lacking })?;
        }
        Ok(&self.bytes[start.min(self.bytes.len())..])
    }
}

/// Judges repeats; what was counted too often is taken back.
pub struct Repeats<'p, 'd> {
    pub reader: &'p mut Reader<'d>,
    pub deriver: &'p mut Deriver<'d>,
    pub sources: &'p [Source<'p>],
    /// Rows that do not count after all, by source.
    gone: BTreeSet<(usize, u64)>,
    withdrawn: Vec<Finding>,
}

impl<'p, 'd> Repeats<'p, 'd> {
    pub fn new(reader: &'p mut Reader<'d>, deriver: &'p mut Deriver<'d>, sources: &'p [Source<'p>]) -> Self {
        Self { reader, deriver, sources, gone: BTreeSet::new(), withdrawn: Vec::new() }
    }

    /// Reads the rows at the places again.
    pub fn judge(&mut self, places: &[u64], blocks: &[BlockPlace]) -> Result<()> {
        let again = |packed: &u64| {
            let place = Place::unpacked(*packed);
            let block = blocks[usize::try_from(place.block).unwrap_or(0)];
            if self.sources[block.source].in_blocks {
                Again { source: block.source, line: block.line + place.line, offset: block.offset + place.offset }
            } else {
                Again { source: block.source, line: block.line + place.whole_line(), offset: 0 }
            }
        };
        let mut rows: Vec<Again> = places.iter().map(again).collect();
        rows.sort_unstable();
        for rows in rows.chunk_by(|one, next| one.source == next.source) {
            let source = &self.sources[rows[0].source];
            if source.in_blocks {
                self.read_places(source, rows)?;
            } else {
                self.read_lines(source, rows)?;
            }
        }
        // findings about rows that do not count are none
        self.reader.findings.withdraw(std::mem::take(&mut self.withdrawn));
        Ok(())
    }

    fn read_places(&mut self, source: &Source<'p>, rows: &[Again]) -> Result<()> {
        let options = self.reader.options.clone();
        let table = &self.reader.definitions.tables[source.found.table];
        let unreadable = || Halt::reading(&source.found.name);
        let mut text = Unpacked::open(&source.found.path, &options.bounds).or_halt(unreadable)?;
        let mut held = Held::default();
        let mut reader = BlockRows::new(source.found, table, source.signs, &options);
        let mut block = Block::default();
        for again in rows {
            // most records are short; a record that is cut off here is read once more with all it may have
            for length in [1 << 9, 1 << 12, options.bounds.line_bytes + 2] {
                let bytes = held.read(&mut text, again.offset, length).or_halt(unreadable)?;
                block.bytes.clear();
                block.bytes.extend_from_slice(&bytes[..bytes.len().min(length)]);
                (block.offset, block.line) = (again.offset, again.line);
                if reader.is_whole(&block) || block.bytes.len() < length {
                    break;
                }
            }
            reader.row(&block, 0, again.line, &mut |row| self.row(source, row))?;
        }
        Ok(())
    }

    fn read_lines(&mut self, source: &Source<'p>, rows: &[Again]) -> Result<()> {
        let options = self.reader.options.clone();
        let table = &self.reader.definitions.tables[source.found.table];
        if source.in_groups {
            let lines: Vec<u64> = rows.iter().map(|again| again.line).collect();
            sources::parquet::read(source.found, table, &options, Some(&lines), &mut |row| self.row(source, row))?;
            return Ok(());
        }
        let lines: BTreeSet<u64> = rows.iter().map(|again| again.line).collect();
        sources::read(source.found, table, &options, &mut |row| {
            if lines.contains(&row.line) { self.row(source, row) } else { Ok(()) }
        })?;
        Ok(())
    }

    /// A row that was accepted before; now it is known which rows with its id came first.
    fn row(&mut self, source: &Source<'_>, row: &Row<'_>) -> Result<()> {
        let Self { reader, deriver, gone, withdrawn, .. } = self;
        let table = &reader.definitions.tables[source.found.table];
        let (values, faults) = row::parse(table, reader.definitions, source.found, row, &reader.forms);
        let verdict = reader.judge(source.found, source.ledger, row, &values, faults);
        if matches!(verdict, Verdict::Accepted) {
            return Ok(());
        }
        let line = &mut reader.ledger[source.ledger];
        line.accepted -= 1;
        if let Verdict::Quarantined(findings) = verdict {
            line.quarantined += 1;
            reader.quarantine.add(source.found, source.ledger, row, &findings)?;
            reader.findings.extend(findings);
        } else {
            line.duplicates += 1;
        }
        gone.insert((source.ledger, row.line));
        let record = Record { found: source.found, values: &values, source: source.ledger, line: row.line };
        withdrawn.extend(deriver.take_back(&record)?);
        Ok(())
    }

    /// A wrong check digit is said where its BIN stands first among the rows that count.
    pub fn settle_bins(&mut self, bad: BadBins) -> Result<()> {
        let mut lost: BTreeMap<usize, BTreeSet<String>> = BTreeMap::new();
        for ((ledger, bin), (line, finding)) in bad {
            if self.gone.contains(&(ledger, line)) {
                lost.entry(ledger).or_default().insert(bin);
            } else {
                self.reader.findings.push(finding);
            }
        }
        for source in self.sources {
            if let Some(bins) = lost.remove(&source.ledger) {
                let next = self.next_bins(source, bins)?;
                self.reader.findings.extend(next);
            }
        }
        Ok(())
    }

    /// The first row of a source that counts, for each of these BINs that has one.
    fn next_bins(&self, source: &Source<'p>, mut bins: BTreeSet<String>) -> Result<Vec<Finding>> {
        let definitions = self.reader.definitions;
        let table = &definitions.tables[source.found.table];
        let mut next = Vec::new();
        sources::read(source.found, table, &self.reader.options, &mut |row| {
            if bins.is_empty() || self.gone.contains(&(source.ledger, row.line)) {
                return Ok(());
            }
            let (values, faults) = row::parse(table, definitions, source.found, row, &self.reader.forms);
            if faults.is_empty() {
                let met = bad_bins(definitions, source.found, row, &values).into_iter();
                next.extend(met.filter(|(bin, _)| bins.remove(bin)).map(|(_, finding)| finding));
            }
            Ok(())
        })?;
        Ok(next)
    }
}
