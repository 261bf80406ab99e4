//! The user's profile: which folder the desk keeps, and where the one that runs is open.

use esep::records::quarantine::create;
use serde::{Deserialize, Serialize};
use std::fs::{self, File, TryLockError};
use std::io::{Error, ErrorKind, Result, Write};
use std::path::{Path, PathBuf};

/// Held as long as a desk runs.
const LOCK: &str = "desk.lock";
/// Where it is open.
const OPEN: &str = "desk.json";

/// What a second start needs to open the first.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Open {
    /// The folder that the desk keeps.
    pub root: PathBuf,
    #[serde(default)]
    pub port: u16,
    /// Empty once the desk has ended.
    #[serde(default)]
    pub token: String,
}

/// The profile of a desk that runs: as long as it lives, no other starts.
#[derive(Debug)]
pub struct Held {
    folder: PathBuf,
    _lock: File,
}

/// Whose desk it is.
#[derive(Debug)]
pub enum Start {
    First(Held),
    /// Another runs already.
    Second(Open),
}

/// Takes the lock, or says where the other is.
///
/// # Errors
/// The profile cannot be read or written.
pub fn start() -> Result<Start> {
    let folder = folder()?;
    fs::create_dir_all(&folder)?;
    let path = folder.join(LOCK);
    let lock = match File::options().write(true).open(&path) {
        Ok(lock) => lock,
        Err(_) => create(&path)?,
    };
    match lock.try_lock() {
        Ok(()) => Ok(Start::First(Held { folder, _lock: lock })),
        Err(TryLockError::WouldBlock) => Ok(Start::Second(read(&folder).unwrap_or_default())),
        Err(TryLockError::Error(fault)) => Err(fault),
    }
}

impl Held {
    /// The folder that was kept before.
    pub fn remembered(&self) -> Option<PathBuf> {
        read(&self.folder).map(|open| open.root).filter(|root| !root.as_os_str().is_empty())
    }

    /// Says where the desk is open, to its owner alone.
    ///
    /// # Errors
    /// The profile cannot be written.
    pub fn tell(&self, open: &Open) -> Result<()> {
        let path = self.folder.join(OPEN);
        // made anew: an older file may be readable for others
        let _ = fs::remove_file(&path);
        let mut file = create(&path)?;
        file.write_all(&serde_json::to_vec(open)?)?;
        file.sync_all()
    }
}

fn read(folder: &Path) -> Option<Open> {
    serde_json::from_slice(&fs::read(folder.join(OPEN)).ok()?).ok()
}

fn folder() -> Result<PathBuf> {
    let of = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let own = if cfg!(windows) { of("LOCALAPPDATA") } else { of("XDG_CONFIG_HOME") };
    let home = || home().map(|home| home.join(".config"));
    let base = own.or_else(home).ok_or_else(|| Error::new(ErrorKind::NotFound, "no profile"))?;
    Ok(base.join("esep"))
}

/// The user's own folder.
pub fn home() -> Option<PathBuf> {
    let name = if cfg!(windows) { "USERPROFILE" } else { "HOME" };
    std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from)
}
