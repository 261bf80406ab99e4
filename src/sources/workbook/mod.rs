//! XLSX, XLS and ODS: opened within bounds, read as sheets, turned into grids.

pub mod ods_size;
pub mod archive;
pub mod open;
pub mod xls_size;
pub mod xls_formulas;
pub mod ods_merges;
pub mod sheet;
pub mod grid;
