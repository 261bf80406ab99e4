//! `sent/`: what was handed in, as it was, with SHA-256, who and when.

use crate::folder::Folder;
use crate::quarter::OpenQuarter;
use crate::refusal::Refusal;
use crate::work::Work;
use crate::{empty, mapping, mends, organisation, questions, received, store, warnings};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Where what was sent stands, in a quarter's folder.
const FOLDER: &str = "sent";
/// What a frozen folder says of itself.
const FILE: &str = "sent.json";

/// What was handed in once.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Sent {
    /// Its folder: day and revision.
    pub name: String,
    pub forms: Vec<String>,
    #[serde(default)]
    pub of: Work,
    pub person: String,
    /// When it was frozen, local time.
    pub at: String,
    /// File → SHA-256.
    pub files: BTreeMap<String, String>,
}

/// All that was handed in, the first first.
///
/// # Errors
/// A link on the way.
pub fn all(folder: &Folder, quarter: &OpenQuarter) -> Result<Vec<Sent>, Refusal> {
    let place = quarter.place(folder, &[FOLDER])?;
    let read = |entry: fs::DirEntry| serde_json::from_slice::<Sent>(&fs::read(entry.path().join(FILE)).ok()?).ok();
    let mut all: Vec<Sent> = fs::read_dir(place).into_iter().flatten().flatten().filter_map(read).collect();
    all.sort_unstable_by(|one, other| (&one.at, &one.name).cmp(&(&other.at, &other.name)));
    Ok(all)
}

/// Copies the results, and what they were made from, to a folder of their own that nobody writes again.
///
/// # Errors
/// Nobody said who hands it in; it cannot be written.
pub fn freeze(
    folder: &Folder,
    quarter: &OpenQuarter,
    (work, results): (Work, &[(String, PathBuf)]),
    person: &str,
) -> Result<Sent, Refusal> {
    if person.trim().is_empty() {
        return Err(Refusal::new(422, "refused_person"));
    }
    let now = chrono::Local::now();
    let revision = all(folder, quarter)?.len() + 1;
    let name = format!("{}_{revision}", now.format("%Y-%m-%d"));
    let target = quarter.place(folder, &[FOLDER, &name])?;
    let above = quarter.place(folder, &[FOLDER])?;
    fs::create_dir_all(&above)?;
    if target.exists() {
        return Err(Refusal::stale());
    }
    let made = tempfile::Builder::new().prefix(".esep-").tempdir_in(&above)?;
    let mut files = BTreeMap::new();
    for (form, place) in results {
        // several forms stand beside each other
        let name = if results.len() == 1 { "results".to_owned() } else { format!("results/{form}") };
        copy(place, &made.path().join(&name), &name, &mut files)?;
    }
    let own = match work {
        Work::Own => [warnings::FILE, questions::FILE, mends::FILE, empty::FILE, work.line()],
        Work::Region => [received::FILE, questions::FILE, received::TABLE, "", work.line()],
    };
    let own = own.into_iter().filter(|name| !name.is_empty());
    let shared = [organisation::FILE, mapping::FILE];
    let own = own.map(|name| (name, quarter.place(folder, &[name])));
    for (name, place) in own.chain(shared.iter().map(|name| (*name, folder.place(&[name])))) {
        let place = place?;
        if place.is_file() {
            take(&place, &made.path().join(name), name, &mut files)?;
        }
    }
    let sent = Sent {
        name,
        forms: results.iter().map(|(form, _)| form.clone()).collect(),
        of: work,
        person: person.trim().to_owned(),
        at: now.format("%Y-%m-%dT%H:%M:%S").to_string(),
        files,
    };
    store::save(&made.path().join(FILE), &serde_json::to_vec_pretty(&sent)?)?;
    fs::rename(made.path(), &target)?;
    let _ = made.keep();
    Ok(sent)
}

/// Copies a folder; what begins with a dot is the program's own. The quarantine stays where it is: it is not sent.
fn copy(from: &Path, to: &Path, prefix: &str, files: &mut BTreeMap<String, String>) -> Result<(), Refusal> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let kind = entry.file_type()?;
        if name.starts_with('.') || name == "quarantine" {
            continue;
        }
        let key = format!("{prefix}/{name}");
        if kind.is_dir() {
            copy(&entry.path(), &to.join(&name), &key, files)?;
        } else if kind.is_file() {
            take(&entry.path(), &to.join(&name), &key, files)?;
        }
    }
    Ok(())
}

fn take(from: &Path, to: &Path, name: &str, files: &mut BTreeMap<String, String>) -> Result<(), Refusal> {
    fs::copy(from, to)?;
    files.insert(name.to_owned(), store::version(to)?);
    Ok(())
}
