//! Rules of equality: rows and their parts, lines, quarters and months, columns.

use crate::definitions::form::{Check, Form, LineBy, Rule};
use crate::rules::{Comparison, Verdict, row_lines, rows_value};
use crate::values::cells::{Cells, Line, Value};

/// Equality of two sums under D2: "-" is skipped, and "-" equals only "-" or 0.
pub(crate) fn equal(left: Option<Value>, right: Option<Value>) -> Verdict {
    match (left, right) {
        (Some(left), Some(right)) => {
            let (left, right) = (left.number().unwrap_or(0), right.number().unwrap_or(0));
            if left == right { Verdict::holds(left, right) } else { Verdict::Fails { left, right } }
        }
        _ => Verdict::CannotBeChecked,
    }
}

/// Left row = Σ right rows, per column.
pub(crate) fn rows<'a>(form: &Form, cells: &'a Cells, rule: &Rule) -> Option<Vec<Comparison<'a>>> {
    let line = *row_lines(form, cells, rule.left.first()?).first()?;
    let columns = 0..form.grid_of(line.row).columns.len();
    Some(
        columns
            .map(|column| {
                let verdict =
                    equal(rows_value(form, cells, &rule.left, column), rows_value(form, cells, &rule.right, column));
                Comparison { line, column, verdict }
            })
            .collect(),
    )
}

/// A row = Σ of its lines; with two levels also each provider = Σ of its services.
pub(crate) fn lines<'a>(form: &Form, cells: &'a Cells, rule: &Rule) -> Vec<Comparison<'a>> {
    let mut comparisons = Vec::new();
    for position in rule.left.iter().filter_map(|id| form.row_position(id)) {
        let levels = form.rows[position].lines.contains(&LineBy::Provider);
        if let Some(row) = cells.row(position) {
            let parts: Vec<&Line> =
                cells.block(position).filter(|line| !levels || line.key.service.is_none()).collect();
            compare(form, row, &parts, &mut comparisons);
        }
        if levels {
            // Lines stand in printed order: a provider, then its services.
            let block: Vec<&Line> = cells.block(position).collect();
            for group in block.chunk_by(|_, next| next.key.service.is_some()) {
                if let Some((provider, services)) = group.split_first().filter(|(first, _)| first.key.service.is_none())
                {
                    compare(form, provider, services, &mut comparisons);
                }
            }
        }
    }
    comparisons
}

fn compare<'a>(form: &Form, total: &'a Line, parts: &[&Line], comparisons: &mut Vec<Comparison<'a>>) {
    for column in 0..form.grid_of(total.row).columns.len() {
        let sum = Value::sum(parts.iter().filter_map(|line| line.values.get(column)));
        let verdict = equal(sound(&total.values[column]), sum);
        comparisons.push(Comparison { line: total, column, verdict });
    }
}

fn sound(value: &Value) -> Option<Value> {
    value.is_sound().then(|| value.clone())
}

/// Quarter = Σ months (flow) or the last month that has a value (stock), on the rows and their lines.
pub(crate) fn quarter<'a>(form: &Form, cells: &'a Cells, rule: &Rule) -> Vec<Comparison<'a>> {
    let mut comparisons = Vec::new();
    for line in &cells.lines {
        if !rule.left.contains(&form.rows[line.row].id) {
            continue;
        }
        let grid = form.grid_of(line.row);
        for (place, column) in grid.columns.iter().enumerate().filter(|(_, column)| !column.months.is_empty()) {
            let months: Vec<&Value> =
                column.months.iter().filter_map(|month| grid.column(month)).map(|month| &line.values[month]).collect();
            let all_sound = months.iter().all(|month| month.is_sound());
            let expected = if rule.check == Check::QuarterFlow {
                Value::sum(months)
            } else {
                let last = months.iter().rev().find(|month| month.number().is_some());
                all_sound.then(|| last.map_or(Value::NoInfo, |month| (*month).clone()))
            };
            comparisons.push(Comparison { line, column: place, verdict: equal(sound(&line.values[place]), expected) });
        }
    }
    comparisons
}

/// Left columns = Σ right columns, on every line.
pub(crate) fn columns<'a>(form: &Form, cells: &'a Cells, rule: &Rule) -> Vec<Comparison<'a>> {
    cells
        .lines
        .iter()
        .filter_map(|line| {
            let column = form.grid_of(line.row).column(rule.left_columns.first()?)?;
            let verdict =
                equal(columns_value(form, line, &rule.left_columns), columns_value(form, line, &rule.right_columns));
            Some(Comparison { line, column, verdict })
        })
        .collect()
}

/// Σ of columns of a line.
pub(crate) fn columns_value(form: &Form, line: &Line, ids: &[String]) -> Option<Value> {
    let grid = form.grid_of(line.row);
    Value::sum(ids.iter().filter_map(|id| grid.column(id)).map(|column| &line.values[column]))
}
