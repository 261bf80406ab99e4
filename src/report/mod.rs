//! What every writer receives: the filled form with its findings, ledger and provenance.

pub mod input_file;
pub mod known;
pub mod standing;
pub mod database_part;
pub mod idle_rows;
pub mod testified;
pub mod filled;
pub mod idle;
pub mod filer;
pub mod places;
pub mod wording;
pub mod alike;
pub mod confirm;
pub mod flat;
pub mod fingerprint;
pub mod stored;

pub use crate::report::filled::{LedgerLine, Outcomes, Provenance, Report, transliterate};
