//! What a sheet about the reporting body may hold. Data in `schemas/organisation.toml`.

use crate::definitions::record::Field;
use crate::words::lang::{Spellings, fold, nearest};
use serde::Deserialize;

/// Fields of the body and of its units, with all spellings of their names.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Letterhead {
    pub table: String,
    pub names: Spellings,
    pub basis: String,
    pub any_of: Vec<String>,
    #[serde(rename = "field")]
    pub fields: Vec<Field>,
    #[serde(rename = "unit_field")]
    pub unit_fields: Vec<Field>,
}

impl Letterhead {
    /// The field of the body that a label names.
    pub fn field(&self, label: &str) -> Option<&Field> {
        find(&self.fields, label)
    }

    /// The field of a unit that a head names.
    pub fn unit_field(&self, head: &str) -> Option<&Field> {
        find(&self.unit_fields, head)
    }

    /// The known label that is most like this one.
    pub fn nearest(&self, label: &str) -> Option<&str> {
        nearest(label, self.fields.iter().flat_map(|field| field.headers.all()))
    }
}

fn find<'f>(fields: &'f [Field], label: &str) -> Option<&'f Field> {
    let label = fold(label.trim().trim_end_matches([':', '*', '.']).trim());
    let spelled = |field: &&Field| fold(&field.name) == label || field.headers.all().any(|name| fold(name) == label);
    fields.iter().find(spelled)
}
