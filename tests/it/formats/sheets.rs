//! Workbooks: dates, errors, formulas, identifiers, and how people lay out their sheets.

use super::super::books::{Cell, SHEET, cells, edit, put, record, services as workbook};
use super::{assert_books, places, run, services};
use rust_xlsxwriter::{Format, Workbook};

/// Places of the findings of a workbook with one sound record and these.
fn judged(records: Vec<Vec<Cell>>) -> Vec<String> {
    let count = records.len() as u64;
    let mut all = vec![cells("a1", Vec::new())];
    all.extend(records);
    let ran = run("services.xlsx", workbook(&all));
    let found = places(&ran);
    let refused = found.iter().filter(|place| place.starts_with("F-1") || place.starts_with("F-03")).count() as u64;
    assert_books(&ran, [count + 1, count + 1 - refused, 0, refused], &format!("{found:?}"));
    found
}

#[test]
fn dates_of_both_systems_and_as_text() {
    let days = || vec![("received_at", Cell::Day(1)), ("due_at", Cell::Day(10)), ("completed_at", Cell::Day(3))];
    let book = workbook(&[cells("a1", days()), cells("a2", vec![("completed_at", "03.07.2026 9:05".into())])]);
    let ran = run("services.xlsx", &book);
    assert_eq!(services(&ran), ["00100101|Справка|2 0 0"]);
    assert_eq!(places(&ran), Vec::<String>::new());
    // the same numbers of days in the other system: each 1462 less for the same day
    let first = edit(&workbook(&[cells("a1", days())]), "xl/workbook.xml", |text| {
        text.replace("<workbookPr ", "<workbookPr date1904=\"1\" ")
    });
    let shifted = [(46204, 44742), (46213, 44751), (46206, 44744)];
    let other = edit(&first, SHEET, |text| {
        shifted
            .iter()
            .fold(text.to_owned(), |text, (from, to)| text.replace(&format!("<v>{from}</v>"), &format!("<v>{to}</v>")))
    });
    let ran = run("services.xlsx", other);
    assert_eq!((services(&ran), places(&ran)), (vec!["00100101|Справка|1 0 0".to_owned()], vec![]));
    // unshifted, the days lie four years and a day later
    let ran = run("services.xlsx", first);
    assert_eq!(services(&ran), Vec::<String>::new());
}

#[test]
fn cells_that_are_no_dates_are_refused() {
    for cell in
        [Cell::Number(46206.0), Cell::Number(20_260_703.0), "07/03/2026".into(), "2026/07/03".into(), "46206".into()]
    {
        assert_eq!(judged(vec![cells("a2", vec![("completed_at", cell)])]), ["F-102:3"]);
    }
}

#[test]
fn identifiers_stay_what_they_were() {
    let code = |id: &str, cell: Cell| cells(id, vec![("service_code", cell)]);
    let book = workbook(&[code("a1", "00700".into()), code("a2", Cell::Number(700.0)), code("a3", "000".into())]);
    let ran = run("services.xlsx", book);
    assert_eq!(
        services(&ran).iter().map(|line| line.split('|').next().unwrap()).collect::<Vec<_>>(),
        ["000", "00700", "700"]
    );
    for damaged in [
        "1.11E+08".into(),
        "1,11E+08".into(),
        "1E+11".into(),
        "01.02.2026".into(),
        Cell::Number(1.5),
        Cell::Day(7),
        Cell::Number(1.234e19),
    ] {
        assert_eq!(judged(vec![code("a2", damaged)]), ["F-108:3"]);
    }
    for sound in ["1E5", "E+11", "12.03", "1.2.3", "A-1E+5"] {
        assert_eq!(judged(vec![code("a2", sound.into())]), Vec::<String>::new(), "{sound}");
    }
}

#[test]
fn formulas_count_by_their_stored_results() {
    let quantity = |result| vec![("quantity", Cell::Formula("=1+2", result))];
    let ran = run("services.xlsx", workbook(&[cells("a1", quantity("3"))]));
    assert_eq!(services(&ran), ["00100101|Справка|3 0 0"]);
    let book = workbook(&[cells("a1", Vec::new()), cells("a2", quantity("3"))]);
    for (change, code) in [("<v></v>", "F-036:3"), ("", "F-036:3"), ("<v>#REF!</v>", "F-035:3")] {
        let kind = if change.contains('#') { " t=\"e\"" } else { "" };
        let changed = edit(&book, SHEET, |text| {
            let start = text.rfind("<c r=\"I3\"").unwrap();
            format!(
                "{}<c r=\"I3\"{kind}><f>1+2</f>{change}</c></row></sheetData>{}",
                &text[..start],
                text.split("</sheetData>").nth(1).unwrap()
            )
        });
        let ran = run("services.xlsx", changed);
        assert_eq!(places(&ran), [code], "{change}");
        assert_books(&ran, [2, 1, 0, 1], change);
    }
    for error in ["#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"] {
        let changed = edit(&book, SHEET, |text| {
            let start = text.rfind("<c r=\"I3\"").unwrap();
            let rest = &text[start + text[start..].find("</c>").unwrap() + 4..];
            format!("{}<c r=\"I3\" t=\"e\"><v>{error}</v></c>{rest}", &text[..start])
        });
        assert_eq!(places(&run("services.xlsx", changed)), ["F-035:3"], "{error}");
    }
}

/// Titles over a head of two rows with merged cells, blank rows, a total below, and a stray cell at the far corner.
#[test]
fn a_sheet_as_people_lay_it_out() {
    let mut book = Workbook::new();
    let (sheet, look) = (book.add_worksheet().set_name("Лист1").unwrap(), Format::new());
    sheet.merge_range(0, 0, 0, 8, "Сведения об оказанных услугах за III квартал", &look).unwrap();
    let single = ["№ записи", "Код услуги", "Наименование государственной услуги", "channel", "Заявитель"];
    for (column, header) in (0..).zip(single) {
        sheet.merge_range(2, column, 3, column, header, &look).unwrap();
    }
    sheet.merge_range(2, 5, 2, 7, "Даты", &look).unwrap();
    for (column, header) in (5..).zip(["received_at", "due_at", "completed_at"]) {
        sheet.write(3, column, header).unwrap();
    }
    sheet.merge_range(2, 8, 3, 8, "quantity", &look).unwrap();
    for (row, id) in [(4, "a1"), (6, "a2")] {
        for (column, value) in (0..).zip(record(id)) {
            sheet.write(row, column, value).unwrap();
        }
    }
    sheet.write(7, 0, "ВСЕГО:").unwrap().write(7, 8, 2).unwrap();
    sheet.write(1_048_575, 16_383, "x").unwrap();
    let ran = run("services.xlsx", book.save_to_buffer().unwrap());
    assert_eq!(services(&ran), ["00100101|Справка|2 0 0"]);
    assert_books(&ran, [2, 2, 0, 0], "layout");
    assert_eq!(places(&ran), ["F-020:8", "F-018:1048576"]);
}

#[test]
fn several_tables_in_one_workbook() {
    let mut book = Workbook::new();
    put(book.add_worksheet().set_name("Услуги").unwrap(), 0, &[cells("a1", Vec::new())]);
    put(book.add_worksheet().set_name("Услуги (2)").unwrap().set_hidden(true), 0, &[cells("a2", Vec::new())]);
    let sheet = book.add_worksheet().set_name("Обучение").unwrap();
    for (row, texts) in (0..).zip([["record_id", "completed_on", "quantity"], ["t1", "2026-08-01", "4"]]) {
        for (column, text) in (0..).zip(texts) {
            sheet.write(row, column, text).unwrap();
        }
    }
    book.add_worksheet().set_name("Пусто").unwrap();
    let ran = run("q3.xlsx", book.save_to_buffer().unwrap());
    assert_eq!(services(&ran), ["00100101|Справка|2 0 0"]);
    assert_eq!(ran.cell("21", "q"), "4");
    assert_eq!(ran.codes(), ["F-017"]);
    assert_books(&ran, [3, 3, 0, 0], "three sheets");
    assert_eq!(ran.json("report.json")["ledger"].as_array().unwrap().len(), 3, "one line a sheet");
}

/// Rows of a sheet are counted wherever its XML says they stand.
#[test]
fn a_declared_dimension_means_nothing() {
    let book = workbook(&[cells("a1", Vec::new())]);
    for dimension in ["A1:XFD1048576", "A1", "A1:A1", "B7:C9"] {
        let changed = edit(&book, SHEET, |text| {
            let start = text.find("<dimension ref=\"").unwrap();
            let end = start + text[start..].find("/>").unwrap();
            format!("{}<dimension ref=\"{dimension}\" {}", &text[..start], &text[end..])
        });
        let ran = run("services.xlsx", changed);
        assert_books(&ran, [1, 1, 0, 0], dimension);
    }
}
