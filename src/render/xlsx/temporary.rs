//! Where workbooks keep rows while they are made: beside the results, not in a folder of the system that may be full.

use crate::render::packed::of_any_system;
use anyhow::Result;
use rust_xlsxwriter::Workbook;
use std::cell::RefCell;
use std::path::{Path, PathBuf};

/// A workbook of more rows is packed quickly: by level 6, the library's own, packing takes three times as long and spares a
/// seventh of the bytes.
const LARGE: usize = 5_000;
const QUICK: u8 = 3;

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

/// Chooses how a workbook of so many rows is packed; the level, where it is not the library's own.
pub(super) fn pack(workbook: &mut Workbook, rows: usize) -> Option<u8> {
    let level = (rows > LARGE).then_some(QUICK)?;
    workbook.set_zip_compression_level(level);
    Some(level)
}

/// The bytes of a finished workbook, the same on every system.
///
/// # Errors
/// The library cannot write it: a folder is full, a sheet too large.
pub(super) fn saved(workbook: &mut Workbook) -> Result<Vec<u8>> {
    Ok(of_any_system(workbook.save_to_buffer()?))
}
