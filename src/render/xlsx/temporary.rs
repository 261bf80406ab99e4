//! Where workbooks keep rows while they are made: beside the results, not in a folder of the system that may be full.

use crate::render::packed::of_any_system;
use anyhow::Result;
use rust_xlsxwriter::Workbook;
use std::cell::RefCell;
use std::path::{Path, PathBuf};

thread_local! {
    static FOLDER: RefCell<Option<PathBuf>> = const { RefCell::new(None) };
}

/// Does work whose workbooks keep their rows in `folder`.
pub fn within<T>(folder: &Path, work: impl FnOnce() -> T) -> T {
    let before = FOLDER.replace(Some(folder.to_owned()));
    let done = work();
    FOLDER.set(before);
    done
}

/// A new workbook.
///
/// # Errors
/// The folder cannot be written to.
pub(super) fn workbook() -> Result<Workbook> {
    let mut workbook = Workbook::new();
    if let Some(folder) = FOLDER.with_borrow(Clone::clone) {
        workbook.set_tempdir(folder)?;
    }
    Ok(workbook)
}

/// The bytes of a finished workbook, the same on every system.
///
/// # Errors
/// The library cannot write it: a folder is full, a sheet too large.
pub(super) fn saved(workbook: &mut Workbook) -> Result<Vec<u8>> {
    Ok(of_any_system(workbook.save_to_buffer()?))
}
