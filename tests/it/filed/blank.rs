//! Empty forms: filled by a script, recounted by LibreOffice, checked.

use super::canvas::{convert, edited};
use super::foreign::names;
use crate::bench::{BIN, definitions};
use esep::commands::blank::BlankArgs;
use esep::commands::out::spoken::Spoken;
use esep::filed;
use esep::rules::beside::Beside;
use esep::rules::check;
use esep::values::cells::Value;
use esep::words::lang::Lang;
use std::path::{Path, PathBuf};

fn made(forms: &[&str], langs: &[Lang], out: &Path) -> Vec<PathBuf> {
    let organisation = out.join("organisation.toml");
    std::fs::write(&organisation, format!("name_ru = \"Орган\"\nbin = \"{BIN}\"\n")).unwrap();
    let request = BlankArgs {
        form: forms.iter().map(|form| (*form).to_owned()).collect(),
        records: true,
        period: Some("2026Q3".to_owned()),
        organisation: Some(organisation),
        lines: 3,
        out: out.to_owned(),
        force: true,
    };
    let spoken = Spoken { given: langs.to_vec(), ..Spoken::default() };
    request.run(&spoken, definitions()).unwrap().into_iter().map(|name| out.join(name)).collect()
}

/// Writes into cells of the first sheet: numbers and texts, as a person types them.
fn fill(path: &Path, cells: &[(String, String)]) {
    let filled = edited(&std::fs::read(path).unwrap(), |mut text| {
        for (cell, value) in cells {
            let start = text.find(&format!("<c r=\"{cell}\"")).unwrap_or_else(|| panic!("no cell {cell}"));
            let tag = start + text[start..].find('>').unwrap() + 1;
            let is_empty = text[start..tag].ends_with("/>");
            let end = if is_empty { tag } else { start + text[start..].find("</c>").unwrap() + 4 };
            let style = text[start..end].split(" s=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
            let new = match value.parse::<i64>() {
                Ok(number) => format!("<c r=\"{cell}\" s=\"{style}\"><v>{number}</v></c>"),
                Err(_) => format!("<c r=\"{cell}\" s=\"{style}\" t=\"inlineStr\"><is><t>{value}</t></is></c>"),
            };
            text.replace_range(start..end, &new);
        }
        text
    });
    std::fs::write(path, filled).unwrap();
}

/// Cells to fill of an empty form: every value that is no formula, and the names of the lines.
pub fn entries(path: &Path) -> Vec<(String, String)> {
    let (forms, findings) = filed::read::read(path, definitions()).unwrap();
    assert_eq!(forms.len(), 1, "{findings:?}");
    let mut book: calamine::Xlsx<_> = calamine::open_workbook(path).unwrap();
    let sheet = calamine::Reader::sheet_names(&book)[0].clone();
    let range = calamine::Reader::worksheet_range(&mut book, &sheet).unwrap();
    let formulas = calamine::Reader::worksheet_formula(&mut book, &sheet).unwrap();
    let text = |row: u32, column: u32| range.get_value((row, column)).map(ToString::to_string).unwrap_or_default();
    let last = range.end().unwrap();
    let (head, level) = (0..=last.0)
        .flat_map(|row| (0..=last.1).map(move |column| (row, column)))
        .find(|(row, column)| text(*row, *column) == "esep.level")
        .unwrap();
    let form = forms[0].form;
    let mut entries = Vec::new();
    let address = |row: u32, column: u32| esep::render::sheet::a1(row as usize, column as usize);
    for row in head + 1..=last.0 {
        let id = text(row, level + 1);
        let Some(position) = form.row_position(&id) else { continue };
        let columns = u32::try_from(form.grid_of(position).columns.len()).unwrap();
        let span = (level - 2) / columns;
        if text(row, level) != "row" {
            let system = if form.rows[position].lines.len() == 2 && form.monthly { " — ИС" } else { "" };
            entries.push((address(row, 1), format!("Услуга {row}{system}")));
        }
        for nth in 0..columns {
            let column = 2 + nth * span;
            if formulas.get_value((row, column)).is_none_or(String::is_empty) {
                // the first column of the quarterly forms, or its parts, bound the others
                let bounds = if form.form == "4-mk" { 3 } else { 1 };
                let number = if form.monthly || nth >= bounds { row % 7 + nth } else { 900 };
                entries.push((address(row, column), number.to_string()));
            }
        }
    }
    assert!(entries.len() > 20);
    entries
}

#[test]
fn empty_forms_filled_and_recounted_break_no_rule() {
    let out = tempfile::tempdir().unwrap();
    for langs in [vec![Lang::Ru], vec![Lang::Kk, Lang::Ru]] {
        for path in made(&["1-mk", "2-mk", "3-mk", "4-mk"], &langs, out.path()).into_iter().take(4) {
            fill(&path, &entries(&path));
            // stored sums are those of the empty form: the program counts them and says so
            let (forms, findings) = filed::read::read(&path, definitions()).unwrap();
            assert_eq!(names(&findings), ["formula_stale"].into(), "{}", path.display());
            holds(&forms[0], &path);
            let other = out.path().join("filled");
            let Some(made) = convert(&path, "ods", &other) else { continue };
            let (forms, _) = filed::read::read(&made, definitions()).unwrap();
            holds(&forms[0], &made);
        }
    }
}

#[test]
fn an_empty_form_judges_the_same_in_every_format() {
    let out = tempfile::tempdir().unwrap();
    for path in made(&["1-mk", "2-mk", "3-mk", "4-mk"], &[Lang::Ru], out.path()).into_iter().take(4) {
        let told = |path: &Path| {
            let (forms, mut findings) = filed::read::read(path, definitions()).unwrap();
            assert_eq!(forms.len(), 1, "{}: {findings:?}", path.display());
            let filed = &forms[0];
            findings.iter_mut().for_each(|finding| finding.place.source = None);
            findings.extend(check(filed.form, &filed.cells, &Beside::default()).findings);
            (findings, filed.cells.clone(), filed.period.quarter, filed.organisation.clone())
        };
        let own = told(&path);
        for format in ["ods", "xls:MS Excel 97"] {
            let Some(made) = convert(&path, format, out.path()) else { return };
            assert_eq!(told(&made), own, "{}", made.display());
        }
    }
}

/// All cells are filled and every error rule holds.
fn holds(filed: &filed::form::Filed<'_>, path: &Path) {
    let blank = filed.cells.lines.iter().flat_map(|line| &line.values).filter(|value| **value == Value::Blank).count();
    assert_eq!(blank, 0, "{}", path.display());
    let some = filed.cells.lines.iter().any(|line| line.values.iter().any(|value| value.number() > Some(20)));
    assert!(some, "sums are not empty: {}", path.display());
    let checked = check(filed.form, &filed.cells, &Beside::default());
    let errors: Vec<_> = checked
        .findings
        .iter()
        .filter(|finding| !finding.cannot_be_checked)
        .filter(|finding| {
            esep::report::wording::severity(finding, definitions(), Some(filed.form))
                == esep::words::finding::Severity::Error
        })
        .map(|finding| {
            (&finding.rule, finding.place.row.as_deref(), finding.place.column.as_deref(), finding.left, finding.right)
        })
        .collect();
    assert!(errors.is_empty(), "{}: {errors:?}", path.display());
}

#[test]
fn the_workbook_for_records_is_recognised_in_every_language() {
    for lang in Lang::ALL {
        let out = tempfile::tempdir().unwrap();
        let path = made(&[], &[lang], out.path()).remove(0);
        let found =
            esep::sources::discover(&[path], &definitions().tables, &esep::sources::Options::default()).unwrap();
        // nobody fills in what a database has counted
        let asked = || definitions().tables.iter().filter(|table| !table.counted);
        assert_eq!(found.tables.len(), asked().count(), "{lang:?}");
        let columns: usize = found.tables.iter().map(|table| table.headers.len()).sum();
        let fields: usize = asked().map(|table| table.fields.len()).sum();
        assert_eq!(columns, fields, "{lang:?}");
        // the drop-downs' own sheet is no table
        let told: Vec<&str> = found.findings.iter().map(|finding| finding.name).collect();
        assert_eq!(told, ["sheet_without_header"], "{lang:?}");
    }
}
