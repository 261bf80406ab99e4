//! Golden folders: input and expected cells. A cell that is not listed is 0 or "-".

use super::bench::{Case, root};
use serde::Deserialize;
use std::collections::BTreeSet;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Golden {
    form: String,
    /// A quarter, or a year: then each quarter is made and the year of them.
    period: String,
    /// The article that the folder is about.
    #[allow(dead_code)]
    basis: String,
}

#[test]
fn golden_folders_give_their_cells() {
    let mut folders: Vec<_> =
        std::fs::read_dir(root().join("tests/golden")).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    assert!(folders.len() >= 4);
    for folder in folders {
        let golden: Golden = toml::from_str(&std::fs::read_to_string(folder.join("case.toml")).unwrap()).unwrap();
        let expected_path = folder.join("expected.csv");
        let is_zero = |line: &String| line.ends_with(",0") || line.ends_with(",-");
        let expected: BTreeSet<String> = std::fs::read_to_string(&expected_path)
            .unwrap()
            .lines()
            .skip(1)
            .map(str::to_owned)
            .filter(|line| !is_zero(line))
            .collect();
        // expected.csv is no table of records: only the other files are read
        let dir = tempfile::tempdir().unwrap();
        for path in std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path != expected_path && path.extension().is_some_and(|extension| extension == "csv") {
                std::fs::copy(&path, dir.path().join(path.file_name().unwrap())).unwrap();
            }
        }
        let mut case = Case::new(dir.path(), &golden.form, &golden.period);
        if let Ok(own) = std::fs::read_to_string(folder.join("organisation.toml")) {
            case.organisation = own;
        }
        // the second counter counts them, too
        case.paranoid = true;
        let cells = match golden.period.parse() {
            Ok(year) => super::year::of_records(dir.path(), &golden.form, year).cells(),
            Err(_) => case.run().cells(),
        };
        let found: BTreeSet<String> = cells.into_iter().filter(|line| !is_zero(line)).collect();
        assert_eq!(found, expected, "{}", folder.display());
    }
}
