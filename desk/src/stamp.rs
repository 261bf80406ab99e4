//! What a run depends on: told when it ends, compared with what lies in the folder now.

use crate::folder::Folder;
use crate::quarter::OpenQuarter;
use crate::refusal::Refusal;
use crate::work::Work;
use crate::{empty, mapping, mends, organisation, questions, received, store, warnings};
use std::fmt::Write;
use std::fs;
use std::path::Path;

/// What a run depends on: names, sizes and times of records, the bytes of everything smaller.
///
/// # Errors
/// Something cannot be read.
pub fn stamp(folder: &Folder, quarter: &OpenQuarter, (work, form): (Work, &str)) -> Result<String, Refusal> {
    let forms = if work == Work::Own { quarter.settings.forms.join(",") } else { form.to_owned() };
    let mut stamp = format!("{forms}\n");
    let (shared, own, folders): (&[&str], &[&str], [&str; 2]) = match work {
        Work::Own => (
            &[organisation::FILE, mapping::FILE],
            &[warnings::FILE, questions::FILE, mends::FILE, empty::FILE],
            ["records", "attachments"],
        ),
        Work::Region => (&[organisation::FILE], &[questions::FILE, received::FILE], [received::FOLDER, "attachments"]),
    };
    for name in shared {
        let _ = writeln!(stamp, "{name} {}", store::version(&folder.place(&[name])?)?);
    }
    for name in own {
        let _ = writeln!(stamp, "{name} {}", store::version(&quarter.place(folder, &[name])?)?);
    }
    for name in folders {
        stamp += &files(&quarter.place(folder, &[name])?)?;
    }
    Ok(stamp)
}

/// Whether the results are of what lies in the folder now.
///
/// # Errors
/// Something cannot be read.
pub fn is_fresh(folder: &Folder, quarter: &OpenQuarter, of: (Work, &str)) -> Result<bool, Refusal> {
    let kept = quarter.place(folder, &[".bin", &of.0.stamp(of.1)])?;
    Ok(fs::read_to_string(kept).is_ok_and(|kept| stamp(folder, quarter, of).is_ok_and(|now| now == kept)))
}

/// Bytes of the files of a folder.
///
/// # Errors
/// It cannot be read.
pub fn bytes(place: &Path) -> std::io::Result<u64> {
    fs::read_dir(place).into_iter().flatten().map(|entry| Ok(entry?.metadata()?.len())).sum()
}

/// Names, sizes and times of the files of a folder.
///
/// # Errors
/// It cannot be read.
pub fn files(place: &Path) -> std::io::Result<String> {
    let mut lines = Vec::new();
    for entry in fs::read_dir(place).into_iter().flatten() {
        let entry = entry?;
        let about = entry.metadata()?;
        let time = about.modified()?.duration_since(std::time::UNIX_EPOCH).unwrap_or_default().as_nanos();
        lines.push(format!("{} {} {time}\n", entry.file_name().to_string_lossy(), about.len()));
    }
    lines.sort_unstable();
    Ok(lines.concat())
}
