//! A workbook as filed forms: every sheet that is a form, with what was mended and what is in doubt.

use crate::filed::form::Filed;
use crate::filed::formula::{FormulaResult, Recount};
use crate::filed::sheet::{SheetAsForm, WorkbookReader};
use crate::sources::workbook::grid::{Datum, Grid, Grids};
use crate::words::finding::{Finding, Place};
use std::collections::BTreeSet;

impl<'d> WorkbookReader<'d> {
    /// All forms of a workbook.
    pub fn read(&self, grids: &mut Grids) -> (Vec<Filed<'d>>, Vec<Finding>) {
        let names = std::mem::take(&mut grids.names);
        // said of a sheet only where it is a form
        let mut notes: Vec<Vec<Finding>> = grids.sheets.iter_mut().map(|grid| self.notes(grid, grids.is_xls)).collect();
        let mut said: Vec<Vec<Finding>> = vec![Vec::new(); grids.sheets.len()];
        let prepared = self.prepare();
        let read = grids.sheets.iter().zip(&mut said).map(|(grid, said)| self.sheet(grid, &names, &prepared, said));
        let mut sheets: Vec<Option<SheetAsForm<'d>>> = read.collect();
        let (mut forms, mut findings) = (Vec::new(), Vec::new());
        for joined in self.joined(&grids.sheets, &sheets, &names, &prepared) {
            findings.push(joined.finding);
            if joined.sheet.is_some() {
                let together = joined.parts.iter().flat_map(|part| std::mem::take(&mut notes[*part])).collect();
                for part in &joined.parts {
                    said[*part].clear();
                    sheets[*part] = None;
                }
                notes[joined.parts[0]] = together;
                sheets[joined.parts[0]] = joined.sheet;
            }
        }
        for ((sheet, said), notes) in sheets.into_iter().zip(said).zip(notes) {
            findings.extend(said);
            if let Some(sheet) = sheet {
                findings.extend(notes);
                findings.extend(sheet.findings);
                forms.push(sheet.filed);
            }
        }
        if forms.is_empty() && findings.is_empty() {
            let place = Place { source: Some(self.source.clone()), ..Place::default() };
            findings.push(Finding::new("form_not_found", place));
        }
        (forms, findings)
    }

    /// Counts the formulas anew; what came of it, and whether the sheet is hidden.
    fn notes(&self, grid: &mut Grid, is_xls: bool) -> Vec<Finding> {
        let place = self.place(grid);
        let mut notes = recount(grid, &place, is_xls);
        notes.extend(grid.hidden.then(|| Finding::new("form_sheet_hidden", place)));
        notes
    }
}

/// Counts the formulas of sums anew and puts their results in place; each that was absent or stale is a finding.
fn recount(grid: &mut Grid, place: &Place, is_xls: bool) -> Vec<Finding> {
    let mut results: Vec<((u32, u32), FormulaResult)> = Vec::new();
    {
        let mut recount = Recount::new(grid);
        let formulas = grid.cells.iter().filter(|(_, cell)| cell.formula.is_some());
        for at in formulas.map(|(at, _)| *at).collect::<BTreeSet<_>>() {
            results.extend(recount.result(at).map(|outcome| (at, outcome)));
        }
    }
    let mut findings = Vec::new();
    for (at, outcome) in results {
        let Some(cell) = grid.cells.get_mut(&at) else { continue };
        let datum = datum(outcome);
        if same(&cell.datum, &datum) {
            continue;
        }
        let name = if cell.datum == Datum::Absent { "formula_counted" } else { "formula_stale" };
        let was = crate::filed::value::shown(cell);
        // an XLS keeps 0 where a text was never counted
        let is_told = !(is_xls && cell.datum == Datum::Integer(0) && matches!(datum, Datum::Text(_)));
        cell.datum = datum;
        if !is_told {
            continue;
        }
        let address = crate::filed::table::a1(at);
        let at = Place { cell: Some(address), line: Some(u64::from(at.0) + 1), ..place.clone() };
        findings.push(Finding::new(name, at).with("was", was).with("value", crate::filed::value::shown(cell)));
    }
    findings
}

#[allow(clippy::cast_possible_truncation)] // within the range in which a float is exact
fn datum(outcome: FormulaResult) -> Datum {
    match outcome {
        FormulaResult::Number(number) if number.fract() == 0.0 && number.abs() < 9e15 => Datum::Integer(number as i64),
        FormulaResult::Number(number) => Datum::Number(number),
        FormulaResult::Text(text) => Datum::Text(text),
        FormulaResult::Truth(flag) => Datum::Boolean(flag),
        FormulaResult::Blank => Datum::Integer(0),
    }
}

fn same(one: &Datum, other: &Datum) -> bool {
    match (one, other) {
        (Datum::Number(one), Datum::Number(other)) => (one - other).abs() < 1e-9,
        (one, other) => one == other,
    }
}
