//! A region's quarter as its districts send it: folders of files with ten kinds of trouble, and what one edit each does.

use super::bench::{BIN, definitions, quietly};
use super::made::{MadeReport, json_of, organisation, sheet_of, sound};
use esep::commands::check::CheckArgs;
use esep::commands::consolidate::ConsolidateArgs;
use esep::commands::init::InitArgs;
use esep::commands::out::spoken::Spoken;
use esep::words::lang::Lang;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

const DISTRICTS: [&str; 17] = [
    "Кобдинский район",
    "Алгинский район",
    "Айтекебийский район",
    "Темирский район",
    "Мугалжарский район",
    "Шалкарский район",
    "Иргизский район",
    "Уилский район",
    "Байганинский район",
    "Мартукский район",
    "Каргалинский район",
    "город Хромтау",
    "Жанажолский район",
    "Сарысайский район",
    "Бескольский район",
    "Тассайский район",
    "Ушкудукский район",
];

fn report(name: &str, training: i64) -> MadeReport {
    let cell = |column: &str, number| ("training".to_owned(), column.to_owned(), number);
    MadeReport {
        form: "2-mk".to_owned(),
        period: "2026Q3".to_owned(),
        unit_name: name.to_owned(),
        cells: vec![cell("m1", training), cell("q", training)],
        ..MadeReport::default()
    }
}

fn write(report: &MadeReport, path: &Path) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, serde_json::to_vec(&sound(&report.json())).unwrap()).unwrap();
}

/// The files as they came: most districts in one folder, two in folders of their own.
fn sent(folder: &Path) -> String {
    let file = |name: &str| folder.join(name);
    for (number, name) in (1..).zip(DISTRICTS) {
        let own = report(name, number);
        let path = file(&format!("{number:02}.json"));
        match number {
            // the office writes its own name; in Kazakh, which the organisation file does not have
            1 => write(&report("Аппарат акима Кобдинского района", 1), &path),
            2 => write(&report("Алға ауданы әкімінің аппараты", 2), &path),
            3 => write(&report("ГУ «Отдел Айтекебийского района»", 3), &path),
            // nobody's name, one of them in a file that tells
            4 => write(&MadeReport { nameless: true, unit_name: String::new(), ..own }, &file("temirskii.json")),
            // two versions, of which the days of receipt tell the later; two of which nothing tells
            5 => {
                write(&own, &file("05-old.json"));
                write(&report(name, 50), &file("05-new.json"));
            }
            6 => {
                write(&own, &file("06-a.json"));
                write(&report(name, 60), &file("06-b.json"));
            }
            // the same report twice; beside it one of the quarter before, one of another form
            7 => {
                write(&own, &path);
                write(&own, &file("07-copy.json"));
            }
            8 => {
                write(&own, &path);
                write(&MadeReport { period: "2026Q2".to_owned(), ..own }, &file("08-second-quarter.json"));
            }
            9 => {
                write(&own, &path);
                write(&MadeReport { form: "3-mk".to_owned(), cells: Vec::new(), ..own }, &file("09-other.json"));
            }
            // a workbook that holds no form; a report with a wrong sum; folders of their own
            10 => {
                write(&own, &path);
                sheet_of(&[vec!["Телефоны".to_owned(), "отдела".to_owned()]], &file("10-contacts.xlsx"));
            }
            11 => fs::write(&path, {
                let mut wrong = sound(&own.json());
                let lines = wrong["lines"].as_array_mut().unwrap();
                let line = lines.iter_mut().find(|line| line["row_id"] == "training").unwrap();
                line["values"]["q"] = 99.into();
                serde_json::to_vec(&wrong).unwrap()
            })
            .unwrap(),
            12 => write(&report("Аппарат акима города Хромтау", 12), &path),
            13 | 14 => write(&own, &file(&format!("{number}/report.json"))),
            _ => write(&own, &path),
        }
    }
    let mut received = "unit,received,file\nМугалжарский район,2026-10-03,05-old.json\n".to_owned();
    received.push_str("Мугалжарский район,2026-10-05,05-new.json\nБескольский район,2026-10-09,15.json\n");
    received
}

fn body() -> String {
    DISTRICTS.iter().fold(organisation(&[]), |text, name| text + &format!("\n[[unit]]\nname_ru = \"{name}\"\n"))
}

/// Consolidates all that was sent, as a folder; the folder of the report.
fn consolidated(scratch: &Path, files: Vec<PathBuf>) -> PathBuf {
    let request = ConsolidateArgs {
        files,
        organisation: scratch.join("organisation.toml"),
        received: Some(scratch.join("received.csv")),
        provisional: true,
        out: scratch.join("out"),
        ending: quietly(),
        ..ConsolidateArgs::default()
    };
    request.run(&Spoken::default(), definitions()).expect("a consolidation");
    super::samples::only_folder(&scratch.join("out"))
}

/// Of each district the lines that the findings say are to be put in the organisation file.
fn ready(findings: &Value) -> BTreeMap<&'static str, Vec<String>> {
    let mut lines: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for finding in findings["findings"].as_array().unwrap() {
        let text = |key: &str| finding[key]["ru"].as_str().unwrap().to_owned();
        let (message, hint) = (text("message"), text("hint"));
        let line = ["names = [", "report = \""].into_iter().find_map(|begin| hint.find(begin).map(|at| &hint[at..]));
        if let Some(line) = line.filter(|_| matches!(finding["code"].as_str(), Some("F-404" | "F-415" | "F-416"))) {
            let line = line.split("; ").next().unwrap().to_owned();
            let district = DISTRICTS.into_iter().find(|name| message.contains(*name) || hint.contains(*name));
            lines.entry(district.unwrap_or_else(|| panic!("{message}"))).or_default().push(line);
        }
    }
    lines
}

#[test]
fn seventeen_districts_are_in_after_at_most_one_edit_each() {
    let scratch = tempfile::tempdir().unwrap();
    let folder = scratch.path().join("присланное");
    let received = sent(&folder);
    fs::write(scratch.path().join("received.csv"), received).unwrap();
    fs::write(scratch.path().join("organisation.toml"), body()).unwrap();
    let first = consolidated(scratch.path(), vec![folder.clone()]);
    let counted = |folder: &Path| json_of(&folder.join("report.json"))["consolidation"]["counted"].as_u64().unwrap();
    assert_eq!(counted(&first), 11, "six districts need a word of the compiler");
    let findings = json_of(&first.join("findings.json"));
    let lines = ready(&findings);
    assert_eq!(lines.len(), 6, "{lines:?}");
    assert!(lines.values().all(|lines| lines.len() == 1), "one edit each: {lines:?}");
    let page = fs::read_to_string(first.join("review.html")).unwrap();
    assert!(page.contains("\"nameless\"") && page.contains("\"other_name\""), "the board says what came how");
    let edited = lines.iter().fold(body(), |text, (district, lines)| {
        let unit = format!("name_ru = \"{district}\"\n");
        assert!(text.contains(&unit));
        text.replace(&unit, &format!("{unit}{}\n", lines[0]))
    });
    fs::write(scratch.path().join("organisation.toml"), edited).unwrap();
    let pattern = vec![folder.join("*.JSON"), folder.join("*/report.json"), folder.join("10-contacts.xlsx")];
    let whole = consolidated(scratch.path(), pattern);
    assert_eq!(counted(&whole), 17);
    // 1 to 17 with the later version of the fifth and the chosen one of the sixth
    let sum: i64 = (1..=17).sum::<i64>() - 5 + 50 - 6 + 60;
    let stored = json_of(&whole.join("report.json"));
    let training = stored["lines"].as_array().unwrap().iter().find(|line| line["row_id"] == "training").unwrap();
    assert_eq!(training["values"]["m1"], sum);
    let all = fs::read_to_string(whole.join("findings.json")).unwrap();
    for code in ["F-402", "F-403", "F-405", "F-406", "F-407", "F-301", "F-417", "F-418"] {
        assert!(all.contains(code), "{code} is told");
    }
    for code in ["F-401", "F-404", "F-409", "F-415", "F-416"] {
        assert!(!all.contains(&format!("\"{code}\"")), "{code} is settled");
    }
}

#[test]
fn the_table_of_receipts_says_which_version_holds() {
    let scratch = tempfile::tempdir().unwrap();
    let folder = scratch.path().join("sent");
    let received = sent(&folder).replace("unit,received,file", "unit,received,file,holds");
    // the earlier of the two of the fifth, one of the two of the sixth
    let sixth = DISTRICTS[5];
    let received = received.replace("05-old.json", "05-old.json,да").replace("05-new.json", "05-new.json,")
        + &format!("{sixth},2026-10-05,06-a.json,\n{sixth},2026-10-05,06-b.json,да\n");
    fs::write(scratch.path().join("received.csv"), received).unwrap();
    fs::write(scratch.path().join("organisation.toml"), body()).unwrap();
    let first = consolidated(scratch.path(), vec![folder.clone()]);
    let units = json_of(&first.join("report.json"))["consolidation"]["units"].clone();
    let sources = |unit: usize| units[unit]["sources"][0].as_str().unwrap_or_default().to_owned();
    assert!(sources(4).ends_with("05-old.json") && sources(5).ends_with("06-b.json"), "{units}");
    let codes = fs::read_to_string(first.join("findings.json")).unwrap();
    assert!(codes.contains("F-418") && !codes.contains("\"F-404\""), "the choice is told");
}

#[test]
fn answers_of_a_district_are_told_and_stand_in_its_next_file() {
    use calamine::{Data, Reader, Xlsx, open_workbook};
    let scratch = tempfile::tempdir().unwrap();
    let folder = scratch.path().join("sent");
    sent(&folder);
    fs::write(scratch.path().join("received.csv"), "unit,received\n").unwrap();
    fs::write(scratch.path().join("organisation.toml"), body()).unwrap();
    let first = consolidated(scratch.path(), vec![folder.clone()]);
    let returned = first.join("returns/kargalinskii-raion.xlsx");
    let rows = |path: &Path| -> Vec<Vec<String>> {
        let mut book: Xlsx<_> = open_workbook(path).unwrap();
        let range = book.worksheet_range_at(0).unwrap().unwrap();
        range.rows().map(|row| row.iter().map(Data::to_string).collect()).collect()
    };
    let mut remarks = rows(&returned);
    let asked = remarks.last_mut().unwrap();
    let code = asked[2].clone();
    *asked.last_mut().unwrap() = "Исправим 12 октября".to_owned();
    sheet_of(&remarks, &folder.join("ответ района.xlsx"));
    let second = consolidated(scratch.path(), vec![folder]);
    let findings = json_of(&second.join("findings.json"));
    let told = findings["findings"].as_array().unwrap().iter().find(|finding| finding["code"] == "F-419").unwrap();
    let message = told["message"]["ru"].as_str().unwrap();
    assert!(message.contains(&code) && message.contains("Каргалинский") && message.contains("12 октября"), "{message}");
    let again = rows(&second.join("returns/kargalinskii-raion.xlsx"));
    assert!(again.iter().any(|row| row[2] == code && row.last().unwrap() == "Исправим 12 октября"), "{again:?}");
    // written over where it lies, without being handed over: it is read by itself, in the next run as in the one after
    fs::remove_file(scratch.path().join("sent/ответ района.xlsx")).unwrap();
    let mut remarks = again;
    *remarks.last_mut().unwrap().last_mut().unwrap() = "Исправлено".to_owned();
    sheet_of(&remarks, &second.join("returns/kargalinskii-raion.xlsx"));
    for _ in 0..2 {
        let next = consolidated(scratch.path(), vec![scratch.path().join("sent")]);
        let findings = json_of(&next.join("findings.json"));
        let told = findings["findings"].as_array().unwrap().iter().filter(|finding| finding["code"] == "F-419");
        let told: Vec<&str> = told.map(|finding| finding["message"]["ru"].as_str().unwrap()).collect();
        assert!(told.len() == 1 && told[0].contains("Исправлено"), "{told:?}");
        let rows = rows(&next.join("returns/kargalinskii-raion.xlsx"));
        assert!(rows.iter().any(|row| row[2] == code && row.last().unwrap() == "Исправлено"), "{rows:?}");
    }
}

#[test]
fn init_on_forms_of_districts_proposes_the_units() {
    let scratch = tempfile::tempdir().unwrap();
    let folder = scratch.path().join("присланное");
    fs::write(scratch.path().join("received.csv"), sent(&folder)).unwrap();
    let asked = InitArgs { paths: vec![folder.clone()], out: Some(scratch.path().to_owned()), force: false };
    for (lang, said) in [(Lang::Kk, "тапсырғандар: 16"), (Lang::Ru, "сдавших их подразделений: 16")]
    {
        let again = InitArgs { force: lang == Lang::Ru, ..asked.clone() };
        let told = again.run(&Spoken { given: vec![lang], terminal: lang }, definitions()).unwrap();
        assert!(told.contains(said) && told.contains("temirskii.json"), "{told}");
        assert!(told.contains("esep consolidate"), "{told}");
    }
    assert!(!scratch.path().join("mapping.toml").exists(), "there are no records whose columns could be asked for");
    let file = scratch.path().join("organisation.toml");
    let text = fs::read_to_string(&file).unwrap();
    assert!(text.contains("name_kk = \"Алға ауданы әкімінің аппараты\""), "{text}");
    let text = text.replacen("name_ru = \"\"", "name_ru = \"Область\"", 1);
    fs::write(&file, text.replacen("bin = \"\"", &format!("bin = \"{BIN}\""), 1)).unwrap();
    let whole = consolidated(scratch.path(), vec![folder]);
    // all but the one that says no name, and the one of two versions of which nothing tells the later
    assert_eq!(json_of(&whole.join("report.json"))["consolidation"]["counted"], 15);
}

#[test]
fn check_takes_folders_and_patterns() {
    let scratch = tempfile::tempdir().unwrap();
    let folder = scratch.path().join("sent");
    sent(&folder);
    let checked = |files: &[&str]| {
        let scratch = tempfile::tempdir().unwrap();
        let files = files.iter().map(|file| folder.join(file)).collect();
        let out = Some(scratch.path().join("checked"));
        let asked = CheckArgs { files, out: out.clone(), ending: quietly(), ..CheckArgs::default() };
        let outcome = asked.run(&Spoken::default(), definitions());
        (outcome.is_ok(), out.map_or(0, |out| fs::read_dir(out).map_or(0, Iterator::count)))
    };
    assert_eq!(checked(&["0[1-3].json"]), (true, 3));
    assert_eq!(checked(&["1?"]), (true, 2), "folders that a pattern names");
    assert_eq!(checked(&["01.json", "*-COPY.json"]), (true, 2));
    assert!(!checked(&["nothing*.json"]).0);
}
