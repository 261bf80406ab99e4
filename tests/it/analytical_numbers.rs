//! No number without a cell: every number of the printed analytical report resolves to a formula over the cells of
//! the workbook, or is a date, a reference, a count of the ledger or somebody's words.

use super::analytical::{printed, text};
use super::bench::{Case, root};
use super::samples::{SAMPLES, only_folder};
use calamine::{Data, Reader};
use esep::lang::Lang;
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
                    allowed.extend(digits(&esep::summary::numeral::grouped(value as i128)));
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
    let kept: Vec<&str> = print
        .lines()
        .filter(|line| {
            let foot = is_foot(line);
            feet += usize::from(foot);
            !foot
        })
        .collect();
    (kept.join("\n"), feet)
}
