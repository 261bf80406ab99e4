//! Definitions: complete in three languages, used, and refused with a hint when wrong.

use super::bench::{definitions, root};
use esep::definitions::Definitions;
use esep::words::lang::Lang;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

fn sources(dir: &Path, text: &mut String) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, text);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            text.push_str(&fs::read_to_string(path).unwrap());
        }
    }
}

/// Literals of the sources that may be names of findings or words.
fn literals() -> BTreeSet<String> {
    let mut text = String::new();
    sources(&root().join("src"), &mut text);
    text.split('"').skip(1).map(str::to_owned).collect()
}

#[test]
fn every_finding_and_word_is_used_and_every_used_one_exists() {
    let literals = literals();
    for wording in &definitions().wordings {
        assert!(literals.contains(&wording.name), "{} is never used", wording.name);
    }
    // the words of the page are looked for in its scripts (review.rs), those of the help in the help (spoken.rs)
    let elsewhere = ["review_", "help_", "option_", "value_"];
    for key in definitions().words.keys().filter(|key| !elsewhere.iter().any(|start| key.starts_with(start))) {
        assert!(literals.contains(key), "templates/words: {key} is never used");
    }
    for key in definitions().phrases.words.keys() {
        assert!(literals.contains(key), "templates/phrases.toml: {key} is never used");
    }
    let mut text = String::new();
    sources(&root().join("src"), &mut text);
    for start in [".word(\"", ".phrase(\"", "phrases.get(\""] {
        for name in text.split(start).skip(1).map(|rest| rest.split('"').next().unwrap()) {
            assert!(definitions().phrases.words.contains_key(name), "{start}{name}\" has no phrase");
        }
    }
    for (start, known) in
        [("Finding::new(\"", true), ("Fault::new(\"", true), ("words(\"", false), ("Halt::new(\"", false)]
    {
        for name in text.split(start).skip(1).map(|rest| rest.split('"').next().unwrap()) {
            let exists = if known {
                definitions().wordings.iter().any(|wording| wording.name == name)
            } else {
                definitions().words.contains_key(name)
            };
            assert!(exists, "{start}{name}\" has no wording");
        }
    }
}

#[test]
fn slots_of_a_wording_are_the_same_in_all_languages() {
    let slots = |text: &str| {
        text.split('{')
            .skip(1)
            .map(|rest| rest.split(['}', '?', '!']).next().unwrap().to_owned())
            .map(|slot| {
                Lang::ALL.iter().fold(slot, |slot, lang| slot.trim_end_matches(&format!("_{}", lang.code())).to_owned())
            })
            .filter(|slot| Lang::parse(slot).is_none())
            .collect::<BTreeSet<_>>()
    };
    let findings = definitions().wordings.iter().flat_map(|own| [(&own.name, &own.message), (&own.name, &own.hint)]);
    for (name, text) in findings.chain(&definitions().words) {
        assert_eq!(slots(text.get(Lang::Kk)), slots(text.get(Lang::Ru)), "{name}");
        assert_eq!(slots(text.get(Lang::En)), slots(text.get(Lang::Ru)), "{name}");
    }
}

#[test]
fn every_line_of_the_aliases_is_understood() {
    for line in fs::read_to_string(root().join("tests/data/aliases.tsv")).expect("aliases.tsv").lines().skip(1) {
        let [kind, scope, key, spelling] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let folded = esep::words::lang::fold(spelling);
        let found = match kind {
            "table" => definitions().tables[definitions().table(key).unwrap()]
                .names
                .all()
                .any(|name| esep::words::lang::fold(name) == folded),
            "field" => {
                let table = &definitions().tables[definitions().table(scope).unwrap()];
                let field = &table.fields[table.position(key).unwrap_or_else(|| panic!("{scope}.{key}"))];
                field.headers.all().any(|header| esep::words::lang::fold(header) == folded)
            }
            _ => {
                let list = definitions().codelist(scope).unwrap();
                list.find(spelling) == list.position(key) && list.position(key).is_some()
            }
        };
        assert!(found, "{line}");
    }
}

#[test]
fn labels_of_the_forms_are_the_official_ones() {
    let text = fs::read_to_string(root().join("tests/data/labels.tsv")).expect("labels.tsv");
    for line in text.lines().skip(1) {
        let columns: Vec<&str> = line.split('\t').collect();
        let [form, code, kind, _, en, ru, kk] = columns[..7] else { panic!("{line}") };
        let form = definitions().forms.iter().find(|known| known.form == form).unwrap();
        let printed = form
            .rows
            .iter()
            .map(|row| &row.label)
            .chain(form.rows.iter().flat_map(|row| &row.line_labels))
            .chain(form.head.iter().chain(&form.signature).map(|label| &label.label))
            .chain(form.sections.iter().filter_map(|section| section.label.as_ref()))
            .chain(form.grids.iter().flat_map(|grid| {
                grid.groups
                    .iter()
                    .map(|group| &group.label)
                    .chain(grid.columns.iter().filter_map(|column| column.label.as_ref()))
                    .chain(grid.stub.iter().map(|label| &label.label))
            }))
            .chain([&definitions().printed.continued])
            .any(|label| label.get(Lang::En) == en && label.get(Lang::Ru) == ru && label.get(Lang::Kk) == kk);
        let mark = code.rsplit('.').next().unwrap().starts_with('L');
        assert!(printed || mark || kind == "note", "{line}");
    }
}

#[test]
fn the_calendar_is_the_published_one() {
    let days: std::collections::BTreeMap<String, String> =
        serde_json::from_str(&fs::read_to_string(root().join("tests/it/slow/calendar_days.json")).unwrap()).unwrap();
    let calendar = &definitions().calendar;
    let mut count = 0;
    for year in 2016..=2027 {
        for day in calendar.year(year) {
            let kind = if day.kind == esep::definitions::calendar::DayKind::Off { "O" } else { "W" };
            assert_eq!(days.get(&day.date.to_string()).map(String::as_str), Some(kind), "{}", day.date);
            count += 1;
        }
    }
    assert_eq!(count, days.len());
}

/// An overriding folder with one file.
fn overridden(path: &str, text: &str) -> anyhow::Result<Definitions> {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join(path);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, text).unwrap();
    Definitions::load(Some(dir.path()))
}

#[test]
fn a_wrong_definition_is_refused_with_a_hint() {
    let form = fs::read_to_string(root().join("templates/forms/2-mk.toml")).unwrap();
    let cases = [
        (form.replacen("deadline_day", "dedline_day", 1), "near=\"deadline_day\""),
        (form.replacen("facts = \"objects\"", "facts = \"object\"", 1), "did you mean \"objects\"?"),
        (form.replacen("\"annual_plan\"", "\"anual_plan\"", 1), "basis has no code \"anual_plan\""),
        (form.replacen("left = [\"events\"]", "left = [\"event\"]", 1), "no row \"event\""),
        (form.replacen("section = \"1\"", "section = \"7\"", 1), "no section \"7\""),
    ];
    for (text, expected) in cases {
        assert_ne!(text, form, "{expected}: the test changes nothing");
        let fault = format!("{:#}", overridden("templates/forms/2-mk.toml", &text).expect_err(expected));
        assert!(fault.contains(expected), "{expected}: {fault}");
    }
    let calendar = fs::read_to_string(root().join("schemas/calendar/2026.toml")).unwrap();
    let fault = overridden("schemas/calendar/2026.toml", &calendar.replace("working_days = 247", "working_days = 246"))
        .expect_err("a control total");
    assert!(format!("{fault:#}").contains("control total"), "{fault:#}");
}

/// The table of the README: what a newcomer edits.
#[test]
fn a_newcomer_edits_data_only() {
    // a new header spelling
    let services = fs::read_to_string(root().join("schemas/records/services.toml")).unwrap();
    let place = services.find("ru = [\"Номер записи\"").expect("the spelling") + "ru = [".len();
    let edited = format!("{}\"Шифр строки\", {}", &services[..place], &services[place..]);
    assert!(overridden("schemas/records/services.toml", &edited).is_ok());
    // a new holiday: the control totals move with it
    let year = fs::read_to_string(root().join("schemas/calendar/2027.toml")).unwrap();
    let day = "\n[[day]]\ndate = 2027-06-01\nkind = \"off\"\nname = { kk = \"К\", ru = \"К\", en = \"C\" }\nbasis = \"test\"\n";
    let edited =
        year.replace("working_days = 247", "working_days = 246").replace("days_off = 118", "days_off = 119") + day;
    let definitions = overridden("schemas/calendar/2027.toml", &edited).expect("a new holiday");
    assert!(!definitions.calendar.is_working("2027-06-01".parse().unwrap()).unwrap());
    // a new rule
    let form = fs::read_to_string(root().join("templates/forms/2-mk.toml")).unwrap();
    let rule = "\n[[rule]]\nid = \"bound.new\"\nkind = \"bound\"\ncheck = \"rows_bound\"\nseverity = \"warning\"\nleft = [\"persons\"]\nright = [\"sanctions\"]\ntext = { kk = \"a\", ru = \"a\", en = \"a\" }\nbasis = \"test\"\n";
    let definitions = overridden("templates/forms/2-mk.toml", &(form + rule)).expect("a new rule");
    assert!(definitions.forms.iter().any(|form| form.rules.iter().any(|rule| rule.id == "bound.new")));
}

#[test]
fn every_basis_is_said_in_three_languages() {
    let definitions = definitions();
    let rules = definitions.forms.iter().flat_map(|form| {
        let rows = form.rows.iter().map(|row| &row.basis);
        rows.chain(form.rules.iter().map(|rule| &rule.basis)).chain([&form.basis, &form.deadline_basis])
    });
    let dues = definitions.deadlines.iter().map(|deadline| &deadline.basis);
    let fields = definitions.tables.iter().flat_map(|table| &table.fields).filter_map(|field| field.basis.as_ref());
    let all = rules.chain(definitions.wordings.iter().map(|wording| &wording.basis)).chain(dues).chain(fields);
    let unsaid: Vec<&str> = all.flat_map(|basis| definitions.citations.unknown(basis)).collect();
    assert!(unsaid.is_empty(), "templates/citations.toml lacks {unsaid:?}");
}

/// Files below a folder that are definitions, by their paths from the root.
fn tomls(folder: &str, found: &mut Vec<String>) {
    for entry in fs::read_dir(root().join(folder)).unwrap() {
        let path = entry.unwrap().path();
        let name = format!("{folder}/{}", path.file_name().unwrap().to_string_lossy());
        if path.is_dir() {
            tomls(&name, found);
        } else if path.extension().is_some_and(|extension| extension == "toml") {
            found.push(name);
        }
    }
}

/// Files that explain to people what they may hand over, and that the program does not read.
const EXPLAINED: [&str; 4] =
    ["schemas/changes.toml", "schemas/confirm.toml", "schemas/narrative.toml", "schemas/mends.toml"];

#[test]
fn every_file_of_a_folder_of_definitions_is_used() {
    let mut names = Vec::new();
    tomls("schemas", &mut names);
    tomls("templates", &mut names);
    assert!(names.len() > 70);
    for name in names.iter().filter(|name| !EXPLAINED.contains(&name.as_str())) {
        let text = fs::read_to_string(root().join(name)).unwrap();
        // the same file is accepted, and is read: with a key that nothing knows it is not
        assert!(overridden(name, &text).is_ok(), "{name} as it is");
        assert!(overridden(name, &format!("no_such_key_of_ours = \"x\"\n{text}")).is_err(), "{name} is ignored");
    }
    for unused in
        EXPLAINED.into_iter().chain(["schemas/record/services.toml", "templates/review/page.html", "notes.txt"])
    {
        let fault = format!("{:#}", overridden(unused, "a = 1\n").expect_err(unused));
        assert!(fault.contains("fault_definitions_unused") && fault.contains(unused), "{fault}");
    }
}

#[test]
fn words_theme_and_spellings_of_a_folder_reach_the_outputs() {
    let text = |name: &str| fs::read_to_string(root().join(name)).unwrap();
    let swapped = |name: &str, from: &str, to: &str| {
        let (own, edited) = (text(name), text(name).replacen(from, to, 1));
        assert_ne!(own, edited, "{name}: the test changes nothing");
        overridden(name, &edited).expect(name)
    };
    let words = swapped("templates/words.toml", "{quarter} квартал", "{quarter} четверть");
    assert_ne!(words.printed.period.get(Lang::Ru), definitions().printed.period.get(Lang::Ru));
    let theme = swapped("templates/theme.toml", "width = ", "width = 1");
    assert_ne!(format!("{:?}", theme.theme), format!("{:?}", definitions().theme));
    let filed = swapped("templates/filed.toml", "[\"", "[\"xyz\", \"");
    assert_ne!(format!("{:?}", filed.filed), format!("{:?}", definitions().filed));
}

/// Every Russian label that is no official text.
fn labels_of_ours(value: &toml::Value, found: &mut BTreeSet<String>) {
    let below: Vec<&toml::Value> = match value {
        toml::Value::Array(all) => all.iter().collect(),
        toml::Value::Table(table) => {
            let whose = table.get("source").and_then(|source| source.get("ru")?.as_str());
            let label = table.get("label").and_then(|label| label.get("ru")?.as_str());
            found.extend(label.filter(|_| whose != Some("official")).map(str::to_owned));
            table.values().collect()
        }
        _ => Vec::new(),
    };
    below.into_iter().for_each(|value| labels_of_ours(value, found));
}

/// A folder with the official wording of a form replaces ours in everything that is written, and a form in these words
/// is read; no Rust knows a label.
#[test]
fn the_official_wording_of_a_folder_replaces_ours() {
    use calamine::{Reader, Xlsx, open_workbook};
    let place = tempfile::tempdir().unwrap();
    let text = fs::read_to_string(root().join("templates/forms/2-mk.toml")).unwrap();
    let mut labels = BTreeSet::new();
    labels_of_ours(&toml::from_str(&text).unwrap(), &mut labels);
    let pairs: Vec<(String, String)> =
        labels.into_iter().map(|old| (old.clone(), format!("Официально: {old}"))).collect();
    assert!(pairs.len() > 40, "{} labels of ours", pairs.len());
    // a text stands in JSON as it does in TOML
    let quoted = |text: &str| format!("ru = {}", serde_json::Value::from(text));
    let official = pairs.iter().fold(text.clone(), |text, (old, new)| text.replace(&quoted(old), &quoted(new)));
    let official = official.replace("ru = \"adapted\"", "ru = \"official\"");
    let folder = place.path().join("official/templates/forms");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("2-mk.toml"), official).unwrap();
    let esep = |arguments: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_esep"));
        let done = command.current_dir(place.path()).args(arguments).output().expect("the binary");
        let said = String::from_utf8(done.stderr).unwrap();
        assert!(done.status.code().is_some_and(|code| code < 2), "{arguments:?}: {said}");
        (String::from_utf8(done.stdout).unwrap(), said)
    };
    let sample = root().join("sample-data/akimat-2026Q3");
    let (records, body) = (sample.to_str().unwrap(), sample.join("organisation.toml"));
    let run = |official: bool, out: &str| {
        let asked = ["generate", records, "--form", "2-mk", "--period", "2026Q3", "--lang", "ru", "--without", "pdf"];
        let rest = ["--organisation", body.to_str().unwrap(), "--out", out, "--quiet"];
        let own: &[&str] = if official { &["--definitions", "official"] } else { &[] };
        esep(&[own, &asked, &rest].concat());
        super::samples::only_folder(&place.path().join(out))
    };
    let (ours, official) = (run(false, "ours"), run(true, "theirs"));
    let cells = |folder: &Path| fs::read_to_string(folder.join("cells.csv")).unwrap();
    assert_eq!(cells(&ours), cells(&official), "words are no numbers");
    let shown = |file: &Path| {
        let mut book: Xlsx<_> = open_workbook(file).unwrap();
        let sheet = book.worksheet_range("2-МК").unwrap();
        sheet.used_cells().map(|(_, _, cell)| cell.to_string()).collect::<BTreeSet<String>>()
    };
    let (was, is) = (shown(&ours.join("report.xlsx")), shown(&official.join("report.xlsx")));
    // what stands on the form as it is: blanks and signatures are filled
    let printed: Vec<_> = pairs.iter().filter(|(old, _)| was.contains(old)).collect();
    assert!(printed.len() > 20, "{} of {}", printed.len(), pairs.len());
    for (old, new) in printed {
        assert!(is.contains(new) && !is.contains(old), "{old}");
    }
    let page = fs::read_to_string(official.join("review.html")).unwrap();
    let known = pairs.iter().filter(|(_, new)| page.contains(new.as_str())).count();
    assert!(known > 20, "{known} labels on the page");
    let (forms, _) = esep(&["--definitions", "official", "forms", "--lang", "ru"]);
    assert!(forms.contains("Официально: "), "{forms}");
    let year = ["--definitions", "official", "year", "theirs", "--lang", "ru", "--out", "year", "--quiet"];
    esep(&year);
    let year = shown(&super::samples::only_folder(&place.path().join("year")).join("year.xlsx"));
    assert!(year.iter().filter(|text| text.starts_with("Официально: ")).count() > 20);
    // the form comes back from hands that know nothing of our hidden columns
    let (mut book, mut typed): (Xlsx<_>, _) =
        (open_workbook(official.join("report.xlsx")).unwrap(), rust_xlsxwriter::Workbook::new());
    let sheet = book.worksheet_range("2-МК").unwrap();
    let hidden = sheet.used_cells().find(|(_, _, cell)| *cell == "esep.level").unwrap();
    let target = typed.add_worksheet();
    for (row, column, cell) in sheet.used_cells().filter(|(row, column, _)| *column < hidden.1 && *row < 1 << 20) {
        let (row, column) = (u32::try_from(row).unwrap(), u16::try_from(column).unwrap());
        match cell.to_string().parse::<f64>() {
            Ok(number) if column > 1 => target.write_number(row, column, number).unwrap(),
            _ => target.write_string(row, column, cell.to_string()).unwrap(),
        };
    }
    typed.save(place.path().join("typed.xlsx")).unwrap();
    let (checked, _) = esep(&["--definitions", "official", "check", "typed.xlsx", "--json", "--quiet"]);
    let checked: serde_json::Value = serde_json::from_str(&checked).unwrap();
    let findings = checked["files"][0]["findings"].as_array().unwrap();
    let structure: BTreeSet<String> = findings
        .iter()
        .filter(|finding| finding["kind"] == "structure")
        .map(|finding| finding["code"].to_string() + " " + &finding["row"].to_string())
        .collect();
    assert!(checked["files"][0]["form"] == "2-mk", "{checked}");
    assert!(structure.is_empty(), "{structure:?}");
}
