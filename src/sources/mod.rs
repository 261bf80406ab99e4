//! Sources of records: files and sheets become raw rows with exact places.
//!
//! `discover` looks at every file once and finds its tables; `read` streams the rows of one of them. Bad sources
//! are findings; errors are only for files that cannot be read at all.

pub mod nature;
pub mod own;
pub mod number_format;
pub mod shown;
pub mod layout;
pub mod mend;
pub mod raw;
pub mod mended;
pub mod found;
pub mod head_row;
pub mod beside;
pub mod group;
pub mod files;
pub mod header;
pub mod mapped;
pub mod judgement;
pub mod bounds;
pub mod options;
pub mod origin;
pub mod packed;
pub mod caught;
pub mod aside;
pub mod totals;
pub mod below;
pub mod rows;
pub mod parquet;
pub mod columnar;
pub mod repeated_file;
pub mod observed;
pub mod text;
pub mod value;
pub mod workbook;
pub mod formats;
pub mod mends_file;
pub mod mends_settled;
pub mod database;
pub mod discover;
#[cfg(test)]
pub mod sample;
pub mod survey;

pub use crate::sources::discover::discover;
pub use crate::sources::formats::read;
pub use crate::sources::found::{Discovered, SourceFile};
pub use crate::sources::options::{Options, Pace};

#[cfg(test)]
mod tests;
