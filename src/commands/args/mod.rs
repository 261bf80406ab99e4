//! What the command line means beside the commands themselves.

pub mod day;
pub mod beside;
pub mod ending;
pub mod help;
pub mod language;
pub mod refusal;
