//! A report becomes files.

mod check_sheet;
pub mod csv;
pub mod json;
pub mod sheet;
mod sheet_blocks;
mod sheet_heads;
mod sheet_measure;
mod sheet_pages;
mod sheet_rules;
mod sheet_sums;
mod sheet_theme;
mod sheet_words;
pub mod xlsx;
mod xlsx_check;
pub mod xlsx_findings;
mod xlsx_formula;
mod xlsx_names;
pub mod xlsx_records;
mod xlsx_style;
mod xlsx_table;
