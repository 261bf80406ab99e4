//! A report as it was submitted, before its adjustments under para 63: what they changed in the year.

use crate::adjust::history::figures;
use crate::adjust::key::{moved, of_line, of_moved};
use crate::definitions::form::Form;
use crate::filed::form::Filed;
use crate::report::standing::{Moved, Revision};
use crate::values::cells::{Cells, Value};
use std::collections::BTreeMap;

/// The form with its adjustments taken back, the last one first. A cell of a line that was added counted nothing.
pub fn as_submitted<'d>(filed: &Filed<'d>, revisions: &[Revision]) -> Filed<'d> {
    let places = figures(filed.form, filed);
    let mut before = filed.clone();
    for revision in revisions.iter().rev() {
        let changed = revision.changes.iter().map(|change| &change.moved).chain(&revision.followed);
        for moved in changed {
            let Some((line, column)) = places.get(&(of_moved(moved), moved.column.clone())) else { continue };
            before.cells.lines[*line].values[*column] = match moved.old.as_str() {
                "" => Value::Number(0),
                "-" => Value::NoInfo,
                old => old.parse().map_or(Value::Blank, Value::Number),
            };
        }
    }
    before
}

/// Figures of the year that the adjustments changed, in printed order.
pub fn changed(yearly: &Form, before: &Cells, after: &Cells) -> Vec<Moved> {
    let known: BTreeMap<_, _> = before.lines.iter().map(|line| (of_line(yearly, line), line)).collect();
    let mut all = Vec::new();
    for line in &after.lines {
        let was = known.get(&of_line(yearly, line));
        for (at, column) in yearly.grid_of(line.row).columns.iter().enumerate() {
            let old = was.map_or(Value::Number(0), |was| was.values[at].clone());
            let new = &line.values[at];
            if column.month.is_none() && old != *new {
                all.push(moved(yearly, line, at, old.print(), new.print()));
            }
        }
    }
    all
}
