//! A warning that was confirmed with a reason is shown as such, no longer blocks, and lapses when a value changes.

use super::bench::{Case, definitions, folder, root};
use esep::words::finding::Severity;
use serde_json::Value;
use tempfile::TempDir;

const RECORDS: &str = "record_id,service_code,service_name,channel,applicant,received_at,due_at,completed_at,outcome\n";

/// Late services without any rendered through the office: warnings `bound.rendered_late…` cannot arise, so three
/// complaints in time and four sources do not differ either; what differs is made by `complaints.csv`.
fn records(persons: u32) -> TempDir {
    folder(&[
        ("services.csv", &format!("{RECORDS}a,1,Справка,office_paper,individual,2026-07-01,2026-07-10,2026-07-03,\n")),
        (
            "control_events.csv",
            "event_id,basis,order_no,order_date,notified_on,started_on,finished_on,materials_submitted_on\n\
             E,annual_plan,5,2026-06-20,2026-06-22,2026-07-01,2026-07-03,2026-07-08\n",
        ),
        (
            "violations.csv",
            &format!("violation_id,event_id,kind,rights_restored,persons_restored\nV,E,procedure,no,{persons}\n"),
        ),
    ])
}

const CODE: &str = "F-129";

fn confirmation(more: &str) -> String {
    format!(
        "[[confirmation]]\ncode = \"{CODE}\"\n{more}\nreason = \"Права восстановлены до конца мероприятия\"\n\
         person = \"руководитель отдела\"\ndate = 2026-10-05\n"
    )
}

fn run(records: &TempDir, confirm: Option<&str>) -> (Option<Severity>, Value, Value, super::bench::Ran) {
    let mut case = Case::new(records.path(), "2-mk", "2026Q3");
    let dir = tempfile::tempdir().unwrap();
    case.confirm = confirm.map(|text| {
        let file = dir.path().join("confirm.toml");
        std::fs::write(&file, text).unwrap();
        file
    });
    let ran = case.run();
    (ran.worst, ran.json("findings.json"), ran.json("report.json"), ran)
}

fn of<'f>(findings: &'f Value, code: &str) -> Vec<&'f Value> {
    findings["findings"].as_array().unwrap().iter().filter(|finding| finding["code"] == code).collect()
}

/// The confirmation of every warning of a run, written from its own findings.json.
fn confirm_all(findings: &Value) -> String {
    let mut text = String::new();
    for finding in findings["findings"].as_array().unwrap().iter().filter(|finding| finding["severity"] == "warning") {
        text += "[[confirmation]]\n";
        for key in ["code", "row", "column", "source", "field", "service_code", "information_system"] {
            text.extend(finding[key].as_str().map(|value| format!("{key} = {value:?}\n")));
        }
        text.extend(finding["line"].as_u64().map(|line| format!("line = {line}\n")));
        let values = finding["values"].as_object().expect("values of a warning");
        let values: Vec<String> = values.iter().map(|(name, value)| format!("{name} = {value}")).collect();
        text += &format!("values = {{ {} }}\nreason = \"Так и есть\"\n", values.join(", "));
        text += "person = \"руководитель отдела\"\ndate = 2026-10-05\n\n";
    }
    text
}

#[test]
fn a_confirmed_warning_no_longer_blocks_and_lapses_when_a_value_changes() {
    let (two, three) = (records(2), records(3));
    let (worst, before, ..) = run(&two, None);
    assert_eq!(worst, Some(Severity::Warning));
    assert_eq!(of(&before, CODE).len(), 1);
    let text = confirm_all(&before);
    let (worst, findings, report, ran) = run(&two, Some(&text));
    assert!(worst.is_none_or(|worst| worst == Severity::Notice), "{worst:?} {text}");
    let confirmed = of(&findings, CODE)[0];
    assert_eq!(confirmed["severity"], "warning");
    assert_eq!(confirmed["confirmed"]["reason"], "Так и есть");
    assert_eq!(confirmed["confirmed"]["date"], "2026-10-05");
    let all = before["counts"]["warning"].as_u64().unwrap();
    assert_eq!((&findings["counts"]["confirmed"], &report["counts"]["confirmed"]), (&all.into(), &all.into()));
    let schema: Value =
        serde_json::from_str(&std::fs::read_to_string(root().join("schemas/report.schema.json")).unwrap()).unwrap();
    let mut faults = Vec::new();
    super::schema::validate(&schema, &schema, &report, "", &mut faults);
    assert!(faults.is_empty(), "{faults:?}");
    let mut book: calamine::Xlsx<_> = calamine::open_workbook(ran.folder.join("findings.xlsx")).unwrap();
    let details = calamine::Reader::worksheet_range(&mut book, "Подробно").unwrap();
    let said =
        details.rows().flatten().any(|cell| cell.to_string().contains("Так и есть (руководитель отдела, 2026-10-05)"));
    assert!(said, "findings.xlsx shows the confirmation");
    let page = super::review::data(&ran.file("review.html"));
    let shown = page["findings"].as_array().unwrap().iter().filter(|finding| finding["confirmed"][0] == "Так и есть");
    assert_eq!(shown.count() as u64, all);
    let told = ran.json("analytical.json").to_string();
    assert!(told.contains("Так и есть (руководитель отдела, 2026-10-05)"), "analytical.json tells the reason");
    // one cell changes: the confirmation that rested on it is gone, and says so
    let (worst, findings, ..) = run(&three, Some(&text));
    assert_eq!(worst, Some(Severity::Warning));
    assert!(of(&findings, CODE)[0].get("confirmed").is_none());
    let lapsed = of(&findings, "F-501");
    assert!(!lapsed.is_empty());
    assert!(lapsed.iter().any(|one| one["message"]["en"].as_str().unwrap().contains("value = 2")), "{lapsed:#?}");
}

#[test]
fn a_confirmation_that_is_wrong_is_refused_with_a_hint() {
    let records = records(2);
    let refused = |text: &str| {
        let mut case = Case::new(records.path(), "2-mk", "2026Q3");
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("confirm.toml");
        std::fs::write(&file, text).unwrap();
        case.confirm = Some(file);
        format!("{:#}", case.try_run().err().expect("refused"))
    };
    let sound = confirmation("");
    assert!(refused(&sound.replace("reason", "raison")).contains("near=\"reason\""));
    assert!(refused(&sound.replace(CODE, "2-mk.bound.registr")).contains("near=\"2-mk.bound.register\""));
    assert!(
        refused(&sound.replace("Права восстановлены до конца мероприятия", " ")).contains("fault_confirmed_reason")
    );
    assert!(refused(&sound.replace("2026-10-05", "\"вчера\"")).contains("date"));
    let without = sound.lines().filter(|line| !line.starts_with("person")).collect::<Vec<_>>().join("\n");
    assert!(refused(&without).contains("person"));
}

#[test]
fn a_confirmation_of_another_form_or_period_waits_for_its_own() {
    let records = records(2);
    let other = confirmation("period = \"2026Q2\"\n") + &confirmation("").replace(CODE, "1-mk.bound.register");
    let (_, findings, ..) = run(&records, Some(&other));
    assert!(of(&findings, "F-503").is_empty());
    let (_, findings, ..) = run(&records, Some(&confirmation("line = 77")));
    assert_eq!(of(&findings, "F-503").len(), 1);
    assert!(definitions().wordings.iter().any(|wording| wording.code == "F-503"));
}

/// What `schemas/` explains of a file, by the kind of its fields: name and type.
fn explained(file: &str, kind: &str) -> Vec<(String, String)> {
    let text = std::fs::read_to_string(root().join("schemas").join(file)).unwrap();
    let text: toml::Table = text.parse().unwrap();
    let field = |field: &toml::Value| {
        let of = |key: &str| field[key].as_str().unwrap().to_owned();
        for lang in ["kk", "ru", "en"] {
            assert!(!field["help"][lang].as_str().unwrap().is_empty(), "{file}: {field:?}");
        }
        (of("name"), of("type"))
    };
    text[kind].as_array().unwrap().iter().map(field).collect()
}

#[test]
fn the_examples_of_answers_hold_and_their_fields_are_explained() {
    let answers = root().join("sample-data/answers");
    let path = root().join("sample-data/akimat-2026Q3");
    let mut case = Case::new(&path, "2-mk", "2026Q3");
    case.organisation = std::fs::read_to_string(path.join("organisation.toml")).unwrap();
    let counted = |case: &Case| {
        let mut ran = case.run();
        ran.folder = super::samples::only_folder(&ran.out.path().join("out"));
        ran
    };
    let before = counted(&case);
    case.confirm = Some(answers.join("confirm.toml"));
    case.mends = vec![answers.join("mends.csv")];
    let ran = counted(&case);
    let quarantined = |ran: &super::bench::Ran| ran.ledger()[3];
    assert_eq!(quarantined(&ran) + 1, quarantined(&before));
    assert_eq!(ran.json("findings.json")["counts"]["confirmed"], 2);
    for code in ["F-471", "F-474", "F-501", "F-503"] {
        assert!(!ran.codes().contains(&code.to_owned()), "{code}");
    }
    let head = std::fs::read_to_string(answers.join("mends.csv")).unwrap();
    let fields: Vec<String> = explained("mends.toml", "field").into_iter().map(|(name, _)| name).collect();
    assert_eq!(head.lines().next().unwrap(), fields.join(","));
    // all that is explained is known, and nothing else
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("confirm.toml");
    let value = |kind: &str| match kind {
        "number" => "3".to_owned(),
        "table" => "{ count = \"4\" }".to_owned(),
        "date" => "\"05.10.2026\"".to_owned(),
        _ => "\"x\"".to_owned(),
    };
    let lines = explained("confirm.toml", "confirmation_field").into_iter();
    let lines: Vec<String> = lines.map(|(name, kind)| format!("{name} = {}\n", value(&kind))).collect();
    let whole = format!("[[confirmation]]\n{}", lines.concat()).replace("code = \"x\"", "code = \"F-125\"");
    std::fs::write(&file, &whole).unwrap();
    assert!(esep::report::confirm::Confirmations::read(&file, definitions()).is_ok(), "{whole}");
    std::fs::write(&file, format!("{whole}unexplained = \"x\"\n")).unwrap();
    assert!(esep::report::confirm::Confirmations::read(&file, definitions()).is_err());
    let told: toml::Table = std::fs::read_to_string(path.join("narrative.toml")).unwrap().parse().unwrap();
    let names =
        |kind: &str| -> Vec<String> { explained("narrative.toml", kind).into_iter().map(|(name, _)| name).collect() };
    let (sections, attached) = (names("section_field"), names("attachment_field"));
    for section in told.values().map(|section| section.as_table().unwrap()) {
        assert!(section.keys().all(|key| sections.contains(key)), "{section:?}");
        for one in section.get("attachments").and_then(toml::Value::as_array).into_iter().flatten() {
            assert!(
                one.as_table().into_iter().flat_map(toml::Table::keys).all(|key| attached.contains(key)),
                "{one:?}"
            );
        }
    }
}
