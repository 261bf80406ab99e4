//! The line of `esep` that gives the same bytes as the desk.

use crate::folder::Folder;
use crate::quarter::OpenQuarter;
use crate::refusal::Refusal;
use crate::work::Work;
use crate::{empty, mapping, mends, questions, received, warnings};
use std::fs;

/// Options that are given where their file is there.
const OPTIONS: [(&str, &str); 5] = [
    ("--mends", mends::FILE),
    ("--empty", empty::FILE),
    ("--confirm", warnings::FILE),
    ("--narrative", questions::FILE),
    ("--attachments", "attachments"),
];

/// The arguments, as they are from the quarter's folder.
///
/// # Errors
/// A link on the way.
pub fn arguments(folder: &Folder, quarter: &OpenQuarter, (work, form): (Work, &str)) -> Result<Vec<String>, Refusal> {
    let forms = quarter.settings.forms.join(",");
    let (first, forms): ([&str; 2], &str) = match work {
        Work::Own => (["generate", "records"], &forms),
        Work::Region => (["consolidate", received::FOLDER], form),
    };
    let mut words: Vec<String> = first.map(str::to_owned).into();
    let mut add = |option: &str, value: &str| words.extend([option.to_owned(), value.to_owned()]);
    add("--form", forms);
    add("--period", &quarter.name);
    add("--organisation", "../organisation.toml");
    if work == Work::Region {
        add("--received", received::TABLE);
    } else if folder.place(&[mapping::FILE])?.is_file() {
        add("--mapping", "../mapping.toml");
    }
    let of_whole = [questions::FILE, "attachments"];
    for (option, file) in OPTIONS.into_iter().filter(|(_, file)| work == Work::Own || of_whole.contains(file)) {
        let place = quarter.place(folder, &[file])?;
        let is_there = if file == "attachments" {
            fs::read_dir(&place).is_ok_and(|mut entries| entries.next().is_some())
        } else {
            place.is_file()
        };
        if is_there {
            add(option, file);
        }
    }
    let own: Vec<&str> =
        if work == Work::Own { quarter.settings.forms.iter().map(String::as_str).collect() } else { vec![form] };
    let before: Vec<String> = own
        .into_iter()
        .filter_map(|form| before(folder, quarter, (work, form)).transpose())
        .collect::<Result<_, _>>()?;
    if !before.is_empty() {
        words.push("--previous".to_owned());
        words.extend(before);
    }
    if work == Work::Region {
        words.push("--provisional".to_owned());
    }
    words.extend(["--out", work.folder(), "--force"].map(str::to_owned));
    Ok(words)
}

/// The report of the quarter before, where the desk has it.
fn before(folder: &Folder, quarter: &OpenQuarter, (work, form): (Work, &str)) -> Result<Option<String>, Refusal> {
    let name = quarter.quarter.previous().to_string();
    let Ok(results) = fs::read_dir(folder.place(&[&name, work.folder()])?) else { return Ok(None) };
    let wanted = format!("{form}_{name}_");
    let mut found: Vec<String> = results
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        // the whole body's: a unit's has one more part
        .filter(|entry| entry.strip_prefix(&wanted).is_some_and(|rest| !rest.contains('_')))
        .collect();
    found.sort_unstable();
    Ok(found.first().map(|found| format!("../{name}/{}/{found}/report.json", work.folder())))
}

/// The line for a terminal.
pub fn line(words: &[String]) -> String {
    let is_plain = |word: &str| word.chars().all(|letter| letter.is_alphanumeric() || "/._-,".contains(letter));
    let quoted = |word: &String| if is_plain(word) { word.clone() } else { format!("\"{word}\"") };
    format!("esep {}\n", words.iter().map(quoted).collect::<Vec<_>>().join(" "))
}
