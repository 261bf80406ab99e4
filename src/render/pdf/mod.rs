//! Paper: the form to print and sign, and the analytical report.

pub mod font;
pub mod icc;
pub mod metadata;
pub mod archive;
pub mod text;
pub mod page;
pub mod content;
pub mod subset;
pub mod document;
pub mod flow;
pub mod chart;
pub mod table;
pub mod analytical;
pub mod rules;
pub mod band;
pub mod form;
pub mod lacking;
