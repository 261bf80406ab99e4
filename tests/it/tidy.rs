//! The house: modules in dependency order, libraries behind their walls, files of a size one can read.

use super::bench::root;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

fn files(dir: &Path, kinds: &[&str], found: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            files(&path, kinds, found);
        } else if path.extension().is_some_and(|extension| kinds.iter().any(|kind| extension == *kind)) {
            found.push(path);
        }
    }
}

/// Path below `src/` → text without its tests.
fn sources() -> BTreeMap<String, String> {
    let mut found = Vec::new();
    files(&root().join("src"), &["rs"], &mut found);
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

/// Paths of modules that a text uses, from `crate::` on, with what `use` lists under them.
fn used_paths(text: &str) -> BTreeSet<Vec<String>> {
    let code: String = text.lines().map(|line| line.split("//").next().unwrap().to_owned() + "\n").collect();
    let mut found = BTreeSet::new();
    for rest in code.split("crate::").skip(1) {
        spread(rest, &[], &mut found);
    }
    found
}

/// `a::{b::c, d}` → a b c, a d.
fn spread(rest: &str, before: &[String], found: &mut BTreeSet<Vec<String>>) {
    let mut path = before.to_vec();
    let mut rest = rest.trim_start();
    loop {
        let word: String = rest.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect();
        rest = &rest[word.len()..];
        if !word.is_empty() {
            path.push(word);
        }
        match rest.strip_prefix("::") {
            Some(after) if after.starts_with('{') => {
                let mut depth = 0;
                let mut item = String::new();
                for letter in after.chars() {
                    depth += i32::from(letter == '{') - i32::from(letter == '}');
                    match letter {
                        '{' if depth == 1 => {}
                        ',' if depth == 1 => spread(&std::mem::take(&mut item), &path, found),
                        '}' if depth == 0 => {
                            spread(&item, &path, found);
                            return;
                        }
                        _ => item.push(letter),
                    }
                }
                return;
            }
            Some(after) => rest = after,
            None => {
                found.insert(path);
                return;
            }
        }
    }
}

/// Files of a room stand in the order of its `mod.rs`, too: each uses only those above it, and nothing that `mod.rs`
/// itself makes of them.
#[test]
fn a_file_uses_only_those_above_it_in_its_room() {
    let sources = sources();
    let module = |path: &str| -> Vec<String> {
        let path = path.trim_end_matches(".rs").trim_end_matches("/mod");
        path.split('/').map(str::to_owned).collect()
    };
    let known: BTreeSet<Vec<String>> = sources.keys().map(|path| module(path)).collect();
    let order = |room: &[String]| -> Vec<String> {
        let text = sources.get(&format!("{}/mod.rs", room.join("/"))).cloned().unwrap_or_default();
        let names =
            text.lines().filter_map(|line| line.strip_prefix("pub mod ").or(line.strip_prefix("pub(crate) mod ")));
        names.map(|name| name.trim_end_matches(';').to_owned()).collect()
    };
    let mut faults = Vec::new();
    for (path, text) in &sources {
        let own = module(path);
        for used in used_paths(text) {
            let Some(used) = (1..=used.len()).rev().map(|length| used[..length].to_vec()).find(|at| known.contains(at))
            else {
                continue;
            };
            let common = own.iter().zip(&used).take_while(|(own, used)| own == used).count();
            let (Some(mine), room) = (own.get(common), &own[..common]) else { continue };
            if room.is_empty() {
                continue; // the order of rooms is the test above
            }
            let order = order(room);
            let place = |name: &String| order.iter().position(|known| known == name);
            match used.get(common) {
                None => faults.push(format!("src/{path} uses what {}/mod.rs makes of its files", room.join("/"))),
                Some(other) if place(other) > place(mine) => {
                    faults.push(format!("src/{path} uses {}, which stands below it", used.join("::")));
                }
                Some(_) => {}
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// A name of a type says one thing: it stands at most twice, and then in rooms whose names make it plain.
#[test]
fn no_type_name_stands_three_times() {
    let mut homes: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (path, text) in sources() {
        for line in text.lines().map(str::trim_start) {
            let line = line.strip_prefix("pub(crate) ").or(line.strip_prefix("pub ")).unwrap_or(line);
            let kinds = ["struct ", "enum ", "trait ", "type "];
            let Some(rest) = kinds.iter().find_map(|kind| line.strip_prefix(kind)) else { continue };
            let name: String = rest.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect();
            if name.starts_with(char::is_uppercase) && name != "Output" && name != "Err" {
                homes.entry(name).or_default().push(path.clone());
            }
        }
    }
    let often: Vec<String> =
        homes.iter().filter(|(_, at)| at.len() > 2).map(|(name, at)| format!("{name}: {}", at.join(", "))).collect();
    assert!(often.is_empty(), "{}", often.join("\n"));
}

#[test]
fn libraries_stay_behind_their_walls() {
    let walls: [(&str, &[&str]); 14] = [
        ("flate2", &["sources/packed.rs", "sources/parquet/page.rs", "render/pdf/document.rs"]),
        ("zstd", &["sources/packed.rs", "sources/parquet/page.rs"]),
        ("use parquet", &["sources/parquet/", "sql/parquet.rs"]),
        ("polars", &["facts/fact.rs", "facts/tabulate.rs", "facts/deriver.rs"]),
        ("calamine", &["sources/"]),
        ("quick_xml", &["sources/workbook/"]),
        ("rust_xlsxwriter", &["render/xlsx/"]),
        ("clap", &["commands/"]),
        ("encoding_rs", &["sources/"]),
        ("printpdf", &["render/pdf/document.rs", "render/pdf/subset.rs"]),
        ("allsorts", &["render/pdf/subset.rs"]),
        ("lopdf", &["render/pdf/document.rs", "render/pdf/archive.rs"]),
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
    let mut pages = Vec::new();
    for folder in ["desk/src", "desk/page", "desk/tests", "templates/review"] {
        files(&root().join(folder), &["rs", "js", "css", "html"], &mut pages);
    }
    assert!(pages.len() > 80, "{pages:?}");
    let own = sources().into_iter().map(|(path, text)| (format!("src/{path}"), text));
    let pages = pages.into_iter().map(|path| (path.display().to_string(), fs::read_to_string(&path).unwrap()));
    let long: Vec<String> = own
        .chain(pages)
        .map(|(path, text)| (path, text.lines().count()))
        .filter(|(_, lines)| *lines > 400)
        .map(|(path, lines)| format!("{path}: {lines} lines"))
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

/// A form is known by its file; its name in Rust would be law in code.
#[test]
fn rust_knows_no_form() {
    let mut faults = Vec::new();
    for (path, text) in sources() {
        for (place, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap();
            let named = ["1", "2", "3", "4"].iter().any(|number| code.contains(&format!("{number}-mk")));
            if named {
                faults.push(format!("src/{path}:{}: {}", place + 1, code.trim()));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
