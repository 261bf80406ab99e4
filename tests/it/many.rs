//! Very much of the same: files handed over twice, faults of nearly all rows. All of it is told, and it stays small.

use super::bench::Case;
use super::pass::{agree, pace};
use calamine::{Reader, Xlsx};
use std::fmt::Write;

#[test]
fn what_is_handed_over_twice_counts_once() {
    let dir = tempfile::tempdir().unwrap();
    let head = "record_id,provider_bin,service_code,service_name,channel,applicant,received_at,due_at,completed_at\n";
    let row = |id: u64| {
        let bin = if id.is_multiple_of(9) { "111111111111" } else { "160440007161" };
        let day = id % 30 + 1;
        format!("S-{id},{bin},001,Справка,office_paper,individual,2026-07-01,2026-07-20,2026-08-{day:02}\n")
    };
    let rows = |ids: std::ops::Range<u64>| head.to_owned() + &ids.map(row).collect::<String>();
    std::fs::write(dir.path().join("a.csv"), rows(0..700).replacen("2026-08-03", "never", 1)).unwrap();
    let case = Case::new(dir.path(), "2-mk", "2026Q3");
    let alone = case.run();
    std::fs::copy(dir.path().join("a.csv"), dir.path().join("b.csv")).unwrap();
    agree(&case, &[pace(1, 200, true), pace(2, 1 << 20, true)], "twins");
    let twice = case.run();
    assert_eq!(twice.file("cells.csv"), alone.file("cells.csv"));
    let ledger = |ran: &super::bench::Ran, source: &str| {
        let lines = ran.json("report.json")["ledger"].as_array().unwrap().clone();
        let line = lines.into_iter().find(|line| line["source"] == source).unwrap();
        ["read", "accepted", "duplicates", "quarantined"].map(|count| line[count].as_u64().unwrap())
    };
    assert_eq!(ledger(&twice, "a.csv"), [700, 699, 0, 1]);
    assert_eq!(ledger(&twice, "b.csv"), [700, 0, 700, 0]);
    assert!(twice.codes().contains(&"F-047".to_owned()) && !twice.codes().contains(&"F-111".to_owned()));
    // files that overlap: the stretch is told as a whole, a row of its own within does not break it
    std::fs::write(dir.path().join("b.csv"), rows(300..900).replacen("S-500,", "T-500,", 1)).unwrap();
    agree(&case, &[pace(1, 200, true), pace(2, 1 << 20, true)], "overlaps");
    let overlapping = case.run();
    assert_eq!(ledger(&overlapping, "b.csv"), [600, 201, 399, 0]);
    let findings = overlapping.json("findings.json")["findings"].as_array().unwrap().clone();
    let told = findings.iter().filter(|finding| finding["code"] == "F-136").map(|finding| &finding["message"]["en"]);
    let told: Vec<&str> = told.map(|message| message.as_str().unwrap()).collect();
    let words = "Lines 2–401: 399 records repeat exactly those from a.csv:302 to line 701; they are counted once";
    assert_eq!(told, [words]);
    // repeats here and there have their places
    let text: String = (0..6000).map(|id| row(id).repeat(if id.is_multiple_of(40) { 2 } else { 1 })).collect();
    std::fs::write(dir.path().join("b.csv"), rows(0..0) + &text).unwrap();
    std::fs::remove_file(dir.path().join("a.csv")).unwrap();
    agree(&case, &[pace(1, 200, true), pace(2, 1 << 20, true)], "here and there");
    let codes = case.run().json("findings.json")["findings"].as_array().unwrap().clone();
    assert_eq!(codes.iter().filter(|finding| finding["code"] == "F-111").count(), 150);
}

#[test]
fn what_very_many_rows_have_in_common_is_told_once_with_all_its_lines() {
    let dir = tempfile::tempdir().unwrap();
    let mut text = "record_id,service_code,service_name,channel,applicant,received_at,due_at,completed_at\n".to_owned();
    for id in 0..4000 {
        let channel = if id % 3 == 0 { "office_paper" } else { "Мой портал" };
        let received = if id % 2 == 0 { "2026-07-01".to_owned() } else { format!("{id}.13.2026") };
        writeln!(text, "S-{id},001,Справка,{channel},individual,{received},2026-07-20,2026-07-15").unwrap();
    }
    std::fs::write(dir.path().join("services.csv"), text).unwrap();
    let case = Case::new(dir.path(), "2-mk", "2026Q3");
    agree(&case, &[pace(1, 200, true), pace(2, 1 << 20, true), pace(3, 5000, false)], "very many");
    let ran = case.run();
    let findings = ran.json("findings.json")["findings"].as_array().unwrap().clone();
    let of = |code: &str| findings.iter().filter(|finding| finding["code"] == code).collect::<Vec<_>>();
    let [channel] = of("F-107")[..] else { panic!("{findings:?}") };
    assert_eq!((channel["rows"].as_u64(), channel["line"].as_u64()), (Some(2666), Some(3)));
    assert!(channel["lines"].as_str().unwrap().starts_with("3–4, 6–7, 9–10, "), "{channel}");
    assert!(channel["message"]["en"].as_str().unwrap().contains("so in 2666 rows, the last of them 4000"), "{channel}");
    // values of their own are told one by one
    assert_eq!(of("F-102").len(), 2000);
    let mut quarantine = csv::Reader::from_path(ran.folder.join("quarantine/services.csv")).unwrap();
    assert_eq!(quarantine.byte_records().count(), 4000 - 667);
}

#[test]
fn of_very_many_rejected_rows_the_reasons_stand_beside_the_quarantine() {
    let dir = tempfile::tempdir().unwrap();
    let mut text = "record_id,service_code,service_name,channel,applicant,received_at,due_at,completed_at\n".to_owned();
    let count = esep::render::data::rejected::SHOWN + 50;
    for id in 0..count {
        writeln!(text, "S-{id},001,Справка,=портал,individual,2026-07-01,2026-07-20,2026-07-15").unwrap();
    }
    std::fs::write(dir.path().join("services.csv"), text).unwrap();
    let ran = Case::new(dir.path(), "2-mk", "2026Q3").run();
    let mut rejected = csv::Reader::from_path(ran.folder.join("rejected.csv")).unwrap();
    let rows: Vec<csv::StringRecord> = rejected.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), count);
    let told: Vec<&str> = rows[count - 1].iter().collect();
    assert_eq!(told[..4], ["services.csv", "", &(count + 1).to_string(), "channel"]);
    assert!(told[4].contains("«=портал»"), "{told:?}");
    let mut workbook: Xlsx<_> = calamine::open_workbook(ran.folder.join("findings.xlsx")).unwrap();
    let sheet = workbook.worksheet_range("Отклонённые строки").unwrap();
    assert_eq!(sheet.height(), 1);
    assert!(sheet.get((0, 0)).unwrap().to_string().contains(&count.to_string()));
}
