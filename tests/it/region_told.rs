//! What districts tell beside their cells: causes, measures, answers, unknown deadlines, established violations.

use super::analytical::text;
use super::bench::{Case, folder};
use super::made::{MadeReport, consolidated, json_of, organisation, sound};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

const TOLD: &str = "439100000";
const SILENT: &str = "439200000";

/// The report of a district with late complaints and violations, and with what it says beside its cells.
fn sent(folder: &Path, unit: &str, beside: &[(&str, Value)]) -> PathBuf {
    let cell = |row: &str, column: &str, number| (row.to_owned(), column.to_owned(), number);
    let mut cells = Vec::new();
    for row in ["violations.procedure", "violations"] {
        cells.extend([cell(row, "m1", 5), cell(row, "q", 5)]);
    }
    for row in ["rendered_late.office", "rendered_late"] {
        cells.extend([cell(row, "m1.individual", 2), cell(row, "q.individual", 2)]);
    }
    let report = MadeReport {
        form: "2-mk".to_owned(),
        period: "2026Q3".to_owned(),
        unit: unit.to_owned(),
        cells,
        ..MadeReport::default()
    };
    let mut report = sound(&report.json());
    for (key, value) in beside {
        report[*key] = value.clone();
    }
    let path = folder.join(format!("{unit}.json"));
    std::fs::write(&path, serde_json::to_vec(&report).unwrap()).unwrap();
    path
}

fn beside() -> Vec<(&'static str, Value)> {
    let words = |field: &str, text: &str, count: i64| json!({"field": field, "text": text, "count": count});
    vec![
        ("deadlines", json!([{"channel": "office_paper", "outcome": "rendered", "unknown": 3, "results": 40}])),
        ("established", json!([{"row_id": "rendered_late.office", "column": "q.individual", "value": 1}])),
        (
            "testified",
            json!({
                "counts": {"#complaints_considered_late": 2, "#complaints_open_late": 0},
                "sections": [
                    {"section": "violations", "words": [
                        words("violations.cause", "Нехватка людей", 4),
                        words("violations.measure", "Обучение", 5),
                    ]},
                    {"section": "law_violations", "text": {"kk": "", "ru": "Причина: отпуска.\n- замены назначены", "en": ""}},
                ],
            }),
        ),
    ]
}

/// Paragraphs and tables of the report as lines.
fn lines(folder: &Path) -> Vec<String> {
    let report = json_of(&folder.join("analytical.json"));
    let mut lines = Vec::new();
    for piece in report["documents"][0]["pieces"].as_array().unwrap() {
        lines.push(text(&piece["runs"]).replace('\u{a0}', " "));
        lines.push(text(&piece["table"]));
        for row in piece["rows"].as_array().into_iter().flatten() {
            let cells = row.as_array().unwrap().iter().map(|cell| text(cell).replace('\u{a0}', " "));
            lines.push(cells.collect::<Vec<_>>().join("|"));
        }
    }
    lines.retain(|line| !line.is_empty());
    lines
}

#[test]
fn causes_measures_and_answers_of_districts_are_told_by_district() {
    let scratch = tempfile::tempdir().unwrap();
    let files = vec![sent(scratch.path(), TOLD, &beside()), sent(scratch.path(), SILENT, &[])];
    let told = consolidated(scratch.path(), files, &organisation(&[TOLD, SILENT]), None);
    let lines = lines(&told);
    let has = |line: &str| lines.iter().any(|own| own == line);
    assert!(has("Причины нарушений (по подразделениям)"), "{lines:#?}");
    assert!(has("Район 439100000|Нехватка людей|4") && has("Район 439100000|Обучение|5"), "{lines:#?}");
    assert!(has("Район 439100000 сообщает:") && has("Причина: отпуска.") && has("замены назначены"), "{lines:#?}");
    // who told nothing is named below the question, once a section
    let silent = "Сведений об этом нет в отчетах подразделений: Район 439200000.";
    assert!(has(silent), "{lines:#?}");
    // of one district nobody knows how many deadlines are not known; complaints are counted by one only
    let said = lines.join("\n");
    assert!(
        said.contains("Отчетов подразделений, в которых нет сведений о результатах с неизвестным сроком: 1."),
        "{said}"
    );
    assert!(said.contains("Срок неизвестен по 3 из 40 результатов"), "{said}");
    assert!(!said.contains("Рассмотрено в отчетном периоде с нарушением"), "{said}");
    let report = json_of(&told.join("report.json"));
    assert_eq!(report["deadlines"][0]["unknown"], 3);
    assert_eq!(
        report["established"],
        json!([{"row_id": "rendered_late.office", "column": "q.individual", "value": 1}])
    );
    let mut faults = Vec::new();
    let schema = std::fs::read_to_string(super::bench::root().join("schemas/report.schema.json")).unwrap();
    let schema: Value = serde_json::from_str(&schema).unwrap();
    super::schema::validate(&schema, &schema, &report, "", &mut faults);
    assert!(faults.is_empty(), "{faults:?}");
    assert!(super::made::codes(&json_of(&told.join("findings.json"))).contains("F-122"));
}

#[test]
fn a_section_that_all_districts_answer_is_not_asked_and_counts_of_all_are_added() {
    let scratch = tempfile::tempdir().unwrap();
    let files = vec![sent(scratch.path(), TOLD, &beside()), sent(scratch.path(), SILENT, &beside())];
    let told = consolidated(scratch.path(), files, &organisation(&[TOLD, SILENT]), None);
    let findings = json_of(&told.join("findings.json"));
    let asked: Vec<&str> = findings["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|finding| finding["code"] == "F-201")
        .map(|finding| finding["message"]["ru"].as_str().unwrap())
        .collect();
    assert!(!asked.iter().any(|asked| asked.contains("Нарушения порядка")), "{asked:?}");
    assert!(!asked.iter().any(|asked| asked.contains("Факты нарушения")), "{asked:?}");
    assert!(asked.iter().any(|asked| asked.contains("бизнес-процессов")), "{asked:?}");
    let said = lines(&told).join("\n");
    assert!(said.contains("Рассмотрено в отчетном периоде с нарушением установленных сроков жалоб: 4."), "{said}");
    assert!(!said.contains("Отчетов подразделений, в которых нет сведений"), "{said}");
    // the whole hands on what its districts said
    let report = json_of(&told.join("report.json"));
    assert_eq!(report["testified"]["counts"]["#complaints_considered_late"], 4);
    let words = &report["testified"]["sections"][0]["words"];
    assert_eq!((words[0]["text"].as_str(), words[0]["count"].as_i64()), (Some("Нехватка людей"), Some(8)));
}

/// The part that others established is left out of the bound when the report is checked again (D15).
#[test]
fn established_violations_of_a_report_that_is_read_back_do_not_break_its_bounds() {
    let files = folder(&[
        (
            "services.csv",
            "record_id,service_name,channel,applicant,received_at,due_at,completed_at\n\
             1,Услуга,office_paper,individual,2026-07-01,2026-07-02,2026-07-03\n",
        ),
        (
            "established_violations.csv",
            "record_id,established_by,established_on,service_name,channel,applicant,kind\n\
             1,agency,2026-07-20,Услуга,office_paper,individual,rendered\n",
        ),
    ]);
    let ran = Case::new(files.path(), "2-mk", "2026Q3").run();
    let report = ran.json("report.json");
    let part = json!({"row_id": "rendered_late.office", "column": "q.individual", "value": 1});
    assert!(report["established"].as_array().unwrap().contains(&part), "{}", report["established"]);
    let broken = |file: &Path| -> bool {
        let run = std::process::Command::new(env!("CARGO_BIN_EXE_esep")).arg("check").arg(file).arg("--json").output();
        let told: Value = serde_json::from_slice(&run.unwrap().stdout).unwrap();
        told["files"][0]["findings"].to_string().contains("bound.rendered_late_office")
    };
    assert!(!broken(&ran.folder.join("report.json")));
    // without it the bound is broken: two late, one rendered
    let mut bare = report.clone();
    bare.as_object_mut().unwrap().remove("established");
    let path = ran.folder.join("bare.json");
    std::fs::write(&path, serde_json::to_vec(&bare).unwrap()).unwrap();
    assert!(broken(&path));
}
