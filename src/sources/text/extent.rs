//! Where a record ends, and what is wrong with how it does: one answer for all who read texts.

use crate::sources::bounds::Bounds;
use crate::sources::raw::{RowFault, Signs};
use crate::sources::text::scan::{Record, scan};
use memchr::{memchr, memchr_iter, memchr2};

/// The extent of a record.
#[derive(Debug)]
pub(crate) enum Extent {
    /// Bytes with the line end, and what is wrong with it.
    Whole(usize, Option<RowFault>),
    /// Its first line alone is longer than the bound.
    LongLine,
    /// More must be read to tell.
    Open,
}

/// Finds the end of the record at the start of `bytes`; fields go to `record`. `ended`: nothing follows them.
pub(crate) fn delimit(bytes: &[u8], ended: bool, signs: Signs, bounds: &Bounds, record: &mut Record) -> Extent {
    let line_bytes = bounds.line_bytes.max(16);
    let reach = bytes.len().min(line_bytes);
    let last = ended && reach == bytes.len();
    let scanned = scan(&bytes[..reach], signs, last, bounds.fields, record);
    if !scanned.complete && !last && bytes.len() <= line_bytes {
        return Extent::Open;
    }
    if scanned.complete && !scanned.open && !scanned.torn {
        return Extent::Whole(scanned.length, scanned.behind.then_some(RowFault::BehindQuote));
    }
    let Some(line) = memchr2(b'\n', b'\r', &bytes[..reach]).or(last.then_some(bytes.len())) else {
        return Extent::LongLine;
    };
    scan(&bytes[..line], signs, true, bounds.fields, record);
    let torn = scanned.open || scanned.torn;
    let fault = if torn { RowFault::OpenQuote } else { RowFault::TooLong { bytes: line } };
    match line_end(&bytes[line..], ended) {
        Some(end) => Extent::Whole(line + end, Some(fault)),
        None => Extent::Open,
    }
}

/// Length of the line end; `None` when it may go on.
pub(crate) fn line_end(bytes: &[u8], ended: bool) -> Option<usize> {
    match bytes {
        [b'\r', b'\n', ..] => Some(2),
        [b'\r'] if !ended => None,
        [] => Some(0),
        _ => Some(1),
    }
}

/// Physical line ends: LF, CR LF, or CR alone.
pub(crate) fn count_lines(bytes: &[u8]) -> u64 {
    let feeds = memchr_iter(b'\n', bytes).count();
    let lone = |at: &usize| bytes.get(at + 1) != Some(&b'\n');
    let carriages = if memchr(b'\r', bytes).is_some() { memchr_iter(b'\r', bytes).filter(lone).count() } else { 0 };
    (feeds + carriages) as u64
}
