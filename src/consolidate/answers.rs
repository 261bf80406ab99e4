//! Answers of units in the files of remarks that were returned.

use crate::consolidate::names::unit_name;
use crate::consolidate::roster::Roster;
use crate::definitions::Definitions;
use crate::sources::bounds::Bounds;
use crate::sources::workbook::grid;
use crate::sources::workbook::grid::{Cell, Datum, Grid};
use crate::words::finding::{Finding, Place};
use crate::words::lang::Lang;
use anyhow::Result;
use std::path::Path;

/// Columns of a file of remarks, by the keys of their heads; all that tells one remark from another, then the answer.
pub const HEADS: [&str; 9] = ["number", "severity", "code", "cell", "row", "column", "message", "hint", "answer"];
/// Of these: what a remark is known by in the next file.
const KEY: [&str; 4] = ["code", "cell", "row", "column"];
/// Letters of an answer that are shown in a finding.
const SHOWN: usize = 200;

/// What a unit wrote to a remark.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Answer {
    /// Position of the unit in the organisation file.
    pub unit: usize,
    /// Code, cell, row and column of the remark, as they are printed.
    pub remark: [String; 4],
    pub text: String,
    /// Name of the file.
    pub source: String,
}

impl Answer {
    /// What is told of it.
    pub fn finding(&self, roster: &Roster<'_>) -> Finding {
        let place = Place { source: Some(self.source.clone()), ..Place::default() };
        let short: String = self.text.chars().take(SHOWN).collect();
        let finding = Finding::new("unit_answered", place).of_unit(&unit_name(&roster.units()[self.unit]));
        finding.with("code", &self.remark[0]).with("answer", short)
    }
}

/// The answers in a file of remarks; `None` where it is none, or of no unit.
///
/// # Errors
/// The file cannot be read.
pub fn read(path: &Path, source: &str, roster: &Roster<'_>, definitions: &Definitions) -> Result<Option<Vec<Answer>>> {
    let Ok(grids) = grid::read(path, source, &Bounds::default())? else { return Ok(None) };
    let read = |sheet: &Grid| {
        let (head, columns) = heads(sheet, definitions)?;
        let title = sheet.rows().into_iter().take_while(|row| *row < head).find_map(|row| sheet.text(row, 0))?;
        let unit = roster.titled(title)?;
        let answer = |row: u32| {
            let of = |key: &str| {
                let column = HEADS.iter().position(|head| *head == key).map(|at| columns[at]);
                column.and_then(|column| sheet.cells.get(&(row, column))).map(shown).unwrap_or_default()
            };
            let text = of("answer");
            (!text.is_empty()).then(|| Answer { unit, remark: KEY.map(of), text, source: source.to_owned() })
        };
        Some(sheet.rows().into_iter().filter(|row| *row > head).filter_map(answer).collect::<Vec<_>>())
    };
    Ok(grids.sheets.iter().find_map(read))
}

/// The row of the heads in any of our languages, and the column of each.
fn heads(sheet: &Grid, definitions: &Definitions) -> Option<(u32, [u32; 9])> {
    sheet.rows().into_iter().take(10).find_map(|row| {
        Lang::ALL.into_iter().find_map(|lang| {
            let column = |key: &str| {
                let mut cells = sheet.row(row);
                cells.find(|(_, cell)| shown(cell) == *definitions.words(key).get(lang)).map(|(column, _)| column)
            };
            let found: Vec<u32> = HEADS.iter().map_while(|key| column(key)).collect();
            Some((row, found.try_into().ok()?))
        })
    })
}

fn shown(cell: &Cell) -> String {
    match &cell.datum {
        Datum::Text(text) => text.trim().to_owned(),
        Datum::Integer(number) => number.to_string(),
        Datum::Number(number) => number.to_string(),
        _ => String::new(),
    }
}
