//! Cases computed by hand: tables, months, sums, "-", rows of 1-mk and 2-mk. Period 2026Q3 unless said.

use super::count::{Counted, Key, cells};
use std::sync::atomic::{AtomicU64, Ordering};

pub const DONE: &str = "2026-10-01";

/// Counts `files` (name, text) for a form.
pub fn counted(files: &[(&str, &str)], form: &str, period: &str, as_of: &str) -> Counted {
    with_zeros(files, form, period, as_of, false)
}

fn with_zeros(files: &[(&str, &str)], form: &str, period: &str, as_of: &str, zeros_as_dash: bool) -> Counted {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let dir = std::env::temp_dir().join(format!("slow-hand-{}-{number}", std::process::id()));
    std::fs::create_dir_all(&dir).expect("a folder");
    for (name, text) in files {
        std::fs::write(dir.join(name), text).expect("a file");
    }
    let counted = cells(&dir, form, period, as_of.parse().expect("a date"), zeros_as_dash);
    // The program itself must give what was computed by hand, too.
    let mut case = crate::bench::Case::new(&dir, form, period);
    case.as_of = Some(as_of.parse().expect("a date"));
    if zeros_as_dash {
        case.organisation.push_str("zeros = \"-\"\n");
    }
    let begun = esep::values::period::Quarter::parse(period).expect("a quarter").first() < case.as_of.expect("a day");
    if begun && !files.is_empty() {
        assert_eq!(case.run().cells(), counted.lines().into_iter().collect());
    }
    std::fs::remove_dir_all(&dir).expect("a removed folder");
    counted
}

/// A fixed row's cell.
pub fn cell(counted: &Counted, row: &str, column: &str) -> Option<i64> {
    counted.cells[&Key { row: row.into(), column: column.into(), ..Key::default() }]
}

/// m1, m2, m3, q of a fixed row.
pub fn row(counted: &Counted, row: &str) -> [Option<i64>; 4] {
    ["m1", "m2", "m3", "q"].map(|column| cell(counted, row, column))
}

fn numbers(values: [i64; 4]) -> [Option<i64>; 4] {
    values.map(Some)
}

/// A table given whole, in 2-mk unless the row is 1-mk's own.
fn rows_of(table: &str, text: &str, wanted: &str) -> [Option<i64>; 4] {
    row(&counted(&[(&format!("{table}.csv"), text)], "1-mk", "2026Q3", DONE), wanted)
}

const EVENTS: &str = "event_id,basis,started_on,finished_on\n\
    E1,annual_plan,2026-06-20,2026-07-01\nE2,monitoring,2026-07-01,2026-07-31 23:59\n\
    E3,appeal,2026-07-30,01.08.2026\nE4,agency_instruction,2026-09-01,30.9.2026\n\
    E5,annual_plan,2026-09-20,2026-10-01\nE6,annual_plan,2026-09-20,\nE7,annual_plan,2026-06-01,2026-06-30\n";

#[test]
fn events_count_by_the_day_they_finished_and_by_basis() {
    assert_eq!(rows_of("control_events", EVENTS, "1.1"), numbers([1, 0, 0, 1]));
    assert_eq!(rows_of("control_events", EVENTS, "1.2"), numbers([1, 1, 1, 3]));
    assert_eq!(rows_of("control_events", EVENTS, "1"), numbers([2, 1, 1, 4]));
}

#[test]
fn objects_take_their_events_month_and_unknown_events_feed_nothing() {
    let objects = "event_id,object_name,object_kind\nE2,А,state_body\nE2,Б,state_body\nE9,А,state_body\nE6,А,state_body\n\
        E3,А,individual_provider\nE2,А,state_body\nE2,А,legal_entity_provider\n";
    let c = counted(&[("control_events.csv", EVENTS), ("control_objects.csv", objects)], "2-mk", "2026Q3", DONE);
    assert_eq!(row(&c, "2.1"), numbers([2, 0, 0, 2]));
    assert_eq!(row(&c, "2.3"), numbers([0, 1, 0, 1]));
    assert_eq!(row(&c, "2.4"), numbers([0, 0, 0, 0]));
    assert_eq!(row(&c, "2"), numbers([2, 1, 0, 3]));
    assert_eq!(c.ledger["control_objects"], [7, 5, 1, 1]);
}

#[test]
fn a_row_needs_all_its_tables() {
    let c = counted(&[("violations.csv", "violation_id,event_id,kind\nV1,E1,other\n")], "2-mk", "2026Q3", DONE);
    assert_eq!(row(&c, "3.10"), [None; 4]);
    assert_eq!(row(&c, "3"), [None; 4]);
    let c = counted(&[("control_events.csv", EVENTS)], "2-mk", "2026Q3", DONE);
    assert_eq!(row(&c, "9"), [None; 4]);
    assert_eq!(row(&c, "1"), numbers([2, 1, 1, 4]));
}

#[test]
fn violations_sum_quantity_and_row_5_does_not() {
    let violations = "violation_id,event_id,kind,quantity,rights_restored,persons_restored\n\
        V1,E1,other,3,true,2\nV2,E2,complaint_deadline,2,да,5\nV3,E3,service_deadline,,0,1\nV4,E4,other,2,yes,\nV5,E5,other,9,1,9\n";
    let c = counted(&[("control_events.csv", EVENTS), ("violations.csv", violations)], "1-mk", "2026Q3", DONE);
    assert_eq!(row(&c, "3.10"), numbers([3, 0, 2, 5]));
    assert_eq!(row(&c, "3.1"), numbers([0, 1, 0, 1]));
    assert_eq!(row(&c, "3"), numbers([3, 1, 2, 6]));
    assert_eq!(row(&c, "4"), numbers([5, 0, 2, 7])); // V2's too, though it is row 6's (D10)
    assert_eq!(row(&c, "5"), numbers([7, 1, 0, 8])); // V2's persons too, V3's although not restored
    assert_eq!(row(&c, "6"), numbers([2, 0, 0, 2]));
}

#[test]
fn persons_are_distinct_a_month_and_sanctions_ignore_their_event() {
    let sanctions = "sanction_id,event_id,person_id,person_kind,kind,imposed_on\n\
        N1,E77,p1,body_employee,remark,2026-07-01\nN2,,p1,body_employee,reprimand,2026-07-31\n\
        N3,,p1,body_employee,remark,2026-08-01\nN4,,p1,other,dismissal,2026-07-15\n";
    assert_eq!(rows_of("sanctions", sanctions, "7"), numbers([3, 1, 0, 4]));
    assert_eq!(rows_of("sanctions", sanctions, "7.1"), numbers([1, 1, 0, 2]));
    assert_eq!(rows_of("sanctions", sanctions, "8.1"), numbers([1, 1, 0, 2]));
    assert_eq!(rows_of("sanctions", sanctions, "8.3"), numbers([1, 0, 0, 1]));
    assert_eq!(rows_of("sanctions", sanctions, "8"), numbers([2, 1, 0, 3]));
}

#[test]
fn recommendations_are_executed_by_the_quarters_end_or_the_day_before_the_as_of_date() {
    let recommendations = "recommendation_id,event_id,executed_on\nK1,E1,2026-08-31\nK2,E1,2026-09-01\nK3,E1,\nK4,E1,2026-10-01\nK5,E1,2026-09-30\n";
    let files = [("control_events.csv", EVENTS), ("recommendations.csv", recommendations)];
    let c = counted(&files, "2-mk", "2026Q3", "2026-09-01");
    assert_eq!(row(&c, "9.1"), [Some(1), Some(0), None, Some(1)]);
    assert_eq!(row(&c, "9.2"), [Some(4), Some(0), None, Some(4)]);
    let c = counted(&files, "2-mk", "2026Q3", "2026-12-01");
    assert_eq!(row(&c, "9.1"), numbers([3, 0, 0, 3]));
    assert_eq!(row(&c, "9"), numbers([5, 0, 0, 5]));
}

#[test]
fn a_month_has_ended_the_day_after_its_last_day() {
    let outreach = "record_id,held_on,people_covered\nO1,2026-07-31,1 200\nO2,2026-08-31,5\n";
    let at = |as_of| row(&counted(&[("outreach.csv", outreach)], "2-mk", "2026Q3", as_of), "20");
    assert_eq!(at("2026-07-31"), [None; 4]);
    assert_eq!(at("2026-08-01"), [Some(1200), None, None, Some(1200)]);
    assert_eq!(at("2026-08-31"), [Some(1200), None, None, Some(1200)]);
    assert_eq!(at("2026-09-01"), [Some(1200), Some(5), None, Some(1205)]);
}

#[test]
fn a_header_alone_is_handed_over_and_zeros_may_be_dashes() {
    let files = [
        ("training.csv", "record_id,completed_on\n"),
        ("outreach.csv", "record_id,held_on,people_covered\nO1,2026-07-01,0\n"),
    ];
    let c = counted(&files, "1-mk", "2026Q3", DONE);
    assert_eq!(row(&c, "22"), numbers([0, 0, 0, 0]));
    assert_eq!(row(&c, "20"), numbers([1, 0, 0, 1]));
    assert_eq!(row(&c, "19"), [None; 4]);
    let c = with_zeros(&files, "1-mk", "2026Q3", DONE, true);
    assert_eq!(row(&c, "20"), [Some(1), None, None, Some(1)]);
    assert_eq!(row(&c, "22"), [None; 4]);
}

#[test]
fn numbers_of_2_mk_are_one_lower_after_row_10() {
    let c =
        counted(&[("restorations.csv", "record_id,restored_on,quantity\nM1,2026-09-30,4\n")], "2-mk", "2026Q3", DONE);
    assert_eq!(row(&c, "18"), numbers([0, 0, 4, 4]));
    assert!(!c.cells.keys().any(|key| key.row == "22"));
    assert_eq!(cell(&c, "11.1", "q.individual"), None); // 11 of 2-mk is 12 of 1-mk: by applicant
    assert_eq!(c.cells.keys().filter(|key| key.row == "11").count(), 8);
}

#[test]
fn the_register_is_a_stock_and_excluded_on_is_the_first_day_out() {
    let register = "service_code,service_name,included_on,excluded_on\n\
        01,А,2020-01-01,2026-07-31\n02,Б,2020-01-01,2026-08-01\n03,В,2026-08-31,\n04,Г,2026-09-01,2026-09-15\n03,В,2026-08-05,\n";
    let text = register;
    assert_eq!(rows_of("register", text, "10"), numbers([1, 1, 1, 1]));
    assert_eq!(rows_of("register", text, "10.1"), numbers([0, 1, 1, 2]));
    let c = counted(&[("register.csv", text)], "1-mk", "2026Q3", "2026-09-30");
    assert_eq!(row(&c, "10"), [Some(1), Some(1), None, Some(1)]);
    let lines: Vec<String> = c.lines().into_iter().filter(|line| line.starts_with("10,,,0")).collect();
    assert_eq!(
        lines,
        [
            "10,,,02,Б,,m1,1",
            "10,,,02,Б,,m2,0",
            "10,,,02,Б,,m3,-",
            "10,,,02,Б,,q,0",
            "10,,,03,В,,m1,0",
            "10,,,03,В,,m2,1",
            "10,,,03,В,,m3,-",
            "10,,,03,В,,q,1",
        ]
    );
}

#[test]
fn an_act_of_several_services_counts_once() {
    let bylaws = "act_no,title,approved_on,repealed_on,service_code\n\
        1,x,2020-01-01,,01\n1,x,2020-01-01,,02\n1,x,2021-01-01,2026-08-31,01\n2,x,2026-09-30,,01\n1,x,2020-01-01,,01\n";
    assert_eq!(rows_of("bylaws", bylaws, "11"), numbers([2, 1, 2, 2])); // D12
}

const HEAD: &str = "record_id,service_code,channel,form,information_system,applicant,received_at,due_at,completed_at,outcome,quantity\n";

#[test]
fn rendered_services_by_channel_applicant_and_system() {
    let text = format!(
        "{HEAD}\
        1,01,office_paper,,,individual,2026-06-30,,2026-07-01,,2\n2,01,office_paper_alternative,,,legal_entity,2026-06-30,,2026-07-31T23:59,rendered,\n\
        3,01,is_no_contact,,ИС А,individual,2026-06-30,,2026-08-01 00:00,,3\n4,01,is_no_contact,,ИС Б,individual,2026-06-30,,2026-09-30,,1\n\
        5,01,egov_portal,,,individual,2026-06-30,,2026-07-02,,50\n6,01,state_corporation,paper,,individual,2026-06-30,,2026-07-02,,50\n\
        7,01,office_paper,,,individual,2026-06-30,,2026-07-02,in_progress,50\n8,01,office_paper,,,individual,2026-06-30,,2026-07-02,refused,4\n\
        9,01,office_paper,,,individual,2026-06-30,,,rendered,50\n10,01,office_paper,,,individual,2026-06-30,,,,50\n\
        11,01,state_corporation,,,individual,2026-06-30,,2026-07-02,,50\n12,01,is_no_contact,,,individual,2026-06-30,,2026-07-02,,50\n\
        13,01,office_paper,,,,2026-06-30,,2026-07-02,,50\n"
    );
    let c = counted(&[("services.csv", &text)], "1-mk", "2026Q3", DONE);
    assert_eq!(cell(&c, "12.1", "m1.individual"), Some(2));
    assert_eq!(cell(&c, "12.2", "m1.legal_entity"), Some(1));
    assert_eq!(cell(&c, "12", "m1.legal_entity"), Some(1));
    assert_eq!(cell(&c, "12.3", "m2.individual"), Some(3));
    assert_eq!(cell(&c, "12", "q.individual"), Some(6));
    assert_eq!(cell(&c, "13.2", "q.individual"), Some(4));
    assert_eq!(cell(&c, "13", "q.legal_entity"), Some(0));
    assert_eq!(c.ledger["services"], [13, 10, 0, 3]); // 9, 12, 13 are quarantined; 11 lacks what only 3-mk asks for
    let lines: Vec<String> =
        c.lines().into_iter().filter(|line| line.starts_with("12.3,") && line.contains("ИС А")).collect();
    assert_eq!(lines.len(), 8);
    assert!(lines.contains(&"12.3,,,01,,ИС А,q.individual,3".to_string()));
    // 3-mk does not need the applicant, but the name of the provider.
    assert_eq!(counted(&[("services.csv", &text)], "3-mk", "2026Q3", DONE).ledger["services"], [13, 0, 0, 13]);
}

#[test]
fn without_an_outcome_column_refusals_are_unknown() {
    let services = "record_id,service_code,channel,applicant,received_at,completed_at\n1,01,office_paper,individual,2026-07-01,2026-07-02\n";
    let c = counted(&[("services.csv", services)], "2-mk", "2026Q3", DONE);
    assert_eq!(cell(&c, "11", "q.individual"), Some(1));
    assert_eq!(cell(&c, "12", "q.individual"), None);
    assert_eq!(cell(&c, "14", "q.individual"), None);
    let refusals = "record_id,service_code,channel,applicant,received_at,refused_at\n1,01,office_paper,individual,2026-07-01,2026-07-02\n";
    let c = counted(&[("refusals.csv", refusals)], "2-mk", "2026Q3", DONE);
    assert_eq!(cell(&c, "11", "q.individual"), None);
    assert_eq!(cell(&c, "12.2", "q.individual"), Some(1));
    assert_eq!(cell(&c, "14.1", "q.individual"), Some(0));
}

#[test]
fn an_id_refused_in_both_tables_counts_once() {
    let services = format!(
        "{HEAD}1,01,office_paper,,,individual,2026-07-01,,2026-07-02,refused,5\n2,01,office_paper,,,individual,2026-07-01,,2026-07-02,rendered,\n"
    );
    let refusals = "record_id,service_code,channel,information_system,applicant,received_at,refused_at\n1,01,is_direct_contact,X,legal_entity,2026-07-01,2026-08-02\n2,01,office_paper,,individual,2026-07-01,2026-07-02\n";
    let c = counted(&[("services.csv", &services), ("refusals.csv", refusals)], "1-mk", "2026Q3", DONE);
    assert_eq!(cell(&c, "13.2", "q.individual"), Some(1));
    assert_eq!(cell(&c, "13.1", "m2.legal_entity"), Some(1));
    assert_eq!(cell(&c, "12.1", "q.individual"), Some(1));
    assert_eq!(c.ledger["services"], [2, 1, 0, 1]);
}

#[test]
fn repeats_over_files_and_quarantined_rows_reserve_no_id() {
    let head = "record_id,completed_on,quantity\n";
    let files = [
        (
            "training.csv",
            format!(
                "{head}1,31.07.2026,2\n2,2026-07-01,0\n,2026-07-01,1\n-,2026-07-01,1\n4,2026-07-01,-1\n5,2026-07-01,1.5\n6,07/31/2026,1\n"
            ),
        ),
        ("training-b.csv", format!("{head} 1 ,2026-07-31,2\n2,2026-08-01,3\n")), // sorts before training.csv
        ("training-c.csv", format!("{head}1,2026-07-31,9\n2,2026-08-01\n3,2026-09-01,1,\n,,\nИтого,,4\n")),
    ];
    let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let c = counted(&files, "2-mk", "2026Q3", DONE);
    assert_eq!(row(&c, "21"), numbers([2, 3, 1, 6]));
    // 2, 2 and 3 accepted; 1 again: a duplicate; 1 with 9, short row 2, and six bad rows of training.csv in quarantine.
    assert_eq!(c.ledger["training"], [12, 3, 1, 8]);
}
