//! What the user gives beside the files.

use crate::body::mapping::Used;
use crate::sources::bounds::Bounds;
use crate::sources::mend::Mends;
use crate::sources::raw::Encoding;
use std::sync::Arc;

/// Bytes of a block of a CSV file, at most.
pub const BLOCK_BYTES: usize = 1 << 20;

/// What the user gives beside the files.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Encoding of all CSV files, instead of the one that is found.
    pub encoding: Option<Encoding>,
    /// Separator of all CSV files, instead of the one that is found.
    pub separator: Option<u8>,
    pub bounds: Bounds,
    pub pace: Pace,
    /// What the body confirmed about its files.
    pub mapping: Option<Arc<Used>>,
    /// What people changed beside their sources.
    pub mends: Option<Arc<Mends>>,
}

/// How services and refusals are read; the results are the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Threads beside the one that reads; 0: as many as the machine has processors.
    pub threads: usize,
    pub block_bytes: usize,
    /// Whether clean rows take the short way.
    pub brief: bool,
    /// Whether the rows go one by one through the reader that all other tables have.
    pub one_by_one: bool,
    /// Whether text is read in the order of its rows: a head with other columns stands among them.
    pub in_order: bool,
    /// Files of so many bytes are read once, not twice: what they are is taken from their beginning, and proved later.
    pub glance_bytes: u64,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            threads: 0,
            block_bytes: BLOCK_BYTES,
            brief: true,
            one_by_one: false,
            in_order: false,
            glance_bytes: 8 << 20,
        }
    }
}
