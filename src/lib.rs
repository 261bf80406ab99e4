//! esep counts Kazakhstan's public-service report forms 1-mk … 4-mk from records.
//!
//! Modules stand in dependency order: each uses only those above it (`tests/tidy.rs`).

pub mod lang;
pub mod period;
pub mod bin;
pub mod digest;
pub mod cells;
pub mod finding;
pub mod definitions;
pub mod organisation;
pub mod report;
pub mod ingest;
pub mod typed;
pub mod identity;
pub mod facts;
pub mod records;
pub mod recount;
pub mod derive;
pub mod tabulate;
pub mod filed;
pub mod check;
pub mod wording;
pub mod confirm;
pub mod render;
pub mod show;
pub mod run;
pub mod explain;
pub mod cli;
