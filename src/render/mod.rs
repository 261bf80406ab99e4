//! A report becomes files.

pub mod packed;
pub mod sheet;
pub mod drawn;
pub mod data;
pub mod xlsx;
pub mod docx;
pub mod page;
pub mod pdf;
