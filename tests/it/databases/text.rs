//! The texts themselves: what they call, and who understands them.

use super::engine::{is_there, python};
use super::lake::Lake;
use super::mapped::mapped;
use super::samples;
use crate::bench::root;
use esep::sql::text::FUNCTIONS;
use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::Command;

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

/// The texts of the samples, and those of a mapping.
fn texts() -> (Vec<Lake>, Vec<PathBuf>) {
    let lakes: Vec<Lake> = samples().into_iter().chain(mapped(true).into_iter().take(1)).collect();
    let mut texts = Vec::new();
    for lake in &lakes {
        lake.write_texts();
        let files = std::fs::read_dir(lake.texts()).unwrap().map(|entry| entry.unwrap().path());
        let is_text = |path: &PathBuf| {
            path.extension() == Some(OsStr::new("sql"))
                && !path.file_name().unwrap().to_string_lossy().starts_with("run_")
        };
        texts.extend(files.filter(is_text));
    }
    (lakes, texts)
}

/// Runs a program of `tests/databases`.
fn check(program: &str, arguments: &[PathBuf]) {
    let mut command = Command::new(python());
    let done = command.arg(root().join("tests/databases").join(program)).args(arguments).output().expect("Python");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

#[test]
fn the_text_is_understood_as_many_dialects_and_can_be_written_in_others() {
    if is_there("the_text_is_understood_as_many_dialects_and_can_be_written_in_others", "sqlglot") {
        let (_lakes, mut texts) = texts();
        assert!(texts.len() > 10, "{texts:?}");
        check("dialects.py", &texts);
        // and what some of them do not understand is seen
        let strange = texts[0].with_file_name("strange.sql");
        std::fs::write(&strange, "SELECT LISTAGG2(a) AS b FROM c QUALIFY 1 = ROW_NUMBER() OVER (ORDER BY a)").unwrap();
        texts = vec![strange];
        assert!(std::panic::catch_unwind(|| check("dialects.py", &texts)).is_err());
    }
}

#[test]
fn the_small_tables_are_the_same_as_csv_and_as_parquet() {
    if is_there("the_small_tables_are_the_same_as_csv_and_as_parquet", "duckdb") {
        let lake = mapped(true).remove(0);
        lake.write_texts();
        check("small.py", &[lake.texts()]);
    }
}

#[test]
fn a_head_is_found_however_its_path_is_written() {
    let place = tempfile::tempdir().unwrap();
    std::fs::create_dir(place.path().join("head")).unwrap();
    std::fs::write(
        place.path().join("head/services.csv"),
        "record_id,provider_name,channel,received_at,service_code\n",
    )
    .unwrap();
    let whole = place.path().join("head/services.csv");
    for path in ["head/services.csv", "./head/services.csv", "head", ".", "head/../head", whole.to_str().unwrap()] {
        let words = ["sql", path, "--form", "3-mk", "--period", "2026Q3", "--force", "--out", "texts"];
        let done = Command::new(env!("CARGO_BIN_EXE_esep")).args(words).current_dir(place.path()).output().unwrap();
        assert_eq!(done.status.code(), Some(0), "{path}: {}", String::from_utf8_lossy(&done.stderr));
        let text = std::fs::read_to_string(place.path().join("texts/run_postgres.sql")).unwrap();
        assert!(text.contains("service_code") && !text.contains("term_value\""), "{path}: {text}");
    }
}
