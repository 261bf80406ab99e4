//! What a run was about to replace: by it the next run takes back what a killed one did by half.

use crate::commands::out::moves::{Moves, is_there};
use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::io;
use std::path::Path;

/// Name of the file, beside the results in the making.
pub const JOURNAL: &str = ".journal";
/// Before the name of a result that was moved aside to be replaced.
pub const ASIDE: &str = "old-";

/// One result: its name, and by what the new one is known wherever it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    pub name: String,
    /// Device and number; absent where the system has none.
    id: Option<(u64, u64)>,
}

#[cfg(unix)]
fn identity(path: &Path) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    path.symlink_metadata().ok().map(|about| (about.dev(), about.ino()))
}

#[cfg(not(unix))]
fn identity(_: &Path) -> Option<(u64, u64)> {
    None
}

/// How a result came to its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Nothing was there.
    Placed,
    /// The old one stands where the new one was made.
    Swapped,
    /// The old one was moved aside.
    Aside,
}

/// A folder in which results are made, and the one in which they are put.
#[derive(Debug, Clone, Copy)]
pub struct Sides<'s> {
    pub scratch: &'s Path,
    pub out: &'s Path,
    pub moves: &'s Moves,
}

impl Sides<'_> {
    /// Notes what is about to be put in place.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn note(self, names: &[String]) -> io::Result<()> {
        let entry = |name: &String| Entry { name: name.clone(), id: identity(&self.scratch.join(name)) };
        let entries: Vec<Entry> = names.iter().map(entry).collect();
        let file = File::create(self.scratch.join(JOURNAL))?;
        serde_json::to_writer(&file, &entries)?;
        file.sync_all()
    }

    /// Puts a result in its place. What stood there stays in the scratch folder.
    ///
    /// # Errors
    /// It cannot be moved; then the old one is in its place, or the fault is marked as `Lost`.
    pub fn put(self, name: &str) -> Result<Step, Lost> {
        let (made, place) = (self.scratch.join(name), self.out.join(name));
        if !is_there(&place) {
            return self.moves.rename(&made, &place).map(|()| Step::Placed).map_err(Lost::none);
        }
        if (self.moves.exchange)(&made, &place) {
            return Ok(Step::Swapped);
        }
        let aside = self.scratch.join(format!("{ASIDE}{name}"));
        self.moves.rename(&place, &aside).map_err(Lost::none)?;
        match self.moves.rename(&made, &place) {
            Ok(()) => Ok(Step::Aside),
            Err(fault) => Err(Lost { is_aside: self.moves.rename(&aside, &place).is_err(), fault }),
        }
    }

    /// Takes a result back, so that the old one stands in its place again.
    ///
    /// # Errors
    /// It cannot be moved.
    pub fn take_back(self, name: &str, step: Step) -> io::Result<()> {
        let (made, place) = (self.scratch.join(name), self.out.join(name));
        let aside = self.scratch.join(format!("{ASIDE}{name}"));
        match step {
            Step::Swapped if (self.moves.exchange)(&made, &place) => return Ok(()),
            Step::Swapped => self.moves.rename(&made, &aside)?,
            Step::Placed | Step::Aside => {}
        }
        self.moves.rename(&place, &made)?;
        if step == Step::Placed { Ok(()) } else { self.moves.rename(&aside, &place) }
    }

    /// Takes back what a killed run put in place, unless it was done with all; what it had moved aside goes back.
    ///
    /// # Errors
    /// Something cannot be moved: the folder must stay.
    pub fn recover(self) -> io::Result<()> {
        let text = fs::read(self.scratch.join(JOURNAL)).unwrap_or_default();
        // one that breaks off was not finished before anything was moved
        let entries: Vec<Entry> = serde_json::from_slice(&text).unwrap_or_default();
        let placed: Vec<&Entry> = entries.iter().filter(|entry| self.is_placed(entry)).collect();
        if placed.len() < entries.len() {
            for entry in placed.into_iter().rev() {
                let aside = is_there(&self.scratch.join(format!("{ASIDE}{}", entry.name)));
                let swapped = is_there(&self.scratch.join(&entry.name));
                let step = if aside {
                    Step::Aside
                } else if swapped {
                    Step::Swapped
                } else {
                    Step::Placed
                };
                self.take_back(&entry.name, step)?;
            }
        }
        for aside in fs::read_dir(self.scratch)?.flatten() {
            let name = aside.file_name().to_string_lossy().into_owned();
            let place = name.strip_prefix(ASIDE).map(|name| self.out.join(name));
            if let Some(place) = place.filter(|place| !is_there(place)) {
                self.moves.rename(&aside.path(), &place)?;
            }
        }
        Ok(())
    }

    fn is_placed(self, entry: &Entry) -> bool {
        match entry.id {
            Some(id) => identity(&self.out.join(&entry.name)) == Some(id),
            None => !is_there(&self.scratch.join(&entry.name)),
        }
    }
}

/// A result that could not be put in place.
#[derive(Debug)]
pub struct Lost {
    pub fault: io::Error,
    /// The old one is not in its place, either.
    pub is_aside: bool,
}

impl Lost {
    fn none(fault: io::Error) -> Self {
        Self { fault, is_aside: false }
    }
}
