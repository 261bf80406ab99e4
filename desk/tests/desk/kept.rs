//! What is saved is saved whole; several forms, attached documents, what a form leaves out.

use super::client::Desk;
use serde_json::{Value, json};
use std::fs;
use std::io::Write;
use std::net::TcpStream;
use std::time::Duration;

/// Killed at any moment of a save, the file is the old one or the new one, whole, and every line of the journal is read.
#[test]
fn a_desk_that_is_killed_while_it_saves_leaves_the_old_or_the_new() {
    let mut desk = Desk::with_sample();
    let mend = |text: &str, line: u64| json!({ "source": "complaints.csv", "line": line, "column": "Канал", "action": "change", "old": "а", "new": text });
    let mends = |text: &str| (0..6000).map(|line| mend(text, line)).collect::<Vec<_>>();
    let file = desk.root().join("2026Q3/mends.csv");
    desk.ask("PUT", "mends?q=2026Q3", Some(&json!({ "known": "", "add": mends("первое") }))).ok();
    let mut met = [0, 0];
    for pause in [0, 2, 5, 9, 14, 20, 40, 80, 160] {
        let old = fs::read(&file).unwrap();
        let known = desk.state()["quarter"]["mends_known"].clone();
        let body = json!({ "known": known, "add": mends(&format!("после {pause}")), "drop": [0] }).to_string();
        let head = format!(
            "PUT /api/mends?q=2026Q3 HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nX-Esep-Token: {}\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
            desk.port,
            desk.token,
            body.len()
        );
        let mut stream = TcpStream::connect(("127.0.0.1", desk.port)).unwrap();
        stream.write_all(head.as_bytes()).unwrap();
        std::thread::sleep(Duration::from_millis(pause));
        let home = desk.kill();
        let now = fs::read(home.path().join("esep/2026Q3/mends.csv")).unwrap();
        let is_new = String::from_utf8(now.clone()).unwrap().matches(&format!("после {pause},")).count();
        assert!(now == old || is_new == 6000, "{pause} ms: {is_new} lines of the new");
        met[usize::from(now != old)] += 1;
        desk = Desk::start_in(home, &[]);
        let state = desk.state();
        let count = state["quarter"]["mends"].as_u64().unwrap();
        assert!(count >= 6000, "{count}");
        // the journal is read; nothing lies about
        let journal = fs::read_to_string(desk.root().join("2026Q3/journal.jsonl")).unwrap();
        assert!(journal.lines().all(|line| serde_json::from_str::<Value>(line).is_ok()));
    }
    println!("killed before the save: {}, behind it: {}", met[0], met[1]);
}

#[test]
fn several_forms_are_counted_looked_at_and_handed_in_together() {
    let desk = Desk::with_sample();
    let known = desk.state()["quarter"]["known"].clone();
    let put = |known: &Value, forms: &[&str]| {
        desk.ask("PUT", "quarter?q=2026Q3", Some(&json!({ "known": known, "forms": forms })))
    };
    assert_eq!(put(&known, &[]).status, 400);
    assert_eq!(put(&known, &["2-mk", "9-mk"]).status, 422);
    put(&known, &["2-mk", "3-mk"]).ok();
    desk.count();
    let line = fs::read_to_string(desk.root().join("2026Q3/command.txt")).unwrap();
    assert!(line.contains("--form 2-mk,3-mk "), "{line}");
    let of = |form: &str| desk.ask("GET", &format!("state?q=2026Q3&form={form}"), None).ok();
    assert_eq!(of("3-mk")["quarter"]["form"], "3-mk");
    assert_eq!(of("nothing")["quarter"]["form"], "2-mk");
    assert_ne!(of("3-mk")["quarter"]["counts"], of("2-mk")["quarter"]["counts"]);
    assert!(of("2-mk")["quarter"]["open_of"]["3-mk"]["warnings"].is_u64());
    let stored = desk.ask("GET", "report/3-mk?q=2026Q3", None).ok();
    assert_eq!(stored["head"]["form"], "3-mk");
    let sent = desk.ask("POST", "freeze?q=2026Q3", Some(&json!({ "person": "А. А. Басшы" }))).ok();
    assert!(
        sent["files"]["results/2-mk/report.pdf"].is_string() && sent["files"]["results/3-mk/report.pdf"].is_string()
    );
    let name = sent["name"].as_str().unwrap();
    let paper = json!({ "file": "report.pdf", "sent": name });
    assert_eq!(desk.ask("POST", "ticket?q=2026Q3&form=3-mk", Some(&paper)).status, 200);
}

#[test]
fn a_document_is_attached_to_an_answer_with_what_it_is() {
    let desk = Desk::with_sample();
    desk.drop_in("attachments", "bujryq-12.txt", b"order").ok();
    let document =
        json!({ "file": "bujryq-12.txt", "kind": "приказ", "number": "12", "date": "2026-07-06", "sheets": 2 });
    let body = json!({ "known": "", "answer": { "ru": "Сделано (пример).", "attachments": [document] } });
    desk.ask("PUT", "narrative/new_services?q=2026Q3", Some(&body)).ok();
    let text = fs::read_to_string(desk.root().join("2026Q3/narrative.toml")).unwrap();
    assert!(
        text.contains(
            "{ file = \"bujryq-12.txt\", kind = \"приказ\", number = \"12\", date = 2026-07-06, sheets = 2 }"
        )
    );
    // read back as it was told, and as people write it by hand
    let sections = desk.ask("GET", "narrative?q=2026Q3", None).ok();
    let own = |sections: &Value| {
        let all = sections["sections"].as_array().unwrap();
        all.iter().find(|one| one["section"] == "new_services").unwrap()["answer"]["attachments"][0].clone()
    };
    assert_eq!(own(&sections), document);
    fs::write(
        desk.root().join("2026Q3/narrative.toml"),
        "[new_services]\nru = \"а\"\nattachments = [\"bujryq-12.txt\"]\n",
    )
    .unwrap();
    assert_eq!(own(&desk.ask("GET", "narrative?q=2026Q3", None).ok())["file"], "bujryq-12.txt");
    // a section that is named by its printed number is the same section
    let number = sections["sections"].as_array().unwrap().iter().find(|one| one["section"] == "new_services").unwrap();
    let number = number["number"].as_str().unwrap();
    let file = desk.root().join("2026Q3/narrative.toml");
    fs::write(&file, format!("[\"{number}\"]\nru = \"а\"\nattachments = [\"bujryq-12.txt\"]\n")).unwrap();
    let told = desk.ask("GET", "narrative?q=2026Q3", None).ok();
    assert_eq!(own(&told)["file"], "bujryq-12.txt");
    let body = json!({ "known": told["known"], "answer": { "ru": "Сделано (пример).", "attachments": [document] } });
    desk.ask("PUT", "narrative/new_services?q=2026Q3", Some(&body)).ok();
    assert_eq!(fs::read_to_string(&file).unwrap().matches("ru = ").count(), 1);
    let run = desk.count();
    assert_eq!(run["status"], 1, "{run}");
    let line = fs::read_to_string(desk.root().join("2026Q3/command.txt")).unwrap();
    assert!(line.contains("--attachments attachments"), "{line}");
}

#[test]
fn what_a_form_leaves_out_is_told_by_the_reason_and_in_pages() {
    let desk = Desk::with_sample();
    desk.count();
    let told = desk.ask("GET", "idle?q=2026Q3&lang=ru", None).ok();
    let reasons = told["reasons"].as_array().unwrap();
    let sum: u64 = reasons.iter().map(|reason| reason["count"].as_u64().unwrap()).sum();
    assert!(reasons.len() > 3 && sum > 1000, "{told}");
    let most = reasons.iter().max_by_key(|reason| reason["count"].as_u64()).unwrap();
    let (id, count) = (most["reason"].as_u64().unwrap(), most["count"].as_u64().unwrap());
    assert!(most["why"].as_str().unwrap().chars().count() > 10 && most["records"].as_array().unwrap().len() == 50);
    let mut met = std::collections::BTreeSet::new();
    let mut from = 0;
    while from < count {
        let page = desk.ask("GET", &format!("idle?q=2026Q3&lang=ru&reason={id}&from={from}"), None).ok();
        let records = page["records"].as_array().unwrap();
        assert!(!records.is_empty() && records.len() <= 50 && page["count"] == count);
        met.extend(records.iter().map(Value::to_string));
        from += records.len() as u64;
    }
    assert_eq!(met.len() as u64, count);
    assert_eq!(desk.ask("GET", "idle?q=2026Q3&lang=ru&reason=nothing", None).status, 404);
}

#[test]
fn a_run_is_asked_for_by_its_number() {
    let desk = Desk::with_sample();
    let id = desk.ask("POST", "run?q=2026Q3", Some(&json!({ "lang": "kk" }))).ok()["id"].clone();
    assert_eq!(desk.ask("GET", &format!("run/{id}"), None).ok()["id"], id);
    assert_eq!(desk.ask("GET", "run/77", None).status, 404);
}
