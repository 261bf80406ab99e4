//! Our workbooks read again, as they are and after LibreOffice wrote them; a cell bumped in a file fires a rule.

use super::canvas::{convert, edited};
use super::foreign::names;
use crate::bench::definitions;
use crate::samples::{SAMPLES, sample};
use esep::filed;
use esep::filed::form::Filed;
use esep::rules::beside::Beside;
use esep::rules::check;
use esep::values::cells::Value;
use esep::words::lang::Lang;
use std::collections::BTreeSet;
use std::path::Path;

fn one(path: &Path) -> (Filed<'static>, BTreeSet<&'static str>) {
    let (mut forms, findings) = filed::read::read(path, definitions()).unwrap();
    assert_eq!(forms.len(), 1, "{}: {findings:?}", path.display());
    (forms.remove(0), names(&findings))
}

/// Everything that the report knows comes back: lines with codes, systems and values, period, body, unit, languages.
fn same(read: &Filed<'_>, truth: &Filed<'_>, at: &Path) {
    let at = at.display();
    assert_eq!(
        (read.form.form.as_str(), read.form.edition.as_str()),
        (truth.form.form.as_str(), truth.form.edition.as_str()),
        "{at}"
    );
    assert_eq!((read.period.quarter, read.period.as_of), (truth.period.quarter, truth.period.as_of), "{at}");
    assert_eq!(
        (&read.organisation.bin, &read.unit, &read.langs),
        (&truth.organisation.bin, &truth.unit, &truth.langs),
        "{at}"
    );
    // rows that are not printed cannot be read
    let printed = |line: &&esep::values::cells::Line| !(line.key.is_row() && truth.form.rows[line.row].lines_only);
    let expected: Vec<_> = truth.cells.lines.iter().filter(printed).collect();
    let names: Vec<String> = read
        .cells
        .lines
        .iter()
        .zip(&expected)
        .filter(|(read, expected)| read != *expected)
        .map(|(read, expected)| format!("{} {:?} for {} {:?}", read.row, read.values, expected.row, expected.values))
        .take(2)
        .collect();
    assert!(names.is_empty(), "{at}: {names:?}");
    let first = read.cells.lines.iter().zip(&expected).find(|(read, expected)| read != *expected);
    assert!(first.is_none() && read.cells.lines.len() == expected.len(), "{at}: {first:#?}");
}

#[test]
fn reports_of_esep_come_back_whole_even_from_libreoffice() {
    for (folder, form) in SAMPLES {
        let ran = sample(folder, form);
        let (truth, _) = one(&ran.folder.join("report.json"));
        let path = ran.folder.join("report.xlsx");
        let (read, told) = one(&path);
        assert_eq!(told, BTreeSet::new(), "{form}");
        same(&read, &truth, &path);
        let out = tempfile::tempdir().unwrap();
        for format in ["xlsx", "ods", "xls:MS Excel 97"] {
            let Some(made) = convert(&path, format, out.path()) else { return };
            let (mut read, told) = one(&made);
            let mut allowed = BTreeSet::new();
            if format.starts_with("xls:") {
                // LibreOffice stores 0 for texts that it has not counted itself; sums are counted anew and told
                for line in &mut read.cells.lines {
                    let truth = truth.cells.lines.iter().find(|truth| (truth.row, &truth.key) == (line.row, &line.key));
                    for (value, truth) in line.values.iter_mut().zip(&truth.expect("a line of the truth").values) {
                        if (&*value, truth) == (&Value::Number(0), &Value::NoInfo) {
                            *value = Value::NoInfo;
                        }
                    }
                }
                allowed.extend(told.contains("formula_stale").then_some("formula_stale"));
                // the hidden names do not come back from this format: the body keeps its printed name
                assert!(!read.organisation.name.get(Lang::Ru).is_empty());
                read.organisation.bin.clone_from(&truth.organisation.bin);
            }
            assert_eq!(told, allowed, "{form} {format}");
            same(&read, &truth, &made);
        }
    }
}

/// Rows whose cells no rule sees.
const UNCOVERED: [&str; 0] = [];

/// The workbook with one stored number of its first sheet changed; a formula there becomes the number.
fn bumped(workbook: &[u8], cell: &str, to: i64) -> Vec<u8> {
    edited(workbook, |text| {
        let start = text.find(&format!("<c r=\"{cell}\"")).unwrap();
        let end = start + text[start..].find("</c>").unwrap();
        let style = text[start..end].split(" s=\"").nth(1).unwrap().split('"').next().unwrap();
        [&text[..start], &format!("<c r=\"{cell}\" s=\"{style}\"><v>{to}</v>"), &text[end..]].concat()
    })
}

#[test]
fn a_cell_bumped_in_the_file_fires_a_rule() {
    for (folder, form) in [SAMPLES[0], SAMPLES[2], SAMPLES[3]] {
        let ran = sample(folder, form);
        let path = ran.folder.join("report.xlsx");
        let workbook = std::fs::read(&path).unwrap();
        let (truth, _) = one(&path);
        let broken = |filed: &Filed<'_>| -> BTreeSet<String> {
            let all = check(filed.form, &filed.cells, &Beside::default()).findings;
            all.into_iter()
                .filter(|finding| !finding.cannot_be_checked)
                .map(|finding| format!("{:?} {:?} {:?}", finding.rule, finding.place.row, finding.at))
                .collect()
        };
        let before = broken(&truth);
        let mut uncovered = BTreeSet::new();
        let out = tempfile::tempdir().unwrap();
        // every row once, and a different column each time; of the quarterly forms some lines
        let (mut rows, mut bumps) = (BTreeSet::new(), 0);
        for (line, cells) in truth.cells.lines.iter().enumerate() {
            let new = rows.insert((cells.row, cells.key.is_row(), cells.key.service.is_some()));
            if !new && (truth.form.monthly || line >= 9) {
                continue;
            }
            bumps += 1;
            let column = line % cells.values.len();
            let Value::Number(number) = cells.values[column] else { continue };
            let (row, at) = truth.origin.place(line, column).unwrap();
            let address = esep::render::sheet::a1(row as usize, at as usize);
            let file = out.path().join("report.xlsx");
            std::fs::write(&file, bumped(&workbook, &address, number + 1)).unwrap();
            let (read, told) = one(&file);
            assert_eq!(read.cells.lines[line].values[column], Value::Number(number + 1), "{address}");
            // where the sums are live and follow the cell, their stored results are told to be stale
            if broken(&read) == before && !told.contains("formula_stale") {
                uncovered.insert(truth.form.rows[cells.row].no.clone());
            }
        }
        assert!(bumps > 5);
        println!("{form}: rows no rule covers: {uncovered:?}");
        assert!(uncovered.iter().all(|row| UNCOVERED.contains(&row.as_str())), "{form}: {uncovered:?}");
    }
}
