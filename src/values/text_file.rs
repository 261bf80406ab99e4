//! Small files that people write for a run: what they are is looked at before they are read as text.

use crate::words::failure::{Halt, OrHalt};
use anyhow::{Result, bail};
use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

/// Bytes of the largest file that people write for a run.
const LARGEST: u64 = 16 << 20;

/// First bytes of archives (workbooks and documents are such), of old workbooks and documents, and of PDF.
const KINDS: [(&[u8], &str); 3] =
    [(b"PK\x03\x04", "fault_is_workbook"), (b"\xD0\xCF\x11\xE0", "fault_is_workbook"), (b"%PDF", "fault_is_pdf")];

/// The bytes of a regular file.
///
/// # Errors
/// A folder, a device, a pipe, more than 16 MB, what cannot be read.
pub fn bytes(path: &Path) -> Result<Vec<u8>> {
    bounded(path, LARGEST)
}

/// The bytes of a regular file that is not larger than `largest`, in bytes.
///
/// # Errors
/// As `bytes`.
pub fn bounded(path: &Path, largest: u64) -> Result<Vec<u8>> {
    let reading = || Halt::reading(path);
    let mut bytes = Vec::new();
    open(path)?.take(largest + 1).read_to_end(&mut bytes).or_halt(reading)?;
    if bytes.len() as u64 > largest {
        bail!(reading().because(Halt::new("fault_size").with("largest", largest >> 20)));
    }
    Ok(bytes)
}

/// A regular file, opened.
///
/// # Errors
/// A folder, a device, a pipe, what cannot be opened.
pub fn open(path: &Path) -> Result<File> {
    let reading = || Halt::reading(path);
    let about = fs::metadata(path).or_halt(reading)?;
    if about.is_dir() {
        bail!(reading().because(Halt::new("fault_is_folder")));
    }
    // to open a pipe would be to wait for somebody who writes to it
    if !about.is_file() {
        bail!(reading().because(Halt::new("fault_no_file")));
    }
    File::open(path).or_halt(reading)
}

/// The text of a file in UTF-8.
///
/// # Errors
/// As `bytes`; a workbook, a document, a PDF, another file that is no text, a text that is not UTF-8.
pub fn text(path: &Path) -> Result<String> {
    let bytes = bytes(path)?;
    let kind = KINDS.iter().find(|(head, _)| bytes.starts_with(head)).map(|(_, key)| *key);
    // every second byte of UTF-16 is zero, and its encoding is what must be said of it
    let is_wide = [b"\xFF\xFE", b"\xFE\xFF"].iter().any(|mark| bytes.starts_with(*mark));
    let binary = || (!is_wide && bytes.contains(&0)).then_some("fault_is_binary");
    if let Some(key) = kind.or_else(binary) {
        bail!(Halt::reading(path).because(Halt::new(key)));
    }
    String::from_utf8(bytes).map_err(|_| Halt::reading(path).because(Halt::new("fault_not_utf8")).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_text_or_it_is_said_what_it_is() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let said = |content: &[u8]| {
            let path = folder.path().join("a.toml");
            fs::write(&path, content)?;
            anyhow::Ok(text(&path).unwrap_or_else(|fault| format!("{fault:#}")))
        };
        assert_eq!(said("bin = \"1\"".as_bytes())?, "bin = \"1\"");
        for (content, key) in [
            (&b"PK\x03\x04.."[..], "fault_is_workbook"),
            (b"\xD0\xCF\x11\xE0\xA1\xB1", "fault_is_workbook"),
            (b"%PDF-1.7", "fault_is_pdf"),
            (b"a\0b", "fault_is_binary"),
            (b"\xFF\xFEa\0", "fault_not_utf8"),
            (b"\xCE\xF0", "fault_not_utf8"),
            (&vec![b'a'; (16 << 20) + 1], "fault_size"),
        ] {
            let said = said(content)?;
            assert!(said.contains(key), "{key}: {said}");
        }
        for (path, key) in [(folder.path(), "fault_is_folder"), (Path::new("/dev/null"), "fault_no_file")] {
            let fault = text(path).map_or_else(|fault| format!("{fault:#}"), |_| String::new());
            assert!(fault.contains(key), "{fault}");
        }
        Ok(())
    }
}
