//! Changes put into the cells of a form, and the sums that follow.

use crate::adjust::changes::{Changes, Grounds, NewFigure, NewLine, of_change, of_line};
use crate::adjust::key::{is_party, moved, position_of_row};
use crate::adjust::lines::insert;
use crate::definitions::form::Form;
use crate::definitions::spelling::fold_name;
use crate::report::standing::{Change, Moved};
use crate::rules::recipe::{Index, Recipe, Sums};
use crate::values::cells::{Cells, Line, Value};
use crate::words::failure::{Halt, OrHalt};
use anyhow::{Result, bail, ensure};
use std::collections::{BTreeMap, BTreeSet};

/// A form after its changes.
#[derive(Debug)]
pub struct Adjusted {
    pub cells: Cells,
    pub changes: Vec<Change>,
    /// Sums of changed cells, in printed order.
    pub followed: Vec<Moved>,
}

/// A cell: position of the line and of the column.
type CellAt = (usize, usize);

/// Adds the lines and changes the cells; sums that held before hold again.
///
/// # Errors
/// All that is wrong with the changes: a cell that the form has not, an old value that differs, a sum whose parts
/// should be changed instead, a cell named twice, a line that is there already.
pub fn apply(form: &Form, cells: &Cells, changes: &Changes) -> Result<Adjusted> {
    let mut faults: Vec<anyhow::Error> = Vec::new();
    let held_before = held(form, &cells.lines);
    let mut before = cells.lines.clone();
    // of each line its position in the submitted report
    let mut origin: Vec<Result<usize, &NewLine>> = (0..before.len()).map(Ok).collect();
    for (number, new) in (1..).zip(&changes.lines) {
        match insert(form, &mut before, new) {
            Ok(at) => origin.insert(at, Err(new)),
            Err(fault) => faults.push(of_line(number, &new.row, fault)),
        }
    }
    let index = Index::new(form, &before);
    let sums = Sums { form, lines: &before, index: &index };
    let all = before.iter().enumerate().flat_map(|(line, cells)| (0..cells.values.len()).map(move |at| (line, at)));
    let follows = |(line, column): CellAt| match origin[line] {
        // a row that stood without lines is the sum of its first ones, unless it had figures that they do not explain
        Ok(old) => held_before
            .get(&(old, column))
            .copied()
            .unwrap_or_else(|| sums.value(line, column).number().unwrap_or(0) == 0),
        Err(_) => true,
    };
    let held: Vec<(CellAt, Recipe)> =
        all.filter(|at| follows(*at)).filter_map(|at| Some((at, sums.recipe(at.0, at.1)?))).collect();
    let mut placed: Vec<(CellAt, &NewFigure)> = Vec::new();
    let mut taken: BTreeSet<CellAt> = BTreeSet::new();
    for (number, change) in (1..).zip(&changes.figures) {
        match place(form, &before, &held, change) {
            Ok(at) if !taken.insert(at) => {
                faults.push(of_change(number, &change.row, &change.column, Halt::new("fault_changed_twice").into()));
            }
            Ok(at) => placed.push((at, change)),
            Err(fault) => faults.push(of_change(number, &change.row, &change.column, fault)),
        }
    }
    ensure!(faults.is_empty(), Halt::new("fault_changes").parts(faults));
    let mut lines = before.clone();
    for ((line, column), change) in &placed {
        lines[*line].values[*column] = change.new.clone();
    }
    follow(form, &mut lines, &index, &held);
    let mut recorded: Vec<Change> = placed
        .iter()
        .map(|((line, column), change)| {
            let moved = moved(form, &before[*line], *column, change.old.print(), change.new.print());
            recorded(moved, &change.grounds)
        })
        .collect();
    let mut followed = Vec::new();
    for (position, (old, new)) in before.iter().zip(&lines).enumerate() {
        for (column, value) in new.values.iter().enumerate() {
            let was = &old.values[column];
            let change = |was: String| moved(form, new, column, was, value.print());
            match origin[position] {
                Err(line) if line.values.contains_key(&form.grid_of(new.row).columns[column].id) => {
                    recorded.push(crate::adjust::apply::recorded(change(String::new()), &line.grounds));
                }
                Err(_) => followed.push(change(String::new())),
                Ok(_) if value != was && !taken.contains(&(position, column)) => followed.push(change(was.print())),
                Ok(_) => {}
            }
        }
    }
    Ok(Adjusted { cells: Cells { quarter: cells.quarter, lines }, changes: recorded, followed })
}

fn recorded(moved: Moved, grounds: &Grounds) -> Change {
    let Grounds { reason, document, person, date } = grounds.clone();
    Change { moved, reason, document, person, date }
}

/// Cells that are sums by definition, and whether they equal them.
fn held(form: &Form, lines: &[Line]) -> BTreeMap<CellAt, bool> {
    let index = Index::new(form, lines);
    let sums = Sums { form, lines, index: &index };
    let all = lines.iter().enumerate().flat_map(|(line, cells)| (0..cells.values.len()).map(move |at| (line, at)));
    let recipes = all.filter_map(|at| sums.recipe(at.0, at.1).map(|recipe| (at, recipe)));
    recipes.map(|(at, recipe)| (at, sums.evaluate(&recipe).as_ref() == Some(sums.value(at.0, at.1)))).collect()
}

/// Counts the sums anew until none changes; a sum of sums needs several rounds.
fn follow(form: &Form, lines: &mut [Line], index: &Index, held: &[(CellAt, Recipe)]) {
    for _ in 0..=held.len() {
        let sums = Sums { form, lines: &*lines, index };
        let stale: Vec<(CellAt, Value)> = held
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

fn place(form: &Form, lines: &[Line], held: &[(CellAt, Recipe)], change: &NewFigure) -> Result<CellAt> {
    let row = position_of_row(form, &change.row)?;
    let grid = form.grid_of(row);
    let column = grid.column(&change.column).or_halt(|| {
        let known: Vec<&str> = grid.columns.iter().map(|column| column.id.as_str()).collect();
        Halt::new("fault_changed_column").with("known", known.join(", "))
    })?;
    let line = line(lines, row, change)?;
    let present = &lines[line].values[column];
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
fn line(lines: &[Line], row: usize, change: &NewFigure) -> Result<usize> {
    let of_row = lines.iter().enumerate().filter(|(_, line)| line.row == row);
    let (provider, service) = (change.provider.as_deref(), change.service.as_deref());
    let system = |own: Option<&str>| {
        let wanted = change.system.as_deref();
        wanted.is_none_or(|wanted| own.is_some_and(|own| fold_name(own) == fold_name(wanted)))
    };
    let found: Vec<usize> = of_row
        .filter(|(_, line)| {
            // A provider need not be named where the row has none.
            let provider_fits = is_party(line.key.provider.as_deref(), provider);
            provider_fits && is_party(line.key.service.as_deref(), service) && system(line.key.system.as_deref())
        })
        .map(|(position, _)| position)
        .collect();
    match found[..] {
        [one] => Ok(one),
        [] => bail!(Halt::new("fault_changed_no_line")),
        _ => bail!(Halt::new("fault_changed_lines")),
    }
}
