//! Likely causes of planted slips are told first, with what would then hold.

use super::foreign::truth;
use esep::definitions::form::Form;
use esep::rules::beside::Beside;
use esep::rules::causes::explain;
use esep::rules::check;
use esep::values::cells::{Cells, Value};

/// Spoils the truth and returns the first cause of each failure, by name.
fn causes(form: &str, spoil: impl FnOnce(&Form, &mut Cells)) -> Vec<(String, Vec<(String, String)>)> {
    let truth = truth(form);
    let mut cells = truth.cells.clone();
    spoil(truth.form, &mut cells);
    let mut checked = check(truth.form, &cells, &Beside::default());
    explain(truth.form, &cells, &Beside::default(), &mut checked);
    let first = |finding: &esep::words::finding::Finding| {
        finding.causes.first().map(|cause| (cause.name.to_owned(), cause.slots.clone()))
    };
    checked.findings.iter().filter_map(first).collect()
}

fn line_of(form: &Form, cells: &Cells, no: &str) -> usize {
    let row = form.rows.iter().position(|row| row.no == no).unwrap();
    cells.lines.iter().position(|line| line.row == row && line.key.is_row()).unwrap()
}

fn all_are(found: &[(String, Vec<(String, String)>)], name: &str) {
    assert!(!found.is_empty() && found.iter().all(|(cause, _)| cause == name), "{name}: {found:?}");
}

fn set(cells: &mut Cells, line: usize, column: usize, to: impl Fn(i64) -> i64) {
    let old = cells.lines[line].values[column].number().unwrap();
    cells.lines[line].values[column] = Value::Number(to(old));
}

#[test]
fn a_line_under_the_wrong_row() {
    // 11.1 and 11.2 are by service; the largest line of one is put under the other
    let found = causes("2-mk", |form, cells| {
        let row = |no: &str| form.rows.iter().position(|row| row.no == no).unwrap();
        let (from, to) = (row("11.1"), row("11.2"));
        let line = cells.lines.iter_mut().find(|line| line.row == from && !line.key.is_row()).unwrap();
        line.row = to;
        cells.lines.sort_by_key(|line| line.row);
    });
    all_are(&found, "cause_lines_misplaced");
    assert!(found.iter().any(|(_, slots)| slots.contains(&("from".to_owned(), ["11", "2"].join(".")))), "{found:?}");
}

#[test]
fn digits_swapped_in_a_month() {
    // a leaf whose quarter and total are right: both rules point to the one cell
    let found = causes("2-mk", |form, cells| {
        let line = cells
            .lines
            .iter()
            .position(|line| {
                !line.key.is_row()
                    && form.rows[line.row].no == "11.1"
                    && line.values[0].number().is_some_and(|number| number > 9 && number % 10 != number / 10 % 10)
            })
            .unwrap();
        set(cells, line, 0, |old| old / 100 * 100 + old % 10 * 10 + old / 10 % 10);
    });
    all_are(&found, "cause_digits_swapped");
}

#[test]
fn a_stock_row_that_was_summed() {
    let found = causes("2-mk", |form, cells| {
        let line = line_of(form, cells, "10");
        let sum: i64 = (0..3).map(|column| cells.lines[line].values[column].number().unwrap()).sum();
        set(cells, line, 3, |_| sum);
    });
    all_are(&found, "cause_stock_summed");
}

#[test]
fn a_part_that_was_left_out_of_its_total() {
    let found = causes("2-mk", |form, cells| {
        let (total, part) = (line_of(form, cells, "3"), line_of(form, cells, "3.1"));
        for column in 0..4 {
            let less = cells.lines[part].values[column].number().unwrap_or(0);
            if less > 0 {
                set(cells, total, column, |old| old - less);
            }
        }
    });
    assert!(found.iter().any(|(cause, _)| cause == "cause_part_left_out"), "{found:?}");
}

#[test]
fn two_columns_in_each_others_place() {
    let found = causes("3-mk", |form, cells| {
        let line = cells
            .lines
            .iter()
            .position(|line| {
                line.key.service.is_some() && line.values[2] != line.values[3] && line.values[2].number() > Some(0)
            })
            .unwrap();
        cells.lines[line].values.swap(2, 3);
        assert_eq!(form.form, "3-mk");
    });
    assert!(found.iter().any(|(cause, _)| cause == "cause_columns_swapped"), "{found:?}");
}

#[test]
fn a_total_typed_before_the_last_correction() {
    let found = causes("2-mk", |form, cells| {
        let line = line_of(form, cells, "2");
        for column in [0, 3] {
            set(cells, line, column, |old| old + 117);
        }
    });
    all_are(&found, "cause_total_stale");
}

#[test]
fn a_correct_form_has_no_causes() {
    assert_eq!(causes("2-mk", |_, _| {}), []);
}
