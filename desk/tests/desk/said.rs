//! What the body says of its sheets: answers of a workbook, sheets that are not read; mends that no longer hold.

use super::client::{DESK, Desk};
use super::made::{THIRD, write};
use esep::sources::workbook::texts::texts;
use rust_xlsxwriter::Workbook;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::process::Command;

/// The workbook of `esep init` for the desk's records, its first question answered so.
pub fn answered(desk: &Desk, all: &str) -> Vec<u8> {
    let out = desk.home.path().join("asked");
    let records = desk.root().join("2026Q3/records");
    let mut init = Command::new(DESK);
    init.args(["--as-esep", "init"]).arg(&records).arg("--out").arg(&out).args(["--force", "--lang", "ru"]);
    let ran = init.output().unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (line, mut row) in texts(&out.join("questions.xlsx"), |_| true).unwrap() {
        if row[0] == "all" {
            row.resize(row.len().max(6), String::new());
            all.clone_into(&mut row[5]);
        }
        sheet.write_row(u32::try_from(line).unwrap() - 1, 0, row).unwrap();
    }
    book.save_to_buffer().unwrap()
}

/// A desk with four of people's own books.
pub fn with_books() -> Desk {
    let desk = Desk::with_body();
    let books = desk.home.path().join("books");
    fs::create_dir(&books).unwrap();
    write(&books, &THIRD);
    for entry in fs::read_dir(books).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if ["Қызметтер", "Журнал", "жалобы", "обучение"].iter().any(|first| name.starts_with(first)) && is_book(&path)
        {
            let name = name.bytes().map(|byte| format!("%{byte:02X}")).collect::<Vec<_>>().concat();
            desk.drop_file(&name, "", &fs::read(&path).unwrap()).ok();
        }
    }
    desk
}

fn is_book(path: &Path) -> bool {
    path.extension().is_some_and(|kind| kind == "xlsx")
}

fn mapping(desk: &Desk) -> String {
    fs::read_to_string(desk.root().join("mapping.toml")).unwrap_or_default()
}

fn groups(desk: &Desk) -> Vec<Value> {
    desk.ask("GET", "survey?q=2026Q3", None).ok()["survey"]["groups"].as_array().unwrap().clone()
}

fn read(desk: &Desk) -> u64 {
    let results = desk.root().join("2026Q3/results/2-mk_2026Q3_600440000267/report.json");
    let report: Value = serde_json::from_slice(&fs::read(results).unwrap()).unwrap();
    report["ledger"].as_array().unwrap().iter().map(|line| line["read"].as_u64().unwrap()).sum()
}

#[test]
fn an_answered_workbook_is_taken_into_the_mapping_when_it_is_dropped() {
    let desk = with_books();
    assert!(groups(&desk).iter().all(|group| group["confirmed"] == false));
    // nothing confirmed, an answer that cannot be chosen, no such workbook: nothing is written
    let refused = |answer: super::client::Answer, key: &str| {
        assert_eq!((answer.status, answer.json()["error"].as_str().unwrap()), (422, key));
    };
    refused(desk.drop_file("questions.xlsx", "", &answered(&desk, "нет")), "refused_unanswered");
    refused(desk.drop_in("answers", "a.xlsx", b"PK\x03\x04"), "refused_no_answers");
    assert_eq!(mapping(&desk), "");
    let told = desk.drop_file("questions.xlsx", "", &answered(&desk, "да")).ok();
    assert!(told["answers"].as_u64().unwrap() >= 3, "{told}");
    assert!(groups(&desk).iter().all(|group| group["confirmed"] == true));
    assert!(!desk.root().join("2026Q3/records/questions.xlsx").exists());
    // the same by hand: `generate --mapping questions.xlsx` reads as many rows
    let run = desk.count();
    assert!(matches!(run["status"].as_i64(), Some(0 | 1)), "{run}");
    assert_eq!(read(&desk), 545);
    // the journal undoes it
    let journal = desk.state()["quarter"]["journal"].clone();
    assert_eq!(journal[0]["what"], "took_answers");
    desk.ask("POST", "undo?q=2026Q3", Some(&json!({ "n": journal[0]["n"] }))).ok();
    assert_eq!(mapping(&desk), "");
}

#[test]
fn an_answered_workbook_that_lies_in_the_folder_is_offered_until_it_is_taken() {
    let desk = with_books();
    let offered = || desk.ask("GET", "survey?q=2026Q3", None).ok()["answers"].as_array().unwrap().clone();
    assert_eq!(offered(), [] as [Value; 0]);
    fs::write(desk.root().join("questions.xlsx"), answered(&desk, "да")).unwrap();
    let found = offered();
    assert_eq!(found[0]["file"], "questions.xlsx");
    let put = |file: &str| desk.ask("PUT", "answers?q=2026Q3", Some(&json!({ "file": file })));
    assert_eq!([put("../questions.xlsx").status, put("2026Q3/questions.xlsx").status], [400, 404]);
    assert_eq!(put("questions.xlsx").ok()["answers"], found[0]["answers"]);
    assert_eq!(offered(), [] as [Value; 0]);
    assert!(groups(&desk).iter().all(|group| group["confirmed"] == true));
}

#[test]
fn a_sheet_that_is_not_to_be_read_is_not_counted_either() {
    let desk = with_books();
    desk.drop_file("questions.xlsx", "", &answered(&desk, "да")).ok();
    desk.count();
    let all = read(&desk);
    let complaints = groups(&desk).into_iter().find(|group| group["table"] == "complaints").unwrap();
    let said = |confirmed: bool| {
        let known = desk.ask("GET", "survey?q=2026Q3", None).ok()["known"].clone();
        let head = json!({ "headers": complaints["headers"], "table": "", "confirmed": confirmed, "columns": {} });
        desk.ask("PUT", "mapping?q=2026Q3", Some(&json!({ "known": known, "head": head }))).ok();
        groups(&desk).into_iter().find(|group| group["key"] == complaints["key"]).unwrap()
    };
    let left = said(true);
    assert_eq!(left["left_out"], true, "{left}");
    desk.count();
    assert_eq!(read(&desk), all - complaints["rows"].as_u64().unwrap());
    let open = said(false);
    assert_eq!([&open["left_out"], &open["confirmed"]], [false, false]);
}

/// A file whose rows were changed or moved: the mends that were made of it say so, whichever way it came.
#[test]
fn a_new_file_with_changed_rows_lets_mends_lapse_with_what_is_to_be_done() {
    let desk = Desk::with_body();
    let text = |rows: &[&str]| format!("record_id,completed_on,course\n{}\n", rows.join("\n"));
    desk.drop_file("training.csv", "", text(&["1,31.09.2026,A", "2,2026-08-05,B", "3,2026-08-40,C"]).as_bytes()).ok();
    let mend = |line: u64, old: &str| json!({ "source": "training.csv", "line": line, "column": "completed_on", "action": "change", "old": old, "new": "2026-08-30" });
    let add = [mend(2, "31.09.2026"), mend(4, "2026-08-40")];
    desk.ask("PUT", "mends?q=2026Q3", Some(&json!({ "known": "", "add": add }))).ok();
    desk.count();
    let told = || desk.ask("GET", "mends?q=2026Q3", None).ok()["lapsed"].as_array().unwrap().clone();
    assert_eq!(told(), [] as [Value; 0]);
    // a new file of that name is not put there unasked; put there, it is the new rows that count
    let new = text(&["1,2026-09-30,A", "2,2026-08-05,B"]);
    assert_eq!(desk.drop_file("training.csv", "", new.as_bytes()).status, 409);
    desk.upload("training.csv?q=2026Q3&replace=yes", new.as_bytes()).ok();
    // what the run before said is not taken for what holds now
    assert_eq!(told(), [] as [Value; 0]);
    desk.count();
    let lapsed = told();
    let places: Vec<(&Value, &Value)> = lapsed.iter().map(|told| (&told["line"], &told["code"])).collect();
    assert_eq!(places, [(&json!(2), &json!("F-471")), (&json!(4), &json!("F-474"))]);
    assert!(lapsed.iter().all(|told| told["hint"]["kk"].as_str().is_some_and(|hint| hint.chars().count() > 20)));
    assert_eq!(read(&desk), 2);
    // the file that was there can be had back, and its mends hold again
    let journal = desk.state()["quarter"]["journal"].clone();
    assert_eq!(journal[0]["what"], "added_file");
    desk.ask("POST", "undo?q=2026Q3", Some(&json!({ "n": journal[0]["n"] }))).ok();
    desk.count();
    assert_eq!((told().len(), read(&desk)), (0, 3));
    // the same bytes once more are no other file
    let same = fs::read(desk.root().join("2026Q3/records/training.csv")).unwrap();
    desk.drop_file("training.csv", "", &same).ok();
    assert_eq!(desk.state()["quarter"]["journal"][0]["what"], "undone");
}

/// A workbook that is no list of questions is added to the records whatever it is like: its own findings tell what is wrong.
#[test]
fn workbooks_that_are_damaged_or_long_are_added_all_the_same() {
    let desk = Desk::with_body();
    let mut long = Workbook::new();
    let sheet = long.add_worksheet();
    for row in 0..200 {
        sheet.write(row, 0, format!("строка {row}")).unwrap();
    }
    // a key of the questions behind the first rows does not make it one
    sheet.write(150, 0, "all").unwrap();
    let long = long.save_to_buffer().unwrap();
    let mut cut = long.clone();
    cut.truncate(long.len() / 2);
    for (name, bytes) in [("long.xlsx", long), ("cut.xlsx", cut), ("empty.xlsx", Vec::new())] {
        desk.drop_file(name, "", &bytes).ok();
        assert_eq!(fs::read(desk.root().join("2026Q3/records").join(name)).unwrap(), bytes, "{name}");
    }
    assert!(mapping(&desk).is_empty());
}
