//! The engines: whether they are there, and the texts run in them.

use super::lake::Lake;
use crate::bench::root;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The Python that has the engines.
pub fn python() -> PathBuf {
    let own = root().join("target/databases/bin/python");
    let given = std::env::var_os("ESEP_PYTHON").map(PathBuf::from);
    given.unwrap_or_else(|| if own.exists() { own } else { "python3".into() })
}

/// Whether an engine is there; CI must have all of them.
pub fn is_there(test: &str, engine: &str) -> bool {
    let there = match engine {
        "postgres" => {
            Path::new("/usr/lib/postgresql").exists() && Command::new("psql").arg("--version").output().is_ok()
        }
        "spark" => module("pyspark") && Command::new("java").arg("-version").output().is_ok(),
        "duckdb-cli" => module("duckdb") && command("duckdb").arg("--version").output().is_ok(),
        module_name => module(module_name),
    };
    assert!(there || std::env::var_os("CI").is_none(), "CI must install {engine}");
    if !there {
        eprintln!("SKIPPED {test}: {engine} is not installed");
    }
    there
}

/// A program beside the Python that has the engines, or of the system.
fn command(name: &str) -> Command {
    let own = python().with_file_name(name);
    Command::new(if own.exists() { own } else { name.into() })
}

pub fn module(name: &str) -> bool {
    let asked = Command::new(python()).args(["-c", &format!("import {name}")]).output();
    asked.is_ok_and(|done| done.status.success())
}

/// Runs the texts of all lakes in an engine, and compares; how many records the engine counted of each.
pub fn prove(engine: &str, lakes: Vec<Lake>) -> Vec<u64> {
    run(engine, &lakes);
    lakes.into_iter().map(Lake::compare).collect()
}

/// Writes the texts of lakes, where they are not yet, and runs them in an engine.
pub fn run(engine: &str, lakes: &[Lake]) {
    let mut command = Command::new(python());
    command.arg(root().join("tests/databases/lake.py")).arg(engine);
    for lake in lakes {
        if !lake.texts().exists() {
            lake.write_texts();
        }
        command.arg(lake.lake()).arg(lake.texts());
    }
    let done = command.output().expect("Python");
    assert!(done.status.success(), "{engine}: {}", String::from_utf8_lossy(&done.stderr));
}
