//! The cell of an earlier report that is the same as one of this report.

use crate::definitions::form::Form;
use crate::filed::form::Filed;
use crate::values::cells::{Line, Party, Value};
use crate::values::period::Quarter;
use crate::words::lang::fold;
use std::collections::HashMap;

/// Row of the earlier form, code or folded name of provider and service, information system.
type LineIdentity = (usize, String, String, String);

/// A report of the quarter before, ready to be asked for cells.
#[derive(Debug)]
pub struct Earlier<'f> {
    filed: &'f Filed<'f>,
    lines: HashMap<LineIdentity, usize>,
}

/// A party by its code and by its name.
fn names(party: Option<&Party>) -> Vec<String> {
    let Some(party) = party else { return vec![String::new()] };
    let mut names = vec![party.code.clone(), fold(&party.name)];
    names.retain(|name| !name.is_empty());
    names
}

fn keys(row: usize, line: &Line) -> Vec<LineIdentity> {
    let (providers, services) = (names(line.key.provider.as_deref()), names(line.key.service.as_deref()));
    let system = line.key.system.clone().unwrap_or_default();
    let of = |provider: &String| {
        let (provider, system) = (provider.clone(), system.clone());
        services.iter().map(move |service| (row, provider.clone(), service.clone(), system.clone())).collect::<Vec<_>>()
    };
    providers.iter().flat_map(of).collect()
}

/// Two codes decide; with one code or none, names do.
fn agree(one: Option<&Party>, other: Option<&Party>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => one.code.is_empty() || other.code.is_empty() || one.code == other.code,
        (one, other) => one.is_none() && other.is_none(),
    }
}

impl<'f> Earlier<'f> {
    /// The report of the same form and unit for the quarter before `quarter`, if it is among `reports`.
    pub fn find(
        form: &Form,
        unit: Option<&Party>,
        quarter: Quarter,
        reports: impl IntoIterator<Item = &'f Filed<'f>>,
    ) -> Option<Self> {
        let before = quarter.previous();
        let same = |report: &&Filed<'_>| {
            report.form.form == form.form && report.period.quarter == before && report.is_of(unit)
        };
        let filed = reports.into_iter().find(same)?;
        let mut lines = HashMap::new();
        for (place, line) in filed.cells.lines.iter().enumerate() {
            for key in keys(line.row, line) {
                lines.entry(key).or_insert(place);
            }
        }
        Some(Self { filed, lines })
    }

    pub fn quarter(&self) -> Quarter {
        self.filed.period.quarter
    }

    /// The value of the same cell; `None` where the earlier edition of the form has no such row or column. A line
    /// that the earlier report has not was zero there.
    pub fn value(&self, form: &Form, line: &Line, column: usize) -> Option<Value> {
        let row = self.filed.form.row_position(&form.rows[line.row].id)?;
        let column = self.filed.form.grid_of(row).column(&form.grid_of(line.row).columns[column].id)?;
        let same = |place: &&usize| {
            let other = &self.filed.cells.lines[**place].key;
            agree(line.key.provider.as_deref(), other.provider.as_deref())
                && agree(line.key.service.as_deref(), other.service.as_deref())
        };
        let found = keys(row, line).iter().filter_map(|key| self.lines.get(key)).find(same);
        Some(found.map_or(Value::Number(0), |place| self.filed.cells.lines[*place].values[column].clone()))
    }
}
