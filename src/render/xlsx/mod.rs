//! Workbooks: the report, empty forms, findings, records, contributors.

pub mod temporary;
pub mod worksheet;
pub mod formula;
pub mod style;
pub mod names;
pub mod charts;
pub mod check;
pub mod table;
pub mod revisions;
pub mod contributors;
pub mod findings;
pub mod rejected;
pub mod records;
pub mod returns;
pub mod report;
