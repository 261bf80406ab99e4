//! The heads of a page fit its rows, on paper and in the workbook.

use super::{SPLIT, poppler, printed, solid, workbook_breaks, workbook_part, workbook_rows};
use crate::samples::{SAMPLES, only_folder};
use std::collections::BTreeSet;
use std::process::Command;

/// Every page of paper has the heads of its rows: individuals and legal entities apart where the rows tell them apart.
#[test]
fn the_heads_of_a_page_fit_its_rows() {
    for (sample, form) in &SAMPLES[..2] {
        let ran = printed(sample, form, "[\"ru\"]");
        let Some(text) = poppler("pdftotext", &["-raw"], &ran.folder.join("report.pdf")) else { return };
        let pages: Vec<String> = text.trim_end_matches('\u{c}').split('\u{c}').map(solid).collect();
        let mut columns: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); pages.len()];
        let (mut page, mut at) = (0, 0);
        for row in workbook_rows(&ran.folder, form).iter().filter(|row| row.columns.is_some()) {
            while pages[page][at..].find(&row.text).is_none() {
                (page, at) = (page + 1, 0);
            }
            at += pages[page][at..].find(&row.text).unwrap() + row.text.len();
            columns[page].extend(row.columns);
        }
        for (nth, (text, columns)) in pages.iter().zip(&columns).enumerate() {
            assert_eq!(text.contains(SPLIT), columns.contains(&8), "{form}, page {}: {columns:?}", nth + 1);
        }
        let plain = columns.iter().rposition(|columns| !columns.contains(&8)).unwrap();
        let split = columns.iter().position(|columns| columns.contains(&8)).unwrap();
        assert!(plain > split, "{form}: a page after the split sections has no split heads");
    }
}

/// So has every page of the workbook, which repeats the same rows on all: what these lack stands at the page's top.
#[test]
fn the_heads_of_a_workbooks_page_fit_its_rows() {
    for (sample, form) in &SAMPLES[..2] {
        let ran = printed(sample, form, "[\"ru\"]");
        let rows = workbook_rows(&ran.folder, form);
        let breaks = workbook_breaks(&ran.folder);
        let names = workbook_part(&ran.folder, "xl/workbook.xml");
        let titles = names.split("Print_Titles\" localSheetId=\"0\">").nth(1).unwrap().split('<').next().unwrap();
        let number = |text: &str| text.trim_start_matches('$').parse::<usize>().unwrap();
        let (first, last) = titles.split_once('!').unwrap().1.split_once(':').unwrap();
        let repeated: String = rows[number(first) - 1..number(last)].iter().map(|row| row.text.as_str()).collect();
        assert!(repeated.contains("Выполняемыемероприятия") && repeated.contains("заквартал"), "{repeated}");
        assert!(!repeated.contains(SPLIT));
        let mut again = 0;
        for (nth, start) in breaks.iter().enumerate().skip(1) {
            let page = &rows[*start..breaks.get(nth + 1).copied().unwrap_or(rows.len())];
            let line = page.iter().position(|row| row.columns.is_some());
            let Some(line) = line else { continue };
            let heads: String = page[..line].iter().map(|row| row.text.as_str()).collect();
            assert_eq!(heads.contains(SPLIT), page[line].columns == Some(8), "{form}, page {}: {heads}", nth + 1);
            again += page.iter().filter(|row| row.again).count();
            assert!(page[..line].iter().all(|row| !row.again || row.stub.is_empty()));
        }
        let all = rows.iter().filter(|row| row.again).count();
        assert!(all > 2 && again == all, "{form}: {all}");
    }
}

/// The year of two dozen columns in two languages: each page has its heads once, and most of it is left for the rows.
#[test]
fn a_years_table_has_the_heads_of_its_rows_once_a_page() {
    let (sample, form) = SAMPLES[0];
    let ran = printed(sample, form, "[\"kk\", \"ru\"]");
    let out = ran.out.path().join("year");
    let year = Command::new(env!("CARGO_BIN_EXE_esep"))
        .arg("year")
        .arg(&ran.folder)
        .args(["--lang", "kk,ru", "--out"])
        .arg(&out)
        .output()
        .unwrap();
    assert!(year.status.code().is_some_and(|code| code < 2), "{}", String::from_utf8_lossy(&year.stderr));
    let Some(text) = poppler("pdftotext", &["-raw"], &only_folder(&out).join("year.pdf")) else { return };
    let pages: Vec<String> = text.trim_end_matches('\u{c}').split('\u{c}').map(solid).collect();
    assert!(pages.len() < 60, "{} pages", pages.len());
    for (nth, page) in pages.iter().enumerate().take(pages.len() - 1) {
        assert_eq!(page.matches("желтоқсан").count(), 1, "page {}: {page}", nth + 1);
        let split = page.matches("юридическоелицо").count();
        assert!(split == 0 || split == 13, "page {}: {split} columns of legal entities", nth + 1);
    }
}
