//! The one pass over services and refusals, on all processors, in bounded memory.
//!
//! One thread reads blocks of whole records; others turn them into facts. A row whose like was met before is counted by what the
//! way of all tables (`records`) answered of it (`lane`); any other goes that way. Repeats of ids are looked
//! for at the end among fingerprints (`ids`); only rows that may be repeats are read again (`repeats`).

pub mod ids;
pub mod ahead;
pub mod worker;
pub mod repeats;

use crate::facts::deriver::Deriver;
use crate::facts::pass::ids::Ids;
use crate::facts::pass::repeats::Repeats;
use crate::facts::pass::worker::{BadBins, Books, Shared, Tally, Worker};
use crate::facts::source::{BLOCKS, BlockPlace, Place, Source};
use crate::records::Reader;
use crate::records::quarantine::Quarantine;
use crate::records::unseen::Unseen;
use crate::sources;
use crate::sources::SourceFile;
use crate::sources::observed::Seen;
use crate::sources::packed::Fault as PackFault;
use crate::sources::parquet::Parquet;
use crate::sources::raw::{Format, FoundTable};
use crate::sources::rows::{without_header, without_rows};
use crate::sources::text::blocks::{Block, Blocks};
use crate::values::abreast::processors;
use crate::values::digest;
use crate::values::digest::Secret;
use crate::words::failure::{Halt, OrHalt};
use crate::words::progress::Progress;
use anyhow::{Result, ensure};
use std::collections::BTreeSet;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::sync::{Mutex, PoisonError};

/// Blocks that wait for a thread.
const WAITING: usize = 2;

/// A block on its way to a thread.
struct Task {
    source: usize,
    number: u64,
    piece: WorkPiece,
}

/// What a thread reads at once.
enum WorkPiece {
    Block(Block),
    /// A group of rows, and the line of its first row.
    Group(usize, u64),
}

/// Why all must be read again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Again {
    /// A file that was only glanced at is not what its beginning promised.
    Whole,
    /// Among the rows of a text stands a head with other columns.
    InOrder,
}

/// Reads tables of services and refusals, in the order of reading; temporary files go into `scratch`. Fingerprints of
/// files that were only glanced at are filled in.
///
/// # Errors
/// A source cannot be read, or the temporary files cannot be written.
pub fn read<'d>(
    reader: &mut Reader<'d>,
    deriver: &mut Deriver<'d>,
    tables: &[FoundTable],
    files: &mut [SourceFile],
    progress: &Progress,
    scratch: &Path,
) -> Result<Option<Again>> {
    let unread: BTreeSet<PathBuf> =
        files.iter().filter(|file| file.sha256.is_empty()).map(|file| file.path.clone()).collect();
    let sources: Vec<Source<'_>> = tables
        .iter()
        .map(|found| {
            let (ledger, absent) = reader.open(found);
            Source::new(found, ledger, absent, unread.contains(&found.path), reader.options.pace.in_order)
        })
        .collect();
    let ids = Ids::new(scratch);
    let threads = threads(reader.options.pace.threads);
    let mut quarantine = std::mem::replace(&mut reader.quarantine, Quarantine::new(scratch));
    let read = read_all(reader, deriver, &sources, &ids, &mut quarantine, threads, progress);
    reader.quarantine = quarantine;
    let (tallies, Handed { blocks, seen }) = match read {
        // what is wrong with a packed file is told by whoever looks at the whole of it
        Err(error) if !unread.is_empty() && PackFault::within(&error) => return Ok(Some(Again::Whole)),
        read => read?,
    };
    if tallies.iter().any(|tally| tally.books.iter().any(|books| books.has_other_head)) {
        return Ok(Some(Again::InOrder));
    }
    for (index, seen) in seen {
        let bad = tallies.iter().map(|tally| tally.books[index].bad).sum();
        let file = files.iter_mut().find(|file| file.path == sources[index].found.path);
        if !seen.is_utf8(bad) {
            return Ok(Some(Again::Whole));
        }
        if let Some(file) = file {
            let bytes = seen.bytes;
            if let Some(sha256) = seen.sha256() {
                (file.bytes, file.sha256) = (bytes, sha256);
            } else {
                let unreadable = || Halt::reading(&file.name);
                file.sha256 = digest::sha256(File::open(&file.path).or_halt(unreadable)?).or_halt(unreadable)?;
            }
        }
    }
    for file in files.iter_mut().filter(|file| file.sha256.is_empty()) {
        let unreadable = || Halt::reading(&file.name);
        if sources.iter().any(|source| source.found.format == Format::Parquet && source.found.path == file.path) {
            file.sha256 = digest::sha256(File::open(&file.path).or_halt(unreadable)?).or_halt(unreadable)?;
        }
    }
    let bad_bins = merge(reader, &sources, tallies);
    let repeated = ids.repeated(threads)?;
    let mut repeats = Repeats::new(reader, deriver, &sources);
    repeats.judge(&repeated, &blocks)?;
    repeats.settle_bins(bad_bins)?;
    sources.iter().try_for_each(|source| reader.close(source.ledger)).map(|()| None)
}

fn threads(asked: usize) -> usize {
    if asked > 0 { asked } else { processors() }
}

/// What the reading thread knows at the end: where the blocks stood, and what files turned out to be.
#[derive(Default)]
struct Handed {
    blocks: Vec<BlockPlace>,
    seen: Vec<(usize, Seen)>,
}

/// Every source once; what each thread counted, and what was handed out.
fn read_all<'d>(
    reader: &Reader<'d>,
    deriver: &mut Deriver<'d>,
    sources: &[Source<'_>],
    ids: &Ids,
    quarantine: &mut Quarantine,
    threads: usize,
    progress: &Progress,
) -> Result<(Vec<Tally>, Handed)> {
    let quarantine = Mutex::new(quarantine);
    let Reader { definitions, forms, options, .. } = reader;
    let secret = Secret::new();
    let shared = Shared { definitions, forms, options, sources, quarantine: &quarantine, progress, secret: &secret };
    let (send, receive) = sync_channel::<Task>(threads * WAITING);
    let (give_back, spare) = channel::<Block>();
    let receive = Mutex::new(receive);
    let (workers, own, handed) = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|_| {
                let worker = Worker::new(&shared, deriver.fork(), ids.gatherer());
                let (receive, give_back) = (&receive, give_back.clone());
                scope.spawn(move || work(worker, receive, &give_back))
            })
            .collect();
        let mut own = Worker::new(&shared, deriver.fork(), ids.gatherer());
        let handed = hand_out(&shared, &send, &spare, &mut own);
        drop(send);
        let joined = workers.into_iter().map(std::thread::ScopedJoinHandle::join);
        let workers: Vec<_> =
            joined.map(|worker| worker.unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect();
        (workers, own.finish(), handed)
    });
    let mut tallies = Vec::new();
    for worker in workers.into_iter().chain([own]) {
        let (fork, tally) = worker?;
        deriver.absorb(fork)?;
        tallies.push(tally);
    }
    Ok((tallies, handed?))
}

/// One thread, until nothing is left.
fn work<'d>(
    mut worker: Worker<'_, 'd>,
    receive: &Mutex<Receiver<Task>>,
    give_back: &Sender<Block>,
) -> Result<(Deriver<'d>, Tally)> {
    let mut fault = None;
    loop {
        let task = receive.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(Task { source, number, piece }) = task else { break };
        // after a fault blocks are only taken away, so that the reading thread does not wait for ever
        let is_sound = fault.is_none();
        match piece {
            WorkPiece::Block(block) => {
                fault = if is_sound { worker.block(source, number, &block).err() } else { fault };
                let _ = give_back.send(block);
            }
            WorkPiece::Group(group, first) if is_sound => fault = worker.group(source, number, group, first).err(),
            WorkPiece::Group(..) => {}
        }
    }
    fault.map_or_else(|| worker.finish(), Err)
}

/// Reads the sources one after another; sources that are not read in blocks are counted by `own`.
fn hand_out(
    shared: &Shared<'_, '_>,
    send: &SyncSender<Task>,
    spare: &Receiver<Block>,
    own: &mut Worker<'_, '_>,
) -> Result<Handed> {
    let mut handed = Handed::default();
    for (index, source) in shared.sources.iter().enumerate() {
        ensure!((handed.blocks.len() as u64) < BLOCKS, Halt::new("fault_too_large").at(&source.found.name));
        if source.in_groups {
            if !hand_out_groups(shared, send, index, &mut handed)? {
                return Ok(handed);
            }
            continue;
        }
        if !source.in_blocks {
            let number = handed.blocks.len() as u64;
            handed.blocks.push(BlockPlace { source: index, offset: 0, line: 0 });
            let table = &shared.definitions.tables[source.found.table];
            let notices = sources::read(source.found, table, shared.options, &mut |row| {
                own.row(index, row, Place::of_line(number, row.line))
            })?;
            own.notice(index, notices);
            continue;
        }
        let unreadable = || Halt::reading(&source.found.name);
        let options = shared.options;
        let opened =
            Blocks::open(&source.found.path, source.signs, &options.bounds, options.pace.block_bytes, source.glanced);
        let mut blocks = opened.or_halt(unreadable)?;
        let mut position = 0;
        while let Some(block) = blocks.next(spare.try_recv().unwrap_or_default()).or_halt(unreadable)? {
            let number = handed.blocks.len() as u64;
            ensure!(number < BLOCKS, Halt::new("fault_too_large").at(&source.found.name));
            handed.blocks.push(BlockPlace { source: index, offset: block.offset, line: block.line });
            let before = std::mem::replace(&mut position, blocks.file_position());
            shared.progress.add_bytes(position.saturating_sub(before));
            if send.send(Task { source: index, number, piece: WorkPiece::Block(block) }).is_err() {
                return Ok(handed); // no thread is left: each says why
            }
        }
        handed.seen.extend(blocks.seen().map(|seen| (index, seen)));
    }
    Ok(handed)
}

/// The groups of rows of one source; `false`: no thread is left.
fn hand_out_groups(
    shared: &Shared<'_, '_>,
    send: &SyncSender<Task>,
    index: usize,
    handed: &mut Handed,
) -> Result<bool> {
    let found = shared.sources[index].found;
    let parquet = Parquet::of(found).or_halt(|| Halt::reading(&found.name))?;
    let mut first = 1;
    for group in 0..parquet.groups() {
        let number = handed.blocks.len() as u64;
        ensure!(number < BLOCKS, Halt::new("fault_too_large").at(&found.name));
        handed.blocks.push(BlockPlace { source: index, offset: 0, line: first });
        shared.progress.add_bytes(parquet.bytes(group));
        if send.send(Task { source: index, number, piece: WorkPiece::Group(group, first) }).is_err() {
            return Ok(false);
        }
        first += parquet.rows(group);
    }
    Ok(true)
}

/// Adds up what the threads counted; the order of threads changes nothing.
fn merge(reader: &mut Reader<'_>, sources: &[Source<'_>], tallies: Vec<Tally>) -> BadBins {
    let mut bad_bins = BadBins::new();
    let mut rows = vec![0; sources.len()];
    let mut outside: Vec<Option<(u64, usize)>> = vec![None; sources.len()];
    let mut unseen = vec![Unseen::default(); sources.len()];
    for tally in tallies {
        for (index, (source, books)) in sources.iter().zip(tally.books).enumerate() {
            let Books { read, accepted, quarantined, rows: own, outside: met, .. } = books;
            outside[index] = [outside[index], met].into_iter().flatten().min();
            unseen[index].join(books.unseen);
            let line = &mut reader.ledger[source.ledger];
            line.read += read;
            line.accepted += accepted;
            line.quarantined += quarantined;
            rows[index] += own;
        }
        reader.findings.absorb(tally.findings);
        reader.copies.join(tally.copies);
        for (place, first) in tally.bad_bins {
            let known = bad_bins.entry(place).or_insert_with(|| first.clone());
            if first.0 < known.0 {
                *known = first;
            }
        }
    }
    let empty = sources.iter().zip(rows).filter(|(source, rows)| (source.in_blocks || source.in_groups) && *rows == 0);
    let empty = empty.filter(|(source, _)| !source.found.is_rest);
    reader.findings.extend(empty.map(|(source, _)| without_rows(source.found)));
    let outside = sources.iter().zip(outside).filter_map(|(source, met)| Some((source.found, met?)));
    reader.findings.extend(outside.map(|(found, (line, column))| without_header(found, column, line)));
    let tables = &reader.definitions.tables;
    let unseen = sources.iter().zip(unseen);
    reader.findings.extend(unseen.filter_map(|(source, own)| own.tell(source.found, &tables[source.found.table])));
    bad_bins
}
