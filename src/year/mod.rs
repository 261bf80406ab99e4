//! The year: reports of its quarters → one table of twelve months and the year, with what stands between them.
//!
//! The table is a form of its own, made of the quarter's: the same rows, every month under its name. So whatever
//! lays out, sums or prints a form does the same for a year.

pub mod form;
pub mod quarters;
pub mod table;
pub mod between;
pub mod submitted;
pub mod made;
