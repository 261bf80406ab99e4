//! Workbooks: the report, empty forms, findings, records, contributors.

pub mod formula;
pub mod style;
pub mod worksheet;
pub mod temporary;
pub mod charts;
pub mod condensed;
pub mod check;
pub mod table;
pub mod contributors;
pub mod findings;
pub mod names;
pub mod lines;
pub mod finished;
pub mod questions;
pub mod records;
pub mod rejected;
pub mod revisions;
pub mod lists;
pub mod report;
pub mod year;
pub mod returns;
