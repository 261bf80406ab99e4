//! No number without a cell: every number of the printed analytical report resolves to a formula over the cells of
//! the workbook, or is a date, a reference, a count of the ledger or somebody's words.

use super::analytical::{printed, text};
use super::bench::{Case, root};
use super::samples::{SAMPLES, only_folder};
use calamine::{Data, Reader};
use esep::words::lang::Lang;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// A1 address → number; "-" counts as nothing.
fn numbers(folder: &Path) -> BTreeMap<String, f64> {
    let mut book: calamine::Xlsx<_> = calamine::open_workbook(folder.join("report.xlsx")).unwrap();
    let name = book.sheet_names()[0].clone();
    let range = book.worksheet_range(&name).unwrap();
    let (top, left) = range.start().unwrap();
    let number = |cell: &Data| match cell {
        Data::Float(number) => Some(*number),
        Data::Int(number) => Some(*number as f64),
        Data::String(text) if text == "-" => Some(0.0),
        Data::String(text) => text.parse().ok(),
        _ => None,
    };
    let cells = range.used_cells().filter_map(|(row, column, cell)| {
        let address = esep::render::sheet::a1(row + top as usize, column + left as usize);
        Some((address, number(cell)?))
    });
    cells.collect()
}

/// Counts what a formula gives: cells, whole numbers, calls whose last argument is a number, + - * / and brackets.
struct Sum<'a> {
    rest: &'a str,
    cells: &'a BTreeMap<String, f64>,
}

impl Sum<'_> {
    fn of(formula: &str, cells: &BTreeMap<String, f64>) -> f64 {
        let mut sum = Sum { rest: formula, cells };
        let value = sum.terms();
        assert!(sum.rest.is_empty(), "{formula}: {:?} is left", sum.rest);
        value
    }

    fn takes(&mut self, sign: char) -> bool {
        let found = self.rest.strip_prefix(sign);
        self.rest = found.unwrap_or(self.rest);
        found.is_some()
    }

    fn terms(&mut self) -> f64 {
        let mut value = self.factors();
        loop {
            if self.takes('+') {
                value += self.factors();
            } else if self.takes('-') {
                value -= self.factors();
            } else {
                return value;
            }
        }
    }

    fn factors(&mut self) -> f64 {
        let mut value = self.one();
        loop {
            if self.takes('*') {
                value *= self.one();
            } else if self.takes('/') {
                value /= self.one();
            } else {
                return value;
            }
        }
    }

    fn one(&mut self) -> f64 {
        if self.takes('(') {
            let value = self.terms();
            assert!(self.takes(')'));
            return value;
        }
        let end = self.rest.find(|sign: char| !sign.is_ascii_alphanumeric()).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        if let Some(call) = rest.strip_prefix('(') {
            let (arguments, rest) = call.split_once(')').expect("a closed call");
            self.rest = rest;
            return arguments.rsplit(',').next().unwrap().parse().expect("a number");
        }
        word.parse().unwrap_or_else(|_| *self.cells.get(word).unwrap_or_else(|| panic!("no cell {word:?}")))
    }
}

/// All runs of a document, and its figures.
fn walk<'v>(value: &'v Value, runs: &mut Vec<&'v Value>) {
    match value {
        Value::Object(map) if map.contains_key("origin") => runs.push(value),
        Value::Object(map) => map.values().for_each(|value| walk(value, runs)),
        Value::Array(list) => list.iter().for_each(|value| walk(value, runs)),
        _ => {}
    }
}

fn digits(text: &str) -> BTreeSet<String> {
    let joined: String = text.chars().map(|sign| if sign.is_ascii_digit() { sign } else { ' ' }).collect();
    joined.split_whitespace().map(str::to_owned).collect()
}

/// Without spaces, and without hyphens: poppler takes those at the end of a line away.
fn solid(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_whitespace() && *letter != '-').collect()
}

#[test]
fn every_printed_number_has_its_cell() {
    let data = root().join("sample-data");
    for (sample, form) in SAMPLES {
        for langs in [vec![Lang::Ru], vec![Lang::Kk, Lang::En]] {
            let path = data.join(sample);
            let mut case = Case::new(&path, form, "2026Q3");
            case.organisation = std::fs::read_to_string(path.join("organisation.toml")).unwrap();
            case.langs = langs;
            if form == "2-mk" {
                case.previous = vec![data.join("previous/2-mk_2026Q2.json"), data.join("previous/2-mk_2025Q3.json")];
            }
            let mut ran = case.run();
            ran.folder = only_folder(&ran.out.path().join("out"));
            check(&ran.json("analytical.json"), &ran.folder, form);
        }
    }
}

fn check(report: &Value, folder: &Path, form: &str) {
    let cells = numbers(folder);
    let mut runs = Vec::new();
    walk(report, &mut runs);
    let mut figures = 0;
    let mut allowed: BTreeSet<String> = BTreeSet::new();
    for run in runs {
        let text = run["text"].as_str().unwrap_or_default();
        match run["origin"].as_str().unwrap() {
            "words" => assert!(digits(text).is_empty(), "{form}: words with a number: {text:?}"),
            "figure" => {
                figures += 1;
                let (value, formula) = (run["value"].as_f64().unwrap(), run["formula"].as_str().unwrap());
                let counted = Sum::of(formula, &cells);
                assert!((value - counted).abs() < 0.0501, "{form}: {formula} gives {counted}, printed {value}");
                let shown: String = text.chars().filter(char::is_ascii_digit).collect();
                let whole = value.fract() == 0.0 && !text.contains([',', '.']);
                let wanted =
                    if whole { format!("{}", value.abs()) } else { format!("{:.1}", value.abs()).replace('.', "") };
                assert!(text.is_empty() || shown == wanted, "{form}: {text:?} for {value}");
                allowed.extend(digits(text));
                if text.is_empty() {
                    allowed.extend(digits(&esep::words::number::grouped(value as i128)));
                }
            }
            _ => allowed.extend(digits(text)),
        }
    }
    assert!(figures > 50, "{form}: {figures} figures");
    for document in report["documents"].as_array().unwrap() {
        for piece in document["pieces"].as_array().unwrap() {
            allowed.extend(digits(&piece["categories"].to_string()));
            allowed.extend(digits(&piece["series"].as_array().map_or(String::new(), |all| {
                all.iter().map(|series| series["name"].as_str().unwrap_or_default()).collect::<Vec<_>>().join(" ")
            })));
        }
    }
    let Some(print) = printed(&folder.join("analytical.pdf")) else { return };
    let (paper, feet) = without_feet(&print);
    assert!(feet > 1);
    let strange: Vec<String> = digits(&paper).difference(&allowed).cloned().collect();
    assert!(strange.is_empty(), "{form}: numbers without an origin: {strange:?}");
    // and what is said stands on the paper
    let paper = solid(&paper);
    for document in report["documents"].as_array().unwrap() {
        for piece in document["pieces"].as_array().unwrap().iter().filter(|piece| piece["paragraph"] == "body") {
            let said = solid(&text(&piece["runs"]));
            assert!(paper.contains(&said), "{form}: {said}");
        }
    }
}

/// The text of the pages without their feet, and how many feet there were.
fn without_feet(print: &str) -> (String, usize) {
    let mut feet = 0;
    let is_foot = |line: &str| {
        line.contains("  ·  ")
            || line.contains(" · ")
            || (line.starts_with("Страница ") && line.contains(" из "))
            || (line.starts_with("Page ") && line.contains(" of "))
            || line.contains("-бет, барлығы ")
    };
    // the body's name heads every page but the first, whose title names it
    let pages = print.split('\u{c}').enumerate();
    let lines = pages.flat_map(|(page, text)| text.trim_start().lines().skip(usize::from(page > 0)));
    let kept: Vec<&str> = lines
        .filter(|line| {
            let foot = is_foot(line);
            feet += usize::from(foot);
            !foot
        })
        .collect();
    (kept.join("\n"), feet)
}

/// Figures of units stand in the units' own reports, and a unit is compared with its own earlier report only.
#[test]
fn figures_of_units_are_those_of_their_reports() {
    let path = root().join("sample-data/akimat-2026Q3");
    let mut case = Case::new(&path, "2-mk", "2026Q3");
    case.organisation = std::fs::read_to_string(path.join("organisation.toml")).unwrap();
    case.by_unit = true;
    case.langs = vec![Lang::Ru];
    let ran = case.run();
    let mut folders: Vec<_> =
        std::fs::read_dir(ran.out.path().join("out")).unwrap().map(|e| e.unwrap().path()).collect();
    folders.sort();
    let whole = folders.remove(0);
    let read = |folder: &Path, name: &str| -> Value {
        serde_json::from_str(&std::fs::read_to_string(folder.join(name)).unwrap()).unwrap()
    };
    let mut quarters: BTreeMap<(String, String), i64> = BTreeMap::new();
    for folder in &folders {
        let report = read(folder, "report.json");
        let code = report["head"]["unit"]["code"].as_str().unwrap().to_owned();
        for line in report["lines"].as_array().unwrap().iter().filter(|line| line["service_name"].is_null()) {
            let values = line["values"].as_object().unwrap().iter();
            let sum = values.filter(|(id, _)| id.starts_with('q')).filter_map(|(_, value)| value.as_i64()).sum();
            quarters.insert((code.clone(), line["row_id"].as_str().unwrap().to_owned()), sum);
        }
    }
    let report = read(&whole, "analytical.json");
    let mut runs = Vec::new();
    walk(&report, &mut runs);
    let mut seen = 0;
    for run in runs.iter().filter(|run| run["formula"].as_str().is_some_and(|formula| formula.starts_with("unit("))) {
        let formula = run["formula"].as_str().unwrap();
        let parts: Vec<&str> = formula[5..formula.len() - 1].split(',').map(|part| part.trim_matches('"')).collect();
        let expected: i64 = parts[1].split('+').map(|row| quarters[&(parts[0].to_owned(), row.to_owned())]).sum();
        assert_eq!(run["value"].as_i64(), Some(expected), "{formula}");
        seen += 1;
    }
    assert!(seen > folders.len() * 5, "{seen} figures of {} units", folders.len());
    check(&report, &whole, "2-mk");
    let charts = report["documents"][0]["pieces"].as_array().unwrap();
    assert!(charts.iter().any(|piece| piece["chart"] == "Оказанные услуги по подразделениям"));
}

#[test]
fn a_unit_is_compared_with_its_own_earlier_report() {
    let path = root().join("sample-data/akimat-2026Q3");
    let mut case = Case::new(&path, "2-mk", "2026Q3");
    case.organisation = std::fs::read_to_string(path.join("organisation.toml")).unwrap();
    case.by_unit = true;
    case.langs = vec![Lang::Ru];
    let first = case.run();
    let place = |ran: &super::bench::Ran, end: &str| {
        let all = std::fs::read_dir(ran.out.path().join("out")).unwrap().map(|entry| entry.unwrap().path());
        all.into_iter().find(|path| path.display().to_string().ends_with(end)).expect("a unit")
    };
    let compared = |folder: &Path| {
        let report: Value =
            serde_json::from_str(&std::fs::read_to_string(folder.join("analytical.json")).unwrap()).unwrap();
        let mut runs = Vec::new();
        walk(&report, &mut runs);
        let earlier = |run: &&&Value| run["formula"].as_str().is_some_and(|formula| formula.contains("earlier("));
        runs.iter().filter(earlier).count()
    };
    assert_eq!(compared(&place(&first, "_439100000")), 0);
    // the same unit's report as if it were of the quarter before
    let file = first.out.path().join("earlier.json");
    let text = std::fs::read_to_string(place(&first, "_439100000").join("report.json")).unwrap();
    std::fs::write(&file, text.replace("\"2026Q3\"", "\"2026Q2\"").replace("\"2026-10-01\"", "\"2026-07-01\""))
        .unwrap();
    case.previous = vec![file];
    let second = case.run();
    assert!(compared(&place(&second, "_439100000")) > 10);
    assert_eq!(compared(&place(&second, "_439200000")), 0, "another unit's report is no comparison");
}
