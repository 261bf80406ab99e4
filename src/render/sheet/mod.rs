//! The neutral page: rows of cells with roles, the same for the workbook and the printed page.

pub mod cell;
pub mod layout;
pub mod measure;
pub mod blocks;
pub mod heads;
pub mod pages;
pub mod build;
pub mod checks;
pub mod condensed;

pub use blocks::LineLook;
pub use build::{build, build_blank, build_in};
pub use cell::{Content, SheetCell, Strip, a1};
pub use layout::{FormSheet, Mode};
