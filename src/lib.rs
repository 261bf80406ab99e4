//! esep counts Kazakhstan's public-service report forms 1-mk … 4-mk from records.
//!
//! Modules stand in dependency order: each uses only those above it (`tests/tidy.rs`).

pub mod words;
pub mod values;
pub mod definitions;
pub mod body;
pub mod report;
pub mod sources;
pub mod records;
pub mod facts;
pub mod recount;
pub mod filed;
pub mod rules;
pub mod consolidate;
pub mod adjust;
pub mod analytical;
pub mod render;
pub mod commands;
