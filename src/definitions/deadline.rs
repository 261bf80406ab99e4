//! Who sends which form by when. Data in `templates/deadlines.toml`; source: Rules, para 60–62.

use crate::words::lang::Text;
use serde::Deserialize;

/// The deadline of one role.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deadline {
    /// `district`, `region`, `body`, `territorial`, `informatization`.
    pub role: String,
    /// `role` of organisation files whose deadline it is.
    pub organisation: String,
    /// Roles whose bodies send the forms as well, since they are bodies of this kind, too.
    #[serde(default)]
    pub also: Vec<String>,
    #[serde(default)]
    pub forms: Vec<String>,
    /// A paper that is due once a year, on this month and day, in place of forms.
    pub paper: Option<YearlyPaper>,
    /// Day of the month after the quarter; absent: the form's own.
    pub day: Option<u32>,
    /// The reports are consolidated by the body that receives them.
    #[serde(default)]
    pub of_units: bool,
    pub who: Text,
    pub to: Text,
    pub basis: String,
}

impl Deadline {
    /// Whether it is a deadline of an organisation file's role.
    pub fn is_of(&self, organisation: &str) -> bool {
        self.organisation == organisation || self.also.iter().any(|role| role == organisation)
    }
}

/// A paper that is due once a year.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct YearlyPaper {
    pub id: String,
    pub label: Text,
    pub month: u32,
    pub day: u32,
}

/// The file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Deadlines {
    pub deadline: Vec<Deadline>,
}
