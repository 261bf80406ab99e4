//! A cell of a correct form bumped by one fires a rule, or is on the list of cells that no rule covers.

use super::bench::definitions;
use super::filed::draw::{Style, draw};
use esep::definitions::form::{Form, LineBy};
use esep::filed::read::of_grids;
use esep::rules::check;
use esep::sources::bounds::Bounds;
use esep::sources::workbook::grid;
use esep::values::cells::{Cells, Line, LineKey, Party, Value};
use esep::values::period::Quarter;
use std::collections::BTreeSet;
use std::path::Path;

/// Rows whose cells are bound by no rule beyond their own quarter: their three months and quarter may
/// all be wrong together. The list is printed in the README.
///
/// Row 11 of 1-mk is no sum of its lines: an act of several services counts once in the row and once in each line.
const UNCOVERED: &[&str] = &["11"];

/// Cells are bumped in files so many at once that every one of them is, with neighbours left as they were.
const GROUPS: usize = 7;

/// A correct form in which every leaf cell is 5 and each block has two lines.
fn correct(form: &Form) -> Cells {
    let mut lines: Vec<Vec<Line>> = vec![Vec::new(); form.rows.len()];
    for (position, row) in form.rows.iter().enumerate().filter(|(_, row)| row.facts.is_some()) {
        let grid = form.grid_of(position);
        let leaf = |base: i64| -> Vec<Value> {
            let mut values: Vec<Value> = grid.columns.iter().map(|_| Value::Number(base)).collect();
            for (place, column) in grid.columns.iter().enumerate().filter(|(_, column)| !column.months.is_empty()) {
                let months: Vec<&Value> =
                    column.months.iter().map(|month| &values[grid.column(month).unwrap()]).collect();
                let stock = row.kind == esep::definitions::form::RowKind::Stock;
                values[place] = if stock { months[2].clone() } else { Value::sum(months).unwrap() };
            }
            for rule in form
                .rules
                .iter()
                .filter(|rule| rule.kind == esep::words::finding::Kind::Sum && !rule.left_columns.is_empty())
            {
                let sum = Value::sum(rule.right_columns.iter().map(|id| &values[grid.column(id).unwrap()])).unwrap();
                values[grid.column(&rule.left_columns[0]).unwrap()] = sum;
            }
            // the first column of a quarterly form holds all the others
            if !form.monthly && form.rules.iter().all(|rule| rule.left_columns.first() != Some(&grid.columns[0].id)) {
                values[0] = Value::Number(base + 1000);
            }
            values
        };
        let party = |name: &str| Some(std::sync::Arc::new(Party { code: String::new(), name: name.into() }));
        let mut block = Vec::new();
        let providers = row.lines.contains(&LineBy::Provider);
        for provider in if providers { &["P", "Q"][..] } else { &[""][..] } {
            let services: Vec<Line> = ["S", "T"]
                .iter()
                .filter(|_| !row.lines.is_empty())
                .enumerate()
                .map(|(place, service)| Line {
                    row: position,
                    key: LineKey {
                        provider: party(provider).filter(|_| providers),
                        service: party(service),
                        system: row.lines.contains(&LineBy::System).then(|| "IS".into()),
                    },
                    values: leaf(2 + place as i64),
                })
                .collect();
            if providers {
                block.push(total(position, LineKey { provider: party(provider), ..LineKey::default() }, &services, 0));
            }
            block.extend(services);
        }
        let tops: Vec<Line> = block.iter().filter(|line| !providers || line.key.service.is_none()).cloned().collect();
        if !row.lines_only {
            let own = if row.lines.is_empty() {
                Line { row: position, key: LineKey::default(), values: leaf(5) }
            } else {
                total(position, LineKey::default(), &tops, 0)
            };
            lines[position].push(own);
        }
        lines[position].extend(block);
    }
    for _ in 0..2 {
        for (position, row) in form.rows.iter().enumerate().filter(|(_, row)| !row.sum.is_empty()) {
            let parts: Vec<Line> = row
                .sum
                .iter()
                .map(|id| form.row_position(id).unwrap())
                .flat_map(|part| {
                    let only = form.rows[part].lines_only;
                    lines[part]
                        .iter()
                        .filter(move |line| if only { line.key.service.is_none() } else { line.key.is_row() })
                        .cloned()
                })
                .collect();
            if !parts.is_empty() {
                lines[position] =
                    vec![total(position, LineKey::default(), &parts, form.grid_of(position).columns.len())];
            }
        }
    }
    Cells { quarter: Quarter::parse("2026Q3").unwrap(), lines: lines.into_iter().flatten().collect() }
}

fn total(row: usize, key: LineKey, parts: &[Line], width: usize) -> Line {
    let width = parts.first().map_or(width, |line| line.values.len());
    Line {
        row,
        key,
        values: (0..width).map(|column| Value::sum(parts.iter().map(|line| &line.values[column])).unwrap()).collect(),
    }
}

fn broken(form: &Form, cells: &Cells) -> BTreeSet<String> {
    check(form, cells, &esep::rules::beside::Beside::default())
        .findings
        .into_iter()
        .filter(|finding| !finding.cannot_be_checked)
        .map(|finding| format!("{:?} {:?}", finding.rule, finding.place))
        .collect()
}

/// The form as it is read from a workbook, in which every cell that is bumped is read so, and nothing else otherwise.
fn filed(form: &Form, folder: &Path) -> Cells {
    let path = folder.join(format!("{}.xlsx", form.form));
    draw(form, &correct(form), &Style::new(form)).save(&path);
    let grids = grid::read(&path, "form.xlsx", &Bounds::default()).unwrap().unwrap();
    let read = |mut grids: grid::Grids| {
        let (mut forms, findings) = of_grids(&mut grids, "form.xlsx".to_owned(), definitions());
        assert!(forms.len() == 1 && findings.is_empty(), "{}: {findings:?}", form.form);
        forms.remove(0)
    };
    let truth = read(grids.clone());
    for group in 0..GROUPS {
        let (mut spoilt, mut expected) = (grids.clone(), truth.cells.clone());
        let values = expected.lines.iter_mut().enumerate().flat_map(|(line, cells)| {
            cells.values.iter_mut().enumerate().map(move |(column, value)| (line, column, value))
        });
        for (line, column, value) in values.skip(group).step_by(GROUPS) {
            let number = value.number().unwrap() + 1;
            let place = truth.origin.place(line, column).unwrap();
            spoilt.sheets[0].cells.get_mut(&place).unwrap().datum = grid::Datum::Integer(number);
            *value = Value::Number(number);
        }
        assert_eq!(read(spoilt).cells, expected, "{}, group {group}", form.form);
    }
    truth.cells
}

#[test]
fn a_cell_bumped_in_a_workbook_fires_a_rule() {
    let folder = tempfile::tempdir().unwrap();
    for form in &definitions().forms {
        let cells = filed(form, folder.path());
        let before = broken(form, &cells);
        let mut uncovered = BTreeSet::new();
        let mut bumped = 0;
        for place in 0..cells.lines.len() {
            for column in 0..cells.lines[place].values.len() {
                let mut changed = cells.clone();
                let value = changed.lines[place].values[column].number().unwrap();
                changed.lines[place].values[column] = Value::Number(value + 1);
                bumped += 1;
                if broken(form, &changed) == before {
                    uncovered.insert(form.rows[cells.lines[place].row].no.clone());
                }
            }
        }
        println!("{}: {bumped} cells bumped, rows no rule covers: {uncovered:?}", form.form);
        let listed: BTreeSet<String> = UNCOVERED.iter().map(|row| (*row).to_owned()).collect();
        assert!(uncovered.is_subset(&listed), "{}: {uncovered:?}", form.form);
    }
}

#[test]
fn the_correct_forms_break_no_rule_of_equality() {
    for form in &definitions().forms {
        let checked = check(form, &correct(form), &esep::rules::beside::Beside::default());
        let errors: Vec<_> = checked
            .findings
            .iter()
            .filter(|finding| {
                let rule = form.rules.iter().find(|rule| Some(&rule.id) == finding.rule.as_ref());
                !finding.cannot_be_checked
                    && rule.is_none_or(|rule| rule.severity == esep::words::finding::Severity::Error)
            })
            .collect();
        assert!(errors.is_empty(), "{}: {errors:#?}", form.form);
    }
}
