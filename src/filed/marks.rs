//! What esep leaves in its workbooks to read them back: columns for programs at the right, hidden names.

use crate::report::standing::{Consolidated, Revision, Standing, UnitState};
use crate::sources::workbook::grid::{Datum, Grid};
use std::collections::BTreeMap;

/// Heads of the columns for programs, left to right.
pub const COLUMNS: [&str; 5] = ["esep.level", "esep.row", "esep.provider", "esep.service", "esep.system"];

/// Where the columns for programs stand; none in a foreign workbook.
#[derive(Debug, Clone, Default)]
pub struct Marks {
    columns: Option<[Option<u32>; 5]>,
    /// Row of their heads.
    head: u32,
}

/// What the columns say of a row of the sheet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MarkedLine {
    /// `row`, `provider` or `service`.
    pub level: String,
    /// Symbolic id.
    pub row: String,
    pub provider: String,
    pub service: String,
    pub system: String,
}

impl Marks {
    pub fn find(grid: &Grid) -> Self {
        let is_head = |datum: &Datum| matches!(datum, Datum::Text(text) if text == COLUMNS[0]);
        let Some((place, _)) = grid.cells.iter().find(|(_, cell)| is_head(&cell.datum)) else { return Self::default() };
        let row = place.0;
        let of = |name: &str| grid.row(row).find(|(column, _)| grid.text(row, *column) == Some(name)).map(|(at, _)| at);
        Self { columns: Some(COLUMNS.map(of)), head: row }
    }

    /// The first of the columns for programs.
    pub fn start(&self) -> Option<u32> {
        self.columns.and_then(|columns| columns.into_iter().flatten().min())
    }

    /// What stands beside a row; lines that were added by hand have nothing.
    pub fn line(&self, grid: &Grid, row: u32) -> Option<MarkedLine> {
        let columns = self.columns.filter(|_| row > self.head)?;
        let text = |at: usize| -> String {
            let cell = columns[at].and_then(|column| grid.cells.get(&(row, column)));
            cell.map(crate::filed::value::shown).unwrap_or_default()
        };
        let line = MarkedLine { level: text(0), row: text(1), provider: text(2), service: text(3), system: text(4) };
        (!line.level.is_empty() && !line.row.is_empty()).then_some(line)
    }
}

/// The value of a hidden name: a text constant.
pub fn name(names: &BTreeMap<String, String>, name: &str) -> Option<String> {
    let text = names.get(name)?.trim_start_matches("of:").trim_start_matches('=').trim();
    let inner = text.strip_prefix('"')?.strip_suffix('"')?;
    Some(inner.replace("\"\"", "\"")).filter(|value| !value.is_empty())
}

/// What a workbook of esep says of its report: the units whose figures are in it, and its last adjustment.
pub fn standing(names: &BTreeMap<String, String>) -> Standing {
    let chunks = (1..).map(|number| name(names, &format!("esep_units_{number}"))).take_while(Option::is_some);
    let listed: String = chunks.flatten().collect();
    let units: Vec<UnitState> = listed
        .split(';')
        .filter(|unit| !unit.is_empty())
        .map(|unit| {
            let (code, name) = unit.split_once('|').unwrap_or((unit, ""));
            UnitState { code: code.to_owned(), name: name.to_owned(), counted: true, ..UnitState::default() }
        })
        .collect();
    let counted = units.len() as u64;
    let consolidated = Consolidated { expected: counted, counted, provisional: false, units };
    let number = name(names, "esep_revision").and_then(|number| number.parse().ok()).unwrap_or(0);
    let hash = name(names, "esep_history").unwrap_or_default();
    Standing {
        marks: Vec::new(),
        consolidated: (counted > 0).then_some(consolidated),
        revisions: (1..=number).map(|number| Revision { number, hash: hash.clone(), ..Revision::default() }).collect(),
    }
}
