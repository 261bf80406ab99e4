//! What stands behind a number: the records that the run counted, and what has become of them since.

use super::client::{DESK, Desk, tree};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::process::Command;

const RESULTS: &str = "2026Q3/results/2-mk_2026Q3_600440000267";
const HEAD: &str = "record_id,service_code,service_name,channel,applicant,received_at,completed_at,outcome,due_at\n";

/// All pages of a question, one behind the other: how many there are, and the records.
fn pages(desk: &Desk, path: &str) -> (u64, Vec<Value>) {
    let mut met = Vec::new();
    loop {
        let page = desk.ask("GET", &format!("{path}&from={}", met.len()), None).ok();
        let records = page["records"].as_array().unwrap();
        assert!(records.len() <= 50);
        met.extend(records.iter().cloned());
        if records.len() < 50 {
            return (page["count"].as_u64().unwrap(), met);
        }
    }
}

/// What the batch program says to the same question.
fn explained(desk: &Desk, words: &[&str]) -> Value {
    let ran = Command::new(DESK)
        .args(["--as-esep", "explain", &desk.root().join(RESULTS).display().to_string()])
        .args(words)
        .args(["--sources", "records", "--all", "--json", "--lang", "ru"])
        .current_dir(desk.root().join("2026Q3"))
        .output()
        .unwrap();
    serde_json::from_slice(&ran.stdout).unwrap()
}

#[test]
fn the_desk_names_the_records_that_the_batch_program_names() {
    let desk = Desk::with_sample();
    desk.count();
    let told = explained(&desk, &["--uncounted"]);
    let kinds = told["kinds"].as_array().unwrap();
    assert!(kinds.len() > 3);
    for (place, kind) in kinds.iter().enumerate() {
        let (count, records) = pages(&desk, &format!("idle?q=2026Q3&lang=ru&reason={place}"));
        assert_eq!((json!(count), json!(records)), (kind["count"].clone(), kind["records"].clone()));
    }
    let report = fs::read(desk.root().join(RESULTS).join("report.json")).unwrap();
    let report: Value = serde_json::from_slice(&report).unwrap();
    let of_rows = report["lines"].as_array().unwrap().iter().filter(|line| line.as_object().unwrap().len() == 4);
    let (mut cells, mut met) = (0, 0);
    for line in of_rows.filter(|line| line["values"]["q"].as_i64().unwrap_or(0) > 0).step_by(4) {
        let row = line["row"].as_str().unwrap();
        let told = explained(&desk, &[row, "q"]);
        let path = format!("cell?q=2026Q3&lang=ru&place={row}%1Fq");
        let (count, records) = pages(&desk, &path);
        assert_eq!(
            (json!(count), json!(records)),
            (told["records"]["count"].clone(), told["records"]["shown"].clone())
        );
        let page = desk.ask("GET", &path, None).ok();
        assert_eq!((&page["value"], &page["agrees"]), (&told["value"], &json!(true)), "{row}");
        (cells, met) = (cells + 1, met + count);
    }
    assert!(cells > 10 && met > 100, "{cells} {met}");
}

/// A row of a service: its number, the day on which it was issued.
fn row(number: usize, issued: &str) -> String {
    format!("L{number},00301001,Выдача справки,office,individual,2026-07-01,{issued},rendered,2026-08-30\n")
}

#[test]
fn the_answer_is_that_of_what_lies_there_now() {
    let desk = Desk::with_body();
    let mut text = HEAD.to_owned();
    for number in 2..200 {
        text += &row(number, if number % 50 == 0 { "2026-10-01" } else { "2026-07-08" });
    }
    text += &row(200, "2026-07-32");
    desk.drop_file("services.csv", "", text.as_bytes()).ok();
    desk.count();
    let cell = || {
        let path = "cell?q=2026Q3&lang=ru&place=11.1%1Fm1.individual";
        let told = desk.ask("GET", path, None).ok();
        let (count, records) = pages(&desk, path);
        assert_eq!(count, records.len() as u64);
        (count, told["agrees"].clone(), told["value"].clone(), records)
    };
    let idle = || desk.ask("GET", "idle?q=2026Q3&lang=ru", None).ok()["reasons"].clone();
    let (count, agrees, value, records) = cell();
    assert_eq!((count, agrees, value), (195, json!(true), json!("195")));
    assert_eq!(records[0]["id"], "L2");
    assert_eq!((idle()[0]["count"].clone(), idle()[0]["records"][0]["line"].clone()), (json!(3), json!(50)));

    // changed by hand: what lies there now, and that it is not what was counted
    let file = desk.root().join("2026Q3/records/services.csv");
    fs::write(&file, text.replace(&row(2, "2026-07-08"), &row(2, "2026-10-09")) + &row(201, "2026-07-09")).unwrap();
    let (count, agrees, value, records) = cell();
    assert_eq!((count, agrees, value), (195, json!(true), json!("195")));
    assert_eq!((records[0]["id"].clone(), records[194]["id"].clone()), (json!("L3"), json!("L201")));
    fs::write(&file, text.replace(&row(2, "2026-07-08"), &row(2, "2026-10-09"))).unwrap();
    let (count, agrees, value, _) = cell();
    assert_eq!((count, agrees, value), (194, json!(false), json!("195")));
    assert_eq!((idle()[0]["count"].clone(), idle()[0]["records"][0]["id"].clone()), (json!(4), json!("L2")));
    desk.count();
    let (count, agrees, value, _) = cell();
    assert_eq!((count, agrees, value), (194, json!(true), json!("194")));

    // a mend counts once its run has been made, and its record is among those of the number
    let mend = json!({
        "source": "services.csv", "line": 200, "column": "completed_at", "action": "change", "old": "2026-07-32",
        "new": "2026-07-31", "reason": "", "person": "А. А.", "day": "2026-10-02"
    });
    desk.ask("PUT", "mends?q=2026Q3", Some(&json!({ "known": "", "add": [mend] }))).ok();
    assert_eq!(cell().0, 194);
    desk.count();
    let (count, agrees, value, records) = cell();
    assert_eq!((count, agrees, value), (195, json!(true), json!("195")));
    assert_eq!(records[194]["id"], "L200");

    // taken away: there is nothing to show, and the desk says so
    fs::remove_file(&file).unwrap();
    assert_eq!(desk.ask("GET", "idle?q=2026Q3&lang=ru", None).status, 422);
    fs::write(&file, text).unwrap();
    assert_eq!((cell().0, cell().1), (196, json!(false)));
}

/// Files without a name that a process holds.
#[cfg(target_os = "linux")]
fn unnamed(process: u32) -> usize {
    let held = fs::read_dir(Path::new("/proc").join(process.to_string()).join("fd")).unwrap();
    let gone = |path: std::path::PathBuf| path.to_string_lossy().ends_with(" (deleted)");
    held.flatten().filter_map(|entry| fs::read_link(entry.path()).ok()).filter(|path| gone(path.clone())).count()
}

#[cfg(target_os = "linux")]
#[test]
fn the_records_are_read_before_anybody_asks_and_nothing_is_written_for_it() {
    let desk = Desk::with_sample();
    assert_eq!(unnamed(desk.process()), 0);
    desk.count();
    let written = tree(&desk.root());
    // rows of every table; facts, what feeds nothing, what it says, ids
    let wanted = super::client::records().len() + 4;
    for _ in 0..400 {
        if unnamed(desk.process()) >= wanted {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    assert_eq!(unnamed(desk.process()), wanted);
    assert_eq!(tree(&desk.root()), written);
    desk.ask("GET", "idle?q=2026Q3&lang=ru", None).ok();
    desk.ask("GET", "idle?q=2026Q3&lang=kk", None).ok();
    assert_eq!(unnamed(desk.process()), wanted);
}
