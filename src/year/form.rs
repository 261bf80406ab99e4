//! The form of the year's table: rows of the quarter's form under twelve months and the year.

use crate::definitions::form::{Column, Consolidate, Form, Grid, Group, Label, PeriodKind, RowKind};
use crate::definitions::printed::Words;
use crate::definitions::whose::WhoseWords;
use crate::values::period::Quarter;
use crate::words::lang::Text;
use std::collections::BTreeSet;

/// The form with a year's columns; a form of quarters only keeps its own. Its head is empty: what stands above the
/// table is the run's to say, since the Rules prescribe no form of a year. `known`: quarters that have a report.
pub fn yearly(form: &Form, year: i32, known: usize, words: &Words) -> Form {
    let total = match known {
        4 => words.year.clone(),
        _ => words.year_part.fill(&[("count".to_owned(), known.to_string())]),
    };
    let mut yearly = form.clone();
    (yearly.span, yearly.head) = (PeriodKind::Year, Vec::new());
    for grid in yearly.grids.iter_mut().filter(|grid| grid.columns.iter().any(|column| column.month.is_some())) {
        *grid = spread(grid, year, &total, &words.months);
    }
    yearly
}

/// The quarters of a year, in order.
pub fn quarters(year: i32) -> [Quarter; 4] {
    [1, 2, 3, 4].map(|number| Quarter { year, number })
}

/// Id of a month's column: that of the quarter's report behind its period, `2026Q3.m1`.
pub fn column_id(quarter: Quarter, column: &str) -> String {
    format!("{quarter}.{column}")
}

/// Id of the year's column: that of the quarter behind the year, `2026.q`.
pub fn total_id(year: i32, column: &str) -> String {
    format!("{year}.{column}")
}

fn spread(grid: &Grid, year: i32, total: &Text, months: &[Text]) -> Grid {
    let (mut groups, mut columns) = (Vec::new(), Vec::new());
    // a month with several columns has its name above them
    let is_split = |month: Option<u32>| grid.columns.iter().filter(|column| column.month == month).count() > 1;
    let heads = |month: Option<u32>| -> BTreeSet<&str> {
        let own = grid.columns.iter().filter(|column| column.month == month && is_split(month));
        own.filter_map(|column| column.group.as_deref()).collect()
    };
    let monthly: BTreeSet<&str> = (1..=3).flat_map(|month| heads(Some(month))).collect();
    let totals = heads(None);
    for group in grid.groups.iter().filter(|group| !monthly.contains(group.id.as_str())) {
        let label = if totals.contains(group.id.as_str()) { total.clone() } else { group.label.clone() };
        groups.push(Group { label, ..group.clone() });
    }
    for quarter in quarters(year) {
        for column in &grid.columns {
            let Some(month) = column.month else { continue };
            let in_year = (quarter.number - 1) * 3 + month;
            let name = months.get(in_year as usize - 1).cloned().unwrap_or_default();
            let own = column.group.as_deref().filter(|group| monthly.contains(group));
            if let Some(group) = own.and_then(|id| grid.groups.iter().find(|group| group.id == id)) {
                let id = column_id(quarter, &group.id);
                if !groups.iter().any(|known| known.id == id) {
                    groups.push(Group { id, label: name.clone(), ..group.clone() });
                }
            }
            columns.push(Column {
                id: column_id(quarter, &column.id),
                group: own.map(|group| column_id(quarter, group)).or_else(|| column.group.clone()),
                label: if own.is_some() { column.label.clone() } else { Some(name) },
                month: Some(in_year),
                ..column.clone()
            });
        }
    }
    for column in grid.columns.iter().filter(|column| column.month.is_none()) {
        let parts = quarters(year).into_iter().flat_map(|quarter| {
            let own = grid.columns.iter().filter(|month| column.months.contains(&month.id));
            own.map(move |month| column_id(quarter, &month.id))
        });
        let grouped = column.group.as_deref().is_some_and(|group| totals.contains(group));
        columns.push(Column {
            id: total_id(year, &column.id),
            label: if grouped { column.label.clone() } else { Some(total.clone()) },
            months: parts.collect(),
            ..column.clone()
        });
    }
    let marked = columns.iter().any(|column| column.mark.is_some());
    for (number, column) in (1..).zip(&mut columns).filter(|_| marked) {
        column.mark = Some(number.to_string());
    }
    Grid { groups, columns, ..grid.clone() }
}

/// A line above the table.
pub fn head(id: &str, label: Text) -> Label {
    Label { id: id.to_owned(), label, source: WhoseWords::default() }
}

/// Printed numbers of the rows that hold a state at the end of the month.
pub fn stock_rows(form: &Form) -> Vec<&str> {
    form.rows.iter().filter(|row| row.kind == RowKind::Stock).map(|row| row.no.as_str()).collect()
}

/// Whether a row counts persons of a month, one of whom may stand in several (forms.md, D7).
pub fn counts_persons(form: &Form, row: usize) -> bool {
    form.rows[row].consolidate == Consolidate::SumOfDistinct
}
