//! What is in doubt or missing is refused with its own finding, and nothing is guessed.

use super::canvas::{Canvas, Spec, Tag};
use super::draw::{Style, draw};
use super::foreign::{names, severity, truth};
use crate::bench::definitions;
use esep::filed;
use esep::filed::form::Filed;
use esep::words::finding::{Finding, Severity};

/// Reads a 2-mk that somebody spoilt.
fn spoilt(change: impl FnOnce(&mut Canvas, u16)) -> (Vec<Filed<'static>>, Vec<Finding>) {
    let truth = truth("2-mk");
    let style = Style::new(truth.form);
    let mut canvas = draw(truth.form, &truth.cells, &style);
    change(&mut canvas, style.right);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("spoilt.xlsx");
    canvas.save(&path);
    filed::read::read(&path, definitions()).unwrap()
}

fn slot<'f>(findings: &'f [Finding], name: &str, slot: &str) -> &'f str {
    let finding = findings.iter().find(|finding| finding.name == name).unwrap_or_else(|| panic!("no {name}"));
    &finding.slots.iter().find(|(known, _)| known == slot).unwrap().1
}

fn row_is_absent(forms: &[Filed<'_>], no: &str) {
    let rows = &forms[0].form.rows;
    assert!(!forms[0].cells.lines.iter().any(|line| line.key.is_row() && rows[line.row].no == no), "{no}");
}

#[test]
fn a_missing_row() {
    let (forms, findings) = spoilt(|canvas, _| canvas.remove("3.4"));
    assert_eq!(slot(&findings, "row_missing", "row"), ["3", "4"].join("."));
    assert_eq!(findings.len(), 1);
    row_is_absent(&forms, "3.4");
}

#[test]
fn a_repeated_row_with_other_values_counts_neither_time() {
    let (forms, findings) = spoilt(|canvas, right| {
        let at = canvas.place(&Tag::Row("3.4".to_owned()));
        let mut twin = canvas.rows[at].clone();
        twin.put(right + 2, Spec::Number(777.0));
        canvas.rows.insert(at + 3, twin);
    });
    assert!(names(&findings).contains("row_repeated"), "{findings:?}");
    row_is_absent(&forms, "3.4");
}

#[test]
fn numbers_and_labels_of_two_rows_swapped_leave_both_in_doubt() {
    let (forms, findings) = spoilt(|canvas, right| {
        canvas.row("3.4").put(right, Spec::Text("3.7.".to_owned()));
        canvas.row("3.7").put(right, Spec::Text("3.4.".to_owned()));
    });
    let rows = slot(&findings, "row_doubtful", "rows");
    assert!(rows.contains("3.7") && rows.contains("3.4"), "both candidates: {rows}");
    row_is_absent(&forms, "3.4");
    row_is_absent(&forms, "3.7");
}

#[test]
fn a_number_with_a_strange_label_is_in_doubt() {
    let (forms, findings) = spoilt(|canvas, right| {
        canvas.row("3.4").put(right + 1, Spec::Text("прочие сведения о подарках".to_owned()));
    });
    assert_eq!(slot(&findings, "row_doubtful", "rows"), ["3", "4"].join("."));
    row_is_absent(&forms, "3.4");
}

#[test]
fn a_row_of_nobody() {
    let (_, findings) = spoilt(|canvas, right| {
        let at = canvas.place(&Tag::Row("3.4".to_owned()));
        let mut own = canvas.rows[at].clone();
        own.put(right, Spec::Text("3.11.".to_owned()));
        own.put(right + 1, Spec::Text("наш собственный показатель".to_owned()));
        canvas.rows.insert(at, own);
    });
    assert!(slot(&findings, "row_foreign", "label").contains("собственный"));
}

#[test]
fn a_value_behind_the_last_column_and_one_in_two_cells() {
    let (_, findings) = spoilt(|canvas, right| {
        canvas.row("3.4").put(right + 10, Spec::Number(4.0));
        canvas.row("3.5").merges.clear();
        canvas.row("3.5").put(right + 3, Spec::Number(4.0));
    });
    assert_eq!(names(&findings), ["cell_beside", "cell_twice"].into());
}

#[test]
fn the_period_is_never_guessed() {
    let read = |title: &str, name: &str, own_months: bool| {
        let truth = truth("2-mk");
        let mut style = Style::new(truth.form);
        style.titles[1] = title.to_owned();
        (style.own_months, style.marks) = (own_months, false);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(format!("{name}.xlsx"));
        draw(truth.form, &truth.cells, &style).save(&path);
        filed::read::read(&path, definitions()).unwrap()
    };
    for (title, name, own_months, periods) in [
        // nothing, or a half of it, is said
        ("за отчётный период", "form", false, ""),
        ("III квартал", "form", true, ""),
        ("2026 год", "form", true, ""),
        ("Отчетный период: ___ квартал 20__ года", "form", false, ""),
        // more than one is said: in one text, in title and heads, in the name of the file alone
        ("III квартал 2026 года (сравнение: II квартал 2026 года)", "form", false, "2026Q2, 2026Q3"),
        ("III квартал 2026 года (сравнение: III квартал 2025 года)", "form", true, "2025Q3, 2026Q3"),
        ("за I–III кварталы 2026 года", "form", false, "2026Q1, 2026Q3"),
        ("II квартал 2026 года", "form", true, "2026Q2, 2026Q3"),
        ("за отчётный период", "2026Q2 и 2026Q3", false, "2026Q2, 2026Q3"),
    ] {
        let (forms, findings) = read(title, name, own_months);
        assert!(forms.is_empty(), "{title} {name}");
        let name = if periods.is_empty() { "period_unknown" } else { "period_ambiguous" };
        assert_eq!(names(&findings), [name].into(), "{title}: {findings:?}");
        if !periods.is_empty() {
            assert_eq!(slot(&findings, name, "periods"), periods, "both candidates are named");
        }
    }
    // one quarter that stands in several places is one
    let (forms, findings) = read("III квартал 2026 года (2026 жылғы 3-тоқсан)", "2-мк за II квартал 2026", true);
    assert_eq!((forms.len(), findings), (1, Vec::new()), "what the form says is not weighed against a file's name");
    assert_eq!(forms[0].period.quarter.to_string(), "2026Q3");
}

#[test]
fn what_is_no_workbook_or_no_form() {
    let folder = tempfile::tempdir().unwrap();
    let broken = folder.path().join("broken.xlsx");
    std::fs::write(&broken, b"PK\x03\x04 and nothing more").unwrap();
    let (forms, findings) = filed::read::read(&broken, definitions()).unwrap();
    assert!(forms.is_empty() && names(&findings) == ["workbook_unreadable"].into());
    let text = folder.path().join("form.xlsx");
    std::fs::write(&text, "не книга").unwrap();
    assert!(filed::read::read(&text, definitions()).is_err());
    let far = folder.path().join("far.xlsx");
    let mut book = rust_xlsxwriter::Workbook::new();
    book.add_worksheet().write_number(1_048_575, 16_383, 1).unwrap();
    book.save(&far).unwrap();
    let (forms, findings) = filed::read::read(&far, definitions()).unwrap();
    assert!(forms.is_empty() && names(&findings) == ["form_not_found"].into());
    assert!(findings.iter().all(|finding| severity(finding) == Severity::Error));
}
