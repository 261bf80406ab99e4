//! A run: the same program with the same arguments as on a command line, as a process of its own.

use crate::folder::Folder;
use crate::quarter::OpenQuarter;
use crate::refusal::Refusal;
use crate::results::FOLDER;
use crate::{empty, mends, questions, store, warnings};
use esep::words::lang::Lang;
use serde::Serialize;
use std::fmt::Write;
use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// First argument of the desk that makes it the batch program.
pub const AS_ESEP: &str = "--as-esep";
/// The line that gives the same bytes, in the quarter's folder.
const LINE: &str = "command.txt";
/// What the inputs were when the last run ended.
const STAMP: &str = "run.json";

/// How a run goes, or how the last one went.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Standing {
    pub id: u64,
    pub quarter: String,
    pub running: bool,
    pub seconds: u64,
    /// Exit status of `esep`; absent: none, or it was ended.
    pub status: Option<i32>,
    /// What it said where it could not be done.
    pub said: String,
}

/// The one run at a time.
#[derive(Debug, Default)]
pub struct Runs {
    now: Mutex<(Standing, Option<Instant>)>,
    child: Mutex<Option<Child>>,
}

/// The arguments, as they are from the quarter's folder.
///
/// # Errors
/// A link on the way.
pub fn arguments(folder: &Folder, quarter: &OpenQuarter) -> Result<Vec<String>, Refusal> {
    let mut words: Vec<String> =
        ["generate", "records", "--form", &quarter.settings.form, "--period", &quarter.name].map(str::to_owned).into();
    let mut add = |option: &str, value: String| words.extend([option.to_owned(), value]);
    add("--organisation", "../organisation.toml".to_owned());
    if folder.place(&["mapping.toml"])?.is_file() {
        add("--mapping", "../mapping.toml".to_owned());
    }
    for (option, file) in OPTIONS {
        let place = quarter.place(folder, &[file])?;
        let is_there = if file == "attachments" {
            fs::read_dir(&place).is_ok_and(|mut entries| entries.next().is_some())
        } else {
            place.is_file()
        };
        if is_there {
            add(option, file.to_owned());
        }
    }
    if let Some(before) = before(folder, quarter)? {
        add("--previous", before);
    }
    add("--out", FOLDER.to_owned());
    words.push("--force".to_owned());
    Ok(words)
}

/// Options that are given where their file is there.
const OPTIONS: [(&str, &str); 5] = [
    ("--mends", mends::FILE),
    ("--empty", empty::FILE),
    ("--confirm", warnings::FILE),
    ("--narrative", questions::FILE),
    ("--attachments", "attachments"),
];

/// The report of the quarter before, where the desk has it.
fn before(folder: &Folder, quarter: &OpenQuarter) -> Result<Option<String>, Refusal> {
    let name = quarter.quarter.previous().to_string();
    let Ok(results) = fs::read_dir(folder.place(&[&name, FOLDER])?) else { return Ok(None) };
    let wanted = format!("{}_{name}_", quarter.settings.form);
    let mut found: Vec<String> = results
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        // the whole body's: a unit's has one more part
        .filter(|entry| entry.strip_prefix(&wanted).is_some_and(|rest| !rest.contains('_')))
        .collect();
    found.sort_unstable();
    let report = found.first().map(|found| format!("../{name}/{FOLDER}/{found}/report.json"));
    Ok(report)
}

/// The line for a terminal.
pub fn line(words: &[String]) -> String {
    let is_plain = |word: &str| word.chars().all(|letter| letter.is_alphanumeric() || "/._-,".contains(letter));
    let quoted = |word: &String| if is_plain(word) { word.clone() } else { format!("\"{word}\"") };
    format!("esep {}\n", words.iter().map(quoted).collect::<Vec<_>>().join(" "))
}

impl Runs {
    pub fn standing(&self) -> Standing {
        let now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        let (standing, begun) = &*now;
        let seconds = begun.filter(|_| standing.running).map_or(standing.seconds, |begun| begun.elapsed().as_secs());
        Standing { seconds, ..standing.clone() }
    }

    /// Begins a run; it ends by itself.
    ///
    /// # Errors
    /// One is running; the program cannot be started.
    pub fn begin(self: &Arc<Self>, folder: &Folder, quarter: &OpenQuarter, lang: Lang) -> Result<u64, Refusal> {
        let words = arguments(folder, quarter)?;
        let place = quarter.place(folder, &[])?;
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        if now.0.running {
            return Err(Refusal::new(409, "refused_running"));
        }
        let stamp = stamp(folder, quarter)?;
        store::save(&place.join(LINE), line(&words).as_bytes())?;
        let mut command = Command::new(std::env::current_exe()?);
        command.arg(AS_ESEP).args(&words).current_dir(&place).env("LC_ALL", lang.code()).env("LANG", lang.code());
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn()?;
        let said = child.stderr.take();
        let id = now.0.id + 1;
        *now = (
            Standing { id, quarter: quarter.name.clone(), running: true, ..Standing::default() },
            Some(Instant::now()),
        );
        drop(now);
        *self.child.lock().unwrap_or_else(PoisonError::into_inner) = Some(child);
        let runs = Arc::clone(self);
        thread::spawn(move || {
            let text = said.map(tail).unwrap_or_default();
            let status = runs.wait();
            if matches!(status, Some(0 | 1)) {
                let _ = fs::create_dir_all(place.join(".bin"));
                let _ = store::save(&place.join(".bin").join(STAMP), stamp.as_bytes());
            }
            let mut now = runs.now.lock().unwrap_or_else(PoisonError::into_inner);
            let seconds = now.1.map_or(0, |begun| begun.elapsed().as_secs());
            now.0 = Standing { running: false, seconds, status, said: text, ..now.0.clone() };
            if matches!(status, Some(0 | 1)) {
                now.0.said.clear();
            }
        });
        Ok(id)
    }

    fn wait(&self) -> Option<i32> {
        loop {
            let mut held = self.child.lock().unwrap_or_else(PoisonError::into_inner);
            let child = held.as_mut()?;
            if let Some(status) = child.try_wait().ok()? {
                *held = None;
                return status.code();
            }
            drop(held);
            thread::sleep(Duration::from_millis(40));
        }
    }

    /// Ends what runs: its results stay as they were before it.
    pub fn end(&self) {
        if let Some(child) = self.child.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
            let _ = child.kill();
        }
    }
}

/// Asks the program for an answer in JSON, in the quarter's folder; it writes nothing.
///
/// # Errors
/// It cannot be started, or has no answer.
pub fn ask(place: &Path, words: &[String]) -> Result<serde_json::Value, Refusal> {
    let mut command = Command::new(std::env::current_exe()?);
    let ran = command.arg(AS_ESEP).args(words).current_dir(place).stdin(Stdio::null()).output()?;
    serde_json::from_slice(&ran.stdout).map_err(|_| Refusal::new(422, "refused_no_records"))
}

/// The last of what was said, in letters.
fn tail(mut said: impl Read) -> String {
    const LETTERS: usize = 4000;
    let mut bytes = Vec::new();
    let _ = said.read_to_end(&mut bytes);
    let text = String::from_utf8_lossy(&bytes);
    let all = text.chars().count();
    text.chars().skip(all.saturating_sub(LETTERS)).collect()
}

/// What a run depends on: names, sizes and times of records, the bytes of everything smaller.
///
/// # Errors
/// Something cannot be read.
pub fn stamp(folder: &Folder, quarter: &OpenQuarter) -> Result<String, Refusal> {
    let mut stamp = format!("{}\n", quarter.settings.form);
    for name in ["organisation.toml", "mapping.toml"] {
        let _ = writeln!(stamp, "{name} {}", store::version(&folder.place(&[name])?)?);
    }
    for name in [warnings::FILE, questions::FILE, mends::FILE, empty::FILE] {
        let _ = writeln!(stamp, "{name} {}", store::version(&quarter.place(folder, &[name])?)?);
    }
    for name in ["records", "attachments"] {
        stamp += &files(&quarter.place(folder, &[name])?)?;
    }
    Ok(stamp)
}

/// Whether the results are of what lies in the folder now.
///
/// # Errors
/// Something cannot be read.
pub fn is_fresh(folder: &Folder, quarter: &OpenQuarter) -> Result<bool, Refusal> {
    let kept = quarter.place(folder, &[".bin", STAMP])?;
    Ok(fs::read_to_string(kept).is_ok_and(|kept| stamp(folder, quarter).is_ok_and(|now| now == kept)))
}

/// Names, sizes and times of the files of a folder.
///
/// # Errors
/// It cannot be read.
pub fn files(place: &Path) -> std::io::Result<String> {
    let mut lines = Vec::new();
    for entry in fs::read_dir(place).into_iter().flatten() {
        let entry = entry?;
        let about = entry.metadata()?;
        let time = about.modified()?.duration_since(std::time::UNIX_EPOCH).unwrap_or_default().as_nanos();
        lines.push(format!("{} {} {time}\n", entry.file_name().to_string_lossy(), about.len()));
    }
    lines.sort_unstable();
    Ok(lines.concat())
}
