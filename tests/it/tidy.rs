//! The house: modules in dependency order, libraries behind their walls, files of a size one can read.

use super::bench::root;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

fn files(dir: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// Path below `src/` → text without its tests.
fn sources() -> BTreeMap<String, String> {
    let mut found = Vec::new();
    files(&root().join("src"), &mut found);
    found
        .into_iter()
        .map(|path| {
            let text = fs::read_to_string(&path).unwrap();
            let text = if path.to_string_lossy().ends_with("tests.rs") { String::new() } else { text };
            let name = path.strip_prefix(root().join("src")).unwrap().to_string_lossy().replace('\\', "/");
            (name, text.split("#[cfg(test)]\nmod tests {").next().unwrap().to_owned())
        })
        .collect()
}

fn top_module(path: &str) -> &str {
    path.split('/').next().unwrap().trim_end_matches(".rs")
}

#[test]
fn a_module_uses_only_those_above_it() {
    let lib = fs::read_to_string(root().join("src/lib.rs")).unwrap();
    let order: Vec<&str> =
        lib.lines().filter_map(|line| line.strip_prefix("pub mod ")).map(|name| name.trim_end_matches(';')).collect();
    assert!(order.len() > 10);
    let mut faults = Vec::new();
    for (path, text) in sources() {
        let module = top_module(&path);
        let Some(own) = order.iter().position(|name| *name == module) else { continue };
        for used in text.split("crate::").skip(1) {
            let used: String = used.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect();
            if order.iter().position(|name| *name == used).is_some_and(|place| place > own) {
                faults.push(format!("src/{path} uses crate::{used}, which stands below it in lib.rs"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn libraries_stay_behind_their_walls() {
    let walls: [(&str, &[&str]); 13] = [
        ("flate2", &["sources/packed.rs", "sources/parquet/page.rs", "render/pdf/mod.rs"]),
        ("zstd", &["sources/packed.rs", "sources/parquet/page.rs"]),
        ("use parquet", &["sources/parquet/"]),
        ("polars", &["facts/mod.rs", "facts/tabulate.rs", "facts/deriver.rs"]),
        ("calamine", &["sources/"]),
        ("quick_xml", &["sources/workbook/"]),
        ("rust_xlsxwriter", &["render/xlsx/"]),
        ("clap", &["commands/mod.rs", "commands/args/"]),
        ("encoding_rs", &["sources/"]),
        ("printpdf", &["render/pdf/mod.rs"]),
        ("lopdf", &["render/pdf/mod.rs", "render/pdf/archive.rs"]),
        ("ttf_parser", &["render/pdf/font.rs"]),
        ("unicode_linebreak", &["render/pdf/text.rs"]),
    ];
    let mut faults = Vec::new();
    for (path, text) in sources() {
        for (library, homes) in walls {
            let named = text.contains(&format!("{library}::"));
            if named && !homes.iter().any(|home| path.starts_with(home)) {
                faults.push(format!("src/{path} names {library}"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn files_are_of_a_size_one_can_read() {
    let long: Vec<String> = sources()
        .into_iter()
        .map(|(path, text)| (path, text.lines().count()))
        .filter(|(_, lines)| *lines > 400)
        .map(|(path, lines)| format!("src/{path}: {lines} lines"))
        .collect();
    assert!(long.is_empty(), "{}", long.join("\n"));
}

#[test]
fn rust_knows_no_row_number() {
    let mut faults = Vec::new();
    for (path, text) in sources() {
        for (place, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap();
            for literal in code.split('"').skip(1).step_by(2) {
                let mut parts = literal.split('.');
                let number = |part: Option<&str>| {
                    part.is_some_and(|part| {
                        !part.is_empty() && part.len() <= 2 && part.bytes().all(|digit| digit.is_ascii_digit())
                    })
                };
                if number(parts.next()) && number(parts.next()) && parts.next().is_none() {
                    faults.push(format!("src/{path}:{}: {literal:?}", place + 1));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
