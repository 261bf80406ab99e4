//! A form as it was filed, and where its cells stand in the file.

use crate::definitions::form::Form;
use crate::filed::stack::split;
use crate::report::standing::Standing;
use crate::report::testified::Aside;
use crate::values::cells::{Cells, Party};
use crate::values::period::Period;
use crate::words::finding::Finding;
use crate::words::lang::{Lang, Text, fold};
use std::collections::BTreeSet;

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
    /// What the report says of itself; a workbook says who is in it and how often it was adjusted.
    pub standing: Standing,
    pub cells: Cells,
    /// What `report.json` says beside the cells; a workbook says nothing of it.
    pub aside: Aside,
    pub origin: CellOrigin,
}

/// Where the cells of a form stand in the file that it was read from; empty for `report.json`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CellOrigin {
    /// The file's name, without folders.
    pub source: String,
    pub sheet: Option<String>,
    /// Of each line, the row and column (from 0) of each value; absent where the sheet has no such cell.
    pub places: Vec<Vec<Option<(u32, u32)>>>,
    /// Of these the values of which a finding of reading says that they are no numbers, and why.
    pub told: BTreeSet<(u32, u32)>,
    /// Number of the adjustment that the pages themselves name.
    pub revision: Option<u64>,
    /// The sheets of a form that was split over several, `sheet` first; else empty.
    pub stacked: Vec<String>,
}

impl CellOrigin {
    /// Row and column, from 0, of a value of a line, on its own sheet.
    pub fn place(&self, line: usize, column: usize) -> Option<(u32, u32)> {
        let (row, column) = self.places.get(line)?.get(column).copied().flatten()?;
        Some((split(row).1, column))
    }

    /// The sheet on which a value of a line stands.
    pub fn sheet_of(&self, line: usize, column: usize) -> Option<&String> {
        let place = self.places.get(line).and_then(|places| places.get(column).copied().flatten());
        let stacked = place.and_then(|(row, _)| self.stacked.get(split(row).0));
        stacked.or(self.sheet.as_ref())
    }

    /// Whether a part of the form stands on a sheet.
    pub fn is_on(&self, sheet: Option<&String>) -> bool {
        self.sheet.as_ref() == sheet || sheet.is_some_and(|sheet| self.stacked.contains(sheet))
    }
}

impl Filed<'_> {
    /// Leaves out that a cell is no number where a finding of reading says so and why.
    pub fn leave_out_told(&self, findings: &mut Vec<Finding>) {
        let is_told = |(line, column): (usize, usize)| {
            let place = self.origin.places.get(line).and_then(|places| places.get(column).copied().flatten());
            place.is_some_and(|place| self.origin.told.contains(&place))
        };
        findings.retain(|finding| finding.rule.is_some() || !finding.at.is_some_and(is_told));
    }

    /// Whether a finding of its file is about this form.
    pub fn is_told_of(&self, finding: &Finding) -> bool {
        finding.place.sheet.is_none() || self.origin.is_on(finding.place.sheet.as_ref())
    }

    /// Whether it is the report of this unit, or of the whole body: by code, else by name.
    pub fn is_of(&self, unit: Option<&Party>) -> bool {
        match (&self.unit, unit) {
            (Some(own), Some(unit)) if !own.code.is_empty() && !unit.code.is_empty() => own.code == unit.code,
            (Some(own), Some(unit)) => !own.name.is_empty() && fold(&own.name) == fold(&unit.name),
            (own, unit) => own.is_none() && unit.is_none(),
        }
    }
}

/// Who filed; empty where the form does not say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Body {
    pub bin: String,
    pub name: Text,
}
