//! What the checks may look at beside the cells of a form.

use crate::body::organisation::Organisation;
use crate::commands::out::status::unreadable;
use crate::definitions::Definitions;
use crate::definitions::form::Form;
use crate::facts::deriver::Derived;
use crate::filed;
use crate::filed::form::Filed;
use crate::rules::beside::{Beside, Other};
use crate::sources::workbook::grid;
use crate::values::cells::{Cells, Party};
use crate::values::period::Period;
use crate::values::text_file;
use crate::words::failure::{Halt, OrHalt};
use anyhow::{Result, ensure};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Earlier reports of the same body and of its units, and reports of other forms.
pub(crate) fn earlier<'d>(
    paths: &[PathBuf],
    forms: &[String],
    definitions: &'d Definitions,
    organisation: &Organisation,
) -> Result<Vec<Filed<'d>>> {
    let mut reports = Vec::new();
    for path in paths {
        for report in read(path, definitions)? {
            let asked = forms.contains(&report.form.form);
            if !asked || report.organisation.bin == organisation.bin {
                reports.push(report);
            }
        }
    }
    Ok(reports)
}

/// The reports of a results folder, a `report.json`, or a filled workbook.
fn read<'d>(path: &Path, definitions: &'d Definitions) -> Result<Vec<Filed<'d>>> {
    let place = || Halt::reading(path);
    let own = path.join("report.json");
    let path = if path.is_dir() && own.is_file() { &own } else { path };
    let bytes = text_file::bounded(path, filed::stored::LARGEST)?;
    if grid::is_workbook(&bytes) {
        let (forms, _) = filed::read::read(path, definitions)?;
        ensure!(!forms.is_empty(), place().because(Halt::new("fault_not_report")));
        return Ok(forms);
    }
    Ok(vec![filed::stored::read(&bytes, definitions).or_halt(place).map_err(unreadable)?])
}

/// What the checks of a form may look at beside its cells: reports that were given, and the other forms of this run.
pub(crate) fn beside(
    earlier: &[Filed<'_>],
    filled: &[(&Form, Option<u32>, Cells)],
    derived: &Derived,
    period: Period,
    organisation: &Organisation,
) -> Beside {
    let body = Arc::new(Party { code: organisation.bin.clone(), name: String::new() });
    let own: Vec<Arc<Party>> = derived.providers.printed.iter().cloned().chain([body]).collect();
    let mut reports: Vec<Other> =
        earlier.iter().filter(|report| report.unit.is_none()).map(|report| Other::of(report, &own)).collect();
    for (form, _, cells) in filled.iter().filter(|(_, unit, _)| unit.is_none()) {
        reports.push(Other::told(form, period.quarter, cells, &own));
    }
    Beside { reports, executed_later: Some(derived.executed_later), ..Beside::default() }
}
