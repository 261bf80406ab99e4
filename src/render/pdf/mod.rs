//! Paper: the form to print and sign, and the analytical report.

pub mod icc;
pub mod font;
pub mod text;
pub mod page;
pub mod metadata;
pub mod archive;
pub mod document;
pub mod flow;
pub mod chart;
pub mod table;
pub mod analytical;
pub mod rules;
pub mod band;
pub mod form;
pub mod lacking;
