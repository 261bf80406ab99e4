//! esep on a desk: a page in the browser, served on this machine alone, over plain files in a folder.
//!
//! The desk holds no figures: it edits the files that `esep` reads, and runs `esep` on them.
//! Modules stand in dependency order: each uses only those above it.

/// What the page says, in three languages; the page itself.
pub mod words;
pub mod page;
/// Why a request is refused.
pub mod refusal;
/// What of a request is looked at before anything else.
pub mod gate;
/// Where the one desk of a user is open.
pub mod profile;
/// Names, places and safe writing inside the folder.
pub mod folder;
pub mod store;
pub mod journal;
/// A string of TOML, and files written by it.
pub mod notation;
pub mod work;
/// What opens in another program's window.
pub mod opening;
pub mod quarter;
pub mod organisation;
/// What stands in the records, and what the body says it is.
pub mod survey;
pub mod preview;
pub mod mapping;
pub mod rows;
pub mod mends;
pub mod empty;
/// What came of a run.
pub mod results;
pub mod questions;
pub mod warnings;
/// What units sent to a region.
pub mod received;
pub mod board;
/// What a run is of, and how it goes.
pub mod line;
pub mod stamp;
pub mod behind;
pub mod run;
pub mod sent;
/// The state of the desk, its answers, the server.
pub mod state;
pub mod api;
/// Connections.
pub mod door;
pub mod server;
