//! The work of a quarter: files, runs, mends, undo, what is handed in.

use super::client::{DESK, Desk, records, tree};
use esep::values::digest::sha256;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::process::Command;

/// The folder of the results.
const RESULTS: &str = "2026Q3/results/2-mk_2026Q3_600440000267";

fn known<'s>(state: &'s Value, key: &str) -> &'s str {
    state["quarter"][key].as_str().unwrap()
}

#[test]
fn the_command_of_a_run_gives_the_same_bytes_and_the_originals_stay() {
    let desk = Desk::with_sample();
    let original = |path: &std::path::PathBuf| sha256(fs::File::open(path).unwrap()).unwrap();
    let before: Vec<String> = records().iter().map(original).collect();
    let run = desk.count();
    assert_eq!(run["status"], 1, "{run}"); // the sample has planted errors
    let state = desk.state();
    assert_eq!(state["quarter"]["fresh"], true);
    assert!(state["quarter"]["counts"]["errors"].as_u64().unwrap() > 0, "{}", state["quarter"]["counts"]);
    for (path, before) in records().iter().zip(&before) {
        let copy = desk.root().join("2026Q3/records").join(path.file_name().unwrap());
        assert_eq!([&original(path), &original(&copy)], [before, before]);
    }
    // the line as it stands, into another folder
    let line = fs::read_to_string(desk.root().join("2026Q3/command.txt")).unwrap();
    let line = line.trim().replace("--out results", "--out ../by-hand");
    let words: Vec<&str> = line.split(' ').skip(1).collect();
    let ran = Command::new(DESK).arg("--as-esep").args(words).current_dir(desk.root().join("2026Q3")).output().unwrap();
    assert_eq!(ran.status.code(), Some(1), "{}", String::from_utf8_lossy(&ran.stderr));
    let written = |place: &str| -> BTreeMap<String, String> {
        tree(&desk.root().join(place)).into_iter().filter(|(name, _)| !name.contains(".esep/")).collect()
    };
    let (own, by_hand) = (written("2026Q3/results"), written("by-hand"));
    assert!(own.len() > 10 && own == by_hand, "{own:?} {by_hand:?}");
}

#[test]
fn undo_restores_every_byte() {
    let desk = Desk::with_sample();
    let is_work = |name: &String| !name.contains(".bin/") && !name.ends_with("journal.jsonl");
    let work = || -> BTreeMap<String, String> { desk.tree().into_iter().filter(|(name, _)| is_work(name)).collect() };
    let mut states = vec![work()];
    let state = desk.state();
    let organisation = json!({ "name_ru": "Другое (пример)", "bin": "600440000267" });
    let body = json!({ "known": state["organisation_known"], "organisation": organisation, "languages": ["ru"] });
    desk.ask("PUT", "organisation?q=2026Q3", Some(&body)).ok();
    states.push(work());
    let mend = json!({ "source": "complaints.csv", "line": 16, "column": "Продлено рабочих дней", "action": "change", "old": "12", "new": "10" });
    desk.ask("PUT", "mends?q=2026Q3", Some(&json!({ "known": "", "add": [mend] }))).ok();
    states.push(work());
    desk.ask("DELETE", "files/training.csv?q=2026Q3", Some(&json!({}))).ok();
    states.push(work());
    let answer = json!({ "ru": "Переведено на единую очередь (пример).", "kk": "" });
    desk.ask("PUT", "narrative/business_processes?q=2026Q3", Some(&json!({ "known": "", "answer": answer }))).ok();
    states.push(work());
    assert!(states.windows(2).all(|two| two[0] != two[1]));
    // backwards, the last change first
    for before in states.iter().rev().skip(1) {
        let journal = desk.state()["quarter"]["journal"].clone();
        let undone: Vec<&Value> =
            journal.as_array().unwrap().iter().filter(|change| change["what"] == "undone").collect();
        let all = journal.as_array().unwrap();
        let last = &all.iter().filter(|change| change["what"] != "undone").nth(undone.len()).unwrap();
        desk.ask("POST", "undo?q=2026Q3", Some(&json!({ "n": last["n"] }))).ok();
        assert_eq!(&work(), before, "{last}");
    }
    // what was changed by hand since is not overwritten
    desk.ask("PUT", "narrative/business_processes?q=2026Q3", Some(&json!({ "known": "", "answer": answer }))).ok();
    fs::write(desk.root().join("2026Q3/narrative.toml"), "[new_services]\nru = \"а\"\n").unwrap();
    let n = desk.state()["quarter"]["journal"][0]["n"].clone();
    assert_eq!(desk.ask("POST", "undo?q=2026Q3", Some(&json!({ "n": n }))).status, 409);
}

#[test]
fn a_stale_save_is_refused() {
    let desk = Desk::with_sample();
    let mend = |line: u64| json!({ "source": "complaints.csv", "line": line, "column": "Канал", "action": "change", "old": "а", "new": "б" });
    let first = desk.state();
    let put = |known: &str, line: u64| {
        desk.ask("PUT", "mends?q=2026Q3", Some(&json!({ "known": known, "add": [mend(line)] })))
    };
    put(known(&first, "mends_known"), 2).ok();
    // another tab, which knew the file as it was before
    let late = put(known(&first, "mends_known"), 3);
    assert_eq!((late.status, late.json()["error"].as_str().unwrap()), (409, "refused_stale"));
    let second = desk.state();
    assert_eq!(second["quarter"]["mends"], 1);
    put(known(&second, "mends_known"), 3).ok();
    assert_eq!(desk.state()["quarter"]["mends"], 2);
    // a file of the same name is not replaced unasked, and can be had back
    assert_eq!(desk.drop_file("complaints.csv", "", b"x").status, 409);
    // what was changed by hand appears
    fs::remove_file(desk.root().join("2026Q3/mends.csv")).unwrap();
    assert_eq!(desk.state()["quarter"]["mends"], 0);
}

#[test]
fn a_row_is_left_out_only_with_a_reason_and_a_warning_confirmed_only_with_one() {
    let desk = Desk::with_sample();
    desk.count();
    let left = |reason: &str, person: &str| {
        let mend = json!({ "source": "complaints.csv", "line": 16, "action": "leave_out", "reason": reason, "person": person });
        desk.ask("PUT", "mends?q=2026Q3", Some(&json!({ "known": "", "add": [mend] }))).status
    };
    assert_eq!([left("", "А. А."), left("повтор", " ")], [422, 422]);
    let causes = desk.ask("GET", "findings?q=2026Q3&severity=warning", None).ok();
    let cause = causes["causes"].as_array().unwrap().iter().find(|cause| cause["of_rows"] == true).unwrap();
    let path = format!("findings?q=2026Q3&cause={}", cause["cause"].as_str().unwrap().replace(' ', "%20"));
    let finding = desk.ask("GET", &path, None).ok()["findings"][0].clone();
    let confirm = |reason: &str, finding: &Value| {
        let body = json!({ "known": "", "finding": finding, "reason": reason, "person": "А. А." });
        desk.ask("PUT", "confirmations?q=2026Q3", Some(&body)).status
    };
    assert_eq!(confirm(" ", &finding), 422);
    let mut other = finding.clone();
    other["line"] = json!(1);
    assert_eq!(confirm("Так и было (пример)", &other), 409);
    assert_eq!(confirm("Так и было (пример)", &finding), 200);
    let open = desk.state()["quarter"]["counts"]["warnings"].as_u64().unwrap();
    let run = desk.count();
    assert_eq!(run["status"], 1, "{run}");
    assert_eq!(desk.state()["quarter"]["counts"]["warnings"].as_u64().unwrap(), open - 1);
}

#[test]
fn what_is_handed_in_stays_and_the_quarter_is_shut() {
    let desk = Desk::with_sample();
    let freeze = |person: &str| desk.ask("POST", "freeze?q=2026Q3", Some(&json!({ "person": person })));
    assert_eq!(freeze("А. А.").status, 404); // nothing was counted
    desk.count();
    assert_eq!(freeze(" ").status, 422);
    let sent = freeze("А. А. Басшы").ok();
    let name = sent["name"].as_str().unwrap();
    assert!(name.ends_with("_1"), "{name}");
    let folder = desk.root().join("2026Q3/sent").join(name);
    for (file, digest) in sent["files"].as_object().unwrap() {
        assert_eq!(sha256(fs::File::open(folder.join(file)).unwrap()).unwrap(), digest.as_str().unwrap());
    }
    assert!(sent["files"].get("results/report.pdf").is_some() && !folder.join("results/quarantine").exists());
    let kept = tree(&folder);
    for (method, path, body) in [
        ("POST", "run", json!({ "lang": "ru" })),
        ("PUT", "mends", json!({ "known": "", "add": [] })),
        ("DELETE", "files/training.csv", json!({})),
        ("POST", "undo", json!({ "n": 1 })),
        ("POST", "freeze", json!({ "person": "А. А." })),
    ] {
        assert_eq!(desk.ask(method, &format!("{path}?q=2026Q3"), Some(&body)).status, 423, "{method} {path}");
    }
    assert_eq!(desk.drop_file("new.csv", "", b"a,b\n").status, 423);
    assert_eq!(desk.ask("POST", "reopen?q=2026Q3", Some(&json!({ "reason": "" }))).status, 422);
    desk.ask("POST", "reopen?q=2026Q3", Some(&json!({ "reason": "Поступил акт сверки (пример)" }))).ok();
    assert_eq!(desk.count()["status"], 1);
    let second = freeze("А. А. Басшы").ok();
    assert!(second["name"].as_str().unwrap().ends_with("_2"));
    assert_eq!(tree(&folder), kept);
}

#[test]
fn an_unread_mapping_and_a_wrong_organisation_are_refused_before_they_are_written() {
    let desk = Desk::with_sample();
    let before = desk.tree();
    let head = json!({ "sources": ["a.csv"], "table": "complaints", "confirmed": true, "columns": { "А": "channel", "Б": "channel" } });
    let answer = desk.ask("PUT", "mapping?q=2026Q3", Some(&json!({ "known": "", "head": head })));
    assert_eq!((answer.status, answer.json()["error"].as_str().unwrap()), (422, "refused_by_esep"));
    let organisation = json!({ "known": desk.state()["organisation_known"], "organisation": { "name_ru": "А", "bin": "12" }, "languages": ["ru"] });
    assert_eq!(desk.ask("PUT", "organisation?q=2026Q3", Some(&organisation)).status, 422);
    assert_eq!(desk.ask("POST", "quarter", Some(&json!({ "name": "2026Q3", "form": "9-mk" }))).status, 422);
    assert_eq!(desk.tree(), before);
}

/// Killed at any moment of a run, the results are the old ones or the new ones, whole.
#[test]
fn a_desk_that_is_killed_while_it_counts_leaves_whole_results() {
    let mut desk = Desk::with_sample();
    desk.count();
    let old = tree(&desk.root().join(RESULTS));
    let body = json!({ "known": "", "answer": { "ru": "Ответ (пример)." } });
    desk.ask("PUT", "narrative/new_services?q=2026Q3", Some(&body)).ok();
    for pause in [0, 60, 200, 500] {
        desk.ask("POST", "run?q=2026Q3", Some(&json!({ "lang": "ru" }))).ok();
        std::thread::sleep(std::time::Duration::from_millis(pause));
        let home = desk.kill();
        // the run is a process of its own: it may come to its end
        let results = home.path().join("esep").join(RESULTS);
        for _ in 0..400 {
            let busy = fs::read_dir(results.parent().unwrap()).unwrap().count() > 1;
            if !busy {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        let now = tree(&results);
        assert_eq!(now.keys().collect::<Vec<_>>(), old.keys().collect::<Vec<_>>());
        let report: Value = serde_json::from_slice(&fs::read(results.join("report.json")).unwrap()).unwrap();
        assert!(report["lines"].as_array().unwrap().len() > 10);
        desk = Desk::start_in(home, &[]);
    }
    desk.count();
    assert!(desk.state()["quarter"]["fresh"] == true);
}

/// Records read and accepted by a report, and how many findings of a name it has.
fn accepted(desk: &Desk) -> (u64, u64) {
    let report: Value =
        serde_json::from_slice(&fs::read(desk.root().join(RESULTS).join("report.json")).unwrap()).unwrap();
    let ledger = report["ledger"].as_array().unwrap();
    let sum = |key: &str| ledger.iter().map(|line| line[key].as_u64().unwrap_or(0)).sum();
    (sum("read"), sum("accepted"))
}

fn codes(desk: &Desk, code: &str) -> usize {
    let all: Value =
        serde_json::from_slice(&fs::read(desk.root().join(RESULTS).join("findings.json")).unwrap()).unwrap();
    all["findings"].as_array().unwrap().iter().filter(|finding| finding["code"] == code).count()
}

#[test]
fn a_mend_counts_once_and_lapses_when_the_original_is_mended() {
    let desk = Desk::with_sample();
    desk.count();
    let before = accepted(&desk);
    // the day that does not exist
    let found = desk.ask("GET", "rows?q=2026Q3&source=services-2026-09.csv&lines=818", None).ok();
    let (headers, row) = (found["headers"].as_array().unwrap(), found["rows"][0]["cells"].as_array().unwrap());
    let column = row.iter().position(|cell| cell == "31.09.2026").unwrap();
    let mend = json!({ "source": "services-2026-09.csv", "line": 818, "column": headers[column], "action": "change", "old": "31.09.2026", "new": "30.09.2026" });
    let left = found["rows"][0]["cells"][0].clone();
    let known = desk.ask("PUT", "mends?q=2026Q3", Some(&json!({ "known": "", "add": [mend] }))).ok()["known"].clone();
    let run = desk.count();
    assert_eq!(run["status"], 1, "{run}");
    assert_eq!(accepted(&desk), (before.0, before.1 + 1));
    assert!(fs::read_to_string(desk.root().join("2026Q3/command.txt")).unwrap().contains(" --mends mends.csv "));
    // the original too: the mend says nothing any more, and the record counts once
    let file = desk.root().join("2026Q3/records/services-2026-09.csv");
    let bytes = fs::read(&file).unwrap();
    let at = bytes.windows(10).position(|ten| ten == b"31.09.2026").unwrap();
    let mended = [&bytes[..at], b"30.09.2026", &bytes[at + 10..]].concat();
    fs::write(&file, mended).unwrap();
    assert_eq!(desk.state()["quarter"]["fresh"], false);
    desk.count();
    assert_eq!(accepted(&desk), (before.0, before.1 + 1));
    assert_eq!(codes(&desk, "F-471"), 1);
    // left out with a reason, the row stays in the quarantine
    let leave = json!({ "source": "services-2026-09.csv", "line": 818, "column": headers[0], "action": "leave_out", "old": left, "reason": "повтор (пример)", "person": "А. А." });
    desk.ask("PUT", "mends?q=2026Q3", Some(&json!({ "known": known, "drop": [0], "add": [leave] }))).ok();
    desk.count();
    assert_eq!(accepted(&desk), before);
    assert_eq!(codes(&desk, "F-473"), 1);
}

#[test]
fn zeros_come_only_when_they_are_said() {
    let desk = Desk::with_sample();
    desk.ask("DELETE", "files/training.csv?q=2026Q3", Some(&json!({}))).ok();
    desk.count();
    let cells = || fs::read_to_string(desk.root().join(RESULTS).join("cells.csv")).unwrap();
    let unsaid = cells();
    let put = |known: &str, tables: Value| {
        desk.ask("PUT", "empty?q=2026Q3", Some(&json!({ "known": known, "tables": tables })))
    };
    assert_eq!(put("", json!({ "nothing": "0" })).status, 400);
    assert_eq!(put("", json!({ "training": "5" })).status, 400);
    put("", json!({ "training": "0", "outreach": "-" })).ok();
    assert_eq!(fs::read_to_string(desk.root().join("2026Q3/empty.toml")).unwrap(), "training = \"0\"\n");
    let run = desk.count();
    assert_eq!(run["status"], 1, "{run}");
    let changed: Vec<(String, String)> = unsaid
        .lines()
        .zip(cells().lines())
        .filter(|(before, after)| before != after)
        .map(|(before, after)| (before.to_owned(), after.to_owned()))
        .collect();
    assert!(!changed.is_empty());
    assert!(changed.iter().all(|(before, after)| before.ends_with(",-") && after.ends_with(",0")), "{changed:?}");
}
