//! One CSV record: its fields, quotes and line breaks, as the csv crate understands them.

use crate::sources::raw::{RowFault, Signs};
use memchr::memchr_iter;
use std::ops::Range;

/// A field: where it stands in the record's bytes, and where its text is.
#[derive(Debug, Clone)]
pub(crate) struct Field {
    /// In the record, with its quotes.
    pub raw: Range<usize>,
    /// In the record, or in `Record::unquoted` when quotes had to be taken out.
    pub text: Range<usize>,
    pub is_unquoted: bool,
}

/// What `Records::next` found; kept by the caller, so that its space is used again.
#[derive(Debug, Default)]
pub(crate) struct Record {
    /// Physical line where the record begins, from 1.
    pub line: u64,
    /// Offset of its first byte in the stream.
    pub offset: u64,
    pub fields: Vec<Field>,
    /// Number of fields; those over the bound are only counted.
    pub count: usize,
    pub fault: Option<RowFault>,
    pub unquoted: Vec<u8>,
    /// Where its bytes are held.
    pub bytes: Range<usize>,
}

/// How far a record reaches.
#[derive(Debug, Clone, Copy, Default)]
#[allow(clippy::struct_excessive_bools)] // answers to different questions
pub(crate) struct Scanned {
    /// Bytes, with the line end.
    pub length: usize,
    pub breaks: u64,
    /// The end was seen.
    pub complete: bool,
    /// It lies within quotes.
    pub open: bool,
    /// Quotes over a line break that close in the middle of a text, or have whole records within: they were never
    /// meant to be open.
    pub torn: bool,
    /// Text behind a closing quote.
    pub behind: bool,
}

/// Splits one record at the start of `bytes`; `last`: nothing follows them.
pub(crate) fn scan(bytes: &[u8], signs: Signs, last: bool, max_fields: usize, record: &mut Record) -> Scanned {
    let separator = signs.separator;
    record.fields.clear();
    record.unquoted.clear();
    record.count = 0;
    let mut scanned = Scanned::default();
    let mut at = 0;
    loop {
        let begin = at;
        let quotes = if bytes.get(at) == Some(&b'"') {
            quoted(bytes, at, signs.backslash)
        } else {
            Quotes { end: at, closed: true, doubled: false }
        };
        let within = count_breaks(&bytes[begin..quotes.end]);
        scanned.breaks += within;
        if !quotes.closed {
            scanned.open = true;
            scanned.length = bytes.len();
            scanned.complete = last;
            push(bytes, begin, quotes, bytes.len(), (max_fields, signs.backslash), record);
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
        let is_behind = quotes.end > begin && bytes[quotes.end..at].iter().any(|byte| !matches!(byte, b' ' | b'\t'));
        scanned.behind |= is_behind;
        scanned.torn |= within > 0 && is_behind && !signs.whole;
        push(bytes, begin, quotes, at, (max_fields, signs.backslash), record);
        match &bytes[at..] {
            [byte, ..] if *byte == separator => at += 1,
            rest => {
                let end = if rest.starts_with(b"\r\n") { 2 } else { rest.len().min(1) };
                let may_be_torn = scanned.breaks > 0 && !signs.whole;
                scanned.torn |= may_be_torn && has_records(&bytes[..at], separator, record.count);
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

/// Whether the lines of a record look like records themselves: two of them have as many separators as the whole.
fn has_records(bytes: &[u8], separator: u8, count: usize) -> bool {
    let lines = bytes.split(|byte| matches!(byte, b'\n' | b'\r'));
    let separators = lines.map(|line| memchr_iter(separator, line).count());
    let mut like: Vec<usize> = separators.filter(|own| *own > 1 && *own + 1 >= count).collect();
    like.sort_unstable();
    like.windows(2).any(|pair| pair[0] == pair[1])
}

/// A quoted field from its opening quote; quotes within are doubled, or stand behind a backslash.
fn quoted(bytes: &[u8], begin: usize, backslash: bool) -> Quotes {
    let (mut at, mut doubled) = (begin + 1, false);
    while let Some(sign) = bytes[at..].iter().position(|byte| *byte == b'"' || (backslash && *byte == b'\\')) {
        if bytes[at + sign] == b'\\' {
            doubled = true;
            at = bytes.len().min(at + sign + 2);
            continue;
        }
        at += sign + 1;
        if bytes.get(at) != Some(&b'"') {
            return Quotes { end: at, closed: true, doubled };
        }
        doubled = true;
        at += 1;
    }
    Quotes { end: bytes.len(), closed: false, doubled }
}

fn push(
    bytes: &[u8],
    begin: usize,
    quotes: Quotes,
    end: usize,
    (max_fields, backslash): (usize, bool),
    record: &mut Record,
) {
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
    let inner = &bytes[inner];
    let mut at = 0;
    while let Some(byte) = inner.get(at) {
        let next = inner.get(at + 1);
        let is_pair = match byte {
            b'"' => next == Some(&b'"'),
            b'\\' => backslash && matches!(next, Some(b'"' | b'\\')),
            _ => false,
        };
        // of a pair the second sign is the text; a quote that is left alone was open
        match (is_pair, byte, next) {
            (true, _, Some(sign)) => record.unquoted.push(*sign),
            (false, b'"', _) => {}
            _ => record.unquoted.push(*byte),
        }
        at += 1 + usize::from(is_pair);
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
