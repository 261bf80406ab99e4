//! The desk from outside: its program, a plain client of HTTP, a folder. What it must show, and where it is shown:
//!
//! | what | tests |
//! |---|---|
//! | four books of people to a frozen PDF, by mouse and by keyboard alone, kk and ru; axe, light and dark; 390 px | `browser::her_own_books…`, `browser::a_quarter_from_files…`, `browser::the_region…` |
//! | the line of every step gives the same bytes; what is changed by hand appears | `steps` |
//! | originals never change, undo restores every byte, killed in a run or a save: old or new | `work::the_command…`, `work::undo…`, `work::a_desk_that_is_killed…`, `kept::a_desk_that_is_killed…` |
//! | a mend counts once; it lapses with the original mended or a new file, and says so | `work::a_mend…`, `said::a_new_file…`, `browser::what_goes_wrong…` |
//! | complaints are no training by a click, zeros come only when said, the next quarter needs no mapping | `browser::what_goes_wrong…`, `work::zeros…`, `browser::her_own_books…` |
//! | 17 districts in any order, a stranger, a newer version, a restart | `region` |
//! | foreign pages, names, tokens, paths, sizes; hostile cells | `gate`, `browser::a_quarter_from_files…` |
//! | two tabs; 200,000 rows | `work::a_stale_save…`, `browser::a_quarter_from_files…`, `rows` |
//! | no request leaves loopback | `gate::nothing_but_loopback…`, every test of a page (`atdesk.js`) |
//! | mistakes lose nothing and say what to do | `browser::what_goes_wrong…`, `gate::a_second_start…` |

#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr, clippy::format_push_string)] // of tests

mod client;
mod gate;
mod work;
mod rows;
mod behind;
mod steps;
mod kept;
mod region;
/// The books of people, as the tests of `esep init` make them.
#[path = "../../../tests/it/own_books/made.rs"]
mod made;
mod said;
mod browser;
