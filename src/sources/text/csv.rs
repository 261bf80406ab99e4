//! CSV files as rows: decoded, with exact lines and offsets, in bounded memory.

use crate::definitions::record::Table;
use crate::sources::header::{HEAD_ROWS, HeadRow};
use crate::sources::options::Options;
use crate::sources::packed::Unpacked;
use crate::sources::raw::{Encoding, FoundTable, Raw, Row, Signs};
use crate::sources::rows;
use crate::sources::rows::{Sieve, reuse};
use crate::sources::text::scan::{Field, Record};
use crate::sources::text::single_byte::Letters;
use crate::sources::text::split::Records;
use crate::sources::text::utf16::Utf16;
use crate::words::failure::{Halt, OrHalt};
use crate::words::finding::Finding;
use anyhow::Result;
use std::io::{self, Read};
use std::ops::Range;
use std::path::Path;

/// The bytes of a file, in an encoding in which ASCII is ASCII.
pub(crate) enum Source {
    Plain(Unpacked),
    Utf16(Box<Utf16<Unpacked>>),
}

impl Read for Source {
    fn read(&mut self, space: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(file) => file.read(space),
            Self::Utf16(text) => text.read(space),
        }
    }
}

pub(crate) fn open(
    path: &Path,
    encoding: Encoding,
    signs: impl Into<Signs>,
    options: &Options,
) -> io::Result<Records<Source>> {
    let mut file = Unpacked::open(path, &options.bounds)?;
    let offset = file.skip_mark(encoding.mark().unwrap_or_default())?;
    let source = match encoding {
        Encoding::Utf16Le | Encoding::Utf16Be => {
            Source::Utf16(Box::new(Utf16::new(file, encoding == Encoding::Utf16Le, offset)))
        }
        _ => Source::Plain(file),
    };
    // offsets within UTF-16 are kept by its decoder
    let offset = if matches!(source, Source::Utf16(_)) { 0 } else { offset };
    Ok(Records::new(source, signs, &options.bounds, offset))
}

/// The first rows that are not blank, as text.
pub(crate) fn head(path: &Path, encoding: Encoding, separator: u8, options: &Options) -> io::Result<Vec<HeadRow>> {
    let mut records = open(path, encoding, separator, options)?;
    let mut decoder = Decoder::new(encoding);
    let mut record = Record::default();
    let mut rows = Vec::new();
    while rows.len() < HEAD_ROWS && records.next(&mut record)? {
        let mut cells = Vec::new();
        decoder.decode(&records, &record, &mut cells);
        if !rows::is_blank(&cells) {
            let cells = cells.iter().map(shown).chain((cells.len()..record.count).map(|_| String::new())).collect();
            rows.push(HeadRow { line: record.line, cells });
        }
    }
    Ok(rows)
}

fn shown(cell: &Raw<'_>) -> String {
    match cell {
        Raw::Text(text) => (*text).to_owned(),
        Raw::BadBytes(bytes, _) => bytes.escape_ascii().to_string(),
        _ => String::new(),
    }
}

/// Streams the rows after the header.
pub(crate) fn read(
    found: &FoundTable,
    definition: &Table,
    (encoding, signs): (Encoding, Signs),
    options: &Options,
    sink: &mut dyn FnMut(&Row<'_>) -> Result<()>,
) -> Result<Vec<Finding>> {
    let unreadable = || Halt::reading(&found.name);
    let mut records = open(&found.path, encoding, signs, options).or_halt(unreadable)?;
    let mut decoder = Decoder::new(encoding);
    let mut record = Record::default();
    let mut spare: Vec<Raw<'static>> = Vec::new();
    let mut sieve = Sieve::new(found, definition);
    while records.next(&mut record).or_halt(unreadable)? {
        if record.line != found.header_line {
            let mut cells = reuse(spare);
            decoder.decode(&records, &record, &mut cells);
            sieve.record(record.line, (&cells, record.count), record.fault.clone(), sink)?;
            spare = reuse(cells);
        }
        if let Source::Utf16(text) = &mut records.source {
            text.forget_before(record.offset);
        }
    }
    Ok(sieve.finish())
}

/// Bytes to text, field by field; bytes that are no text stay bytes.
struct Decoder {
    letters: Option<Letters>,
    text: String,
    spans: Vec<Option<Range<usize>>>,
}

impl Decoder {
    fn new(encoding: Encoding) -> Self {
        Self { letters: Letters::of(encoding), text: String::new(), spans: Vec::new() }
    }

    fn decode<'a>(&'a mut self, records: &'a Records<Source>, record: &'a Record, cells: &mut Vec<Raw<'a>>) {
        let bytes = records.bytes(record);
        if self.letters.is_some() && !(bytes.is_ascii() && record.unquoted.is_ascii()) {
            return self.decode_letters(bytes, record, cells);
        }
        // zero bytes are ASCII, but no text
        let is_text = |text: &&str| !text.contains('\0');
        let (line, unquoted) = (std::str::from_utf8(bytes).ok(), std::str::from_utf8(&record.unquoted).ok());
        for field in &record.fields {
            let whole = if field.is_unquoted { unquoted } else { line };
            // of a record with bad bytes the other fields are still text
            let part = match whole {
                Some(whole) => whole.get(field.text.clone()),
                None => std::str::from_utf8(stored(field, bytes, record)).ok(),
            };
            cells.push(part.filter(is_text).map_or_else(|| bad(records, record, field, bytes), text));
        }
    }

    /// One byte a letter. All text of the record is decoded into one string, which the cells then share.
    fn decode_letters<'a>(&'a mut self, bytes: &'a [u8], record: &'a Record, cells: &mut Vec<Raw<'a>>) {
        let Some(letters) = &self.letters else { return };
        self.text.clear();
        self.spans.clear();
        for field in &record.fields {
            let start = self.text.len();
            let decoded = letters.decode(stored(field, bytes, record), &mut self.text);
            self.spans.push(decoded.is_ok().then_some(start..self.text.len()));
        }
        for (field, span) in record.fields.iter().zip(&self.spans) {
            cells.push(span.as_ref().map_or_else(
                || {
                    let raw = &bytes[field.raw.clone()];
                    let at = raw.iter().position(|byte| letters.of_byte(*byte).is_none()).unwrap_or_default();
                    Raw::BadBytes(raw, record.offset + (field.raw.start + at) as u64)
                },
                |span| text(&self.text[span.clone()]),
            ));
        }
    }
}

fn stored<'a>(field: &Field, bytes: &'a [u8], record: &'a Record) -> &'a [u8] {
    let source = if field.is_unquoted { &record.unquoted } else { bytes };
    &source[field.text.clone()]
}

fn text(text: &str) -> Raw<'_> {
    if text.is_empty() { Raw::Empty } else { Raw::Text(text) }
}

fn bad<'a>(records: &Records<Source>, record: &Record, field: &Field, bytes: &'a [u8]) -> Raw<'a> {
    let raw = &bytes[field.raw.clone()];
    let zero = raw.iter().position(|byte| *byte == 0);
    let invalid = std::str::from_utf8(raw).err().map(|fault| fault.valid_up_to());
    let at = zero.into_iter().chain(invalid).min().unwrap_or(raw.len());
    let offset = record.offset + (field.raw.start + at) as u64;
    Raw::BadBytes(raw, if let Source::Utf16(text) = &records.source { text.offset_of(offset) } else { offset })
}
