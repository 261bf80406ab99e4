//! Mends beside the sources: they count as if the source had been corrected, and they leave no trace but counts.

use super::bench::{Case, Ran, definitions, folder};
use calamine::{Reader, open_workbook};
use esep::commands::explain::ExplainArgs;
use esep::commands::out::spoken::Spoken;
use std::fs;
use std::path::Path;

const HEAD: &str = "source,sheet,line,column,action,old,new,reason,person,day\n";
const SERVICES: &str = "record_id,service_name,channel,applicant,received_at,due_at,completed_at,outcome\n\
                        1,Справка,egov,individual,2026-07-01,2026-07-05,2026-07-03,rendered\n\
                        2,Справка,office_paper,individual,2026-07-01,2026-07-05,3 июля,rendered\n\
                        3,Справка,office_paper,individual,2026-07-01,2026-07-05,2026-07-03,rendered\n\
                        4,Справка,office_paper,individual,2026-07-01,2026-07-05,2026-08-03,rendered\n";

fn run(records: &Path, mends: &[&Path]) -> Ran {
    let mut case = Case::new(records, "2-mk", "2026Q3");
    case.mends = mends.iter().map(|path| path.to_path_buf()).collect();
    case.run()
}

fn written(text: &str) -> tempfile::TempDir {
    folder(&[("mends.csv", &format!("{HEAD}{text}"))])
}

#[test]
fn a_mended_source_counts_as_a_corrected_one() {
    let mended = folder(&[("services.csv", SERVICES)]);
    let right = SERVICES.replace("3 июля", "2026-07-03").replace("2026-08-03", "2026-07-04");
    let corrected = folder(&[("services.csv", &right)]);
    let mends = written(
        "services.csv,,3,completed_at,change,3 июля,03.07.2026,по журналу,,05.10.2026\n\
         services.csv,,5,completed_at,change,2026-08-03,2026-07-04,по журналу,,05.10.2026\n",
    );
    let (one, other) = (run(mended.path(), &[&mends.path().join("mends.csv")]), run(corrected.path(), &[]));
    assert_eq!(one.cells(), other.cells());
    assert_eq!((one.ledger(), other.ledger()), ([4, 4, 0, 0], [4, 4, 0, 0]));
    let made = &one.json("report.json")["provenance"]["mends"][0];
    assert_eq!(made["name"], "mends.csv");
    assert_eq!(made["sha256"].as_str().map(str::len), Some(64));
}

#[test]
fn mends_are_read_as_people_keep_them() {
    let records = folder(&[("services.csv", SERVICES)]);
    let text = "Файл;Лист;Строка файла;Поле;Прежнее значение;Новое значение;Действие\r\n\
                services.csv;;3;completed_at;3 июля;03.07.2026;исправить\r\n";
    let (bytes, ..) = encoding_rs::WINDOWS_1251.encode(text);
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("правки.csv");
    fs::write(&path, bytes).unwrap();
    assert_eq!(run(records.path(), &[&path]).ledger(), [4, 4, 0, 0]);
    // they may lie among the records
    let beside = records.path().join("mends.csv");
    fs::copy(&path, &beside).unwrap();
    let ran = run(records.path(), &[&beside]);
    assert_eq!(ran.ledger(), [4, 4, 0, 0]);
    assert_eq!(ran.json("report.json")["provenance"]["inputs"].as_array().map(Vec::len), Some(1));
}

#[test]
fn the_list_of_rejected_values_is_taken_back() {
    let records = folder(&[("services.csv", SERVICES)]);
    let first = run(records.path(), &[]);
    assert_eq!(first.ledger(), [4, 3, 0, 1]);
    let list = first.folder.join("quarantine/rejected.xlsx");
    let mut book: calamine::Xlsx<_> = open_workbook(&list).unwrap();
    let rows = book.worksheet_range_at(0).unwrap().unwrap();
    let mut filled = rust_xlsxwriter::Workbook::new();
    let sheet = filled.add_worksheet();
    for (row, cells) in (0..).zip(rows.rows()) {
        for (column, cell) in (0..).zip(cells) {
            sheet.write(row, column, cell.to_string()).unwrap();
        }
    }
    // a spreadsheet program makes a day of what is typed
    let day = rust_xlsxwriter::ExcelDateTime::from_ymd(2026, 7, 3).unwrap().and_hms(14, 5, 0).unwrap();
    let look = rust_xlsxwriter::Format::new().set_num_format("dd.mm.yyyy hh:mm");
    sheet.write_with_format(1, 6, &day, &look).unwrap();
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("rejected.xlsx");
    filled.save(&path).unwrap();
    let second = run(records.path(), &[&path]);
    assert_eq!(second.ledger(), [4, 4, 0, 0]);
    assert!(second.codes().contains(&"F-470".to_owned()), "{:?}", second.codes());
}

#[test]
fn a_row_that_came_back_both_ways_counts_once() {
    let records = folder(&[("services.csv", SERVICES)]);
    let mends = written("services.csv,,3,completed_at,change,3 июля,2026-07-03,по журналу,,2026-10-05\n");
    let path = mends.path().join("mends.csv");
    let alone = run(records.path(), &[&path]);
    let row = "record_id,service_name,channel,applicant,received_at,due_at,completed_at,outcome\n\
               2,Справка,office_paper,individual,2026-07-01,2026-07-05,2026-07-03,rendered\n";
    fs::write(records.path().join("sent back.csv"), row).unwrap();
    let both = run(records.path(), &[&path]);
    assert_eq!(both.ledger(), [5, 4, 1, 0]);
    assert_eq!(both.cells(), alone.cells());
    fs::write(records.path().join("sent back.csv"), row.replace("07-03", "07-02")).unwrap();
    let differing = run(records.path(), &[&path]);
    assert_eq!((differing.ledger(), differing.cells()), ([5, 4, 0, 1], alone.cells()));
}

#[test]
fn a_reason_stays_in_the_quarantine_and_the_old_text_must_stand() {
    let records = folder(&[("services.csv", SERVICES)]);
    let mends = written(
        "services.csv,,4,record_id,leave_out,3,,Повтор по просьбе Ахметова,,2026-10-05\n\
         services.csv,,5,completed_at,change,2026-08-09,2026-07-03,тайная правка,,2026-10-05\n",
    );
    let ran = run(records.path(), &[&mends.path().join("mends.csv")]);
    assert_eq!(ran.ledger(), [4, 2, 0, 2]);
    for name in ["report.json", "findings.json", "review.html", "rejected.csv", "cells.csv", "analytical.json"] {
        let Ok(text) = fs::read_to_string(ran.folder.join(name)) else { continue };
        assert!(!text.contains("Ахметова") && !text.contains("тайная"), "{name}");
    }
    let mut book: calamine::Xlsx<_> = open_workbook(ran.folder.join("quarantine/rejected.xlsx")).unwrap();
    let rows = book.worksheet_range_at(0).unwrap().unwrap();
    assert!(rows.rows().any(|row| row.iter().any(|cell| cell.to_string().contains("Ахметова"))));
    assert!(ran.codes().contains(&"F-471".to_owned()));
}

#[test]
fn explain_applies_the_mends_of_its_report() {
    let records = folder(&[("services.csv", SERVICES)]);
    let mends = written("services.csv,,3,completed_at,change,3 июля,2026-07-03,по журналу,,2026-10-05\n");
    let ran = run(records.path(), &[&mends.path().join("mends.csv")]);
    let asked = |mends: Vec<std::path::PathBuf>| {
        let words =
            [ran.folder.join("report.json").display().to_string(), "13.1".to_owned(), "m1.individual".to_owned()];
        let asked = ExplainArgs {
            words: words.to_vec(),
            sources: vec![records.path().to_owned()],
            mends,
            ..ExplainArgs::default()
        };
        asked.run(&Spoken::default(), definitions()).unwrap()
    };
    assert!(!asked(vec![mends.path().join("mends.csv")]), "the sources are those of the report and agree");
    assert!(asked(Vec::new()), "without its mends it does not agree");
}

#[test]
fn no_cases_is_zero_and_no_word_is_a_dash() {
    let records = folder(&[("services.csv", &SERVICES.replace("3 июля", "2026-07-03"))]);
    let empty = folder(&[("empty.toml", "outreach = \"0\"\n\"Повышение квалификации\" = \"-\"\n")]);
    let mut case = Case::new(records.path(), "2-mk", "2026Q3");
    let before = case.run();
    case.empty = Some(empty.path().join("empty.toml"));
    case.paranoid = true;
    let after = case.run();
    let changed: Vec<String> = after.cells().difference(&before.cells()).cloned().collect();
    assert!(!changed.is_empty() && changed.iter().all(|line| line.ends_with(",0")), "{changed:?}");
    assert_eq!(after.json("report.json")["provenance"]["empty"], serde_json::json!(["outreach"]));
}
