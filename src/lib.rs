//! esep counts Kazakhstan's public-service report forms 1-mk … 4-mk from records.
//!
//! ```text
//! sources ─read→ records ─derive→ facts ─tabulate→ CELLS ─rules→ findings ─figures→ REPORT ─render→ files
//!                                  filed forms ─read→ CELLS ↗        ↑ consolidate, adjust, year
//! ```
//!
//! Modules stand in dependency order: each uses only those above it, and so do the files of each room
//! (`tests/it/tidy.rs`). `ARCHITECTURE.md` walks through them.

/// How the program speaks: languages, failures, citations, findings.
pub mod words;
/// What everything counts with: periods, moments, digests, cells.
pub mod values;
/// The law and the contract as data: all of `schemas/` and `templates/`.
pub mod definitions;
/// What a body hands over beside its records.
pub mod body;
/// A filled form with all that is known about it: what every writer receives.
pub mod report;
/// Files and sheets → raw rows with exact places.
pub mod sources;
/// Raw rows → typed records, or the quarantine.
pub mod records;
/// Typed records → facts → cells.
pub mod facts;
/// The same definitions as one SQL text, for the engine that has the records.
pub mod sql;
/// The second, slow counter.
pub mod recount;
/// Filled forms from other hands → cells.
pub mod filed;
/// Rules over cells.
pub mod rules;
/// Reports of units → one.
pub mod consolidate;
/// Corrections of a submitted report.
pub mod adjust;
/// Reports of a year's quarters → the year's table.
pub mod year;
/// Figures and sentences of the analytical report.
pub mod analytical;
/// The writers.
pub mod render;
/// The command line: one file a command.
pub mod commands;
