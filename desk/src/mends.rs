//! `mends.csv`: what was mended in records, without the records being touched. The last mend of a cell holds.

use crate::refusal::Refusal;
use serde::{Deserialize, Serialize};

/// Name of the file, in a quarter's folder.
pub const FILE: &str = "mends.csv";

/// One mend.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mend {
    pub source: String,
    #[serde(default)]
    pub sheet: String,
    pub line: u64,
    /// The header as written; empty where a row is left out.
    #[serde(default)]
    pub column: String,
    pub action: Action,
    /// What stands there; the mend lapses when it is no longer there.
    #[serde(default)]
    pub old: String,
    #[serde(default)]
    pub new: String,
    #[serde(default)]
    pub reason: String,
    #[serde(default)]
    pub person: String,
    #[serde(default)]
    pub day: String,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    #[default]
    Change,
    LeaveOut,
}

/// # Errors
/// The file is no list of mends.
pub fn read(text: &str) -> Result<Vec<Mend>, Refusal> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.deserialize().collect::<Result<_, _>>().map_err(|_| Refusal::new(422, "refused_mends"))
}

/// # Errors
/// None that can be met: texts are written to memory.
pub fn print(mends: &[Mend]) -> Result<String, Refusal> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for mend in mends {
        writer.serialize(mend).map_err(|_| Refusal::malformed())?;
    }
    let bytes = writer.into_inner().map_err(|_| Refusal::malformed())?;
    String::from_utf8(bytes).map_err(|_| Refusal::malformed())
}
