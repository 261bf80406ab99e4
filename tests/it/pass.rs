//! The pass over services and refusals comes to what the reader of all tables comes to, byte for byte.

use super::bench::{Case, root};
use super::slow::generate;
use esep::sources::Pace;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

/// Every file of the outputs with its bytes.
pub fn outputs(asked: &Case, pace: Pace) -> BTreeMap<String, Vec<u8>> {
    let case = Case {
        paths: asked.paths.clone(),
        forms: asked.forms.clone(),
        period: asked.period.clone(),
        organisation: asked.organisation.clone(),
        mapping: asked.mapping.clone(),
        pace,
        ..Case::new(&asked.paths[0], "", "")
    };
    let case = Case { as_of: asked.as_of, by_unit: asked.by_unit, ..case };
    let ran = case.run();
    let mut files = BTreeMap::new();
    gather(&ran.out.path().join("out"), "", &mut files);
    assert!(files.len() >= 5, "{:?}", files.keys());
    files
}

fn gather(folder: &Path, prefix: &str, files: &mut BTreeMap<String, Vec<u8>>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            gather(&entry.path(), &format!("{name}/"), files);
        } else {
            files.insert(name, std::fs::read(entry.path()).unwrap());
        }
    }
}

pub fn agree(case: &Case, paces: &[Pace], about: &str) {
    let expected = outputs(case, Pace { one_by_one: true, ..Pace::default() });
    for pace in paces {
        let found = outputs(case, *pace);
        assert_eq!(found.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>(), "{about} {pace:?}");
        for (name, bytes) in &found {
            if *bytes != expected[name] {
                let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).lines().map(str::to_owned).collect::<Vec<_>>();
                let (found, expected) = (text(bytes), text(&expected[name]));
                let place = found.iter().zip(&expected).position(|(a, b)| a != b).unwrap_or(0);
                let part = |lines: &[String]| lines[place.saturating_sub(8)..lines.len().min(place + 4)].join("\n");
                panic!("{about} {pace:?} {name}\nfound\n{}\nexpected\n{}", part(&found), part(&expected));
            }
        }
    }
}

pub fn pace(threads: usize, block_bytes: usize, brief: bool) -> Pace {
    Pace { threads, block_bytes, brief, glance_bytes: block_bytes as u64, ..Pace::default() }
}

#[test]
fn rows_with_many_faults_in_blocks_of_all_sizes() {
    let dir = tempfile::tempdir().unwrap();
    for (seed, faults) in [(1, 0), (2, 30), (3, 400), (4, 900)] {
        let mut file = Vec::new();
        super::records::write(3000, faults, seed, &mut file).unwrap();
        std::fs::write(dir.path().join("services.csv"), file).unwrap();
        let mut case = Case::new(dir.path(), "3-mk", "2026Q3");
        case.forms = ["1-mk", "3-mk", "4-mk"].map(str::to_owned).to_vec();
        let paces = [
            pace(1, 1 << 20, true),
            pace(2, 1 << 20, false),
            pace(2, 1 << 14, true),
            pace(4, 1000, true),
            pace(2, 64, false),
            pace(3, 1, true),
        ];
        agree(&case, &paces, &format!("seed {seed}"));
    }
}

/// Parties in columns apart, quotes everywhere, columns without a meaning: spans of other fields, and the same numbers.
#[test]
fn columns_in_other_orders_and_quotes() {
    let dir = tempfile::tempdir().unwrap();
    let mut file = Vec::new();
    super::records::write(2000, 30, 7, &mut file).unwrap();
    let text = String::from_utf8_lossy(&file).replace('\u{fffd}', "?");
    let orders: [&[usize]; 3] = [
        &[2, 0, 4, 1, 5, 3, 9, 6, 7, 8, 14, 10, 11, 13, 12, 15, 16, 17],
        &[17, 16, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
        &[0, 5, 9, 1, 13, 3, 14, 6, 2, 8, 10, 4, 16, 7, 11, 12, 15, 17],
    ];
    for (nth, order) in orders.into_iter().enumerate() {
        let mut out = String::new();
        let whole = text.lines().filter(|line| !line.contains('"') && line.split(',').count() == order.len());
        for (row, line) in whole.enumerate() {
            let fields: Vec<&str> = line.split(',').collect();
            let field =
                |place: &usize| if nth == 1 { format!("\"{}\"", fields[*place]) } else { fields[*place].into() };
            out.push_str(&order.iter().map(field).collect::<Vec<String>>().join(";"));
            writeln!(out, ";{}", if row == 0 { "Не наше поле" } else { "x" }).unwrap();
        }
        std::fs::write(dir.path().join("services.csv"), out).unwrap();
        let mut case = Case::new(dir.path(), "3-mk", "2026Q3");
        case.forms = ["1-mk", "3-mk", "4-mk"].map(str::to_owned).to_vec();
        agree(&case, &[pace(2, 1 << 14, true), pace(1, 1 << 20, true)], &format!("order {nth}"));
    }
}

#[test]
fn sample_data_and_its_faults() {
    for (folder, forms) in
        [("akimat-2026Q3", "2-mk"), ("central-body-2026Q3", "1-mk"), ("national-2026Q3", "3-mk,4-mk")]
    {
        let mut case = Case::new(&root().join("sample-data").join(folder), "", "2026Q3");
        case.forms = forms.split(',').map(str::to_owned).collect();
        case.by_unit = true;
        agree(&case, &[pace(2, 5000, true), pace(1, 1 << 20, false)], folder);
    }
}

#[test]
fn random_record_sets() {
    for seed in 5000..5060 {
        let dir = tempfile::tempdir().unwrap();
        let set = generate::record_set(seed, dir.path());
        let empty = std::fs::read_dir(dir.path()).unwrap().next().is_none();
        if empty || esep::values::period::Quarter::parse(&set.period).unwrap().first() >= set.as_of {
            continue;
        }
        let mut case = Case::new(dir.path(), &set.form, &set.period);
        case.as_of = Some(set.as_of);
        agree(&case, &[pace(2, 300, true), pace(1, 1 << 20, true), pace(2, 1 << 20, false)], &format!("seed {seed}"));
    }
}

/// Repeats across sources and tables, ids refused twice, and a first place that goes with its row.
#[test]
fn repeats_across_sources() {
    let dir = tempfile::tempdir().unwrap();
    let head = "record_id,provider_bin,provider_name,service_code,service_name,channel,form,received_at,due_at";
    let record = |id: u64, bin: &str, completed: &str, outcome: &str| {
        format!(
            "S-{id},{bin},Отдел {},{},Справка,state_corporation,paper,2026-07-01,2026-07-20,{completed},{outcome}\n",
            id % 3,
            id % 5
        )
    };
    for (part, bad) in [("a", "111111111111"), ("b", "222222222222")] {
        let mut text = format!("{head},completed_at,outcome,delay_cause\n").replace(",delay_cause", "");
        for id in 0..400 {
            let outcome = if id % 7 == 0 { "refused" } else { "rendered" };
            let day = if part == "a" || id % 2 == 0 { "2026-07-15" } else { "2026-07-25" };
            let bin = if id > 390 { bad } else { "160440007161" };
            text.write_str(&record(id, bin, day, outcome)).unwrap();
            if id % 50 == 0 {
                text.write_str(&record(id / 2, bad, "2026-06-15", "")).unwrap();
                text.write_str(&record(1000 + id, bad, "2026-08-15", "")).unwrap();
            }
        }
        std::fs::write(dir.path().join(format!("services-{part}.csv")), text).unwrap();
    }
    let mut refusals = format!("{head},refused_at,refusal_reason\n");
    for id in (0..400).step_by(3).chain([3, 6, 6]) {
        refusals.push_str(&record(id, "160440007161", "2026-08-01", "encumbrance"));
    }
    let utf16 = |text: &str| -> Vec<u8> {
        [0xfeff_u16].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
    };
    std::fs::write(dir.path().join("refusals-2.csv"), utf16(&refusals)).unwrap();
    std::fs::write(dir.path().join("refusals.csv"), refusals).unwrap();
    let mut case = Case::new(dir.path(), "3-mk", "2026Q3");
    case.by_unit = true;
    agree(&case, &[pace(1, 200, true), pace(2, 1 << 20, true), pace(4, 700, false)], "repeats");
    let codes = case.run().codes();
    for code in ["F-111", "F-112", "F-113", "F-115"] {
        assert!(codes.iter().any(|found| found == code), "{code}");
    }
}

#[test]
fn values_under_nameless_columns() {
    let mut text = "record_id,provider_name,service_name,channel,applicant,received_at,completed_at,,note\n".to_owned();
    for row in 0..200 {
        let stray = if row % 50 == 37 { "x" } else { "" };
        let _ = writeln!(text, "{row},П,У,egov_portal,individual,2026-07-01,2026-07-02,{stray},n");
    }
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("services.csv"), text).unwrap();
    let case = Case::new(dir.path(), "4-mk", "2026Q3");
    agree(&case, &[pace(1, 1 << 10, true), pace(3, 700, true), pace(2, 1 << 20, false)], "nameless");
}

/// The body's own headers, values, constants and places as ids.
#[test]
fn own_headers_by_a_mapping() {
    let dir = tempfile::tempdir().unwrap();
    for (part, rows) in [("июль", 300), ("август", 200)] {
        let mut text = "№,Что,Когда пришли,Когда отдали,Статус заявки\n".to_owned();
        for id in 0..rows {
            let status = ["готово!", "отказали", "ждёт"][id % 3];
            let done = if id % 3 == 2 { String::new() } else { format!("{:02}.08.2026", id % 28 + 1) };
            writeln!(text, "{},Справка {},01.07.2026,{done},{status}", id % 7, id % 5).unwrap();
        }
        std::fs::write(dir.path().join(format!("{part}.csv")), text).unwrap();
    }
    let plain = "record_id,Что,Когда пришли,Когда отдали,Статус заявки,channel,applicant\n".to_owned()
        + &(0..300).fold(String::new(), |text, id| {
            text + &format!("p{id},Справка,01.07.2026,02.07.2026,готово!,egov_portal,individual\n")
        });
    std::fs::write(dir.path().join("plain.csv"), plain).unwrap();
    let columns = "[head.columns]\n\"Что\" = \"service_name\"\n\"Когда пришли\" = \"received_at\"\n\"Когда отдали\" = \"completed_at\"\n\"Статус заявки\" = \"outcome\"\n";
    let mapping = format!(
        "[[head]]\nsources = [\"июль.csv\", \"август.csv\"]\ntable = \"services\"\nconfirmed = true\nnumbered = true\n{columns}\"№\" = \"\"\n\
         [head.fixed]\nchannel = \"office_paper\"\napplicant = \"individual\"\n\
         [[head]]\nsources = [\"pl*.csv\"]\ntable = \"services\"\nconfirmed = true\n{columns}\
         [[values]]\nlist = \"outcome\"\nconfirmed = true\n[values.codes]\n\"готово!\" = \"rendered\"\n\"отказали\" = \"refused\"\n\"ждёт\" = \"in_progress\"\n"
    );
    let place = dir.path().join("mapping.toml");
    std::fs::write(&place, mapping).unwrap();
    let mut case = Case::new(dir.path(), "2-mk", "2026Q3");
    case.mapping = Some(place);
    agree(&case, &[pace(1, 1 << 10, true), pace(3, 700, true), pace(2, 1 << 20, false)], "mapping");
    case.paranoid = true;
    let ran = case.run();
    let report = ran.json("report.json");
    let rows: u64 = report["ledger"].as_array().unwrap().iter().map(|line| line["accepted"].as_u64().unwrap()).sum();
    assert_eq!(rows, 800, "ids that repeat are places");
    assert_eq!(report["provenance"]["mapping"]["name"], "mapping.toml");
    let codes = ran.codes();
    for code in ["F-037", "F-038", "F-039", "F-040"] {
        assert!(codes.iter().any(|found| found == code), "{code} {codes:?}");
    }
}

/// Services and refusals with causes, measures and reasons in words, spelled in several ways; some ids repeat.
fn records_with_words() -> (Vec<String>, Vec<String>) {
    let service = |row: usize| {
        let reason = if row.is_multiple_of(4) { ["court_ban", "encumbrance"][row / 4 % 2] } else { "" };
        let outcome = if reason.is_empty() { "rendered" } else { "refused" };
        let unit = ["Отдел А", "Отдел Б", ""][row % 3];
        let id = if row % 40 == 39 { row - 7 } else { row };
        format!(
            "S{id},{unit},Орган,Услуга {},office_paper,individual,2026-07-01,2026-08-{:02},{outcome},{reason}",
            row % 7,
            1 + row % 28
        )
    };
    let refusal = |row: usize| {
        let cause = ["нет  справки", "Нет справки", "НЕТ СПРАВКИ", "срок, вышел", "ИИН 900101300017", ""][row % 6];
        let id = if row % 30 == 29 { row - 29 } else { row };
        format!(
            "R{id},Отдел А,Орган,Услуга {},office_paper,individual,2026-07-01,2026-09-{:02},other_justified,\"{cause}\",обучение {}",
            row % 7,
            1 + row % 28,
            row % 3
        )
    };
    ((0..900).map(service).collect(), (0..600).map(refusal).collect())
}

fn write_parts(dir: &Path, name: &str, head: &str, rows: &[String], parts: usize) {
    for (part, rows) in rows.chunks(rows.len().div_ceil(parts)).enumerate() {
        std::fs::write(dir.join(format!("{name}-{part:03}.csv")), format!("{head}\n{}\n", rows.join("\n"))).unwrap();
    }
}

/// What the analytical report tells in words is the same from one file and from many, in any order of rows.
#[test]
fn words_of_results_in_any_split_and_order() {
    let head = "record_id,unit,provider_name,service_name,channel,applicant,received_at";
    let (services, refusals) = records_with_words();
    let mut expected: Option<BTreeMap<String, Vec<u8>>> = None;
    for (parts, stride) in [(1, 1), (1, 7), (25, 1), (25, 11)] {
        // the first of two records with one id counts, so records of one id keep their order
        let shuffled = |rows: &[String]| -> Vec<String> {
            let id = |row: &String| row.split(',').next().unwrap().to_owned();
            let mut rows: Vec<(usize, String)> = rows.iter().cloned().enumerate().collect();
            let first: BTreeMap<String, usize> = rows.iter().rev().map(|(at, row)| (id(row), *at)).collect();
            rows.sort_by_key(|(at, row)| (first[&id(row)] % stride, first[&id(row)], *at));
            rows.into_iter().map(|(_, row)| row).collect()
        };
        let dir = tempfile::tempdir().unwrap();
        let services_head = format!("{head},completed_at,outcome,refusal_reason");
        write_parts(dir.path(), "services", &services_head, &shuffled(&services), parts);
        let refusals_head = format!("{head},refused_at,refusal_reason,cause,measure");
        write_parts(dir.path(), "refusals", &refusals_head, &shuffled(&refusals), parts);
        let mut case = Case::new(dir.path(), "2-mk", "2026Q3");
        case.forms = ["2-mk", "3-mk"].map(str::to_owned).to_vec();
        case.by_unit = true;
        agree(&case, &[pace(1, 300, true), pace(3, 1 << 20, true), pace(2, 900, false)], &format!("{parts} parts"));
        let mut told = outputs(&case, pace(2, 1 << 12, true));
        told.retain(|name, _| name.contains("analytical."));
        let json = told.iter().find(|(name, _)| name.ends_with("2-mk_2026Q3_160440007161/analytical.json")).unwrap().1;
        let json = String::from_utf8_lossy(json);
        let folded = json.to_lowercase();
        assert!(folded.contains("нет справки") && folded.contains("срок, вышел"), "{json}");
        assert!(!json.contains("900101300017"));
        match &expected {
            None => expected = Some(told),
            Some(expected) => {
                assert_eq!(told.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>());
                for (name, bytes) in &told {
                    assert!(bytes == &expected[name], "{parts} parts, stride {stride}: {name}");
                }
            }
        }
    }
}
