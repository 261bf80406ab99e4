//! What stands in a cell of a form from another hand: a number alone, a dash over several cells, anything else.

use super::canvas::{Canvas, Spec, convert, edited};
use super::draw::{Style, draw};
use super::foreign::{names, truth};
use crate::bench::{definitions, quietly};
use esep::commands::check::CheckArgs;
use esep::commands::out::spoken::Spoken;
use esep::filed::form::Filed;
use esep::filed::read::read;
use esep::sources::workbook::grid::{Cell, Datum, Grid, Grids};
use esep::values::cells::Value;
use esep::words::finding::Finding;
use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

fn drawn(change: impl FnOnce(&mut Canvas, u16)) -> Canvas {
    let truth = truth("2-mk");
    let style = Style { merged: false, ..Style::new(truth.form) };
    let mut canvas = draw(truth.form, &truth.cells, &style);
    change(&mut canvas, style.right + 2);
    canvas
}

fn values(filed: &Filed<'_>, no: &str) -> Vec<Value> {
    let row = filed.form.rows.iter().position(|row| row.no == no).unwrap();
    filed.cells.lines.iter().find(|line| line.row == row && line.key.is_row()).unwrap().values.clone()
}

fn slot(findings: &[Finding], name: &str, slot: &str) -> String {
    let finding = findings.iter().find(|finding| finding.name == name).unwrap_or_else(|| panic!("no {name}"));
    finding.slots.iter().find(|(known, _)| known == slot).unwrap().1.clone()
}

/// Codes of what fails, with the text of each, as `check --out` writes them.
fn judged(path: &Path) -> Vec<(String, String)> {
    let out = tempfile::tempdir().unwrap();
    let files = vec![path.to_owned()];
    let request = CheckArgs { files, out: Some(out.path().join("out")), ending: quietly(), ..CheckArgs::default() };
    request.run(&Spoken::default(), definitions()).unwrap();
    let folder = crate::samples::only_folder(&out.path().join("out"));
    let findings = crate::made::json_of(&folder.join("findings.json"));
    let all = findings["findings"].as_array().unwrap().iter().filter(|finding| finding["outcome"] == "fails");
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    all.map(|finding| (text(&finding["code"]), text(&finding["message"]["ru"]))).collect()
}

#[test]
fn a_cell_is_a_number_only_if_nothing_else_stands_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("form.xlsx");
    let text = |text: &str| Spec::Text(text.to_owned());
    for (spec, likely) in [
        (text("12 тыс."), "12000"),
        (text("минус 5"), "5"),
        (text("нет 5"), "5"),
        (text("5 млн"), "5000000"),
        (text("03.июл"), "3"),
        (text("~5"), "5"),
        (text("5*"), "5"),
        (text("5 шт"), "5"),
        (text("всего: 1 234"), "1234"),
        (text("1,5"), "1, 2"),
        (text("5-7"), "5, 7"),
        (text("5 (в т.ч. 2)"), "5, 2"),
        (Spec::Day(2026, 7, 3), "3, 7"),
    ] {
        let shown = format!("{spec:?}");
        drawn(|canvas, first| canvas.row("3.4").put(first, spec)).save(&path);
        let (forms, findings) = read(&path, definitions()).unwrap();
        assert_eq!(names(&findings), ["value_with_more"].into(), "{shown}: {findings:?}");
        assert_eq!(slot(&findings, "value_with_more", "likely"), likely, "{shown}");
        assert!(matches!(values(&forms[0], "3.4")[0], Value::Fault(_)), "{shown} is no number");
        let codes: Vec<String> = judged(&path).into_iter().map(|(code, _)| code).collect();
        assert_eq!(codes, ["F-330"], "{shown}: what is wrong is told once");
    }
    for (told, number) in [("1 234", 1_234), ("1\u{a0}234\u{a0}567", 1_234_567), ("5", 5), ("12,0", 12)] {
        drawn(|canvas, first| canvas.row("3.4").put(first, text(told))).save(&path);
        let (forms, findings) = read(&path, definitions()).unwrap();
        assert_eq!(names(&findings), ["value_mended"].into(), "{told}");
        assert_eq!(values(&forms[0], "3.4")[0], Value::Number(number), "{told}");
    }
}

/// As XLSX and, by LibreOffice, as ODS and XLS.
fn in_all_formats(path: &Path) -> Vec<std::path::PathBuf> {
    let folder = path.parent().unwrap();
    let made = ["ods", "xls:MS Excel 97"].map(|format| convert(path, format, folder));
    std::iter::once(path.to_owned()).chain(made.into_iter().flatten()).collect()
}

/// A number that the sheet shows as another one is told with what is shown, and not counted.
#[test]
fn a_number_is_what_the_sheet_shows() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("form.xlsx");
    let spoilt = [
        (Spec::Shown(1.0, "0%"), "100%", "100"),
        (Spec::Shown(12.0, "0\" тыс.\""), "12 тыс.", "12000"),
        (Spec::Shown(12_000.0, "#,##0,"), "12 (12000)", "12, 12000"),
        (Spec::Shown(5.0, "\"минус \"0"), "минус 5", "5"),
        (Spec::Shown(5.0, "-0"), "-5", "5"),
        (Spec::Shown(7.0, ";;;"), "[ ] (7)", "7"),
    ];
    let rows = ["3.4", "3.5", "3.6", "3.7", "3.8", "3.9"];
    drawn(|canvas, first| {
        for (no, (spec, ..)) in rows.iter().zip(&spoilt) {
            canvas.row(no).put(first, spec.clone());
        }
    })
    .save(&path);
    for file in in_all_formats(&path) {
        let (forms, findings) = read(&file, definitions()).unwrap();
        let found: Vec<(String, String)> = findings
            .iter()
            .filter(|finding| finding.name == "value_with_more")
            .map(|finding| {
                let slot = |name| finding.slots.iter().find(|(known, _)| known == name).unwrap().1.clone();
                (slot("value"), slot("likely"))
            })
            .collect();
        let wanted = spoilt.iter().map(|(_, shown, likely)| ((*shown).to_owned(), (*likely).to_owned()));
        assert_eq!(found, wanted.collect::<Vec<_>>(), "{}", file.display());
        for no in rows {
            assert!(matches!(values(&forms[0], no)[0], Value::Fault(_)), "{} {no}", file.display());
        }
    }
    let codes: std::collections::BTreeSet<String> = judged(&path).into_iter().map(|(code, _)| code).collect();
    assert!(codes.contains("F-330"), "{codes:?}");
    // formats that show the number itself, zeros before it, or a dash for zero
    let accounts = "_-* #,##0\\ \"₸\"_-;\\-* #,##0\\ \"₸\"_-;_-* \"-\"??\\ \"₸\"_-;_-@_-";
    let plain = ["0.00", "#,##0", "0\" шт.\"", "000000", accounts, "[>=1000]#,##0;0"];
    for number in [12.0, 0.0] {
        drawn(|canvas, first| {
            for (no, code) in rows.iter().zip(plain) {
                canvas.row(no).put(first, Spec::Shown(number, code));
            }
        })
        .save(&path);
        for file in in_all_formats(&path) {
            let (forms, findings) = read(&file, definitions()).unwrap();
            assert!(findings.is_empty(), "{}: {findings:?}", file.display());
            for no in rows {
                #[allow(clippy::cast_possible_truncation)]
                let wanted = Value::Number(number as i64);
                assert_eq!(values(&forms[0], no)[0], wanted, "{} {no}", file.display());
            }
        }
    }
}

/// The workbook with cells of its first sheet merged.
fn merged(canvas: &Canvas, path: &Path, area: &str) {
    canvas.save(path);
    let list = format!("</sheetData><mergeCells count=\"1\"><mergeCell ref=\"{area}\"/></mergeCells>");
    std::fs::write(path, edited(&std::fs::read(path).unwrap(), |sheet| sheet.replace("</sheetData>", &list))).unwrap();
}

/// The line of the sheet of a row of the form, from 1.
fn line(canvas: &Canvas, no: &str) -> usize {
    canvas.place(&super::canvas::Tag::Row(no.to_owned())) + 1
}

#[test]
fn a_dash_over_several_cells_is_a_dash_in_each() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("form.xlsx");
    let dash = |canvas: &mut Canvas, first: u16, rows: &[&str]| {
        for (nth, no) in rows.iter().enumerate() {
            // three months of a row of four columns, each of them a pair of the sheet's
            canvas.row(no).cells.retain(|(column, _)| !(first..first + 6).contains(column));
            if nth == 0 {
                canvas.row(no).put(first, Spec::Text(" – ".to_owned()));
            }
        }
    };
    for rows in [&["3.4"][..], &["3.4", "3.5", "3.6"]] {
        let canvas = drawn(|canvas, first| dash(canvas, first, rows));
        let (first, last) = (line(&canvas, rows[0]), line(&canvas, rows[rows.len() - 1]));
        merged(&canvas, &path, &format!("C{first}:H{last}"));
        let files = ["ods", "xls:MS Excel 97"].map(|format| convert(&path, format, folder.path()));
        for file in std::iter::once(path.clone()).chain(files.into_iter().flatten()) {
            let (forms, findings) = read(&file, definitions()).unwrap();
            assert!(findings.is_empty(), "{}: {findings:?}", file.display());
            for no in rows {
                let own = values(&forms[0], no);
                assert_eq!(own[..3], [Value::NoInfo, Value::NoInfo, Value::NoInfo], "{} {no}", file.display());
                assert_eq!(own[3], values(truth("2-mk"), no)[3], "the quarter stands outside");
            }
        }
    }
}

#[test]
fn a_number_over_several_cells_fills_none() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("form.xlsx");
    let spoilt = |spec: Spec, below: Option<f64>| {
        drawn(|canvas, first| {
            canvas.row("3.4").cells.retain(|(column, _)| !(first..first + 4).contains(column));
            canvas.row("3.4").put(first, spec);
            if let Some(number) = below {
                canvas.row("3.4").put(first + 2, Spec::Number(number));
            }
        })
    };
    for (canvas, value) in [
        (spoilt(Spec::Number(12.0), None), "12"),
        (spoilt(Spec::Text("12 тыс.".to_owned()), None), "12 тыс."),
        // a program left a number below the dash, where nobody sees it
        (spoilt(Spec::Text("-".to_owned()), Some(7.0)), "- | 7"),
    ] {
        let at = line(&canvas, "3.4");
        merged(&canvas, &path, &format!("C{at}:F{at}"));
        let (forms, findings) = read(&path, definitions()).unwrap();
        assert_eq!(names(&findings), ["value_merged"].into(), "{findings:?}");
        assert_eq!(findings.len(), 1, "once a merge");
        assert_eq!(slot(&findings, "value_merged", "area"), format!("C{at}:F{at}"));
        assert_eq!(slot(&findings, "value_merged", "value"), value);
        let own = values(&forms[0], "3.4");
        assert!(own[..2].iter().all(|value| matches!(value, Value::Fault(_))), "{own:?}");
        assert_eq!(own[2], values(truth("2-mk"), "3.4")[2], "the third month stands outside");
        let codes: Vec<String> = judged(&path).into_iter().map(|(code, _)| code).collect();
        assert_eq!(codes, ["F-331"]);
    }
}

#[test]
fn many_cells_with_one_fault_are_told_once_with_all_places() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("form.xlsx");
    let rows = ["3.1", "3.2", "3.3", "3.4", "3.6"];
    for (spec, code) in [(None, "F-133"), (Some(Spec::Text("нет".to_owned())), "F-134")] {
        let canvas = drawn(|canvas, first| {
            for no in rows {
                canvas.row(no).cells.retain(|(column, _)| *column != first && *column != first + 2);
                for column in [first, first + 2] {
                    spec.iter().for_each(|spec| canvas.row(no).put(column, spec.clone()));
                }
            }
        });
        canvas.save(&path);
        let found = judged(&path);
        assert_eq!(found.len(), 1, "{found:?}");
        let (first, last, sixth) = (line(&canvas, "3.1"), line(&canvas, "3.4"), line(&canvas, "3.6"));
        let places = format!("так в 10 ячейках: C{first}:C{last}, C{sixth}, E{first}:E{last}, E{sixth}");
        assert!(found[0].0 == code && found[0].1.ends_with(&places), "{found:?}");
    }
}

/// A sheet of texts and numbers that is no form.
fn sheet(title: &str, rows: u32, columns: u32) -> Grid {
    let words = ["выдача", "справки", "количество", "обращений", "граждан", "район", "портал", "государственных"];
    let datum = |row: u32, column: u32| match (row, column) {
        (0, 0) => Datum::Text(title.to_owned()),
        (1, _) | (_, 0) => {
            let word = |step: u32| words[((row * 31 + column * step) % 8) as usize];
            Datum::Text(format!("{} {} {} {}", word(1), word(3), word(5), row * columns + column))
        }
        _ => Datum::Integer(i64::from(row * column)),
    };
    let places = (0..rows).flat_map(|row| (0..columns).map(move |column| (row, column)));
    let cells: BTreeMap<(u32, u32), Cell> =
        places.map(|(row, column)| ((row, column), Cell { datum: datum(row, column), formula: None })).collect();
    Grid { sheet: title.to_owned(), hidden: false, cells, merged: Vec::new() }
}

/// A sheet of texts that all differ.
fn texts(rows: u32, columns: u32) -> Grid {
    let mut grid = sheet("Лист", rows, columns);
    for ((row, column), cell) in &mut grid.cells {
        cell.datum = Datum::Text(format!("Количество справок района {}", row * columns + column));
    }
    grid
}

#[test]
fn a_workbook_that_is_no_form_takes_time_by_its_used_cells() {
    // each of them took minutes: every sheet was tried with the 63 behind it, every column with every label
    let head = "Индекс: 2-МК, III квартал 2026 года";
    for (what, sheets) in [
        ("sheets", (0..1_500).map(|_| sheet("Лист", 20, 6)).collect::<Vec<_>>()),
        ("sheets with the head of a form", (0..1_500).map(|_| sheet(head, 20, 6)).collect()),
        ("columns", vec![sheet("Лист", 12, 16_384)]),
        ("rows", vec![sheet("Лист", 20_000, 6)]),
        ("wide rows of texts", vec![texts(30, 16_384)]),
        ("more texts than are kept", vec![texts(30_000, 4), texts(2, 4)]),
    ] {
        let begun = Instant::now();
        let mut grids = Grids { sheets, ..Grids::default() };
        let (forms, _) = esep::filed::read::of_grids(&mut grids, "book.xlsx".to_owned(), definitions());
        assert!(forms.is_empty());
        assert!(begun.elapsed() < Duration::from_secs(60), "{what}: {:?}", begun.elapsed());
    }
}
