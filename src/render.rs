//! A report becomes files.

mod check_sheet;
pub mod csv;
pub mod json;
pub mod pdf;
mod pdf_archive;
mod pdf_band;
pub mod pdf_font;
pub mod pdf_form;
mod pdf_icc;
pub mod pdf_page;
mod pdf_rules;
pub mod pdf_text;
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
mod xlsx_style;
