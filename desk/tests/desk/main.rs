//! The desk from outside: its program, a plain client of HTTP, a folder.

#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr, clippy::format_push_string)] // of tests

mod client;
mod gate;
mod work;
mod rows;
mod steps;
mod kept;
mod region;
/// The books of people, as the tests of `esep init` make them.
#[path = "../../../tests/it/own_books/made.rs"]
mod made;
mod said;
mod browser;
