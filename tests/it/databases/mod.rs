//! `esep sql` with real engines: what a database counts by its text, with the rest that the program reads, comes to
//! what the records themselves come to.

mod engine;
mod explained;
mod lake;
mod mapped;
mod odd;
mod page;
mod text;

use super::bench::{Case, root};
use super::slow::generate;
use engine::{is_there, prove};
use esep::values::period::Quarter;
use lake::Lake;
use mapped::mapped;
use odd::odd;
use std::path::PathBuf;

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

/// The golden folders that have results: established violations, channels that the Rules do not name, the register's
/// terms, terms that include the day of receipt.
fn goldens() -> Vec<Lake> {
    let folders = std::fs::read_dir(root().join("tests/golden")).unwrap().map(|entry| entry.unwrap().path());
    let golden = |folder: PathBuf| {
        let text = std::fs::read_to_string(folder.join("case.toml")).unwrap();
        let about: toml::Table = toml::from_str(&text).unwrap();
        let said = |key: &str| about[key].as_str().unwrap().to_owned();
        if said("period").parse::<u16>().is_ok() {
            return None; // of a year
        }
        // what is expected is no table of records
        let dir = tempfile::tempdir().unwrap().keep();
        for path in Lake::files(&folder, &[""]).into_iter().filter(|path| !path.ends_with("expected.csv")) {
            std::fs::copy(&path, dir.join(path.file_name().unwrap())).unwrap();
        }
        let mut case = Case::new(&dir, &said("form"), &said("period"));
        if let Ok(own) = std::fs::read_to_string(folder.join("organisation.toml")) {
            case.organisation = own;
        }
        case.by_unit = true;
        Lake::of(&folder.file_name().unwrap().to_string_lossy(), &dir, case)
    };
    let mut lakes: Vec<Lake> = folders.filter_map(golden).collect();
    lakes.sort_by_key(Lake::label);
    lakes
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
        lakes.iter_mut().for_each(|lake| lake.case.by_unit = true);
        lakes.extend(["1-mk", "3-mk", "4-mk"].map(odd));
        lakes.extend(sets(1..=24));
        lakes.push(made(20_000, "3-mk"));
        prove("duckdb", lakes);
    }
}

#[test]
fn duckdb_counts_under_the_own_headers_of_a_body() {
    if is_there("duckdb_counts_under_the_own_headers_of_a_body", "duckdb") {
        let lakes: Vec<Lake> = mapped(true).into_iter().chain(mapped(false)).collect();
        let counted = prove("duckdb", lakes);
        // days in short are counted there, too, where the mapping says what they are
        assert_eq!(counted, [18, 18, 18, 14, 14, 14]);
    }
}

#[test]
fn an_engine_that_compares_texts_otherwise_is_refused() {
    if is_there("an_engine_that_compares_texts_otherwise_is_refused", "duckdb") {
        let mut lakes = samples();
        lakes.truncate(1);
        lakes[0].write_texts();
        let runner = lakes[0].texts().join("run_duckdb.sql");
        let script = std::fs::read_to_string(&runner).unwrap();
        std::fs::write(&runner, format!("SET default_collation = 'NOCASE';\n{script}")).unwrap();
        engine::run("duckdb", &lakes);
        let refused = lakes[0].parts().map(|_| ()).unwrap_err();
        assert!(format!("{refused:#}").contains("fault_facts_engine"), "{refused:#}");
    }
}

#[test]
fn duckdb_counts_the_golden_folders() {
    if is_there("duckdb_counts_the_golden_folders", "duckdb") {
        prove("duckdb", goldens());
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
