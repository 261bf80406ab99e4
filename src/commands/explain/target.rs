//! Which cell is meant: `[FORM] [ROW] COLUMN [LINE…]`, as a person types it.

use crate::definitions::form::Form;
use crate::values::cells::{Cells, Line};
use crate::words::failure::Halt;
use crate::words::lang::{fold, nearest};
use anyhow::{Result, bail};

/// Candidates named when a line is not found or not one.
const NAMED: usize = 8;

/// Line and column of the cell that the words mean.
///
/// A word that is a row of the form is the row, the next one the column. The row may be left out where the first
/// word is a column and no row with a column follows it (3-mk, 4-mk): then it is the total, or with a line the
/// only row that has it. The column may be left out where the form has one for the quarter. All further words
/// name the line: codes or names of provider, service, information system, whole or in part.
pub fn find(form: &Form, cells: &Cells, words: &[String]) -> Result<(usize, usize)> {
    let (rows, column, names) = split(form, words)?;
    let lines: Vec<usize> = cells
        .lines
        .iter()
        .enumerate()
        .filter(|(_, line)| rows.contains(&line.row) && fits(line, names))
        .map(|(place, _)| place)
        .collect();
    let least = lines.iter().map(|place| depth(&cells.lines[*place])).min();
    let best: Vec<usize> = lines.into_iter().filter(|place| Some(depth(&cells.lines[*place])) == least).collect();
    let exact: Vec<usize> = best.iter().copied().filter(|place| is_exact(&cells.lines[*place], names)).collect();
    let found = if exact.len() == 1 { exact } else { best };
    let total = names.is_empty().then(|| found.iter().find(|place| is_total(form, cells.lines[**place].row))).flatten();
    let slots = |key, lines: &mut dyn Iterator<Item = &Line>| {
        let label = |line: &Line| format!("  {} {}", form.rows[line.row].no, full_label(line));
        let candidates: Vec<String> = lines.take(NAMED).map(label).collect();
        Halt::new(key).with("line", names.join(" · ")).with("candidates", candidates.join("\n"))
    };
    let line = match (&found[..], total) {
        ([line], _) | (_, Some(line)) => *line,
        ([], _) => {
            let mut block = cells.lines.iter().filter(|line| rows.contains(&line.row) && !line.key.is_row());
            bail!(slots("explain_no_line", &mut block))
        }
        (several, _) => {
            let mut block = several.iter().map(|place| &cells.lines[*place]);
            bail!(slots("explain_several_lines", &mut block))
        }
    };
    match form.grid_of(cells.lines[line].row).column(&column) {
        Some(column) => Ok((line, column)),
        None => bail!(no_column(form, cells.lines[line].row, &column)),
    }
}

/// Rows that may be meant, the column, and the words of the line.
fn split<'w>(form: &Form, words: &'w [String]) -> Result<(Vec<usize>, String, &'w [String])> {
    let Some((first, rest)) = words.split_first() else {
        bail!(Halt::new("explain_no_cell"));
    };
    let known = |word: &str| form.grids.iter().any(|grid| grid.column(word).is_some());
    let row = form.rows.iter().position(|row| row.no == first.trim_end_matches('.') || row.id == *first);
    match (row, rest.first()) {
        (Some(row), Some(second)) if known(second) => Ok((vec![row], second.clone(), &rest[1..])),
        _ if known(first) => Ok(((0..form.rows.len()).collect(), first.clone(), rest)),
        (Some(row), second) => {
            let quarters = form.grid_of(row).columns.iter().filter(|column| !column.months.is_empty());
            match (&quarters.collect::<Vec<_>>()[..], second) {
                ([quarter], None) => Ok((vec![row], quarter.id.clone(), rest)),
                _ => bail!(no_column(form, row, second.map_or("", String::as_str))),
            }
        }
        (None, _) => {
            let near = nearest(first, form.rows.iter().flat_map(|row| [row.no.as_str(), row.id.as_str()]));
            bail!(Halt::new("explain_no_row").with("form", &form.form).with("row", first).near(near))
        }
    }
}

fn no_column(form: &Form, row: usize, column: &str) -> Halt {
    let known: Vec<&str> = form.grid_of(row).columns.iter().map(|column| column.id.as_str()).collect();
    let halt = Halt::new("explain_no_column").with("row", &form.rows[row].no);
    halt.with("column", column).with("known", known.join(", "))
}

/// The row that is the sum of all others of a quarterly form.
fn is_total(form: &Form, row: usize) -> bool {
    !form.monthly && !form.rows[row].sum.is_empty()
}

/// How many levels a line has: fewer is meant before more.
fn depth(line: &Line) -> usize {
    let key = &line.key;
    usize::from(key.provider.is_some()) + usize::from(key.service.is_some()) + usize::from(key.system.is_some())
}

/// Codes and names of the levels of a line.
fn levels(line: &Line) -> Vec<Vec<&str>> {
    let parties = line.key.provider.iter().chain(&line.key.service);
    let mut levels: Vec<Vec<&str>> = parties.map(|party| vec![party.code.as_str(), party.name.as_str()]).collect();
    levels.extend(line.key.system.iter().map(|system| vec![system.as_str()]));
    levels
}

fn fits(line: &Line, names: &[String]) -> bool {
    names.is_empty() && line.key.is_row() || !names.is_empty() && names.iter().all(|name| meets(line, name, false))
}

fn is_exact(line: &Line, names: &[String]) -> bool {
    names.iter().all(|name| meets(line, name, true))
}

fn meets(line: &Line, name: &str, exactly: bool) -> bool {
    let wanted = fold(name);
    levels(line).iter().flatten().any(|level| {
        let own = fold(level);
        own == wanted || !exactly && !wanted.is_empty() && own.contains(&wanted)
    })
}

fn full_label(line: &Line) -> String {
    let own = line.key.label();
    match line.key.provider.as_ref().filter(|_| line.key.service.is_some()) {
        Some(provider) => format!("{} · {own}", provider.label()),
        None => own,
    }
}
