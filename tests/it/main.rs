//! Tests of the whole program: folders of data, laws, and a second, slow counter.
#![allow(clippy::unwrap_used, clippy::pedantic, clippy::print_stdout, clippy::iter_over_hash_type)]

mod agree;
mod bench;
mod beside;
mod confirm;
mod definitions;
mod explain;
mod faults;
mod formats;
mod golden;
mod laws;
mod mutation;
mod office;
mod readback;
mod readme;
mod recount;
mod samples;
mod schema;
mod slow;
mod tidy;
