//! `esep rules --law` has no hole, and names nothing that is not there.

use super::bench::{definitions, root};
use esep::definitions::law::cited;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Tests of all rows at once, which no place may be content with.
const GENERAL: [&str; 3] = [
    "golden_folders_give_their_cells",
    "both_counters_agree_on_the_samples_and_their_units",
    "every_row_and_column_comes_to_life",
];

fn functions(dir: &Path, text: &mut String) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            functions(&path, text);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            text.push_str(&fs::read_to_string(path).unwrap());
        }
    }
}

#[test]
fn every_paragraph_and_explanation_has_one_entry() {
    let annexes = [(1, 33), (2, 32), (3, 5), (4, 4)];
    let explanations =
        annexes.iter().flat_map(|(annex, last)| (1..=*last).map(move |n| format!("Rules, Annex {annex}, expl. {n}")));
    let mut wanted: Vec<String> = (35..=65).map(|n| format!("Rules, para {n}")).chain(explanations).collect();
    let mut known: Vec<String> = definitions().law.iter().flat_map(|place| place.at.clone()).collect();
    wanted.sort();
    known.sort();
    assert_eq!(known, wanted);
}

#[test]
fn every_entry_is_answered_and_tested_or_says_whose_it_is() {
    let definitions = definitions();
    let mut code = String::new();
    functions(&root().join("tests/it"), &mut code);
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    for place in &definitions.law {
        let rows = definitions.forms.iter().flat_map(|form| form.rows.iter().map(|row| &row.basis));
        let rules = definitions.forms.iter().flat_map(|form| form.rules.iter().map(|rule| &rule.basis));
        let found = definitions.wordings.iter().map(|wording| &wording.basis);
        let cites = |basis: &&String| cited(basis).iter().any(|at| place.at.contains(at));
        let (rows, rules, found) =
            (rows.filter(cites).count(), rules.filter(cites).count(), found.filter(cites).count());
        let answered = rows + rules + found + place.by.len() > 0;
        assert_ne!(answered, place.none.is_some(), "{:?}", place.at);
        assert!(!answered || found + place.tests.len() > 0, "{:?} has no test", place.at);
        assert!(place.says.is_some() || rows > 0, "{:?} says nothing", place.at);
        assert!(![&place.says, &place.none].into_iter().flatten().any(|text| text.is_incomplete()), "{:?}", place.at);
        for by in &place.by {
            let field = by.split_once('.').is_some_and(|(table, field)| {
                let table = definitions.table(table).map(|table| &definitions.tables[table]);
                table.is_some_and(|table| table.fields.iter().any(|known| known.name == field))
            });
            let finding = definitions.wordings.iter().any(|wording| wording.code == *by);
            let command = by.starts_with("esep ") && readme.contains(&format!("`{by}"));
            assert!(field || finding || command, "{by} is nothing of the program");
        }
        for test in &place.tests {
            assert!(!GENERAL.contains(&test.as_str()), "{:?}: {test} tests everything", place.at);
            let folder = ["tests/golden", "tests/findings"].iter().any(|dir| root().join(dir).join(test).is_dir());
            assert!(folder || code.contains(&format!("#[test]\nfn {test}(")), "{test} is no test");
        }
    }
}

#[test]
fn a_basis_names_its_places() {
    let places = |basis: &str| cited(basis).into_iter().collect::<Vec<_>>().join(" | ");
    assert_eq!(places("Rules, para 43, 44"), "Rules, para 43 | Rules, para 44");
    assert_eq!(places("Law, art. 20, para 1; D5"), "");
    let both = BTreeSet::from([
        "Rules, Annex 1, expl. 16".to_owned(),
        "Rules, Annex 1, expl. 17".to_owned(),
        "Rules, Annex 2, expl. 16".to_owned(),
    ]);
    assert_eq!(cited("Rules, Annex 1, expl. 16–17; Annex 2, expl. 16"), both);
}
