//! `deadlines`: the dates of the Rules, days off beside them, and the calendar file.

use super::bench::{definitions, root};
use chrono::NaiveDate;
use esep::definitions::due::{DayOfDue, dues};
use esep::values::period::Quarter;
use esep::words::lang::Lang;
use std::process::Command;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn the_dates_of_the_rules_stand_whatever_the_calendar_says() {
    let quarter = Quarter::parse("2026Q3").unwrap();
    let all = dues(definitions(), quarter, None).unwrap();
    let found: Vec<(&str, &str, String)> =
        all.iter().map(|due| (due.deadline.role.as_str(), due.id(), due.date.to_string())).collect();
    let expected = [
        ("district", "2-mk", "2026-10-05"),
        ("body", "1-mk", "2026-10-10"),
        ("territorial", "1-mk", "2026-10-10"),
        ("region", "2-mk", "2026-10-10"),
        ("informatization", "3-mk", "2026-10-25"),
        ("informatization", "4-mk", "2026-10-25"),
        // para 41: the plan of control events of the next year
        ("body", "control_plan", "2026-12-25"),
        ("territorial", "control_plan", "2026-12-25"),
        ("region", "control_plan", "2026-12-25"),
        ("district", "control_plan", "2026-12-25"),
    ];
    assert_eq!(found, expected.map(|(role, form, date)| (role, form, date.to_owned())));
    assert_eq!(all[0].day, DayOfDue::Working);
    // 10 October 2026 is a Saturday; 25 October is the Day of the Republic, a Sunday, whose rest moves to Monday
    let next = |at: usize| match &all[at].day {
        DayOfDue::Off { next, .. } => *next,
        other => panic!("{other:?}"),
    };
    assert_eq!((next(3), next(4)), (Some(day("2026-10-12")), Some(day("2026-10-27"))));
    assert_eq!(all[3].days_left(day("2026-10-12")), -2);
}

#[test]
fn the_year_turns_and_the_calendar_ends() {
    let of = |period: &str| dues(definitions(), Quarter::parse(period).unwrap(), Some("district")).unwrap().remove(0);
    assert_eq!(of("2025Q4").date, day("2026-01-05"));
    let last = definitions().calendar.span().1;
    let beyond = of(&format!("{}Q4", last.format("%Y")));
    assert_eq!(beyond.day, DayOfDue::Unknown);
    assert!(beyond.remark(definitions()).is_some());
}

#[test]
fn the_role_of_an_organisation_decides_its_deadlines_and_the_plan_is_due_in_december_only() {
    let of = |period: &str, role: &str| -> Vec<String> {
        let all = dues(definitions(), Quarter::parse(period).unwrap(), Some(role)).unwrap();
        all.iter().map(|due| format!("{} {} {}", due.id(), due.date, due.title(definitions()).get(Lang::Ru))).collect()
    };
    let plan = "control_plan 2026-12-25 План контрольных мероприятий на 2027 год";
    assert_eq!(of("2026Q3", "central"), ["1-mk 2026-10-10 1-МК  III квартал 2026 года", plan]);
    assert_eq!(of("2026Q4", "central"), ["1-mk 2027-01-10 1-МК  IV квартал 2026 года"]);
    // the authorised body in the field of informatization is a central body, too
    assert_eq!(of("2026Q4", "informatization").len(), 3);
    assert_eq!(of("2026Q3", "akimat").len(), 4, "of a region or of a district: both are shown");
    let scratch = tempfile::tempdir().unwrap();
    let file = scratch.path().join("organisation.toml");
    std::fs::write(&file, "name_ru = \"Департамент\"\nbin = \"160440007161\"\nrole = \"territorial\"\n").unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_esep"));
    command.args(["deadlines", "--period", "2026Q3", "--as-of", "2026-10-01", "--lang", "ru", "--organisation"]);
    let text = String::from_utf8(command.arg(&file).output().unwrap().stdout).unwrap();
    assert!(text.contains("территориальным органам Агентства") && text.contains("на 2027 год"), "{text}");
    assert!(!text.contains("2-МК") && text.contains("подп. 2)"), "{text}");
}

#[test]
fn the_calendar_file_is_what_calendars_read() {
    let all = dues(definitions(), Quarter::parse("2026Q3").unwrap(), None).unwrap();
    for lang in Lang::ALL {
        let mut bytes = Vec::new();
        esep::render::data::ics::write(&all, lang, definitions(), &mut bytes).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.ends_with("END:VCALENDAR\r\n"));
        assert!(!text.replace("\r\n", "").contains(['\r', '\n']), "every line ends with CR LF");
        assert!(text.split("\r\n").all(|line| line.len() <= 75), "no line is longer than 75 octets");
        let unfolded = text.replace("\r\n ", "");
        let count = |line: &str| unfolded.lines().filter(|found| *found == line).count();
        assert_eq!((count("BEGIN:VEVENT"), count("END:VEVENT"), count("END:VALARM")), (10, 10, 10));
        assert_eq!(count("DTSTART;VALUE=DATE:20261010"), 3, "nothing is moved");
        assert!(unfolded.contains("12.10.2026"), "the next working day is named");
        let mut ids: Vec<&str> = unfolded.lines().filter(|line| line.starts_with("UID:")).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), 10);
        for line in unfolded.lines().filter(|line| line.starts_with("SUMMARY:") || line.starts_with("DESCRIPTION:")) {
            let bare = line.replace("\\\\", "").replace("\\,", "").replace("\\;", "").replace("\\n", "");
            assert!(!bare.contains([',', ';', '\\']), "{line}");
        }
    }
}

#[test]
fn the_command_answers() {
    let out = tempfile::tempdir().unwrap();
    let ics = out.path().join("due.ics");
    let run = |arguments: &[&str]| {
        let done = Command::new(env!("CARGO_BIN_EXE_esep")).current_dir(root()).args(arguments).output().unwrap();
        (done.status.code().unwrap(), String::from_utf8(done.stdout).unwrap(), String::from_utf8(done.stderr).unwrap())
    };
    let file = ics.to_str().unwrap();
    let asked =
        ["deadlines", "--period", "2026Q3", "--as-of", "2026-10-01", "--role", "region", "--ics", file, "--lang", "ru"];
    let (status, text, _) = run(&asked);
    assert_eq!(status, 0);
    assert!(text.contains("10.10.2026") && text.contains("12.10.2026") && text.contains("осталось 9 дней"), "{text}");
    let first = std::fs::read(&ics).unwrap();
    assert_eq!(run(&asked).0, 2, "an existing file is kept");
    assert_eq!(run(&[&asked[..], &["--force"]].concat()).0, 0);
    assert_eq!(std::fs::read(&ics).unwrap(), first);
    let (_, text, _) = run(&["deadlines", "--period", "2026Q3", "--as-of", "2026-10-01", "--json"]);
    let stored: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(stored[0]["days_left"], 4);
    assert_eq!(
        (stored[1]["working"].as_bool(), stored[1]["next_working_day"].as_str()),
        (Some(false), Some("2026-10-12"))
    );
    let (_, text, _) = run(&["deadlines", "--as-of", "2026-10-01", "--lang", "ru"]);
    assert!(
        text.contains("III квартал 2026 года") && text.contains("IV квартал 2026 года"),
        "the last quarter and the running one"
    );
    let (status, _, fault) = run(&["deadlines", "--role", "regoin"]);
    assert!(status == 2 && fault.contains("region"), "{fault}");
}
