//! The README keeps its word: its commands run, and print what it shows.

use super::bench::root;
use std::fs;
use std::path::Path;
use std::process::Command;

/// Statuses with which a command of the README may end: its samples have planted errors.
const MEANT: [i32; 2] = [0, 1];

struct Block {
    language: String,
    lines: Vec<String>,
}

fn text() -> String {
    fs::read_to_string(root().join("README.md")).expect("README.md")
}

fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
    for line in text.lines() {
        match (line.strip_prefix("```"), open.as_mut()) {
            (Some(language), None) => open = Some(Block { language: language.to_owned(), lines: Vec::new() }),
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (None, Some(block)) => block.lines.push(line.to_owned()),
            (None, None) => {}
        }
    }
    blocks
}

/// Runs a command of the README; `out` stands for the folder of results.
fn run(line: &str, out: &Path) -> String {
    let words: Vec<String> = line
        .split_whitespace()
        .skip_while(|word| *word != "--")
        .skip(1)
        .map(|word| match word.strip_prefix("out").filter(|rest| rest.is_empty() || rest.starts_with('/')) {
            Some(rest) => format!("{}{rest}", out.display()),
            None => word.to_owned(),
        })
        .collect();
    let ran = Command::new(env!("CARGO_BIN_EXE_esep")).args(&words).current_dir(root()).output().expect("esep runs");
    let said = String::from_utf8_lossy(&ran.stderr).into_owned() + &String::from_utf8_lossy(&ran.stdout);
    assert!(ran.status.code().is_some_and(|code| MEANT.contains(&code)), "{line}\n{:?}\n{said}", ran.status);
    said
}

#[test]
fn both_commands_stand_on_the_first_screen() {
    let text = text();
    let first: Vec<&str> = text.lines().take(24).collect();
    assert!(first.iter().any(|line| line.starts_with("cargo run --release -- generate ")));
    assert!(first.contains(&"cargo test --release --workspace"));
    assert!(fs::read_to_string(root().join(".ci/run")).expect(".ci/run").contains("cargo test --release --workspace"));
}

#[test]
fn commands_run_and_print_what_is_shown() {
    let out = tempfile::tempdir().expect("a folder");
    let (mut said, mut ran, mut shown) = (String::new(), 0, 0);
    for block in blocks(&text()) {
        match block.language.as_str() {
            "sh" => {
                for line in block.lines.iter().filter(|line| line.starts_with("cargo run ")) {
                    said = run(line, out.path());
                    ran += 1;
                }
            }
            "text" => {
                for line in &block.lines {
                    assert!(said.contains(line.trim_end()), "the README shows a line that is not printed: {line}");
                    shown += 1;
                }
            }
            other => panic!("a block of {other:?}"),
        }
    }
    assert!(ran > 3 && shown > 5, "{ran} commands, {shown} lines");
}

#[test]
fn links_lead_somewhere() {
    for target in text().split("](").skip(1).map(|rest| rest.split(')').next().unwrap_or_default().to_owned()) {
        let anchor = |head: &str| {
            let kept = head.trim_start_matches(['#', ' ']).to_lowercase().replace(' ', "-");
            kept.chars().filter(|letter| letter.is_alphanumeric() || *letter == '-').collect::<String>()
        };
        let leads = match target.strip_prefix('#') {
            Some(place) => text().lines().any(|line| line.starts_with('#') && anchor(line) == place),
            None => root().join(&target).exists(),
        };
        assert!(leads, "README links to {target}");
    }
}
