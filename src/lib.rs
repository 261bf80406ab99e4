//! esep counts Kazakhstan's public-service report forms 1-mk … 4-mk from records.
//!
//! Modules stand in dependency order: each uses only those above it (`tests/tidy.rs`).

pub mod guard;
pub mod lang;
pub mod halt;
pub mod citation;
pub mod period;
pub mod moment;
pub mod bin;
pub mod digest;
pub mod cells;
pub mod finding;
pub mod definitions;
pub mod mapping;
pub mod due;
pub mod organisation;
pub mod report;
pub mod ingest;
pub mod typed;
pub mod identity;
pub mod facts;
pub mod records;
pub mod texts;
pub mod recount;
pub mod derive;
pub mod progress;
pub mod pass;
pub mod tabulate;
pub mod feed;
pub mod filed;
pub mod check;
pub mod consolidate;
pub mod wording;
pub mod narrative;
pub mod summary;
pub mod confirm;
pub mod render;
pub mod adjust;
pub mod demo;
pub mod run;
pub mod init;
pub mod explain;
pub mod show;
pub mod cli;
