//! One column of a group of rows, page by page.

use crate::sources::parquet::entries::{Entries, Looks};
use crate::sources::parquet::page::{CUT, Fallible, Page, Pages, told};
use crate::sources::parquet::print::{Meaning, PrintKind};
use crate::sources::parquet::rle::runs;
use crate::sources::parquet::value::{ParquetValue, Stored};
use parquet::basic::Encoding;
use parquet::file::metadata::ColumnChunkMetaData;
use std::fs::File;
use std::ops::Range;
use std::sync::Arc;

/// The entry of a missing value.
const NONE: u32 = u32::MAX;

/// The values of one column, from its first page on.
pub(crate) struct Column {
    kind: PrintKind,
    meaning: Option<Meaning>,
    nullable: bool,
    pages: Pages,
    dictionary: Entries,
    has_dictionary: bool,
    own: Entries,
    /// For each row of the page its entry.
    rows: Vec<u32>,
    /// Entries are those of the dictionary.
    is_coded: bool,
    at: usize,
}

impl Column {
    pub fn open(file: &Arc<File>, chunk: &ColumnChunkMetaData, kind: PrintKind, rows: usize) -> Fallible<Self> {
        Ok(Self {
            kind,
            meaning: kind.whole(),
            nullable: chunk.column_descr().max_def_level() > 0,
            pages: Pages::open(file, chunk, rows)?,
            dictionary: Entries::default(),
            has_dictionary: false,
            own: Entries::default(),
            rows: Vec::new(),
            is_coded: false,
            at: 0,
        })
    }

    /// Rows of the page that are left; 0 at the end of the column.
    pub fn left(&mut self) -> Fallible<usize> {
        while self.at == self.rows.len() {
            match self.pages.turn()? {
                None => return Ok(0),
                Some(Page::Dictionary { values, count }) => {
                    // codes of a group must mean the same in all of it
                    if std::mem::replace(&mut self.has_dictionary, true) {
                        return Err("a second dictionary".to_owned());
                    }
                    self.dictionary.plain(&values, count, self.kind)?;
                }
                Some(Page::Data { levels, values, count, encoding }) => {
                    self.take_page(&levels, &values, count, encoding)?;
                }
            }
        }
        Ok(self.rows.len() - self.at)
    }

    pub fn pass(&mut self, rows: usize) {
        self.at += rows;
    }

    /// The value of a row of those that are left.
    #[inline]
    pub fn value(&self, row: usize) -> ParquetValue<'_> {
        match self.rows[self.at + row] {
            NONE => ParquetValue::Missing,
            entry => ParquetValue::Stored(Stored { entries: self.entries(), meaning: self.meaning, entry }),
        }
    }

    /// Entries in the dictionary of rows that are left, greater ones for missing values, and how many entries it has.
    /// `None`: values of the page stand outside of it.
    pub fn codes(&self, rows: Range<usize>) -> Option<(&[u32], usize)> {
        let has_codes = self.is_coded || self.own.len() == 0;
        has_codes.then(|| (&self.rows[self.at + rows.start..self.at + rows.end], self.dictionary.len()))
    }

    /// What texts of the page may be like.
    pub fn looks(&self) -> Looks {
        self.entries().looks
    }

    fn entries(&self) -> &Entries {
        if self.is_coded { &self.dictionary } else { &self.own }
    }

    fn take_page(&mut self, levels: &[u8], values: &[u8], count: usize, encoding: Encoding) -> Fallible<()> {
        (self.at, self.is_coded) = (0, false);
        self.rows.clear();
        let mut given = 0;
        if self.nullable {
            runs(levels, 1, count, &mut self.rows)?;
            for row in &mut self.rows {
                *row = if *row == 1 { given } else { NONE };
                given += u32::from(*row != NONE);
            }
        } else {
            given = u32::try_from(count).map_err(told)?;
            self.rows.extend(0..given);
        }
        let given = given as usize;
        if matches!(encoding, Encoding::PLAIN_DICTIONARY | Encoding::RLE_DICTIONARY) {
            self.is_coded = true;
            return self.take_codes(values, given);
        }
        self.own.clear();
        self.own.take(values, given, encoding, self.kind)
    }

    /// Replaces the numbers of values by their entries in the dictionary.
    fn take_codes(&mut self, values: &[u8], given: usize) -> Fallible<()> {
        let mut codes = Vec::new();
        if given > 0 {
            let (bits, values) = values.split_first().ok_or(CUT)?;
            runs(values, *bits, given, &mut codes)?;
        }
        let known = u32::try_from(self.dictionary.len()).map_err(told)?;
        if codes.iter().any(|code| *code >= known) {
            return Err("a value that the dictionary has not".to_owned());
        }
        if given == self.rows.len() {
            self.rows = codes;
            return Ok(());
        }
        for row in self.rows.iter_mut().filter(|row| **row != NONE) {
            *row = codes[*row as usize];
        }
        Ok(())
    }
}
