//! XLSX, XLS and ODS: opened within bounds, read as sheets, turned into grids.

pub mod ods_size;
pub mod archive;
pub mod open;
pub mod xls_size;
pub mod sheet;
pub mod grid;
