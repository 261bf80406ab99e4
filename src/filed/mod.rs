//! Filled forms that come from outside: our own `report.json`, workbooks of esep, forms filled by hand.

pub mod locate;
pub mod columns;
pub mod formula;
pub mod value;
pub mod head;
pub mod marks;
pub mod labels;
pub mod number;
pub mod lines;
pub mod book;
pub mod continued;
pub mod rows;
pub mod stored;
pub mod table;
pub mod blocks;
pub mod earlier;

use crate::definitions::Definitions;
use crate::definitions::form::Form;
use crate::filed::book::Reader;
use crate::report::standing::Standing;
use crate::sources::bounds::Bounds;
use crate::sources::workbook::grid;
use crate::values::cells::{Cells, Party};
use crate::values::period::Period;
use crate::words::failure::{Halt, OrHalt};
use crate::words::finding::Finding;
use crate::words::lang::{Lang, Text, fold};
use anyhow::Result;
use std::path::Path;

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
    pub origin: Origin,
}

/// Where the cells of a form stand in the file that it was read from; empty for `report.json`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin {
    /// The file's name, without folders.
    pub source: String,
    pub sheet: Option<String>,
    /// Of each line, the row and column (from 0) of each value; absent where the sheet has no such cell.
    pub places: Vec<Vec<Option<(u32, u32)>>>,
    /// The sheets of a form that was split over several, `sheet` first; else empty.
    pub stacked: Vec<String>,
}

impl Origin {
    /// Row and column, from 0, of a value of a line, on its own sheet.
    pub fn place(&self, line: usize, column: usize) -> Option<(u32, u32)> {
        let (row, column) = self.places.get(line)?.get(column).copied().flatten()?;
        Some((continued::split(row).1, column))
    }

    /// The sheet on which a value of a line stands.
    pub fn sheet_of(&self, line: usize, column: usize) -> Option<&String> {
        let place = self.places.get(line).and_then(|places| places.get(column).copied().flatten());
        let stacked = place.and_then(|(row, _)| self.stacked.get(continued::split(row).0));
        stacked.or(self.sheet.as_ref())
    }

    /// Whether a part of the form stands on a sheet.
    pub fn is_on(&self, sheet: Option<&String>) -> bool {
        self.sheet.as_ref() == sheet || sheet.is_some_and(|sheet| self.stacked.contains(sheet))
    }
}

impl Filed<'_> {
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

/// The forms in a file: a `report.json`, or a workbook, which may hold several. What was mended, what is ambiguous
/// and what is missing are findings; a form that cannot be read at all is absent and its finding says why.
///
/// # Errors
/// The file cannot be read, or is a `report.json` that is not well-formed.
pub fn read<'d>(path: &Path, definitions: &'d Definitions) -> Result<(Vec<Filed<'d>>, Vec<Finding>)> {
    let shown = || Halt::reading(path);
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let bytes = std::fs::read(path).or_halt(shown)?;
    if !grid::is_workbook(&bytes) {
        let mut filed = stored::read(&bytes, definitions).or_halt(shown)?;
        filed.origin.source = name;
        return Ok((vec![filed], Vec::new()));
    }
    drop(bytes);
    let mut grids = match grid::read(path, &name, &Bounds::default())? {
        Ok(grids) => grids,
        Err(finding) => return Ok((Vec::new(), vec![*finding])),
    };
    of_grids(&mut grids, name, definitions)
}

/// The forms in a workbook whose sheets were read.
///
/// # Errors
/// The spellings inside the program are not well-formed.
pub fn of_grids<'d>(
    grids: &mut grid::Grids,
    source: String,
    definitions: &'d Definitions,
) -> Result<(Vec<Filed<'d>>, Vec<Finding>)> {
    Ok(Reader { definitions, spellings: definitions.filed.clone(), source }.read(grids))
}
