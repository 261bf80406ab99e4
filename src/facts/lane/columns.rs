//! Rows of columns: which texts entries of dictionaries are is asked once a group of rows.

use crate::facts::lane::span::LaneRow;
use crate::sources::parquet::Group;
use crate::values::digest::{QuickHash, Secret};
use crate::values::moment::Moment;
use std::collections::HashMap;
use std::ops::Range;

/// Columns whose entries of dictionaries make up a key.
const KEYED: usize = 4;

/// A row of a group.
pub struct ColumnRow<'g, 'p> {
    pub group: &'g Group<'p>,
    pub row: usize,
    pub known: &'g mut KnownEntries,
}

/// Entries of spans by the entries of dictionaries that stand in them, in one group of rows.
#[derive(Debug, Default)]
pub struct KnownEntries {
    spans: Vec<HashMap<u128, u32, QuickHash>>,
    /// Of the span that was asked for last.
    key: Option<u128>,
    texts: Vec<u8>,
}

impl KnownEntries {
    /// In another group of rows the same entry means something else.
    pub fn forget(&mut self) {
        self.spans.clear();
    }
}

impl LaneRow for ColumnRow<'_, '_> {
    #[inline]
    fn known(&mut self, span: usize, columns: &Range<usize>) -> Option<u32> {
        let mut key = (columns.len() <= KEYED).then_some(0);
        for column in columns.clone() {
            let value = self.group.value(self.row, column);
            let code = value.code().or_else(|| value.is_empty().then_some(u32::MAX));
            key = key.zip(code).map(|(key, code)| key << u32::BITS | u128::from(code));
        }
        self.known.key = key;
        self.known.spans.get(span)?.get(&key?).copied()
    }

    fn keep(&mut self, span: usize, entry: u32) {
        let Some(key) = self.known.key else { return };
        if self.known.spans.len() <= span {
            self.known.spans.resize_with(span + 1, HashMap::default);
        }
        self.known.spans[span].insert(key, entry);
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
