//! Reports of units → the report of the whole: who must report, who did, and every cell with those it is made of.

pub mod part;
pub mod mended;
pub mod merge;
pub mod roster;
