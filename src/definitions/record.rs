//! The record tables: what a body hands over. Data in `schemas/records/*.toml`.

use crate::definitions::codelist::CodeList;
use crate::definitions::hint::HeaderWords;
use crate::definitions::written::Written;
use crate::words::lang::{Spellings, Text};
use serde::Deserialize;
use std::sync::Arc;

/// One table of the input contract.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    pub table: String,
    /// Fields that together identify a record.
    pub key: Vec<String>,
    /// File and sheet names that mean this table; the first is printed.
    pub names: Spellings,
    pub basis: String,
    /// At least one of these fields is needed.
    #[serde(default)]
    pub any_of: Vec<String>,
    /// Fields that are given only together.
    #[serde(default)]
    pub together: Vec<Vec<String>>,
    /// Dates of which the second is never before the first.
    #[serde(default)]
    pub order: Vec<[String; 2]>,
    /// A program makes it: nobody fills it in, nobody is asked about it.
    #[serde(default)]
    pub counted: bool,
    #[serde(rename = "field")]
    pub fields: Vec<Field>,
}

/// One field of a table.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools)] // switches of the contract
pub struct Field {
    pub name: String,
    #[serde(rename = "type")]
    pub kind: FieldType,
    /// Code list of a `code` field.
    pub list: Option<String>,
    /// The identifier is a BIN with a check digit.
    #[serde(default)]
    pub bin: bool,
    #[serde(default)]
    pub required: bool,
    /// Forms that need the field; it plays no part in recognising a header.
    #[serde(default)]
    pub required_for: Vec<String>,
    pub required_when: Option<Condition>,
    pub min: Option<i64>,
    pub max: Option<i64>,
    pub default: Option<String>,
    /// A number of its row alone: of cells merged over several rows nobody knows what each has.
    #[serde(default)]
    pub of_a_row: bool,
    /// Never printed outside the quarantine.
    #[serde(default)]
    pub private: bool,
    /// Its texts name nobody: they may be shown outside the quarantine.
    #[serde(default)]
    pub open: bool,
    pub headers: Spellings,
    /// Headers that may as well stand above names of people: what the column holds decides.
    #[serde(default)]
    pub doubtful: Vec<String>,
    pub help: Text,
    pub basis: Option<String>,
    /// What follows for the numbers when the column is not there: a clause behind «; ».
    pub absence: Option<Text>,
    /// Headers that bodies use for what may be this field: never read by themselves (`Hints`); filled at load.
    #[serde(skip)]
    pub near: Vec<String>,
    /// Words of headers that may mean it; filled at load where the numbers depend on the field.
    #[serde(skip)]
    pub meant: Arc<Vec<HeaderWords>>,
    /// The list of its codes; filled at load.
    #[serde(skip)]
    pub codes: Option<Arc<CodeList>>,
    /// How programs write what is no value; filled at load.
    #[serde(skip)]
    pub written: Arc<Written>,
}

/// A field is required when another one holds one of these codes, for some forms.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    pub field: String,
    pub values: Vec<String>,
    /// Forms that count by the field; it is needed only where one of them is asked for. None: whatever is asked for.
    #[serde(default)]
    pub forms: Vec<String>,
}

impl Condition {
    /// Whether one of the asked forms counts by the field.
    pub fn concerns(&self, forms: &[String]) -> bool {
        self.forms.is_empty() || self.forms.iter().any(|form| forms.contains(form))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldType {
    /// Codes and numbers that stay text; a date or a fraction in its cell is damage.
    Identifier,
    Text,
    Date,
    /// A day, with a time or without.
    Moment,
    Integer,
    Boolean,
    Code,
}

impl FieldType {
    /// A day, or a day that may have a time.
    pub fn is_moment(self) -> bool {
        matches!(self, Self::Date | Self::Moment)
    }
}

impl Field {
    /// How well a folded header may mean the field by its words: 0 not at all.
    pub fn meant_by(&self, header: &str) -> usize {
        self.meant.iter().filter_map(|words| words.all_in(header)).max().unwrap_or(0)
    }
}

impl Table {
    /// Services and refusals: the tables that may have millions of rows.
    pub fn is_result(&self) -> bool {
        self.table == "services" || self.table == "refusals"
    }

    /// Position of a field; the tables' fields are cross-checked at load.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.name == name)
    }

    /// The field that says in which unit a number is, where both go together.
    pub fn unit_of(&self, number: usize) -> Option<usize> {
        let is_number = |field: usize| self.fields[field].kind == FieldType::Integer && field == number;
        let pairs = self.together.iter().map(|group| group.iter().filter_map(|name| self.position(name)));
        let mut groups = pairs.map(Iterator::collect::<Vec<_>>).filter(|group| group.iter().copied().any(is_number));
        groups.find_map(|group| group.into_iter().find(|field| self.fields[*field].kind == FieldType::Code))
    }

    /// Fields whose presence in a header makes the table recognised.
    pub fn required(&self) -> impl Iterator<Item = usize> {
        self.fields.iter().enumerate().filter(|(_, field)| field.required).map(|(index, _)| index)
    }
}
