//! What a run leaves behind and says: nothing of people's is lost, nothing of a sender's becomes live.

use super::bench::{BIN, Case, folder, root};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

/// Rows of services; the first is sound.
const HEAD: &str =
    "record_id,provider_name,service_code,service_name,channel,form,received_at,due_at,completed_at,outcome";
const SOUND: &str = "a1,ЦОН,00401001,Справка,state_corporation,paper,2026-07-01,2026-07-10,2026-07-03,rendered";

fn csv(rows: &[&str]) -> String {
    [&[HEAD, SOUND], rows].concat().join("\n") + "\n"
}

fn esep(place: &Path) -> Command {
    let organisation = place.join("organisation.toml");
    fs::write(&organisation, format!("name_ru = \"Орган\"\nbin = \"{BIN}\"\nlanguages = [\"ru\"]\n")).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_esep"));
    command.arg("generate").arg(place.join("in")).args(["--form", "3-mk", "--period", "2026Q3", "--force"]);
    command.arg("--organisation").arg(organisation).arg("--out").arg(place.join("out"));
    command
}

fn place(files: &[(&str, &str)]) -> TempDir {
    let named: Vec<(String, &str)> = files.iter().map(|(name, text)| (format!("in/{name}"), *text)).collect();
    let place = tempfile::tempdir().unwrap();
    fs::create_dir(place.path().join("in")).unwrap();
    named.iter().for_each(|(name, text)| fs::write(place.path().join(name), text).unwrap());
    place
}

fn result(place: &Path) -> PathBuf {
    place.join(format!("out/3-mk_2026Q3_{BIN}"))
}

fn ran(command: &mut Command) -> (i32, String) {
    let Output { status, stderr, .. } = command.output().unwrap();
    (status.code().unwrap(), String::from_utf8(stderr).unwrap())
}

#[test]
fn what_people_put_or_changed_among_the_results_goes_along() {
    let place = place(&[("services.csv", &csv(&["a2,ЦОН,00401001,,,,soon,,,"]))]);
    assert_eq!(ran(&mut esep(place.path())).0, 1);
    let out = result(place.path());
    let rejected = fs::read_to_string(out.join("quarantine/services.csv")).unwrap();
    fs::create_dir(out.join("сканы")).unwrap();
    fs::write(out.join("сканы/акт.pdf"), "scan").unwrap();
    fs::write(out.join("quarantine/services.csv"), rejected.replace("soon", "2026-07-02")).unwrap();
    let (_, said) = ran(&mut esep(place.path()));
    assert!(said.contains("Сохранён") && said.contains("акт.pdf"), "{said}");
    assert!(said.contains("services.edited.csv"), "{said}");
    assert_eq!(fs::read_to_string(out.join("сканы/акт.pdf")).unwrap(), "scan");
    assert_eq!(fs::read_to_string(out.join("quarantine/services.csv")).unwrap(), rejected);
    assert!(fs::read_to_string(out.join("quarantine/services.edited.csv")).unwrap().contains("2026-07-02"));
    // what the program no longer writes goes: it was its own
    fs::write(place.path().join("in/services.csv"), csv(&[])).unwrap();
    let (_, said) = ran(&mut esep(place.path()));
    assert!(!out.join("quarantine/services.csv").exists() && out.join("quarantine/services.edited.csv").exists());
    assert!(said.contains("акт.pdf"), "{said}");
}

#[test]
fn a_text_of_a_sender_is_no_formula_in_the_quarantine() {
    let live = ["=HYPERLINK(\"\"x\"\")", "+7", "-5", "@SUM(A1)", "-", "'=1"];
    let rows: Vec<String> = live.iter().map(|text| format!("\"{text}\",ЦОН,1,=1+1,,,soon,,,")).collect();
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    let place = place(&[(
        "services.csv",
        &csv(&rows).replacen("service_name", "service_name,=cmd", 1).replace(",Справка", ",=Справка,"),
    )]);
    let (status, said) = ran(&mut esep(place.path()));
    assert_eq!(status, 1, "{said}");
    let text = fs::read_to_string(result(place.path()).join("quarantine/services.csv")).unwrap();
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    assert!(reader.headers().unwrap().iter().any(|head| head == "'=cmd"), "{text}");
    let firsts: Vec<String> = reader.records().map(|row| row.unwrap()[0].to_owned()).collect();
    assert_eq!(firsts, ["'=HYPERLINK(\"x\")", "'+7", "'-5", "'@SUM(A1)", "-", "'=1"]);
    let cells = fs::read_to_string(result(place.path()).join("cells.csv")).unwrap();
    assert!(cells.contains(",=Справка,") && !cells.contains("'="), "cells.csv is for programs");
}

#[test]
fn names_that_are_too_long_are_shortened_and_stay_apart() {
    let letters = "ә".repeat(122);
    let (one, other) = (format!("{letters}1.csv"), format!("{letters}2.csv"));
    let faulty = |id: &str| csv(&[&format!("{id},ЦОН,1,,,,soon,,,")]).replace("a1", &format!("{id}0"));
    let place = place(&[(&one, &faulty("b")), (&other, &faulty("c"))]);
    let names = || {
        let (status, said) = ran(&mut esep(place.path()));
        assert_eq!(status, 1, "{said}");
        let entries = fs::read_dir(result(place.path()).join("quarantine")).unwrap();
        let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        // beside them lie the list to fill in and what the run recorded
        names.retain(|name| name != "rejected.xlsx");
        names.sort();
        names
    };
    let first = names();
    assert!(first.len() == 2 && first.iter().all(|name| name.len() <= 240 && name.starts_with("әә")), "{first:?}");
    assert_eq!(first, names());
}

#[test]
fn a_code_or_name_that_no_cell_holds_is_named() {
    let long = "А".repeat(33_000);
    let row = |id: &str, code: &str| SOUND.replace("a1", id).replace("00401001", code);
    let first = csv(&[&row("a2", &long)]);
    // a line that looks like one before it
    let later = csv(&[&row("a2", "00401002"), &row("a3", "00401003"), &row("a4", &long)]);
    let beside = |field: &str| format!("{HEAD},applicant,{field}\n{SOUND},individual,{long}\n");
    let [provider, system] = ["provider_bin", "information_system"].map(beside);
    let system = system.replace("state_corporation", "is_no_contact").replace("paper", "electronic");
    for (text, form) in [(first, "3-mk"), (later, "3-mk"), (provider, "3-mk"), (system, "1-mk")] {
        let place = place(&[("services.csv", &text)]);
        let command = esep(place.path());
        let words: Vec<String> = command.get_args().map(|word| word.to_str().unwrap().replace("3-mk", form)).collect();
        let (status, said) = ran(Command::new(env!("CARGO_BIN_EXE_esep")).args(words));
        assert!(status == 3 && said.contains("«АААА"), "{form} {status} {said}");
        assert!(said.ends_with("не помещается в ячейку книги: исправьте его в записях\n"), "{said}");
        assert!(fs::read_dir(place.path().join("out")).unwrap().next().is_none(), "{said}");
    }
}

#[test]
fn what_steers_a_terminal_is_shown_as_what_it_is() {
    let place = place(&[("a\u{1b}[2Jb\nesep: ok.csv", &csv(&["a2,\u{1b}]0;x\u{7},00401001,,,,soon\u{9b}1m,,,"]))]);
    let (_, said) = ran(&mut esep(place.path()));
    assert!(!said.contains(['\u{1b}', '\u{7}', '\u{9b}']), "{said:?}");
    assert!(said.contains("a\\u{1b}[2Jb\\nesep: ok.csv"), "{said}");
    let mut wrong = Command::new(env!("CARGO_BIN_EXE_esep"));
    let (status, said) = ran(wrong.args(["blank", "--form", "\u{1b}[31m2-mk", "--out", "nowhere"]));
    assert!(status == 2 && !said.contains('\u{1b}') && said.contains("\\u{1b}[31m"), "{said:?}");
}

#[test]
fn nobody_who_listens_is_no_fault() {
    let place = place(&[("services.csv", &csv(&[]))]);
    let heard = ran(&mut esep(place.path())).0;
    let full = || fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    assert_eq!(esep(place.path()).stderr(full()).status().unwrap().code(), Some(heard));
    let report = result(place.path()).join("report.json");
    // many files make more than a pipe holds
    let files = vec![report.display().to_string(); 40];
    let script = "\"$@\" | head -c 1 >/dev/null; echo \"${PIPESTATUS[0]}\"";
    for words in [&["check", "--json", "--quiet"][..], &["forms"], &["explain", "F-013"]] {
        let mut command = Command::new("bash");
        command.args(["-c", script, "bash", env!("CARGO_BIN_EXE_esep")]).args(words);
        command.args(if words[0] == "check" { &files[..] } else { &[] }).stderr(Stdio::piped());
        let done = command.output().unwrap();
        let status = String::from_utf8_lossy(&done.stdout).trim().to_owned();
        assert!(["0", "1"].contains(&status.as_str()), "{words:?}: {status} {}", String::from_utf8_lossy(&done.stderr));
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_esep"));
    assert_eq!(command.arg("forms").stdout(full()).stderr(full()).status().unwrap().code(), Some(3));
}

#[test]
fn no_folder_of_the_system_is_needed() {
    let place = place(&[("services.csv", &csv(&[]))]);
    let heard = ran(&mut esep(place.path()));
    assert_eq!(ran(esep(place.path()).env("TMPDIR", "/nowhere")), heard);
    let report = result(place.path()).join("report.json");
    let mut check = Command::new(env!("CARGO_BIN_EXE_esep"));
    check.arg("check").arg(report).arg("--out").arg(place.path().join("checked")).env("TMPDIR", "/nowhere");
    assert!(ran(&mut check).0 < 2);
}

#[test]
fn a_disk_that_takes_no_more_is_said_in_every_command() {
    let place = place(&[("services.csv", &csv(&[]))]);
    ran(&mut esep(place.path()));
    let report = result(place.path()).join("report.json");
    let out = place.path().join("more");
    for words in [["check"].as_slice(), &["blank", "--form", "2-mk"]] {
        let mut limited = Command::new("sh");
        limited.args(["-c", "trap '' XFSZ; ulimit -f 8; exec \"$@\"", "sh", env!("CARGO_BIN_EXE_esep")]).args(words);
        limited.args((words[0] == "check").then_some(&report)).arg("--out").arg(&out).args(["--lang", "ru"]);
        let (status, said) = ran(&mut limited);
        assert!(status == 3 && said.contains("назовите другую папку"), "{words:?}: {status} {said}");
        assert!(fs::read_dir(&out).unwrap().next().is_none(), "nothing half-made is left");
    }
}

#[test]
fn letters_that_cannot_be_printed_are_told_once() {
    let place = folder(&[("services.csv", &csv(&[]).replace("Справка", "Справка 漢😀"))]);
    let mut case = Case::new(place.path(), "3-mk", "2026Q3");
    case.organisation = case.organisation.replace("Тестовый", "\u{feff}Тестовый");
    let ran = case.run();
    let findings = ran.json("findings.json")["findings"].as_array().unwrap().clone();
    let told: Vec<_> = findings.iter().filter(|finding| finding["code"] == "F-203").collect();
    assert_eq!(told.len(), 1, "{told:?}");
    let message = told[0]["message"]["ru"].as_str().unwrap();
    assert!(["漢 (U+6F22)", "😀 (U+1F600)", "«Справка 漢😀»"].iter().all(|part| message.contains(part)), "{message}");
    assert!(!message.contains("FEFF"), "{message}");
    // a mark that shows nothing is not printed, and nobody is told of it
    for name in ["report.pdf", "analytical.pdf"] {
        let file = lopdf::Document::load(ran.folder.join(name)).unwrap();
        let pages: Vec<u32> = file.get_pages().keys().copied().collect();
        let text = file.extract_text(&pages).unwrap();
        assert!(!text.contains('\u{feff}') && text.contains("Тестовый"), "{name}");
    }
    let case = Case::new(&root().join("tests/findings/F-202-attachment_missing"), "3-mk", "2026Q3");
    assert!(!case.run().codes().contains(&"F-203".to_owned()));
}
