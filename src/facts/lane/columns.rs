//! Rows of columns: which texts entries of dictionaries are is asked once a group of rows.

use crate::facts::lane::span::{ASK, LaneRow};
use crate::sources::parquet::Group;
use crate::values::digest::{QuickHash, Secret};
use crate::values::moment::Moment;
use std::collections::HashMap;
use std::ops::Range;

/// Keys of a span that have a place each; of more only those that were met are kept.
const PLACES: u64 = 1 << 16;

/// A row of a group.
pub struct ColumnRow<'g, 'p> {
    pub group: &'g Group<'p>,
    pub row: usize,
    pub known: &'g mut KnownEntries,
}

/// Entries of spans by the entries of dictionaries that stand in them, in one group of rows.
#[derive(Debug, Default)]
pub struct KnownEntries {
    spans: Vec<KnownSpan>,
    /// Rows that were looked up at once, and the entries of their spans.
    rows: Range<usize>,
    found: Vec<u32>,
    keys: SpanKeys,
    texts: Vec<u8>,
}

/// Entries of one span.
#[derive(Debug, Default)]
struct KnownSpan {
    sizes: Vec<u64>,
    /// By key, where keys are few: the entry and one.
    places: Vec<u32>,
    others: HashMap<u64, u32, QuickHash>,
}

/// What stands in a span of some rows, as a number each.
#[derive(Debug, Default)]
struct SpanKeys {
    /// By column, entries of its dictionary, and one for missing values: the same keys mean the same while these last.
    sizes: Vec<u64>,
    keys: Vec<u64>,
}

impl SpanKeys {
    /// How many keys there may be; `None`: some column has no dictionary.
    fn take(&mut self, group: &Group<'_>, columns: Range<usize>, rows: Range<usize>) -> Option<u64> {
        let Self { sizes, keys } = self;
        sizes.clear();
        keys.clear();
        keys.resize(rows.len(), 0);
        let mut all = 1_u64;
        for column in columns {
            let (codes, known) = group.codes(column, rows.clone())?;
            let size = known as u64 + 1;
            all = all.checked_mul(size)?;
            sizes.push(size);
            for (key, code) in keys.iter_mut().zip(codes) {
                *key = *key * size + u64::from(*code).min(size - 1);
            }
        }
        Some(all)
    }
}

impl KnownSpan {
    fn get(&self, key: u64) -> Option<u32> {
        if self.places.is_empty() {
            return self.others.get(&key).copied();
        }
        usize::try_from(key).ok().and_then(|key| self.places.get(key)?.checked_sub(1))
    }

    fn insert(&mut self, key: u64, entry: u32) {
        match usize::try_from(key).ok().and_then(|key| self.places.get_mut(key)) {
            Some(place) => *place = entry + 1,
            None => drop(self.others.insert(key, entry)),
        }
    }
}

impl KnownEntries {
    /// In another group of rows the same entry means something else.
    pub fn forget(&mut self) {
        self.spans.clear();
        self.pass();
    }

    /// In other rows of the group entries stay what they are.
    pub fn pass(&mut self) {
        self.rows = 0..0;
    }

    /// Whether a row of the group was looked up.
    pub fn has(&self, row: usize) -> bool {
        self.rows.contains(&row)
    }

    /// Begins to look up the entries of some rows in so many spans.
    pub fn begin(&mut self, rows: Range<usize>, spans: usize) {
        self.spans.resize_with(spans, KnownSpan::default);
        self.found.clear();
        self.found.resize(rows.len() * spans, ASK);
        self.rows = rows;
    }

    /// Looks up the entries of a span; what anything is to be told of is left to each row.
    pub fn look_up(
        &mut self,
        group: &Group<'_>,
        (place, columns): (usize, Range<usize>),
        is_quiet: impl Fn(u32) -> bool,
    ) {
        let Some(all) = self.keys.take(group, columns, self.rows.clone()) else { return };
        let spans = self.spans.len();
        let known = &mut self.spans[place];
        if known.sizes != self.keys.sizes {
            let places = usize::try_from(all).ok().filter(|_| all <= PLACES).unwrap_or_default();
            *known = KnownSpan { sizes: self.keys.sizes.clone(), places: vec![0; places], others: HashMap::default() };
        }
        for (found, key) in self.found.iter_mut().skip(place).step_by(spans).zip(&self.keys.keys) {
            *found = known.get(*key).filter(|entry| is_quiet(*entry)).unwrap_or(ASK);
        }
    }
}

impl LaneRow for ColumnRow<'_, '_> {
    #[inline]
    fn known(&mut self, span: usize) -> Option<u32> {
        let place = (self.row - self.known.rows.start) * self.known.spans.len() + span;
        Some(self.known.found[place]).filter(|entry| *entry != ASK)
    }

    fn keep(&mut self, span: usize, columns: &Range<usize>, entry: u32) {
        let KnownEntries { spans, keys, .. } = &mut *self.known;
        let is_keyed = keys.take(self.group, columns.clone(), self.row..self.row + 1).is_some();
        if is_keyed && keys.sizes == spans[span].sizes {
            spans[span].insert(keys.keys[0], entry);
        }
    }

    fn print(&mut self, columns: &Range<usize>, secret: &Secret) -> u128 {
        let (mut space, texts) = (Vec::new(), &mut self.known.texts);
        texts.clear();
        for column in columns.clone() {
            let text = self.group.value(self.row, column).text(&mut space);
            texts.extend((text.len() as u64).to_le_bytes());
            texts.extend(text);
        }
        secret.print(texts)
    }

    fn text<'t>(&'t self, column: usize, space: &'t mut Vec<u8>) -> &'t [u8] {
        self.group.value(self.row, column).text(space)
    }

    fn moment(&self, column: usize) -> Option<Moment> {
        self.group.value(self.row, column).moment()
    }

    fn is_empty(&self, column: usize) -> bool {
        self.group.value(self.row, column).is_empty()
    }
}
