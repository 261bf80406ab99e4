//! A slow reader of records for the second counter, written from `records.md` alone (it shares no code with the
//! program's readers), cases computed by hand, and a maker of random record sets.

pub mod calendar;
pub mod count;
pub mod generate;
pub mod generate_files;
pub mod generate_rows;
pub mod read;
pub mod schema;
pub mod value;

#[cfg(test)]
mod hand;
#[cfg(test)]
mod hand_deadlines;
#[cfg(test)]
mod hand_names;
