//! `--paranoid`: the shipped second counter agrees on the samples, says so, and finds a cell that is wrong.
//! That it agrees on random record sets: `agree.rs`.

use super::bench::{Case, definitions, root};
use super::samples::{SAMPLES, only_folder};
use esep::body::organisation::Organisation;
use esep::definitions::form::Form;
use esep::filed::stored;
use esep::records::quarantine::Quarantine;
use esep::records::{Reader, Record};
use esep::recount::{Filled, Outcome, Recount};
use esep::sources;
use esep::sources::Options;
use esep::values::cells::{Cells, Value};
use esep::words::gathered::Gathered;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::Command;

fn case(folder: &str, form: &str) -> Case {
    let path = root().join("sample-data").join(folder);
    let mut case = Case::new(&path, form, "2026Q3");
    case.organisation = std::fs::read_to_string(path.join("organisation.toml")).expect("organisation.toml");
    case
}

#[test]
fn both_counters_agree_on_the_samples_and_their_units() {
    for (folder, form) in SAMPLES {
        let mut case = case(folder, form);
        case.paranoid = true;
        case.by_unit = form == "2-mk";
        let mut ran = case.run();
        ran.folder = only_folder(&ran.out.path().join("out"));
        let report = ran.json("report.json");
        let cells = report["provenance"]["recounted"].as_u64().expect("the report says that it was recounted");
        let lines = report["lines"].as_array().unwrap();
        let own: usize = lines.iter().map(|line| line["values"].as_object().unwrap().len()).sum();
        println!("{folder} {form}: {cells} cells recounted");
        assert!(cells >= own as u64 && own > 100, "{cells} {own}");
        assert!(!case.by_unit || cells > 2 * own as u64, "units too");
    }
}

/// A report of the sample with one value changed, put before the second counter.
fn with(folder: &str, form: &str, change: impl Fn(&Form, &mut Cells)) -> Outcome {
    let case = case(folder, form);
    let mut ran = case.run();
    ran.folder = only_folder(&ran.out.path().join("out"));
    let filed = stored::read(&std::fs::read(ran.folder.join("report.json")).unwrap(), definitions()).unwrap();
    let mut cells = filed.cells.clone();
    change(filed.form, &mut cells);
    let paths: Vec<PathBuf> = case.paths.clone();
    let options = Options::default();
    let mut tables = sources::discover(&paths, &definitions().tables, &options).unwrap().tables;
    let first = |table: usize| {
        let name = &definitions().tables[table].table;
        ["control_events", "register", "established_violations", "refusals", "services"]
            .iter()
            .position(|known| known == name)
            .unwrap_or(5)
    };
    tables.sort_by_key(|table| first(table.table));
    let organisation: Organisation = esep::definitions::notation::parse_toml(&case.organisation).unwrap();
    let given = Reader::handed_over(definitions(), &tables);
    let recount = Recount { definitions: definitions(), organisation: &organisation, period: filed.period, given };
    let mut read = |take: &mut dyn FnMut(&Record<'_, '_>)| {
        let asked = [filed.form.form.as_str()];
        let mut reader = Reader::new(definitions(), &asked, options.clone(), Quarantine::unwritten());
        let mut sink = |record: &Record<'_, '_>, _: &mut Gathered| {
            take(record);
            Ok(())
        };
        tables.iter().try_for_each(|table| reader.read(table, &mut sink))
    };
    recount.check(&[Filled { form: filed.form, unit: None, cells: &cells }], &mut read).unwrap()
}

#[test]
fn a_wrong_cell_is_named() {
    assert!(with("central-body-2026Q3", "1-mk", |_, _| ()).differences.is_empty());
    let found = with("central-body-2026Q3", "1-mk", |form, cells| {
        let row = form.row_position("outreach").unwrap();
        let line = cells.lines.iter_mut().find(|line| line.row == row).unwrap();
        let value = line.values[1].number().unwrap();
        line.values[1] = Value::Number(value + 1);
    });
    assert_eq!(found.differences.len(), 1, "{found:?}");
    assert!(found.differences[0].starts_with("1-mk outreach m2: "), "{found:?}");
    // a line that nobody fed, a line that is lacking, and a zero where there is no information
    let found = with("national-2026Q3", "3-mk", |_, cells| {
        let place = cells.lines.iter().rposition(|line| line.key.service.is_some()).unwrap();
        let mut line = cells.lines.remove(place);
        std::sync::Arc::make_mut(line.key.service.as_mut().unwrap()).code = "9".into();
        cells.lines.push(line);
    });
    assert_eq!(found.differences.len(), 2 * 13, "{found:?}");
}

/// Every value of every cell bumped at once: every cell of the recount is named, so none is left uncounted.
#[test]
fn no_cell_is_left_out_of_the_recount() {
    for (folder, form) in SAMPLES {
        let found = with(folder, form, |_, cells| {
            for value in cells.lines.iter_mut().flat_map(|line| &mut line.values) {
                *value = Value::Number(value.number().unwrap_or(0) + 1);
            }
        });
        assert_eq!(found.cells as usize, found.differences.len(), "{form}");
        let named: BTreeSet<&String> = found.differences.iter().collect();
        assert_eq!(named.len(), found.differences.len());
    }
}

/// Rows whose months and quarter may all be wrong together, and cells that no rule touches at all.
#[test]
fn the_coverage_of_the_rules_is_printed() {
    let done = Command::new(env!("CARGO_BIN_EXE_esep")).args(["rules", "--coverage"]).output().unwrap();
    let text = String::from_utf8(done.stdout).unwrap();
    assert!(done.status.success());
    for form in &definitions().forms {
        assert!(text.contains(&format!("{} {}: ", form.form, form.edition)), "{text}");
    }
    // training stands alone in 1-mk and 2-mk; late services through the portal are bound by form 4-mk
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines.iter().any(|line| line.contains("  training  m1 m2 m3")), "{text}");
    assert!(!lines.iter().any(|line| line.contains("  events  ")), "{text}");
}

/// A row that the Agency adds is counted by its definition at once; the second counter says that it does not know it.
#[test]
fn a_row_that_the_second_counter_does_not_know_is_named() {
    let place = tempfile::tempdir().unwrap();
    let form = std::fs::read_to_string(root().join("templates/forms/1-mk.toml")).unwrap();
    let own = form.split("[[row]]").find(|row| row.contains("id = \"training\"")).expect("the row").to_owned();
    let own = own.split("[[rule]]").next().unwrap();
    let added = own.replacen("id = \"training\"", "id = \"lectures\"", 1);
    let added = added.replacen(&format!("no = \"{}\"", no_of(own)), "no = \"23\"", 1);
    let edited = form.replacen("[[rule]]", &format!("[[row]]{}\n[[rule]]", added.trim_end()), 1);
    std::fs::create_dir_all(place.path().join("definitions/templates/forms")).unwrap();
    std::fs::write(place.path().join("definitions/templates/forms/1-mk.toml"), edited).unwrap();
    let sample = root().join("sample-data/central-body-2026Q3");
    let done = Command::new(env!("CARGO_BIN_EXE_esep"))
        .arg("--definitions")
        .arg(place.path().join("definitions"))
        .args(["--lang", "ru", "generate"])
        .arg(&sample)
        .args(["--form", "1-mk", "--period", "2026Q3", "--paranoid", "--organisation"])
        .arg(sample.join("organisation.toml"))
        .arg("--out")
        .arg(place.path().join("out"))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(matches!(done.status.code(), Some(0 | 1)), "{said}");
    assert!(said.contains("не пересчитаны: 1-mk 23"), "{said}");
    let cells = std::fs::read_to_string(only_folder(&place.path().join("out")).join("cells.csv")).unwrap();
    let quarter = |row: &str| {
        let line = cells.lines().find(|line| line.split(',').nth(5) == Some(row) && line.contains(",q,"));
        line.and_then(|line| line.rsplit(',').next()).map(str::to_owned)
    };
    assert_eq!(quarter("23"), quarter("22"), "the new row counts");
}

fn no_of(row: &str) -> &str {
    row.split("no = \"").nth(1).and_then(|rest| rest.split('"').next()).unwrap()
}
