//! The page for data engineers keeps its word: its commands, as they stand there, lead to the report that the records
//! themselves lead to.

use super::engine::{is_there, python};
use crate::bench::{Case, root};
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

/// The lines of the blocks of commands of the page.
fn blocks() -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(root().join("DATABASES.md")).unwrap();
    let blocks = text.split("```").skip(1).step_by(2).filter_map(|block| block.strip_prefix("sh\n"));
    blocks.map(|block| block.lines().map(str::to_owned).collect()).collect()
}

/// Records under the names of all fields.
fn fill(lake: &Path) {
    let sample = root().join("sample-data/national-2026Q3/services-egov.csv");
    let table = crate::bench::definitions().tables.iter().find(|table| table.table == "services").unwrap();
    let mut reader = csv::Reader::from_path(sample).unwrap();
    let heads = reader.headers().unwrap().clone();
    let mut writer = csv::Writer::from_path(lake.join("services.csv")).unwrap();
    writer.write_record(table.fields.iter().map(|field| &field.name)).unwrap();
    for row in reader.records().map(Result::unwrap) {
        let value = |name: &str| heads.iter().position(|head| head == name).map_or("", |place| &row[place]);
        writer.write_record(table.fields.iter().map(|field| value(&field.name))).unwrap();
    }
    writer.flush().unwrap();
}

fn cells(folder: &Path, form: &str) -> BTreeSet<String> {
    let results = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let is_of = |path: &std::path::PathBuf| path.file_name().unwrap().to_string_lossy().starts_with(form);
    let folder = results.into_iter().find(is_of).expect("a report");
    std::fs::read_to_string(folder.join("cells.csv")).unwrap().lines().map(str::to_owned).collect()
}

/// Runs the first block; `second`: the block whose command stands for the second one.
fn try_page(engine: &str, second: Option<usize>) {
    let mut commands = blocks().remove(0);
    assert_eq!(commands.len(), 3, "{commands:?}");
    if let Some(block) = second {
        commands[1] = blocks()[block].join("\n");
    }
    let place = tempfile::tempdir().unwrap();
    let (lake, folder) = (place.path().join("records"), place.path().join("work"));
    std::fs::create_dir_all(&lake).unwrap();
    std::fs::create_dir_all(folder.join("bin")).unwrap();
    fill(&lake);
    std::fs::copy(env!("CARGO_BIN_EXE_esep"), folder.join("bin/esep")).unwrap();
    let organisation = root().join("sample-data/national-2026Q3/organisation.toml");
    std::fs::copy(&organisation, folder.join("organisation.toml")).unwrap();
    // findings about the records end the last one with 1
    std::fs::write(folder.join("commands.sh"), commands.join("\n") + " || [ $? -eq 1 ]\n").unwrap();
    let mut command = Command::new(python());
    let done =
        command.arg(root().join("tests/databases/lake.py")).args(["page", engine]).arg(&lake).arg(&folder).output();
    let done = done.expect("Python");
    assert!(done.status.success(), "{engine}: {}", String::from_utf8_lossy(&done.stderr));
    for form in ["3-mk", "4-mk"] {
        let mut case = Case::new(&lake, form, "2026Q3");
        case.organisation = std::fs::read_to_string(&organisation).unwrap();
        let records = case.run();
        assert_eq!(cells(&folder.join("results"), form), cells(records.folder.parent().unwrap(), form), "{engine}");
    }
}

#[test]
fn the_page_holds_word_for_word_in_postgresql() {
    if is_there("the_page_holds_word_for_word_in_postgresql", "postgres") {
        try_page("postgres", None);
    }
}

#[test]
fn the_page_holds_word_for_word_in_hive_with_two_workers() {
    if is_there("the_page_holds_word_for_word_in_hive_with_two_workers", "spark") {
        try_page("spark", Some(1));
    }
}

#[test]
fn the_page_holds_word_for_word_in_duckdb() {
    if is_there("the_page_holds_word_for_word_in_duckdb", "duckdb-cli") {
        try_page("duckdb", Some(2));
    }
}
