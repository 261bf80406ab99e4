//! Where a run puts its results: beside their place first, then there; and what it says on the terminal.

pub mod interruption;
pub mod moves;
pub mod journal;
pub mod kept;
pub mod scratch;
pub mod place;
pub mod status;
pub mod speech;
pub mod terminal;
pub mod window;
pub mod output;
pub mod spoken;
