//! Where a run puts its results: beside their place first, then there; and what it says on the terminal.

pub mod scratch;
pub mod output;
pub mod status;
pub mod spoken;
pub mod speech;
pub mod terminal;
