//! `review.html` in a real browser: `tests/browser/` drives headless Chromium over pages made here.

use super::bench::{Case, root};
use super::review::{HOSTILE, services};
use super::samples::sample;
use std::path::Path;
use std::process::Command;

/// Where Debian and others put the browser.
const BROWSERS: [&str; 3] = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/// The browser and its driver; without them the test says so and ends, except in CI, which installs them.
fn browser() -> Option<&'static str> {
    let found = BROWSERS.into_iter().find(|path| Path::new(path).exists());
    let driver = root().join("tests/browser/node_modules/playwright-core").is_dir();
    let node = Command::new("node").arg("--version").output().is_ok();
    if found.is_some() && driver && node {
        return found;
    }
    assert!(std::env::var_os("CI").is_none(), "CI must install chromium, and npm ci in tests/browser");
    eprintln!("SKIPPED the page in a browser: it needs chromium, node, and `npm ci` in tests/browser");
    None
}

#[test]
fn the_page_works_in_a_real_browser() {
    let Some(browser) = browser() else { return };
    let path = root().join("sample-data/akimat-2026Q3");
    let mut units = Case::new(&path, "2-mk", "2026Q3");
    units.organisation = std::fs::read_to_string(path.join("organisation.toml")).unwrap();
    units.by_unit = true;
    let mut units = units.run();
    let whole = |name: &str| name.matches('_').count() == 2;
    let folders = std::fs::read_dir(units.out.path().join("out")).unwrap().map(|entry| entry.unwrap());
    let folder = folders.into_iter().find(|entry| whole(&entry.file_name().to_string_lossy())).expect("the whole");
    units.folder = folder.path();
    let runs = [
        ("units", units),
        ("central", sample("central-body-2026Q3", "1-mk")),
        ("corporation", sample("national-2026Q3", "3-mk")),
        ("portal", sample("national-2026Q3", "4-mk")),
        ("long", services(4_000, "Мемлекеттік көрсетілетін қызмет")),
        ("hostile", services(1, HOSTILE)),
    ];
    let mut command = Command::new("node");
    command.args(["--test", "--test-concurrency=1", "--test-reporter=spec"]).current_dir(root().join("tests/browser"));
    command.env("CHROMIUM", browser);
    for (name, ran) in &runs {
        command.env(format!("PAGE_{}", name.to_uppercase()), ran.folder.join("review.html"));
    }
    let ran = command.output().expect("node runs");
    let said = String::from_utf8_lossy(&ran.stdout);
    assert!(ran.status.success(), "{said}\n{}", String::from_utf8_lossy(&ran.stderr));
    println!("{said}");
}
