//! `esep sql` with real engines: what a database counts by its text, with the rest that the program reads, comes to
//! what the records themselves come to.

use super::bench::{Case, Ran, definitions, root};
use super::slow::generate;
use esep::commands::out::spoken::Spoken;
use esep::commands::sql::SqlArgs;
use esep::records::doubtful;
use esep::sources::raw::Raw;
use esep::sources::{self, Options};
use esep::sql::text::FUNCTIONS;
use esep::values::period::Quarter;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// Records in a database, and what is asked of them.
struct Lake {
    name: String,
    place: TempDir,
    /// The small tables, handed over whole.
    others: Vec<PathBuf>,
    case: Case,
}

/// Field → value as it stands.
type LakeRow = BTreeMap<usize, String>;

/// The Python that has the engines.
fn python() -> PathBuf {
    let own = root().join("target/databases/bin/python");
    let given = std::env::var_os("ESEP_PYTHON").map(PathBuf::from);
    given.unwrap_or_else(|| if own.exists() { own } else { "python3".into() })
}

/// Whether an engine is there; CI must have all of them.
fn is_there(test: &str, engine: &str) -> bool {
    let there = match engine {
        "postgres" => {
            Path::new("/usr/lib/postgresql").exists() && Command::new("psql").arg("--version").output().is_ok()
        }
        "spark" => module("pyspark") && Command::new("java").arg("-version").output().is_ok(),
        module_name => module(module_name),
    };
    assert!(there || std::env::var_os("CI").is_none(), "CI must install {engine}");
    if !there {
        eprintln!("SKIPPED {test}: {engine} is not installed");
    }
    there
}

fn module(name: &str) -> bool {
    let asked = Command::new(python()).args(["-c", &format!("import {name}")]).output();
    asked.is_ok_and(|done| done.status.success())
}

impl Lake {
    /// The services and refusals of a folder as tables of a database: canonical columns, values as they stand.
    fn of(name: &str, folder: &Path, case: Case) -> Option<Self> {
        let place = tempfile::tempdir().expect("a folder");
        std::fs::create_dir_all(place.path().join("lake")).unwrap();
        let options = Options::default();
        let mut found = sources::discover(&[folder.to_owned()], &definitions().tables, &options).ok()?;
        doubtful::settle(&mut found, definitions(), &options);
        let mut others = BTreeSet::new();
        let mut tables: BTreeMap<usize, (BTreeSet<usize>, Vec<LakeRow>)> = BTreeMap::new();
        for table in &found.tables {
            let definition = &definitions().tables[table.table];
            if !definition.is_result() {
                others.insert(table.path.clone());
                continue;
            }
            let (columns, rows) = tables.entry(table.table).or_default();
            columns.extend((0..definition.fields.len()).filter(|field| table.columns[*field].is_some()));
            sources::read(table, definition, &options, &mut |row| {
                let is_bad = |raw: &Raw<'_>| matches!(raw, Raw::BadBytes(..));
                if row.fault.is_none() && !row.cells.iter().any(is_bad) {
                    let value = |raw: &Raw<'_>| String::from_utf8(raw.print().into_owned()).unwrap();
                    let fields = table.columns.iter().enumerate();
                    let given = fields.filter_map(|(field, column)| Some((field, row.cells.get((*column)?)?)));
                    rows.push(given.map(|(field, raw)| (field, value(raw))).collect());
                }
                Ok(())
            })
            .unwrap();
        }
        for (table, (columns, rows)) in &tables {
            let definition = &definitions().tables[*table];
            let path = place.path().join("lake").join(format!("{}.csv", definition.table));
            let mut writer = csv::Writer::from_path(path).unwrap();
            writer.write_record(columns.iter().map(|field| &definition.fields[*field].name)).unwrap();
            for row in rows {
                let none = String::new();
                writer.write_record(columns.iter().map(|field| row.get(field).unwrap_or(&none))).unwrap();
            }
            writer.flush().unwrap();
        }
        let others: Vec<PathBuf> = others.into_iter().collect();
        (!tables.is_empty()).then_some(Self { name: name.to_owned(), place, others, case })
    }

    fn lake(&self) -> PathBuf {
        self.place.path().join("lake")
    }

    fn texts(&self) -> PathBuf {
        self.place.path().join("texts")
    }

    /// Files of a folder with this beginning of their names.
    fn files(folder: &Path, beginnings: &[&str]) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let is_meant = |path: &PathBuf| {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            name.ends_with(".csv") && beginnings.iter().any(|beginning| name.starts_with(beginning))
        };
        let mut files: Vec<PathBuf> = entries.filter(is_meant).collect();
        files.sort();
        files
    }

    fn write_texts(&self) {
        let mut paths = Self::files(&self.lake(), &["services", "refusals"]);
        paths.extend(self.others.iter().cloned());
        let request = SqlArgs {
            paths,
            form: self.case.forms.clone(),
            period: self.case.period.clone(),
            as_of: self.case.as_of,
            mapping: self.case.mapping.clone(),
            order: Some("line_no".to_owned()),
            out: self.texts(),
            ..SqlArgs::default()
        };
        request.run(&Spoken::default(), definitions()).expect("texts");
    }

    /// What the records themselves come to, and what the two parts come to.
    fn compare(mut self) {
        let others = self.others.clone();
        let mut run = |files: Vec<PathBuf>| {
            self.case.paths = files.into_iter().chain(others.clone()).collect();
            self.case.try_run()
        };
        let records = run(Self::files(&self.place.path().join("lake"), &["services", "refusals"]));
        let parts = run(Self::files(&self.place.path().join("texts"), &["facts", "rest"]));
        let (Ok(records), Ok(parts)) = (&records, &parts) else {
            panic!(
                "{}: {:?} {:?}",
                self.name,
                records.err().map(|f| format!("{f:#}")),
                parts.err().map(|f| format!("{f:#}"))
            )
        };
        let (one, two) = (rejected(records), rejected(parts));
        let differ = |a: &[BTreeMap<String, String>], b: &[BTreeMap<String, String>]| {
            a.iter().filter(|row| !b.contains(row)).take(5).cloned().collect::<Vec<_>>()
        };
        assert!(one == two, "{}: records {:#?}, parts {:#?}", self.name, differ(&one, &two), differ(&two, &one));
        let (one, two) = (records.cells(), parts.cells());
        let only = |a: &BTreeSet<String>, b: &BTreeSet<String>| a.difference(b).take(5).cloned().collect::<Vec<_>>();
        assert!(one == two, "{}: records {:#?}, parts {:#?}", self.name, only(&one, &two), only(&two, &one));
        assert_eq!(records.ledger(), parts.ledger(), "{}: ledger", self.name);
        // the parts name the engine; that a field which no form counts by is empty is not told of counted rows
        let of_one = ["F-086", "F-478"];
        let codes = |ran: &Ran| -> BTreeSet<String> {
            ran.codes().into_iter().filter(|code| !of_one.contains(&code.as_str())).collect()
        };
        assert_eq!(codes(records), codes(parts), "{}: findings", self.name);
        let decisions = |ran: &Ran| ran.json("report.json")["decisions"].clone();
        assert_eq!(decisions(records), decisions(parts), "{}: decisions", self.name);
    }
}

/// The rows of the quarantine, whatever their files are called.
fn rejected(ran: &Ran) -> Vec<BTreeMap<String, String>> {
    let folder = ran.folder.join("quarantine");
    let mut rows = Vec::new();
    let files = if folder.is_dir() { Lake::files(&folder, &["rest", "services", "refusals"]) } else { Vec::new() };
    for file in files {
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_path(file).unwrap();
        let heads = reader.headers().unwrap().clone();
        for record in reader.records().map(Result::unwrap) {
            let filled = heads.iter().zip(record.iter()).filter(|(_, value)| !value.is_empty());
            rows.push(filled.map(|(head, value)| (head.to_owned(), value.to_owned())).collect());
        }
    }
    rows.sort();
    rows
}

/// Runs the texts of all lakes in an engine, and compares.
fn prove(engine: &str, lakes: Vec<Lake>) {
    let mut command = Command::new(python());
    command.arg(root().join("tests/databases/lake.py")).arg(engine);
    for lake in &lakes {
        lake.write_texts();
        command.arg(lake.lake()).arg(lake.texts());
    }
    let done = command.output().expect("Python");
    assert!(done.status.success(), "{engine}: {}", String::from_utf8_lossy(&done.stderr));
    lakes.into_iter().for_each(Lake::compare);
}

fn samples() -> Vec<Lake> {
    let sample = |(folder, form): (&str, &str)| {
        let path = root().join("sample-data").join(folder);
        Lake::of(&format!("{folder} {form}"), &path, Case::new(&path, form, "2026Q3"))
    };
    super::samples::SAMPLES.into_iter().filter_map(sample).collect()
}

/// Sets of the second counter.
fn sets(seeds: impl Iterator<Item = u64>) -> Vec<Lake> {
    let set = |seed: u64| {
        let dir = tempfile::tempdir().unwrap();
        let set = generate::record_set(seed, dir.path());
        let mut case = Case::new(dir.path(), &set.form, &set.period);
        case.as_of = Some(set.as_of);
        let begun = Quarter::parse(&set.period).unwrap().first() < set.as_of;
        // the files of the set stay
        let dir = dir.keep();
        Lake::of(&format!("seed {seed}"), &dir, case).filter(|_| begun)
    };
    seeds.filter_map(set).collect()
}

/// Values that look like sound ones and are not, and the other way round, a row each.
fn odd(form: &str) -> Lake {
    const BASE: [(&str, &str); 17] = [
        ("record_id", ""),
        ("unit", "Район Көктал"),
        ("provider_name", "Отдел «Мысал»"),
        ("service_code", "00401001"),
        ("service_name", "Выдача справки"),
        ("channel", "egov_portal"),
        ("form", "paper"),
        ("information_system", "ИС ЕНИС"),
        ("applicant", "individual"),
        ("received_at", "2026-07-01 09:00"),
        ("due_at", ""),
        ("term_value", "5"),
        ("term_unit", "working_days"),
        ("completed_at", "2026-07-10 10:00"),
        ("outcome", "rendered"),
        ("delay_cause", "provider"),
        ("quantity", "2"),
    ];
    let days = [
        "2026-07-01",
        "01.07.2026",
        "1.7.2026",
        "01.07.2026 9:05",
        "2026-07-08T10:00",
        "2026-07-09 10:00:30",
        "2026-07-01 00:00",
        "2026-07-01 00:00:15",
        "2026-07-01 10:00:00.5",
        "2026-07-01 10:00Z",
        "2026-07-01 10:00+05",
        "2026/07/01",
        "20260701",
        "2015-01-01",
        "2031-01-01",
        "31.02.2026",
        "2026-07-01 24:00",
        " 2026-07-01",
        "null",
        "н/д",
        "2026-07-01 10:00:61",
        "2026-07-01x10:00",
        "2026-07-31 ",
        "",
        "2026-08-30",
        "30.09.2026 23:59",
        "2027-12-30",
        "2026-10-01",
    ];
    let numbers = ["1", "2", "0", "-1", "1.5", "10000", "12345678", "1 000", "007", "", "NULL", " 3", "x"];
    let texts = [
        "ТОО «Ромашка»",
        "  X",
        "X  Y",
        "\"X\"",
        "'X'",
        "'X",
        "=\"X\"",
        "#Н/Д",
        "Err:502",
        "н/д",
        "None",
        "Нет",
        "X\u{a0}Y",
        "X\tY",
        "Қызмет",
        "Zürich",
        "-",
        "–",
        "X: Y",
        "X\u{200b}Y",
        "й",
        "и\u{306}",
        "Итого",
        "1.2.2026",
        "01.02.2026",
        "10.мар",
        "3-Oct",
        "1E+08",
        "2026-07-01",
        "00401001",
        "\\N",
        "ОТДЕЛ «МЫСАЛ»",
        "12345678901234567890",
    ];
    let ids = [
        "A 1",
        "A1",
        " A-2",
        "A-2",
        "A-3 ",
        "А-4",
        "A-4",
        "a-5",
        "A-5",
        "'A-6",
        "A-6",
        "=\"A-7\"",
        "A-7",
        "Итого",
        "Сумма_1",
        "SUM-1",
        "3-Oct",
        "10-мар",
        "2026-07-01",
        "1E+08",
        "1E+8",
        "",
        "-",
        "NULL",
        "Null",
        "A\u{200b}-8",
        "A-8",
        "№9",
        "9",
        "й1",
        "и\u{306}1",
        "Ё2",
        "Е2",
        "итог/7",
        "K-10",
        "\u{212A}-10",
        "A-11",
        "A-11",
        "A-12",
        "A-12",
        "A.13",
        "A\\14",
    ];
    let codes: [(&str, &[&str]); 6] = [
        (
            "channel",
            &[
                "egov_portal",
                "EGOV_PORTAL",
                "Портал egov.kz",
                "портал «egov.kz»",
                " egov_portal",
                "elicense",
                "?",
                "",
                "state_corporation",
                "is_no_contact",
            ],
        ),
        ("outcome", &["rendered", "refused", "in_progress", "", "Оказана", "оказана", "отказано", "x", "Н/Д"]),
        (
            "delay_cause",
            &["provider", "mail_delivery", "power_outage", "по вине услугодателя", "?", "", "other_technical"],
        ),
        ("applicant", &["individual", "физическое лицо", "ФИЗИЧЕСКОЕ ЛИЦО", "", "ИП", "x"]),
        ("form", &["paper", "electronic", "", "бумажная", "?"]),
        ("term_unit", &["working_days", "calendar_days", "hours", "minutes", "", "рабочих дней", "?"]),
    ];
    let mut rows: Vec<BTreeMap<&str, String>> = Vec::new();
    let mut add = |field: &'static str, value: &str, channel: &str| {
        let mut row: BTreeMap<&str, String> = BASE.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        row.insert("record_id", format!("Z-{}", rows.len()));
        row.insert("channel", channel.to_owned());
        row.insert(field, value.to_owned());
        if field == "record_id" && value == "A-12" {
            row.insert("quantity", rows.len().to_string());
        }
        rows.push(row);
    };
    for channel in ["egov_portal", "state_corporation", "office_paper"] {
        for day in days {
            ["received_at", "due_at", "completed_at"].iter().for_each(|field| add(field, day, channel));
        }
        for number in numbers {
            ["term_value", "quantity"].iter().for_each(|field| add(field, number, channel));
        }
        for text in texts {
            let fields = ["unit", "provider_name", "service_code", "service_name", "information_system"];
            fields.iter().for_each(|field| add(field, text, channel));
        }
        for (field, values) in codes {
            values.iter().for_each(|value| add(field, value, channel));
        }
    }
    ids.iter().for_each(|id| add("record_id", id, "elicense"));
    let dir = tempfile::tempdir().unwrap().keep();
    let mut writer = csv::Writer::from_path(dir.join("services.csv")).unwrap();
    writer.write_record(BASE.iter().map(|(name, _)| name)).unwrap();
    for row in &rows {
        writer.write_record(BASE.iter().map(|(name, _)| &row[name])).unwrap();
    }
    writer.flush().unwrap();
    let lake = Lake::of(&format!("odd {form}"), &dir, Case::new(&dir, form, "2026Q3")).unwrap();
    // the values as they stand, whatever reading them would make of them
    std::fs::copy(dir.join("services.csv"), lake.lake().join("services.csv")).unwrap();
    lake
}

/// Rows skewed like life, some of them wrong.
fn made(rows: u64, form: &str) -> Lake {
    let dir = tempfile::tempdir().unwrap().keep();
    let mut file = std::io::BufWriter::new(std::fs::File::create(dir.join("services.csv")).unwrap());
    super::records::write(rows, 20, 7, &mut file).unwrap();
    std::io::Write::flush(&mut file).unwrap();
    drop(file);
    Lake::of(&format!("made {rows} {form}"), &dir, Case::new(&dir, form, "2026Q3")).unwrap()
}

#[test]
fn duckdb_counts_what_the_program_counts() {
    if is_there("duckdb_counts_what_the_program_counts", "duckdb") {
        let mut lakes = samples();
        lakes.extend(["1-mk", "3-mk", "4-mk"].map(odd));
        lakes.extend(sets(1..=24));
        lakes.push(made(20_000, "3-mk"));
        prove("duckdb", lakes);
    }
}

#[test]
fn postgresql_counts_what_the_program_counts() {
    if is_there("postgresql_counts_what_the_program_counts", "postgres") {
        let mut lakes = samples();
        lakes.push(odd("3-mk"));
        lakes.extend(sets(25..=32));
        prove("postgres", lakes);
    }
}

#[test]
fn spark_counts_what_the_program_counts() {
    if is_there("spark_counts_what_the_program_counts", "spark") {
        let mut lakes = samples();
        lakes.truncate(1);
        lakes.push(odd("4-mk"));
        prove("spark", lakes);
    }
}

#[test]
fn the_text_calls_only_listed_functions_and_has_no_dialect() {
    let lake = samples().remove(0);
    lake.write_texts();
    let words = ["AND", "OR", "NOT", "IN", "AS", "ON", "WHEN", "THEN", "ELSE", "SELECT", "WHERE", "FROM", "BY", "CASE"];
    for file in ["facts.sql", "rest.sql", "rest_refusals.sql"] {
        let text = std::fs::read_to_string(lake.texts().join(file)).unwrap();
        // quoted texts are values
        let code: String = text.split('\'').step_by(2).collect();
        for (at, _) in code.match_indices('(') {
            let before = code[..at].trim_end();
            let name: String = before.chars().rev().take_while(|sign| sign.is_alphanumeric() || *sign == '_').collect();
            let name: String = name.chars().rev().collect();
            let known = name.is_empty() || words.contains(&name.as_str()) || FUNCTIONS.contains(&name.as_str());
            assert!(known, "{file}: {name}(");
        }
        for strange in ["CAST", "DATE", "INTERVAL", "LOWER", "REGEXP", "::", "\"", "`", "||", "\\", "OVER", "LIMIT"] {
            assert!(
                !code
                    .split(|sign: char| !sign.is_alphanumeric() && !"_:|`\"\\".contains(sign))
                    .any(|word| word == strange),
                "{file}: {strange}"
            );
        }
        assert!(!text.contains('\\'), "{file}: a backslash means something else to Spark");
    }
}
