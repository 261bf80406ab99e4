//! `schemas/` and `templates/` made typed and cross-checked once: the law and the contract as data.

pub mod analytical;
pub mod date;
pub mod whose;
pub mod calendar;
pub mod codelist;
pub mod deadline;
pub mod place;
pub mod law;
pub mod form;
pub mod spelling;
pub mod hint;
pub mod written;
pub mod record;
pub mod letterhead;
pub mod plausible;
pub mod printed;
pub mod theme;
pub mod dimension;
pub mod vocabulary;
pub mod all;
pub mod sieve;
pub mod check;
pub mod format;
pub mod marks;
pub mod head_words;
pub mod notation;
pub mod load;
pub mod slot;
pub mod check_analytical;
pub mod due;

pub use crate::definitions::all::Definitions;
pub use crate::definitions::load::font;
