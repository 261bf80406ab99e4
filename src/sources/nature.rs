//! What a file is that is no table of records: said where it could not be read.

use crate::definitions::format::{FileFormat, formats};
use crate::words::finding::{Finding, Place};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

/// Bytes at the beginning of a file, and at its end, where archives say what is in them.
const HEAD: u64 = 4 << 10;
const TAIL: u64 = 64 << 10;

/// The kind of a file by its content.
///
/// # Errors
/// It cannot be read.
pub fn of(path: &Path) -> io::Result<Option<&'static FileFormat>> {
    let mut file = File::open(path)?;
    let mut ends = Vec::new();
    file.by_ref().take(HEAD).read_to_end(&mut ends)?;
    let length = file.metadata()?.len();
    if length > HEAD {
        file.seek(SeekFrom::Start(HEAD.max(length.saturating_sub(TAIL))))?;
        file.take(TAIL).read_to_end(&mut ends)?;
    }
    Ok(formats().iter().find(|format| format.is(&ends)))
}

/// The kind of a file by its content, else by its name.
pub fn of_any(path: &Path) -> Option<&'static FileFormat> {
    let by_name = || by_extension(&path.extension().unwrap_or_default().to_string_lossy().to_lowercase());
    of(path).ok().flatten().or_else(by_name)
}

/// The kind that an extension promises, in small letters and without its point.
pub(crate) fn by_extension(extension: &str) -> Option<&'static FileFormat> {
    formats().iter().find(|format| format.extensions.iter().any(|own| own == extension))
}

/// That a file is of a kind that is not read.
pub fn told(format: &FileFormat, place: Place) -> Finding {
    Finding::new("file_other_kind", place).with_text("kind", &format.name)
}
