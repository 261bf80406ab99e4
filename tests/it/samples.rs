//! The sample data: every row of every form comes to life, planted faults are found, two runs are equal.

use super::bench::{Case, Ran, definitions, root};
use calamine::{Data, Range};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

/// Sample folders with the forms they are for.
pub const SAMPLES: [(&str, &str); 4] = [
    ("akimat-2026Q3", "2-mk"),
    ("central-body-2026Q3", "1-mk"),
    ("national-2026Q3", "3-mk"),
    ("national-2026Q3", "4-mk"),
];

/// A sample's run with its own organisation file; the folder of results is found by its only name.
pub fn sample(folder: &str, form: &str) -> Ran {
    let path = root().join("sample-data").join(folder);
    let mut case = Case::new(&path, form, "2026Q3");
    case.organisation = std::fs::read_to_string(path.join("organisation.toml")).expect("organisation.toml");
    let mut ran = case.run();
    ran.folder = only_folder(&ran.out.path().join("out"));
    ran
}

pub fn only_folder(out: &Path) -> std::path::PathBuf {
    std::fs::read_dir(out)
        .expect("results")
        .map(|entry| entry.unwrap().path())
        .find(|path| path.is_dir())
        .expect("a folder")
}

/// Values of the table of a form's sheet, top to bottom and left to right, as printed.
pub fn table_values(range: &Range<Data>, form: &str) -> Vec<String> {
    let text = |cell: Option<&Data>| cell.map(ToString::to_string).unwrap_or_default();
    let head =
        range.rows().position(|row| row.iter().any(|cell| text(Some(cell)) == "esep.level")).expect("hidden columns");
    let level = range.rows().nth(head).unwrap().iter().position(|cell| text(Some(cell)) == "esep.level").unwrap();
    let form = definitions().forms.iter().find(|known| known.form == form).unwrap();
    let mut values = Vec::new();
    for row in range.rows().skip(head + 1).filter(|row| !text(row.get(level + 1)).is_empty()) {
        let id = text(row.get(level + 1));
        let width = form.grid_of(form.row_position(&id).expect("a row of the form")).columns.len();
        let filled: Vec<String> =
            row[2..level].iter().map(|cell| text(Some(cell))).filter(|cell| !cell.is_empty()).collect();
        assert_eq!(filled.len(), width, "row {id}: {filled:?}");
        values.extend(filled);
    }
    values
}

#[test]
fn every_row_and_column_comes_to_life() {
    for (folder, form) in SAMPLES {
        let ran = sample(folder, form);
        let mut alive: BTreeMap<String, bool> = BTreeMap::new();
        for record in csv::Reader::from_path(ran.folder.join("cells.csv")).unwrap().records().map(Result::unwrap) {
            let key =
                if form.starts_with(['1', '2']) { record[5].to_owned() } else { format!("column {}", &record[11]) };
            *alive.entry(key).or_default() |= record[12].parse::<i64>().is_ok_and(|value| value > 0);
        }
        let dead: Vec<&String> = alive.iter().filter(|(_, alive)| !**alive).map(|(row, _)| row).collect();
        assert!(dead.is_empty(), "{form}: {dead:?}");
    }
}

#[test]
fn the_folder_and_the_workbook_give_the_same_cells() {
    let folder = sample("akimat-2026Q3", "2-mk");
    let path = root().join("sample-data/akimat-2026Q3.xlsx");
    let mut case = Case::new(&path, "2-mk", "2026Q3");
    case.organisation = std::fs::read_to_string(root().join("sample-data/akimat-2026Q3/organisation.toml")).unwrap();
    let mut workbook = case.run();
    workbook.folder = only_folder(&workbook.out.path().join("out"));
    assert_eq!(folder.file("cells.csv"), workbook.file("cells.csv"));
}

#[test]
fn reports_obey_their_schema_and_the_books_balance() {
    let schema: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(root().join("schemas/report.schema.json")).unwrap()).unwrap();
    let told: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(root().join("schemas/analytical.schema.json")).unwrap()).unwrap();
    for (folder, form) in SAMPLES {
        let ran = sample(folder, form);
        let report = ran.json("report.json");
        let mut faults = Vec::new();
        super::schema::validate(&schema, &schema, &report, "", &mut faults);
        assert!(faults.is_empty(), "{folder}: {:?}", &faults[..faults.len().min(3)]);
        // and the validator does see faults
        let mut broken = report.clone();
        broken["lines"][0]["values"]["m1"] = serde_json::json!(-1);
        broken["head"]["more"] = serde_json::json!(1);
        super::schema::validate(&schema, &schema, &broken, "", &mut faults);
        assert_eq!(faults.len(), 2, "{faults:?}");
        let analytical = ran.json("analytical.json");
        faults.clear();
        super::schema::validate(&told, &told, &analytical, "", &mut faults);
        assert!(faults.is_empty(), "{folder}: {:?}", &faults[..faults.len().min(3)]);
        let mut broken = analytical.clone();
        broken["documents"][0]["pieces"][0]["runs"][0]["origin"] = serde_json::json!("guess");
        super::schema::validate(&told, &told, &broken, "", &mut faults);
        assert!(!faults.is_empty());
        let [read, accepted, duplicates, quarantined] = ran.ledger();
        assert!(read > 0 && read == accepted + duplicates + quarantined, "{folder}");
    }
}

/// Every fault listed in FAULTS.md is found at its file and line.
#[test]
fn planted_faults_are_found_in_place() {
    let text = std::fs::read_to_string(root().join("sample-data/FAULTS.md")).expect("FAULTS.md");
    let mut found: BTreeSet<(String, String, u64)> = BTreeSet::new();
    for (folder, form) in SAMPLES {
        for finding in sample(folder, form).json("findings.json")["findings"].as_array().unwrap() {
            if let (Some(source), Some(line)) = (finding["source"].as_str(), finding["line"].as_u64()) {
                found.insert((folder.to_owned(), source.to_owned(), line));
            }
        }
    }
    let mut planted = 0;
    for row in text.lines().filter(|line| line.starts_with("| ")) {
        let cells: Vec<&str> = row.split('|').map(|cell| cell.trim().trim_matches('`')).collect();
        if cells.len() < 5 {
            continue;
        }
        let (Some((folder, file)), Ok(line)) = (cells[2].split_once('/'), cells[3].parse::<u64>()) else { continue };
        planted += 1;
        assert!(found.contains(&(folder.to_owned(), file.to_owned(), line)), "{row}");
    }
    assert!(planted >= 15, "only {planted} planted faults");
}

fn bytes(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(dir) = open.pop() {
        for path in std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                open.push(path);
            } else {
                files.insert(
                    path.strip_prefix(folder).unwrap().to_string_lossy().into_owned(),
                    std::fs::read(&path).unwrap(),
                );
            }
        }
    }
    files
}

#[test]
fn two_runs_give_the_same_bytes() {
    for (folder, form) in SAMPLES {
        let (one, two) = (bytes(&sample(folder, form).folder), bytes(&sample(folder, form).folder));
        assert_eq!(one.keys().collect::<Vec<_>>(), two.keys().collect::<Vec<_>>());
        for (name, content) in &one {
            assert!(two[name] == *content, "{folder} {form}: {name} differs");
        }
    }
}

/// Exit status, existing outputs, `--force`, and nothing half-written.
#[test]
fn the_binary_keeps_its_word() {
    let out = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_esep"));
        let done = command.current_dir(root()).args(arguments).output().expect("the binary");
        (done.status.code().unwrap(), String::from_utf8(done.stderr).unwrap())
    };
    let target = out.path().to_str().unwrap();
    let generate = [
        "generate",
        "sample-data/akimat-2026Q3",
        "--form",
        "2-mk",
        "--period",
        "2026Q3",
        "--organisation",
        "sample-data/akimat-2026Q3/organisation.toml",
        "--out",
        target,
    ];
    let with = |more: &[&'static str]| [&generate[..], more].concat();
    assert_eq!(run(&generate).0, 1, "the planted faults are errors");
    let (status, message) = run(&generate);
    assert!(status == 2 && message.contains("--force"), "{message}");
    assert_eq!(run(&with(&["--force", "--quiet"])).0, 1);
    let left: Vec<_> = std::fs::read_dir(out.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left.len(), 1, "{left:?}");
    assert_eq!(
        run(&[
            "generate",
            "no-such-folder",
            "--form",
            "2-mk",
            "--period",
            "2026Q3",
            "--organisation",
            generate[7],
            "--out",
            target
        ])
        .0,
        3
    );
    for (wrong, says) in [
        (vec!["--form", "5-mk"], "деген нысан жоқ"),
        (vec!["--period", "2021Q2"], "редакциясы жоқ"),
        (vec!["--period", "2031Q1"], "күнтізбесі"),
        (vec!["--period", "Q3"], "2026Q3"),
    ] {
        let mut arguments: Vec<&str> = generate.to_vec();
        let place = arguments.iter().position(|argument| *argument == wrong[0]).unwrap();
        arguments[place + 1] = wrong[1];
        let (status, message) = run(&arguments);
        assert!(status == 2 && message.contains(says), "{wrong:?}: {status} {message}");
    }
    let organisation = out.path().join("wrong.toml");
    std::fs::write(&organisation, "name_ru = \"x\"\nbin = \"160440007161\"\nadress = \"y\"\n").unwrap();
    let mut arguments: Vec<&str> = generate.to_vec();
    arguments[7] = organisation.to_str().unwrap();
    let (status, message) = run(&arguments);
    assert!(status == 2 && message.contains("«address»"), "{message}");
}

#[test]
fn the_demonstration_can_be_followed() {
    let place = tempfile::tempdir().unwrap();
    let demo = place.path().join("demo");
    let esep = |arguments: &[&str], folder: &std::path::Path| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_esep"));
        command.args(arguments).current_dir(folder).output().expect("esep runs").status.code()
    };
    assert_eq!(esep(&["demo", "demo"], place.path()), Some(0));
    assert_eq!(esep(&["demo", "demo"], place.path()), Some(2), "what is there is not replaced");
    let script = std::fs::read_to_string(demo.join("README.txt")).unwrap();
    let commands: BTreeSet<&str> = script.lines().filter_map(|line| line.trim().strip_prefix("esep ")).collect();
    assert_eq!(commands.len(), 2, "the same two commands in three languages");
    for command in &commands {
        let arguments: Vec<&str> = command.split_whitespace().collect();
        assert_eq!(esep(&arguments, &demo), Some(1), "{command}");
    }
    assert!(demo.join("results/2-mk_2026Q3_600440000267/report.xlsx").exists());
}

#[test]
fn files_that_are_not_wanted_are_left_out_and_the_others_are_the_same() {
    let place = tempfile::tempdir().unwrap();
    let source = root().join("sample-data/national-2026Q3");
    let names = ["whole", "spared"].map(|name| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_esep"));
        command.arg("generate").arg(&source).args([
            "--form",
            "3-mk",
            "--period",
            "2026Q3",
            "--quiet",
            "--organisation",
        ]);
        command.arg(source.join("organisation.toml")).arg("--out").arg(place.path().join(name));
        if name == "spared" {
            command.args(["--without", "review,pdf"]);
        }
        assert!(command.status().unwrap().code().is_some_and(|code| code < 2));
        let files =
            std::fs::read_dir(only_folder(&place.path().join(name))).unwrap().map(|entry| entry.unwrap().path());
        let files = files.filter(|path| path.is_file());
        let named = files.map(|path| (path.file_name().unwrap().to_owned(), std::fs::read(path).unwrap()));
        named.collect::<BTreeMap<_, _>>()
    });
    let [mut whole, spared] = names;
    assert!(["report.pdf", "review.html"].iter().all(|name| whole.remove(std::ffi::OsStr::new(name)).is_some()));
    assert!(whole == spared, "{:?}", spared.keys());
}
