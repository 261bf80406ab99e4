//! `year`: months and totals against a second count, corrections, what is missing, and the files read back.

use super::bench::{Case, Ran, definitions, quietly};
use super::made::{CHANGES, MadeReport, adjusted, checked, json_of, year};
use super::slow::{count, generate};
use calamine::{Data, Reader, Xlsx, open_workbook};
use esep::commands::adjust::AdjustArgs;
use esep::commands::out::spoken::Spoken;
use esep::definitions::form::RowKind;
use esep::definitions::spelling::fold_name;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Reports of all quarters of a year, then the year.
pub fn of_records(records: &Path, form: &str, of: i32) -> Ran {
    let quarters: Vec<Ran> = (1..=4).map(|number| Case::new(records, form, &format!("{of}Q{number}")).run()).collect();
    let out = tempfile::tempdir().unwrap();
    let files = quarters.iter().map(|ran| ran.folder.clone()).collect();
    year(files, &out.path().join("out"), definitions());
    Ran::within(out, None)
}

/// Row, provider, service, system and column of `cells.csv` → value.
fn values(ran: &Ran) -> BTreeMap<Vec<String>, String> {
    let text = ran.file("cells.csv");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let records = reader.records().map(Result::unwrap);
    records.map(|record| ((5..12).map(|at| record[at].to_owned()).collect(), record[12].to_owned())).collect()
}

fn report(period: &str, cells: &[(&str, &str, i64)]) -> MadeReport {
    MadeReport {
        file: format!("{period}.json"),
        form: "2-mk".to_owned(),
        period: period.to_owned(),
        cells: cells.iter().map(|(row, column, value)| ((*row).into(), (*column).into(), *value)).collect(),
        ..MadeReport::default()
    }
}

/// The value of a row in `year.json`.
fn cell(table: &Value, row: &str, column: &str) -> Value {
    let lines = table["lines"].as_array().unwrap();
    let line = lines.iter().find(|line| line["row_id"] == row && line["service_name"].is_null());
    line.expect("a row")["values"][column].clone()
}

/// Providers and services by what tells them apart over a year: the code, else the one code of their name.
#[derive(Default)]
struct Known(BTreeMap<String, BTreeSet<String>>);

impl Known {
    fn meet(&mut self, code: &str, name: &str) {
        let codes = self.0.entry(fold_name(name)).or_default();
        codes.extend(Some(code.to_owned()).filter(|code| !code.is_empty()));
    }

    fn of(&self, code: &str, name: &str) -> String {
        let folded = fold_name(name);
        let own = Some(code.to_owned()).filter(|code| !code.is_empty());
        let only = || self.0.get(&folded).filter(|codes| codes.len() == 1).and_then(|codes| codes.first().cloned());
        own.or_else(only).unwrap_or(folded)
    }
}

/// Row, provider, service, system, column of a line of `cells.csv`.
fn place(fields: &[String], known: &[Known; 2]) -> [String; 5] {
    let [row, bin, provider, code, service, system, column] = fields else { panic!("{fields:?}") };
    let [provider, service] = [known[0].of(bin, provider), known[1].of(code, service)];
    [row.clone(), provider, service, fold_name(system), column.clone()]
}

/// The slow counter counts every quarter of the records; twelve months and the year are added up here, from the kind
/// of the row alone.
#[test]
fn the_year_is_what_the_second_counter_makes_of_twelve_months() {
    let (mut compared, mut cells, mut forms) = (0, 0, BTreeSet::new());
    for seed in 1..400 {
        if compared == 12 {
            break;
        }
        let dir = tempfile::tempdir().unwrap();
        let set = generate::record_set(seed, dir.path());
        let of: i32 = set.period[..4].parse().unwrap();
        // the forms are in force since the second half of 2021, the calendar ends with 2027
        let is_empty = std::fs::read_dir(dir.path()).unwrap().next().is_none();
        if !(2022..2027).contains(&of) || is_empty || (compared > 7 && forms.contains(&set.form)) {
            continue;
        }
        let written = values(&of_records(dir.path(), &set.form, of));
        let mut quarters = Vec::new();
        for number in 1..=4 {
            let period = format!("{of}Q{number}");
            let end = esep::values::period::Quarter::parse(&period).unwrap().day_after();
            quarters.push((period.clone(), count::cells(dir.path(), &set.form, &period, end, false).cells));
        }
        let form = definitions().forms.iter().find(|form| form.form == set.form).unwrap();
        let mut known = [Known::default(), Known::default()];
        for key in quarters.iter().flat_map(|(_, counted)| counted.keys()) {
            known[0].meet(&key.provider_bin, &key.provider_name);
            known[1].meet(&key.service_code, &key.service_name);
        }
        let found: BTreeMap<[String; 5], &String> =
            written.iter().map(|(fields, value)| (place(fields, &known), value)).collect();
        assert_eq!(found.len(), written.len(), "seed {seed}: who is the same stands on one line");
        let (mut months, mut totals): (BTreeMap<[String; 5], Option<i64>>, BTreeMap<_, BTreeMap<_, _>>) =
            Default::default();
        let add = |sum: &mut Option<i64>, value: Option<i64>| {
            *sum = [*sum, value].into_iter().flatten().reduce(|one, other| one + other);
        };
        for (nth, (period, counted)) in quarters.iter().enumerate() {
            for (key, value) in counted {
                let mut at = vec![
                    key.row.clone(),
                    key.provider_bin.clone(),
                    key.provider_name.clone(),
                    key.service_code.clone(),
                    key.service_name.clone(),
                    key.information_system.clone(),
                ];
                let is_total = key.column.starts_with('q') || !form.monthly;
                at.push(match (is_total, form.monthly) {
                    (true, true) => format!("{of}.{}", key.column),
                    (true, false) => key.column.clone(),
                    (false, _) => format!("{period}.{}", key.column),
                });
                let at = place(&at, &known);
                if is_total {
                    add(totals.entry(at).or_default().entry(nth).or_default(), *value);
                } else {
                    add(months.entry(at).or_default(), *value);
                }
            }
        }
        // a line without a case in the whole year is not written
        let own = |at: &[String; 5]| found.get(at).map_or("0", |value| value.as_str()).to_owned();
        let shown = |value: Option<i64>| value.map_or("-".to_owned(), |number| number.to_string());
        for (at, value) in &months {
            assert_eq!(own(at), shown(*value), "seed {seed}: {at:?}");
        }
        for (at, values) in &totals {
            let kind = form.rows.iter().find(|row| row.no == at[0]).map(|row| row.kind);
            let numbers = || values.values().filter_map(|value| *value);
            let wanted = if kind == Some(RowKind::Stock) {
                // a line that the last quarter has not is no longer there
                if values.contains_key(&3) { numbers().next_back() } else { Some(0) }
            } else {
                numbers().reduce(|sum, number| sum + number)
            };
            assert_eq!(own(at), shown(wanted), "seed {seed}: {at:?} of {values:?}");
        }
        cells += months.len() + totals.len();
        forms.insert(set.form);
        compared += 1;
    }
    assert!(compared >= 8 && forms.len() == 4 && cells > 1000, "{compared} sets of {forms:?}, {cells} cells");
}

#[test]
fn files_of_a_folder_that_are_not_read_are_named() {
    let scratch = tempfile::tempdir().unwrap();
    let folder = scratch.path().join("reports");
    std::fs::create_dir(&folder).unwrap();
    for period in ["2026Q1", "2026Q2", "2026Q3", "2026Q4"] {
        report(period, &[("training", "m2", 3), ("training", "q", 3)]).write(&folder);
    }
    std::fs::write(folder.join("q.zip"), b"PK\x03\x04").unwrap();
    std::fs::write(folder.join("notes.txt"), "-").unwrap();
    let made = year(vec![folder.clone()], &scratch.path().join("out"), definitions());
    let findings = json_of(&made.join("findings.json"))["findings"].to_string();
    assert!(findings.contains("F-153") && findings.contains("q.zip") && !findings.contains("notes.txt"), "{findings}");
    let check = |given: &Path| {
        let done = Command::new(env!("CARGO_BIN_EXE_esep")).arg("check").arg(given).output().unwrap();
        (done.status.code(), String::from_utf8_lossy(&done.stderr).into_owned())
    };
    let alone = scratch.path().join("alone");
    std::fs::create_dir(&alone).unwrap();
    std::fs::copy(folder.join("q.zip"), alone.join("q.zip")).unwrap();
    let (first, told) = check(&folder.join("2026Q1.json"));
    assert!(!told.contains("F-153"), "a file that is given by name: {told}");
    let (all, told) = check(&folder);
    assert!(told.contains("F-153") && told.contains("q.zip"), "{told}");
    assert_eq!(all, first, "a warning changes no exit status");
    let (status, told) = check(&alone);
    assert!(told.contains("F-153") && status == Some(3), "nothing of the folder could be read: {status:?} {told}");
}

#[test]
fn a_missing_quarter_is_unknown_and_not_zero() {
    let scratch = tempfile::tempdir().unwrap();
    let files = ["2026Q1", "2026Q3", "2026Q4"].map(|period| {
        let dash = ["m1", "m2", "m3", "q"].map(|column| ("events.plan", column, -1));
        let mut cells = vec![("training", "m2", 3), ("training", "q", 3)];
        cells.extend(dash.iter().filter(|_| period == "2026Q1"));
        report(period, &cells).write(scratch.path())
    });
    let folder = year(files.to_vec(), &scratch.path().join("out"), definitions());
    let table = json_of(&folder.join("year.json"));
    let training = |column: &str| cell(&table, "training", column);
    assert_eq!((training("2026Q1.m1"), training("2026Q1.m2"), training("2026.q")), (0.into(), 3.into(), 9.into()));
    for month in ["2026Q2.m1", "2026Q2.m2", "2026Q2.m3"] {
        assert_eq!(training(month), "?");
    }
    let schema = json_of(&super::bench::root().join("schemas/year.schema.json"));
    let mut faults = Vec::new();
    super::schema::validate(&schema, &schema, &table, "", &mut faults);
    assert!(faults.is_empty(), "{faults:?}");
    assert_eq!((&table["known"], &table["quarters"][1]["report"]), (&3.into(), &Value::Null));
    assert_eq!(table["quarters"][0]["report"]["name"], "2026Q1.json");
    let mut book: Xlsx<_> = open_workbook(folder.join("year.xlsx")).unwrap();
    let sheet = book.worksheet_range("2-МК").unwrap();
    let texts: Vec<String> = sheet.used_cells().map(|(_, _, cell)| cell.to_string()).collect();
    for said in ["Год не полный: 3 из 4 кварталов", "за 3 из 4 кварталов", "Нет отчета: II квартал 2026 года"]
    {
        assert!(texts.iter().any(|text| text.contains(said)), "{said}");
    }
}

/// Numbers and texts of the sheet are those of `year.json`, and its formulas hold these values.
#[test]
fn the_workbook_is_read_back_as_it_was_written() {
    let records = super::bench::root().join("tests/golden/2-mk-year-of-twelve-months");
    let scratch = tempfile::tempdir().unwrap();
    for name in ["register", "training", "sanctions", "services"] {
        let file = format!("{name}.csv");
        std::fs::copy(records.join(&file), scratch.path().join(&file)).unwrap();
    }
    let ran = of_records(scratch.path(), "2-mk", 2026);
    let table = json_of(&ran.folder.join("year.json"));
    let mut book: Xlsx<_> = open_workbook(ran.folder.join("year.xlsx")).unwrap();
    let sheet = book.worksheet_range("2-МК").unwrap();
    let form = definitions().forms.iter().find(|form| form.form == "2-mk").unwrap();
    let ids: Vec<&str> = form.rows.iter().map(|row| row.id.as_str()).collect();
    // the hidden columns behind the table name the row of each line
    let rows = sheet.rows().filter(|row| row.iter().any(|cell| ids.contains(&cell.to_string().as_str())));
    let mut read = 0;
    for (row, line) in rows.zip(table["lines"].as_array().unwrap()) {
        let named = row.iter().position(|cell| ids.contains(&cell.to_string().as_str())).unwrap();
        assert_eq!(row[named].to_string(), line["row_id"].as_str().unwrap());
        let shown: Vec<String> =
            row[2..named - 1].iter().filter(|cell| **cell != Data::Empty).map(ToString::to_string).collect();
        let values: Vec<String> = line["values"]
            .as_object()
            .unwrap()
            .values()
            .map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned))
            .collect();
        let mut sorted = (shown.clone(), values.clone());
        sorted.0.sort();
        sorted.1.sort();
        assert_eq!(sorted.0, sorted.1, "{}", line["row_id"]);
        read += 1;
    }
    assert_eq!(read, table["lines"].as_array().unwrap().len());
    let formulas = book.worksheet_formula("2-МК").unwrap();
    let live = formulas.used_cells().filter(|(_, _, formula)| formula.contains("SUM(")).count();
    assert!(live > 100, "{live} live sums");
}

#[test]
fn a_corrected_quarter_counts_with_what_it_changed_in_the_year() {
    let scratch = tempfile::tempdir().unwrap();
    let mut files: Vec<PathBuf> =
        (1..=4).map(|number| report(&format!("2026Q{number}"), &[]).write(scratch.path())).collect();
    let corrected = adjusted(&files[1], CHANGES, &scratch.path().join("one")).unwrap();
    let again = CHANGES.replace("old = 0", "old = 2").replace("new = 2", "new = 5");
    let newest = adjusted(&corrected.join("report.json"), &again, &scratch.path().join("two")).unwrap();
    // the submitted report, its first and its second correction lie side by side
    files.extend([newest, corrected]);
    let folder = year(files.clone(), &scratch.path().join("out"), definitions());
    let table = json_of(&folder.join("year.json"));
    let schema = json_of(&super::bench::root().join("schemas/year.schema.json"));
    let mut faults = Vec::new();
    super::schema::validate(&schema, &schema, &table, "", &mut faults);
    assert!(faults.is_empty(), "{faults:?}");
    assert_eq!((cell(&table, "training", "2026Q2.m1"), cell(&table, "training", "2026.q")), (5.into(), 5.into()));
    assert_eq!(table["quarters"][1]["revisions"].as_array().unwrap().len(), 2);
    let changed = table["changed"].as_array().unwrap();
    assert_eq!(changed.len(), 1, "{changed:?}");
    assert_eq!((&changed[0]["old"], &changed[0]["new"]), (&"0".into(), &"5".into()));
    let superseded = |finding: &&Value| finding["code"] == "F-434";
    assert_eq!(table["findings"].as_array().unwrap().iter().filter(superseded).count(), 2);
    let mut book: Xlsx<_> = open_workbook(folder.join("year.xlsx")).unwrap();
    let sheet = book.worksheet_range("Корректировки").unwrap();
    let first: Vec<String> = sheet.rows().nth(1).unwrap().iter().map(ToString::to_string).collect();
    assert_eq!((first[0].as_str(), first[4].as_str(), first[5].as_str()), ("2026 год", "0", "5"));
    // figures changed by hand behind the history are told, and stand as they are
    let newest = files[4].join("report.json");
    super::made::set_cells(&newest, &[("training".into(), "m1".into(), 9), ("training".into(), "q".into(), 9)]);
    let folder = year(files, &scratch.path().join("again"), definitions());
    assert!(super::made::codes(&json_of(&folder.join("findings.json"))).contains("F-456"));
}

#[test]
fn a_stock_that_does_not_follow_from_the_quarter_before_is_told() {
    let scratch = tempfile::tempdir().unwrap();
    let stock = |number: i64| ["m1", "m2", "m3", "q"].map(|column| ("register", column, number));
    let files = [5, 5, 9, 9]
        .iter()
        .enumerate()
        .map(|(nth, number)| report(&format!("2026Q{}", nth + 1), &stock(*number)).write(scratch.path()));
    let folder = year(files.collect(), &scratch.path().join("out"), definitions());
    let findings = json_of(&folder.join("findings.json"));
    let all = findings["findings"].as_array().unwrap();
    let broken: Vec<&Value> = all.iter().filter(|finding| finding["code"] == "2-mk.stock.previous").collect();
    assert_eq!(broken.len(), 1, "{all:?}");
    assert_eq!(
        (&broken[0]["period"], &broken[0]["left"], &broken[0]["right"]),
        (&"2026Q3".into(), &9.into(), &5.into())
    );
    assert_eq!(findings["counts"]["fails"], 1);
}

/// The first quarter is checked against the last one of the year before, which is no quarter of the table.
#[test]
fn the_first_quarter_stands_beside_the_last_of_the_year_before() {
    let scratch = tempfile::tempdir().unwrap();
    let stock = |number: i64| ["m1", "m2", "m3", "q"].map(|column| ("register", column, number));
    let quarters = ["2026Q1", "2026Q2", "2026Q3", "2026Q4"];
    let mut files: Vec<PathBuf> =
        quarters.iter().map(|period| report(period, &stock(5)).write(scratch.path())).collect();
    let alone = year(files.clone(), &scratch.path().join("alone"), definitions());
    files.push(report("2025Q4", &stock(3)).write(scratch.path()));
    let beside = year(files, &scratch.path().join("beside"), definitions());
    let told = |folder: &Path| {
        let findings = json_of(&folder.join("findings.json"));
        let all = findings["findings"].as_array().unwrap().clone();
        let broken = all.iter().filter(|finding| finding["kind"] == "cross_period" && finding["outcome"] == "fails");
        broken.map(|finding| format!("{} {}", finding["code"], finding["period"])).collect::<Vec<_>>()
    };
    assert!(told(&alone).is_empty(), "{:?}", told(&alone));
    assert_eq!(told(&beside), ["\"2-mk.stock.previous\" \"2026Q1\""]);
    let cells = |folder: &Path| std::fs::read_to_string(folder.join("cells.csv")).unwrap();
    assert_eq!(cells(&alone), cells(&beside), "the year before is in no cell");
}

/// A correction that fits its own quarter may break the next one: `adjust --year` tells it.
#[test]
fn a_correction_is_compared_with_the_quarters_beside_it() {
    let scratch = tempfile::tempdir().unwrap();
    let stock = |number: i64| ["m1", "m2", "m3", "q"].map(|column| ("register", column, number));
    let [first, second, third] =
        [1, 2, 3].map(|number| report(&format!("2026Q{number}"), &stock(5)).write(scratch.path()));
    let month = |column: &str| {
        let change = CHANGES.split("[[change]]").nth(1).unwrap();
        "[[change]]".to_owned() + &change.replace("training", "register").replace("m1", column)
    };
    let head = CHANGES.split("[[change]]").next().unwrap().to_owned();
    let changes = ["m1", "m2", "m3"].map(month).concat().replace("old = 0", "old = 5").replace("new = 2", "new = 4");
    let (file, act) = (scratch.path().join("changes.toml"), scratch.path().join("act.txt"));
    std::fs::write(&file, head + &changes).unwrap();
    std::fs::write(act, "акт").unwrap();
    let broken = |year: Vec<PathBuf>, name: &str| {
        let out = scratch.path().join(name);
        let (report, changes) = (second.clone(), file.clone());
        let request =
            AdjustArgs { report, changes, year, out: out.clone(), ending: quietly(), ..AdjustArgs::default() };
        request.run(&Spoken::default(), definitions()).unwrap();
        let findings = json_of(&super::samples::only_folder(&out).join("findings.json"));
        let all = findings["findings"].as_array().unwrap().clone();
        let between = all.iter().filter(|finding| finding["code"] == "2-mk.stock.previous");
        let fails = between.filter(|finding| finding["outcome"] == "fails");
        fails.map(|finding| finding["period"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(broken(vec![first.clone(), second.clone(), third], "with"), ["2026Q3"]);
    assert!(broken(vec![first], "before").is_empty());
    assert!(broken(Vec::new(), "alone").is_empty());
}

/// Neither order of the reports nor a second run changes a byte; no table of a year is taken for a form.
#[test]
fn the_same_reports_give_the_same_bytes_and_no_form() {
    let scratch = tempfile::tempdir().unwrap();
    let mut files: Vec<PathBuf> = (1..=4)
        .map(|number| report(&format!("2026Q{number}"), &[("training", "m1", number)]).write(scratch.path()))
        .collect();
    let one = year(files.clone(), &scratch.path().join("one"), definitions());
    files.reverse();
    let two = year(files, &scratch.path().join("two"), definitions());
    for name in ["year.xlsx", "year.pdf", "year.json", "cells.csv", "findings.json", "findings.xlsx"] {
        assert!(std::fs::read(one.join(name)).unwrap() == std::fs::read(two.join(name)).unwrap(), "{name}");
    }
    let alone = year(vec![report("2026Q3", &[]).write(scratch.path())], &scratch.path().join("alone"), definitions());
    for (folder, name) in [(&one, "year.xlsx"), (&one, "year.json"), (&alone, "year.xlsx"), (&alone, "year.json")] {
        let found = checked(&folder.join(name));
        let is_no_form = |code: &String| ["F-301", "F-304", "F-306", "F-307", "F-326"].contains(&code.as_str());
        assert!(found.len() == 1 && found.iter().all(is_no_form), "{name}: {found:?}");
    }
}
