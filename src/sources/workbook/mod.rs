//! XLSX, XLS and ODS: opened within bounds, read as sheets, turned into grids.

pub mod ods_size;
pub mod xls_size;
pub mod xls_letters;
pub mod xls_texts;
pub mod open;
pub mod asked;
pub mod archive;
pub mod tags;
pub mod ods_shown;
pub mod ods_shape;
pub mod xls_layout;
pub mod xls_shown;
pub mod shape;
pub mod merged;
pub mod sheet;
pub mod texts;
pub mod xls_formulas;
pub mod grid;
