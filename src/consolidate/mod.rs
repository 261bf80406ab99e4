//! Reports of units → the report of the whole: who must report, who did, and every cell with those it is made of.

pub mod mended;
pub mod part;
pub mod aside;
pub mod merge;
pub mod names;
pub mod receipts;
pub mod roster;
pub mod answers;
