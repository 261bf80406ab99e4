//! What is in doubt or missing is refused with its own finding, and nothing is guessed.

use super::canvas::{Canvas, Spec, Tag};
use super::draw::{Style, draw};
use super::foreign::{names, severity, truth};
use crate::bench::definitions;
use esep::filed::{self, Filed};
use esep::finding::{Finding, Severity};

/// Reads a 2-mk that somebody spoilt.
fn spoilt(change: impl FnOnce(&mut Canvas, u16)) -> (Vec<Filed<'static>>, Vec<Finding>) {
    let truth = truth("2-mk");
    let style = Style::new(truth.form);
    let mut canvas = draw(truth.form, &truth.cells, &style);
    change(&mut canvas, style.right);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("spoilt.xlsx");
    canvas.save(&path);
    filed::read(&path, definitions()).unwrap()
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
    for (title, expected) in [
        ("за отчётный период", "period_unknown"),
        ("III квартал 2026 года (сравнение: II квартал 2026 года)", "period_unknown"),
        ("II квартал 2026 года", "period_ambiguous"),
    ] {
        let truth = truth("2-mk");
        let mut style = Style::new(truth.form);
        style.titles[1] = title.to_owned();
        (style.own_months, style.marks) = (true, false);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("form.xlsx");
        draw(truth.form, &truth.cells, &style).save(&path);
        let (forms, findings) = filed::read(&path, definitions()).unwrap();
        if title.starts_with("III") {
            // the first quarter that stands there with its year is the reporting one: the other is no title of its own
            assert!(forms.len() == 1 || names(&findings).contains(expected), "{title}");
            continue;
        }
        assert!(forms.is_empty() && names(&findings).contains(expected), "{title}: {findings:?}");
    }
}

#[test]
fn what_is_no_workbook_or_no_form() {
    let folder = tempfile::tempdir().unwrap();
    let broken = folder.path().join("broken.xlsx");
    std::fs::write(&broken, b"PK\x03\x04 and nothing more").unwrap();
    let (forms, findings) = filed::read(&broken, definitions()).unwrap();
    assert!(forms.is_empty() && names(&findings) == ["workbook_unreadable"].into());
    let text = folder.path().join("form.xlsx");
    std::fs::write(&text, "не книга").unwrap();
    assert!(filed::read(&text, definitions()).is_err());
    let far = folder.path().join("far.xlsx");
    let mut book = rust_xlsxwriter::Workbook::new();
    book.add_worksheet().write_number(1_048_575, 16_383, 1).unwrap();
    book.save(&far).unwrap();
    let (forms, findings) = filed::read(&far, definitions()).unwrap();
    assert!(forms.is_empty() && names(&findings) == ["form_not_found"].into());
    assert!(findings.iter().all(|finding| severity(finding) == Severity::Error));
}
