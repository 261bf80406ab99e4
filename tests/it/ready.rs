//! What is written ready for people: confirmations, open questions, the next command; and their words taken as they come.

use super::bench::{BIN, Case, folder};
use std::fs;
use std::process::Command;

const SERVICES: &str = "record_id,service_name,channel,applicant,received_at,due_at,completed_at,outcome\n\
                        1,Справка,office_paper,individual,2026-07-01,2026-07-05,2026-07-03,rendered\n\
                        2,Справка,office_paper,individual,2026-07-01,2026-07-05,2026-07-03,in_progress\n";

fn case(place: &tempfile::TempDir) -> Case {
    let mut case = Case::new(place.path(), "2-МК", "III квартал 2026");
    case.narrative = Some(String::new());
    case.as_of = chrono::NaiveDate::from_ymd_opt(2026, 10, 5);
    case
}

/// The folder of the only report of a run.
fn results(ran: &super::bench::Ran) -> std::path::PathBuf {
    super::samples::only_folder(&ran.out.path().join("out"))
}

#[test]
fn a_confirmation_that_is_filled_in_confirms_and_an_open_one_does_not() {
    let place = folder(&[("services.csv", SERVICES)]);
    let ran = case(&place).run();
    let ready = fs::read_to_string(results(&ran).join("confirm.toml")).unwrap();
    assert!(ready.contains("[[confirmation]]") && ready.contains("reason = \"\""), "{ready}");
    let given = tempfile::tempdir().unwrap();
    let path = given.path().join("confirm.toml");
    let confirmed = |text: &str| {
        fs::write(&path, text).unwrap();
        let mut case = case(&place);
        case.confirm = Some(path.clone());
        let findings = fs::read_to_string(results(&case.run()).join("findings.json")).unwrap();
        let findings: serde_json::Value = serde_json::from_str(&findings).unwrap();
        findings["counts"]["confirmed"].as_u64().unwrap_or(0)
    };
    assert_eq!(confirmed(&ready), 0, "what nobody filled in is passed over");
    let filled = ready
        .replace("reason = \"\"", "reason = \"Так и есть\"")
        .replace("person = \"\"", "person = \"руководитель отдела\"")
        .replace("date = \"\"", "date = \"05.10.2026\"");
    let asked = u64::try_from(ready.matches("[[confirmation]]").count()).unwrap();
    assert_eq!(confirmed(&filled), asked);
}

#[test]
fn open_questions_are_written_ready_and_answered_by_number() {
    let place = folder(&[("services.csv", SERVICES)]);
    let ran = case(&place).run();
    let ready = fs::read_to_string(results(&ran).join("narrative.toml")).unwrap();
    let is_number = |text: &&str| text.contains('.') && text.chars().all(|sign| sign.is_ascii_digit() || sign == '.');
    let number = |line: &'_ str| line.strip_prefix("# ")?.split_once(". ").map(|(number, _)| number.to_owned());
    let number = ready.lines().filter_map(number).find(|text| is_number(&text.as_str())).expect("a printed number");
    let asked = ready.matches("text = \"\"").count();
    let open = |narrative: &str| {
        let mut case = case(&place);
        case.narrative = Some(narrative.to_owned());
        let again = fs::read_to_string(results(&case.run()).join("narrative.toml")).unwrap_or_default();
        again.matches("text = \"\"").count()
    };
    assert_eq!(open(&ready), asked, "nothing was answered yet");
    assert_eq!(open(&format!("[\"{number}\"]\ntext = \"Рассказано.\"\n")), asked - 1);
    assert_eq!(open(&ready.replace("text = \"\"", "text = \"Рассказано.\"")), 0);
}

#[test]
fn the_first_minute_says_the_next_command() {
    let place = folder(&[("services.csv", SERVICES)]);
    let results = tempfile::tempdir().unwrap();
    fs::write(results.path().join("report.json"), "{}").unwrap();
    let said = |words: &[&std::ffi::OsStr], lang: &str| {
        let done = Command::new(env!("CARGO_BIN_EXE_esep")).args(words).env("LC_ALL", lang).output().unwrap();
        String::from_utf8(done.stdout).unwrap()
    };
    let file = place.path().join("services.csv");
    for (lang, next) in
        [("ru_RU.UTF-8", "Следующая команда"), ("kk_KZ.UTF-8", "Келесі команда"), ("en_US.UTF-8", "next command")]
    {
        assert!(said(&[], lang).contains(next));
        for (path, command) in
            [(place.path(), "esep init"), (file.as_path(), "esep init"), (results.path(), "esep check")]
        {
            let text = said(&[path.as_os_str()], lang);
            assert!(text.contains(next) && text.contains(command), "{lang} {text}");
        }
    }
}

#[test]
fn sources_are_found_beside_the_report_or_asked_for() {
    let quarter = tempfile::tempdir().unwrap();
    let records = quarter.path().join("records/июль");
    fs::create_dir_all(&records).unwrap();
    fs::write(records.join("services.csv"), SERVICES).unwrap();
    fs::write(
        quarter.path().join("organisation.toml"),
        format!("name_ru = \"Орган\"\nbin = \"{BIN}\"\nlanguages = [\"ru\"]\n"),
    )
    .unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let run = |words: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_esep"));
        let done = command.args(words).current_dir(elsewhere.path()).output();
        let done = done.unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (done.status.code(), text(done.stdout), text(done.stderr))
    };
    let at = |name: &str| quarter.path().join(name).display().to_string();
    let (organisation, results) = (at("organisation.toml"), at("results"));
    let words = ["--form", "2мк", "--period", "3 квартал 2026", "--as-of", "05.10.2026", "--lang", "ru"];
    let told =
        run(&[&["generate", &at("records"), "--organisation", &organisation, "--out", &results], &words[..]].concat());
    assert!(told.2.contains(&format!("Записано: {results}")), "{}", told.2);
    let report = super::samples::only_folder(&quarter.path().join("results"));
    let explained = run(&["explain", &report.display().to_string(), "13.1", "m1.individual"]);
    assert_eq!(explained.0, Some(0), "{}{}", explained.1, explained.2);
    assert!(explained.1.contains("равно ячейке"), "{}", explained.1);
    fs::remove_dir_all(quarter.path().join("records")).unwrap();
    let explained = run(&["explain", &report.display().to_string(), "13.1", "m1.individual"]);
    assert_eq!(explained.0, Some(1));
    assert!(explained.1.contains("--sources") && !explained.1.contains("РАВНО"), "{}", explained.1);
}
