//! A file as filed forms: our own `report.json`, or a workbook by whatever hand.

use crate::definitions::Definitions;
use crate::filed::form::Filed;
use crate::filed::sheet::WorkbookReader;
use crate::filed::{ledger, stored};
use crate::sources::bounds::Bounds;
use crate::sources::nature;
use crate::sources::workbook::grid;
use crate::values::text_file;
use crate::words::failure::{Halt, OrHalt};
use crate::words::finding::{Finding, Place};
use anyhow::Result;
use std::path::Path;

/// The forms in a file: a `report.json`, or a workbook, which may hold several. What was mended, what is ambiguous
/// and what is missing are findings; a form that cannot be read at all is absent and its finding says why.
///
/// # Errors
/// The file cannot be read, or is a `report.json` that is not well-formed.
pub fn read<'d>(path: &Path, definitions: &'d Definitions) -> Result<(Vec<Filed<'d>>, Vec<Finding>)> {
    let shown = || Halt::reading(path);
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let bytes = text_file::bounded(path, stored::LARGEST)?;
    if !grid::is_workbook(&bytes) {
        let is_json = bytes.trim_ascii_start().starts_with(b"{");
        if let Some(told) = other_kind(path, &name)?.filter(|_| !is_json) {
            return Ok((Vec::new(), vec![told]));
        }
        let mut filed = stored::read(&bytes, definitions).or_halt(shown)?;
        filed.origin.source = name;
        let findings = ledger::judge(&bytes, &filed).or_halt(shown)?;
        return Ok((vec![filed], findings));
    }
    drop(bytes);
    let mut grids = match grid::read(path, &name, &Bounds::default())? {
        Ok(grids) => grids,
        Err(finding) => return Ok((Vec::new(), vec![other_kind(path, &name)?.unwrap_or(*finding)])),
    };
    Ok(of_grids(&mut grids, name, definitions))
}

/// That a file is of a kind that holds no form, as far as its content tells.
fn other_kind(path: &Path, name: &str) -> Result<Option<Finding>> {
    let place = || Place { source: Some(name.to_owned()), ..Place::default() };
    let format = nature::of(path).or_halt(|| Halt::reading(path))?;
    Ok(format.map(|format| nature::told(format, place())))
}

/// The forms in a workbook whose sheets were read.
pub fn of_grids<'d>(
    grids: &mut grid::Grids,
    source: String,
    definitions: &'d Definitions,
) -> (Vec<Filed<'d>>, Vec<Finding>) {
    WorkbookReader { definitions, spellings: definitions.filed.clone(), source }.read(grids)
}
