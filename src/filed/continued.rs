//! A form that was split over several sheets: its parts below one another, read as one table.

use crate::filed::head;
use crate::filed::marks::Marks;
use crate::filed::sheet::{Prepared, SheetAsForm, WorkbookReader};
use crate::filed::stack::{split, stack};
use crate::sources::workbook::grid::Grid;
use crate::values::period::Quarter;
use crate::words::finding::{Finding, Place};
use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

/// Sheets in a stack at most.
const MANY: usize = 64;
/// How often a sheet is read again as a part, on the average.
const AGAIN: usize = 8;
/// What shows that a form is not whole.
const LACKS: [&str; 2] = ["row_missing", "columns_not_found"];
/// What shows that sheets do not belong together.
const CONFLICTS: [&str; 5] = ["row_repeated", "line_repeated", "cell_twice", "columns_ambiguous", "row_doubtful"];

/// A form made of several sheets, or why it could not be.
pub(crate) struct Joined<'d> {
    /// Positions of the sheets.
    pub parts: Vec<usize>,
    /// Absent: they contradict one another, and each is judged alone.
    pub sheet: Option<SheetAsForm<'d>>,
    pub finding: Finding,
}

/// Forms and quarters that the texts of a sheet name.
#[derive(Clone)]
struct SaidAbove {
    forms: Vec<String>,
    quarters: Vec<Quarter>,
}

impl SaidAbove {
    /// Whether another sheet names nothing that this one does not.
    fn agrees(&self, other: &Self) -> bool {
        other.forms.iter().all(|form| self.forms.contains(form))
            && other.quarters.iter().all(|quarter| self.quarters.contains(quarter))
    }
}

fn count(sheet: &SheetAsForm<'_>, names: &[&str]) -> usize {
    sheet.findings.iter().filter(|finding| names.contains(&finding.name)).count()
}

impl<'d> WorkbookReader<'d> {
    /// Forms of which one sheet holds only a part; `alone` is what each sheet gave by itself.
    pub(crate) fn joined(
        &self,
        grids: &[Grid],
        alone: &[Option<SheetAsForm<'d>>],
        names: &BTreeMap<String, String>,
        prepared: &Prepared<'_>,
    ) -> Vec<Joined<'d>> {
        let is_whole = |at: usize| alone[at].as_ref().is_some_and(|sheet| count(sheet, &LACKS) == 0);
        let is_ours = |at: usize| Marks::find(&grids[at]).start().is_some();
        let closed: Vec<bool> = (0..grids.len()).map(|at| is_whole(at) || is_ours(at)).collect();
        let heads: Vec<OnceCell<SaidAbove>> = vec![OnceCell::new(); grids.len()];
        let said = |at: usize| heads[at].get_or_init(|| self.said(&grids[at], prepared));
        let mut joined: Vec<Joined<'d>> = Vec::new();
        let mut taken = vec![false; grids.len()];
        // so many sheets are read once more, at most: the time that a workbook takes grows with its sheets
        let mut tries = MANY + AGAIN * grids.len();
        for first in 0..grids.len() {
            // the first part has the heads of the table
            let begins = || prepared.locators.iter().any(|locator| locator.begins(&grids[first]));
            if closed[first] || taken[first] || !begins() {
                continue;
            }
            let own = said(first);
            if own.forms.len() != 1 && alone[first].is_none() {
                continue;
            }
            // what has another head is another form
            let goes_on = |at: &usize| !closed[*at] && own.agrees(said(*at));
            let parts: Vec<usize> =
                std::iter::once(first).chain((first + 1..grids.len()).take_while(goes_on)).take(MANY).collect();
            let Some(left) = tries.checked_sub(parts.len()) else { break };
            tries = left;
            if let Some(found) = self.join(grids, &parts, alone, names, prepared) {
                found.parts.iter().for_each(|part| taken[*part] = true);
                joined.push(found);
            }
        }
        joined
    }

    fn said(&self, grid: &Grid, prepared: &Prepared<'_>) -> SaidAbove {
        let texts = head::texts(grid, u32::MAX);
        let quarters = head::quarters(&texts, &self.spellings).into_iter().map(|met| met.quarter).collect();
        SaidAbove { forms: head::forms(&texts, &prepared.titles), quarters }
    }

    fn join(
        &self,
        grids: &[Grid],
        tried: &[usize],
        alone: &[Option<SheetAsForm<'d>>],
        names: &BTreeMap<String, String>,
        prepared: &Prepared<'_>,
    ) -> Option<Joined<'d>> {
        let read = |parts: &[usize]| {
            let stacked = stack(&parts.iter().map(|at| &grids[*at]).collect::<Vec<_>>());
            let mut said = Vec::new();
            let mut sheet = self.sheet(&stacked, names, prepared, &mut said)?;
            sheet.findings.append(&mut said);
            Some(sheet)
        };
        // instructions and the like add nothing to the table
        let all = read(tried)?;
        let met: BTreeSet<usize> =
            all.filed.origin.places.iter().flatten().flatten().map(|(row, _)| split(*row).0).collect();
        let parts: Vec<usize> =
            tried.iter().enumerate().filter(|(nth, _)| met.contains(nth)).map(|(_, at)| *at).collect();
        if parts.len() < 2 || parts[0] != tried[0] {
            return None;
        }
        let mut sheet = if parts.len() == tried.len() { all } else { read(&parts)? };
        let own = alone[parts[0]].as_ref();
        let (lacks, lacked) = (count(&sheet, &LACKS), own.map_or(usize::MAX, |own| count(own, &LACKS)));
        if lacks >= lacked {
            return None;
        }
        let sheets: Vec<String> = parts.iter().map(|at| grids[*at].sheet.clone()).collect();
        let said = |name: &'static str| {
            let finding = Finding::new(name, self.place(&grids[parts[0]]));
            finding.with_text("form", &sheet.filed.form.index).with("sheets", sheets.join(", "))
        };
        if count(&sheet, &CONFLICTS) > own.map_or(0, |own| count(own, &CONFLICTS)) {
            // forms of several bodies that each lack something are judged one by one
            let unreadable = parts.iter().any(|at| alone[*at].is_none());
            let finding = said("form_parts_differ");
            return unreadable.then_some(Joined { parts, sheet: None, finding });
        }
        let finding = said("form_joined");
        for finding in &mut sheet.findings {
            settle(finding, &sheets);
        }
        sheet.filed.origin.stacked = sheets;
        Some(Joined { parts, sheet: Some(sheet), finding })
    }
}

/// Puts the place of a finding of the stack back on its sheet.
fn settle(finding: &mut Finding, sheets: &[String]) {
    let of = |line: u64| {
        let (nth, row) = split(u32::try_from(line.saturating_sub(1)).unwrap_or(0));
        (sheets.get(nth).cloned().unwrap_or_default(), u64::from(row) + 1)
    };
    let place: &mut Place = &mut finding.place;
    if let Some(line) = place.line {
        let (sheet, line) = of(line);
        if let Some(cell) = &mut place.cell {
            let letters = cell.trim_end_matches(|sign: char| sign.is_ascii_digit());
            *cell = format!("{letters}{line}");
        }
        (place.sheet, place.line) = (Some(sheet), Some(line));
    }
    for (_, value) in finding.slots.iter_mut().filter(|(slot, _)| slot == "first" || slot == "second") {
        if let Ok(line) = value.parse() {
            let (sheet, line) = of(line);
            *value = format!("{line} ({sheet})");
        }
    }
}
