//! Reports of units → the report of the whole: who must report, who did, and every cell with those it is made of.

mod merge;
mod part;
mod roster;

pub use merge::{Merged, Renamed, Reports, merge};
pub use part::{Part, Spellings};
pub use roster::{Accepted, Receipts, Roster, unit_name};
