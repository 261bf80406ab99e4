//! The desk in a real browser: `tests/browser/desk.test.js` drives headless Chromium.

use super::client::DESK;
use std::path::Path;
use std::process::Command;

/// Where Debian and others put the browser.
const BROWSERS: [&str; 3] = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

#[test]
fn a_quarter_from_files_to_what_is_handed_in() {
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
    command.args(["--test", "--test-concurrency=1", "--test-reporter=spec", "desk.test.js"]).current_dir(tests);
    let ran = command.env("CHROMIUM", browser).env("DESK", DESK).output().expect("node runs");
    let said = String::from_utf8_lossy(&ran.stdout);
    assert!(ran.status.success(), "{said}\n{}", String::from_utf8_lossy(&ran.stderr));
    println!("{said}");
}
