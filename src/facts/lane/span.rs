//! Fields of a row that stand side by side, looked up as one: few rows have any that others have not.

use crate::definitions::Definitions;
use crate::definitions::record::{Field, Table};
use crate::facts::deriver::Deriver;
use crate::facts::results::{PARTIES, QUANTITY};
use crate::records::row;
use crate::records::typed::{Typed, has_unseen};
use crate::sources::raw::Raw;
use crate::values::business_number;
use crate::values::digest::{QuickHash, Secret};
use memchr::memchr;
use std::collections::HashMap;
use std::ops::Range;

/// Entries of a span; rows with further ones go the road.
const ENTRIES: usize = 1 << 16;
/// The entry of what is not plainly clean.
const UNCLEAN: u32 = u32::MAX;
/// No entry: the row is to be asked for its texts.
pub const ASK: u32 = UNCLEAN;

/// A row as the lane reads it.
pub trait LaneRow {
    /// The entry of a span, by its place, where it was looked up ahead.
    fn known(&mut self, span: usize) -> Option<u32>;

    /// Remembers the entry of a span.
    fn keep(&mut self, _span: usize, _columns: &Range<usize>, _entry: u32) {}

    /// The fingerprint of fields that stand side by side.
    fn print(&mut self, columns: &Range<usize>, secret: &Secret) -> u128;
    /// The text of a field; a number is printed into the space.
    fn text<'t>(&'t self, column: usize, space: &'t mut Vec<u8>) -> &'t [u8];
    /// The moment of a field that is plainly one.
    fn moment(&self, column: usize) -> Option<crate::values::moment::Moment>;
    fn is_empty(&self, column: usize) -> bool;
}

/// The span that a field belongs to, by position in `PARTIES`; behind them the quantity, and all that has codes.
pub fn kind(field: &str) -> usize {
    let parties = [0, 2, 3].into_iter().find(|party| PARTIES[*party].contains(&field));
    parties.unwrap_or(PARTIES.len() + usize::from(field == QUANTITY))
}

/// Fields that stand side by side, and what they meant so far.
#[derive(Debug)]
pub struct LaneSpan {
    pub columns: Range<usize>,
    /// The field of each column.
    pub fields: Vec<usize>,
    known: HashMap<u128, u32, QuickHash>,
    entries: Vec<SpanEntry>,
    values: Vec<Box<[Typed<'static>]>>,
    /// What tells kinds of rows apart → its number.
    kinds: HashMap<Vec<u8>, u16>,
}

/// What the fields of a span mean.
#[derive(Debug, Clone)]
pub struct SpanEntry {
    /// Entries that differ only in parties and quantity have the same.
    pub kind: u16,
    /// No check digit is wrong.
    pub is_sound: bool,
    /// The deriver's numbers of parties that are named within the span.
    pub parties: [u32; 4],
    pub quantity: i64,
    /// Rows that were counted.
    pub rows: i64,
}

impl LaneSpan {
    pub fn new(column: usize) -> Self {
        Self {
            columns: column..column,
            fields: Vec::new(),
            known: HashMap::default(),
            entries: Vec::new(),
            values: Vec::new(),
            kinds: HashMap::new(),
        }
    }

    /// The number of what stands in a row; `None`: not plainly clean.
    #[inline]
    pub fn find(
        &mut self,
        (row, place): (&mut impl LaneRow, usize),
        secret: &Secret,
        asked: (&Table, &Definitions, &[String]),
        (table, deriver): (usize, &mut Deriver<'_>),
    ) -> Option<u32> {
        if let Some(known) = row.known(place) {
            return Some(known);
        }
        let print = row.print(&self.columns, secret);
        let known = match self.known.get(&print) {
            Some(known) => *known,
            None if self.known.len() >= ENTRIES => UNCLEAN,
            None => {
                let entry = self.learn(row, asked, (table, deriver)).unwrap_or(UNCLEAN);
                self.known.insert(print, entry);
                entry
            }
        };
        if known == UNCLEAN {
            return None;
        }
        row.keep(place, &self.columns, known);
        Some(known)
    }

    /// The entry of a fingerprint, where it is known.
    #[inline]
    pub fn look_up(&self, print: u128) -> u32 {
        self.known.get(&print).copied().unwrap_or(ASK)
    }

    /// Whether nothing is to be told of an entry.
    #[inline]
    pub fn is_quiet(&self, entry: u32) -> bool {
        self.entries.get(entry as usize).is_some_and(|entry| entry.is_sound)
    }

    #[cold]
    fn learn(
        &mut self,
        row: &impl LaneRow,
        (definition, definitions, forms): (&Table, &Definitions, &[String]),
        (table, deriver): (usize, &mut Deriver<'_>),
    ) -> Option<u32> {
        let mut values = Vec::with_capacity(self.fields.len());
        for (field, column) in self.fields.iter().zip(self.columns.clone()) {
            let mut space = Vec::new();
            let raw = plain_raw(row.text(column, &mut space))?;
            values.push(row::into_owned(row::value((definition, definitions), *field, &raw, forms).ok()?));
        }
        let (mut kind, mut is_sound, mut quantity) = (Vec::new(), true, 0);
        let mut whole = vec![Typed::Missing; definition.fields.len()];
        for (field, value) in self.fields.iter().zip(&values) {
            let Field { name, bin, .. } = &definition.fields[*field];
            whole[*field] = value.clone();
            is_sound &= !bin || value.text().is_none_or(business_number::is_sound);
            if name == QUANTITY {
                quantity = value.integer()?;
            } else if PARTIES.iter().any(|fields| fields.contains(&name.as_str())) {
                kind.push(u8::from(value.is_missing()));
            } else {
                row::append(value, &mut kind);
            }
        }
        let next = u16::try_from(self.kinds.len() + 1).ok()?;
        let kind = *self.kinds.entry(kind).or_insert(next);
        let fact = deriver.parties(table, &whole, 0);
        let parties = [fact.service, fact.system, fact.provider, fact.unit];
        self.entries.push(SpanEntry { kind, is_sound, parties, quantity, rows: 0 });
        self.values.push(values.into());
        u32::try_from(self.entries.len() - 1).ok()
    }

    pub fn entry(&self, number: u32) -> &SpanEntry {
        &self.entries[number as usize]
    }

    /// Notes that a row was counted.
    #[inline]
    pub fn count(&mut self, number: u32) {
        self.entries[number as usize].rows += 1;
    }

    /// Puts the values of an entry into those of a row.
    pub fn fill(&self, number: u32, values: &mut [Typed<'static>]) {
        for (field, value) in self.fields.iter().zip(&self.values[number as usize]) {
            values[*field] = value.clone();
        }
    }

    pub fn entries(&self) -> &[SpanEntry] {
        &self.entries
    }
}

/// A text that is one; signs that nobody sees are told: their rows go the road.
pub fn plain_raw(bytes: &[u8]) -> Option<Raw<'_>> {
    let text = std::str::from_utf8(bytes).ok().filter(|text| memchr(0, bytes).is_none() && !has_unseen(text))?;
    Some(if text.is_empty() { Raw::Empty } else { Raw::Text(text) })
}
