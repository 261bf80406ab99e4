//! esep counts Kazakhstan's public-service report forms 1-mk … 4-mk from records.
//!
//! Modules stand in dependency order: each uses only those above it (`tests/tidy.rs`).

pub mod bin;
pub mod cells;
pub mod check;
pub mod cli;
pub mod definitions;
pub mod derive;
pub mod digest;
pub mod facts;
pub mod filed;
pub mod finding;
pub mod identity;
pub mod ingest;
pub mod lang;
pub mod organisation;
pub mod pass;
pub mod period;
pub mod records;
pub mod render;
pub mod report;
pub mod run;
pub mod show;
pub mod tabulate;
pub mod typed;
pub mod wording;
