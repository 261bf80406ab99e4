//! One random row of each table.

use super::generate::{Draft, Shape};
use super::schema::{
    APPLICANT, CHANNEL, DELAY, ESTABLISHED_BY, ESTABLISHED_KIND, FORM, OBJECT, PERSON, POINT, PROPOSAL, REASON,
    SANCTION, SOURCE, VIOLATION,
};
use chrono::{Days, Duration, NaiveDate, NaiveDateTime};

/// Row `number` of `table`, without faults.
pub fn draft(shape: &mut Shape, table: &str, number: u64) -> Draft {
    match table {
        "services" | "refusals" => result(shape, table == "refusals", number),
        "complaints" => complaint(shape, number),
        "control_events" => control_event(shape, number),
        "control_objects" => control_object(shape),
        "violations" => violation(shape, number),
        "sanctions" => sanction(shape, number),
        "recommendations" => recommendation(shape, number),
        "register" => register(shape),
        "bylaws" => bylaw(shape),
        "outreach" => {
            let day = shape.day();
            let people = shape.rng.pick(&["0", "12", "150", "1 200", "12\u{a0}500"]).to_string();
            Draft::from([
                ("record_id", format!("O{number}")),
                ("held_on", shape.write_maybe_timed(day)),
                ("title", "Семинар".into()),
                ("people_covered", people),
            ])
        }
        "training" => {
            let day = shape.day();
            Draft::from([
                ("record_id", format!("T{number}")),
                ("completed_on", shape.write_day(day)),
                ("quantity", quantity(shape)),
            ])
        }
        "restorations" => {
            let day = shape.day();
            let mut draft = Draft::from([
                ("record_id", format!("M{number}")),
                ("restored_on", shape.write_day(day)),
                ("quantity", quantity(shape)),
            ]);
            if shape.rng.chance(50) {
                service(shape, &mut draft);
            }
            draft
        }
        "control_plan" => planned(shape, number),
        "monitoring" => monitored(shape, number),
        "established_violations" => established(shape, number),
        other => panic!("no table {other}"),
    }
}

fn quantity(shape: &mut Shape) -> String {
    shape.rng.pick(&["", "", "1", "2", "3", "4", "5", "-"]).to_string()
}

/// Another spelling of the same name (forms.md: "case, ё/е, quotes and spaces folded").
fn respell(shape: &mut Shape, name: &str) -> String {
    if !shape.rng.chance(shape.respelled) {
        return name.to_string();
    }
    match shape.rng.below(6) {
        0 => name.to_uppercase(),
        1 => name.to_lowercase(),
        2 => name.replace('ё', "е").replace('Ё', "Е"),
        3 => name.replace(['«', '»'], "\""),
        4 => name.replace('«', "“").replace('»', "”"),
        _ => format!("  {} ", name.replace(' ', "  ")),
    }
}

fn service(shape: &mut Shape, draft: &mut Draft) {
    let (code, name) = shape.rng.pick(&shape.services.clone()).clone();
    let name = respell(shape, &name);
    let no_code = shape.rng.chance(shape.codeless);
    let no_name = !no_code && shape.rng.chance(shape.nameless);
    draft.insert("service_code", if no_code { String::new() } else { code });
    draft.insert("service_name", if no_name { String::new() } else { name });
}

fn result(shape: &mut Shape, is_refusals: bool, number: u64) -> Draft {
    let mut draft = Draft::new();
    draft.insert("record_id", format!("{}{number}", if is_refusals { "R" } else { "S" }));
    draft.insert("unit", shape.rng.pick(&["", "632810000", "Район Алтай"]).to_string());
    service(shape, &mut draft);
    let (bin, name) = shape.rng.pick(&shape.providers.clone()).clone();
    let no_bin = shape.rng.chance(shape.codeless / 2);
    draft.insert("provider_bin", if no_bin { String::new() } else { bin });
    let name = respell(shape, &name);
    draft.insert("provider_name", if shape.rng.chance(3) { String::new() } else { name });
    let channels =
        ["office_paper", "office_paper_alternative", "is_no_contact", "is_direct_contact", "egov_portal", "elicense"];
    let channel = if shape.rng.chance(shape.corporation) { "state_corporation" } else { *shape.rng.pick(&channels) };
    draft.insert("channel", channel.to_string());
    let has_form = channel == "state_corporation" || shape.rng.chance(20);
    draft.insert("form", if has_form { shape.rng.pick(FORM).to_string() } else { String::new() });
    let has_system = channel.starts_with("is_") || shape.rng.chance(5);
    draft.insert(
        "information_system",
        if has_system { shape.rng.pick(&shape.systems).to_string() } else { String::new() },
    );
    draft.insert("applicant", shape.rng.pick(APPLICANT).to_string());
    dates(shape, &mut draft, if is_refusals { "refused_at" } else { "completed_at" });
    let is_refused = shape.rng.chance(30);
    let mut outcome = if is_refused { "refused" } else { "rendered" };
    if !is_refusals && shape.rng.chance(8) {
        draft.insert("completed_at", String::new());
        outcome = "in_progress";
    }
    let is_default = outcome != "refused" && shape.rng.chance(40);
    draft.insert("outcome", if is_default { String::new() } else { outcome.to_string() });
    let has_reason = is_refused || is_refusals;
    draft.insert("refusal_reason", if has_reason { shape.rng.pick_or_none(REASON) } else { String::new() });
    draft.insert("delay_cause", shape.rng.pick_or_none(DELAY));
    draft.insert("delay_act", shape.rng.pick(&["", "№ 5 от 01.02.2026"]).to_string());
    draft.insert("quantity", quantity(shape));
    draft
}

/// Receipt, issue and deadline, so that the issue is often close to the deadline.
fn dates(shape: &mut Shape, draft: &mut Draft, issued_field: &'static str) {
    let issued_day = shape.day();
    let (hour, minute) = shape.time();
    let issued = issued_day.and_hms_opt(hour, minute, 0).expect("a time");
    let near = Duration::days(shape.rng.between(-1, 1));
    let mut received = issued - Duration::days(shape.rng.between(0, 30)) - Duration::minutes(shape.rng.between(0, 900));
    for field in ["due_at", "term_value", "term_unit"] {
        draft.insert(field, String::new());
    }
    if shape.rng.chance(shape.due_at) {
        let minute = Duration::minutes(shape.rng.between(-1, 1));
        let due = if shape.rng.chance(50) { issued + near } else { issued + minute };
        let text = written(shape, due);
        draft.insert("due_at", text);
    }
    if shape.rng.chance(shape.own_term) {
        let unit = *shape.rng.pick(&["working_days", "calendar_days", "hours", "minutes"]);
        let value = match unit {
            "working_days" => *shape.rng.pick(&[1, 2, 3, 5, 10, 15, 30]),
            "calendar_days" => *shape.rng.pick(&[1, 2, 7, 10, 15, 30]),
            "hours" => *shape.rng.pick(&[1, 3, 8, 24, 50]),
            _ => *shape.rng.pick(&[20, 35, 95]),
        };
        let minute = Duration::minutes(shape.rng.between(-1, 1));
        received = match unit {
            "working_days" => issued - Duration::days(value + value / 5 * 2 + shape.rng.between(-2, 3)),
            "calendar_days" => issued - Duration::days(value + shape.rng.between(-1, 3)),
            "hours" => issued - Duration::hours(value) + minute,
            _ => issued - Duration::minutes(value) + minute,
        };
        draft.insert("term_value", if shape.rng.chance(1) { "1 000".to_string() } else { value.to_string() });
        draft.insert("term_unit", unit.to_string());
    }
    let text = written(shape, received);
    draft.insert("received_at", text);
    let text = written(shape, issued);
    draft.insert(issued_field, text);
}

fn written(shape: &mut Shape, moment: NaiveDateTime) -> String {
    if shape.rng.chance(shape.timed) { shape.write_moment(moment) } else { shape.write_day(moment.date()) }
}

fn complaint(shape: &mut Shape, number: u64) -> Draft {
    let mut draft = Draft::from([("record_id", format!("C{number}"))]);
    service(shape, &mut draft);
    draft.insert("channel", shape.rng.pick(&["office_paper", "electronic", "state_corporation"]).to_string());
    draft.insert("source", shape.rng.pick(SOURCE).to_string());
    let addressee = *shape.rng.pick(&["", "provider", "provider", "authorized_body"]);
    let extension = *shape.rng.pick(&[0, 0, 0, 3, 10]);
    let term = if addressee == "authorized_body" { 15 } else { 5 } + extension;
    // Either the registration or the end of the term is the interesting day.
    let mut registered = shape.day();
    if shape.rng.chance(50) {
        registered = registered - Days::new((term + term / 5 * 2) as u64);
    }
    let considered = registered + Duration::days(term + term / 5 * 2 + shape.rng.between(-2, 4));
    draft.insert("addressee", addressee.to_string());
    draft.insert(
        "extended_working_days",
        if extension == 0 && shape.rng.chance(60) { String::new() } else { extension.to_string() },
    );
    draft.insert("registered_at", shape.write_maybe_timed(registered));
    let is_open = shape.rng.chance(25);
    draft.insert("considered_at", if is_open { String::new() } else { shape.write_maybe_timed(considered) });
    draft.insert("upheld", shape.rng.pick(&["", "true", "false"]).to_string());
    draft.insert("quantity", quantity(shape));
    draft
}

fn event_id(shape: &mut Shape) -> String {
    format!("E-{}", shape.rng.below(shape.events))
}

fn control_event(shape: &mut Shape, number: u64) -> Draft {
    let finished = shape.day();
    let started = finished - Days::new(shape.rng.below(15));
    let is_open = shape.rng.chance(12);
    Draft::from([
        ("event_id", format!("E-{number}")),
        (
            "basis",
            shape.rng.pick(&["annual_plan", "annual_plan", "monitoring", "appeal", "agency_instruction"]).to_string(),
        ),
        ("title", "Проверка, тематическая".to_string()),
        ("started_on", shape.write_day(started)),
        ("finished_on", if is_open { String::new() } else { shape.write_maybe_timed(finished) }),
        ("extended_working_days", shape.rng.pick(&["", "5"]).to_string()),
        ("act_no", shape.rng.pick(&["", "А-1"]).to_string()),
    ])
}

fn control_object(shape: &mut Shape) -> Draft {
    Draft::from([
        ("event_id", event_id(shape)),
        ("object_name", format!("Объект {}", shape.rng.below(30))),
        ("object_kind", shape.rng.pick(OBJECT).to_string()),
    ])
}

fn violation(shape: &mut Shape, number: u64) -> Draft {
    let mut draft = Draft::from([
        ("violation_id", format!("V{number}")),
        ("event_id", event_id(shape)),
        ("kind", shape.rng.pick(VIOLATION).to_string()),
        ("quantity", quantity(shape)),
        ("rights_restored", shape.rng.pick(&["", "true", "false", "да", "нет", "1", "0", "иә", "жоқ"]).to_string()),
        ("persons_restored", shape.rng.pick(&["", "0", "1", "4"]).to_string()),
    ]);
    if shape.rng.chance(50) {
        service(shape, &mut draft);
    }
    draft
}

fn sanction(shape: &mut Shape, number: u64) -> Draft {
    let person = shape.rng.below(shape.persons);
    let usual = PERSON[(person % 3) as usize];
    let day = shape.day();
    Draft::from([
        ("sanction_id", format!("N{number}")),
        ("event_id", if shape.rng.chance(30) { String::new() } else { event_id(shape) }),
        ("person_id", format!("p-{person:03}")),
        ("person_kind", if shape.rng.chance(85) { usual } else { *shape.rng.pick(PERSON) }.to_string()),
        ("kind", shape.rng.pick(SANCTION).to_string()),
        ("imposed_on", shape.write_day(day)),
    ])
}

fn recommendation(shape: &mut Shape, number: u64) -> Draft {
    let executed = shape.day() + Days::new(shape.rng.below(30));
    let is_open = shape.rng.chance(30);
    Draft::from([
        ("recommendation_id", format!("K{number}")),
        ("event_id", event_id(shape)),
        ("executed_on", if is_open { String::new() } else { shape.write_day(executed) }),
    ])
}

/// A day long before, or near, the quarter.
fn stock_day(shape: &mut Shape) -> NaiveDate {
    if shape.rng.chance(55) { shape.first - Days::new(30 + shape.rng.below(900)) } else { shape.day() }
}

fn register(shape: &mut Shape) -> Draft {
    let mut draft = Draft::new();
    service(shape, &mut draft);
    let included = stock_day(shape);
    let excluded = shape.day().max(included);
    let is_in = shape.rng.chance(65);
    draft.insert("included_on", shape.write_day(included));
    draft.insert("excluded_on", if is_in { String::new() } else { shape.write_day(excluded) });
    let (value, unit) = *shape.rng.pick(&[
        ("", ""),
        ("5", "working_days"),
        ("5", "working_days"),
        ("15", "working_days"),
        ("10", "calendar_days"),
        ("3", "hours"),
        ("45", "minutes"),
    ]);
    draft.insert("term_value", value.to_string());
    draft.insert("term_unit", unit.to_string());
    let (_, name) = shape.rng.pick(&shape.providers.clone()).clone();
    let name = respell(shape, &name);
    draft.insert("provider_name", if shape.rng.chance(40) { String::new() } else { name });
    draft
}

fn bylaw(shape: &mut Shape) -> Draft {
    let mut draft = Draft::new();
    service(shape, &mut draft);
    let approved = stock_day(shape);
    let repealed = shape.day().max(approved);
    let is_in = shape.rng.chance(65);
    draft.insert("act_no", format!("№ {}-нқ", shape.rng.between(1, 12)));
    draft.insert("title", "Об утверждении правил".to_string());
    draft.insert("approved_on", shape.write_day(approved));
    draft.insert("repealed_on", if is_in { String::new() } else { shape.write_day(repealed) });
    draft
}

fn planned(shape: &mut Shape, number: u64) -> Draft {
    let quarter = shape.rng.pick(&["2026Q3", "III квартал 2026", "2025Q1", "когда-нибудь"]).to_string();
    Draft::from([
        ("planned_id", format!("P{number}")),
        ("quarter", quarter),
        ("object_name", format!("Объект {}", shape.rng.below(30))),
        ("object_kind", shape.rng.pick_or_none(OBJECT)),
        ("event_id", if shape.rng.chance(40) { String::new() } else { event_id(shape) }),
    ])
}

fn monitored(shape: &mut Shape, number: u64) -> Draft {
    let held = shape.day();
    let mut draft = Draft::from([
        ("record_id", format!("N{number}")),
        ("held_on", shape.write_day(held)),
        ("point", shape.rng.pick(POINT).to_string()),
        ("result", "Проанализировано".to_string()),
        ("proposal_kind", shape.rng.pick_or_none(PROPOSAL)),
    ]);
    if shape.rng.chance(60) {
        let due = held + Days::new(shape.rng.below(40));
        draft.insert("due_on", shape.write_day(due));
        let answered = due - Days::new(shape.rng.below(5));
        draft.insert("answered_on", if shape.rng.chance(50) { String::new() } else { shape.write_day(answered) });
    }
    if shape.rng.chance(40) {
        service(shape, &mut draft);
    }
    draft
}

/// Many name a record of the body's own: of `services` or of `refusals`, late, in time or not there at all.
fn established(shape: &mut Shape, number: u64) -> Draft {
    let day = shape.day();
    let channel = *shape.rng.pick(CHANNEL);
    let own = match shape.rng.below(4) {
        0 => String::new(),
        1 => format!("R{}", shape.rng.below(160)),
        _ => format!("S{}", shape.rng.below(160)),
    };
    let has_system = channel.starts_with("is_") || shape.rng.chance(5);
    let mut draft = Draft::from([
        ("record_id", format!("U{number}")),
        ("unit", shape.rng.pick(&["", "632810000", "Район Алтай"]).to_string()),
        ("established_by", shape.rng.pick(ESTABLISHED_BY).to_string()),
        ("established_on", shape.write_day(day)),
        ("channel", channel.to_string()),
        ("information_system", if has_system { shape.rng.pick(&shape.systems).to_string() } else { String::new() }),
        ("applicant", shape.rng.pick(APPLICANT).to_string()),
        ("kind", shape.rng.pick(ESTABLISHED_KIND).to_string()),
        ("service_record_id", own),
        ("quantity", quantity(shape)),
    ]);
    service(shape, &mut draft);
    draft
}
