//! CSV: encodings, separators, records with exact lines.

pub mod scan;
pub mod extent;
pub mod blocks;
pub mod single_byte;
pub mod split;
pub mod utf16;
pub mod csv;
pub mod block_rows;
pub mod likeness;
pub mod encoding;
pub mod marks;
pub mod fields;
pub mod quotes;
pub mod separator;
