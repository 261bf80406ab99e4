//! What spreadsheet programs made of values: errors, ids and codes, letters.

use super::super::books::{Cell, HEAD, cells, csv, ods, ods_row, old, record, services as workbook};
use super::{assert_books, places, run, services};

#[test]
fn errors_of_spreadsheets_in_every_language_and_format() {
    for error in ["#Н/Д", "#ССЫЛКА!", "#ДЕЛ/0!", "#ЗНАЧ!", "#ИМЯ?", "#ПУСТО!", "#ЧИСЛО!", "#N/A", "#REF!", "Err:502"]
    {
        for column in ["record_id", "service_name", "channel", "completed_at", "quantity"] {
            let book = workbook(&[cells("a1", Vec::new()), cells("a2", vec![(column, error.into())])]);
            assert_eq!(places(&run("services.xlsx", book)), ["F-035:3"], "{error} {column}");
            let mut texts = record("a2");
            error.clone_into(&mut texts[HEAD.iter().position(|name| *name == column).unwrap()]);
            let whole = [record("a1"), texts];
            assert_eq!(places(&run("services.csv", csv(&whole))), ["F-035:3"], "CSV {error} {column}");
            let rows: String = [HEAD.map(str::to_owned)]
                .iter()
                .chain(&whole)
                .map(|row| ods_row(&row.each_ref().map(String::as_str)))
                .collect();
            assert_eq!(places(&run("services.ods", ods(&rows))), ["F-035:3"], "ODS {error} {column}");
        }
    }
}

#[test]
fn ids_and_codes_that_spreadsheets_spoiled() {
    for (column, cell, is_sound) in [
        ("record_id", Cell::Number(2_026_070_100_000_120.0), false),
        ("service_code", Cell::Number(9_999_999_999_999_999.0), false),
        ("record_id", Cell::Number(202_607_010_000_012.0), true),
        ("record_id", "2026070100000123".into(), true),
        ("service_code", "10.мар".into(), false),
        ("record_id", "3-Oct".into(), false),
        ("service_code", "03.июл".into(), false),
        ("service_code", "қаң.26".into(), false),
        ("record_id", "МАР-10".into(), true),
    ] {
        let ran = run("services.xlsx", workbook(&[cells("a1", Vec::new()), cells("a2", vec![(column, cell)])]));
        let expected: &[&str] = if is_sound { &[] } else { &["F-108:3"] };
        assert_eq!(places(&ran), expected, "{column}");
    }
    for (id, is_sound) in
        [("3-Oct", false), ("Mar-10", false), ("мар-10", false), ("10.мар", false), ("MAR-10", true), ("a-10", true)]
    {
        let ran = run("services.csv", csv(&[record("a1"), record(id)]));
        assert_books(&ran, [2, 1 + u64::from(is_sound), 0, u64::from(!is_sound)], id);
    }
}

#[test]
fn letters_of_old_workbooks() {
    let head = HEAD.map(|header| header.as_bytes().to_vec()).to_vec();
    // «Выдача справки» in Windows-1251
    let name = b"\xC2\xFB\xE4\xE0\xF7\xE0 \xF1\xEF\xF0\xE0\xE2\xEA\xE8";
    let row = |name: &[u8]| {
        let mut texts = record("a1").map(String::into_bytes).to_vec();
        texts[2] = name.to_vec();
        texts
    };
    for (code_page, name, expected) in [
        (Some(1251), &name[..], &[][..]),
        (None, name, &["F-048:null"]),
        (Some(1252), name, &["F-048:null"]),
        (Some(32_769), name, &["F-048:null"]),
        (None, b"Certificate", &[]),
        (Some(1252), b"Caf\xE9", &[]),
    ] {
        let ran = run("services.xls", old::xls(code_page, &[head.clone(), row(name)]));
        assert_eq!(places(&ran), expected, "{code_page:?}");
        assert_books(&ran, [1, 1, 0, 0], &format!("{code_page:?}"));
        if name.starts_with(b"\xC2") {
            assert_eq!(services(&ran), ["00100101|Выдача справки|1 0 0"], "{code_page:?}");
        }
    }
}
