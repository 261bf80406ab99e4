//! Packed files (XLSX, DOCX) whose bytes do not tell on which system they were made.

/// Signature of an entry in the list at the end of an archive.
const LISTED: [u8; 4] = *b"PK\x01\x02";
/// Signature of what follows the list (ZIP specification, 4.3.16).
const END: [u8; 4] = *b"PK\x05\x06";
/// Length of what follows the list, without a comment: our archives have none.
const END_LENGTH: usize = 22;
/// Length of a listed entry before its name.
const HEAD: usize = 46;
/// "Made by": Unix (4.4.2.2).
const UNIX: u8 = 3;

/// The archive as if it had been made on Unix: each listed entry names the system, and Windows names itself.
///
/// What is no archive of ours stays as it is.
pub fn of_any_system(mut archive: Vec<u8>) -> Vec<u8> {
    let Some(end) = archive.len().checked_sub(END_LENGTH).filter(|end| archive[*end..].starts_with(&END)) else {
        return archive;
    };
    let short = |bytes: &[u8], at: usize| usize::from(u16::from_le_bytes([bytes[at], bytes[at + 1]]));
    let first = [16, 17, 18, 19].map(|at| archive[end + at]);
    let mut at = usize::try_from(u32::from_le_bytes(first)).unwrap_or(usize::MAX);
    while at <= end.saturating_sub(HEAD) && archive[at..].starts_with(&LISTED) {
        archive[at + 5] = UNIX;
        at += HEAD + [28, 30, 32].map(|length| short(&archive, at + length)).iter().sum::<usize>();
    }
    archive
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::Result;
    use std::io::{Cursor, Read, Write};
    use zip::write::SimpleFileOptions;
    use zip::{DateTime, System, ZipArchive, ZipWriter};

    fn made_on(system: System) -> Result<Vec<u8>> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default().last_modified_time(DateTime::default()).system(system);
        for (name, text) in [("а.xml", "<a/>"), ("b/PK\u{1}\u{2}.xml", "PK\u{1}\u{2}"), ("c", "")] {
            writer.start_file(name, options)?;
            writer.write_all(text.as_bytes())?;
        }
        Ok(writer.finish()?.into_inner())
    }

    #[test]
    fn archives_of_both_systems_are_equal() -> Result<()> {
        let [unix, windows] = [made_on(System::Unix)?, made_on(System::Dos)?];
        assert_ne!(unix, windows, "the library names the system");
        assert_eq!(of_any_system(windows.clone()), of_any_system(unix.clone()));
        assert_eq!(of_any_system(unix.clone()), unix);
        let mut archive = ZipArchive::new(Cursor::new(of_any_system(windows)))?;
        let mut text = String::new();
        archive.by_name("b/PK\u{1}\u{2}.xml")?.read_to_string(&mut text)?;
        assert_eq!(text, "PK\u{1}\u{2}");
        Ok(())
    }

    #[test]
    fn what_is_no_archive_stays() {
        for bytes in [&b""[..], b"PK\x05\x06", b"plain text that is longer than the end of an archive", &[0; 22]] {
            assert_eq!(of_any_system(bytes.to_vec()), bytes);
        }
        let mut torn = b"PK\x05\x06".to_vec();
        torn.extend([0xff; 18]);
        assert_eq!(of_any_system(torn.clone()), torn);
    }
}
