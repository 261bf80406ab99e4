//! Rows of columns: which texts entries of dictionaries are is asked once a group of rows.

use crate::facts::lane::span::LaneRow;
use crate::sources::parquet::Group;
use crate::values::digest::{QuickHash, Secret};
use crate::values::moment::Moment;
use std::collections::HashMap;
use std::ops::Range;

/// A row of a group.
pub struct ColumnRow<'g, 'p> {
    pub group: &'g Group<'p>,
    pub row: usize,
    pub known: &'g mut KnownEntries,
}

/// The fingerprints of texts, by the fingerprint of the entries that stand for them in one group of rows.
#[derive(Debug, Default)]
pub struct KnownEntries {
    prints: HashMap<u128, u128, QuickHash>,
    codes: Vec<u8>,
    texts: Vec<u8>,
}

impl KnownEntries {
    /// In another group of rows the same entry means something else.
    pub fn forget(&mut self) {
        self.prints.clear();
    }
}

impl LaneRow for ColumnRow<'_, '_> {
    fn print(&mut self, columns: &Range<usize>, secret: &Secret) -> u128 {
        let (group, row) = (self.group, self.row);
        let KnownEntries { prints, codes, texts } = &mut *self.known;
        codes.clear();
        codes.extend((columns.start as u64).to_le_bytes());
        for column in columns.clone() {
            let value = group.value(row, column);
            match value.code() {
                Some(code) => codes.extend(code.to_le_bytes()),
                None if value.is_empty() => codes.extend(u32::MAX.to_le_bytes()),
                None => return print(group, row, columns, texts, secret),
            }
        }
        *prints.entry(secret.print(codes)).or_insert_with(|| print(group, row, columns, texts, secret))
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

/// The fingerprint of texts, each with its length.
fn print(group: &Group<'_>, row: usize, columns: &Range<usize>, texts: &mut Vec<u8>, secret: &Secret) -> u128 {
    let mut space = Vec::new();
    texts.clear();
    for column in columns.clone() {
        let text = group.value(row, column).text(&mut space);
        texts.extend((text.len() as u64).to_le_bytes());
        texts.extend(text);
    }
    secret.print(texts)
}
