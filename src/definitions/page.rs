//! Pages of the handbook: why a finding matters. Data in `templates/handbook/*.toml`.

use crate::words::lang::Text;
use serde::Deserialize;

/// What the handbook adds to the catalogue of findings.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Page {
    /// Name of the finding in the catalogue.
    pub name: String,
    /// Why this is looked for, and what goes wrong when it is let be.
    pub why: Text,
    /// What happened, in words, where no file shows it.
    pub example: Option<Text>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Pages {
    pub page: Vec<Page>,
}
