//! Filled forms that come from outside: our own `report.json`, workbooks of esep, forms filled by hand.

pub mod made;
pub mod stored;

use crate::cells::{Cells, Party};
use crate::definitions::form::Form;
use crate::lang::{Lang, Text};
use crate::period::Period;

/// A form as somebody filed it: cells may be blank or at fault.
#[derive(Debug, Clone)]
pub struct Filed<'d> {
    /// The edition in force in the period.
    pub form: &'d Form,
    pub period: Period,
    pub organisation: Body,
    /// Set when the report is of one unit of the organisation.
    pub unit: Option<Party>,
    pub langs: Vec<Lang>,
    pub cells: Cells,
}

/// Who filed; empty where the form does not say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Body {
    pub bin: String,
    pub name: Text,
}
