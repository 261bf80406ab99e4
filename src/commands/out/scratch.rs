//! The folder in which results are made: gone when the run ends, however it ends.

use crate::commands::out::interruption::{self, LOCK, emptied};
use crate::commands::out::journal::Sides;
use crate::commands::out::moves::Moves;
use anyhow::Result;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const PREFIX: &str = ".esep-";
/// What the lock says: whose folder it is.
const MARK: &str = "esep: results in the making\n";
/// What it says, too, once nothing in the folder is wanted any more, old results among it.
const DONE: &str = "to be removed\n";

/// A hidden folder beside the results, removed when dropped.
#[derive(Debug)]
pub struct Scratch {
    folder: TempDir,
    /// Held as long as the folder is in use; the system lets go of it when the process is killed.
    lock: Option<File>,
    /// Something of people is in it that could not be put back.
    stays: bool,
    /// Folders of earlier runs that could not be removed.
    unswept: Vec<PathBuf>,
}

impl Scratch {
    /// Makes a folder in `out`, and clears what killed runs have left there.
    pub fn new(out: &Path) -> Result<Self> {
        let mut scratch = interruption::known(|| {
            let scratch = Self::make(out)?;
            let path = scratch.folder.path().to_owned();
            Ok((scratch, path))
        })?;
        scratch.unswept = sweep(out, scratch.path());
        Ok(scratch)
    }

    fn make(out: &Path) -> Result<Self> {
        loop {
            let folder = tempfile::Builder::new().prefix(PREFIX).tempdir_in(out)?;
            let place = folder.path().join(LOCK);
            // another run may take the folder for a leftover before it is locked
            let mut lock = match File::create_new(&place) {
                Err(fault) if fault.kind() == ErrorKind::NotFound => continue,
                made => made?,
            };
            lock.lock()?;
            lock.write_all(MARK.as_bytes())?;
            if place.exists() {
                return Ok(Self { folder, lock: Some(lock), stays: false, unswept: Vec::new() });
            }
        }
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Leaves the folder where it is: the next run puts back what stands aside in it.
    pub fn stay(&mut self) {
        self.stays = true;
    }

    /// Removes the folder; what is left of this run and of earlier ones, since another program holds a file in it.
    /// The next run removes it.
    pub fn clear(&mut self) -> Vec<PathBuf> {
        self.clear_by(interruption::remove)
    }

    fn clear_by(&mut self, remove: impl Fn(&Path) -> io::Result<()>) -> Vec<PathBuf> {
        let mut left: Vec<PathBuf> = self.unswept.drain(..).filter(|folder| folder.exists()).collect();
        // Windows removes no folder in which a file is open: the lock is closed before its folder goes
        if let Some(mut lock) = self.lock.take().filter(|_| !self.stays) {
            interruption::forget(self.path());
            // old results that are half removed must not come back
            let _ = lock.write_all(DONE.as_bytes());
            if !emptied(self.path(), remove) {
                self.stay();
                left.push(self.path().to_owned());
            }
        }
        left
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        self.clear();
        interruption::forget(self.folder.path());
        self.folder.disable_cleanup(self.stays);
    }
}

/// Removes folders of runs that are no more; results that such a run had moved aside go back to their place. What
/// cannot be removed stays as it is, and is answered.
fn sweep(out: &Path, own: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(out).into_iter().flatten().flatten();
    let left = entries.filter(|entry| entry.file_name().to_string_lossy().starts_with(PREFIX));
    left.map(|entry| entry.path()).filter(|folder| folder != own && clear(folder, out, own).is_err()).collect()
}

/// Clears one folder, if this program made it for the same user and no run uses it.
fn clear(folder: &Path, out: &Path, own: &Path) -> io::Result<()> {
    let of_own = own.symlink_metadata()?;
    let about = folder.symlink_metadata()?;
    // a link is not followed: what is behind it is not ours
    if !about.is_dir() || !is_same_owner(&about, &of_own) {
        return Ok(());
    }
    let place = folder.join(LOCK);
    let Ok(of_lock) = place.symlink_metadata() else {
        return fs::remove_dir(folder); // killed before it was locked: then it is empty
    };
    if !of_lock.is_file() || !is_same_owner(&of_lock, &of_own) {
        return Ok(());
    }
    let mut lock = OpenOptions::new().read(true).write(true).open(&place)?;
    if lock.try_lock().is_err() {
        return Ok(());
    }
    let mut mark = String::new();
    io::Read::by_ref(&mut lock).take((MARK.len() + DONE.len()) as u64 + 1).read_to_string(&mut mark)?;
    if mark.is_empty() && fs::read_dir(folder)?.count() == 1 {
        drop(lock);
        return fs::remove_file(place).and_then(|()| fs::remove_dir(folder)); // killed while it was locked
    }
    let Some(done) = mark.strip_prefix(MARK).filter(|done| DONE.starts_with(done)) else { return Ok(()) };
    if done.is_empty() {
        Sides { scratch: folder, out, moves: &Moves::of_system() }.recover()?;
    }
    drop(lock);
    remove(folder, &about, own)
}

/// Removes a folder from within a folder that nobody else can reach: there it cannot become a link on the way.
fn remove(folder: &Path, about: &Metadata, own: &Path) -> io::Result<()> {
    let inner = own.join(folder.file_name().unwrap_or_default());
    fs::rename(folder, &inner)?;
    let now = inner.symlink_metadata()?;
    if !now.is_dir() || !is_same(&now, about) {
        return fs::rename(&inner, folder);
    }
    fs::remove_dir_all(inner)
}

#[cfg(unix)]
fn is_same_owner(one: &Metadata, other: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    one.uid() == other.uid()
}

/// On Windows who may change a folder says so by its rights: there is no owner to ask for in the library.
#[cfg(not(unix))]
fn is_same_owner(_: &Metadata, _: &Metadata) -> bool {
    true
}

#[cfg(unix)]
fn is_same(one: &Metadata, other: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (one.dev(), one.ino()) == (other.dev(), other.ino())
}

#[cfg(not(unix))]
fn is_same(_: &Metadata, _: &Metadata) -> bool {
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::out::moves::is_there;

    fn left(out: &Path, name: &str) -> io::Result<std::path::PathBuf> {
        let folder = out.join(name);
        fs::create_dir_all(folder.join("2-mk"))?;
        fs::write(folder.join("2-mk/report.json"), "half")?;
        fs::write(folder.join(LOCK), MARK)?;
        Ok(folder)
    }

    #[test]
    fn leftovers_go_and_what_was_aside_comes_back() -> Result<()> {
        let out = tempfile::tempdir()?;
        let killed = out.path().join(".esep-killed");
        fs::create_dir_all(killed.join("old-2-mk"))?;
        fs::create_dir_all(killed.join("old-3-mk"))?;
        fs::create_dir_all(out.path().join("3-mk"))?;
        fs::write(killed.join("old-2-mk/report.json"), "whole")?;
        fs::write(killed.join(LOCK), MARK)?;
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

    #[test]
    fn what_another_program_holds_is_told_and_goes_with_the_next_run() -> Result<()> {
        let out = tempfile::tempdir()?;
        let mut scratch = Scratch::new(out.path())?;
        let (folder, old) = (scratch.path().to_owned(), scratch.path().join("old-2-mk"));
        fs::create_dir_all(&old)?;
        fs::write(old.join("report.json"), "half")?;
        fs::write(folder.join("made"), "made")?;
        let held = |path: &Path| {
            if path == old { Err(io::ErrorKind::ResourceBusy.into()) } else { interruption::remove(path) }
        };
        assert_eq!(scratch.clear_by(held), [folder.as_path()]);
        drop(scratch);
        assert!(old.exists() && folder.join(LOCK).exists() && !folder.join("made").exists());
        let mut next = Scratch::new(out.path())?;
        assert!(!folder.exists() && next.clear().is_empty());
        drop(next);
        assert_eq!(fs::read_dir(out.path())?.count(), 0, "old results that are half removed do not come back");
        Ok(())
    }

    #[test]
    fn only_folders_that_this_program_made_are_cleared() -> Result<()> {
        let (out, elsewhere) = (tempfile::tempdir()?, tempfile::tempdir()?);
        let strange = out.path().join(".esep-backup");
        fs::create_dir_all(strange.join("photos"))?;
        fs::write(strange.join(LOCK), "")?;
        let foreign = left(out.path(), ".esep-foreign")?;
        fs::write(foreign.join(LOCK), "another program's\n")?;
        let unlocked = out.path().join(".esep-notes");
        fs::create_dir_all(&unlocked)?;
        fs::write(unlocked.join("notes.txt"), "notes")?;
        let (empty, own) = (out.path().join(".esep-empty"), left(out.path(), ".esep-killed")?);
        fs::create_dir(&empty)?;
        let begun = out.path().join(".esep-begun");
        fs::create_dir(&begun)?;
        fs::write(begun.join(LOCK), "")?;
        #[cfg(unix)]
        {
            // behind the link stands all that a leftover has
            let behind = left(elsewhere.path(), "documents")?;
            std::os::unix::fs::symlink(&behind, out.path().join(".esep-link"))?;
            // a leftover with links inside: they go, what is behind them stays
            std::os::unix::fs::symlink(&behind, own.join("inner"))?;
            let locked = out.path().join(".esep-locked");
            fs::create_dir_all(locked.join("photos"))?;
            std::os::unix::fs::symlink(behind.join(LOCK), locked.join(LOCK))?;
        }
        drop(Scratch::new(out.path())?);
        assert!(strange.join("photos").exists() && foreign.join("2-mk/report.json").exists());
        assert!(unlocked.join("notes.txt").exists());
        assert!(!own.exists() && !empty.exists() && !begun.exists());
        #[cfg(unix)]
        {
            assert!(elsewhere.path().join("documents/2-mk/report.json").exists(), "what is behind a link stays");
            assert!(is_there(&out.path().join(".esep-link")) && out.path().join(".esep-locked/photos").exists());
        }
        Ok(())
    }
}
