//! One thread of the pass: blocks in, everything counted in one place of its own.

use crate::definitions::Definitions;
use crate::facts::deriver::Deriver;
use crate::facts::lane::clean::{Clean, CleanRow as BriefRow, fingerprint};
use crate::facts::lane::columns::KnownEntries;
use crate::facts::lane::rules::Rules;
use crate::facts::pass::ids::Gatherer;
use crate::facts::source::{Place, Source};
use crate::records::copies::Copies;
use crate::records::quarantine::Quarantine;
use crate::records::typed::Typed;
use crate::records::unseen::Unseen;
use crate::records::{Record, bad_bins, refuse, row};
use crate::sources::Options;
use crate::sources::parquet::{Group, Parquet, ParquetRows};
use crate::sources::raw::Row;
use crate::sources::text::block_rows::BlockRows;
use crate::sources::text::blocks::Block;
use crate::sources::text::fields::Splitter;
use crate::words::finding::Finding;
use crate::words::gathered::Gathered;
use crate::words::progress::Progress;
use anyhow::Result;
use memchr::memchr;
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
}

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
    /// By table.
    clean: BTreeMap<usize, Option<Clean<'d>>>,
    readers: BTreeMap<usize, BlockRows<'p>>,
    parquet: BTreeMap<usize, (Parquet, ParquetRows<'p>)>,
    known: KnownEntries,
    splitter: Splitter,
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
            clean: BTreeMap::new(),
            readers: BTreeMap::new(),
            parquet: BTreeMap::new(),
            known: KnownEntries::default(),
            splitter: Splitter::default(),
        }
    }

    /// Reads a block of a source.
    pub fn block(&mut self, index: usize, number: u64, block: &Block) -> Result<()> {
        let Shared { definitions, options, sources, .. } = *self.shared;
        let (source, before) = (&sources[index], self.tally.books[index].read);
        let table = source.found.table;
        let separator = source.separator;
        let mut reader = self
            .readers
            .remove(&index)
            .unwrap_or_else(|| BlockRows::new(source.found, &definitions.tables[table], separator, options));
        let mut clean = self.take_clean(table);
        let short = options.pace.brief && !source.absent;
        if short {
            self.splitter.begin(&block.bytes, separator);
        }
        let (mut at, mut line, mut cuts) = (0, block.line, block.cuts.iter().peekable());
        while at < block.bytes.len() || cuts.peek().is_some() {
            let is_cut = cuts.next_if(|cut| cut.start == at).is_some();
            let place = Place { block: number, offset: at as u64, line: line - block.line };
            let next = match &mut clean {
                Some(clean) if short && !is_cut && line > source.found.header_line => {
                    self.clean_row(clean, &reader, block, (index, at), place)?
                }
                _ => None,
            };
            if let Some(next) = next {
                (at, line) = (next, line + 1);
                continue;
            }
            (at, line) = reader.row(block, at, line, &mut |row| self.row(index, row, place))?;
            if short {
                self.splitter.skip_to(at);
            }
        }
        let read = self.tally.books[index].read;
        self.shared.progress.add_rows(read - before);
        self.readers.insert(index, reader);
        self.clean.insert(table, clean);
        Ok(())
    }

    fn take_clean(&mut self, table: usize) -> Option<Clean<'d>> {
        let Shared { definitions, forms, .. } = *self.shared;
        self.clean.remove(&table).unwrap_or_else(|| {
            let in_progress = definitions.codelist("outcome").and_then(|list| list.position("in_progress"));
            let rules = Rules::new(definitions, table, forms);
            rules.map(|rules| Clean::new(rules, in_progress, table, &self.deriver))
        })
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
        let mut clean = self.take_clean(table).filter(|_| options.pace.brief && !source.absent);
        let (mut columns, mut line) = (parquet.group(group)?, 0);
        self.known.forget(source.columns.len());
        loop {
            let count = columns.advance()?;
            if count == 0 {
                break;
            }
            let looks = columns.looks();
            let clean = clean.as_mut().filter(|_| !looks.is_strange);
            let mut clean = clean.filter(|_| !rows.may_be_long(looks.bytes));
            for at in 0..count {
                let place = Place::of_line(number, line + at as u64);
                let taken = match &mut clean {
                    Some(clean) if !looks.is_quoted || !columns.is_quoted(at) => {
                        self.clean_values(clean, &columns, (index, at), place)?
                    }
                    _ => false,
                };
                if !taken {
                    rows.row(&columns, at, first + line + at as u64, &mut |row| self.row(index, row, place))?;
                }
            }
            line += count as u64;
        }
        drop(columns);
        let read = self.tally.books[index].read;
        self.shared.progress.add_rows(read - before);
        self.parquet.insert(index, (parquet, rows));
        if clean.is_some() {
            self.clean.insert(table, clean);
        }
        Ok(())
    }

    /// A row of a group, if it is plainly clean.
    fn clean_values(
        &mut self,
        clean: &mut Clean<'d>,
        columns: &Group<'_>,
        (index, at): (usize, usize),
        place: Place,
    ) -> Result<bool> {
        let source = &self.shared.sources[index];
        let values = source.columns.iter().copied().zip(columns.values(at));
        let row = clean.read_values(values, &mut self.known, source.ledger, &mut self.deriver);
        let Some(row) = row else { return Ok(false) };
        self.count_clean(clean, &row, index, place)
    }

    /// A row that is plainly clean; where the next one begins.
    fn clean_row(
        &mut self,
        clean: &mut Clean<'d>,
        reader: &BlockRows<'_>,
        block: &Block,
        (index, at): (usize, usize),
        place: Place,
    ) -> Result<Option<usize>> {
        let source = &self.shared.sources[index];
        let Some(next) = self.splitter.split(&block.bytes, at, source.separator) else { return Ok(None) };
        let count = self.splitter.fields.len();
        if count < reader.named
            || count > source.columns.len()
            || reader.may_be_long(next - at)
            || memchr(0, &block.bytes[at..next]).is_some()
        {
            return Ok(None);
        }
        let texts = self.splitter.fields.iter().map(|(from, to)| &block.bytes[*from as usize..*to as usize]);
        let cells = source.columns.iter().copied().zip(texts);
        let row = clean.read(cells, source.ledger, &mut self.deriver);
        let Some(row) = row else { return Ok(None) };
        Ok(self.count_clean(clean, &row, index, place)?.then_some(next))
    }

    fn count_clean(&mut self, clean: &Clean<'d>, row: &BriefRow, index: usize, place: Place) -> Result<bool> {
        if self.deriver.asked.may_want(row.id) || !self.deriver.take_brief(&row.brief, clean.is_refusal())? {
            return Ok(false);
        }
        let books = &mut self.tally.books[index];
        books.read += 1;
        books.accepted += 1;
        books.rows += 1;
        self.ids.push(row.id, place.packed())?;
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
        self.ids.finish()?;
        Ok((self.deriver, self.tally))
    }
}
