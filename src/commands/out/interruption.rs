//! Ctrl-C: what is being put in place is finished, everything else that is half-made is removed.

use anyhow::{Context, Result};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What an interruption has to know.
static IN_USE: Mutex<InUse> = Mutex::new(InUse { folders: Vec::new(), is_published: false });

/// Time in which other threads notice that their folder is gone.
const STAY: std::time::Duration = std::time::Duration::from_millis(5);
/// Exit status after Ctrl-C, as shells have it.
const INTERRUPTED: i32 = 130;

#[derive(Debug)]
struct InUse {
    /// An interruption removes them.
    folders: Vec<PathBuf>,
    /// The results are in their place: the run is done, and says so, whatever comes.
    is_published: bool,
}

fn in_use() -> MutexGuard<'static, InUse> {
    IN_USE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// From now on an interruption leaves nothing half-written.
///
/// # Errors
/// The system does not let its signals be handled.
pub fn watch() -> Result<()> {
    wait_for_signals().context("watching for Ctrl-C")
}

#[cfg(not(windows))]
fn wait_for_signals() -> Result<()> {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};
    /// Time between two looks whether there was a signal.
    const PAUSE: std::time::Duration = std::time::Duration::from_millis(50);
    let stop = Arc::new(AtomicBool::new(false));
    for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
        signal_hook::flag::register(signal, Arc::clone(&stop))?;
    }
    std::thread::spawn(move || {
        while !stop.load(Ordering::Relaxed) {
            std::thread::sleep(PAUSE);
        }
        end();
    });
    Ok(())
}

#[cfg(windows)]
fn wait_for_signals() -> Result<()> {
    Ok(ctrlc::set_handler(end)?)
}

/// Removes what is half-made and ends the run, unless its results are in their place.
fn end() {
    let in_use = in_use(); // held to the end: no result is put in place any more
    if in_use.is_published {
        return;
    }
    for folder in &in_use.folders {
        // other threads may be writing there still, or make it anew: it is gone when it stays away
        let is_gone = |_: &i32| {
            let _ = emptied(folder, remove) && fs::remove_dir_all(folder).is_ok();
            std::thread::sleep(STAY);
            !folder.exists()
        };
        (0..100).find(is_gone);
    }
    std::process::exit(INTERRUPTED);
}

/// The file of a folder that goes last: by it the next run knows what is left, where something cannot be removed.
pub const LOCK: &str = ".lock";

/// Removes all that is in a folder but its lock. Whether nothing is left.
pub fn emptied(folder: &Path, remove: impl Fn(&Path) -> io::Result<()>) -> bool {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().filter(|entry| entry.file_name() != LOCK);
    // one that cannot be removed keeps none of the others
    entries.filter(|entry| remove(&entry.path()).is_err()).count() == 0
}

/// Removes a file, or a folder with all that is in it; of a link not what is behind it.
///
/// # Errors
/// Another program holds something of it.
pub fn remove(path: &Path) -> io::Result<()> {
    if path.symlink_metadata()?.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) }
}

/// Makes a folder that an interruption removes; it waits until the folder is known.
///
/// # Errors
/// Those of the making.
pub fn known<T>(make: impl FnOnce() -> Result<(T, PathBuf)>) -> Result<T> {
    let mut in_use = in_use();
    let (made, folder) = make()?;
    in_use.folders.push(folder);
    Ok(made)
}

/// The folder is gone, or must stay.
pub fn forget(folder: &Path) {
    in_use().folders.retain(|known| known != folder);
}

/// Puts all results in their place; an interruption waits for it, and has nothing to stop afterwards.
pub fn publishing<T>(put: impl FnOnce() -> T) -> T {
    let mut in_use = in_use();
    in_use.is_published = true;
    put()
}
