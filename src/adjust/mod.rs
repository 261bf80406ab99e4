//! Adjustment of a submitted report (Rules, para 63): changes with their documents, sums that follow, and a history
//! that shows whatever was changed outside it.

pub mod changes;
pub mod key;
pub mod lines;
pub mod apply;
pub mod history;
pub mod verify;
