//! Rows of a block that are split ahead of their turn, so that what is known of their spans is asked of many at once.

use crate::facts::lane::cache::Lane;
use crate::facts::lane::span::{ASK, LaneRow};
use crate::sources::text::fields::{Splitter, unquoted};
use crate::values::digest::Secret;
use crate::values::moment::{Moment, plain};
use std::ops::Range;

/// Rows that are split at once: what is kept of them stays in the processor's nearest cache.
const ROWS: usize = 32;

/// Splits the rows of a block.
#[derive(Debug, Default)]
pub struct Ahead {
    splitter: Splitter,
    rows: Vec<SplitRow>,
    fields: Vec<(u32, u32)>,
    /// Entries of the spans of each row.
    known: Vec<u32>,
    /// The row whose turn it is.
    turn: usize,
}

/// A row that was split: where it stands, and where its fields end among those of all.
#[derive(Debug)]
struct SplitRow {
    place: Range<usize>,
    fields: Range<usize>,
}

impl Ahead {
    /// Begins a block.
    pub fn begin(&mut self) {
        self.splitter.go_to(0);
        self.rows.clear();
        self.turn = 0;
    }

    /// Splits the rows from a place on, as far as they are plain and fit.
    pub fn look(
        &mut self,
        (bytes, places, separator): (&[u8], Range<usize>, u8),
        fits: impl Fn(&[(u32, u32)], usize) -> bool,
        (lane, secret): (&mut Lane<'_>, &Secret),
    ) {
        self.rows.clear();
        self.fields.clear();
        self.turn = 0;
        self.splitter.go_to(places.start);
        let mut start = places.start;
        while self.rows.len() < ROWS && start < places.end {
            let Some(end) = self.splitter.split(bytes, start, separator) else { break };
            if !fits(&self.splitter.fields, end - start) {
                break;
            }
            let first = self.fields.len();
            self.fields.extend_from_slice(&self.splitter.fields);
            self.rows.push(SplitRow { place: start..end, fields: first..self.fields.len() });
            start = end;
        }
        let row = |row: &SplitRow| TextRow { bytes, fields: &self.fields[row.fields.clone()], known: &[] };
        lane.look_ahead(self.rows.iter().map(row), secret, &mut self.known);
    }

    /// Whether the row at a place was split.
    pub fn has(&self, place: usize) -> bool {
        self.rows.get(self.turn).is_some_and(|row| row.place.start == place)
    }

    /// The row at a place, if it was split, and where the next one begins.
    pub fn row<'a>(&'a mut self, bytes: &'a [u8], place: usize) -> Option<(TextRow<'a>, usize)> {
        if !self.has(place) {
            return None;
        }
        let (row, spans) = (&self.rows[self.turn], self.known.len() / self.rows.len());
        let known = &self.known[self.turn * spans..][..spans];
        self.turn += 1;
        Some((TextRow { bytes, fields: &self.fields[row.fields.clone()], known }, row.place.end))
    }
}

/// A record of a block.
pub struct TextRow<'b> {
    bytes: &'b [u8],
    fields: &'b [(u32, u32)],
    /// Entries of its spans.
    known: &'b [u32],
}

impl TextRow<'_> {
    #[inline]
    fn field(&self, column: usize) -> &[u8] {
        self.fields.get(column).map_or(b"", |(from, to)| &self.bytes[*from as usize..*to as usize])
    }
}

impl LaneRow for TextRow<'_> {
    #[inline]
    fn known(&mut self, span: usize) -> Option<u32> {
        self.known.get(span).copied().filter(|entry| *entry != ASK)
    }

    #[inline]
    fn print(&mut self, columns: &Range<usize>, secret: &Secret) -> u128 {
        let (first, last) = (self.fields[columns.start], self.fields[columns.end - 1]);
        secret.print(&self.bytes[first.0 as usize..last.1 as usize])
    }

    fn text<'t>(&'t self, column: usize, space: &'t mut Vec<u8>) -> &'t [u8] {
        unquoted(self.field(column), space)
    }

    #[inline]
    fn moment(&self, column: usize) -> Option<Moment> {
        let field = self.field(column);
        let inner = field.strip_prefix(b"\"").and_then(|field| field.strip_suffix(b"\""));
        plain(inner.unwrap_or(field))
    }

    #[inline]
    fn is_empty(&self, column: usize) -> bool {
        self.field(column).is_empty()
    }
}
