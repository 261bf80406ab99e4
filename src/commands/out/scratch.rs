//! The folder in which results are made: gone when the run ends, however it ends.

use anyhow::{Context, Result};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tempfile::TempDir;

/// What an interruption has to know.
static IN_USE: Mutex<InUse> = Mutex::new(InUse { folders: Vec::new(), is_published: false });

const PREFIX: &str = ".esep-";
const LOCK: &str = ".lock";
/// Before the name of a result that was moved aside to be replaced.
const ASIDE: &str = "old-";
/// Exit status after Ctrl-C, as shells have it.
const INTERRUPTED: i32 = 130;
/// Time between two looks whether there was a signal.
const PAUSE: Duration = Duration::from_millis(50);

#[derive(Debug)]
struct InUse {
    /// An interruption removes them.
    folders: Vec<PathBuf>,
    /// The results are in their place: the run is done, and says so, whatever comes.
    is_published: bool,
}

/// A hidden folder beside the results, removed when dropped.
#[derive(Debug)]
pub struct Scratch {
    folder: TempDir,
    /// Held as long as the folder is in use; the system lets go of it when the process is killed.
    _lock: File,
}

fn in_use() -> MutexGuard<'static, InUse> {
    IN_USE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// From now on an interruption leaves nothing half-written: what is being put in place is finished, the rest removed.
///
/// # Errors
/// The system does not let its signals be handled.
pub fn watch_interruptions() -> Result<()> {
    let stop = Arc::new(AtomicBool::new(false));
    for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
        signal_hook::flag::register(signal, Arc::clone(&stop)).context("watching for Ctrl-C")?;
    }
    std::thread::spawn(move || {
        while !stop.load(Ordering::Relaxed) {
            std::thread::sleep(PAUSE);
        }
        let in_use = in_use(); // held to the end: no result is put in place any more
        if in_use.is_published {
            return;
        }
        for folder in &in_use.folders {
            // other threads may be writing there still
            (0..100).find(|_| fs::remove_dir_all(folder).is_ok() || !folder.exists());
        }
        std::process::exit(INTERRUPTED);
    });
    Ok(())
}

impl Scratch {
    /// Clears what killed runs have left in `out`, and makes a folder there.
    pub fn new(out: &Path) -> Result<Self> {
        sweep(out);
        let mut in_use = in_use(); // an interruption waits until it knows the folder
        loop {
            let folder = tempfile::Builder::new().prefix(PREFIX).tempdir_in(out)?;
            let place = folder.path().join(LOCK);
            // another run may take the folder for a leftover before it is locked
            let lock = match File::create(&place) {
                Err(fault) if fault.kind() == io::ErrorKind::NotFound => continue,
                made => made?,
            };
            lock.lock()?;
            if place.exists() {
                in_use.folders.push(folder.path().to_owned());
                return Ok(Self { folder, _lock: lock });
            }
        }
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Puts a finished result in its place. What stood there stays in this folder, to be removed with it.
    ///
    /// # Errors
    /// The file system does not let it be moved.
    pub fn put(&self, name: &str, place: &Path) -> io::Result<()> {
        let made = self.path().join(name);
        if !place.exists() {
            return fs::rename(made, place);
        }
        if exchange(&made, place) {
            return Ok(());
        }
        // killed between these two, a run leaves the old result aside; the next one puts it back
        fs::rename(place, self.path().join(format!("{ASIDE}{name}")))?;
        fs::rename(made, place)
    }
}

/// Swaps two folders at once, where the system can.
#[cfg(target_os = "linux")]
fn exchange(one: &Path, other: &Path) -> bool {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE).is_ok()
}

#[cfg(not(target_os = "linux"))]
fn exchange(_: &Path, _: &Path) -> bool {
    false
}

/// Puts all results in their place; an interruption waits for it, and has nothing to stop afterwards.
pub fn publishing<T>(put: impl FnOnce() -> T) -> T {
    let mut in_use = in_use();
    in_use.is_published = true;
    put()
}

impl Drop for Scratch {
    fn drop(&mut self) {
        empty(self.path());
        in_use().folders.retain(|folder| folder != self.folder.path());
    }
}

/// Removes folders of runs that are no more; results that such a run had moved aside go back to their place.
fn sweep(out: &Path) {
    let Ok(entries) = fs::read_dir(out) else { return };
    for entry in entries.flatten().filter(|entry| entry.file_name().to_string_lossy().starts_with(PREFIX)) {
        let folder = entry.path();
        let Ok(lock) = File::open(folder.join(LOCK)) else {
            let _ = fs::remove_dir(&folder); // killed before it was locked: then it is empty
            continue;
        };
        if lock.try_lock().is_err() {
            continue;
        }
        for aside in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let name = aside.file_name().to_string_lossy().into_owned();
            let place = name.strip_prefix(ASIDE).map(|name| out.join(name));
            if let Some(place) = place.filter(|place| !place.exists()) {
                let _ = fs::rename(aside.path(), place);
            }
        }
        empty(&folder);
        let _ = fs::remove_dir_all(&folder);
    }
}

/// Removes all but the lock, which goes last: by it the next run knows what a killed one has left.
fn empty(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten().filter(|entry| entry.file_name() != LOCK) {
        let path = entry.path();
        let _ = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leftovers_go_and_what_was_aside_comes_back() -> Result<()> {
        let out = tempfile::tempdir()?;
        let killed = out.path().join(".esep-killed");
        fs::create_dir_all(killed.join("old-2-mk"))?;
        fs::create_dir_all(killed.join("old-3-mk"))?;
        fs::create_dir_all(out.path().join("3-mk"))?;
        fs::write(killed.join("old-2-mk/report.json"), "whole")?;
        fs::write(killed.join(LOCK), "")?;
        let running = Scratch::new(out.path())?;
        assert!(!killed.exists() && running.path().exists());
        assert_eq!(fs::read_to_string(out.path().join("2-mk/report.json"))?, "whole");
        let other = Scratch::new(out.path())?;
        assert!(running.path().exists(), "a folder in use is no leftover");
        drop((running, other));
        let left = fs::read_dir(out.path())?.flatten().filter(|entry| entry.file_name() != "2-mk");
        assert_eq!(left.filter(|entry| entry.file_name() != "3-mk").count(), 0);
        Ok(())
    }
}
