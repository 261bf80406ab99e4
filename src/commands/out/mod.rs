//! Where a run puts its results: beside their place first, then there; and what it says on the terminal.

pub mod interruption;
pub mod moves;
pub mod journal;
pub mod scratch;
pub mod kept;
pub mod place;
pub mod status;
pub mod spoken;
pub mod speech;
pub mod terminal;
pub mod output;
