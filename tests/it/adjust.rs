//! `adjust`: the sample through the binary, refusals, sums that follow, and a chain that shows what is outside it.

use super::bench::root;
use super::made::{CHANGES, MadeReport, adjusted, checked, consolidated, json_of, organisation, set_cells};
use calamine::{DataType, Reader, Xlsx, open_workbook};
use std::path::{Path, PathBuf};
use std::process::Command;

fn report(period: &str) -> MadeReport {
    let none = ["m1", "m2", "m3", "q"].map(|column| ("register".to_owned(), column.to_owned(), -1));
    MadeReport {
        file: "report.json".to_owned(),
        form: "2-mk".to_owned(),
        period: period.to_owned(),
        cells: none.to_vec(),
        ..MadeReport::default()
    }
}

fn cell(report: &Path, row: &str, column: &str) -> serde_json::Value {
    let report = json_of(report);
    let lines = report["lines"].as_array().unwrap();
    let line = lines.iter().find(|line| line["row_id"] == row && line["service_name"].is_null());
    line.expect("a row")["values"][column].clone()
}

#[test]
fn the_sample_is_adjusted_and_its_history_holds() {
    let out = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| {
        let done = Command::new(env!("CARGO_BIN_EXE_esep")).current_dir(root()).args(arguments).output().unwrap();
        (done.status.code().unwrap(), String::from_utf8(done.stderr).unwrap())
    };
    let target = out.path().to_str().unwrap();
    let sample = "sample-data/adjustments/report.json";
    let changes = "sample-data/adjustments/changes.toml";
    let (status, message) = run(&["adjust", sample, "--changes", changes, "--out", target]);
    assert_eq!(status, 0, "{message}");
    let folder = super::samples::only_folder(out.path());
    let (before, after) = (root().join(sample), folder.join("report.json"));
    let added = |row: &str, column: &str| {
        let number = |path: &Path| cell(path, row, column).as_i64().unwrap();
        number(&after) - number(&before)
    };
    // three services of November: the line, its row, the row above, their quarters
    for (row, column) in
        [("rendered.office_paper", "m2.individual"), ("rendered", "m2.individual"), ("rendered", "q.individual")]
    {
        assert_eq!(added(row, column), 3, "{row} {column}");
    }
    assert_eq!((added("training", "q"), added("rendered", "m1.individual")), (4, 0));
    let stored = json_of(&after);
    let revision = &stored["revisions"][0];
    assert_eq!(revision["changes"].as_array().unwrap().len(), 2);
    assert_eq!(revision["followed"].as_array().unwrap().len(), 6, "{}", revision["followed"]);
    let act = std::fs::read(root().join("sample-data/adjustments/akt-sverki.txt")).unwrap();
    assert_eq!(revision["changes"][0]["document"]["sha256"], esep::values::digest::sha256(act.as_slice()).unwrap());
    let schema = json_of(&root().join("schemas/report.schema.json"));
    let mut faults = Vec::new();
    super::schema::validate(&schema, &schema, &stored, "", &mut faults);
    assert!(faults.is_empty(), "{faults:?}");
    let mut book: Xlsx<_> = open_workbook(folder.join("report.xlsx")).unwrap();
    let table = book.worksheet_range("Корректировки").unwrap();
    let texts: Vec<String> = table.used_cells().map(|(_, _, cell)| cell.to_string()).collect();
    assert!(texts.iter().any(|text| text.contains(revision["hash"].as_str().unwrap())), "the chain is on paper");
    for file in ["report.json", "report.xlsx"] {
        let (status, message) = run(&["check", folder.join(file).to_str().unwrap()]);
        assert_eq!(status, 0, "{file}: {message}");
    }
    // a figure that is changed by hand afterwards is shown
    set_cells(&after, &[("training".into(), "m1".into(), 7), ("training".into(), "q".into(), 11)]);
    let (status, message) = run(&["check", after.to_str().unwrap(), "--lang", "en"]);
    assert!(status == 1 && message.contains("F-456") && message.contains("“7”"), "{message}");
}

#[test]
fn a_folder_and_a_pattern_stand_for_the_one_report_in_them() {
    let scratch = tempfile::tempdir().unwrap();
    let (here, out) = (scratch.path().join("q4"), scratch.path().join("out"));
    [&here, &out].iter().for_each(|folder| std::fs::create_dir(folder).unwrap());
    let file = report("2026Q4").write(&here);
    for (number, given) in [here.clone(), here.join("*.json"), file.with_file_name("REPO?T.JSON")].iter().enumerate() {
        let folder = adjusted(given, CHANGES, &out.join(number.to_string())).unwrap();
        assert!(folder.join("report.json").exists(), "{}", given.display());
    }
    let nothing = adjusted(&here.join("*.xlsx"), CHANGES, &out.join("none")).unwrap_err();
    assert!(format!("{nothing:#}").contains("fault_no_match"), "{nothing:#}");
    let other = scratch.path().join("q4-2");
    std::fs::create_dir(&other).unwrap();
    report("2026Q4").write(&other);
    let several = adjusted(&scratch.path().join("q4*"), CHANGES, &out.join("several")).unwrap_err();
    let said = format!("{several:#}");
    assert!(said.contains("explain_several_reports"), "{said}");
}

#[test]
fn a_second_adjustment_is_chained_to_the_first() {
    let scratch = tempfile::tempdir().unwrap();
    let first = adjusted(&report("2026Q4").write(scratch.path()), CHANGES, &scratch.path().join("one")).unwrap();
    let again = CHANGES.replace("old = 0", "old = 2").replace("new = 2", "new = 3");
    let second = adjusted(&first.join("report.xlsx"), &again, &scratch.path().join("two")).unwrap();
    let (old, new) = (json_of(&first.join("history.json")), json_of(&second.join("history.json")));
    assert_eq!(new["revisions"][0], old["revisions"][0], "nothing is rewritten");
    assert_eq!((new["revisions"].as_array().unwrap().len(), &new["hash"]), (2, &old["hash"]));
    assert_eq!(cell(&second.join("report.json"), "training", "q"), 3);
    assert!(checked(&second.join("report.json")).is_empty() && checked(&second.join("report.xlsx")).is_empty());
    // an older report with the newer history, and the other way round
    std::fs::copy(second.join("history.json"), first.join("history.json")).unwrap();
    assert!(checked(&first.join("report.json")).contains("F-455"));
    // an adjustment of a report whose history does not hold is refused
    assert!(adjusted(&first.join("report.json"), &again, &scratch.path().join("three")).is_err());
}

/// A workbook without some of its defined names.
fn without_names(workbook: &Path, gone: &[&str]) -> Vec<u8> {
    use std::io::{Read, Write};
    let mut source = zip::ZipArchive::new(std::fs::File::open(workbook).unwrap()).unwrap();
    let mut made = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for at in 0..source.len() {
        let mut entry = source.by_index(at).unwrap();
        let name = entry.name().unwrap().into_owned();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        if name == "xl/workbook.xml" {
            let mut text = String::from_utf8(bytes).unwrap();
            for own in gone {
                let start = text.find(&format!("<definedName hidden=\"1\" name=\"{own}\"")).expect("a name");
                let end = start + text[start..].find("</definedName>").unwrap() + "</definedName>".len();
                text.replace_range(start..end, "");
            }
            bytes = text.into_bytes();
        }
        made.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        made.write_all(&bytes).unwrap();
    }
    made.finish().unwrap().into_inner()
}

#[test]
fn a_history_that_was_removed_with_its_sheet_is_named() {
    let scratch = tempfile::tempdir().unwrap();
    let folder = adjusted(&report("2026Q4").write(scratch.path()), CHANGES, &scratch.path().join("one")).unwrap();
    let alone = |name: &str, bytes: Vec<u8>| {
        let place = scratch.path().join(name);
        std::fs::create_dir_all(&place).unwrap();
        let file = place.join(if name.starts_with("json") { "report.json" } else { "report.xlsx" });
        std::fs::write(&file, bytes).unwrap();
        checked(&file)
    };
    let code = |code: &str| [code.to_owned()].into();
    let workbook = folder.join("report.xlsx");
    assert_eq!(alone("whole", std::fs::read(&workbook).unwrap()), code("F-451"), "the names tell of it");
    // names and sheet can be deleted; the mark on the page stays
    let cut = without_names(&workbook, &["esep_revision", "esep_history"]);
    assert_eq!(alone("nameless", cut), code("F-457"));
    let stored = json_of(&folder.join("report.json"));
    assert_eq!(alone("json whole", serde_json::to_vec(&stored).unwrap()), code("F-451"));
    let mut cut = stored.clone();
    cut.as_object_mut().unwrap().remove("revisions");
    assert_eq!(alone("json cut", serde_json::to_vec(&cut).unwrap()), code("F-457"));
    cut["revisions"] = serde_json::json!([]);
    assert_eq!(alone("json emptied", serde_json::to_vec(&cut).unwrap()), code("F-457"));
}

#[test]
fn a_ledger_that_does_not_add_up_is_named() {
    let run = super::samples::sample("akimat-2026Q3", "2-mk");
    let stored = json_of(&run.folder.join("report.json"));
    let scratch = tempfile::tempdir().unwrap();
    let path = scratch.path().join("report.json");
    let ledger = |change: &dyn Fn(&mut Vec<serde_json::Value>)| {
        let mut report = stored.clone();
        change(report["ledger"].as_array_mut().unwrap());
        std::fs::write(&path, serde_json::to_vec(&report).unwrap()).unwrap();
        checked(&path)
    };
    let own = ledger(&|_| {});
    let more = |change: &dyn Fn(&mut Vec<serde_json::Value>)| -> Vec<String> {
        ledger(change).difference(&own).cloned().collect()
    };
    assert!(own.is_disjoint(&["F-332", "F-333"].map(str::to_owned).into()), "{own:?}");
    let add = |line: &mut serde_json::Value, key: &str, by: i64| line[key] = (line[key].as_i64().unwrap() + by).into();
    assert_eq!(more(&|lines| add(&mut lines[0], "read", 1)), ["F-332"]);
    assert_eq!(more(&|lines| add(&mut lines[0], "duplicates", 1)), ["F-332"]);
    let beyond = |lines: &mut Vec<serde_json::Value>| lines[0]["feeds_nothing"] = 1_000_000_000.into();
    assert!(more(&beyond).contains(&"F-332".to_owned()));
    // numbers without the table, and without a record of it that counts
    let is_services = |line: &serde_json::Value| line["table"] == "services";
    assert_eq!(more(&|lines| lines.retain(|line| !is_services(line))), ["F-333"]);
    let idle = |lines: &mut Vec<serde_json::Value>| {
        for line in lines.iter_mut() {
            line["feeds_nothing"] = line["accepted"].clone();
        }
    };
    assert_eq!(more(&idle), ["F-333"]);
}

#[test]
fn an_adjustment_without_its_grounds_is_refused() {
    let scratch = tempfile::tempdir().unwrap();
    let fourth = report("2026Q4").write(scratch.path());
    let refused = |file: &Path, changes: &str| {
        let fault = adjusted(file, changes, &scratch.path().join("out")).expect_err("refused");
        assert!(fault.downcast_ref::<esep::commands::out::status::Misuse>().is_some(), "{fault:#}");
        assert!(!scratch.path().join("out").exists(), "nothing is written");
        format!("{fault:#}")
    };
    let sum = CHANGES.replace("row = \"training\"", "row = \"rendered\"").replace("\"m1\"", "\"m1.individual\"");
    for (changes, says) in [
        (CHANGES.replace("document = \"act.txt\"", ""), "fault_change_document"),
        (CHANGES.replace("act.txt", "lost.pdf"), "lost.pdf"),
        (CHANGES.replace("old = 0", "old = 1"), "fault_changed_old present=\"0\" old=\"1\""),
        (CHANGES.replace("old = 0", "old = \"-\""), "fault_changed_old present=\"0\" old=\"-\""),
        (CHANGES.replace("reason = \"Пропуск\"", "reason = \" \""), "fault_change_reason"),
        (CHANGES.replace("person = \"Исполнитель\"", ""), "fault_change_person"),
        (CHANGES.replace("date = 2027-01-20", ""), "fault_change_date"),
        (CHANGES.replace("new = 2", "new = -2"), "fault_figure"),
        (CHANGES.replace("new = 2", "new = 0"), "fault_changed_same"),
        (CHANGES.replace("\"training\"", "\"trainings\""), "near=\"training\""),
        (CHANGES.replace("\"m1\"", "\"m4\""), "m1, m2, m3, q"),
        (CHANGES.replace("reason =", "service = \"001\"\nreason ="), "fault_changed_no_line"),
        (sum, "fault_changed_sum"),
        ("date = 2027-01-20\n".to_owned(), "fault_no_changes"),
    ] {
        let message = refused(&fourth, &changes);
        assert!(message.contains(says), "{says:?}: {message}");
    }
    let both = CHANGES.replace("old = 0", "old = 1")
        + &CHANGES[CHANGES.find("[[change]]").unwrap()..].replace("\"m1\"", "\"m4\"");
    let message = refused(&fourth, &both);
    assert!(message.contains("number=\"1\"") && message.contains("number=\"2\""), "all faults at once: {message}");
}

#[test]
fn after_the_year_any_quarter_is_adjusted_with_a_decision_and_before_it_none() {
    let scratch = tempfile::tempdir().unwrap();
    let out = scratch.path().join("out");
    let third = report("2026Q3").write(scratch.path());
    let refused = |changes: &str| format!("{:#}", adjusted(&third, changes, &out).expect_err("refused"));
    assert!(refused(&CHANGES.replace("2027-01-20", "2026-12-31")).contains("fault_fourth_quarter"));
    assert!(refused(&CHANGES.replace("asked_for = true\n", "")).contains("fault_no_decision"));
    let decided = "[decision]\nnumber = \"27-11/18\"\ndate = 2027-01-18\n[[change]]";
    let decided = CHANGES.replace("asked_for = true\n", "").replace("[[change]]", decided);
    let folder = adjusted(&third, &decided, &out).unwrap();
    let revision = json_of(&folder.join("report.json"))["revisions"][0].clone();
    assert_eq!(revision["decision"], serde_json::json!({"number": "27-11/18", "date": "2027-01-18"}));
    assert!(checked(&folder.join("report.json")).is_empty());
    let folder = adjusted(&third, CHANGES, &out).unwrap();
    assert_eq!(json_of(&folder.join("report.json"))["revisions"][0]["asked_for"], true);
}

#[test]
fn a_consolidated_report_is_adjusted_and_verified() {
    let scratch = tempfile::tempdir().unwrap();
    let units = ["439100000", "439200000"];
    let unit = |code: &str| MadeReport { unit: code.to_owned(), file: format!("{code}.json"), ..report("2026Q4") };
    let files: Vec<PathBuf> = units.iter().map(|code| unit(code).write(scratch.path())).collect();
    let whole = consolidated(scratch.path(), files, &organisation(&units), None);
    let folder = adjusted(&whole.join("report.json"), CHANGES, &scratch.path().join("adjusted")).unwrap();
    let report = json_of(&folder.join("report.json"));
    assert_eq!(report["consolidation"]["counted"], 2, "it stays a consolidated report");
    assert_eq!(cell(&folder.join("report.json"), "training", "q"), 2);
    assert!(checked(&folder.join("report.json")).is_empty() && checked(&folder.join("report.xlsx")).is_empty());
}

const LINE: &str = "asked_for = true\nperson = \"Исполнитель\"\ndate = 2027-01-20\n[[line]]\nrow = \"11.1\"\nservice = \"00202001\"\nname = \"Выдача справки\"\nvalues = { \"m1.individual\" = 2, \"m1.legal_entity\" = 0, \"m2.individual\" = 3, \"m2.legal_entity\" = \"-\", \"m3.individual\" = 0, \"m3.legal_entity\" = 1 }\nreason = \"Услуга не вошла в отчет\"\ndocument = \"act.txt\"\n";

#[test]
fn a_missing_line_is_added_with_its_sums_and_its_history() {
    let scratch = tempfile::tempdir().unwrap();
    let folder = adjusted(&report("2026Q4").write(scratch.path()), LINE, &scratch.path().join("one"))
        .expect("an adjusted report");
    let stored = json_of(&folder.join("report.json"));
    let lines = stored["lines"].as_array().unwrap();
    let line = lines.iter().find(|line| line["service_code"] == "00202001").expect("the line");
    assert_eq!(
        (&line["row"], &line["values"]["q.individual"], &line["values"]["q.legal_entity"]),
        (&"11.1".into(), &5.into(), &1.into())
    );
    for row in ["rendered.office_paper", "rendered"] {
        assert_eq!(cell(&folder.join("report.json"), row, "m2.individual"), 3, "{row}");
        assert_eq!(cell(&folder.join("report.json"), row, "q.individual"), 5, "{row}");
    }
    let revision = &stored["revisions"][0];
    assert_eq!(revision["changes"].as_array().unwrap().len(), 6, "each cell with its reason");
    assert_eq!(
        (&revision["changes"][0]["old"], &revision["changes"][0]["reason"]),
        (&"".into(), &"Услуга не вошла в отчет".into())
    );
    let schema = json_of(&root().join("schemas/report.schema.json"));
    let mut faults = Vec::new();
    super::schema::validate(&schema, &schema, &stored, "", &mut faults);
    assert!(faults.is_empty(), "{faults:?}");
    for file in ["report.json", "report.xlsx"] {
        assert!(checked(&folder.join(file)).is_empty(), "{file}: {:?}", checked(&folder.join(file)));
    }
    let mut book: Xlsx<_> = open_workbook(folder.join("report.xlsx")).unwrap();
    let table = book.worksheet_range("Корректировки").unwrap();
    assert!(table.used_cells().any(|(_, _, cell)| cell.as_string().as_deref() == Some("новая строка")));
    // a cell of the new line is adjusted like any other, and one that is changed outside is shown
    let again = CHANGES.replace("\"training\"", "\"11.1\"").replace("\"m1\"", "\"m1.individual\"");
    let again = again.replace("old = 0", "service = \"00202001\"\nold = 2").replace("new = 2", "new = 4");
    let second = adjusted(&folder.join("report.json"), &again, &scratch.path().join("two")).expect("a second revision");
    assert!(checked(&second.join("report.json")).is_empty());
    let path = second.join("report.json");
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.contains("Выдача справки"));
    let mut forged = json_of(&path);
    forged["lines"].as_array_mut().unwrap().retain(|line| line["service_code"] != "00202001");
    std::fs::write(&path, forged.to_string()).unwrap();
    assert!(checked(&path).contains("F-456"), "the line was taken out by hand");
}

#[test]
fn a_line_that_does_not_fit_is_refused() {
    let scratch = tempfile::tempdir().unwrap();
    let plain = report("2026Q4").write(scratch.path());
    let once = adjusted(&plain, LINE, &scratch.path().join("one")).unwrap().join("report.json");
    for (file, changes, says) in [
        (&once, LINE.to_owned(), "fault_line_present"),
        (&plain, LINE.replace("\"11.1\"", "\"19\""), "fault_line_none"),
        (&plain, LINE.replace("\"11.1\"", "\"11.3\""), "fault_line_system"),
        (&plain, LINE.replace("\"m3.legal_entity\" = 1", ""), "fault_line_value column=\"m3.legal_entity\""),
        (
            &plain,
            LINE.replace("\"m3.legal_entity\" = 1", "\"m3.legal_entity\" = 1, \"q.legal_entity\" = 1"),
            "fault_line_sum column=\"q.legal_entity\"",
        ),
        (&plain, LINE.replace("\"m3.legal_entity\" =", "\"m9\" ="), "fault_line_column column=\"m9\""),
        (&plain, LINE.replace("service = \"00202001\"\nname = \"Выдача справки\"\n", ""), "fault_line_service"),
        (&plain, LINE.replace("reason = \"Услуга не вошла в отчет\"", ""), "fault_change_reason"),
        (&plain, LINE.replace("act.txt", "lost.pdf"), "lost.pdf"),
    ] {
        let fault = adjusted(file, &changes, &scratch.path().join("out")).expect_err(says);
        assert!(format!("{fault:#}").contains(says), "{says}: {fault:#}");
    }
}

#[test]
fn a_provider_is_added_with_its_services() {
    let scratch = tempfile::tempdir().unwrap();
    let made = MadeReport { form: "4-mk".to_owned(), cells: Vec::new(), ..report("2026Q4") };
    let service = "[[line]]\nrow = \"1\"\nprovider = \"090340017774\"\nname = \"Выдача справки\"\nvalues = { \"2\" = 4, \"3\" = 1, \"5\" = 0, \"6\" = 0, \"8\" = 0, \"9\" = 0 }\nreason = \"Нет в отчете\"\ndocument = \"act.txt\"\n";
    let provider = "[[line]]\nrow = \"1\"\nprovider = \"090340017774\"\nname = \"Орган\"\nreason = \"Нет в отчете\"\ndocument = \"act.txt\"\n";
    let head = "asked_for = true\nperson = \"Исполнитель\"\ndate = 2027-01-20\n";
    let file = made.write(scratch.path());
    let fault = adjusted(&file, &[head, service].concat(), &scratch.path().join("out")).expect_err("no provider");
    assert!(format!("{fault:#}").contains("fault_line_provider"), "{fault:#}");
    let folder = adjusted(&file, &[head, provider, service].concat(), &scratch.path().join("one")).unwrap();
    let stored = json_of(&folder.join("report.json"));
    let value = |at: &dyn Fn(&&serde_json::Value) -> bool, column: &str| {
        stored["lines"].as_array().unwrap().iter().find(at).expect("a line")["values"][column].clone()
    };
    let own = |line: &&serde_json::Value| line["provider_bin"] == "090340017774" && line["service_name"].is_null();
    assert_eq!((value(&own, "1"), value(&own, "2")), (5.into(), 4.into()));
    assert_eq!(value(&|line| line["row_id"] == "total", "1"), 5);
    for file in ["report.json", "report.xlsx"] {
        assert!(checked(&folder.join(file)).is_empty(), "{file}: {:?}", checked(&folder.join(file)));
    }
}
