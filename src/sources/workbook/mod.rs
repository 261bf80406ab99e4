//! XLSX, XLS and ODS: opened within bounds, read as sheets, turned into grids.

pub mod ods_size;
pub mod archive;
pub mod xls_size;
pub mod open;
pub mod shape;
pub mod ods_shape;
pub mod merged;
pub mod below;
pub mod sheet;
pub mod grid;
