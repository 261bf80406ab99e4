//! Facts: what is left of records for counting. Small typed columns, grouped by polars.

pub mod fact;
pub mod deadline;
pub mod asked;
pub mod classes;
pub mod course;
pub mod event;
pub mod identity;
pub mod known;
pub mod memory;
pub mod pending;
pub mod persons;
pub mod register;
pub mod trace;
pub mod unneeded;
pub mod wordings;
pub mod databases;
pub mod deriver;
pub mod control;
pub mod plan;
pub mod days;
pub mod parts;
pub mod first;
pub mod fork;
pub mod results;
pub mod source;
pub mod lane;
pub mod pass;
pub mod stock;
pub mod established;
pub mod groups;
pub mod tabulate;
pub mod take;

pub use crate::facts::fact::{Fact, Facts};
