//! The desk from outside: its program, a plain client of HTTP, a folder.

#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)] // of tests

mod browser;
mod client;
mod gate;
mod work;
