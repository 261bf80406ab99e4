//! Rules between forms and between periods.

use super::bench::{BIN, Case, Ran, folder};
use serde_json::Value;

const HEAD: &str = "record_id,provider_bin,provider_name,service_code,service_name,channel,form,applicant,received_at,completed_at,due_at,delay_cause\n";

/// Two late results through the State Corporation and one through the portal, for two providers of the body.
fn services() -> String {
    let row = |id: u32, bin: &str, channel: &str, cause: &str| {
        format!("{id},{bin},П,001,Услуга,{channel},electronic,individual,2026-07-01,2026-07-20,2026-07-10,{cause}\n")
    };
    [
        HEAD.to_owned(),
        row(1, BIN, "state_corporation", "provider"),
        row(2, "111140000008", "state_corporation", "network_failure"),
        row(3, BIN, "egov_portal", "provider"),
    ]
    .concat()
}

fn outcomes(ran: &Ran, rule: &str) -> Vec<(String, Option<i64>, Option<i64>)> {
    let findings = ran.json("findings.json");
    let all = findings["findings"].as_array().expect("findings").clone();
    let side = |finding: &Value, side: &str| finding[side].as_i64();
    all.iter()
        .filter(|finding| finding["code"].as_str().is_some_and(|code| code.ends_with(rule)))
        .map(|finding| (finding["outcome"].as_str().unwrap().to_owned(), side(finding, "left"), side(finding, "right")))
        .collect()
}

#[test]
fn forms_of_one_run_agree_with_each_other() {
    let folder = folder(&[("services.csv", &services())]);
    let mut case = Case::new(folder.path(), "2-mk", "2026Q3");
    case.forms.extend(["3-mk".to_owned(), "4-mk".to_owned()]);
    let ran = case.run();
    assert_eq!(outcomes(&ran, "cross.state_corporation"), []);
    assert_eq!(outcomes(&ran, "cross.portal"), []);
}

#[test]
fn without_the_other_form_nothing_can_be_compared_until_it_is_filed() {
    let folder = folder(&[("services.csv", &services())]);
    let ran = Case::new(folder.path(), "2-mk", "2026Q3").run();
    let open = vec![("cannot_be_checked".to_owned(), None, None)];
    assert_eq!(outcomes(&ran, "cross.state_corporation"), open);
    assert_eq!(outcomes(&ran, "cross.portal"), open);
    assert!(ran.file("findings.json").contains("25.10.2026"));
}

#[test]
fn another_bodys_form_that_says_otherwise_is_an_error_with_both_sides() {
    let files = folder(&[("services.csv", &services())]);
    let mut case = Case::new(files.path(), "3-mk", "2026Q3");
    let other = case.run().file("report.json").replace(BIN, "600440000386").replacen("600440000386", "222240000007", 1);
    let place = folder(&[("3-mk.json", &other)]);
    case.forms = vec!["2-mk".to_owned()];
    case.previous.push(place.path().join("3-mk.json"));
    // The provider of two results is another one in the other body's form: one of two is left.
    assert_eq!(outcomes(&case.run(), "cross.state_corporation"), [("fails".to_owned(), Some(2), Some(1))]);
}

#[test]
fn recommendations_executed_later_were_pending_in_the_last_report() {
    let tables = |executed: &str| {
        folder(&[
            (
                "control_events.csv",
                "event_id,basis,started_on,finished_on\nE1,annual_plan,2026-06-01,2026-06-05\nE2,annual_plan,2026-07-01,2026-07-03\n",
            ),
            (
                "recommendations.csv",
                &format!("recommendation_id,event_id,executed_on\nR1,E1,{executed}\nR2,E2,2026-07-20\n"),
            ),
        ])
    };
    let run = |executed: &str, period: &str, as_of: Option<&str>, previous: Option<&Ran>| {
        let files = tables(executed);
        let mut case = Case::new(files.path(), "2-mk", period);
        case.as_of = as_of.map(|day| day.parse().unwrap());
        case.previous.extend(previous.map(|ran| ran.folder.join("report.json")));
        case.run()
    };
    let pending = run("", "2026Q2", None, None);
    let executed = run("2026-06-20", "2026Q2", None, None);
    assert_eq!((pending.cell("9.2", "q"), executed.cell("9.2", "q")), ("1".to_owned(), "0".to_owned()));
    let outcome = |previous| outcomes(&run("2026-07-15", "2026Q3", None, previous), "recommendations.later");
    assert_eq!(outcome(Some(&pending)), []);
    assert_eq!(outcome(Some(&executed)), [("fails".to_owned(), Some(1), Some(0))]);
    assert_eq!(outcome(None), [("cannot_be_checked".to_owned(), None, None)]);
}
