//! Every finding code has a minimal folder that provokes it and nothing else.

use super::bench::{Case, definitions, root};
use esep::run::{CheckRequest, check};
use serde::Deserialize;
use std::collections::BTreeSet;
use std::path::Path;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Folder {
    #[serde(default)]
    form: String,
    #[serde(default)]
    period: String,
    /// Rules that cannot but fire as well.
    #[serde(default)]
    also: Vec<String>,
    organisation: Option<String>,
    previous: Option<String>,
    /// The folder holds a filed form: `form.csv` becomes a workbook, `report.json` stays.
    #[serde(default)]
    filed: bool,
    /// Name of the workbook.
    name: Option<String>,
    #[serde(default)]
    hidden: bool,
}

/// The carrier of the forms' own rules: its words are theirs, and so is its code.
const CARRIERS: [&str; 1] = ["F-135"];

/// Codes of what fails in a filed form.
fn codes_of_filed(path: &Path, folder: &Folder) -> BTreeSet<String> {
    let scratch = tempfile::tempdir().unwrap();
    let report = path.join("report.json");
    let file = if report.exists() {
        report
    } else {
        let file = scratch.path().join(folder.name.as_deref().unwrap_or("form.xlsx"));
        let text = std::fs::read_to_string(path.join("form.csv")).expect("form.csv");
        super::filed::canvas::typed(&text).save_as(&file, folder.hidden);
        file
    };
    let out = scratch.path().join("out");
    let request = CheckRequest { files: vec![file], out: Some(out.clone()), quiet: true, ..CheckRequest::default() };
    check(&request, definitions()).unwrap();
    let findings = std::fs::read_to_string(super::samples::only_folder(&out).join("findings.json")).unwrap();
    let findings: serde_json::Value = serde_json::from_str(&findings).unwrap();
    let all = findings["findings"].as_array().unwrap().clone();
    all.iter()
        .filter(|finding| finding["outcome"] == "fails")
        .map(|finding| finding["code"].as_str().unwrap().to_owned())
        .collect()
}

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
        let code = name.split('-').take(2).collect::<Vec<_>>().join("-");
        let mut expected: BTreeSet<String> = folder.also.iter().cloned().collect();
        expected.insert(code);
        if folder.filed {
            let found = codes_of_filed(&path, &folder);
            if found != expected {
                faults.push(format!("{name}: expected {expected:?}, found {found:?}"));
            }
            continue;
        }
        let mut case = Case::new(&path, &folder.form, &folder.period);
        if let Some(more) = &folder.organisation {
            case.organisation.push_str(more);
        }
        case.previous.extend(folder.previous.map(|file| path.join(file)));
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
        .filter(|wording| !CARRIERS.contains(&wording.code.as_str()))
        .map(|wording| format!("{}-{}", wording.code, wording.name))
        .filter(|name| !folders.contains(name))
        .collect();
    assert!(lacking.is_empty(), "no folder for {lacking:?}");
}
