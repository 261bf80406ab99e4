//! Formats: what people send, in every way they write it, and what hostile files must not do.

mod hostile;
mod laid;
mod further;
mod mutants;
pub mod office;
mod outputs;
mod sheets;
mod shown;
mod spoiled;
mod text;
mod written;

use super::bench::{Case, Ran};
use std::path::Path;
use tempfile::TempDir;

/// A file of this name and content, alone in its folder.
fn file(name: &str, content: impl AsRef<[u8]>) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join(name), content).expect("written");
    folder
}

/// The run of 2-mk over one file.
fn run(name: &str, content: impl AsRef<[u8]>) -> Ran {
    let folder = file(name, content);
    case(folder.path()).run()
}

fn case(path: &Path) -> Case {
    Case::new(path, "2-mk", "2026Q3")
}

/// Services that were rendered to individuals: `code|name|July August September`.
fn services(ran: &Ran) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for line in ran.cells() {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(line.as_bytes());
        let cell = reader.records().next().expect("a cell").expect("a cell");
        // row, provider, its name, code, name, system, column, value
        if &cell[0] != "11.1" || cell[3].is_empty() && cell[4].is_empty() || !cell[6].ends_with(".individual") {
            continue;
        }
        let service = format!("{}|{}|", &cell[3], &cell[4]);
        match found.iter_mut().find(|line| line.starts_with(&service)) {
            Some(line) if &cell[6] != "q.individual" => *line = format!("{line} {}", &cell[7]),
            None => found.push(format!("{service}{}", &cell[7])),
            Some(_) => {}
        }
    }
    found
}

/// Codes of the findings with their lines, in the order of the findings.
fn places(ran: &Ran) -> Vec<String> {
    let findings = ran.json("findings.json");
    let failed =
        findings["findings"].as_array().expect("findings").iter().filter(|finding| finding["outcome"] == "fails");
    failed.map(|finding| format!("{}:{}", finding["code"].as_str().expect("a code"), finding["line"])).collect()
}

/// The books balance, and say this of read, accepted, duplicate and quarantined rows.
fn assert_books(ran: &Ran, expected: [u64; 4], what: &str) {
    let report = ran.json("report.json");
    for line in report["ledger"].as_array().expect("a ledger") {
        let number = |key: &str| line[key].as_u64().expect("a number");
        let accounted = number("accepted") + number("duplicates") + number("quarantined");
        assert_eq!(number("read"), accounted, "{what}: {line}");
    }
    assert_eq!(ran.ledger(), expected, "{what}: {:?}", places(ran));
}
