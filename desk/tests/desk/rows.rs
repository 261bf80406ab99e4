//! Rows of the records: as they were written, found by their lines; how long the desk answers over many of them.

use super::client::{Desk, tree};
use rust_xlsxwriter::Workbook;
use serde_json::{Value, json};
use std::fs;
use std::process::Command;

#[test]
fn rows_are_shown_as_they_were_written() {
    let desk = Desk::with_sample();
    let found = desk.ask("GET", "rows?q=2026Q3&source=complaints.csv&lines=16,17", None).ok();
    let rows = found["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 2);
    let field =
        found["fields"].as_array().unwrap().iter().find(|field| field["field"] == "extended_working_days").unwrap();
    let column = usize::try_from(field["column"].as_u64().unwrap()).unwrap();
    assert_eq!(rows[0]["cells"][column], "12");
    let none = desk.ask("GET", "rows?q=2026Q3&source=..%2F..%2Forganisation.toml&lines=1", None).ok();
    assert_eq!(none["rows"], json!([]));
}

/// A training row of the test: its id, its day, its subject.
fn cells(row: usize) -> [String; 3] {
    [format!("T{row}"), format!("2026-07-{:02}", row % 28 + 1), format!("Курс\t{row} \"№ {row}\"")]
}

const HEADERS: [&str; 3] = ["record_id", "completed_on", "course"];

#[test]
fn any_row_is_found_by_its_line_in_a_text_and_in_a_sheet() {
    let desk = Desk::with_sample();
    let mut text = format!("{}\n", HEADERS.join(";"));
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("Шілде").unwrap();
    sheet.write_row(0, 0, HEADERS).unwrap();
    for row in 2..700 {
        let cells = cells(row);
        text += &format!("{};{};\"{}\"\n", cells[0], cells[1], cells[2].replace('"', "\"\""));
        sheet.write_row(u32::try_from(row).unwrap() - 1, 0, cells).unwrap();
    }
    desk.drop_file("long.csv", "", text.as_bytes()).ok();
    desk.drop_file("long.xlsx", "", &book.save_to_buffer().unwrap()).ok();
    // the last first; around the places that are remembered; lines that there are none of
    for place in ["long.csv", "long.xlsx&sheet=%D0%A8%D1%96%D0%BB%D0%B4%D0%B5"] {
        for lines in [&[699][..], &[2, 3], &[64, 65, 66, 67, 129, 130], &[0, 1, 2, 350, 699, 700, 9000], &[]] {
            let asked: Vec<String> = lines.iter().map(usize::to_string).collect();
            let told = desk.ask("GET", &format!("rows?q=2026Q3&source={place}&lines={}", asked.join(",")), None).ok();
            let wanted: Vec<Value> = lines
                .iter()
                .filter(|line| (2..700).contains(*line))
                .map(|line| json!({ "line": line, "cells": cells(*line).map(|cell| cell.replace('\t', " ")) }))
                .collect();
            let found: Vec<Value> = told["rows"].as_array().unwrap().clone();
            let plain = |rows: &[Value]| Value::from(rows.to_vec()).to_string().replace("\\t", " ");
            assert_eq!(plain(&found), plain(&wanted), "{place} {lines:?}");
        }
    }
    // a file that was changed by hand is read anew, and so is one that the body says something else of
    let file = desk.root().join("2026Q3/records/long.csv");
    fs::write(&file, text.replace("T699", "T700")).unwrap();
    let last = || desk.ask("GET", "rows?q=2026Q3&source=long.csv&lines=699", None).ok()["rows"][0]["cells"][0].clone();
    assert_eq!(last(), "T700");
    fs::remove_file(file).unwrap();
    assert_eq!(last(), Value::Null);
}

/// How long the desk answers over 200,000 rows: printed, for people who measure (`--ignored --nocapture`).
#[test]
#[ignore = "measures"]
fn two_hundred_thousand_rows() {
    let desk = Desk::with_sample();
    let mut text =
        String::from("record_id,service_code,service_name,channel,applicant,received_at,completed_at,outcome,due_at\n");
    for row in 0..200_000 {
        let day = row % 28 + 1;
        // one row of a hundred has a day that is none
        let done = if row % 100 == 0 { "2026-09-31".to_owned() } else { format!("2026-08-{day:02}") };
        let line =
            format!("L{row},00301001,Выдача справки,office,individual,2026-07-{day:02},{done},rendered,2026-08-30\n");
        text.push_str(&line);
    }
    desk.drop_file("large.csv", "", text.as_bytes()).ok();
    let run = desk.count();
    println!("run: {} s, status {}", run["seconds"], run["status"]);
    let timed = |what: &str, path: &str| {
        let begun = std::time::Instant::now();
        let answer = desk.ask("GET", path, None);
        println!("{what}: {} ms, {} bytes, status {}", begun.elapsed().as_millis(), answer.body.len(), answer.status);
        answer
    };
    timed("state", "state?q=2026Q3");
    timed("survey", "survey?q=2026Q3");
    timed("survey again", "survey?q=2026Q3");
    let causes = timed("errors", "findings?q=2026Q3&severity=error").ok();
    let most = causes["causes"].as_array().unwrap().iter().max_by_key(|cause| cause["count"].as_u64()).unwrap();
    let cause = most["cause"].as_str().unwrap().replace(' ', "%20");
    timed("findings of a cause", &format!("findings?q=2026Q3&cause={cause}"));
    timed("rows, the first", "rows?q=2026Q3&source=large.csv&lines=2,102,202");
    timed("rows in the middle", "rows?q=2026Q3&source=large.csv&lines=100001,100101,100201");
    timed("rows at the end", "rows?q=2026Q3&source=large.csv&lines=199001,199101,199201");
    timed("cell", "cell?q=2026Q3&lang=ru&place=11.1%1Fm2.individual");
    timed("idle", "idle?q=2026Q3&lang=ru");
    let memory = Command::new("grep").args(["VmHWM", &format!("/proc/{}/status", desk.process())]).output().unwrap();
    println!("{}", String::from_utf8_lossy(&memory.stdout));
    assert!(tree(&desk.root()).len() > 20);
}
