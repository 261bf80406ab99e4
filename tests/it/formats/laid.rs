//! How people lay out their sheets: merged cells, several heads, rows about the table, rows that nobody sees.

use super::super::bench::{Ran, root};
use super::super::books::{Cell, HEAD, SHEET, cells, csv, edit, put, record};
use super::office::convert;
use super::{assert_books, case, places, run, services};
use rust_xlsxwriter::{Format, Formula, Workbook, Worksheet};

/// The sheet «services» with its head and these many records `a1`, `a2`, …, then changed.
pub(super) fn sheet(records: usize, change: impl Fn(&mut Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("services").unwrap();
    let all: Vec<Vec<Cell>> = (1..=records).map(|number| cells(&format!("a{number}"), Vec::new())).collect();
    put(sheet, 0, &all);
    change(sheet);
    book.save_to_buffer().unwrap()
}

fn merge(sheet: &mut Worksheet, (from, to): (u32, u32), (left, right): (u16, u16), text: &str) {
    sheet.merge_range(from, left, to, right, text, &Format::new()).unwrap();
}

pub(super) fn write(sheet: &mut Worksheet, row: u32, texts: &[&str]) {
    for (column, text) in (0..).zip(texts).filter(|(_, text)| !text.is_empty()) {
        sheet.write(row, column, *text).unwrap();
    }
}

/// The workbook in all three formats; without LibreOffice in one.
pub(super) fn in_formats(book: &[u8]) -> Vec<(String, Ran)> {
    let own = ("xlsx".to_owned(), run("services.xlsx", book));
    let others = ["ods", "xls"].into_iter().filter_map(|format| {
        let converted = convert(book, format)?;
        Some((format.to_owned(), run(&format!("services.{format}"), converted)))
    });
    std::iter::once(own).chain(others).collect()
}

pub(super) fn assert_all(book: &[u8], books: [u64; 4], expected: &[&str], what: &str) {
    for (format, ran) in in_formats(book) {
        assert_eq!(places(&ran), expected, "{what}, {format}");
        assert_books(&ran, books, &format!("{what}, {format}"));
    }
}

#[test]
fn inputs_of_real_people() {
    let folder = |name: &str| case(&root().join("tests/data/life").join(name)).run();
    for (name, books, month) in [
        ("merged-note-beside-head", [5, 5, 0, 0], "5"),
        ("head-of-two-rows-xlsx", [3, 3, 0, 0], "3"),
        ("head-of-two-rows-ods", [3, 3, 0, 0], "3"),
    ] {
        let ran = folder(name);
        assert_books(&ran, books, name);
        assert_eq!(ran.cell("11", "q.individual"), month, "{name}");
    }
    assert_books(&folder("code-became-month"), [2, 0, 0, 2], "codes that became months");
    assert_books(&folder("sixteen-digit-id"), [3, 0, 0, 3], "ids of sixteen digits");
    let ran = folder("second-table-below");
    assert_books(&ran, [2, 1, 0, 1], "a second table");
    assert_eq!((ran.cell("21", "q").as_str(), places(&ran)), ("2", vec!["F-062:3".to_owned(), "F-063:4".to_owned()]));
    // a program that does not count leaves no results: no quantity is 1 for that
    let ran = folder("xls-not-counted");
    assert_books(&ran, [3, 0, 0, 3], "formulas without results");
    assert_eq!(places(&ran)[..3], ["F-132:null", "F-036:2", "F-036:3"]);
    let ran = folder("old-xls-without-code-page");
    assert_eq!(services(&ran), ["00401001|Выдача справки|1 0 0"]);
    assert_eq!(places(&ran), ["F-048:null"]);
}

#[test]
fn merges_beside_and_in_a_head_make_no_record_part_of_it() {
    let beside = |column: u16, rows: u32| sheet(5, |sheet| merge(sheet, (0, rows), (column, column), "Примечание"));
    // beside the head, far from it, taller than any head
    for (column, rows) in [(9, 3), (11, 3), (9, 40)] {
        let ran = run("services.xlsx", beside(column, rows));
        assert_books(&ran, [5, 5, 0, 0], &format!("{column} {rows}"));
    }
    // an optional column of the head itself: what its rows hold is the head's text
    let ran = run("services.xlsx", sheet(5, |sheet| merge(sheet, (0, 2), (8, 8), "quantity")));
    assert_eq!(ran.ledger()[0], 5);
    // a wide title beside the head
    let ran = run("services.xlsx", sheet(5, |sheet| merge(sheet, (0, 5), (10, 14), "Пояснения")));
    assert_books(&ran, [5, 5, 0, 0], "a block of notes");
}

/// «Срок» over «Срок оказания» and «Единица срока», with all other headers merged, some of them, or none.
#[test]
fn heads_of_two_rows_in_all_formats() {
    for merged in [8, 5, 0] {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet().set_name("services").unwrap();
        let head = [
            "record_id",
            "service_code",
            "service_name",
            "channel",
            "applicant",
            "received_at",
            "completed_at",
            "quantity",
        ];
        for (column, header) in (0..).zip(head) {
            if usize::from(column) < merged {
                merge(sheet, (1, 2), (column, column), header);
            } else {
                sheet.write(1, column, header).unwrap();
            }
        }
        merge(sheet, (1, 1), (8, 9), "Срок");
        sheet.write(2, 8, "Срок оказания").unwrap().write(2, 9, "Единица срока").unwrap();
        for row in 3..6 {
            let id = format!("a{row}");
            write(
                sheet,
                row,
                &[
                    &id,
                    "00100101",
                    "Справка",
                    "office_paper",
                    "individual",
                    "2026-07-01",
                    "2026-07-03",
                    "1",
                    "10",
                    "calendar_days",
                ],
            );
        }
        let book = book.save_to_buffer().unwrap();
        assert_all(&book, [3, 3, 0, 0], &[], &format!("{merged} merged"));
    }
}

#[test]
fn merged_cells_of_the_data() {
    // a name, a channel and a day over several rows
    let texts = sheet(4, |sheet| {
        merge(sheet, (1, 3), (2, 2), "Справка");
        merge(sheet, (2, 4), (3, 3), "office_paper");
        merge(sheet, (1, 4), (7, 7), "2026-07-03");
    });
    for (format, ran) in in_formats(&texts) {
        assert_eq!(services(&ran), ["00100101|Справка|4 0 0"], "{format}");
        assert_books(&ran, [4, 4, 0, 0], &format);
    }
    // a number or an id of three rows is that of none
    for column in [8, 0] {
        let shared = sheet(4, |sheet| merge(sheet, (2, 4), (column, column), "6"));
        assert_all(&shared, [4, 1, 0, 3], &["F-060:3", "F-060:4", "F-060:5"], &format!("column {column}"));
    }
    // a record over two rows of the sheet is one record
    let tall = sheet(1, |sheet| {
        for (column, text) in (0..).zip(record("a2")) {
            merge(sheet, (2, 3), (column, column), &text);
        }
    });
    assert_all(&tall, [2, 2, 0, 0], &[], "a tall record");
    // and so it is where a note has two lines
    let noted = sheet(1, |sheet| {
        merge(sheet, (1, 2), (0, 0), "a1");
        merge(sheet, (1, 2), (8, 8), "3");
    });
    assert_eq!(services(&run("services.xlsx", noted)), ["00100101|Справка|3 0 0"]);
    // one value over two fields: whose it is is not known
    let wide = sheet(2, |sheet| merge(sheet, (2, 2), (6, 7), "2026-07-03"));
    assert_all(&wide, [2, 1, 0, 1], &["F-060:3"], "two fields");
    // a title over the whole table
    let title = sheet(2, |sheet| {
        merge(sheet, (3, 3), (0, 8), "Август 2026");
        write(sheet, 4, &record("a3").each_ref().map(String::as_str));
    });
    assert_all(&title, [3, 3, 0, 0], &["F-065:4"], "a title");
}

/// A value that stands beneath a merged one is seen by nobody.
#[test]
fn what_lies_beneath_a_merged_cell_is_not_counted() {
    let book = sheet(3, |sheet| merge(sheet, (1, 3), (2, 2), "Справка"));
    let hidden = super::super::books::edit(&book, super::super::books::SHEET, |text| {
        text.replace("<c r=\"D3\"", "<c r=\"C3\" t=\"str\"><v>Другая</v></c><c r=\"D3\"")
    });
    let ran = run("services.xlsx", hidden);
    assert_eq!(places(&ran), ["F-060:3"]);
    assert_books(&ran, [3, 2, 0, 1], "beneath");
}

#[test]
fn rows_about_the_table() {
    let numbers: Vec<String> = (1..=9).map(|number| number.to_string()).collect();
    let numbers: Vec<&str> = numbers.iter().map(String::as_str).collect();
    let letters = ["А", "Б", "1", "2", "3", "4", "5", "6", "7"];
    for numbering in [&numbers[..], &letters] {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet().set_name("services").unwrap();
        write(sheet, 0, &HEAD);
        write(sheet, 1, numbering);
        write(sheet, 2, &record("a1").each_ref().map(String::as_str));
        let book = book.save_to_buffer().unwrap();
        assert_all(&book, [1, 1, 0, 0], &["F-064:2"], "numbers of columns");
        let text = csv(&[
            numbering.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>().try_into().unwrap(),
            record("a1"),
        ]);
        let ran = run("services.csv", text);
        assert_eq!(places(&ran), ["F-064:2"]);
        assert_books(&ran, [1, 1, 0, 0], "CSV");
    }
    // a total above the records, that is a header, too
    for total in ["Итог", "Итого"] {
        let book = sheet(2, |sheet| {
            for column in 1..9 {
                sheet.write_blank(1, column, &Format::new()).unwrap();
            }
            write(sheet, 1, &[total]);
        });
        assert_all(&book, [1, 1, 0, 0], &["F-020:2"], total);
    }
    for (texts, code) in [
        (&["Жалпы саны:", "", "", "", "", "", "", "", "15"][..], "F-020:3"),
        (&["", "Итог", "", "", "", "", "", "", "15"], "F-020:3"),
        (&["", "", "Grand total", "", "", "", "", "", "15"], "F-020:3"),
        (&["Қорытынды", "", "", "", "", "", "", "", "15"], "F-020:3"),
        (&["(3 rows affected)"], "F-065:3"),
        (&["Примечание: данные за июль 2026"], "F-065:3"),
        (&["", "Орындаушы:", "", "А. Б."], "F-065:3"),
        (&["проверено по журналу канцелярии"], "F-065:3"),
        (&["", "", "Выдача справки Итог", "", "", "", "", "", "2"], "F-020:3"),
        (&["001 Итог", "", "", "", "", "", "", "", "15"], "F-020:3"),
        (&["Итог 001", "", "", "", "", "", "", "", "15"], "F-020:3"),
        (&["", "00100101 Итог", "", "", "", "", "", "", "15"], "F-020:3"),
        (&["", "", "Справка Количество", "", "", "", "", "", "15"], "F-020:3"),
        (&["", "", "Общий результат", "", "", "", "", "", "1 500"], "F-020:3"),
        (&["------", "------", "------", "------", "------", "------", "------", "------", "------"], "F-065:3"),
        (&["=====+====="], "F-065:3"),
    ] {
        let ran = run("services.xlsx", sheet(1, |sheet| write(sheet, 2, texts)));
        assert_eq!(places(&ran), [code], "{texts:?}");
        assert_books(&ran, [1, 1, 0, 0], &format!("{texts:?}"));
        let ran = run("services.csv", format!("{}{}\n", csv(&[record("a1")]), texts.join(",")));
        assert_eq!(places(&ran), [code], "CSV {texts:?}");
        assert_books(&ran, [1, 1, 0, 0], &format!("CSV {texts:?}"));
    }
    // the sign that ends a text of DOS is nothing
    let ran = run("services.csv", format!("{}\u{1a}", csv(&[record("a1")])));
    assert_eq!(places(&ran), Vec::<String>::new());
    assert_books(&ran, [1, 1, 0, 0], "the end of a file");
}

/// Sums that a spreadsheet puts below each group of rows, counted or not, are told as totals; the group may be a person.
#[test]
fn sums_of_groups_are_no_records() {
    let (formula, counted) = ("=SUBTOTAL(9,I2:I2)", "<v>987654321</v>");
    for label in ["001 Итог", "Итог 001", "Альфа Бета Итог", "Grand Total"] {
        for column in [0, 2] {
            let book = sheet(1, |sheet| {
                for (row, label) in [(2, label), (4, label), (5, "Общий итог")] {
                    for blank in 0..9 {
                        sheet.write_blank(row, blank, &Format::new()).unwrap();
                    }
                    sheet.write(row, column, label).unwrap();
                    sheet.write_formula(row, 8, Formula::new(formula).set_result("987654321")).unwrap();
                }
                write(sheet, 3, &record("b2").each_ref().map(String::as_str));
            });
            let bare = edit(&book, SHEET, |sheet| sheet.replace(counted, ""));
            for book in [book, bare] {
                let ran = run("services.xlsx", book);
                assert_eq!(places(&ran), ["F-020:3", "F-020:5", "F-020:6"], "{label} {column}");
                assert_books(&ran, [2, 2, 0, 0], label);
                assert!(!ran.file("findings.json").contains("Альфа"), "names stay in the quarantine");
            }
        }
    }
}

/// What may be a record is never taken for a remark or a total.
#[test]
fn rows_that_may_be_records_are_quarantined() {
    let whole = |id: &str, name: &str| {
        let mut texts = record(id);
        name.clone_into(&mut texts[2]);
        texts
    };
    for texts in [
        whole("", "Итог аттестации"),
        whole("", "Всего одна справка"),
        whole("", "Примечание к акту"),
        ["a7", "", "", "", "", "", "", "", ""].map(str::to_owned),
        ["", "", "", "", "", "2026-07-04", "", "", ""].map(str::to_owned),
        ["Исполнитель", "", "Справка", "", "", "2026-07-04", "", "", ""].map(str::to_owned),
    ] {
        let line = texts.join(",");
        let ran = run("services.xlsx", sheet(1, |sheet| write(sheet, 2, &texts.each_ref().map(String::as_str))));
        assert_books(&ran, [2, 1, 0, 1], &line);
        assert_books(&run("services.csv", csv(&[record("a1"), texts])), [2, 1, 0, 1], &line);
    }
    // an id that only begins like a word is one
    for id in ["Итоговый-1", "Сумма-1", "TOTAL7", "С-17", "Жалпыбек 3"] {
        let ran = run("services.csv", csv(&[record("a1"), record(id)]));
        assert_books(&ran, [2, 2, 0, 0], id);
    }
}

#[test]
fn rows_above_the_head() {
    let above = |rows: &[[String; 9]]| {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet().set_name("services").unwrap();
        for (row, texts) in (0..).zip(rows) {
            write(sheet, row, &texts.each_ref().map(String::as_str));
        }
        let head = u32::try_from(rows.len()).unwrap();
        put(sheet, head, &[cells("a1", Vec::new())]);
        let lines: Vec<String> = rows.iter().map(|row| row.join(",")).collect();
        (book.save_to_buffer().unwrap(), format!("{}\n{}", lines.join("\n"), csv(&[record("a1")])))
    };
    let nameless = |id: &str| {
        let mut texts = record(id);
        texts[5] = String::new();
        texts
    };
    // a whole record, one with an id alone, one with a day alone
    for texts in [record("b7"), nameless("b7"), record("без номера")] {
        let (book, text) = above(&[texts]);
        assert_all(&book, [2, 1, 0, 1], &["F-066:1"], "above");
        let ran = run("services.csv", text);
        assert_eq!(places(&ran), ["F-066:1"], "CSV");
        assert_books(&ran, [2, 1, 0, 1], "CSV");
    }
    // titles, blocks of words, numbers of columns
    let words = ["Сведения", "об", "услугах", "за", "третий", "квартал", "", "", ""].map(str::to_owned);
    let short = ["Отчёт 7", "", "", "", "", "01.07.2026", "", "", ""].map(str::to_owned);
    let numbers = ["1", "2", "3", "4", "5", "6", "7", "8", "9"].map(str::to_owned);
    let (book, _) = above(&[words, short, numbers]);
    assert_all(&book, [1, 1, 0, 0], &[], "titles");
}

#[test]
fn rows_and_columns_that_nobody_sees() {
    let hidden = sheet(6, |sheet| {
        sheet.set_row_hidden(2).unwrap().set_row_hidden(3).unwrap().set_row_hidden(5).unwrap();
    });
    for (format, ran) in in_formats(&hidden) {
        assert_books(&ran, [6, 6, 0, 0], &format);
        assert_eq!(places(&ran), ["F-067:3"], "{format}");
        let findings = ran.json("findings.json");
        let own = findings["findings"].as_array().unwrap().iter().find(|finding| finding["code"] == "F-067");
        let said = own.expect("F-067")["message"]["ru"].as_str().unwrap_or_default().to_owned();
        assert!(said.contains("3 записи") && said.contains("3–4, 6"), "{format}: {said}");
    }
    // blank rows and the head may be hidden: there is nothing to tell
    let blank = sheet(2, |sheet| {
        sheet.set_row_hidden(0).unwrap().set_row_hidden(9).unwrap();
    });
    assert_all(&blank, [2, 2, 0, 0], &[], "no records");
    let columns = sheet(2, |sheet| {
        sheet.set_column_hidden(8).unwrap().set_column_hidden(12).unwrap();
    });
    assert_all(&columns, [2, 2, 0, 0], &["F-068:1"], "columns");
}

#[test]
fn rows_that_a_filter_hides() {
    let filtered = sheet(4, |sheet| {
        sheet.autofilter(0, 0, 4, 8).unwrap();
        sheet.filter_column(0, &rust_xlsxwriter::FilterCondition::new().add_list_filter("a1")).unwrap();
    });
    for (format, ran) in in_formats(&filtered) {
        assert_books(&ran, [4, 4, 0, 0], &format);
        assert_eq!(places(&ran), ["F-067:3"], "{format}");
    }
}
