//! The desk in a real browser: `tests/browser/desk*.test.js` drive headless Chromium.

use super::client::DESK;
use super::made::{FOURTH, NUMBERS, PEOPLE, THIRD, write};
use super::said::{answered, with_books};
use std::path::Path;
use std::process::Command;

/// Where Debian and others put the browser.
const BROWSERS: [&str; 3] = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/// Runs a file of tests; what it said.
fn driven(file: &str, given: &[(&str, String)]) {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/browser");
    let browser = BROWSERS.into_iter().find(|path| Path::new(path).exists());
    let driver = tests.join("node_modules/playwright-core").is_dir();
    let node = Command::new("node").arg("--version").output().is_ok();
    let Some(browser) = browser.filter(|_| driver && node) else {
        assert!(std::env::var_os("CI").is_none(), "CI must install chromium, and npm ci in tests/browser");
        eprintln!("SKIPPED the desk in a browser: it needs chromium, node, and `npm ci` in tests/browser");
        return;
    };
    let mut command = Command::new("node");
    command.args(["--test", "--test-concurrency=1", "--test-reporter=spec", file]).current_dir(tests);
    let given = given.iter().map(|(name, value)| (*name, value.as_str()));
    let ran = command.env("CHROMIUM", browser).env("DESK", DESK).envs(given).output().expect("node runs");
    let said = String::from_utf8_lossy(&ran.stdout);
    assert!(ran.status.success(), "{said}\n{}", String::from_utf8_lossy(&ran.stderr));
    println!("{said}");
}

#[test]
fn a_quarter_from_files_to_what_is_handed_in() {
    driven("desk.test.js", &[]);
}

/// Four books of 545 rows as people keep them, and those of the next quarter: to a frozen PDF.
#[test]
fn her_own_books_to_a_frozen_pdf() {
    let scratch = tempfile::tempdir().unwrap();
    for (name, quarter) in [("third", &THIRD), ("fourth", &FOURTH)] {
        assert_eq!(quarter.months.len(), 3);
        let folder = scratch.path().join(name);
        std::fs::create_dir(&folder).unwrap();
        let truth = write(&folder, quarter);
        assert!(truth.iter().map(|(_, _, rows)| rows).sum::<u64>() > 545);
    }
    let private: Vec<&str> = PEOPLE.into_iter().chain(NUMBERS).collect();
    let given = [("BOOKS", scratch.path().display().to_string()), ("PRIVATE", private.join("|"))];
    driven("books.test.js", &given);
}

#[test]
fn what_goes_wrong_on_a_desk() {
    let desk = with_books();
    let answers = desk.home.path().join("questions.xlsx");
    std::fs::write(&answers, answered(&desk, "да")).unwrap();
    let books = desk.home.path().join("books");
    driven("mistakes.test.js", &[("BOOKS", books.display().to_string()), ("ANSWERS", answers.display().to_string())]);
}

#[test]
fn the_region_in_a_browser() {
    driven("region.test.js", &[]);
}
