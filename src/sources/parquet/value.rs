//! One value of a row: printed only when its text is asked for.

use crate::sources::parquet::entries::Entries;
use crate::sources::parquet::print;
use crate::sources::parquet::print::Meaning;
use crate::values::moment::Moment;

/// A value at hand.
#[derive(Debug, Clone, Copy)]
pub enum ParquetValue<'c> {
    Missing,
    /// What a folder gives to all rows.
    Given(&'c [u8]),
    Stored(Stored<'c>),
}

/// An entry of a page or of a dictionary.
#[derive(Debug, Clone, Copy)]
pub struct Stored<'c> {
    pub(crate) entries: &'c Entries,
    /// Of whole numbers.
    pub(crate) meaning: Option<Meaning>,
    pub(crate) entry: u32,
}

impl<'c> ParquetValue<'c> {
    /// Whether its text is empty.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Missing => true,
            Self::Given(text) => text.is_empty(),
            Self::Stored(Stored { entries, meaning: None, entry, .. }) => entries.text(*entry).is_empty(),
            Self::Stored(_) => false,
        }
    }

    /// The moment that the text would say, of columns of days and moments.
    pub fn moment(&self) -> Option<Moment> {
        let Self::Stored(Stored { entries, meaning: Some(meaning), entry, .. }) = self else { return None };
        meaning.is_moment().then(|| print::moment_of(entries.number(*entry), *meaning)).flatten()
    }

    pub(crate) fn is_quoted(&self) -> bool {
        let text = match self {
            Self::Given(text) => text,
            Self::Stored(Stored { entries, meaning: None, entry, .. }) => entries.text(*entry),
            _ => return false,
        };
        text.first() == Some(&b'"')
    }

    /// Its text, empty for a missing value; a number is printed into the space.
    pub fn text<'t>(&self, space: &'t mut Vec<u8>) -> &'t [u8]
    where
        'c: 't,
    {
        match self {
            Self::Missing => b"",
            Self::Given(text) => text,
            Self::Stored(Stored { entries, meaning: None, entry, .. }) => entries.text(*entry),
            Self::Stored(Stored { entries, meaning: Some(meaning), entry, .. }) => {
                space.clear();
                print::whole(entries.number(*entry), *meaning, space);
                space
            }
        }
    }
}
