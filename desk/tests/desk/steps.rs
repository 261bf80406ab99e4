//! After every step of a quarter the line in `command.txt`, run by `esep`, gives the same bytes; what is changed by hand
//! in between appears.

use super::client::{DESK, Desk, records, tree};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::process::Command;

/// Counts, runs the line that the desk wrote, compares every byte; rows that were read for 2-mk.
fn counted(desk: &Desk, quarter: &str, step: &str) -> u64 {
    desk.ask("POST", &format!("run?q={quarter}"), Some(&json!({ "lang": "ru" }))).ok();
    let run = desk.ended_run();
    assert!(matches!(run["status"].as_i64(), Some(0 | 1)), "{step}: {run}");
    assert_eq!(state(desk, quarter)["fresh"], true, "{step}");
    let place = desk.root().join(quarter);
    let line = fs::read_to_string(place.join("command.txt")).unwrap();
    let words: Vec<&str> = line.trim().strip_prefix("esep ").unwrap().split(' ').collect();
    let words = words.into_iter().map(|word| if word == "results" { "../by-hand" } else { word });
    let ran = Command::new(DESK).arg("--as-esep").args(words).current_dir(&place).output().unwrap();
    assert!(matches!(ran.status.code(), Some(0 | 1)), "{step}: {}", String::from_utf8_lossy(&ran.stderr));
    let written = |place: &std::path::Path| -> BTreeMap<String, String> {
        tree(place).into_iter().filter(|(name, _)| !name.contains(".esep/")).collect()
    };
    let by_hand = desk.root().join("by-hand");
    let (own, other) = (written(&place.join("results")), written(&by_hand));
    assert!(own.len() > 10 && own == other, "{step}: {line}");
    fs::remove_dir_all(by_hand).unwrap();
    let report = place.join(format!("results/2-mk_{quarter}_600440000267/report.json"));
    let report: Value = serde_json::from_slice(&fs::read(report).unwrap()).unwrap();
    report["ledger"].as_array().unwrap().iter().map(|line| line["read"].as_u64().unwrap()).sum()
}

fn state(desk: &Desk, quarter: &str) -> Value {
    desk.ask("GET", &format!("state?q={quarter}"), None).ok()["quarter"].clone()
}

/// Whether `command.txt` names a file.
fn line_has(desk: &Desk, part: &str) -> bool {
    fs::read_to_string(desk.root().join("2026Q3/command.txt")).unwrap().contains(part)
}

#[test]
fn after_every_step_the_line_gives_the_same_bytes_and_what_is_changed_by_hand_appears() {
    let desk = Desk::with_sample();
    let put = |path: &str, body: Value| desk.ask("PUT", &format!("{path}?q=2026Q3"), Some(&body)).ok();
    let known = |key: &str| state(&desk, "2026Q3")[key].clone();
    let quarter = desk.root().join("2026Q3");
    let read = counted(&desk, "2026Q3", "files");
    // columns and values
    let survey = desk.ask("GET", "survey?q=2026Q3", None).ok();
    let unknown = &survey["survey"]["values"][0];
    let value = unknown["values"][0]["value"].as_str().unwrap();
    let codes = json!({ value: unknown["values"][0]["code"] });
    let values = json!({ "list": unknown["list"], "confirmed": true, "codes": codes });
    put("values", json!({ "known": survey["known"], "values": values }));
    assert_eq!(counted(&desk, "2026Q3", "values"), read);
    assert!(line_has(&desk, "--mapping ../mapping.toml"));
    // a mend, a warning that is right, an answer with a document, another form
    let mend = json!({ "source": "complaints.csv", "line": 16, "column": "Продлено рабочих дней", "action": "change", "old": "12", "new": "10" });
    put("mends", json!({ "known": "", "add": [mend] }));
    counted(&desk, "2026Q3", "a mend");
    let causes = desk.ask("GET", "findings?q=2026Q3&severity=warning", None).ok();
    let cause = causes["causes"][0]["cause"].as_str().unwrap().replace(' ', "%20");
    let finding = desk.ask("GET", &format!("findings?q=2026Q3&cause={cause}"), None).ok()["findings"][0].clone();
    put(
        "confirmations",
        json!({ "known": "", "finding": finding, "reason": "Так и есть (пример)", "person": "А. А." }),
    );
    counted(&desk, "2026Q3", "a confirmation");
    desk.drop_in("attachments", "bujryq.txt", b"order").ok();
    let document = json!({ "file": "bujryq.txt", "kind": "приказ", "number": "12", "date": "2026-07-06", "sheets": 2 });
    let answer = json!({ "ru": "Сделано (пример).", "kk": "Жасалды (мысал).", "attachments": [document] });
    put("narrative/new_services", json!({ "known": "", "answer": answer }));
    counted(&desk, "2026Q3", "an answer");
    put("quarter", json!({ "known": known("known"), "forms": ["2-mk", "3-mk"] }));
    counted(&desk, "2026Q3", "a second form");
    // a table without cases
    desk.ask("DELETE", "files/training.csv?q=2026Q3", Some(&json!({}))).ok();
    put("empty", json!({ "known": "", "tables": { "training": "0" } }));
    let without = counted(&desk, "2026Q3", "no cases");
    assert!(without < read && line_has(&desk, "--empty empty.toml"));

    // by hand, one file after another: each is seen, each counts
    let by_hand = |file: &str, change: &dyn Fn(&str) -> String| {
        let path = quarter.join(file);
        let text = fs::read_to_string(&path).unwrap_or_default();
        fs::write(&path, change(&text)).unwrap();
        assert_eq!(state(&desk, "2026Q3")["fresh"], false, "{file}");
        counted(&desk, "2026Q3", file)
    };
    let more = by_hand("records/training.csv", &|_| "record_id,completed_on,course\nН-1,2026-07-03,Курс\n".to_owned());
    assert_eq!(more, without + 1);
    by_hand("mends.csv", &|text| {
        format!("{text}training.csv,,2,completed_on,change,2026-07-03,2026-08-03,,,2026-10-01\n")
    });
    assert_eq!(state(&desk, "2026Q3")["mends"], 2);
    by_hand("narrative.toml", &|text| text.replace("Сделано (пример).", "Сделано вручную (пример)."));
    let told = desk.ask("GET", "narrative?q=2026Q3", None).ok();
    assert!(told.to_string().contains("Сделано вручную (пример)."));
    by_hand("empty.toml", &|_| String::new());
    by_hand("confirm.toml", &|_| String::new());
    by_hand("../mapping.toml", &|_| String::new());
    by_hand("../organisation.toml", &|text| text.replace("Акимат района (пример)", "Акимат другого района (пример)"));
    assert_eq!(
        desk.ask("GET", "state?q=2026Q3", None).ok()["organisation"]["name_ru"],
        "Акимат другого района (пример)"
    );
    by_hand("attachments/bujryq.txt", &|_| "another order".to_owned());

    // handed in, opened again, and the next quarter, which looks back at this one
    desk.ask("POST", "freeze?q=2026Q3", Some(&json!({ "person": "А. А." }))).ok();
    desk.ask("POST", "reopen?q=2026Q3", Some(&json!({ "reason": "Поступил акт сверки (пример)" }))).ok();
    counted(&desk, "2026Q3", "opened again");
    desk.ask("POST", "quarter", Some(&json!({ "name": "2026Q4", "form": "2-mk" }))).ok();
    let complaints = records().into_iter().find(|path| path.ends_with("complaints.csv")).unwrap();
    desk.upload("complaints.csv?q=2026Q4", &fs::read(complaints).unwrap()).ok();
    counted(&desk, "2026Q4", "the next quarter");
    let line = fs::read_to_string(desk.root().join("2026Q4/command.txt")).unwrap();
    assert!(line.contains("--previous ../2026Q3/results/2-mk_2026Q3_600440000267/report.json"), "{line}");
}
