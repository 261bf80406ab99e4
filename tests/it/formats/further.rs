//! More than one table on a sheet: the same head again, another one below it or beside it.

use super::super::books::{HEAD, record};
use super::laid::{assert_all, in_formats, sheet, write};
use super::{assert_books, places, run};

#[test]
fn further_heads_on_a_sheet() {
    // the same head again, as printed tables have it
    let again = sheet(2, |sheet| {
        write(sheet, 3, &HEAD);
        write(sheet, 4, &record("a3").each_ref().map(String::as_str));
    });
    assert_all(&again, [3, 3, 0, 0], &["F-061:4"], "the same head");
    // the same table in other columns, another table, a head that is not whole
    let moved: Vec<&str> = HEAD.iter().rev().copied().collect();
    for other in
        [&moved[..], &["record_id", "held_on", "title", "people_covered"], &["record_id", "service_name", "Кто принял"]]
    {
        let below = sheet(2, |sheet| {
            write(sheet, 5, other);
            write(sheet, 6, &record("a3").each_ref().map(String::as_str));
            write(sheet, 7, &["ИТОГО", "", "5"]);
        });
        let expected = ["F-062:6", "F-063:7", "F-020:8"];
        for (format, ran) in in_formats(&below) {
            let mut found = places(&ran);
            found.sort_by_key(|place| expected.iter().position(|own| own == place));
            assert_eq!(found, expected, "{other:?} {format}");
            assert_books(&ran, [3, 2, 0, 1], &format!("{other:?} {format}"));
        }
    }
}

/// Below other headers a row with a day is a record, whatever words it begins with.
#[test]
fn a_short_record_of_another_table_is_no_total() {
    let below = sheet(1, |sheet| {
        write(sheet, 4, &["course", "completed_on", "record_id"]);
        write(sheet, 5, &["Всего одна справка", "20.08.2026", "№ 14"]);
        write(sheet, 6, &["Всего", "", "1"]);
    });
    for (format, ran) in in_formats(&below) {
        let mut found = places(&ran);
        found.sort();
        assert_eq!(found, ["F-020:7", "F-062:5", "F-063:6"], "{format}");
        assert_books(&ran, [2, 1, 0, 1], &format);
    }
}

/// A quote that opens the first field of a record hides its others, also above the head.
#[test]
fn a_torn_record_above_the_head_is_rejected() {
    let [torn, sound] = ["a1", "a2"].map(|id| record(id).join(","));
    let text = |first: &str| format!("{first}\n{}\n{sound}\n\"x\"\n", HEAD.join(","));
    let ran = run("services.csv", text(&format!("\"{torn}")));
    assert!(places(&ran).contains(&"F-066:1".to_owned()), "{:?}", places(&ran));
    // the quote of a later field closes that of the first one
    let mut parted = record("a1");
    parted[2] = "\"Справка\nо доходах\"".to_owned();
    let ran = run("services.csv", text(&format!("\"{}", parted.join(","))));
    assert!(places(&ran).contains(&"F-066:1".to_owned()), "{:?}", places(&ran));
    // titles with quotes are none
    for title in ["\"Журнал, отдел: июль, август, сентябрь", "\"Ромашка, 5-бөлім\" ЖШС", "\"Ромашка\" ЖШС, 2026"]
    {
        let ran = run("services.csv", text(title));
        assert!(!places(&ran).iter().any(|place| place.ends_with(":1")), "{title}: {:?}", places(&ran));
    }
}

/// A row that has values only under the last headers of a wider table below is one, too.
#[test]
fn a_wider_table_below() {
    let wider: Vec<&str> = HEAD.iter().rev().copied().chain(["Заметки"]).collect();
    let book = sheet(1, |sheet| {
        write(sheet, 3, &wider);
        write(sheet, 4, &["", "", "", "", "", "", "", "", "", "проверено"]);
        write(sheet, 5, &["1", "2026-07-03", "", "", "", "", "", "", "b1", "проверено"]);
    });
    for (format, ran) in in_formats(&book) {
        let mut found = places(&ran);
        found.sort();
        assert_eq!(found, ["F-062:4", "F-063:5", "F-063:6"], "{format}");
        assert_books(&ran, [3, 1, 0, 2], &format);
        let mut rejected = std::fs::read_dir(ran.folder.join("quarantine")).unwrap().map(|entry| entry.unwrap().path());
        let csv = rejected.find(|path| path.extension().is_some_and(|end| end == "csv")).unwrap();
        let text = std::fs::read_to_string(csv).unwrap();
        assert_eq!(text.matches("проверено").count(), 2, "{format}: {text}");
    }
}

#[test]
fn tables_beside() {
    let beside = |top: u32, head: &[&str]| {
        sheet(3, |sheet| {
            let values = record("b1");
            for (row, texts) in [(top, head), (top + 1, &values.each_ref().map(String::as_str)[..head.len()])] {
                sheet.write_row(row, 11, texts.iter().copied()).unwrap();
            }
        })
    };
    // beside the records and below the last of them
    for (top, cell) in [(2, "L3"), (8, "L9")] {
        let other = ["record_id", "held_on", "title", "people_covered"];
        for (format, ran) in in_formats(&beside(top, &other)) {
            assert_books(&ran, [3, 3, 0, 0], &format);
            assert_eq!(places(&ran), [format!("F-088:{}", top + 1), format!("F-018:{}", top + 2)], "{format}");
            let findings = ran.json("findings.json")["findings"].clone();
            let told = findings.as_array().unwrap().iter().find(|finding| finding["code"] == "F-088");
            assert_eq!(told.unwrap()["cell"], cell, "{format}");
        }
    }
    // somebody's sums are no table
    assert_all(&beside(2, &["Услуга", "Количество"]), [3, 3, 0, 0], &["F-018:3"], "sums");
    // the first head may be that of the table on the right
    let (values, blank) = (record("a1").join(","), ",".repeat(HEAD.len() + 1));
    let head = HEAD.join(",");
    let text = format!("{blank}{head}\n{head},,{values}\n{values},,{values}\n");
    let ran = run("services.csv", text);
    assert_eq!(places(&ran), ["F-088:2", "F-018:3", "F-111:3"]);
    assert_books(&ran, [2, 1, 1, 0], "a table on the left");
}
