//! Files are written beside their place and renamed; a version tells whether somebody changed one meanwhile.

use crate::refusal::Refusal;
use esep::values::digest::sha256;
use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use tempfile::NamedTempFile;

/// What a file is at the moment: its SHA-256, or nothing where there is none.
///
/// # Errors
/// It cannot be read.
pub fn version(path: &Path) -> std::io::Result<String> {
    match File::open(path) {
        Ok(file) => sha256(file),
        Err(fault) if fault.kind() == std::io::ErrorKind::NotFound => Ok(String::new()),
        Err(fault) => Err(fault),
    }
}

/// The text of a file, and its version; nothing where there is none.
///
/// # Errors
/// It cannot be read, or is no text.
pub fn read(path: &Path) -> Result<(String, String), Refusal> {
    match fs::read(path) {
        Ok(bytes) => {
            let version = sha256(&bytes[..])?;
            let text = String::from_utf8(bytes).map_err(|_| Refusal::new(422, "refused_text"))?;
            Ok((text, version))
        }
        Err(fault) if fault.kind() == std::io::ErrorKind::NotFound => Ok((String::new(), String::new())),
        Err(fault) => Err(fault.into()),
    }
}

/// A new file beside a place, to be renamed to it.
///
/// # Errors
/// The folder cannot be written.
pub fn beside(path: &Path) -> std::io::Result<NamedTempFile> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    tempfile::Builder::new().prefix(".esep-").tempfile_in(folder)
}

/// Writes a file whole or not at all.
///
/// # Errors
/// The folder cannot be written.
pub fn save(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = beside(path)?;
    file.write_all(bytes)?;
    publish(file, path)
}

/// Puts a file that was written beside its place there.
///
/// # Errors
/// The folder cannot be written.
pub fn publish(file: NamedTempFile, path: &Path) -> std::io::Result<()> {
    file.as_file().sync_all()?;
    file.persist(path).map_err(|fault| fault.error)?;
    // the new name is on the disk, too
    #[cfg(unix)]
    if let Some(folder) = path.parent() {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}
