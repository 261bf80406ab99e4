//! Workbooks in the official layout drawn by other hands are read right, and what was mended is told.

use super::canvas::{Canvas, Spec, Tag, convert};
use super::draw::{Numbers, Style, Values, column, draw};
use crate::bench::definitions;
use crate::samples::{SAMPLES, sample};
use esep::definitions::form::Form;
use esep::filed;
use esep::filed::form::Filed;
use esep::values::cells::{Cells, Value};
use esep::words::finding::{Finding, Severity};
use esep::words::lang::Lang;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::OnceLock;

/// The samples' forms as esep counted them: the truth of all drawings.
pub fn truth(form: &str) -> &'static Filed<'static> {
    static READ: OnceLock<BTreeMap<String, Filed<'static>>> = OnceLock::new();
    let all = READ.get_or_init(|| {
        let read = |(folder, form): &(&str, &str)| {
            let ran = sample(folder, form);
            let (mut forms, findings) = filed::read::read(&ran.folder.join("report.json"), definitions()).unwrap();
            assert!(findings.is_empty());
            let mut filed = forms.remove(0);
            // the planted faults of the national sample are mended: the drawings shall be free of errors
            mend(&mut filed);
            ((*form).to_owned(), filed)
        };
        SAMPLES.iter().map(read).collect()
    });
    &all[form]
}

/// Makes the columns that are sums of others so, where a planted fault left them otherwise.
fn mend(filed: &mut Filed<'static>) {
    let form = filed.form;
    for line in &mut filed.cells.lines {
        let grid = form.grid_of(line.row);
        for rule in form.rules.iter().filter(|rule| rule.check == esep::definitions::form::Check::ColumnsSum) {
            let parts: Vec<&Value> =
                rule.right_columns.iter().filter_map(|id| grid.column(id)).map(|at| &line.values[at]).collect();
            let sum = Value::sum(parts).unwrap();
            line.values[grid.column(&rule.left_columns[0]).unwrap()] = sum;
        }
    }
}

/// Rows, names and values: what a foreign form can hold.
pub fn told(form: &Form, cells: &Cells) -> Vec<String> {
    let name = |party: Option<&esep::values::cells::Party>| party.map_or("", |party| party.label()).to_owned();
    let line = |line: &esep::values::cells::Line| {
        let values: Vec<String> = line.values.iter().map(Value::print).collect();
        let system = line.key.system.clone().unwrap_or_default();
        format!(
            "{}|{}|{}|{system}|{}",
            form.rows[line.row].no,
            name(line.key.provider.as_deref()),
            name(line.key.service.as_deref()),
            values.join(" ")
        )
    };
    let printed = |line: &&esep::values::cells::Line| !(line.key.is_row() && form.rows[line.row].lines_only);
    cells.lines.iter().filter(printed).map(line).collect()
}

pub fn severity(finding: &Finding) -> Severity {
    definitions().wording(finding.name).severity
}

pub fn names(findings: &[Finding]) -> BTreeSet<&'static str> {
    findings.iter().map(|finding| finding.name).collect()
}

/// The workbook is read as the truth, without errors, and nothing but `mended` is told.
fn reads(path: &Path, form: &str, mended: &[&str]) {
    let (forms, findings) = filed::read::read(path, definitions()).unwrap();
    let shown: Vec<_> = findings
        .iter()
        .map(|finding| format!("{} {:?} {:?} {:?}", finding.name, finding.place.line, finding.place.row, finding.slots))
        .filter(|text| !text.starts_with("row_by_label") && !text.starts_with("value_"))
        .take(8)
        .collect();
    assert_eq!(forms.len(), 1, "{}: {shown:#?}", path.display());
    let truth = truth(form);
    assert_eq!(forms[0].form.form, form);
    assert_eq!(forms[0].period.quarter, truth.period.quarter);
    let (found, expected) = (told(forms[0].form, &forms[0].cells), told(truth.form, &truth.cells));
    let first = found.iter().zip(&expected).find(|(found, expected)| found != expected);
    assert!(
        found == expected,
        "{}: {} lines for {}, first {first:#?}\n{shown:#?}",
        path.display(),
        found.len(),
        expected.len()
    );
    let allowed: BTreeSet<&str> = mended.iter().copied().collect();
    assert_eq!(names(&findings), allowed, "{}: {shown:#?}", path.display());
    assert!(findings.iter().all(|finding| severity(finding) == Severity::Notice), "{shown:#?}");
}

fn drawn(form: &str, change: impl FnOnce(&mut Style)) -> (Canvas, Style) {
    let truth = truth(form);
    let mut style = Style::new(truth.form);
    change(&mut style);
    (draw(truth.form, &truth.cells, &style), style)
}

fn check(name: &str, form: &str, canvas: &Canvas, mended: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(format!("{name}.xlsx"));
    canvas.save(&path);
    reads(&path, form, mended);
}

/// Cells that people type otherwise than as plain numbers are each told.
fn styled(name: &str, form: &str, mended: &[&str], change: impl FnOnce(&mut Style)) {
    check(name, form, &drawn(form, change).0, mended);
}

#[test]
fn every_form_in_every_language() {
    for form in ["1-mk", "2-mk", "3-mk", "4-mk"] {
        for langs in
            [vec![Lang::Kk], vec![Lang::Ru], vec![Lang::En], vec![Lang::Kk, Lang::Ru], vec![Lang::Ru, Lang::Kk]]
        {
            styled(&format!("{form} {langs:?}"), form, &[], |style| style.langs = langs);
        }
    }
}

#[test]
fn layouts_of_the_monthly_forms() {
    for form in ["1-mk", "2-mk"] {
        styled("no merged cells", form, &[], |style| style.merged = false);
        styled("tables of their own width", form, &[], |style| {
            (style.wide, style.merged) = (false, false);
        });
        styled("no marks", form, &[], |style| style.marks = false);
        styled("only the months of the quarter", form, &[], |style| (style.own_months, style.marks) = (true, false));
        styled("far from the corner", form, &[], |style| style.right = 5);
        styled("a blank column", form, &[], |style| style.gap = 1);
        let (mut canvas, _) = drawn(form, |_| {});
        canvas.down = 23;
        check("far down", form, &canvas, &[]);
    }
}

#[test]
fn layouts_of_the_quarterly_forms() {
    for form in ["3-mk", "4-mk"] {
        styled("no marks", form, &[], |style| style.marks = false);
        styled("numbered lines", form, &[], |style| (style.lines_numbered, style.indented) = (true, false));
        styled("a blank column and rows", form, &[], |style| (style.gap, style.right) = (2, 3));
    }
}

#[test]
fn numbers_of_rows_as_spreadsheets_spoil_them() {
    for form in ["1-mk", "2-mk"] {
        styled("bare", form, &[], |style| style.numbers = Numbers::Bare);
        styled("number", form, &["row_number_mended"], |style| style.numbers = Numbers::Number);
        styled("day", form, &[], |style| style.numbers = Numbers::Day);
        styled("with the label", form, &[], |style| style.numbers = Numbers::WithLabel);
        styled("absent", form, &["row_by_label"], |style| style.numbers = Numbers::Absent);
    }
}

#[test]
fn values_as_people_type_them() {
    for form in ["2-mk", "3-mk"] {
        for values in [Values::Text, Values::Grouped] {
            styled(&format!("{values:?}"), form, &["value_mended"], |style| style.values = values);
        }
    }
}

#[test]
fn titles_as_people_write_them() {
    for (titles, mended) in [
        (vec!["Форма 2-МК", "за 3 квартал 2026 г."], vec![]),
        (vec!["2-mk", "2026Q3"], vec![]),
        (vec!["Есептің индексі: 2-МК", "2026 жылғы III тоқсан"], vec![]),
        // without an index the title or the rows tell the form
        (
            vec![
                "Отчет о работе местного исполнительного органа по внутреннему контролю за качеством оказания государственных услуг",
                "III квартал 2026 года",
            ],
            vec![],
        ),
        (vec!["Отчёт", "третий квартал 2026 года"], vec![]),
        (vec!["Индекс: 2-MK (латиницей)", "ІІІ квартал 2026 года"], vec![]),
    ] {
        styled(&titles.join(" "), "2-mk", &mended, |style| {
            style.titles = titles.iter().map(|title| (*title).to_owned()).collect();
        });
    }
    let (canvas, _) = drawn("2-mk", |style| style.titles = vec!["Индекс: 2-МК".to_owned()]);
    check("2-мк за III квартал 2026 года", "2-mk", &canvas, &["period_of_name"]);
}

#[test]
fn rows_that_were_moved() {
    let (mut canvas, _) = drawn("2-mk", |_| {});
    canvas.swap("3.4", "3.7");
    canvas.swap("19", "20");
    check("moved", "2-mk", &canvas, &["row_moved"]);
}

#[test]
fn labels_that_differ_a_little() {
    let (mut canvas, style) = drawn("2-mk", |_| {});
    let label = style.right + 1;
    let mut write = |no: &str, text: &str| canvas.row(no).put(label, Spec::Text(text.to_owned()));
    // a letter missing, Latin look-alikes, the beginning alone, case and quotes
    write("3.1", "факты нарушений сроков оказания государственых услуг");
    write("3.2", "фaкты нapyшeний cpoкoв oткaзoв в oкaзaнии гocyдapcтвeнных ycлyг");
    write("4", "Количество нарушений, по итогам которых приняты меры");
    write("2.2", "ПОДВЕДОМСТВЕННЫХ  «ОРГАНИЗАЦИЙ»;");
    check("labels", "2-mk", &canvas, &[]);
    canvas.row("2.1").put(label, Spec::Text("местных исполнительных".to_owned()));
    canvas.row("6").cells.retain(|(column, _)| *column != label);
    check("shortened", "2-mk", &canvas, &["row_by_number"]);
}

#[test]
fn blank_rows_heads_again_and_words_between() {
    let (mut canvas, style) = drawn("2-mk", |_| {});
    let heads: Vec<_> = canvas.rows.iter().filter(|row| row.tag == Tag::Head).take(3).cloned().collect();
    let at = canvas.place(&Tag::Row("3.5".to_owned()));
    for head in heads.into_iter().rev() {
        canvas.rows.insert(at, head);
    }
    let at = canvas.place(&Tag::Row("10.1".to_owned()));
    let mut word = canvas.rows[at].clone();
    word.cells = vec![(style.right + 1, Spec::Text("в том числе:".to_owned()))];
    (word.merges, word.tag) = (Vec::new(), Tag::Title);
    canvas.rows.insert(at, word.clone());
    word.cells.clear();
    canvas.rows.insert(5, word.clone());
    canvas.rows.insert(at + 7, word);
    check("between", "2-mk", &canvas, &[]);
}

#[test]
fn formulas_with_and_without_results() {
    let truth = truth("2-mk");
    for (result, mended) in
        [(Some(true), vec![]), (Some(false), vec!["formula_stale"]), (None, vec!["formula_counted"])]
    {
        let (mut canvas, style) = drawn("2-mk", |_| {});
        let grid = &truth.form.grids[0];
        for (nth, _) in grid.columns.iter().enumerate() {
            let at = column(truth.form, grid, &style, nth);
            let line = |no: &str| canvas.place(&Tag::Row(no.to_owned())) + 1;
            let letter = char::from(b'A' + u8::try_from(at).unwrap());
            let formula = format!("SUM({letter}{}:{letter}{})", line("2.1"), line("2.4"));
            let right = match canvas.row("2").get(at).unwrap() {
                Spec::Number(number) => number.to_string(),
                other => panic!("{other:?}"),
            };
            let stored = result.map(|right_one| if right_one { right } else { "999".to_owned() });
            canvas.row("2").put(at, Spec::Formula(formula, stored));
        }
        check("formulas", "2-mk", &canvas, &mended);
    }
}

#[test]
fn several_sheets() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("book.xlsx");
    let mut book = rust_xlsxwriter::Workbook::new();
    book.add_worksheet()
        .set_name("Инструкция")
        .unwrap()
        .write_string(0, 0, "Заполните форму за III квартал 2026 года")
        .unwrap();
    for form in ["4-mk", "2-mk"] {
        let (canvas, _) = drawn(form, |_| {});
        canvas.draw(book.add_worksheet().set_name(form).unwrap(), "Calibri");
    }
    book.add_worksheet().set_name("Лист9").unwrap();
    book.save(&path).unwrap();
    let (forms, findings) = filed::read::read(&path, definitions()).unwrap();
    assert_eq!(names(&findings), BTreeSet::new());
    let read: Vec<&str> = forms.iter().map(|filed| filed.form.form.as_str()).collect();
    assert_eq!(read, ["4-mk", "2-mk"]);
    for filed in &forms {
        let truth = truth(&filed.form.form);
        assert_eq!(told(filed.form, &filed.cells), told(truth.form, &truth.cells));
    }
}

#[test]
fn the_second_table_of_3_mk_goes_on_with_the_columns_of_the_first() {
    let truth = truth("3-mk");
    let (whole, style) = drawn("3-mk", |style| style.lines_numbered = true);
    let from = column(truth.form, &truth.form.grids[0], &style, 8);
    let (mut first, mut second) = (whole.clone(), whole.clone());
    for row in &mut first.rows {
        row.cells.retain(|(column, _)| *column < from);
    }
    first.rows.retain(|row| row.tag != Tag::Signature);
    second.rows.retain(|row| row.tag != Tag::Title);
    for row in &mut second.rows {
        row.cells.retain(|(column, _)| *column < style.right + 2 || *column >= from);
        for (column, _) in &mut row.cells {
            *column = if *column >= from { *column - 8 } else { *column };
        }
    }
    first.rows.extend(second.rows);
    check("continuation", "3-mk", &first, &[]);
}

/// The form with columns 9–13 as a second table without a stub, as Annex 3 prints it; heads in their columns.
fn continued(drop: usize) -> (Canvas, usize) {
    let truth = truth("3-mk");
    let (whole, style) = drawn("3-mk", |style| style.lines_numbered = true);
    let from = column(truth.form, &truth.form.grids[0], &style, 8);
    let (mut first, mut second) = (whole.clone(), whole);
    for row in &mut first.rows {
        row.cells.retain(|(column, _)| *column < from);
    }
    first.rows.retain(|row| row.tag != Tag::Signature);
    second.rows.retain(|row| row.tag != Tag::Title);
    let mut left = drop;
    second.rows.retain(|row| {
        let goes = left > 0 && matches!(row.tag, Tag::Line(_));
        left -= usize::from(goes);
        !goes
    });
    for row in second.rows.iter_mut().filter(|row| row.tag != Tag::Signature) {
        row.cells.retain(|(column, _)| *column >= from);
        row.cells.iter_mut().for_each(|(column, _)| *column -= from);
    }
    let rows = second.rows.iter().filter(|row| matches!(row.tag, Tag::Row(_) | Tag::Line(_))).count();
    let mut title = second.rows[0].clone();
    title.cells = vec![(0, Spec::Text("Продолжение таблицы".to_owned()))];
    first.rows.push(title);
    first.rows.extend(second.rows);
    (first, rows)
}

#[test]
fn a_continuation_without_names_is_read_in_the_order_of_the_first_part() {
    check("annex", "3-mk", &continued(0).0, &["continuation_by_order"]);
}

#[test]
fn a_continuation_of_fewer_rows_is_not_guessed() {
    let (canvas, rows) = continued(1);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("fewer.xlsx");
    canvas.save(&path);
    let (forms, findings) = filed::read::read(&path, definitions()).unwrap();
    assert_eq!(names(&findings), ["continuation_rows_differ"].into(), "{findings:?}");
    assert!(findings[0].slots.contains(&("count".to_owned(), rows.to_string())), "{findings:?}");
    // what was not read is blank, and no number came into another row
    for line in &forms[0].cells.lines {
        assert!(line.values[8..].iter().all(|value| *value == Value::Blank));
    }
}

#[test]
fn other_file_types() {
    let folder = tempfile::tempdir().unwrap();
    for form in ["1-mk", "2-mk", "3-mk", "4-mk"] {
        let path = folder.path().join(format!("{form}.xlsx"));
        drawn(form, |_| {}).0.save(&path);
        for format in ["ods", "xls:MS Excel 97"] {
            let Some(made) = convert(&path, format, folder.path()) else { return };
            reads(&made, form, &[]);
        }
    }
}

#[test]
fn levels_are_found_by_sums_where_nothing_else_tells_them() {
    // lines that are all zero can stand anywhere, and the program says so; these have numbers
    let truth = truth("4-mk");
    let mut cells = truth.cells.clone();
    cells.lines.retain(|line| line.key.is_row() || line.values[0].number().is_some_and(|number| number > 0));
    let style = Style { indented: false, ..Style::new(truth.form) };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("flat.xlsx");
    draw(truth.form, &cells, &style).save(&path);
    let (forms, findings) = filed::read::read(&path, definitions()).unwrap();
    assert_eq!(names(&findings), BTreeSet::from(["levels_by_sums"]));
    assert_eq!(told(forms[0].form, &forms[0].cells), told(truth.form, &cells));
}
