//! Moving files and folders, with patience where another program holds them, and bringing them to the disk.

use crate::words::failure::is_held;
use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Sender, channel};
use std::thread::scope;
use std::time::Duration;

/// How long a scanner, an indexer or a cloud folder may hold a file.
const PATIENCE: Duration = Duration::from_secs(2);
/// Time between two tries.
const PAUSE: Duration = Duration::from_millis(100);

type Rename = dyn Fn(&Path, &Path) -> io::Result<()>;
type Exchange = dyn Fn(&Path, &Path) -> bool;

/// What the system does when something is moved; tests let it fail.
pub struct Moves {
    pub rename: Box<Rename>,
    /// Swaps two folders at once, where the system can.
    pub exchange: Box<Exchange>,
    pub patience: Duration,
}

impl fmt::Debug for Moves {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Moves").field("patience", &self.patience).finish_non_exhaustive()
    }
}

impl Moves {
    pub fn of_system() -> Self {
        let rename = |from: &Path, to: &Path| fs::rename(from, to);
        Self { rename: Box::new(rename), exchange: Box::new(exchange), patience: PATIENCE }
    }

    /// Moves, again and again where something holds the file for a moment.
    ///
    /// # Errors
    /// The last one.
    pub fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut waited = Duration::ZERO;
        loop {
            match (self.rename)(from, to) {
                Err(fault) if is_held(&fault) && waited < self.patience => {
                    std::thread::sleep(PAUSE);
                    waited += PAUSE;
                }
                done => return done,
            }
        }
    }
}

#[cfg(target_os = "linux")]
fn exchange(one: &Path, other: &Path) -> bool {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE).is_ok()
}

#[cfg(not(target_os = "linux"))]
fn exchange(_: &Path, _: &Path) -> bool {
    false
}

/// Whether something has the name, be it a link that leads nowhere.
pub fn is_there(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

/// Brings a file, or a folder with all that is in it, to the disk: a loss of power loses nothing of it.
///
/// # Errors
/// The disk cannot take it.
pub fn settle(path: &Path) -> io::Result<()> {
    let (mut files, mut folders) = (Vec::new(), Vec::new());
    gather(path, &mut files, &mut folders)?;
    if files.len() > MANY && settle_all(path) {
        return Ok(());
    }
    files.iter().try_for_each(|file| settle_file(file))?;
    // what is inside goes before the entry that leads to it
    folders.iter().rev().try_for_each(|folder| settle_folder(folder))
}

/// Does work while large files of the folders that it names are brought to the disk: less is left to wait for at its end.
pub fn settling<R>(work: impl FnOnce(&Sender<PathBuf>) -> R) -> R {
    let (send, receive) = channel::<PathBuf>();
    let settle_large = |folder: &Path| -> io::Result<()> {
        let (mut files, mut folders) = (Vec::new(), Vec::new());
        gather(folder, &mut files, &mut folders)?;
        let is_large = |file: &&PathBuf| file.metadata().is_ok_and(|file| file.len() >= LARGE);
        files.iter().filter(is_large).try_for_each(|file| settle_file(file))
    };
    scope(|scope| {
        // what fails here does so again at the end, and is told there
        scope.spawn(move || receive.into_iter().for_each(|folder| drop(settle_large(&folder))));
        let done = work(&send);
        drop(send);
        done
    })
}

fn gather(path: &Path, files: &mut Vec<PathBuf>, folders: &mut Vec<PathBuf>) -> io::Result<()> {
    let kind = path.symlink_metadata()?.file_type();
    if kind.is_file() {
        files.push(path.to_owned());
    } else if kind.is_dir() {
        folders.push(path.to_owned());
        for entry in fs::read_dir(path)? {
            gather(&entry?.path(), files, folders)?;
        }
    }
    Ok(())
}

/// Bytes of a file that takes the disk a while.
const LARGE: u64 = 1 << 24;
/// Files that are brought to the disk one by one; of more the whole disk at once is quicker.
const MANY: usize = 64;

#[cfg(target_os = "linux")]
fn settle_all(path: &Path) -> bool {
    File::open(path).is_ok_and(|folder| rustix::fs::syncfs(folder).is_ok())
}

#[cfg(not(target_os = "linux"))]
fn settle_all(_: &Path) -> bool {
    false
}

fn settle_file(path: &Path) -> io::Result<()> {
    // Windows brings only to the disk what is open for writing
    match OpenOptions::new().write(true).open(path) {
        Ok(file) => unless_impossible(file.sync_all()),
        Err(fault) if fault.kind() == ErrorKind::PermissionDenied => Ok(()), // a file of people that is carried along
        Err(fault) => Err(fault),
    }
}

/// The entries of a folder.
///
/// # Errors
/// The disk cannot take them.
pub fn settle_folder(path: &Path) -> io::Result<()> {
    if cfg!(windows) { Ok(()) } else { unless_impossible(File::open(path)?.sync_all()) }
}

/// Some network folders know no such thing.
fn unless_impossible(done: io::Result<()>) -> io::Result<()> {
    match done {
        Err(fault) if matches!(fault.kind(), ErrorKind::InvalidInput | ErrorKind::Unsupported) => Ok(()),
        done => done,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    #[test]
    fn what_is_held_is_tried_again_and_all_else_is_not() {
        let held = || io::Error::from(ErrorKind::ResourceBusy);
        for (tries, fault, done) in [(3, ErrorKind::ResourceBusy, true), (1, ErrorKind::NotFound, false)] {
            let tried = std::rc::Rc::new(Cell::new(0));
            let count = std::rc::Rc::clone(&tried);
            let rename = move |_: &Path, _: &Path| {
                count.set(count.get() + 1);
                if done && count.get() == tries { Ok(()) } else { Err(io::Error::from(fault)) }
            };
            let patience = Duration::from_secs(1);
            let moves = Moves { rename: Box::new(rename), exchange: Box::new(|_, _| false), patience };
            assert_eq!(moves.rename(Path::new("a"), Path::new("b")).is_ok(), done);
            assert_eq!(tried.get(), tries);
        }
        let patience = Duration::from_millis(150);
        let moves = Moves { rename: Box::new(move |_, _| Err(held())), exchange: Box::new(|_, _| false), patience };
        assert!(moves.rename(Path::new("a"), Path::new("b")).is_err(), "patience ends");
    }

    #[test]
    fn folders_of_few_and_of_many_files_reach_the_disk() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        for count in [2, MANY + 1] {
            for nth in 0..count {
                fs::write(folder.path().join(nth.to_string()), "x")?;
            }
            settle(folder.path())?;
        }
        assert!(settle(&folder.path().join("nowhere")).is_err());
        Ok(())
    }
}
