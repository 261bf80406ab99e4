//! Runs that are killed, stopped, or cannot write: the old results stand or the new ones do, whole.

use super::bench::{BIN, folder, root};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// Every file of a folder with its bytes.
fn content(place: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut all = BTreeMap::new();
    let mut folders = vec![place.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() {
                folders.push(entry);
            } else {
                all.insert(entry.strip_prefix(place).unwrap().display().to_string(), fs::read(&entry).unwrap());
            }
        }
    }
    all
}

fn names(place: &Path) -> Vec<String> {
    let entries = fs::read_dir(place).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    entries.collect()
}

/// A run over the sample of an akimat by a body of this name.
fn run(place: &Path, body: &str) -> Command {
    run_into(place, body, &place.join("out"))
}

fn run_into(place: &Path, body: &str, out: &Path) -> Command {
    let organisation = place.join("organisation.toml");
    fs::write(&organisation, format!("name_ru = \"{body}\"\nbin = \"{BIN}\"\nlanguages = [\"ru\"]\n")).unwrap();
    let mut command = heeding_interrupts(env!("CARGO_BIN_EXE_esep"));
    command.arg("generate").arg(root().join("sample-data/akimat-2026Q3"));
    command.args(["--form", "2-mk", "--period", "2026Q3", "--force", "--quiet"]);
    command.arg("--organisation").arg(organisation).arg("--out").arg(out);
    command.stderr(Stdio::null());
    command
}

/// A shell starts what runs in its background with Ctrl-C ignored, and so do these tests start the program: before it
/// watches for signals it would then pass them over.
fn heeding_interrupts(program: &str) -> Command {
    const INTERRUPT: u64 = 1 << 1;
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or_default();
    if ignored & INTERRUPT == 0 {
        return Command::new(program);
    }
    let mut command = Command::new("env");
    command.args(["--default-signal=INT", program]);
    command
}

fn finish(mut command: Command) -> BTreeMap<String, Vec<u8>> {
    command.status().unwrap();
    content(&result(command.get_args().last().map(Path::new).unwrap()))
}

fn result(out: &Path) -> std::path::PathBuf {
    out.join(format!("2-mk_2026Q3_{BIN}"))
}

/// Kills a run after a while.
fn kill(mut child: Child, after: Duration, signal: &str) -> std::process::ExitStatus {
    std::thread::sleep(after);
    let sent = Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
    let status = child.wait().unwrap();
    assert!(sent.success() || status.code().is_some());
    status
}

/// Ends runs sooner when they were done, later when they were not, so that most are ended about their last moments;
/// none: too soon to tell.
fn about_the_end(mut is_done: impl FnMut(Duration) -> Option<bool>) {
    let mut after = Duration::from_millis(1);
    let (mut done, mut stopped) = (0, 0);
    for nth in 0.. {
        match is_done(after) {
            Some(true) => (done, after) = (done + 1, after.mul_f64(0.8)),
            Some(false) => (stopped, after) = (stopped + 1, after.mul_f64(1.2)),
            None => after = after.mul_f64(1.5),
        }
        if nth >= 32 && done >= 4 && stopped >= 4 {
            return;
        }
        assert!(nth < 1000, "{done} done, {stopped} stopped");
    }
}

#[test]
fn a_killed_run_leaves_the_old_results_or_the_new_ones() {
    let place = folder(&[]);
    let new = finish(run(place.path(), "Новый"));
    let old = finish(run(place.path(), "Старый"));
    assert!(old != new && old.keys().eq(new.keys()));
    let out = place.path().join("out");
    about_the_end(|after| {
        let child = run(place.path(), "Новый").spawn().unwrap();
        kill(child, after, "-KILL");
        let left = content(&result(&out));
        assert!(left == old || left == new, "{after:?}: {:?}", left.keys());
        let is_done = left == new;
        assert!(!is_done || finish(run(place.path(), "Старый")) == old);
        Some(is_done)
    });
    finish(run(place.path(), "Старый"));
    assert_eq!(names(&out).len(), 1, "leftovers of killed runs are cleared: {:?}", names(&out));
}

#[test]
fn a_stopped_run_leaves_nothing_half_written() {
    let place = folder(&[]);
    let results = finish(run(place.path(), "Орган"));
    let mut nth = 0;
    about_the_end(|after| {
        nth += 1;
        let out = place.path().join(format!("out{nth}"));
        let status = kill(run_into(place.path(), "Орган", &out).spawn().unwrap(), after, "-INT");
        let left = if out.exists() { names(&out) } else { Vec::new() };
        match status.code() {
            Some(130) => assert!(left.is_empty(), "{after:?}: {left:?}"),
            Some(_) => assert!(left.len() == 1 && content(&result(&out)) == results, "{after:?}: {left:?}"),
            None => assert!(left.is_empty(), "before signals are watched for: {left:?}"),
        }
        status.code().map(|code| code != 130)
    });
}

#[test]
fn a_full_disk_is_said_and_changes_nothing() {
    let place = folder(&[]);
    let old = finish(run(place.path(), "Старый"));
    let command = run(place.path(), "Новый");
    for blocks in [8, 64, 200] {
        // files may not grow beyond so many blocks of 512 bytes: writing fails as on a full disk
        let mut limited = Command::new("sh");
        limited.args(["-c", "trap '' XFSZ; ulimit -f \"$1\"; shift; exec \"$@\"", "sh", &blocks.to_string()]);
        limited.arg(command.get_program()).args(command.get_args()).stderr(Stdio::piped());
        let ran = limited.output().unwrap();
        let said = String::from_utf8_lossy(&ran.stderr);
        assert!(ran.status.code().is_some_and(|code| code > 1), "{blocks}: {:?} {said}", ran.status);
        assert!(said.contains("esep:"), "{said}");
        assert!(content(&result(&place.path().join("out"))) == old, "{blocks}");
        assert_eq!(names(&place.path().join("out")).len(), 1);
    }
}
