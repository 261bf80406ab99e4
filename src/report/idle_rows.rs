//! Accepted records that feed no cell, by the reason.

use serde::{Deserialize, Serialize};

/// Accepted rows of a source that feed no cell, for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdleRows {
    pub why: IdleWhy,
    /// Code of the list `channel`: what other forms count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
    pub rows: u64,
}

/// Why an accepted record feeds no cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdleWhy {
    /// No row of the form counts its channel.
    Channel,
    /// The result was given in another quarter, or in a month that has not ended.
    Outside,
    /// There is no result yet.
    Unfinished,
    /// Whatever else its table says of it.
    Other,
}
