//! A form whose parts stand on several sheets is read as one, or refused.

use super::canvas::{Canvas, CanvasRow, Spec, Tag, save_all};
use super::draw::{Style, column, draw};
use super::foreign::{names, told, truth};
use crate::bench::{definitions, quietly};
use crate::made::json_of;
use crate::samples::only_folder;
use esep::commands::check::CheckArgs;
use esep::commands::out::spoken::Spoken;
use esep::filed;
use esep::filed::form::Filed;
use esep::values::cells::Cells;
use esep::words::finding::Finding;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

fn book(sheets: &[Canvas]) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("book.xlsx");
    save_all(sheets, &path, false);
    (folder, path)
}

fn read(path: &Path) -> (Vec<Filed<'static>>, Vec<Finding>) {
    filed::read::read(path, definitions()).unwrap()
}

/// The sheets are read as one form, equal to the truth, and only that is told.
fn is_one(sheets: &[Canvas], form: &str) {
    let (_folder, path) = book(sheets);
    let (forms, findings) = read(&path);
    let said: Vec<_> = findings.iter().map(|finding| (finding.name, &finding.slots)).take(4).collect();
    assert_eq!(names(&findings), ["form_joined"].into(), "{form}: {said:?}");
    let truth = truth(form);
    assert_eq!(forms.len(), 1);
    assert_eq!(told(forms[0].form, &forms[0].cells), told(truth.form, &truth.cells));
}

/// The first columns of 3-mk, and the others as their own table.
fn halves(form: &str, after: usize) -> [Canvas; 2] {
    let truth = truth(form);
    let style = Style { lines_numbered: true, indented: false, ..Style::new(truth.form) };
    let whole = draw(truth.form, &truth.cells, &style);
    let from = column(truth.form, &truth.form.grids[0], &style, after);
    let (mut first, mut second) = (whole.clone(), whole);
    for row in &mut first.rows {
        row.cells.retain(|(column, _)| *column < from);
    }
    let shift = from - style.right - 2;
    second.rows.retain(|row| !matches!(row.tag, Tag::Title | Tag::Signature));
    for row in &mut second.rows {
        row.cells.retain(|(column, _)| *column < style.right + 2 || *column >= from);
        for (column, _) in &mut row.cells {
            *column = if *column >= from { *column - shift } else { *column };
        }
    }
    [first, second]
}

/// Sections of a monthly form, each on a sheet with the heads above it, or without.
fn sections(form: &str, heads: bool) -> Vec<Canvas> {
    let truth = truth(form);
    let style = Style { wide: !heads, merged: false, ..Style::new(truth.form) };
    let mut sheets: Vec<Canvas> = Vec::new();
    let mut last = None;
    for line in &truth.cells.lines {
        let section = &truth.form.rows[line.row].section;
        if last.replace(section) != Some(section) {
            let of = |line: &&esep::values::cells::Line| truth.form.rows[line.row].section == *section;
            let own = truth.cells.lines.iter().filter(of).cloned().collect();
            let mut canvas = draw(truth.form, &Cells { quarter: truth.cells.quarter, lines: own }, &style);
            let first = sheets.is_empty();
            canvas.rows.retain(|row| match row.tag {
                Tag::Title | Tag::Signature => first,
                Tag::Head => first || heads,
                _ => true,
            });
            sheets.push(canvas);
        }
    }
    sheets
}

fn words(text: &str) -> Canvas {
    let mut row = CanvasRow::new(Tag::Title);
    row.put(0, Spec::Text(text.to_owned()));
    Canvas { rows: vec![row], down: 0 }
}

#[test]
fn the_continuation_of_a_table_on_a_second_sheet() {
    is_one(&halves("3-mk", 8), "3-mk");
    is_one(&halves("4-mk", 3), "4-mk");
}

#[test]
fn sections_on_sheets_of_their_own() {
    for form in ["1-mk", "2-mk"] {
        is_one(&sections(form, true), form);
    }
}

#[test]
fn sheets_that_are_no_part_are_passed_over() {
    let mut sheets = sections("2-mk", true);
    sheets.insert(1, words("Заполните все листы"));
    sheets.insert(0, words("Порядок заполнения формы 2-МК"));
    is_one(&sheets, "2-mk");
}

#[test]
fn a_finding_names_the_sheet_on_which_its_cell_stands() {
    let mut sheets = sections("2-mk", true);
    let last = sheets.len() - 1;
    let label = truth("2-mk").form.rows.last().unwrap().no.clone();
    sheets[last].row(&label).put(2, Spec::Text("много".to_owned()));
    let (folder, path) = book(&sheets);
    let request = CheckArgs {
        files: vec![path],
        out: Some(folder.path().join("out")),
        ending: quietly(),
        ..CheckArgs::default()
    };
    request.run(&Spoken::default(), definitions()).unwrap();
    let all = json_of(&only_folder(&folder.path().join("out")).join("findings.json"));
    let fault = all["findings"].as_array().unwrap().iter().find(|finding| finding["value"] == "много");
    let fault = fault.unwrap_or_else(|| panic!("{all}"));
    let row = sheets[last].place(&Tag::Row(label)) + 1;
    assert_eq!((&fault["sheet"], &fault["line"]), (&format!("Лист{}", last + 1).into(), &row.into()));
    assert_eq!(fault["cell"], format!("C{row}"));
}

#[test]
fn forms_of_two_districts_that_each_lack_a_row_stay_two() {
    let truth = truth("2-mk");
    let whole = draw(truth.form, &truth.cells, &Style::new(truth.form));
    let without = |no: &str| {
        let mut canvas = whole.clone();
        canvas.remove(no);
        canvas
    };
    let (_folder, path) = book(&[without("3.4"), without("3.7")]);
    let (forms, findings) = read(&path);
    assert_eq!((forms.len(), names(&findings)), (2, ["row_missing"].into()), "{findings:?}");
    // and what is of another quarter is another form
    let mut other = without("3.7");
    other.rows[1].put(0, Spec::Text("Отчетный период: II квартал 2026 года".to_owned()));
    let (_folder, path) = book(&[sections("2-mk", true).remove(0), other]);
    let (forms, findings) = read(&path);
    assert_eq!((forms.len(), names(&findings)), (2, ["row_missing"].into()), "{findings:?}");
}

#[test]
fn two_versions_of_a_continuation_are_refused() {
    let [first, second] = halves("3-mk", 8);
    let (_folder, path) = book(&[first, second.clone(), second]);
    let (forms, findings) = read(&path);
    assert!(forms.is_empty() && names(&findings) == ["form_parts_differ"].into(), "{findings:?}");
}
