//! `consolidate`: the sample through the binary, laws of merging, names, and who is counted.

use super::bench::{definitions, root};
use super::made::{MadeLine, MadeReport, codes, consolidated, json_of, organisation, sound};
use calamine::{Reader, Xlsx, open_workbook};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

pub const UNITS: [&str; 4] = ["439100000", "439200000", "439300000", "439400000"];

fn cells(folder: &Path) -> String {
    std::fs::read_to_string(folder.join("cells.csv")).unwrap()
}

/// All texts of a sheet.
fn texts(path: &Path, sheet: usize) -> Vec<String> {
    let mut book: Xlsx<_> = open_workbook(path).unwrap();
    let name = book.sheet_names()[sheet].clone();
    let range = book.worksheet_range(&name).unwrap();
    range.used_cells().map(|(_, _, cell)| cell.to_string()).collect()
}

/// Numbers without a pattern, the same every time.
pub struct Dice(pub u64);

impl Dice {
    fn next(&mut self, below: u64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i64::try_from((self.0 >> 33) % below).unwrap()
    }

    /// Three months and their quarter; now and then a month without information.
    fn months(&mut self, stock: bool) -> Vec<i64> {
        let mut months: Vec<i64> = (0..3).map(|_| if self.next(9) == 0 { -1 } else { self.next(40) }).collect();
        let known: Vec<i64> = months.iter().copied().filter(|month| *month >= 0).collect();
        let quarter = if stock { known.last().copied() } else { known.iter().copied().reduce(|a, b| a + b) };
        months.push(quarter.unwrap_or(-1));
        months
    }
}

/// A report of a unit with figures in flow rows, stock rows and lines by service and system.
pub fn random(unit: &str, dice: &mut Dice) -> MadeReport {
    let form = definitions().forms.iter().find(|form| form.form == "2-mk").unwrap();
    let mut report = MadeReport {
        file: format!("{unit}.json"),
        form: "2-mk".to_owned(),
        period: "2026Q3".to_owned(),
        unit: unit.to_owned(),
        ..MadeReport::default()
    };
    for row in &form.rows {
        let columns = &form.grid_of(form.row_position(&row.id).unwrap()).columns;
        let stock = row.id == "register";
        if columns.len() == 4 {
            for (column, number) in columns.iter().zip(dice.months(stock)) {
                report.cells.push((row.id.clone(), column.id.clone(), number));
            }
        }
        for service in 0..6 {
            if row.lines.is_empty() || dice.next(3) == 0 {
                continue;
            }
            let with_system = row.lines.len() > 1;
            let values = if row.id.starts_with("register") {
                let from = dice.next(3);
                (0..4).map(|month| i64::from(month >= from)).collect()
            } else {
                (0..columns.len()).map(|_| dice.next(30)).collect()
            };
            report.lines.push(MadeLine {
                row: row.id.clone(),
                code: format!("0020{service}"),
                name: format!("Услуга {service}"),
                system: with_system.then(|| format!("ИС {}", dice.next(2))),
                values,
                ..MadeLine::default()
            });
        }
    }
    report
}

#[test]
fn any_order_and_any_grouping_give_the_same_cells() {
    for seed in 0..4 {
        let mut dice = Dice(seed);
        let scratch = tempfile::tempdir().unwrap();
        let body = organisation(&UNITS);
        let files: Vec<PathBuf> = UNITS.iter().map(|unit| random(unit, &mut dice).write(scratch.path())).collect();
        let all = cells(&consolidated(scratch.path(), files.clone(), &body, None));
        assert!(all.lines().count() > 300);
        let mut turned = files.clone();
        turned.reverse();
        assert_eq!(cells(&consolidated(scratch.path(), turned, &body, None)), all, "order, seed {seed}");
        for split in [1, 2, 3] {
            let (first, rest) = files.split_at(split);
            let part = tempfile::tempdir().unwrap();
            let group = consolidated(part.path(), first.to_vec(), &body, None).join("report.json");
            let mut mixed = vec![group];
            if split == 2 {
                let other = tempfile::tempdir().unwrap();
                // the second group goes through its workbook
                mixed.push(consolidated(other.path(), rest.to_vec(), &body, None).join("report.xlsx"));
                assert_eq!(cells(&consolidated(scratch.path(), mixed, &body, None)), all, "two groups, seed {seed}");
            } else {
                mixed.extend(rest.iter().cloned());
                assert_eq!(cells(&consolidated(scratch.path(), mixed, &body, None)), all, "{split} first, seed {seed}");
            }
        }
    }
}

#[test]
fn every_cell_is_the_sum_of_its_contributors() {
    let mut dice = Dice(77);
    let scratch = tempfile::tempdir().unwrap();
    let files: Vec<PathBuf> = UNITS.iter().map(|unit| random(unit, &mut dice).write(scratch.path())).collect();
    let folder = consolidated(scratch.path(), files, &organisation(&UNITS), None);
    let table = json_of(&folder.join("contributors.json"));
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for line in table["lines"].as_array().unwrap() {
        let rule = line["rule"].as_str().unwrap();
        *seen.entry(rule).or_default() += 1;
        let contributors = line["contributors"].as_array().unwrap();
        for (column, value) in line["values"].as_object().unwrap() {
            let parts: Vec<i64> = contributors.iter().filter_map(|unit| unit["values"][column].as_i64()).collect();
            match rule {
                "sum" | "sum_of_distinct" => {
                    let sum = parts.iter().copied().reduce(|a, b| a + b);
                    assert_eq!(value.as_i64(), sum, "{} {column}", line["row"]);
                }
                _ if line["service_code"].is_string() && column != "q" => {
                    assert_eq!(value.as_i64(), parts.into_iter().max(), "{} {column}", line["row"]);
                }
                _ => {}
            }
        }
    }
    assert_eq!(seen.keys().copied().collect::<Vec<_>>(), ["distinct_lines", "sum", "sum_of_distinct"]);
    // the workbook names the units at each line
    let sheet = texts(&folder.join("contributors.xlsx"), 1);
    assert!(UNITS.iter().all(|unit| sheet.contains(&format!("Район {unit}"))));
}

fn register(unit: &str, services: &[&str]) -> MadeReport {
    let number = i64::try_from(services.len()).unwrap();
    let row = |column: &str| ("register".to_owned(), column.to_owned(), number);
    MadeReport {
        file: format!("{unit}.json"),
        form: "2-mk".to_owned(),
        period: "2026Q3".to_owned(),
        unit: unit.to_owned(),
        cells: ["m1", "m2", "m3", "q"].map(row).to_vec(),
        lines: services
            .iter()
            .map(|code| MadeLine {
                row: "register".to_owned(),
                code: (*code).to_owned(),
                name: format!("Услуга {code}"),
                values: vec![1; 4],
                ..MadeLine::default()
            })
            .collect(),
        ..MadeReport::default()
    }
}

#[test]
fn the_register_is_united_and_not_added() {
    let scratch = tempfile::tempdir().unwrap();
    let reports = [register(UNITS[0], &["01", "02", "03"]), register(UNITS[1], &["02", "03", "04"])];
    let files = reports.iter().map(|report| report.write(scratch.path())).collect();
    let folder = consolidated(scratch.path(), files, &organisation(&UNITS[..2]), None);
    let csv = cells(&folder);
    let total: Vec<&str> = csv.lines().filter(|line| line.contains(",2,10,,,,,,q,")).collect();
    assert!(total.len() == 1 && total[0].ends_with(",q,4"), "{total:?}");
}

#[test]
fn a_line_without_a_code_joins_its_service_however_it_is_spelled() {
    let scratch = tempfile::tempdir().unwrap();
    // Latin o and c, a quote, a double space, е for ё
    let spellings = [("001", "Учёт «справок» c места"), ("", "Учет справок  с места"), ("", "Учёт cправoк С места")];
    let mut files = Vec::new();
    for (unit, (code, name)) in UNITS.iter().zip(spellings) {
        let line = |provider: &str, code: &str, name: &str| MadeLine {
            row: "paper".to_owned(),
            provider: provider.to_owned(),
            code: code.to_owned(),
            name: name.to_owned(),
            values: [vec![5], vec![0; 12]].concat(),
            ..MadeLine::default()
        };
        let report = MadeReport {
            file: format!("{unit}.json"),
            form: "3-mk".to_owned(),
            period: "2026Q3".to_owned(),
            unit: (*unit).to_owned(),
            cells: vec![("total".into(), "1".into(), 5), ("paper".into(), "1".into(), 5)],
            lines: vec![line("Провайдер", "", ""), line("Провайдер", code, name)],
            ..MadeReport::default()
        };
        files.push(report.write(scratch.path()));
    }
    let folder = consolidated(scratch.path(), files, &organisation(&UNITS[..3]), None);
    let csv = cells(&folder);
    let lines: Vec<&str> = csv.lines().filter(|line| line.contains(",001,") && line.ends_with(",1,15")).collect();
    assert_eq!(lines.len(), 1, "{csv}");
    assert!(!codes(&json_of(&folder.join("findings.json"))).contains("F-412"), "spellings are no renaming");
    let names = json_of(&folder.join("contributors.json"))["names"].as_array().unwrap().len();
    assert!(names >= 2, "but they are listed");
}

#[test]
fn of_two_consolidated_reports_with_one_unit_neither_counts() {
    let scratch = tempfile::tempdir().unwrap();
    let part = |file: &str, within: [&str; 2]| MadeReport {
        file: file.to_owned(),
        form: "3-mk".to_owned(),
        period: "2026Q3".to_owned(),
        within: within.map(str::to_owned).to_vec(),
        ..MadeReport::default()
    };
    let files = [part("a.json", [UNITS[0], UNITS[1]]), part("b.json", [UNITS[1], UNITS[2]])];
    let files = files.iter().map(|report| report.write(scratch.path())).collect();
    let folder = consolidated(scratch.path(), files, &organisation(&UNITS[..3]), None);
    let report = json_of(&folder.join("report.json"));
    assert_eq!(report["consolidation"]["counted"], 0);
    assert!(codes(&json_of(&folder.join("findings.json"))).contains("F-408"));
}

#[test]
fn the_sample_is_consolidated_end_to_end() {
    let out = tempfile::tempdir().unwrap();
    let sample = "sample-data/districts-2026Q3";
    let files =
        ["akzhalyn.xlsx", "tasbulak.json", "kokarnaly.xlsx", "uzynbel.json"].map(|file| format!("{sample}/{file}"));
    let target = out.path().join("out");
    let run = |more: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_esep"));
        command.current_dir(root()).arg("consolidate").args(&files);
        command.args(["--organisation", &format!("{sample}/organisation.toml")]);
        command.args(["--received", &format!("{sample}/received.csv"), "--out", target.to_str().unwrap()]).args(more);
        let done = command.output().unwrap();
        (done.status.code().unwrap(), String::from_utf8(done.stderr).unwrap())
    };
    let (status, message) = run(&[]);
    assert!(status == 2 && message.contains("5 бөлімшеден 4") && message.contains("--provisional"), "{message}");
    assert!(!target.exists(), "nothing is written");
    let (status, message) = run(&["--provisional"]);
    assert_eq!(status, 1, "{message}");
    let folder = super::samples::only_folder(&target);
    let found = codes(&json_of(&folder.join("findings.json")));
    let expected: BTreeSet<&str> =
        ["F-122", "F-401", "F-402", "F-407", "F-411", "2-mk.sum.violations", "2-mk.quarter.flow"].into();
    assert_eq!(found.iter().map(String::as_str).collect::<BTreeSet<_>>(), expected);
    // the districts stand side by side in the analytical report, each with the figures of its own report
    let analytical = json_of(&folder.join("analytical.json")).to_string();
    assert!(
        analytical.contains("Основные показатели по подразделениям") && analytical.contains("unit(\\\"439100000\\\",")
    );
    let report = json_of(&folder.join("report.json"));
    let said = &report["consolidation"];
    assert_eq!((&said["counted"], &said["expected"], &said["provisional"]), (&4.into(), &5.into(), &true.into()));
    let schema = json_of(&root().join("schemas/report.schema.json"));
    let mut faults = Vec::new();
    super::schema::validate(&schema, &schema, &report, "", &mut faults);
    assert!(faults.is_empty(), "{faults:?}");
    for sheet in [0, 1] {
        let mark = texts(&folder.join("report.xlsx"), sheet).iter().any(|text| text.contains("4 из 5"));
        assert!(mark, "sheet {sheet} says how many are in");
    }
    // each unit is answered in its own language, with a place for its answer
    let of = |file: &str| texts(&folder.join("returns").join(format!("{file}.xlsx")), 0).join("\n");
    assert!(
        of("439400000_uzinbelskii-raion-primer").contains("Ұзынбел ауданы")
            && of("439400000_uzinbelskii-raion-primer").contains("Жауап")
    );
    assert!(
        of("439300000_kokarnalinskii-raion-primer").contains("Кокарналинский район")
            && of("439300000_kokarnalinskii-raion-primer").contains("07.10.2026")
    );
    assert!(
        of("439500000_gorod-sarizhailau-primer").contains("Есеп келіп түспеді"),
        "the missing one is asked in the body's language"
    );
    let mut returns = std::fs::read_dir(folder.join("returns")).unwrap().map(|file| file.unwrap().file_name());
    let is_said = returns.any(|name| name.to_string_lossy().starts_with("439200000"));
    assert!(!is_said, "nothing is said to whom nothing is to be said");
    let again = cells(&folder);
    assert_eq!(run(&["--provisional", "--quiet"]).0, 2, "existing results are kept");
    assert_eq!(run(&["--provisional", "--quiet", "--force"]).0, 1);
    assert_eq!(cells(&folder), again);
}

/// Measured by hand: `cargo test --release --test it -- --ignored districts --nocapture`.
#[test]
#[ignore = "a measurement"]
fn two_hundred_and_twenty_districts() {
    let scratch = tempfile::tempdir().unwrap();
    let units: Vec<String> = (0..220).map(|number| format!("43{number:03}0000")).collect();
    let mut dice = Dice(5);
    let form = definitions().forms.iter().find(|form| form.form == "2-mk").unwrap();
    let mut files = Vec::new();
    for unit in &units {
        let mut report = random(unit, &mut dice);
        // forty services in every row with lines
        for row in form.rows.iter().filter(|row| !row.lines.is_empty() && !row.id.starts_with("register")) {
            let width = form.grid_of(form.row_position(&row.id).unwrap()).columns.len();
            report.lines.extend((10..50).map(|service| MadeLine {
                row: row.id.clone(),
                code: format!("0020{service}"),
                name: format!("Государственная услуга с длинным названием номер {service}"),
                system: (row.lines.len() > 1).then(|| "ИС «Е-Акимат (пример)»".to_owned()),
                values: (0..width).map(|_| dice.next(400)).collect(),
                ..MadeLine::default()
            }));
        }
        let path = report.write(scratch.path());
        std::fs::write(&path, serde_json::to_vec(&sound(&report.json())).unwrap()).unwrap();
        files.push(path);
    }
    let body: Vec<&str> = units.iter().map(String::as_str).collect();
    std::fs::write(scratch.path().join("organisation.toml"), organisation(&body)).unwrap();
    let began = std::time::Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_esep"))
        .arg("consolidate")
        .args(&files)
        .arg("--organisation")
        .arg(scratch.path().join("organisation.toml"))
        .arg("--out")
        .arg(scratch.path().join("out"))
        .arg("--quiet")
        .spawn()
        .unwrap();
    let mut peak = 0;
    let status = loop {
        let said = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
        let high = said.lines().find_map(|line| line.strip_prefix("VmHWM:")).map(|text| text.trim().to_owned());
        peak = high.and_then(|text| text.split(' ').next()?.parse::<u64>().ok()).unwrap_or(0).max(peak);
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    };
    println!("220 districts: {:.1} s, {} MiB, {status}", began.elapsed().as_secs_f64(), peak / 1024);
    let folder = super::samples::only_folder(&scratch.path().join("out"));
    assert_eq!(json_of(&folder.join("report.json"))["consolidation"]["counted"], 220);
}
