//! A run: the same program with the same arguments as on a command line, as a process of its own.

use crate::folder::Folder;
use crate::line::{arguments, line};
use crate::quarter::OpenQuarter;
use crate::refusal::Refusal;
use crate::stamp::stamp;
use crate::store;
use crate::work::Work;
use esep::words::lang::Lang;
use serde::Serialize;
use std::fs;
use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// First argument of the desk that makes it the batch program.
pub const AS_ESEP: &str = "--as-esep";

/// How a run goes, or how the last one went.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Standing {
    pub id: u64,
    pub quarter: String,
    pub of: Work,
    pub running: bool,
    pub seconds: u64,
    /// Exit status of `esep`; absent: none, or it was ended.
    pub status: Option<i32>,
    /// What it said where it could not be done.
    pub said: String,
}

/// What is to be counted.
#[derive(Debug, Clone, Copy)]
pub struct Begun<'r> {
    pub folder: &'r Folder,
    pub quarter: &'r OpenQuarter,
    pub work: Work,
    /// Of a consolidation.
    pub form: &'r str,
    pub lang: Lang,
}

/// The one run at a time.
#[derive(Debug, Default)]
pub struct Runs {
    now: Mutex<(Standing, Option<Instant>)>,
    child: Mutex<Option<Child>>,
    ended: OnceLock<Sender<String>>,
}

impl Runs {
    /// The quarters of which a run of the body's own ends from now on with results; for one who listens.
    pub fn ended(&self) -> Receiver<String> {
        let (tell, ended) = channel();
        let _ = self.ended.set(tell);
        ended
    }

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
    pub fn begin(self: &Arc<Self>, begun: &Begun<'_>) -> Result<u64, Refusal> {
        let Begun { folder, quarter, work, form, lang } = *begun;
        let words = arguments(folder, quarter, (work, form))?;
        let place = quarter.place(folder, &[])?;
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        if now.0.running {
            return Err(Refusal::new(409, "refused_running"));
        }
        let (stamp, kept) = (stamp(folder, quarter, (work, form))?, work.stamp(form));
        store::save(&place.join(work.line()), line(&words).as_bytes())?;
        let mut command = Command::new(std::env::current_exe()?);
        command.arg(AS_ESEP).args(&words).current_dir(&place).env("ESEP_LANG", lang.code());
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn()?;
        let said = child.stderr.take();
        let id = now.0.id + 1;
        *now = (
            Standing { id, quarter: quarter.name.clone(), of: work, running: true, ..Standing::default() },
            Some(Instant::now()),
        );
        drop(now);
        *self.child.lock().unwrap_or_else(PoisonError::into_inner) = Some(child);
        let runs = Arc::clone(self);
        thread::spawn(move || {
            let text = said.map(tail).unwrap_or_default();
            let status = runs.wait();
            // a consolidation stands even where files could not be read: then it says which
            let stands = matches!(status, Some(0 | 1)) || work == Work::Region && status == Some(3);
            if stands {
                let _ = fs::create_dir_all(place.join(".bin"));
                let _ = store::save(&place.join(".bin").join(kept), stamp.as_bytes());
            }
            let mut now = runs.now.lock().unwrap_or_else(PoisonError::into_inner);
            let seconds = now.1.map_or(0, |begun| begun.elapsed().as_secs());
            now.0 = Standing { running: false, seconds, status, said: text, ..now.0.clone() };
            if matches!(status, Some(0 | 1)) {
                now.0.said.clear();
            }
            if let Some(tell) = runs.ended.get().filter(|_| stands && work == Work::Own) {
                let _ = tell.send(now.0.quarter.clone());
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

/// The last of what was said, in letters.
fn tail(mut said: impl Read) -> String {
    const LETTERS: usize = 4000;
    let mut bytes = Vec::new();
    let _ = said.read_to_end(&mut bytes);
    let text = String::from_utf8_lossy(&bytes);
    let all = text.chars().count();
    text.chars().skip(all.saturating_sub(LETTERS)).collect()
}
