//! Cases computed by hand: values, the calendar, deadlines of services and complaints.

use super::calendar::{calendar_days_after, is_working, working_days_after};
use super::count::Counted;
use super::hand::{DONE, cell, counted, row};
use super::schema::Kind;
use super::value::{Value, parse, tidy};
use chrono::NaiveDate;

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn written(text: &str) -> String {
    match parse(Kind::Date, &tidy(text)) {
        Some(Value::Moment(moment)) => {
            format!("{}{}", moment.day, moment.time.map_or(String::new(), |time| time.format(" %H:%M").to_string()))
        }
        _ => "rejected".to_string(),
    }
}

#[test]
fn dates_are_read_in_the_listed_formats_only() {
    for (text, wanted) in [
        ("2026-07-31", "2026-07-31"),
        ("31.07.2026", "2026-07-31"),
        ("1.7.2026", "2026-07-01"),
        (" 1.7.2026  09:05 ", "2026-07-01 09:05"),
        ("2026-07-31T23:59:59.999", "2026-07-31 23:59"),
        ("2026-07-31T19:00Z", "2026-08-01 00:00"),
        ("2026-08-01 00:30+06:00", "2026-07-31 23:30"),
        ("2026-07-31T23:59:59Z", "2026-08-01 04:59"),
        ("07/31/2026", "rejected"),
        ("2026/07/31", "rejected"),
        ("20260731", "rejected"),
        ("31.02.2026", "rejected"),
        ("2026-7-1", "rejected"),
        ("31.07.26", "rejected"),
        ("2026-07-31 24:00", "rejected"),
        ("2026-07-31 9:00", "rejected"),
    ] {
        assert_eq!(written(text), wanted, "{text}");
    }
}

#[test]
fn integers_and_booleans() {
    assert_eq!(parse(Kind::Int, "12 345"), Some(Value::Int(12345)));
    assert_eq!(parse(Kind::Int, &tidy("1\u{a0}000")), Some(Value::Int(1000)));
    for bad in ["1 00", "-1", "+1", "1.5", "1,000", "x", "1000 000"] {
        assert_eq!(parse(Kind::Int, bad), None, "{bad}");
    }
    assert_eq!(parse(Kind::Count, "0"), None);
    assert_eq!(parse(Kind::Bool, "иә"), Some(Value::Bool(true)));
    assert_eq!(parse(Kind::Bool, "maybe"), None);
}

#[test]
fn the_calendar_knows_moved_days_and_its_limits() {
    assert_eq!(is_working(day("2026-07-06")), Some(false)); // Capital Day
    assert_eq!(is_working(day("2022-08-27")), Some(true)); // a working Saturday
    assert_eq!(is_working(day("2025-01-05")), Some(true)); // a working Sunday
    assert_eq!(is_working(day("2028-01-03")), None);
    assert_eq!(working_days_after(day("2026-07-03"), 1), Some(day("2026-07-07")));
    assert_eq!(working_days_after(day("2022-08-26"), 2), Some(day("2022-08-31"))); // Sat 27, then Wed 31
    assert_eq!(working_days_after(day("2027-12-30"), 1), Some(day("2027-12-31")));
    assert_eq!(working_days_after(day("2027-12-30"), 2), None);
    assert_eq!(calendar_days_after(day("2026-07-01"), 3), Some(day("2026-07-07"))); // Sat 4 → Tue 7
    assert_eq!(calendar_days_after(day("2026-07-01"), 1), Some(day("2026-07-02")));
    for (year, working) in [(2016, 245), (2020, 246), (2022, 246), (2024, 249), (2026, 247), (2027, 247)] {
        let first = NaiveDate::from_ymd_opt(year, 1, 1).expect("a day");
        let count = first.iter_days().take_while(|day| day.format("%Y").to_string() == year.to_string());
        assert_eq!(count.filter(|day| is_working(*day) == Some(true)).count(), working, "{year}"); // calendar.md, Totals
    }
}

/// Late rows (14.1, individual) of one office service and an optional register.
fn late(received: &str, due: &str, term: &str, completed: &str, register: &str) -> Option<i64> {
    let services = format!(
        "record_id,service_code,provider_name,channel,applicant,received_at,due_at,term_value,term_unit,completed_at\n\
         1,01,Акимат Ё,office_paper,individual,{received},{due},{term},{completed}\n"
    );
    let register =
        format!("service_code,service_name,included_on,excluded_on,term_value,term_unit,provider_name\n{register}");
    let c = counted(&[("services.csv", &services), ("register.csv", &register)], "1-mk", "2026Q3", DONE);
    assert_eq!(c.ledger["services"], [1, 1, 0, 0]);
    cell(&c, "14.1", "q.individual")
}

#[test]
fn due_at_wins_and_is_to_the_minute_only_when_both_have_a_time() {
    assert_eq!(late("2026-07-01", "2026-07-10", "1,working_days", "2026-07-10 23:59", ""), Some(0));
    assert_eq!(late("2026-07-01", "2026-07-10", ",", "2026-07-11", ""), Some(1));
    assert_eq!(late("2026-07-01", "2026-07-10 12:00", ",", "2026-07-10", ""), Some(0));
    assert_eq!(late("2026-07-01", "2026-07-10 12:00", ",", "2026-07-10 12:00:59", ""), Some(0));
    assert_eq!(late("2026-07-01", "2026-07-10 12:00", ",", "2026-07-10 12:01", ""), Some(1));
}

#[test]
fn own_terms() {
    // Working days start on the day after receipt: 3 July (Fri) + 5 → 13 July.
    assert_eq!(late("2026-07-03 09:00", "", "5,working_days", "2026-07-13 18:00", ""), Some(0));
    assert_eq!(late("2026-07-03 09:00", "", "5,working_days", "2026-07-14 00:00", ""), Some(1));
    // Calendar days that end on Sat 4 July end on Tue 7 July.
    assert_eq!(late("2026-07-01", "", "3,calendar_days", "2026-07-07", ""), Some(0));
    assert_eq!(late("2026-07-01", "", "3,calendar_days", "2026-07-08", ""), Some(1));
    // Hours and minutes run from the moment of receipt, through nights; without a time there is no deadline.
    assert_eq!(late("2026-07-03 23:00", "", "3,hours", "2026-07-04 02:00", ""), Some(0));
    assert_eq!(late("2026-07-03 23:00", "", "3,hours", "2026-07-04 02:01", ""), Some(1));
    assert_eq!(late("2026-07-03 23:00", "", "3,hours", "2026-07-04", ""), Some(0));
    assert_eq!(late("2026-07-03 23:50", "", "20,minutes", "2026-07-05", ""), Some(1));
    assert_eq!(late("2026-07-03", "", "3,hours", "2026-07-30", "01,А,2020-01-01,,1,working_days,\n"), Some(0));
    // Outside the calendar there is no deadline.
    assert_eq!(late("2015-12-20", "", "5,working_days", "2026-07-30", ""), Some(0));
    assert_eq!(late("2015-12-31", "", "5,working_days", "2026-07-30", ""), Some(1));
}

#[test]
fn the_registers_term() {
    let at = |register: &str| late("2026-07-03", "", ",", "2026-07-10", register);
    assert_eq!(at("01,А,2020-01-01,,2,working_days,\n"), Some(1));
    assert_eq!(at("02,Б,2020-01-01,,2,working_days,\n"), Some(0));
    assert_eq!(at("01,А,2026-07-04,,2,working_days,\n"), Some(0)); // not yet in force on the day of receipt
    assert_eq!(at("01,А,2020-01-01,2026-07-03,2,working_days,\n"), Some(0)); // the first day out
    assert_eq!(at("01,А,2020-01-01,2026-07-04,2,working_days,\n"), Some(1));
    assert_eq!(at("01,А,2020-01-01,,2,working_days,\n01,А,2021-01-01,,9,working_days,\n"), Some(0)); // they differ
    assert_eq!(at("01,А,2020-01-01,,2,working_days,АКИМАТ Е\n01,А,2021-01-01,,9,working_days,\n"), Some(1));
    assert_eq!(at("01,А,2020-01-01,,2,working_days,Акимат Ё\n01,А,2021-01-01,,9,working_days,акимат ё\n"), Some(0));
    assert_eq!(at("01,А,2020-01-01,,2,working_days,x\n01,А,2021-01-01,,2,working_days,y\n"), Some(1)); // equal terms
    assert_eq!(at("01,А,2020-01-01,,2,working_days,x\n01,А,2021-01-01,,,,y\n"), Some(1)); // one has no term
    assert_eq!(late("2026-07-03", "", "9,working_days", "2026-07-10", "01,А,2020-01-01,,2,working_days,\n"), Some(0));
    assert_eq!(at(",А,2020-01-01,,2,working_days,\n01,а,2020-01-01,2020-02-01,,,\n"), Some(1)); // joins code 01
}

#[test]
fn a_term_needs_value_and_unit() {
    let services = "record_id,service_code,channel,applicant,received_at,term_value,term_unit,completed_at\n\
        1,01,office_paper,individual,2026-07-01,5,,2026-07-02\n2,01,office_paper,individual,2026-07-01,,hours,2026-07-02\n";
    let c = counted(&[("services.csv", services)], "1-mk", "2026Q3", DONE);
    assert_eq!(c.ledger["services"], [2, 0, 0, 2]);
    assert_eq!(cell(&c, "12.1", "q.individual"), Some(0));
}

#[test]
fn late_rows_include_portal_and_state_corporation() {
    let services = "record_id,service_code,channel,form,information_system,applicant,received_at,due_at,completed_at,outcome,quantity\n\
        1,01,egov_portal,,,individual,2026-07-01,2026-07-01,2026-07-02,,2\n2,01,state_corporation,paper,,legal_entity,2026-07-01,2026-07-01,2026-07-02,refused,3\n\
        3,01,is_no_contact,,A,individual,2026-07-01,2026-07-01,2026-07-02,,4\n4,01,is_direct_contact,,A,individual,2026-07-01,2026-07-01,2026-07-02,,5\n\
        5,01,elicense,,,individual,2026-07-01,2026-07-01,2026-07-02,,6\n";
    let c = counted(&[("services.csv", services)], "2-mk", "2026Q3", DONE);
    assert_eq!(cell(&c, "13.2", "q.individual"), Some(8));
    assert_eq!(cell(&c, "13.3", "q.individual"), Some(9));
    assert_eq!(cell(&c, "14.4", "m1.legal_entity"), Some(3));
    assert_eq!(cell(&c, "13", "m1.individual"), Some(17));
    assert_eq!(cell(&c, "11", "m1.individual"), Some(9));
    assert_eq!(cell(&c, "12", "m1.legal_entity"), Some(0));
    assert!(c.lines().contains(&"13.3,,,01,,A,m1.individual,9".to_string()));
}

fn complaints(rows: &str, as_of: &str) -> Counted {
    let text = format!(
        "record_id,service_code,channel,source,registered_at,considered_at,addressee,extended_working_days,quantity\n{rows}"
    );
    counted(&[("complaints.csv", &text)], "1-mk", "2026Q3", as_of)
}

#[test]
fn complaints_are_received_by_channel_and_source() {
    let c = complaints(
        "1,01,electronic,akimat,2026-07-01,2026-07-02,,,2\n2,01,office_paper,other,2026-09-30 23:59,2026-09-30,,,\n3,01,electronic,akimat,2026-10-01,,,,\n",
        DONE,
    );
    assert_eq!(row(&c, "16.2"), [Some(2), Some(0), Some(0), Some(2)]);
    assert_eq!(row(&c, "17.5"), [Some(2), Some(0), Some(0), Some(2)]);
    assert_eq!(row(&c, "16"), [Some(2), Some(0), Some(1), Some(3)]);
    assert_eq!(row(&c, "17"), [Some(2), Some(0), Some(1), Some(3)]);
    assert_eq!(row(&c, "18"), [Some(0), Some(0), Some(0), Some(0)]);
}

#[test]
fn a_violated_complaint_deadline_counts_on_the_first_day_after_it() {
    let july = |rows: &str| cell(&complaints(rows, DONE), "18.1", "m1");
    // Tue 23 June + 5 working days = Tue 30 June; the first day after is 1 July.
    assert_eq!(july("1,01,office_paper,media,2026-06-23,2026-08-20,,,3\n"), Some(3));
    assert_eq!(july("1,01,office_paper,media,2026-06-23,2026-06-30 23:59,,,\n"), Some(0));
    assert_eq!(july("1,01,office_paper,media,2026-06-23,2026-07-01 00:00,,,\n"), Some(1));
    assert_eq!(july("1,01,office_paper,media,2026-06-23,,,,\n"), Some(1));
    assert_eq!(july("1,01,office_paper,media,2026-06-22,,,,\n"), Some(0)); // its month is June
    // What the authorised body considers is not the body's delay (D13).
    assert_eq!(july("1,01,office_paper,media,2026-06-09,,authorized_body,,\n"), Some(0));
    // Extension: Tue 9 June + 5 + 10; an over-long one counts as ten.
    assert_eq!(july("1,01,office_paper,media,2026-06-09,,provider,10,\n"), Some(1));
    assert_eq!(july("1,01,office_paper,media,2026-06-09,,provider,25,\n"), Some(1));
    // The deadline is Fri 31 July: Fri 24 July + 5; violated in August, on a Saturday.
    let c = complaints("1,01,office_paper,media,2026-07-24,,,,\n", DONE);
    assert_eq!(row(&c, "18.1"), [Some(0), Some(1), Some(0), Some(1)]);
    let c = complaints("1,01,office_paper,media,2026-07-24,,,,\n", "2026-08-20");
    assert_eq!(row(&c, "18.1"), [Some(0), None, None, Some(0)]);
}
