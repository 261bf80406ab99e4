//! The second, slow, independent counter of the forms 1-mk … 4-mk, and a maker of random record sets.
//! Written from `records.md`, `forms.md` and `outputs.md` alone; shares no code with the program.

pub mod calendar;
pub mod count;
pub mod deadline;
pub mod generate;
pub mod generate_files;
pub mod generate_rows;
pub mod identity;
pub mod monthly;
pub mod quarterly;
pub mod read;
pub mod schema;
pub mod value;
pub mod world;

#[cfg(test)]
mod hand;
#[cfg(test)]
mod hand_deadlines;
#[cfg(test)]
mod hand_names;
