//! Words of bodies' own spreadsheets, by which `esep init` proposes. Data in `schemas/hints.toml`.

use serde::Deserialize;
use std::collections::BTreeMap;

/// Proposals only: nothing is read by them.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hints {
    /// Headers of columns that name people.
    pub personal: Vec<String>,
    /// Words of headers above what is planned, and above what came to be: a day of one kind is none of the other.
    pub planned: Vec<String>,
    pub actual: Vec<String>,
    /// Field → headers.
    pub fields: BTreeMap<String, Vec<String>>,
    /// Table → words in the names of files and sheets and in titles.
    #[serde(default)]
    pub tables: BTreeMap<String, Vec<String>>,
    /// Code lists of which no code is ever proposed without a question: they say whose fault it is.
    #[serde(default)]
    pub guilt: Vec<String>,
    /// Code list → parts of values that may mean more than one code.
    #[serde(default)]
    pub doubts: BTreeMap<String, Vec<String>>,
    /// Code list → code → parts of values.
    pub codes: BTreeMap<String, BTreeMap<String, Vec<String>>>,
}
