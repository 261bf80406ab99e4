//! What databases counted, as far as the books of a run go.

use crate::definitions::form::Form;
use std::collections::BTreeMap;

/// What was counted elsewhere.
#[derive(Debug, Default)]
pub(crate) struct Databases {
    /// Names of the asked forms.
    pub(crate) forms: Vec<String>,
    /// What the text of the database must have been made of; worked out when first asked for.
    pub(crate) made_of: Option<String>,
    /// Per source of the ledger: records that its rows stand for, beyond the rows themselves.
    pub(crate) more: BTreeMap<usize, i64>,
    pub(crate) counted: BTreeMap<DatabaseTable, Numbers>,
}

/// A table of results in one database.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct DatabaseTable {
    /// Position of the table of the contract.
    pub(crate) table: usize,
    pub(crate) engine: String,
    pub(crate) part: String,
}

/// Records of a table in a database.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Numbers {
    pub(crate) all: i64,
    pub(crate) counted: i64,
    /// Position of the source in the ledger.
    pub(crate) source: usize,
}

impl Databases {
    pub(crate) fn new(forms: &[&Form]) -> Self {
        Self { forms: forms.iter().map(|form| form.form.clone()).collect(), ..Self::default() }
    }
}
