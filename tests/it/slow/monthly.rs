//! What one month of one row of 1-mk and 2-mk counts, by asking every record (forms.md, Rows of 1-mk / 2-mk).
//! Row numbers here are 1-mk's.

use super::count::Narrow;
use super::deadline::is_in_force;
use super::read::Row;
use super::world::{Month, Outcome, World};
use chrono::NaiveDate;
use std::collections::BTreeSet;

/// One month of one row that is no sum (forms.md, Rows of 1-mk / 2-mk).
pub fn count(world: &World, row: &str, narrow: &Narrow, month: Month) -> i64 {
    let basis = |event: &Row| event.text("basis").unwrap_or_default() == "annual_plan";
    let one = |_: &Row| 1;
    let all = |_: &Row| true;
    match row {
        // Row 1: "1.1 `annual_plan`; 1.2 every other basis".
        "1.1" => by_event(world, "control_events", month, basis, one),
        "1.2" => by_event(world, "control_events", month, |event| !basis(event), one),
        // Row 2: "objects by `object_kind`".
        "2.1" => objects(world, month, "state_body"),
        "2.2" => objects(world, month, "subordinate_organisation"),
        "2.3" => objects(world, month, "individual_provider"),
        "2.4" => objects(world, month, "legal_entity_provider"),
        // Row 3: "violations, Σ quantity, by kind 3.1–3.10" (the kinds: records.md).
        "3.1" => violations(world, month, "service_deadline"),
        "3.2" => violations(world, month, "refusal_deadline"),
        "3.3" => violations(world, month, "incomplete_package"),
        "3.4" => violations(world, month, "unlisted_documents"),
        "3.5" => violations(world, month, "documents_from_is"),
        "3.6" => violations(world, month, "procedure"),
        "3.7" => violations(world, month, "unjustified_refusal"),
        "3.8" => violations(world, month, "work_schedule"),
        "3.9" => violations(world, month, "unlawful_fee"),
        "3.10" => violations(world, month, "other"),
        // Row 4: "with `rights_restored`, Σ quantity (all kinds of row 3)".
        "4" => {
            let restored = |row: &Row| row.is_true("rights_restored") && row.text("kind") != Some("complaint_deadline");
            by_event(world, "violations", month, restored, Row::quantity)
        }
        // Row 5: "of all violations (row 6's too), not multiplied by quantity".
        "5" => by_event(world, "violations", month, all, |row| row.int("persons_restored").unwrap_or(0)),
        "6" => violations(world, month, "complaint_deadline"),
        // Row 7: "sanctions by kind"; "Sanctions count by `imposed_on` whatever their event" (records.md).
        "7.1" => sanctions(world, month, "remark"),
        "7.2" => sanctions(world, month, "reprimand"),
        "7.3" => sanctions(world, month, "severe_reprimand"),
        "7.4" => sanctions(world, month, "incomplete_compliance_warning"),
        "7.5" => sanctions(world, month, "demotion"),
        "7.6" => sanctions(world, month, "dismissal"),
        "8.1" => persons(world, month, "body_employee"),
        "8.2" => persons(world, month, "subordinate_employee"),
        "8.3" => persons(world, month, "other"),
        // Row 9: "9.1 executed …, 9.2 the rest".
        "9.1" => by_event(world, "recommendations", month, |row| is_executed(world, row), one),
        "9.2" => by_event(world, "recommendations", month, |row| !is_executed(world, row), one),
        "10" => registered(world, narrow, |row| is_in_force(row, month.last, "included_on", "excluded_on")),
        "10.1" => registered(world, narrow, |row| month.has(row.day("included_on"))),
        "11" => bylaws(world, narrow, month.last),
        // Row 12: services rendered; "Portal and State Corporation are not in row 12".
        "12.1" => outcomes(world, narrow, month, &["office_paper"], |one| !one.is_refusal),
        "12.2" => outcomes(world, narrow, month, &["office_paper_alternative"], |one| !one.is_refusal),
        "12.3" => outcomes(world, narrow, month, &["is_no_contact"], |one| !one.is_refusal),
        "12.4" => outcomes(world, narrow, month, &["is_direct_contact"], |one| !one.is_refusal),
        // Row 13: "13.1 electronic (`is_*`), 13.2 paper (`office_*`)".
        "13.1" => outcomes(world, narrow, month, OWN_SYSTEMS, |one| one.is_refusal),
        "13.2" => outcomes(world, narrow, month, OFFICE, |one| one.is_refusal),
        // Row 14: rendered late; row 15: refused late, as row 14.
        "14.1" => outcomes(world, narrow, month, OFFICE, |one| one.is_late && !one.is_refusal),
        "14.2" => outcomes(world, narrow, month, PORTALS, |one| one.is_late && !one.is_refusal),
        "14.3" => outcomes(world, narrow, month, OWN_SYSTEMS, |one| one.is_late && !one.is_refusal),
        "14.4" => outcomes(world, narrow, month, CORPORATION, |one| one.is_late && !one.is_refusal),
        "15.1" => outcomes(world, narrow, month, OFFICE, |one| one.is_late && one.is_refusal),
        "15.2" => outcomes(world, narrow, month, PORTALS, |one| one.is_late && one.is_refusal),
        "15.3" => outcomes(world, narrow, month, OWN_SYSTEMS, |one| one.is_late && one.is_refusal),
        "15.4" => outcomes(world, narrow, month, CORPORATION, |one| one.is_late && one.is_refusal),
        // Row 16: complaints received, by channel; row 17: by source (the order: records.md).
        "16.1" => received(world, narrow, month, "channel", "office_paper"),
        "16.2" => received(world, narrow, month, "channel", "electronic"),
        "16.3" => received(world, narrow, month, "channel", "state_corporation"),
        "17.1" => received(world, narrow, month, "source", "individual"),
        "17.2" => received(world, narrow, month, "source", "state_body"),
        "17.3" => received(world, narrow, month, "source", "legal_entity"),
        "17.4" => received(world, narrow, month, "source", "authorized_body"),
        "17.5" => received(world, narrow, month, "source", "akimat"),
        "17.6" => received(world, narrow, month, "source", "media"),
        "17.7" => received(world, narrow, month, "source", "other"),
        // Row 18: "complaint deadlines violated, as row 16".
        "18.1" => violated(world, narrow, month, "office_paper"),
        "18.2" => violated(world, narrow, month, "electronic"),
        "18.3" => violated(world, narrow, month, "state_corporation"),
        "19" => on_day(world, "restorations", month, "restored_on", Row::quantity),
        "20" => on_day(world, "outreach", month, "held_on", one),
        "21" => on_day(world, "outreach", month, "held_on", |row| row.int("people_covered").unwrap_or(0)),
        "22" => on_day(world, "training", month, "completed_on", Row::quantity),
        other => panic!("no row {other}"),
    }
}

const OFFICE: &[&str] = &["office_paper", "office_paper_alternative"];
const OWN_SYSTEMS: &[&str] = &["is_no_contact", "is_direct_contact"];
const PORTALS: &[&str] = &["egov_portal", "elicense"];
const CORPORATION: &[&str] = &["state_corporation"];

fn fits_service(row: &Row, narrow: &Narrow) -> bool {
    narrow.service.is_none() || row.service == narrow.service
}

/// Σ of `amount` over the rows whose event finished in the month (forms.md, Month of a record, D4).
fn by_event(
    world: &World,
    table: &str,
    month: Month,
    belongs: impl Fn(&Row) -> bool,
    amount: impl Fn(&Row) -> i64,
) -> i64 {
    let mut total = 0;
    for row in world.rows(table) {
        if month.has(world.event_day(row)) && belongs(row) {
            total += amount(row);
        }
    }
    total
}

fn objects(world: &World, month: Month, kind: &str) -> i64 {
    by_event(world, "control_objects", month, |row| row.text("object_kind") == Some(kind), |_| 1)
}

fn violations(world: &World, month: Month, kind: &str) -> i64 {
    by_event(world, "violations", month, |row| row.text("kind") == Some(kind), Row::quantity)
}

/// Row 9: "executed by the end of the quarter or the day before the as-of date, whichever is earlier".
fn is_executed(world: &World, row: &Row) -> bool {
    let quarter_end = world.months[2].last;
    row.day("executed_on").is_some_and(|day| day <= quarter_end && day < world.as_of)
}

fn on_day(world: &World, table: &str, month: Month, date: &str, amount: impl Fn(&Row) -> i64) -> i64 {
    world.rows(table).iter().filter(|row| month.has(row.day(date))).map(amount).sum()
}

fn sanctions(world: &World, month: Month, kind: &str) -> i64 {
    on_day(world, "sanctions", month, "imposed_on", |row| i64::from(row.text("kind") == Some(kind)))
}

/// Row 8, D7: "distinct (`person_id`, `person_kind`) a month".
fn persons(world: &World, month: Month, kind: &str) -> i64 {
    let mut met = BTreeSet::new();
    for row in world.rows("sanctions") {
        if month.has(row.day("imposed_on")) && row.text("person_kind") == Some(kind) {
            met.insert(row.text("person_id"));
        }
    }
    met.len() as i64
}

/// Rows 10 and 10.1: distinct services.
fn registered(world: &World, narrow: &Narrow, belongs: impl Fn(&Row) -> bool) -> i64 {
    let mut services = BTreeSet::new();
    for row in world.rows("register") {
        if belongs(row) && fits_service(row, narrow) {
            services.insert(row.service.as_ref());
        }
    }
    services.len() as i64
}

/// Row 11: "in force at the end of the month (as row 10), one per (act, service)"; the act: its number and date.
fn bylaws(world: &World, narrow: &Narrow, day: NaiveDate) -> i64 {
    let mut acts = BTreeSet::new();
    for row in world.rows("bylaws") {
        if is_in_force(row, day, "approved_on", "repealed_on") && fits_service(row, narrow) {
            acts.insert((row.text("act_no"), row.day("approved_on"), row.service.as_ref()));
        }
    }
    acts.len() as i64
}

fn outcomes(
    world: &World,
    narrow: &Narrow,
    month: Month,
    channels: &[&str],
    belongs: impl Fn(&Outcome) -> bool,
) -> i64 {
    let mut total = 0;
    for one in &world.outcomes {
        let fits_system = narrow.system.is_none() || one.row.text("information_system") == narrow.system.as_deref();
        let fits_applicant = narrow.applicant.is_none() || one.row.text("applicant") == narrow.applicant;
        if month.has(Some(one.issued.day))
            && channels.contains(&one.channel())
            && belongs(one)
            && fits_service(&one.row, narrow)
            && fits_system
            && fits_applicant
        {
            total += one.row.quantity();
        }
    }
    total
}

fn received(world: &World, narrow: &Narrow, month: Month, field: &str, code: &str) -> i64 {
    let mut total = 0;
    for one in &world.complaints {
        let is_in_month = month.has(one.row.day("registered_at"));
        if is_in_month && one.row.text(field) == Some(code) && fits_service(&one.row, narrow) {
            total += one.row.quantity();
        }
    }
    total
}

fn violated(world: &World, narrow: &Narrow, month: Month, channel: &str) -> i64 {
    let mut total = 0;
    for one in &world.complaints {
        let is_in_month = month.has(one.violated_on);
        if is_in_month && one.row.text("channel") == Some(channel) && fits_service(&one.row, narrow) {
            total += one.row.quantity();
        }
    }
    total
}
