//! Runs that are killed, stopped, or cannot write: the old results stand or the new ones do, whole.

use super::bench::{BIN, folder, root};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

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
    let mut command = Command::new(env!("CARGO_BIN_EXE_esep"));
    command.arg("generate").arg(root().join("sample-data/akimat-2026Q3"));
    command.args(["--form", "2-mk", "--period", "2026Q3", "--force", "--quiet"]);
    command.arg("--organisation").arg(organisation).arg("--out").arg(out);
    command.stderr(Stdio::null());
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

#[test]
fn a_killed_run_leaves_the_old_results_or_the_new_ones() {
    let place = folder(&[]);
    let new = finish(run(place.path(), "Новый"));
    let begun = Instant::now();
    let old = finish(run(place.path(), "Старый"));
    let whole = begun.elapsed();
    assert!(old != new && old.keys().eq(new.keys()));
    let out = place.path().join("out");
    let (mut stood, mut replaced) = (0, 0);
    for nth in 0..32 {
        let child = run(place.path(), "Новый").spawn().unwrap();
        kill(child, whole.mul_f64(1.25 * f64::from(nth) / 32.0), "-KILL");
        let left = content(&result(&out));
        assert!(left == old || left == new, "{nth}: {:?}", left.keys());
        if left == new {
            replaced += 1;
            assert!(finish(run(place.path(), "Старый")) == old);
        } else {
            stood += 1;
        }
    }
    assert!(stood > 0 && replaced > 0, "{stood} {replaced}");
    finish(run(place.path(), "Старый"));
    assert_eq!(names(&out).len(), 1, "leftovers of killed runs are cleared: {:?}", names(&out));
}

#[test]
fn a_stopped_run_leaves_nothing_half_written() {
    let place = folder(&[]);
    let begun = Instant::now();
    let results = finish(run(place.path(), "Орган"));
    let whole = begun.elapsed();
    let (mut stopped, mut done) = (0, 0);
    for nth in 1..24 {
        let out = place.path().join(format!("out{nth}"));
        let run = run_into(place.path(), "Орган", &out).spawn().unwrap();
        let status = kill(run, whole.mul_f64(f64::from(nth) / 16.0), "-INT");
        match status.code() {
            Some(130) => {
                stopped += 1;
                assert!(!out.exists() || names(&out).is_empty(), "{nth}: {:?}", names(&out));
            }
            Some(_) => {
                done += 1;
                assert_eq!(names(&out).len(), 1, "{nth}: {:?}", names(&out));
                assert!(content(&result(&out)) == results, "{nth}");
            }
            None => assert!(!out.exists(), "{nth}: a signal before it is watched for"),
        }
    }
    assert!(stopped > 0 && done > 0, "{stopped} {done}");
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
