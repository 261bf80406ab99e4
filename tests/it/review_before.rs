//! What the page tells beside the form: the quarter before, confirmations, the second count.

use super::bench::{Case, root};
use super::review::data;
use super::samples::only_folder;
use serde_json::Value;
use std::collections::BTreeMap;

/// Lines of a stored report by row, service and system: its values.
fn stored(report: &Value) -> BTreeMap<[String; 3], Value> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let lines = report["lines"].as_array().unwrap().iter();
    lines
        .map(|line| {
            (
                [text(&line["row_id"]), text(&line["service_code"]), text(&line["information_system"])],
                line["values"].clone(),
            )
        })
        .collect()
}

#[test]
fn every_cell_knows_the_quarter_before() {
    let path = root().join("sample-data/akimat-2026Q3");
    let mut case = Case::new(&path, "2-mk", "2026Q3");
    case.organisation = std::fs::read_to_string(path.join("organisation.toml")).unwrap();
    let before = root().join("sample-data/previous/2-mk_2026Q2.json");
    case.previous = vec![before.clone()];
    case.paranoid = true;
    let mut ran = case.run();
    ran.folder = only_folder(&ran.out.path().join("out"));
    let page = data(&ran.file("review.html"));
    let then = stored(&serde_json::from_str(&std::fs::read_to_string(before).unwrap()).unwrap());
    let (mut found, mut absent) = (0, 0);
    for line in page["lines"].as_array().unwrap() {
        let row = page["rows"][line["row"].as_u64().unwrap() as usize]["id"].as_str().unwrap().to_owned();
        let service = line["service"][0].as_str().unwrap_or_default().to_owned();
        let system = line["system"].as_str().unwrap_or_default().to_owned();
        let told = line["before"].as_array().unwrap();
        // only services with a code are looked for here
        if line.get("service").is_some() && service.is_empty() {
            continue;
        }
        match then.get(&[row, service, system]) {
            Some(values) => {
                let of: BTreeMap<&String, &Value> = values.as_object().unwrap().iter().collect();
                let first: Vec<&str> = told.iter().filter_map(Value::as_str).collect();
                let numbers: i64 = told.iter().filter_map(Value::as_i64).sum();
                let expected: i64 = of.values().filter_map(|value| value.as_i64()).sum();
                assert_eq!((told.len(), numbers), (of.len(), expected), "{line}");
                assert_eq!(first.len(), of.values().filter(|value| value.is_string()).count(), "{line}");
                found += 1;
            }
            None => {
                assert!(told.iter().all(|value| value == 0), "{line}");
                absent += 1;
            }
        }
    }
    assert!(found > 50, "{found} found, {absent} absent");
    let cells = ran.json("report.json")["provenance"]["recounted"].as_u64().expect("recounted");
    assert_eq!(page["provenance"]["recounted"].as_u64(), Some(cells));
    let told = ran.json("analytical.json").to_string();
    assert!(told.contains("Екінші есептегіш") || told.contains("Второй счётчик"), "the analytical report tells, too");
}
