//! Tests of the whole program: folders of data, laws, and a second, slow counter.
#![allow(
    clippy::unwrap_used,
    clippy::pedantic,
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::iter_over_hash_type
)]

mod adjust;
mod agree;
mod analytical;
mod analytical_numbers;
mod analytical_tables;
mod bench;
mod body;
mod books;
mod beside;
mod corpus;
mod databases;
mod deadlines;
mod confirm;
mod definitions;
mod explain;
mod faults;
mod filed;
mod fixtures;
mod formats;
mod golden;
mod interrupted;
mod journey;
mod init;
mod law;
mod laws;
mod made;
mod many;
mod mends;
mod mutation;
mod office;
mod outputs;
mod own_books;
mod packed;
mod parquet;
mod pass;
mod print;
mod privacy;
mod readback;
mod readme;
#[path = "../../benches/records.rs"]
mod records;
mod review;
mod review_before;
mod review_browser;
mod ready;
mod recount;
mod samples;
mod schema;
mod slow;
mod spoken;
mod tidy;
mod region;
mod region_told;
mod units;
mod receipts;
mod year;
