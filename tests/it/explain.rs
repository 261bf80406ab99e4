//! `esep explain`: forwards and backwards agree, the sources are proven, the words are as they should be.

use super::bench::{definitions, root};
use super::samples::{SAMPLES, sample};
use esep::body::organisation::Organisation;
use esep::commands::explain::sources::Sources;
use esep::commands::explain::target;
use esep::commands::out::speech::Speech;
use esep::facts::parts::{Owner, parts};
use esep::facts::trace::{Traced, Wanted};
use esep::filed::stored;
use esep::report::{LedgerLine, idle};
use esep::values::cells::{Line, Party, Value};
use esep::values::period::Quarter;
use esep::words::lang::Lang;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

fn esep(dir: &Path, arguments: &[&str]) -> (i32, String, String) {
    let done = Command::new(env!("CARGO_BIN_EXE_esep")).current_dir(dir).args(arguments).output().expect("the binary");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (done.status.code().unwrap(), text(done.stdout), text(done.stderr))
}

fn records(folder: &str) -> PathBuf {
    root().join("sample-data").join(folder)
}

/// Row, provider, service and system of a line.
fn key(line: &Line) -> String {
    let party = |party: Option<&Party>| party.map_or(String::new(), |party| format!("{}|{}", party.code, party.name));
    [
        party(line.key.provider.as_deref()),
        party(line.key.service.as_deref()),
        line.key.system.clone().unwrap_or_default(),
    ]
    .join("; ")
}

/// Row, line and column of a cell of the page.
type PageCell = (usize, String, usize);
/// How many records, and source and line of the first.
type Met = (u64, Vec<(u64, u64)>);

/// What the page knows of the records of its cells: how many, and sources and lines of the first.
fn page_records(page: &str) -> BTreeMap<PageCell, Met> {
    let data = super::review::data(page);
    assert_eq!(data["traced"], true);
    let mut known = BTreeMap::new();
    for line in data["lines"].as_array().unwrap() {
        let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        let party = |name: &str| {
            line[name].as_array().map_or(String::new(), |of| of.iter().map(text).collect::<Vec<_>>().join("|"))
        };
        let key = [party("provider"), party("service"), text(&line["system"])].join("; ");
        let row = usize::try_from(line["row"].as_u64().unwrap()).unwrap();
        for (column, met) in line["records"].as_object().into_iter().flatten() {
            let first = met[1].as_array().unwrap().iter();
            let first = first.map(|one| (one[0].as_u64().unwrap(), one[1].as_u64().unwrap())).collect();
            known.insert((row, key.clone(), column.parse().unwrap()), (met[0].as_u64().unwrap(), first));
        }
    }
    known
}

/// For every non-zero cell the quantities of its records add up to it, and each of these records, asked alone,
/// names the cell; and no record names a cell that does not list it.
#[test]
fn forward_and_backward_agree_on_every_record_and_cell() {
    for (folder, form) in SAMPLES {
        let ran = sample(folder, form);
        let bytes = std::fs::read(ran.folder.join("report.json")).unwrap();
        let filed = stored::read(&bytes, definitions()).unwrap();
        let made = stored::provenance(&bytes).unwrap();
        let sources = Sources::find((&made, Path::new("")), (&[records(folder)], &[]), definitions()).unwrap();
        assert!(sources.are_same(), "{folder}");
        let organisation = Organisation { bin: filed.organisation.bin.clone(), ..Organisation::default() };
        let reading = sources
            .trace(&filed, &made, &organisation, definitions(), Wanted::All, &BTreeSet::new())
            .expect("read again");
        let owner = Owner::new(&reading.derived, None);
        let mut page = page_records(&ran.file("review.html"));
        let mut forwards: BTreeSet<((usize, u64), (usize, usize))> = BTreeSet::new();
        let (mut cells, mut distinct) = (0, 0);
        for (place, line) in filed.cells.lines.iter().enumerate() {
            for (column, value) in line.values.iter().enumerate() {
                let parts = parts(filed.form, line.row, column, filed.period, definitions());
                let found = owner.contributions(filed.form, line, &parts, &reading.derived.traced);
                let sum: i64 = found.iter().map(|one| one.quantity).sum();
                let expected = if let Value::Number(number) = value { *number } else { 0 };
                let row = &filed.form.rows[line.row];
                assert_eq!(sum, expected, "{folder} {form} {} {:?} {column}", row.no, line.key);
                cells += usize::from(expected > 0);
                let mut first: Vec<(u64, u64)> =
                    found.iter().take(3).map(|one| (one.traced.source as u64, one.traced.line)).collect();
                first.dedup();
                let told = page.remove(&(line.row, key(line), column)).unwrap_or_default();
                assert_eq!(told, (found.len() as u64, first), "{folder} {form} {} {:?} {column}", row.no, line.key);
                distinct += usize::from(found.iter().any(|one| one.quantity == 0));
                let at = |traced: &Traced| (traced.source, traced.line);
                forwards.extend(found.iter().map(|one| (at(one.traced), (place, column))));
            }
        }
        assert!(page.is_empty(), "{page:?}");
        let mut own: BTreeMap<(usize, u64), Vec<Traced>> = BTreeMap::new();
        for traced in &reading.derived.traced {
            own.entry((traced.source, traced.line)).or_default().push(*traced);
        }
        let mut backwards = BTreeSet::new();
        for (record, facts) in &own {
            let fed = owner.cells(filed.form, &filed.cells, filed.period, definitions(), facts);
            backwards.extend(fed.into_iter().map(|(cell, _)| (*record, cell)));
        }
        println!(
            "{folder} {form}: {cells} cells, {} records, {} pairs, {distinct} with repeats",
            own.len(),
            forwards.len()
        );
        assert!(cells > 50 && own.len() > 50, "{folder} {form}");
        assert_eq!(forwards, backwards, "{folder} {form}");
        let feeding: BTreeSet<_> = forwards.iter().map(|(record, _)| *record).collect();
        let ledger = ran.json("report.json");
        let lines = ledger["ledger"].as_array().unwrap();
        let sum = |key: &str| lines.iter().map(|line| line[key].as_u64().unwrap()).sum::<u64>();
        // What feeds nothing in the ledger is what the explanation finds in no cell. A zero amount feeds no cell.
        let fed = sum("accepted") - sum("feeds_nothing");
        assert!(feeding.len() as u64 <= fed && fed <= own.len() as u64, "{folder} {form}: {fed}");
        for line in lines {
            let known = line["idle"].as_array().into_iter().flatten().map(|idle| idle["rows"].as_u64().unwrap());
            assert!(known.sum::<u64>() <= line["feeds_nothing"].as_u64().unwrap(), "{folder} {form}: {line}");
        }
        // what is listed is what feeds nothing: all of it, and nothing else
        let (_, listed, _) = esep(
            &ran.folder,
            &["explain", ".", "--uncounted", "--all", "--json", "--sources", records(folder).to_str().unwrap()],
        );
        let listed: serde_json::Value = serde_json::from_str(&listed).unwrap();
        let kinds = listed["kinds"].as_array().unwrap();
        let count: u64 = kinds.iter().map(|kind| kind["count"].as_u64().unwrap()).sum();
        let each: usize = kinds.iter().map(|kind| kind["records"].as_array().unwrap().len()).sum();
        assert_eq!((count, each as u64), (sum("feeds_nothing"), sum("feeds_nothing")), "{folder} {form}");
    }
}

/// A generated report of the sample of a central body and where it is.
fn report(folder: &str, form: &str) -> (super::bench::Ran, String) {
    let ran = sample(folder, form);
    let path = ran.folder.to_str().unwrap().to_owned();
    (ran, path)
}

/// Texts under `tests/explain`, written anew with `ESEP_BLESS=1` and read through by a person.
fn golden(name: &str, text: &str) {
    let path = root().join("tests/explain").join(name);
    if std::env::var_os("ESEP_BLESS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, text).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(expected == text, "{name}:\n{text}");
}

#[test]
fn the_texts_are_those_of_the_golden_files() {
    let (_akimat, akimat) = report("akimat-2026Q3", "2-mk");
    let (_national, national) = report("national-2026Q3", "3-mk");
    let cells: [(&str, &str, &str, &[&str]); 6] = [
        ("line", &akimat, "akimat-2026Q3", &["2-mk", "13.4", "m1.individual", "00801002"]),
        ("sum", &akimat, "akimat-2026Q3", &["12", "q.legal_entity"]),
        ("persons", &akimat, "akimat-2026Q3", &["8", "q"]),
        ("stock", &akimat, "akimat-2026Q3", &["10"]),
        ("column", &national, "national-2026Q3", &["3-mk", "4"]),
        ("record", &akimat, "akimat-2026Q3", &["--record", "У07-000001"]),
    ];
    for lang in Lang::ALL.map(Lang::code) {
        for (name, report, folder, words) in cells {
            let sources = records(folder);
            let sources = ["--sources", sources.to_str().unwrap(), "--lang", lang];
            let (status, text, fault) = esep(root(), &[&["explain", report], words, &sources[..]].concat());
            assert_eq!(status, 0, "{name}: {fault}{text}");
            golden(&format!("{name}-{lang}.txt"), &text);
        }
        for code in ["F-013", "F-121", "2-mk.equal.complaint_sources"] {
            let (status, text, fault) = esep(root(), &["explain", code, "--lang", lang]);
            assert_eq!(status, 0, "{code}: {fault}");
            golden(&format!("{code}-{lang}.txt"), &text);
        }
    }
}

#[test]
fn a_changed_source_is_named_and_blocks() {
    let (_ran, report) = report("central-body-2026Q3", "1-mk");
    let copy = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(records("central-body-2026Q3")).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.extension().is_some_and(|extension| extension == "csv") {
            std::fs::copy(&entry, copy.path().join(entry.file_name().unwrap())).unwrap();
        }
    }
    let ask = |dir: &Path, more: &[&str]| esep(dir, &[&["explain", &report, "20", "q", "--json"], more].concat());
    let json = |text: &str| serde_json::from_str::<serde_json::Value>(text).expect("JSON");
    // the recorded names, from the current folder
    let (status, text, fault) = ask(copy.path(), &[]);
    assert_eq!(status, 0, "{fault}");
    assert_eq!(json(&text)["records"]["agrees"], true);
    let outreach = copy.path().join("outreach.csv");
    let mut bytes = std::fs::read(&outreach).unwrap();
    let last = bytes.iter().rposition(u8::is_ascii_digit).unwrap();
    bytes[last] = if bytes[last] == b'1' { b'2' } else { b'1' };
    std::fs::write(&outreach, bytes).unwrap();
    let (status, text, _) = ask(copy.path(), &[]);
    assert_eq!(status, 1);
    let states = json(&text)["sources"].as_array().unwrap().clone();
    let of = |name: &str| states.iter().find(|source| source["name"] == name).unwrap()["state"].clone();
    assert_eq!((of("outreach.csv"), of("services.csv")), ("changed".into(), "same".into()));
    std::fs::remove_file(&outreach).unwrap();
    let (status, text, _) = ask(copy.path(), &[]);
    assert_eq!((status, &json(&text)["records"]["agrees"]), (1, &false.into()));
    assert!(text.contains("\"missing\""), "{text}");
}

#[test]
fn a_record_says_why_it_counts_nowhere() {
    let folder = super::bench::folder(&[(
        "services.csv",
        "record_id,service_name,channel,form,information_system,applicant,received_at,due_at,completed_at,outcome\n\
         A,Справка,office_paper,,,individual,2026-07-01,2026-07-03,2026-07-02,\n\
         A,Справка,office_paper,,,individual,2026-07-01,2026-07-03,2026-07-02,\n\
         B,Справка,egov_portal,,,individual,2026-07-01,2026-07-03,2026-07-02,\n\
         C,Справка,office_paper,,,individual,2026-04-01,2026-04-03,2026-04-02,\n\
         D,Справка,office_paper,,,individual,2026-07-01,2026-07-03,,\n\
         E,Справка,ковёр,,,individual,2026-07-01,2026-07-03,2026-07-02,\n",
    )]);
    let case = super::bench::Case::new(folder.path(), "2-mk", "2026Q3");
    let ran = case.run();
    let ask = |id: &str| {
        let report = ran.folder.to_str().unwrap();
        let arguments = ["explain", report, "--record", id, "--json", "--lang", "en"];
        let (_, text, fault) = esep(folder.path(), &arguments);
        serde_json::from_str::<serde_json::Value>(&text).unwrap_or_else(|_| panic!("{fault}"))["records"].clone()
    };
    let why = |told: &serde_json::Value| told["idle"].to_string();
    let twice = ask("A");
    assert_eq!((&twice[0]["verdict"], &twice[1]["verdict"]), (&"accepted".into(), &"duplicate".into()));
    let rows: Vec<&str> =
        twice[0]["feeds"].as_array().unwrap().iter().map(|cell| cell["row"].as_str().unwrap()).collect();
    assert_eq!(rows, ["11", "11", "11.1", "11.1", "11.1", "11.1"]);
    assert!(why(&twice[0]).contains("in time"), "{twice}");
    let portal = ask("B");
    assert!(portal[0]["feeds"].as_array().unwrap().is_empty());
    assert!(why(&portal[0]).contains("needed: «Office (paper form)»"), "{portal}");
    assert!(why(&ask("C")[0]).contains("2026-04-02 is not in 2026Q3"));
    assert!(why(&ask("D")[0]).contains("no result has been issued"));
    let rejected = ask("E");
    assert_eq!(rejected[0]["verdict"], "quarantined");
    assert!(rejected[0]["findings"].to_string().contains("F-107"), "{rejected}");
    let (status, _, fault) = esep(folder.path(), &["explain", ran.folder.to_str().unwrap(), "--record", "Z"]);
    assert!(status != 0 && fault.contains("«Z»"), "{fault}");
}

#[test]
fn a_cell_is_named_as_a_person_would() {
    let (ran, _) = report("national-2026Q3", "3-mk");
    let bytes = std::fs::read(ran.folder.join("report.json")).unwrap();
    let filed = stored::read(&bytes, definitions()).unwrap();
    let find = |words: &[&str]| {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        target::find(filed.form, &filed.cells, &words).map(|(line, column)| {
            let line = &filed.cells.lines[line];
            let row = &filed.form.rows[line.row];
            (row.no.clone(), line.key.clone(), filed.form.grid_of(line.row).columns[column].id.clone())
        })
    };
    assert_eq!(find(&["4"]).unwrap().0, "TOTAL");
    assert_eq!(find(&["1", "4"]).unwrap().0, "1");
    assert_eq!(find(&["paper", "2"]).unwrap().0, "1");
    assert!(find(&["1", "14"]).is_err() && find(&["99"]).is_err() && find(&[]).is_err());
    let service = filed.cells.lines.iter().find(|line| line.key.service.is_some()).unwrap();
    let (provider, own) = (service.key.provider.clone().unwrap(), service.key.service.clone().unwrap());
    let row = filed.form.rows[service.row].no.clone();
    let found = find(&[&row, "1", &provider.name, &own.name]).unwrap();
    assert_eq!((found.1, found.2.as_str()), (service.key.clone(), "1"));
    let found = find(&[&row, "1", &provider.name.to_uppercase()]).unwrap();
    assert_eq!((found.1.provider, found.1.service), (Some(provider), None));
    let fault = find(&[&row, "1", "no such line"]).unwrap_err().to_string();
    assert!(fault.starts_with("explain_no_line") && fault.contains("candidates="), "{fault}");
}

#[test]
fn no_person_is_ever_named() {
    for (folder, form) in [("akimat-2026Q3", "2-mk"), ("central-body-2026Q3", "1-mk")] {
        let (_ran, report) = report(folder, form);
        let text = std::fs::read_to_string(records(folder).join("sanctions.csv")).unwrap();
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let column =
            reader.headers().unwrap().iter().position(|head| head == "Код лица" || head == "person_id").unwrap();
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        let sources = records(folder);
        let (_, told, _) =
            esep(root(), &["explain", &report, "8", "q", "--all", "--sources", sources.to_str().unwrap()]);
        let id = &rows[0][0];
        let (_, more, _) = esep(root(), &["explain", &report, "--record", id, "--sources", sources.to_str().unwrap()]);
        assert!(told.contains(id) && more.contains(id), "{told}{more}");
        for row in &rows {
            assert!(!told.contains(&row[column]) && !more.contains(&row[column]), "{}", &row[column]);
        }
    }
}

#[test]
fn every_finding_has_a_page_in_the_handbook() {
    for wording in &definitions().wordings {
        for lang in Lang::ALL {
            let speech = Speech { definitions: definitions(), lang };
            let page = esep::commands::explain::page::explain(&wording.code.to_lowercase(), speech).unwrap();
            assert!(page.why.is_some(), "{}: no page in templates/findings", wording.name);
            assert!(!page.what.contains('{') && !page.what_to_do.contains('{'), "{page:?}");
            // the carrier of the forms' own rules has no case of its own
            assert!(page.case.is_some() || !page.example.is_empty() || wording.name == "rule", "{page:?}");
        }
    }
    for form in &definitions().forms {
        for rule in &form.rules {
            for lang in Lang::ALL {
                let speech = Speech { definitions: definitions(), lang };
                let page =
                    esep::commands::explain::page::explain(&format!("{}.{}", form.form, rule.id), speech).unwrap();
                assert!(page.why.is_some() && !page.what.is_empty() && !page.basis.is_empty(), "{page:?}");
            }
        }
    }
    let speech = Speech { definitions: definitions(), lang: Lang::En };
    let fault = esep::commands::explain::page::explain("F-0113", speech).unwrap_err().to_string();
    assert!(fault.contains("near=\"F-"), "{fault}");
}

#[test]
fn what_is_not_in_the_form_is_told_by_kind_and_listed() {
    let (ran, path) = report("akimat-2026Q3", "2-mk");
    let sources = records("akimat-2026Q3");
    for (lang, code) in [(Lang::Kk, "kk"), (Lang::Ru, "ru"), (Lang::En, "en")] {
        let asked = ["--lang", code, "explain", &path, "--uncounted", "--sources", sources.to_str().unwrap()];
        let (_, text, fault) = esep(root(), &asked);
        let kinds: Vec<&str> = text.lines().filter(|line| !line.is_empty() && !line.starts_with(' ')).collect();
        let report = ran.json("report.json");
        let ledger: Vec<LedgerLine> = serde_json::from_value(report["ledger"].clone()).unwrap();
        let quarter = Quarter::parse("2026Q3").unwrap();
        let told = idle::told(&ledger, definitions().form("2-mk", quarter).unwrap(), quarter, definitions());
        assert!(told.len() > 4 && fault.is_empty(), "{fault}");
        for kind in &told[1..] {
            assert!(kinds.contains(&kind.get(lang)), "{kind:?}: {text}");
            assert!(ran.file("review.html").contains(kind.get(lang)), "{kind:?}");
        }
    }
}
