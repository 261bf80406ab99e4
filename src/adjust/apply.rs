//! Changes put into the cells of a form, and the sums that follow.

use super::changes::{Changes, NewFigure, of_change};
use super::key::moved;
use crate::cells::{Cells, Line, Value};
use crate::definitions::form::Form;
use crate::filed::spelling::fold_name;
use crate::halt::{Halt, OrHalt};
use crate::lang::nearest;
use crate::render::sheet_sums::{Index, Recipe, Sums};
use crate::report::{Change, Moved};
use anyhow::{Result, bail, ensure};
use std::collections::BTreeSet;

/// A form after its changes.
#[derive(Debug)]
pub struct Adjusted {
    pub cells: Cells,
    pub changes: Vec<Change>,
    /// Sums of changed cells, in printed order.
    pub followed: Vec<Moved>,
}

/// A cell: position of the line and of the column.
type At = (usize, usize);

/// Changes the cells; sums that held before hold again.
///
/// # Errors
/// All that is wrong with the changes: a cell that the form has not, an old value that differs, a sum whose parts
/// should be changed instead, a cell named twice.
pub fn apply(form: &Form, cells: &Cells, changes: &Changes) -> Result<Adjusted> {
    let index = Index::new(form, &cells.lines);
    let held = held(form, &cells.lines, &index);
    let (mut placed, mut faults): (Vec<(At, &NewFigure)>, Vec<anyhow::Error>) = (Vec::new(), Vec::new());
    let mut taken: BTreeSet<At> = BTreeSet::new();
    for (number, change) in (1..).zip(&changes.figures) {
        match place(form, cells, &held, change) {
            Ok(at) if !taken.insert(at) => {
                faults.push(of_change(number, &change.row, &change.column, Halt::new("fault_changed_twice").into()));
            }
            Ok(at) => placed.push((at, change)),
            Err(fault) => faults.push(of_change(number, &change.row, &change.column, fault)),
        }
    }
    ensure!(faults.is_empty(), Halt::new("fault_changes").parts(faults));
    let mut lines = cells.lines.clone();
    for ((line, column), change) in &placed {
        lines[*line].values[*column] = change.new.clone();
    }
    follow(form, &mut lines, &index, &held);
    let recorded = placed.iter().map(|((line, column), change)| Change {
        moved: moved(form, &cells.lines[*line], *column, change.old.print(), change.new.print()),
        reason: change.reason.clone(),
        document: change.document.clone(),
        person: change.person.clone(),
        date: change.date.clone(),
    });
    let changes = recorded.collect();
    let mut followed = Vec::new();
    for (position, (before, after)) in cells.lines.iter().zip(&lines).enumerate() {
        for (column, (old, new)) in before.values.iter().zip(&after.values).enumerate() {
            if old != new && !taken.contains(&(position, column)) {
                followed.push(moved(form, before, column, old.print(), new.print()));
            }
        }
    }
    Ok(Adjusted { cells: Cells { quarter: cells.quarter, lines }, changes, followed })
}

/// Cells that are sums by definition and equal them.
fn held(form: &Form, lines: &[Line], index: &Index) -> Vec<(At, Recipe)> {
    let sums = Sums { form, lines, index };
    let all = lines.iter().enumerate().flat_map(|(line, cells)| (0..cells.values.len()).map(move |at| (line, at)));
    let recipes = all.filter_map(|at| sums.recipe(at.0, at.1).map(|recipe| (at, recipe)));
    recipes
        .filter(|((line, column), recipe)| sums.evaluate(recipe).as_ref() == Some(sums.value(*line, *column)))
        .collect()
}

/// Counts the sums anew until none changes; a sum of sums needs several rounds.
fn follow(form: &Form, lines: &mut [Line], index: &Index, held: &[(At, Recipe)]) {
    for _ in 0..=held.len() {
        let sums = Sums { form, lines: &*lines, index };
        let stale: Vec<(At, Value)> = held
            .iter()
            .filter_map(|(at, recipe)| Some((*at, sums.evaluate(recipe)?)))
            .filter(|((line, column), value)| sums.value(*line, *column) != value)
            .collect();
        if stale.is_empty() {
            return;
        }
        for ((line, column), value) in stale {
            lines[line].values[column] = value;
        }
    }
}

fn place(form: &Form, cells: &Cells, held: &[(At, Recipe)], change: &NewFigure) -> Result<At> {
    let row = form.rows.iter().position(|row| row.id == change.row || row.no == change.row.trim_end_matches('.'));
    let Some(row) = row else {
        let known = form.rows.iter().flat_map(|row| [row.id.as_str(), row.no.as_str()]);
        bail!(Halt::new("fault_changed_row").with("form", &form.form).near(nearest(&change.row, known)));
    };
    let grid = form.grid_of(row);
    let column = grid.column(&change.column).or_halt(|| {
        let known: Vec<&str> = grid.columns.iter().map(|column| column.id.as_str()).collect();
        Halt::new("fault_changed_column").with("known", known.join(", "))
    })?;
    let line = line(cells, row, change)?;
    let present = &cells.lines[line].values[column];
    ensure!(
        *present == change.old,
        Halt::new("fault_changed_old").with("present", present.print()).with("old", change.old.print())
    );
    ensure!(change.new != change.old, Halt::new("fault_changed_same"));
    let sum = held.iter().any(|(at, _)| *at == (line, column));
    ensure!(!sum, Halt::new("fault_changed_sum"));
    Ok((line, column))
}

/// The line that a change names.
fn line(cells: &Cells, row: usize, change: &NewFigure) -> Result<usize> {
    let of_row = cells.lines.iter().enumerate().filter(|(_, line)| line.row == row);
    let (provider, service) = (change.provider.as_deref(), change.service.as_deref());
    let is = |party: Option<&crate::cells::Party>, wanted: Option<&str>| match (party, wanted) {
        (None, None) => true,
        (Some(party), Some(wanted)) => party.code == wanted.trim() || fold_name(&party.name) == fold_name(wanted),
        _ => false,
    };
    let system = |own: Option<&str>| {
        let wanted = change.system.as_deref();
        wanted.is_none_or(|wanted| own.is_some_and(|own| fold_name(own) == fold_name(wanted)))
    };
    let found: Vec<usize> = of_row
        .filter(|(_, line)| {
            // A provider need not be named where the row has none.
            let provider_fits = is(line.key.provider.as_ref(), provider);
            provider_fits && is(line.key.service.as_ref(), service) && system(line.key.system.as_deref())
        })
        .map(|(position, _)| position)
        .collect();
    match found[..] {
        [one] => Ok(one),
        [] => bail!(Halt::new("fault_changed_no_line")),
        _ => bail!(Halt::new("fault_changed_lines")),
    }
}
