//! One thread of the pass: blocks in, everything counted in one place of its own.

use crate::definitions::Definitions;
use crate::facts::deriver::Deriver;
use crate::facts::lane::cache::Lane;
use crate::facts::lane::columns::{ColumnRow, KnownEntries};
use crate::facts::lane::span::LaneRow;
use crate::facts::pass::ahead::Ahead;
use crate::facts::pass::ids::Gatherer;
use crate::facts::source::{Place, Source, SourceColumn};
use crate::records::copies::Copies;
use crate::records::quarantine::Quarantine;
use crate::records::row::fingerprint;
use crate::records::typed::Typed;
use crate::records::unseen::Unseen;
use crate::records::{Record, bad_bins, refuse, row};
use crate::sources::Options;
use crate::sources::parquet::{Parquet, ParquetRows};
use crate::sources::raw::Row;
use crate::sources::text::block_rows::BlockRows;
use crate::sources::text::blocks::Block;
use crate::values::digest::Secret;
use crate::words::finding::Finding;
use crate::words::gathered::Gathered;
use crate::words::progress::Progress;
use anyhow::Result;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use xxhash_rust::xxh3::xxh3_64;

/// What all threads share.
#[derive(Debug)]
pub struct Shared<'p, 'd> {
    pub definitions: &'d Definitions,
    pub forms: &'p [String],
    pub options: &'p Options,
    pub sources: &'p [Source<'p>],
    pub quarantine: &'p Mutex<&'p mut Quarantine>,
    pub progress: &'p Progress,
    /// What the fingerprints of this run are made with.
    pub secret: &'p Secret,
}

/// Rows of a group that are looked up at once.
const AHEAD: usize = 256;
/// Layouts whose rows a thread remembers at once.
const LANES: usize = 8;

/// What rows of one layout are alike in: table, columns, separator; groups of rows have none.
type RowLayout = (usize, Vec<SourceColumn>, Option<u8>);

/// Rows of one source, as one thread counted them.
#[derive(Debug, Default, Clone, Copy)]
pub struct Books {
    pub read: u64,
    pub accepted: u64,
    pub quarantined: u64,
    /// Rows, whatever became of them.
    pub rows: u64,
    /// Bytes outside of valid UTF-8.
    pub bad: u64,
    /// The first value that no header names: its line and column.
    pub outside: Option<(u64, usize)>,
    /// A head with other columns stands among the rows.
    pub has_other_head: bool,
    pub unseen: Unseen,
}

/// The first line of a source on which a BIN with a wrong check digit stands, with its finding.
pub type BadBins = BTreeMap<(usize, String), (u64, Finding)>;

/// The state of one thread.
#[derive(Debug)]
pub struct Worker<'p, 'd> {
    shared: &'p Shared<'p, 'd>,
    pub deriver: Deriver<'d>,
    pub ids: Gatherer<'p>,
    tally: Tally,
    /// The one that was asked for last stands last.
    lanes: Vec<(RowLayout, Option<Lane<'d>>)>,
    readers: BTreeMap<usize, BlockRows<'p>>,
    parquet: BTreeMap<usize, (Parquet, ParquetRows<'p>)>,
    known: KnownEntries,
    ahead: Ahead,
}

/// What a thread hands over when it is done.
#[derive(Debug, Default)]
pub struct Tally {
    pub books: Vec<Books>,
    pub findings: Gathered,
    pub bad_bins: BadBins,
    pub copies: Copies,
}

impl<'p, 'd> Worker<'p, 'd> {
    pub fn new(shared: &'p Shared<'p, 'd>, deriver: Deriver<'d>, ids: Gatherer<'p>) -> Self {
        let tally = Tally { books: vec![Books::default(); shared.sources.len()], ..Tally::default() };
        Self {
            shared,
            deriver,
            ids,
            tally,
            lanes: Vec::new(),
            readers: BTreeMap::new(),
            parquet: BTreeMap::new(),
            known: KnownEntries::default(),
            ahead: Ahead::default(),
        }
    }

    /// Reads a block of a source.
    pub fn block(&mut self, index: usize, number: u64, block: &Block) -> Result<()> {
        let Shared { definitions, options, sources, .. } = *self.shared;
        let (source, before) = (&sources[index], self.tally.books[index].read);
        let table = source.found.table;
        let signs = source.signs;
        let mut reader = self
            .readers
            .remove(&index)
            .unwrap_or_else(|| BlockRows::new(source.found, &definitions.tables[table], signs, options));
        let (layout, mut lane) = self.lane(index);
        let mut ahead = std::mem::take(&mut self.ahead);
        if lane.is_some() {
            ahead.begin();
        }
        // what may be remembered: records with all columns, and nothing behind them
        let fits = |reader: &BlockRows<'_>, fields: &[(u32, u32)], bytes: usize| {
            (reader.named()..=source.columns.len()).contains(&fields.len())
                && !reader.may_be_long(bytes)
                && (fields.len() == source.columns.len()
                    || fields[reader.named()..].iter().all(|(from, to)| from == to))
        };
        let (mut at, mut line, mut cuts) = (0, block.line, block.cuts.iter().peekable());
        while at < block.bytes.len() || cuts.peek().is_some() {
            let is_cut = cuts.next_if(|cut| cut.start == at).is_some();
            let place = Place { block: number, offset: at as u64, line: line - block.line };
            let next = match &mut lane {
                Some(lane) if !is_cut && line > source.found.header_line => {
                    if !ahead.has(at) {
                        let end = cuts.peek().map_or(block.bytes.len(), |cut| cut.start);
                        let rows = (block.bytes.as_slice(), at..end, signs.separator);
                        ahead.look(rows, |fields, bytes| fits(&reader, fields, bytes), (lane, self.shared.secret));
                    }
                    match ahead.row(&block.bytes, at) {
                        Some((row, next)) => self.known_values(lane, row, index, place)?.then_some(next),
                        None => None,
                    }
                }
                _ => None,
            };
            if let Some(next) = next {
                (at, line) = (next, line + 1);
                continue;
            }
            (at, line) = reader.row(block, at, line, &mut |row| self.row(index, row, place))?;
        }
        let read = self.tally.books[index].read;
        self.shared.progress.add_rows(read - before);
        self.ahead = ahead;
        self.readers.insert(index, reader);
        self.lanes.push((layout, lane));
        Ok(())
    }

    /// What is remembered of the rows of a source, if anything may be.
    fn lane(&mut self, index: usize) -> (RowLayout, Option<Lane<'d>>) {
        let Shared { definitions, forms, options, sources, .. } = *self.shared;
        let source = &sources[index];
        if !options.pace.brief || source.absent {
            return (RowLayout::default(), None);
        }
        let separator = (!source.in_groups).then_some(source.signs.separator);
        let is_same = |((table, columns, own), _): &(RowLayout, _)| {
            *table == source.found.table && *own == separator && *columns == source.columns
        };
        if let Some(place) = self.lanes.iter().position(is_same) {
            return self.lanes.remove(place);
        }
        if self.lanes.len() >= LANES
            && let (_, Some(lane)) = self.lanes.remove(0)
        {
            lane.finish(&mut self.deriver);
        }
        let lane = Lane::new(definitions, source.found.table, forms, &source.columns);
        ((source.found.table, source.columns.clone(), separator), lane)
    }

    /// Reads a group of rows of a source; `first`: line of its first row.
    pub fn group(&mut self, index: usize, number: u64, group: usize, first: u64) -> Result<()> {
        let Shared { definitions, options, sources, .. } = *self.shared;
        let (source, before) = (&sources[index], self.tally.books[index].read);
        let table = source.found.table;
        let (parquet, mut rows) = match self.parquet.remove(&index) {
            Some(opened) => opened,
            None => (Parquet::of(source.found)?, ParquetRows::new(source.found, &definitions.tables[table], options)),
        };
        let (layout, mut lane) = self.lane(index);
        let (mut columns, mut line) = (parquet.group(group)?, 0);
        let mut known = std::mem::take(&mut self.known);
        known.forget();
        loop {
            let count = columns.advance()?;
            if count == 0 {
                break;
            }
            known.pass();
            let looks = columns.looks();
            let may_know = !looks.is_strange && !rows.may_be_long(looks.bytes);
            for at in 0..count {
                let place = Place::of_line(number, line + at as u64);
                let is_known = match &mut lane {
                    Some(lane) if may_know && (!looks.is_quoted || !columns.is_quoted(at)) => {
                        if !known.has(at) {
                            lane.look_up(&columns, at..count.min(at + AHEAD), &mut known);
                        }
                        let row = ColumnRow { group: &columns, row: at, known: &mut known };
                        self.known_values(lane, row, index, place)?
                    }
                    _ => false,
                };
                if !is_known {
                    rows.row(&columns, at, first + line + at as u64, &mut |row| self.row(index, row, place))?;
                }
            }
            line += count as u64;
        }
        self.known = known;
        drop(columns);
        let read = self.tally.books[index].read;
        self.shared.progress.add_rows(read - before);
        self.parquet.insert(index, (parquet, rows));
        self.lanes.push((layout, lane));
        Ok(())
    }

    /// Whether the row was counted by what is remembered of its like.
    fn known_values(&mut self, lane: &mut Lane<'d>, mut row: impl LaneRow, index: usize, place: Place) -> Result<bool> {
        let source = self.shared.sources[index].ledger;
        let id = lane.take(&mut row, source, self.shared.secret, &mut self.deriver)?;
        let Some(id) = id else { return Ok(false) };
        let books = &mut self.tally.books[index];
        books.read += 1;
        books.accepted += 1;
        books.rows += 1;
        self.ids.push(id, place.packed())?;
        Ok(true)
    }

    /// A row as any reader gives it.
    pub fn row(&mut self, index: usize, row: &Row<'_>, place: Place) -> Result<()> {
        let Shared { definitions, forms, sources, quarantine, .. } = *self.shared;
        let source = &sources[index];
        let (found, table) = (source.found, &definitions.tables[source.found.table]);
        self.tally.books[index].read += 1;
        self.tally.books[index].unseen.note(found, row);
        let (values, faults) = row::parse(table, definitions, found, row, forms);
        if source.absent || !faults.is_empty() {
            let refuse = |(field, fault)| refuse(definitions, found, row, field, fault);
            let findings: Vec<Finding> =
                if source.absent { Vec::new() } else { faults.into_iter().map(refuse).collect() };
            self.tally.books[index].quarantined += 1;
            quarantine.lock().unwrap_or_else(PoisonError::into_inner).add(found, source.ledger, row, &findings)?;
            self.tally.findings.extend(findings);
            return Ok(());
        }
        self.tally.books[index].accepted += 1;
        self.tally.copies.note((found, source.ledger), row, &values);
        for (bin, finding) in bad_bins(definitions, found, row, &values) {
            let first = self.tally.bad_bins.entry((source.ledger, bin)).or_insert_with(|| (row.line, finding.clone()));
            if row.line < first.0 {
                *first = (row.line, finding);
            }
        }
        let id = match (table.key.as_slice(), table.key.first().and_then(|key| table.position(key))) {
            ([_], Some(key)) => values[key].text().map(|id| fingerprint(id.as_bytes())),
            _ => None,
        };
        self.ids.push(id.unwrap_or_else(|| xxh3_64(&row::key(table, &values))), place.packed())?;
        let record = Record { found, values: &values as &[Typed<'_>], source: source.ledger, line: row.line };
        self.deriver.take(&record, &mut self.tally.findings)
    }

    /// Notices about a source that was read as a whole.
    pub fn notice(&mut self, index: usize, notices: Vec<Finding>) {
        self.tally.books[index].rows += 1;
        self.tally.findings.extend(notices);
    }

    /// Everything that was counted.
    pub fn finish(mut self) -> Result<(Deriver<'d>, Tally)> {
        for (index, reader) in self.readers {
            let finished = reader.finish();
            self.tally.books[index].rows += finished.rows;
            self.tally.books[index].bad += finished.bad;
            self.tally.books[index].has_other_head = finished.has_other_head;
            self.tally.books[index].outside = finished.outside.map(|(column, line)| (line, column));
            self.tally.findings.extend(finished.findings);
        }
        for (index, (_, rows)) in self.parquet {
            let (count, outside, findings) = rows.finish();
            self.tally.books[index].rows += count;
            self.tally.books[index].outside = outside.map(|(column, line)| (line, column));
            self.tally.findings.extend(findings);
        }
        for lane in self.lanes.into_iter().filter_map(|(_, lane)| lane) {
            lane.finish(&mut self.deriver);
        }
        self.ids.finish()?;
        Ok((self.deriver, self.tally))
    }
}
