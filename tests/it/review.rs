//! The page `review.html`: all cells and findings are in it, nothing in it comes from or goes to a network, and no text
//! of a record becomes markup.

use super::bench::{BIN, Case, Ran, definitions, folder, quietly, root};
use super::samples::{SAMPLES, only_folder, sample};
use base64::prelude::{BASE64_STANDARD, Engine};
use esep::commands::consolidate::ConsolidateArgs;
use esep::commands::out::spoken::Spoken;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

pub const HEAD: &str = "record_id,provider_bin,provider_name,service_code,service_name,channel,form,applicant,received_at,completed_at,due_at,delay_cause\n";
/// A name that would end the data, open a comment, start a formula, or end a line of a script.
pub const HOSTILE: &str = "=1+1 </script><b>x</b><!-- & \u{2028} ' ${1} {{data}}";

/// What stands between the marks that enclose a part of the page.
fn between<'p>(page: &'p str, start: &str, end: &str) -> &'p str {
    let (_, rest) = page.split_once(start).unwrap_or_else(|| panic!("no {start}"));
    rest.split_once(end).unwrap_or_else(|| panic!("no {end}")).0
}

pub fn data(page: &str) -> Value {
    serde_json::from_str(between(page, "id=\"data\">", "</script>")).expect("JSON")
}

/// A text of the page's data in a language: 0 kk, 1 ru, 2 en.
fn text(data: &Value, id: &Value, lang: usize) -> String {
    let text = &data["texts"][id.as_u64().unwrap() as usize];
    text.as_str().or_else(|| text[lang].as_str()).unwrap().to_owned()
}

/// A report of 3-mk with so many services of one name.
pub fn services(count: usize, name: &str) -> Ran {
    let mut records = HEAD.to_owned();
    for nth in 0..count {
        let quoted = name.replace('"', "\"\"");
        records.push_str(&format!(
            "{nth},{BIN},\"{quoted}\",{:08},\"{quoted} {nth}\",state_corporation,electronic,individual,2026-07-01,2026-07-08,2026-07-10,\n",
            nth + 1
        ));
    }
    let place = folder(&[("services.csv", &records)]);
    Case::new(place.path(), "3-mk", "2026Q3").run()
}

#[test]
fn every_cell_and_every_finding_is_on_the_page() {
    for (folder, form) in SAMPLES {
        let ran = sample(folder, form);
        let (page, report) = (data(&ran.file("review.html")), ran.json("report.json"));
        let definition = definitions().forms.iter().find(|known| known.form == form).unwrap();
        let printed = |line: &&Value| {
            let row = definition.row_position(line["row_id"].as_str().unwrap()).unwrap();
            !definition.rows[row].lines_only || line["provider_name"].is_string() || line["service_name"].is_string()
        };
        let lines: Vec<&Value> = report["lines"].as_array().unwrap().iter().filter(printed).collect();
        let shown = page["lines"].as_array().unwrap();
        assert_eq!(lines.len(), shown.len(), "{form}");
        for (line, shown) in lines.iter().zip(shown) {
            let row = &page["rows"][shown["row"].as_u64().unwrap() as usize];
            assert_eq!((&row["id"], &row["no"]), (&line["row_id"], &line["row"]));
            let values: Vec<&Value> = line["values"].as_object().unwrap().values().collect();
            assert_eq!(values, shown["values"].as_array().unwrap().iter().collect::<Vec<_>>(), "{form} {line}");
            assert_eq!(line["service_name"].as_str(), shown["service"][1].as_str().filter(|name| !name.is_empty()));
        }
        let message = |finding: &Value, lang: usize| text(&page, &finding["message"], lang);
        let told: BTreeSet<String> =
            page["findings"].as_array().unwrap().iter().map(|finding| message(finding, 0)).collect();
        let findings = report["findings"].as_array().unwrap();
        assert_eq!(findings.len(), page["findings"].as_array().unwrap().len(), "{form}");
        for finding in findings {
            assert!(told.contains(finding["message"]["kk"].as_str().unwrap()), "{finding}");
        }
        let counted: u64 =
            page["causes"].as_array().unwrap().iter().map(|cause| cause["count"].as_u64().unwrap()).sum();
        assert_eq!(counted, findings.len() as u64);
        assert_eq!(page["counts"], report["counts"]);
        assert_eq!(page["ledger"], report["ledger"]);
    }
}

#[test]
fn findings_over_cells_stand_at_their_cells() {
    let mut seen = 0;
    for (folder, form) in SAMPLES {
        let ran = sample(folder, form);
        let (page, report) = (data(&ran.file("review.html")), ran.json("report.json"));
        let shown = page["findings"].as_array().unwrap();
        let over_cells = report["findings"].as_array().unwrap().iter().filter(|finding| finding["column"].is_string());
        assert_eq!(over_cells.count(), shown.iter().filter(|finding| finding["at"].is_array()).count(), "{form}");
        for finding in shown.iter().filter(|finding| finding["at"].is_array()) {
            let place = |nth: usize| finding["at"][nth].as_u64().unwrap() as usize;
            let line = &page["lines"][place(0)];
            assert_eq!(page["rows"][line["row"].as_u64().unwrap() as usize]["no"], finding["place"]["row"]);
            let row = &page["rows"][line["row"].as_u64().unwrap() as usize];
            let section = &page["sections"][row["section"].as_u64().unwrap() as usize];
            let grid = &page["grids"][section["grid"].as_u64().unwrap() as usize];
            assert_eq!(grid["columns"][place(1)]["id"], finding["place"]["column"]);
            seen += 1;
        }
    }
    assert!(seen > 5, "{seen}");
}

/// Both sides of every check of the page are those that `check` saw: none differs where no finding says so.
#[test]
fn checks_that_hold_have_equal_sides() {
    for (folder, form) in SAMPLES {
        let page = data(&sample(folder, form).file("review.html"));
        let (mut seen, mut broken) = (0, BTreeSet::new());
        for finding in page["findings"].as_array().unwrap().iter().filter(|finding| finding["at"].is_array()) {
            let rule = &page["causes"][finding["cause"].as_u64().unwrap() as usize]["rule"];
            broken.insert(format!("{rule} {}", finding["at"]));
        }
        for check in page["checks"].as_array().unwrap() {
            let rule = &page["rules"][check["rule"].as_u64().unwrap() as usize]["id"];
            let sides = [&check["values"][0], &check["values"][1]].map(|side| side.as_i64().unwrap_or(0));
            let told = broken.contains(&format!("{} [{},{}]", check["rule"], check["line"], check["column"]));
            if rule.as_str().unwrap().contains("sum") && !told {
                assert_eq!(sides[0], sides[1], "{form} {rule} {check}");
                seen += 1;
            }
        }
        assert!(seen > 0, "{form}");
    }
}

#[test]
fn hostile_names_stay_text() {
    let page = services(1, HOSTILE).file("review.html");
    assert_eq!(page.matches("</script").count(), 2);
    assert_eq!(page.matches("<script").count(), 2);
    assert!(!page.contains("<b>x") && !page.contains("<!--") && !page.contains('\u{2028}'));
    let data = data(&page);
    let names: BTreeSet<&str> =
        data["lines"].as_array().unwrap().iter().filter_map(|line| line["provider"][1].as_str()).collect();
    // line separators of a name are spaces to the reader of records
    let expected = HOSTILE.replace('\u{2028}', " ").split_whitespace().collect::<Vec<_>>().join(" ");
    let joined = |name: &&str| name.split_whitespace().collect::<Vec<_>>().join(" ") == expected;
    assert!(names.iter().any(joined), "{names:?}");
}

#[test]
fn nothing_is_fetched_and_the_policy_names_what_may_run() {
    for (folder, form) in SAMPLES {
        let page = sample(folder, form).file("review.html");
        let own = page.replace(between(&page, "id=\"data\">", "</script>"), "");
        for word in [
            "src=",
            "srcset",
            "url(http",
            "url(//",
            "@import",
            "fetch(",
            "XMLHttpRequest",
            "WebSocket",
            "EventSource",
            "sendBeacon",
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "document.write",
            "eval(",
            "Function(",
            "import(",
            "localStorage",
            "<link",
            "<iframe",
            "<object",
            "<form",
        ] {
            assert!(!own.contains(word), "{form}: {word}");
        }
        // the one address is the name of the drawings' vocabulary
        let addresses = own.split("http").skip(1).filter(|rest| rest.starts_with("://") || rest.starts_with("s://"));
        assert!(addresses.into_iter().all(|rest| rest.starts_with("://www.w3.org/2000/svg\"")), "{form}");
        let policy = between(&page, "Content-Security-Policy\" content=\"", "\"");
        let hash = |text: &str| format!("'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(text.as_bytes())));
        let (style, script) = (between(&page, "<style>", "</style>"), between(&page, "<script>", "</script>"));
        let expected = format!(
            "default-src 'none'; style-src {}; script-src {}; base-uri 'none'; form-action 'none'",
            hash(style),
            hash(script)
        );
        assert_eq!(policy, expected);
    }
}

#[test]
fn two_runs_give_the_same_page() {
    let page = || sample("central-body-2026Q3", "1-mk").file("review.html");
    assert_eq!(page(), page());
}

/// Nobody's identifier is on the page: neither of persons nor, beyond findings, of records.
#[test]
fn no_person_is_on_the_page() {
    for (folder, form) in SAMPLES {
        let page = sample(folder, form).file("review.html");
        let mut persons = 0;
        let files = fs::read_dir(root().join("sample-data").join(folder)).unwrap().map(|entry| entry.unwrap().path());
        for path in files.filter(|path| path.extension().is_some_and(|extension| extension == "csv")) {
            let bytes = fs::read(&path).unwrap();
            let text = String::from_utf8_lossy(&bytes);
            let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
            let Some(column) =
                reader.headers().unwrap().iter().position(|head| ["person_id", "Код лица"].contains(&head))
            else {
                continue;
            };
            for record in reader.records().map(Result::unwrap) {
                let Some(person) = record.get(column).filter(|person| person.len() > 3) else { continue };
                assert!(!page.contains(person), "{form}: {person}");
                persons += 1;
            }
        }
        assert!(persons > 0 || form.starts_with(['3', '4']), "{folder}");
    }
}

#[test]
fn large_reports_are_summarised_with_a_stated_limit() {
    let ran = services(5_300, "Услуга");
    let page = data(&ran.file("review.html"));
    assert_eq!(page["limits"]["lines"], serde_json::json!([5_000, 5_304]));
    let lines = page["lines"].as_array().unwrap();
    assert_eq!(lines.len(), 5_000);
    // rows and the provider are all there, and checks still tell the sums of the whole report
    assert_eq!(lines.iter().filter(|line| line["service"].is_null()).count(), 4);
    let sums = page["checks"].as_array().unwrap().iter().filter(|check| check["values"][0] == 5_300);
    assert!(sums.count() > 1);
    let size = fs::metadata(ran.folder.join("review.html")).unwrap().len();
    println!("review.html of 5,000 lines: {size} bytes");
    assert!(size < 4_000_000, "{size}");
}

#[test]
fn the_page_of_the_whole_knows_its_units() {
    let path = root().join("sample-data/akimat-2026Q3");
    let mut case = Case::new(&path, "2-mk", "2026Q3");
    case.organisation = fs::read_to_string(path.join("organisation.toml")).unwrap();
    case.by_unit = true;
    let ran = case.run();
    let out = ran.out.path().join("out");
    let folders: BTreeMap<String, Value> = fs::read_dir(&out)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .map(|name| (name.clone(), data(&fs::read_to_string(out.join(&name).join("review.html")).unwrap())))
        .collect();
    let whole = folders.values().find(|page| page.get("unit").is_none()).expect("the whole");
    let board = whole["board"].as_array().unwrap();
    assert_eq!(board.len(), folders.len() - 1);
    for unit in board {
        let link = unit["page"].as_str().unwrap();
        let name = link.strip_prefix("../").and_then(|rest| rest.strip_suffix("/review.html")).expect(link);
        let own = &folders[name];
        assert_eq!(own["unit"], serde_json::json!(text(whole, &unit["name"], 1)));
        assert!(own["board"].as_array().unwrap().is_empty());
        for line in own["lines"].as_array().unwrap().iter().filter(|line| line.get("service").is_none()) {
            assert_eq!(unit["values"][line["row"].to_string()], line["values"]);
        }
    }
}

/// A region: who is late is shown as late, who is missing as missing, whose sums are wrong as faulty, and figures are those of the units' reports.
#[test]
fn the_page_of_a_region_knows_who_reported() {
    let folder = root().join("sample-data/districts-2026Q3");
    let out = tempfile::tempdir().unwrap();
    let files = ["akzhalyn.xlsx", "kokarnaly.xlsx", "tasbulak.json", "uzynbel.json"].map(|file| folder.join(file));
    let request = ConsolidateArgs {
        files: files.to_vec(),
        organisation: folder.join("organisation.toml"),
        received: Some(folder.join("received.csv")),
        out: out.path().to_owned(),
        provisional: true,
        ending: quietly(),
        ..ConsolidateArgs::default()
    };
    request.run(&Spoken::default(), definitions()).unwrap();
    let page = data(&fs::read_to_string(only_folder(out.path()).join("review.html")).unwrap());
    let board: BTreeMap<&str, &Value> =
        page["board"].as_array().unwrap().iter().map(|unit| (unit["code"].as_str().unwrap(), unit)).collect();
    let standings: Vec<(&str, &str)> =
        board.iter().map(|(code, unit)| (*code, unit["standing"].as_str().unwrap())).collect();
    let expected = [
        ("439100000", "on_time"),
        ("439200000", "on_time"),
        ("439300000", "late"),
        ("439400000", "faulty"),
        ("439500000", "missing"),
    ];
    assert_eq!(standings, expected);
    assert!(board["439500000"]["values"].as_object().unwrap().is_empty(), "nobody knows its figures");
    for (code, file) in [("439100000", 0), ("439200000", 2), ("439300000", 1), ("439400000", 3)] {
        let filed = esep::filed::read::read(&files[file], definitions()).unwrap().0.remove(0);
        for line in filed.cells.lines.iter().filter(|line| line.key.is_row()) {
            let values: Vec<String> = line.values.iter().map(esep::values::cells::Value::print).collect();
            let shown = board[code]["values"][line.row.to_string()].as_array().unwrap().iter();
            let shown: Vec<String> = shown.map(|value| value.to_string().trim_matches('"').to_owned()).collect();
            assert_eq!(shown, values, "{code} {}", filed.form.rows[line.row].id);
        }
    }
}

/// A filed form that somebody has altered: its page shows the broken rule at the altered cell.
#[test]
fn a_checked_form_has_its_page() {
    let ran = sample("central-body-2026Q3", "1-mk");
    let mut report = ran.json("report.json");
    let line =
        report["lines"].as_array().unwrap().iter().position(|line| line["values"]["q"].as_i64() > Some(0)).unwrap();
    let more = report["lines"][line]["values"]["q"].as_i64().unwrap() + 1;
    report["lines"][line]["values"]["q"] = more.into();
    let place = folder(&[("filed.json", &report.to_string())]);
    let status = std::process::Command::new(env!("CARGO_BIN_EXE_esep"))
        .args(["check", "filed.json", "--out", "out", "--quiet"])
        .current_dir(place.path())
        .status()
        .unwrap();
    assert_eq!(status.code(), Some(1));
    let page = data(&fs::read_to_string(place.path().join("out/filed/review.html")).unwrap());
    let at = page["findings"].as_array().unwrap().iter().filter(|finding| finding["severity"] == "error");
    let cells: Vec<&Value> = at.map(|finding| &page["lines"][finding["at"][0].as_u64().unwrap() as usize]).collect();
    assert!(cells.iter().any(|shown| shown["values"].as_array().unwrap().contains(&more.into())), "{cells:?}");
    assert!(page["ledger"].as_array().unwrap().is_empty());
}

/// Every word that the page's scripts ask for exists, and every word of the page is asked for.
#[test]
fn words_of_the_page_are_complete() {
    let mut scripts = String::new();
    for entry in fs::read_dir(root().join("templates/review")).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.extension().is_some_and(|extension| extension == "js") {
            scripts.push_str(&fs::read_to_string(entry).unwrap());
        }
    }
    let page = data(&sample("central-body-2026Q3", "1-mk").file("review.html"));
    let words: BTreeSet<&str> = page["words"].as_object().unwrap().keys().map(String::as_str).collect();
    for asked in scripts.split("word(\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
        assert!(words.contains(asked), "{asked} is no word");
    }
    let starts: Vec<&str> = scripts.split("word(`").skip(1).map(|rest| rest.split("${").next().unwrap()).collect();
    for word in &words {
        let built = starts.iter().any(|start| !start.is_empty() && word.starts_with(start));
        let plural = word.strip_suffix('s').is_some_and(|single| ["error", "warning", "notice"].contains(&single));
        assert!(built || plural || scripts.contains(&format!("\"{word}\"")), "{word} is never used");
    }
    for set in &esep::definitions::dimension::SETS {
        assert!(words.contains(format!("facts_{}", set.name).as_str()), "{}", set.name);
        for flag in set.dimensions.iter().filter(|dimension| dimension.list.is_none()) {
            assert!(definitions().words.contains_key(&format!("review_flag_{}", flag.name)), "{}", flag.name);
        }
    }
    for standing in esep::render::page::board::Standing::ALL {
        let code = serde_json::to_value(standing).unwrap();
        assert!(words.contains(format!("standing_{}", code.as_str().unwrap()).as_str()), "{code}");
    }
}
