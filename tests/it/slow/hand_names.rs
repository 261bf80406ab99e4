//! Cases computed by hand: who is the same, printed names, 3-mk and 4-mk; and the generator.

use super::count::{Counted, cells};
use super::generate::record_set;
use super::hand::{DONE, cell, counted};

const COMPLAINTS: &str = "record_id,service_code,service_name,channel,source,registered_at\n";

fn complaint_lines(rows: &str, more: &[(&str, &str)]) -> Vec<String> {
    let text = format!("{COMPLAINTS}{rows}");
    let mut files = vec![("complaints.csv", text.as_str())];
    files.extend(more);
    lines(&counted(&files, "2-mk", "2026Q3", DONE), "15.1,,,", ",m1,")
}

fn lines(counted: &Counted, start: &str, inside: &str) -> Vec<String> {
    let is_wanted = |line: &String| line.starts_with(start) && line.contains(inside) && !line.starts_with("15.1,,,,,");
    counted.lines().into_iter().filter(is_wanted).collect()
}

#[test]
fn a_name_joins_its_one_code() {
    let rows = "1,01,Приём «А»,office_paper,other,2026-07-01\n2,,ПРИЕМ  \"а\",office_paper,other,2026-07-01\n3,,Приём «А»,office_paper,other,2026-07-01\n";
    assert_eq!(complaint_lines(rows, &[]), ["15.1,,,01,Приём «А»,,m1,3"]);
}

#[test]
fn a_name_of_two_codes_is_its_own_service() {
    let rows = "1,01,А,office_paper,other,2026-07-01\n2,02,а,office_paper,other,2026-07-01\n3,,А,office_paper,other,2026-07-01\n";
    assert_eq!(complaint_lines(rows, &[]), ["15.1,,,,А,,m1,1", "15.1,,,01,А,,m1,1", "15.1,,,02,а,,m1,1"]);
}

#[test]
fn codes_are_looked_for_in_every_table_but_not_in_the_quarantine() {
    let rows = "1,,А,office_paper,other,2026-07-01\n";
    let bylaws = ("bylaws.csv", "act_no,title,approved_on,service_code,service_name\n1,x,2020-01-01,07,а\n");
    assert_eq!(complaint_lines(rows, &[bylaws]), ["15.1,,,07,А,,m1,1"]); // "А" < "а" by code point, once each
    let spoilt = ("bylaws.csv", "act_no,title,approved_on,service_code,service_name\n1,x,yesterday,07,а\n");
    assert_eq!(complaint_lines(rows, &[spoilt]), ["15.1,,,,А,,m1,1"]);
}

#[test]
fn the_commonest_spelling_is_printed_unless_the_register_names_the_service() {
    let rows = "1,01,б,office_paper,other,2026-07-01\n2,01,Б,office_paper,other,2026-07-01\n3,01,б,office_paper,other,2025-01-01\n4,01,,office_paper,other,2026-07-01\n";
    assert_eq!(complaint_lines(rows, &[]), ["15.1,,,01,б,,m1,3"]);
    let register = (
        "register.csv",
        "service_code,service_name,included_on\n01,Старое,2020-01-01\n01,Новое,2024-01-01\n01,Другое,2021-01-01\n",
    );
    assert_eq!(complaint_lines(rows, &[register]), ["15.1,,,01,Новое,,m1,3"]);
}

const RESULTS: &str = "record_id,service_code,service_name,provider_bin,provider_name,channel,form,received_at,due_at,completed_at,outcome,refusal_reason,delay_cause,quantity\n";

fn results(rows: &str, form: &str, as_of: &str) -> Counted {
    counted(&[("services.csv", &format!("{RESULTS}{rows}"))], form, "2026Q3", as_of)
}

fn whole_row(counted: &Counted, row: &str, columns: usize) -> Vec<i64> {
    (1..=columns).map(|column| cell(counted, row, &column.to_string()).unwrap_or(-1)).collect()
}

#[test]
fn columns_of_3_mk() {
    let rows = "\
        1,01,А,160440007161,Акимат,state_corporation,paper,2026-07-01,2026-07-01,2026-07-02,,,corporation_employee,2\n\
        2,01,А,160440007161,Акимат,state_corporation,paper,2026-07-01,2026-07-01,2026-07-02,refused,court_ban,is_failure,3\n\
        3,02,Б,,АКИМАТ,state_corporation,electronic,2026-07-01,2026-07-01,2026-07-01,,,provider,5\n\
        4,02,Б,,АКИМАТ,state_corporation,electronic,2026-07-01,2026-07-01,2026-09-30,refused,,,7\n\
        5,02,Б,,АКИМАТ,state_corporation,electronic,2026-07-01,2026-07-01,2026-08-30,refused,encumbrance,other_technical,1\n\
        6,02,Б,,АКИМАТ,egov_portal,,2026-07-01,2026-07-01,2026-08-30,refused,encumbrance,other_technical,1\n\
        7,02,Б,,,state_corporation,electronic,2026-07-01,2026-07-01,2026-08-30,refused,encumbrance,other_technical,1\n";
    let c = results(rows, "3-mk", DONE);
    assert_eq!(whole_row(&c, "TOTAL", 13), [18, 13, 2, 0, 0, 0, 4, 0, 11, 0, 0, 1, 3]);
    assert_eq!(whole_row(&c, "1", 13), [5, 5, 2, 0, 0, 0, 3, 0, 3, 0, 0, 0, 3]);
    assert_eq!(whole_row(&c, "2", 13), [13, 8, 0, 0, 0, 0, 1, 0, 8, 0, 0, 1, 0]);
    assert!(c.lines().contains(&"2,160440007161,АКИМАТ,,,,1,13".to_string())); // АКИМАТ: four rows of six
    assert!(c.lines().contains(&"1,160440007161,АКИМАТ,01,А,,9,3".to_string()));
    // "3-mk and 4-mk count ended months only".
    assert_eq!(whole_row(&results(rows, "3-mk", "2026-09-30"), "TOTAL", 2), [11, 6]);
    assert_eq!(whole_row(&results(rows, "3-mk", "2026-07-31"), "TOTAL", 2), [-1, -1]);
}

#[test]
fn columns_of_4_mk() {
    let rows = "\
        1,01,А,,П,egov_portal,,2026-07-01,2026-07-01,2026-07-02,,,provider,2\n\
        2,01,А,,П,elicense,,2026-07-01,2026-07-01,2026-07-02,refused,court_ban,network_failure,3\n\
        3,01,А,,Р,elicense,,2026-07-01,2026-07-01,2026-07-02,refused,,mail_delivery,4\n\
        4,01,А,,Р,elicense,,2026-07-01,,2026-07-02,,,mail_delivery,5\n\
        5,01,А,,Р,state_corporation,paper,2026-07-01,,2026-07-02,,,mail_delivery,5\n";
    let c = results(rows, "4-mk", DONE);
    assert_eq!(whole_row(&c, "TOTAL", 9), [14, 2, 12, 7, 0, 7, 9, 3, 2]);
    assert!(c.lines().contains(&"1,,Р,01,А,,7,4".to_string()));
    assert!(c.lines().contains(&"1,,П,,,,1,5".to_string()));
    assert_eq!(c.lines().len(), 5 * 9); // two providers with a service each, and the total
}

#[test]
fn refusals_alone_leave_the_other_columns_unknown() {
    let refusals = "record_id,service_code,provider_name,channel,form,received_at,due_at,refused_at\n1,01,П,state_corporation,paper,2026-07-01,2026-07-01,2026-07-02\n";
    let c = counted(&[("refusals.csv", refusals)], "3-mk", "2026Q3", DONE);
    assert_eq!(cell(&c, "TOTAL", "1"), None);
    assert_eq!(cell(&c, "TOTAL", "9"), Some(1));
    let c = counted(&[], "3-mk", "2026Q3", DONE);
    assert_eq!(cell(&c, "TOTAL", "9"), None);
    assert_eq!(c.lines().len(), 39);
}

#[test]
fn the_registers_name_of_a_provider() {
    let services = format!("{RESULTS}1,01,А,160440007161,Акимат,egov_portal,,2026-07-01,,2026-07-02,,,,1\n");
    let register = "service_name,included_on,provider_name\nЯ,2020-01-01,АКИМАТ\n";
    let c = counted(&[("services.csv", &services), ("register.csv", register)], "4-mk", "2026Q3", DONE);
    assert!(c.lines().contains(&"1,160440007161,АКИМАТ,01,А,,1,1".to_string()));
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_every_sum_holds() {
    for seed in 0..40 {
        let [one, two] =
            ["a", "b"].map(|name| std::env::temp_dir().join(format!("slow-seed-{}-{seed}-{name}", std::process::id())));
        let case = record_set(seed, &one);
        record_set(seed, &two);
        let mut files = 0;
        for entry in std::fs::read_dir(&one).expect("a folder") {
            let name = entry.expect("an entry").file_name();
            assert_eq!(
                std::fs::read(one.join(&name)).expect("a file"),
                std::fs::read(two.join(&name)).expect("a file")
            );
            files += 1;
        }
        assert_eq!(files, std::fs::read_dir(&two).expect("a folder").count());
        let counted = cells(&one, &case.form, &case.period, case.as_of, false);
        lines_add_up(&counted, &case.form);
        std::fs::remove_dir_all(&one).expect("a removed folder");
        std::fs::remove_dir_all(&two).expect("a removed folder");
    }
}

/// Σ of lines = row (1-mk, 2-mk: service lines; 3-mk, 4-mk: provider lines).
fn lines_add_up(counted: &Counted, form: &str) {
    for (key, value) in &counted.cells {
        let is_fixed = key.service_code.is_empty() && key.service_name.is_empty() && key.provider_name.is_empty();
        let is_line = |other: &super::count::Key| {
            let has_service = !other.service_code.is_empty() || !other.service_name.is_empty();
            let is_ours = if form == "3-mk" || form == "4-mk" {
                !has_service && !other.provider_name.is_empty()
            } else {
                has_service
            };
            is_ours && other.row == key.row && other.column == key.column
        };
        let mut lines = counted.cells.iter().filter(|(other, _)| is_line(other)).peekable();
        if is_fixed && lines.peek().is_some() {
            let (lines, value): (Vec<i64>, i64) = (lines.filter_map(|(_, value)| *value).collect(), value.unwrap_or(0));
            let sum: i64 = lines.iter().sum();
            if key.row == "11" {
                // an act of several services counts once in the row and once in each line (D12)
                assert!(lines.iter().all(|line| *line <= value) && value <= sum, "{key:?}");
            } else {
                assert_eq!(sum, value, "{key:?}");
            }
        }
    }
}
