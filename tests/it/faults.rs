//! Every finding code has a minimal folder that provokes it and nothing else.

use super::bench::{Case, definitions, root};
use serde::Deserialize;
use std::collections::BTreeSet;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Folder {
    form: String,
    period: String,
    /// Rules that cannot but fire as well.
    #[serde(default)]
    also: Vec<String>,
    organisation: Option<String>,
    previous: Option<String>,
    confirm: Option<String>,
}

/// Findings of filed forms; the program's own forms cannot have them.
const OF_FILED_FORMS: [&str; 3] = ["F-133", "F-134", "F-135"];

fn folders() -> Vec<(String, std::path::PathBuf)> {
    let entries = std::fs::read_dir(root().join("tests/findings")).expect("tests/findings");
    let mut folders: Vec<_> = entries
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().into_string().unwrap(), entry.path()))
        .collect();
    folders.sort();
    folders
}

#[test]
fn every_folder_provokes_its_code_and_nothing_else() {
    let mut faults = Vec::new();
    for (name, path) in folders() {
        let folder: Folder =
            toml::from_str(&std::fs::read_to_string(path.join("case.toml")).expect("case.toml")).expect("case.toml");
        let mut case = Case::new(&path, &folder.form, &folder.period);
        if let Some(more) = &folder.organisation {
            case.organisation.push_str(more);
        }
        case.previous.extend(folder.previous.map(|file| path.join(file)));
        case.confirm = folder.confirm.map(|file| path.join(file));
        let code = name.split('-').take(2).collect::<Vec<_>>().join("-");
        let mut expected: BTreeSet<String> = folder.also.into_iter().collect();
        expected.insert(code);
        let found: BTreeSet<String> = case.run().codes().into_iter().collect();
        if found != expected {
            faults.push(format!("{name}: expected {expected:?}, found {found:?}"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_code_has_a_folder() {
    let folders: BTreeSet<String> = folders().into_iter().map(|(name, _)| name).collect();
    let lacking: Vec<String> = definitions()
        .wordings
        .iter()
        .filter(|wording| !OF_FILED_FORMS.contains(&wording.code.as_str()))
        .map(|wording| format!("{}-{}", wording.code, wording.name))
        .filter(|name| !folders.contains(name))
        .collect();
    assert!(lacking.is_empty(), "no folder for {lacking:?}");
}
