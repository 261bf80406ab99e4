//! Who sends which form by when. Data in `templates/deadlines.toml`; source: Rules, para 60–62.

use crate::words::lang::Text;
use serde::Deserialize;

/// The deadline of one role.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deadline {
    /// `district`, `region`, `body`, `informatization`.
    pub role: String,
    pub forms: Vec<String>,
    /// Day of the month after the quarter; absent: the form's own.
    pub day: Option<u32>,
    /// The reports are consolidated by the body that receives them.
    #[serde(default)]
    pub of_units: bool,
    pub who: Text,
    pub to: Text,
    pub basis: String,
}

/// The file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Deadlines {
    pub deadline: Vec<Deadline>,
}
