//! What is counted: the body's own records, or what its units sent.

use serde::{Deserialize, Serialize};

/// One of the two ways to a form.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Work {
    /// `generate`.
    #[default]
    Own,
    /// `consolidate`.
    Region,
}

impl Work {
    /// Where its results stand, in a quarter's folder.
    pub fn folder(self) -> &'static str {
        match self {
            Self::Own => "results",
            Self::Region => "consolidated",
        }
    }

    /// The file with the line that gives the same bytes.
    pub fn line(self) -> &'static str {
        match self {
            Self::Own => "command.txt",
            Self::Region => "consolidate.txt",
        }
    }

    /// The file of `.bin` that says what the inputs were when the last run ended.
    pub fn stamp(self, form: &str) -> String {
        match self {
            Self::Own => "run.json".to_owned(),
            Self::Region => format!("run-{form}.json"),
        }
    }
}
