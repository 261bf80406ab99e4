//! Why an accepted record feeds no cell: counted by source, so that nobody has to guess what became of it.

use crate::definitions::Definitions;
use crate::report::idle_rows::{IdleRows, IdleWhy};

/// Why the record at hand feeds nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfed {
    /// Its result was given outside the quarter, or in a month that has not ended.
    Outside,
    /// It has no result yet.
    Unfinished,
    /// No asked form counts its channel: a position in the code list.
    Channel(usize),
    Other,
}

/// Rows of each source of the ledger, by reason.
#[derive(Debug, Default)]
pub(crate) struct UnfedRows {
    sources: Vec<Vec<i64>>,
}

/// The number of a reason that has no place of its own.
const OTHER: u64 = u64::MAX;

impl Unfed {
    /// As a number, to be put aside.
    pub fn number(self) -> u64 {
        self.place().map_or(OTHER, |place| place as u64)
    }

    /// What was put aside.
    pub fn of_number(number: u64) -> Self {
        usize::try_from(number).ok().filter(|_| number != OTHER).map_or(Self::Other, Self::at)
    }

    fn at(place: usize) -> Self {
        match place {
            0 => Self::Outside,
            1 => Self::Unfinished,
            channel => Self::Channel(channel - 2),
        }
    }

    fn place(self) -> Option<usize> {
        match self {
            Self::Outside => Some(0),
            Self::Unfinished => Some(1),
            Self::Channel(code) => Some(code + 2),
            Self::Other => None,
        }
    }

    /// The reason as the ledger says it, with the code of the channel.
    pub fn why(self, definitions: &Definitions) -> (IdleWhy, Option<&str>) {
        match self {
            Self::Outside => (IdleWhy::Outside, None),
            Self::Unfinished => (IdleWhy::Unfinished, None),
            Self::Channel(code) => {
                let list = definitions.codelist("channel");
                (IdleWhy::Channel, list.and_then(|list| list.codes.get(code)).map(|code| code.code.as_str()))
            }
            Self::Other => (IdleWhy::Other, None),
        }
    }
}

impl UnfedRows {
    pub fn note(&mut self, source: usize, why: Unfed, times: i64) {
        let Some(place) = why.place() else { return };
        if self.sources.len() <= source {
            self.sources.resize(source + 1, Vec::new());
        }
        let rows = &mut self.sources[source];
        if rows.len() <= place {
            rows.resize(place + 1, 0);
        }
        rows[place] += times;
    }

    pub fn absorb(&mut self, other: Self) {
        for (source, rows) in other.sources.into_iter().enumerate() {
            for (place, count) in rows.into_iter().enumerate() {
                self.note(source, Unfed::at(place), count);
            }
        }
    }

    /// What is known of a source.
    pub fn of(&self, source: usize, definitions: &Definitions) -> Vec<IdleRows> {
        let rows = self.sources.get(source).map(Vec::as_slice).unwrap_or_default();
        let known = rows.iter().enumerate().filter_map(|(place, count)| Some((place, u64::try_from(*count).ok()?)));
        let told = known.filter(|(_, rows)| *rows > 0).map(|(place, rows)| {
            let (why, channel) = Unfed::at(place).why(definitions);
            IdleRows { why, channel: channel.map(str::to_owned), rows }
        });
        told.collect()
    }
}
