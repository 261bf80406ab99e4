//! One record → what it adds to which rows and columns. Source: forms.md, row by row, by symbolic ids.

use crate::recount::term::{complaint_due, due, is_late};
use crate::recount::who::Who;
use crate::recount::world::{Fields, World};
use chrono::NaiveDate;

/// What one record adds to one row.
#[derive(Debug, Clone)]
pub struct Tally {
    /// Form kind and row: ids of rows are the same in 1-mk and 2-mk.
    pub row: String,
    /// Columns of 3-mk and 4-mk; empty: the month decides.
    pub columns: Vec<&'static str>,
    pub month: u32,
    pub applicant: String,
    pub service: Option<Who>,
    pub system: Option<Who>,
    pub provider: Option<Who>,
    pub unit: Option<Who>,
    pub quantity: i64,
    /// What is counted once a month.
    pub once: Option<String>,
}

/// What a record adds, form by form.
#[derive(Debug, Default)]
pub struct Tallies {
    /// 1-mk and 2-mk.
    pub monthly: Vec<Tally>,
    /// 3-mk.
    pub corporation: Vec<Tally>,
    /// 4-mk.
    pub portal: Vec<Tally>,
}

/// Judges one accepted record.
pub fn judge(world: &World<'_>, fields: Fields<'_, '_, '_>) -> Tallies {
    let mut tallies = Tallies::default();
    match fields.table() {
        "services" | "refusals" => result(world, fields, &mut tallies),
        "register" | "bylaws" => tallies.monthly = stock(world, fields),
        "complaints" => tallies.monthly = complaint(world, fields),
        "established_violations" => tallies.monthly = established(world, fields),
        "control_plan" | "monitoring" => {}
        _ => tallies.monthly = other(world, fields),
    }
    tallies
}

fn base(world: &World<'_>, fields: Fields<'_, '_, '_>, row: String, month: u32) -> Tally {
    let (service, unit) = (fields.service(), fields.unit());
    Tally {
        row,
        columns: Vec::new(),
        month,
        applicant: String::new(),
        service: world.services.who(service.0, service.1),
        system: None,
        provider: None,
        unit: world.units.who(unit.0, unit.1),
        quantity: fields.number("quantity").unwrap_or(1),
        once: None,
    }
}

/// Rows 12–15 of 1-mk; 3-mk; 4-mk.
fn result(world: &World<'_>, fields: Fields<'_, '_, '_>, tallies: &mut Tallies) {
    let refusal = fields.table() == "refusals";
    let Some(issued) = fields.moment(if refusal { "refused_at" } else { "completed_at" }) else { return };
    let refused = refusal || fields.code("outcome") == "refused";
    if !refusal && fields.code("outcome") == "in_progress" {
        return;
    }
    let (Some(month), Some(received)) = (world.month(issued.day()), fields.moment("received_at")) else { return };
    let mut tally = base(world, fields, String::new(), month);
    tally.provider = world.providers.who(fields.text("provider_bin"), fields.text("provider_name"));
    tally.system = world.systems.who("", fields.text("information_system"));
    fields.kind_of("applicant").clone_into(&mut tally.applicant);
    let calendar = &world.definitions.calendar;
    let with_receipt = world.has_receipt(fields);
    let deadline = match (fields.moment("due_at"), fields.term()) {
        (Some(due), _) => Some(due),
        (None, Some(term)) => due(received, &term, with_receipt, calendar),
        (None, None) => world
            .register_term(tally.service.as_ref(), tally.provider.as_ref(), received.day())
            .and_then(|term| due(received, term, with_receipt, calendar)),
    };
    let late = deadline.is_some_and(|due| is_late(issued, due));
    let channel = fields.kind_of("channel");
    let place = place_of(channel);
    let outcome = if refused { "refused" } else { "rendered" };
    let mut add = |row: String| tallies.monthly.push(Tally { row, ..tally.clone() });
    match (refused, place) {
        (false, "office" | "systems") => add(format!("rendered.{channel}")),
        (true, "office") => add("refused.paper".to_owned()),
        (true, "systems") => add("refused.electronic".to_owned()),
        _ => {}
    }
    if late {
        add(format!("{outcome}_late.{place}"));
    }
    let cause = if late { fields.code("delay_cause") } else { "" };
    let reason = if refused { reason(world, fields.code("refusal_reason")) } else { "" };
    if place == "state_corporation" {
        let row = fields.code("form").to_owned();
        tallies.corporation.push(Tally { row, columns: corporation(late, cause, refused, reason), ..tally.clone() });
    } else if place == "portal" {
        let columns = portal(channel, late, cause, refused);
        tallies.portal.push(Tally { row: "electronic".to_owned(), columns, ..tally });
    }
}

fn place_of(channel: &str) -> &'static str {
    match channel {
        "office_paper" | "office_paper_alternative" => "office",
        "egov_portal" | "elicense" => "portal",
        "is_no_contact" | "is_direct_contact" => "systems",
        _ => "state_corporation",
    }
}

/// D15: violations that others established, in 14 and 15, unless a late record of the body's own repeats them.
fn established(world: &World<'_>, fields: Fields<'_, '_, '_>) -> Vec<Tally> {
    let outcome = fields.code("kind");
    let own = fields.text("service_record_id");
    if !own.is_empty() && world.has_late(own, outcome == "refused") {
        return Vec::new();
    }
    let Some(month) = fields.day("established_on").and_then(|day| world.month(day)) else { return Vec::new() };
    let row = format!("{outcome}_late.{}", place_of(fields.kind_of("channel")));
    let tally = base(world, fields, row, month);
    let system = world.systems.who("", fields.text("information_system"));
    vec![Tally { system, applicant: fields.kind_of("applicant").to_owned(), ..tally }]
}

/// The reason, or the one that it is a kind of (Law, art. 19-1 para 2).
fn reason<'d>(world: &World<'d>, code: &'d str) -> &'d str {
    let list = world.definitions.codelist("refusal_reason");
    let own = list.and_then(|list| list.codes.iter().find(|entry| entry.code == code));
    own.and_then(|entry| entry.parent.as_deref()).unwrap_or(code)
}

/// Columns of 3-mk. Source: forms.md, 3-mk; Rules, Annex 3.
fn corporation(late: bool, cause: &str, refused: bool, reason: &str) -> Vec<&'static str> {
    let mut columns = vec!["1"];
    if late {
        columns.push("2");
        columns.extend(match cause {
            "corporation_employee" => Some("3"),
            "provider" => Some("4"),
            "power_outage" => Some("5"),
            "network_failure" => Some("6"),
            "is_failure" | "other_technical" => Some("7"),
            "mail_delivery" => Some("8"),
            _ => None,
        });
    }
    if refused {
        columns.push("9");
        columns.extend(match reason {
            "corporation_incomplete_package" => Some("10"),
            "provider_unjustified" => Some("11"),
            "encumbrance" => Some("12"),
            "other_justified" => Some("13"),
            _ => None,
        });
    }
    columns
}

/// Columns of 4-mk. Source: forms.md, 4-mk; Rules, Annex 4.
fn portal(channel: &str, late: bool, cause: &str, refused: bool) -> Vec<&'static str> {
    let egov = channel == "egov_portal";
    let mut columns = vec!["1", if egov { "2" } else { "3" }];
    if refused {
        columns.extend(["4", if egov { "5" } else { "6" }]);
    }
    if late {
        columns.push("7");
        columns.extend(match cause {
            "power_outage" | "network_failure" | "is_failure" | "other_technical" => Some("8"),
            "provider" => Some("9"),
            _ => None,
        });
    }
    columns
}

/// Rows 16–18.
fn complaint(world: &World<'_>, fields: Fields<'_, '_, '_>) -> Vec<Tally> {
    let mut tallies = Vec::new();
    let Some(registered) = fields.day("registered_at") else { return tallies };
    let channel = fields.code("channel");
    if let Some(month) = world.month(registered) {
        tallies.push(base(world, fields, format!("complaints.{channel}"), month));
        tallies.push(base(world, fields, format!("complaint_sources.{}", fields.code("source")), month));
    }
    // D13: the delay of the authorised body is not the body's own.
    if fields.code("addressee") == "authorized_body" {
        return tallies;
    }
    let extended = fields.number("extended_working_days").unwrap_or(0);
    // D3: the first day after the deadline, if it was considered later or not yet.
    let due = complaint_due(registered, extended, &world.definitions.calendar);
    let late = due.filter(|due| fields.day("considered_at").is_none_or(|considered| considered > *due));
    if let Some(month) = late.and_then(|due| due.succ_opt()).and_then(|day| world.month(day)) {
        tallies.push(base(world, fields, format!("complaints_late.{channel}"), month));
    }
    tallies
}

/// Rows 10, 10.1 and 11: what is in force at the end of each ended month, and what was included in it.
fn stock(world: &World<'_>, fields: Fields<'_, '_, '_>) -> Vec<Tally> {
    let mut tallies = Vec::new();
    let bylaw = fields.table() == "bylaws";
    let (from, out) = if bylaw { ("approved_on", "repealed_on") } else { ("included_on", "excluded_on") };
    let Some(from) = fields.day(from) else { return tallies };
    let out = fields.day(out);
    let row = if bylaw { "bylaws" } else { "register" };
    let act = if bylaw { format!("{} {from}", fields.text("act_no")) } else { String::new() };
    // D12: an act counts once in the row and once in each line
    let once = |tally: Tally| {
        let what = if bylaw { act.clone() } else { format!("{:?}", tally.service) };
        Tally { once: Some(what), quantity: 1, ..tally }
    };
    for month in (0..3).filter(|month| world.has_ended(*month)) {
        let in_force = |last: NaiveDate| from <= last && out.is_none_or(|out| last < out);
        if world.last_day(month).is_some_and(in_force) {
            tallies.push(once(base(world, fields, row.to_owned(), month)));
        }
    }
    // D11: a service that was in force on the day before is continued
    let service = fields.service();
    let service = world.services.who(service.0, service.1);
    let is_new = !from.pred_opt().is_some_and(|day| world.is_in_force(service.as_ref(), day));
    if let Some(month) = world.month(from).filter(|_| !bylaw && is_new) {
        tallies.push(once(base(world, fields, "register.included".to_owned(), month)));
    }
    tallies
}

/// Rows 1–9 and 19–22.
fn other(world: &World<'_>, fields: Fields<'_, '_, '_>) -> Vec<Tally> {
    let day = match fields.table() {
        "sanctions" => fields.day("imposed_on"),
        "outreach" => fields.day("held_on"),
        "training" => fields.day("completed_on"),
        "restorations" => fields.day("restored_on"),
        "control_events" => fields.day("finished_on"),
        // what hangs on an event has its month
        _ => world.events.get(fields.text("event_id")).and_then(|event| event.0),
    };
    let Some(month) = day.and_then(|day| world.month(day)) else { return Vec::new() };
    let mut tally = base(world, fields, String::new(), month);
    if let Some((_, unit)) = world.events.get(fields.text("event_id")) {
        tally.unit = world.units.who(&unit.0, &unit.1);
    }
    let with = |row: String, quantity: i64| Tally { row, quantity, ..tally.clone() };
    let kind = fields.code("kind");
    match fields.table() {
        "control_events" => {
            let planned = fields.code("basis") == "annual_plan";
            vec![with(if planned { "events.planned" } else { "events.other" }.to_owned(), 1)]
        }
        "control_objects" => {
            let row = match fields.code("object_kind") {
                "state_body" => "objects.bodies",
                "subordinate_organisation" => "objects.subordinate",
                "individual_provider" => "objects.individuals",
                _ => "objects.legal_entities",
            };
            vec![with(row.to_owned(), 1)]
        }
        "violations" => {
            let own = tally.quantity;
            let complaint = kind == "complaint_deadline";
            let row = if complaint { "complaint_deadline_violations".to_owned() } else { format!("violations.{kind}") };
            let mut found = vec![with(row, own)];
            if fields.is_true("rights_restored") {
                found.push(with("violations_restored".to_owned(), own));
            }
            found.push(with("persons_restored".to_owned(), fields.number("persons_restored").unwrap_or(0)));
            found
        }
        "sanctions" => {
            let person = with(format!("persons.{}", fields.code("person_kind")), 1);
            let person = Tally { once: Some(fields.text("person_id").to_owned()), ..person };
            vec![with(format!("sanctions.{kind}"), 1), person]
        }
        "recommendations" => {
            // 9.1: executed by the end of the quarter or the day before the as-of date, whichever is earlier.
            let until = world.last_day(2).zip(world.period.as_of.pred_opt()).map(|(end, eve)| end.min(eve));
            let executed = fields.day("executed_on").zip(until).is_some_and(|(day, until)| day <= until);
            vec![with(format!("recommendations.{}", if executed { "executed" } else { "pending" }), 1)]
        }
        "outreach" => {
            // row 20 is the number of activities, row 21 the people covered
            let covered = with("outreach.covered".to_owned(), fields.number("people_covered").unwrap_or(0));
            vec![with("outreach".to_owned(), tally.quantity), covered]
        }
        table => vec![with(table.to_owned(), tally.quantity)],
    }
}
