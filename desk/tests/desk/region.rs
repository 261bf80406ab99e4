//! The region's board: forms in any order, whose each is, which version holds, the consolidated form.

use super::client::{DESK, Desk, tree};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

const DISTRICTS: usize = 17;

/// A report of the sample as another district sends it; `more`: added to the trained of the first month.
fn report(unit: &Value, more: i64) -> Vec<u8> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../sample-data/districts-2026Q3/tasbulak.json");
    let mut stored: Value = serde_json::from_slice(&fs::read(file).unwrap()).unwrap();
    stored["head"]["unit"] = unit.clone();
    let lines = stored["lines"].as_array_mut().unwrap();
    let line = lines.iter_mut().find(|line| line["row_id"] == "training").unwrap();
    for column in ["m1", "q"] {
        line["values"][column] = (line["values"][column].as_i64().unwrap() + more).into();
    }
    serde_json::to_vec(&stored).unwrap()
}

fn district(number: usize) -> Value {
    json!({ "code": format!("4392{number:02}000"), "name": format!("Район {number} (пример)") })
}

/// A desk of a region with so many districts.
fn region() -> Desk {
    let desk = Desk::start();
    desk.ask("POST", "quarter", Some(&json!({ "name": "2026Q3", "form": "2-mk" }))).ok();
    let units: Vec<Value> = (1..=DISTRICTS)
        .map(|number| json!({ "kato": district(number)["code"], "name_ru": district(number)["name"], "name_kk": format!("{number}-аудан (мысал)") }))
        .collect();
    let organisation =
        json!({ "name_ru": "Акимат области (пример)", "name_kk": "Облыс әкімдігі (мысал)", "bin": "600440000267" });
    let body = json!({ "known": "", "organisation": organisation, "languages": ["ru"], "units": units });
    desk.ask("PUT", "organisation?q=2026Q3", Some(&body)).ok();
    desk
}

fn board(desk: &Desk) -> Value {
    desk.ask("GET", "board?q=2026Q3", None).ok()
}

fn standings(board: &Value) -> BTreeMap<String, usize> {
    let mut all = BTreeMap::new();
    for unit in board["board"]["units"].as_array().unwrap() {
        *all.entry(unit["standing"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    all
}

/// What the districts sent: the third under another name, the fifth twice, the seventeenth nothing.
fn sent() -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    for number in 1..DISTRICTS {
        let unit = if number == 3 {
            json!({ "code": "", "name": "Отдел третьего участка" })
        } else {
            district(number)
        };
        files.push((format!("{number:02}.json"), report(&unit, 0)));
    }
    files.push(("05-new.json".to_owned(), report(&district(5), 7)));
    files
}

fn put(desk: &Desk, file: &str, said: Value) -> u16 {
    let mut body = said;
    body["known"] = board(desk)["known"].clone();
    desk.ask("PUT", &format!("received/{file}?q=2026Q3"), Some(&body)).status
}

#[test]
fn forms_in_any_order_make_the_same_board() {
    let mut boards = Vec::new();
    for backwards in [false, true] {
        let desk = region();
        let mut files = sent();
        if backwards {
            files.reverse();
        }
        for (name, bytes) in &files {
            desk.drop_in("received", name, bytes).ok();
        }
        for (name, _) in &files {
            assert_eq!(put(&desk, name, json!({ "day": "2026-10-02" })), 200);
        }
        boards.push(board(&desk));
    }
    assert_eq!(boards[0]["board"], boards[1]["board"]);
    let all = standings(&boards[0]);
    assert_eq!(all, BTreeMap::from([("missing".to_owned(), 2), ("on_time".to_owned(), 14), ("twice".to_owned(), 1)]));
}

#[test]
fn an_unknown_sender_is_assigned_a_version_chosen_and_both_are_remembered() {
    let desk = region();
    for (name, bytes) in sent() {
        desk.drop_in("received", &name, &bytes).ok();
        assert_eq!(put(&desk, &name, json!({ "day": "2026-10-02" })), 200);
    }
    let file = |board: &Value, name: &str| {
        let files = board["board"]["files"].as_array().unwrap();
        files.iter().find(|file| file["name"] == name).unwrap().clone()
    };
    let first = board(&desk);
    assert_eq!(file(&first, "03.json")["forms"][0]["unit"], Value::Null);
    assert_eq!(file(&first, "03.json")["forms"][0]["sender"], "Отдел третьего участка");
    // a late save, and a unit that there is none of, change nothing
    let known = desk.state()["organisation_known"].clone();
    assert_eq!(put(&desk, "03.json", json!({ "unit": 2, "organisation_known": "" })), 409);
    assert_eq!(put(&desk, "03.json", json!({ "unit": 99, "organisation_known": known })), 400);
    assert_eq!(put(&desk, "..%2Forganisation.toml", json!({ "day": "2026-10-02" })), 400);
    assert_eq!(put(&desk, "03.json", json!({ "unit": 2, "organisation_known": known })), 200);
    assert_eq!(put(&desk, "05.json", json!({ "holds": true })), 200);
    assert_eq!(put(&desk, "05-new.json", json!({ "holds": true })), 200);
    assert_eq!(put(&desk, "16.json", json!({ "day": "2026-10-09" })), 200);
    let wanted = BTreeMap::from([("missing".to_owned(), 1), ("on_time".to_owned(), 15), ("late".to_owned(), 1)]);
    assert_eq!(standings(&board(&desk)), wanted);
    let home = desk.kill();
    let desk = Desk::start_in(home, &[]);
    let told = board(&desk);
    assert_eq!(standings(&told), wanted);
    assert_eq!([&file(&told, "05.json")["holds"], &file(&told, "05-new.json")["holds"]], [false, true]);
    assert!(file(&told, "05-new.json")["forms"][0]["counted"] == true);
    // the next quarter knows the sender
    desk.ask("POST", "quarter", Some(&json!({ "name": "2026Q4", "form": "2-mk" }))).ok();
    let mut next: Value =
        serde_json::from_slice(&report(&json!({ "code": "", "name": "Отдел третьего участка" }), 0)).unwrap();
    next["head"]["period"] = "2026Q4".into();
    desk.upload("x.json?q=2026Q4&in=received", next.to_string().as_bytes()).ok();
    let told = desk.ask("GET", "board?q=2026Q4", None).ok();
    assert_eq!(file(&told, "x.json")["forms"][0]["unit"], 2);
}

#[test]
fn the_region_consolidates_with_a_line_that_gives_the_same_bytes_and_hands_in() {
    let desk = region();
    for (name, bytes) in sent() {
        desk.drop_in("received", &name, &bytes).ok();
    }
    let known = desk.state()["organisation_known"].clone();
    assert_eq!(put(&desk, "03.json", json!({ "unit": 2, "organisation_known": known })), 200);
    assert_eq!(put(&desk, "05-new.json", json!({ "holds": true })), 200);
    assert_eq!(desk.ask("POST", "freeze?q=2026Q3&of=region", Some(&json!({ "person": "А. А." }))).status, 404);
    let run = desk.count_of("region");
    assert!(matches!(run["status"].as_i64(), Some(0 | 1)), "{run}");
    assert_eq!(board(&desk)["fresh"], true);
    let line = fs::read_to_string(desk.root().join("2026Q3/consolidate.txt")).unwrap();
    assert!(line.starts_with("esep consolidate received --form 2-mk "), "{line}");
    let line = line.trim().replace("--out consolidated", "--out ../by-hand");
    let words: Vec<&str> = line.split(' ').skip(1).collect();
    let ran = Command::new(DESK).arg("--as-esep").args(words).current_dir(desk.root().join("2026Q3")).output().unwrap();
    assert!(matches!(ran.status.code(), Some(0 | 1)), "{}", String::from_utf8_lossy(&ran.stderr));
    let written = |place: &str| -> BTreeMap<String, String> {
        tree(&desk.root().join(place)).into_iter().filter(|(name, _)| !name.contains(".esep/")).collect()
    };
    let (own, by_hand) = (written("2026Q3/consolidated"), written("by-hand"));
    assert!(own.len() > 10 && own == by_hand, "{own:?} {by_hand:?}");
    let stored = desk.ask("GET", "report/2-mk?q=2026Q3&of=region", None).ok();
    let training = stored["lines"].as_array().unwrap().iter().find(|line| line["row_id"] == "training").unwrap();
    let single: Value = serde_json::from_slice(&report(&district(1), 0)).unwrap();
    let alone = single["lines"].as_array().unwrap().iter().find(|line| line["row_id"] == "training").unwrap();
    assert_eq!(training["values"]["m1"].as_i64().unwrap(), alone["values"]["m1"].as_i64().unwrap() * 16 + 7);
    // remarks to a unit; what it answers is read back
    let remarks = desk.ask("GET", "returns/4?q=2026Q3", None).ok();
    assert!(remarks["remarks"].as_array().is_some() && remarks["unit"]["ru"] == "Район 5 (пример)", "{remarks}");
    assert_eq!(desk.ask("GET", "returns/99?q=2026Q3", None).status, 404);
    let sent = desk.ask("POST", "freeze?q=2026Q3&of=region", Some(&json!({ "person": "А. А. Басшы" }))).ok();
    assert!(sent["files"]["results/report.pdf"].is_string() && sent["files"]["received.csv"].is_string(), "{sent}");
    assert_eq!(desk.drop_in("received", "18.json", b"{}").status, 423);
    assert_eq!(put(&desk, "05.json", json!({ "holds": true })), 423);
}
