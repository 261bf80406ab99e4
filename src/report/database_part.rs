//! What a database counted of a report's records.

use serde::{Deserialize, Serialize};

/// Records of a table that stayed in a database, as `report.json` holds them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DatabasePart {
    /// Name of the table of the contract.
    pub table: String,
    /// The program that counted, and its version.
    pub engine: String,
    /// Which database.
    pub part: String,
    /// Records that it counted, of all that it has.
    pub counted: u64,
    pub all: u64,
}
