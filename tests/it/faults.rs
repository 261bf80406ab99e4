//! Every finding code has a minimal folder that provokes it and nothing else.

use super::bench::{Case, definitions, quietly, root};
use super::fixtures;
use esep::commands::check::CheckArgs;
use esep::commands::out::spoken::Spoken;
use esep::commands::out::status::NothingRead;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

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
    /// Text of the narrative; absent: every section is told about.
    narrative: Option<String>,
    attachments: Option<String>,
    /// Options of the command line.
    encoding: Option<String>,
    separator: Option<String>,
    #[serde(default)]
    bounds: Bounds,
    /// Files that are made by recipe: name → recipe.
    #[serde(default)]
    made: BTreeMap<String, String>,
    /// The folder holds a filed form: `form.csv` becomes a workbook, a sheet for each part between `---`;
    /// `report.json` stays.
    #[serde(default)]
    filed: bool,
    /// Name of the workbook.
    name: Option<String>,
    #[serde(default)]
    hidden: bool,
    confirm: Option<String>,
    mapping: Option<String>,
    mends: Option<String>,
    empty: Option<String>,
    /// Files that are given by their names, beside the folder.
    #[serde(default)]
    given: Vec<String>,
}

/// Smaller bounds than the program's, so that a fixture stays small.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Bounds {
    fields: Option<usize>,
    line_bytes: Option<usize>,
    workbook_bytes: Option<u64>,
    members: Option<u64>,
}

/// The carrier of the forms' own rules: its words are theirs, and so is its code. A device cannot lie in a folder of tests
/// (`privacy.rs`).
const CARRIERS: [&str; 2] = ["F-135", "F-072"];

/// Codes of what fails in a filed form.
fn codes_of_filed(path: &Path, folder: &Folder) -> BTreeSet<String> {
    let scratch = tempfile::tempdir().unwrap();
    let report = path.join("report.json");
    let file = if report.exists() {
        report
    } else {
        let file = scratch.path().join(folder.name.as_deref().unwrap_or("form.xlsx"));
        let text = std::fs::read_to_string(path.join("form.csv")).expect("form.csv");
        let sheets: Vec<_> = text.split("---\n").map(super::filed::canvas::typed).collect();
        super::filed::canvas::save_all(&sheets, &file, folder.hidden);
        file
    };
    let out = scratch.path().join("out");
    let request = CheckArgs { files: vec![file], out: Some(out.clone()), ending: quietly(), ..CheckArgs::default() };
    request.run(&Spoken::default(), definitions()).unwrap();
    let findings = std::fs::read_to_string(super::samples::only_folder(&out).join("findings.json")).unwrap();
    let findings: serde_json::Value = serde_json::from_str(&findings).unwrap();
    let all = findings["findings"].as_array().unwrap().clone();
    all.iter()
        .filter(|finding| finding["outcome"] == "fails")
        .map(|finding| finding["code"].as_str().unwrap().to_owned())
        .collect()
}

fn folders() -> Vec<(String, PathBuf)> {
    let entries = fs::read_dir(root().join("tests/findings")).expect("tests/findings");
    let mut folders: Vec<_> = entries
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().into_string().unwrap(), entry.path()))
        .collect();
    folders.sort();
    folders
}

/// Copies what stands in a folder, and in those below it but for one.
fn copy(from: &Path, to: &Path, without: Option<&str>) {
    let entries = fs::read_dir(from).expect("a folder").map(|entry| entry.unwrap());
    for entry in entries.filter(|entry| entry.file_name().to_str() != without) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            fs::create_dir(&target).expect("a folder");
            copy(&entry.path(), &target, None);
        } else {
            fs::copy(entry.path(), target).expect("copied");
        }
    }
}

/// The folder with the files that its recipes make.
fn with_made(path: &Path, folder: &Folder) -> TempDir {
    let place = tempfile::tempdir().expect("a folder");
    copy(path, place.path(), folder.attachments.as_deref());
    for (name, recipe) in &folder.made {
        fs::write(place.path().join(name), fixtures::make(recipe)).expect("written");
    }
    place
}

/// Codes of all findings of the folder, whether a report came of it or not.
fn codes(path: &Path, folder: &Folder) -> BTreeSet<String> {
    let place = with_made(path, folder);
    let mut case = Case::new(place.path(), &folder.form, &folder.period);
    if let Some(more) = &folder.organisation {
        case.organisation.push_str(more);
    }
    case.paths.extend(folder.given.iter().map(|name| place.path().join(name)));
    case.narrative.clone_from(&folder.narrative);
    case.attachments = folder.attachments.as_ref().map(|folder| path.join(folder));
    case.previous.extend(folder.previous.as_ref().map(|file| path.join(file)));
    case.confirm = folder.confirm.as_ref().map(|file| path.join(file));
    case.mapping = folder.mapping.as_ref().map(|file| path.join(file));
    case.mends.extend(folder.mends.as_ref().map(|file| place.path().join(file)));
    case.empty = folder.empty.as_ref().map(|file| place.path().join(file));
    case.encoding.clone_from(&folder.encoding);
    case.separator.clone_from(&folder.separator);
    let (bounds, given) = (&mut case.bounds, &folder.bounds);
    bounds.fields = given.fields.unwrap_or(bounds.fields);
    bounds.line_bytes = given.line_bytes.unwrap_or(bounds.line_bytes);
    bounds.workbook_bytes = given.workbook_bytes.unwrap_or(bounds.workbook_bytes);
    bounds.members = given.members.unwrap_or(bounds.members);
    match case.try_run() {
        Ok(ran) => ran.codes().into_iter().collect(),
        Err(fault) => {
            let nothing =
                fault.downcast_ref::<NothingRead>().unwrap_or_else(|| panic!("{}: {fault:#}", path.display()));
            nothing.findings.iter().map(|finding| definitions().wording(finding.name).code.clone()).collect()
        }
    }
}

#[test]
fn every_folder_provokes_its_code_and_nothing_else() {
    let mut faults = Vec::new();
    for (name, path) in folders() {
        let text = fs::read_to_string(path.join("case.toml")).expect("case.toml");
        if text.contains("[[report]]") {
            let case: super::made::MadeCase = toml::from_str(&text).expect("case.toml");
            let mut expected: BTreeSet<String> = case.also.iter().cloned().collect();
            expected.insert(name.split('-').take(2).collect::<Vec<_>>().join("-"));
            let found = case.codes();
            if found != expected {
                faults.push(format!("{name}: expected {expected:?}, found {found:?}"));
            }
            continue;
        }
        let folder: Folder = toml::from_str(&text).unwrap_or_else(|fault| panic!("{name}: {fault}"));
        let code = name.split('-').take(2).collect::<Vec<_>>().join("-");
        let mut expected: BTreeSet<String> = folder.also.iter().cloned().collect();
        expected.insert(code);
        let found = if folder.filed { codes_of_filed(&path, &folder) } else { codes(&path, &folder) };
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
