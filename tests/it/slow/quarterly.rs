//! The cells of 3-mk and 4-mk (forms.md, the sections of these names).

use super::count::{Key, code};
use super::identity::{PROVIDER, SERVICE, Who, everyone, printed_name};
use super::world::{Outcome, World};
use std::collections::BTreeMap;

type Cells = BTreeMap<Key, Option<i64>>;

/// Forms.md, 3-mk: rows TOTAL, 1 (paper), 2 (electronic), each with providers and their services.
pub fn form_3(world: &World) -> Cells {
    let mut cells = Cells::new();
    let columns: Vec<String> = (1..=13).map(|number| number.to_string()).collect();
    let is_ours = |one: &Outcome| one.channel() == "state_corporation";
    put(&mut cells, world, "TOTAL", None, None, &columns, &|one, column| is_ours(one) && in_column_3(one, column));
    for (row, form) in [("1", "paper"), ("2", "electronic")] {
        let is_in_row = |one: &Outcome| is_ours(one) && one.row.text("form") == Some(form);
        let belongs = |one: &Outcome, column: &str| is_in_row(one) && in_column_3(one, column);
        put(&mut cells, world, row, None, None, &columns, &belongs);
        put_lines(&mut cells, world, row, &columns, &is_in_row, &belongs);
    }
    cells
}

fn in_column_3(one: &Outcome, column: &str) -> bool {
    let late = |cause: &str| one.is_late && one.row.text("delay_cause") == Some(cause);
    let refused = |reason: &str| one.is_refusal && one.row.text("refusal_reason") == Some(reason);
    match column {
        "1" => true,        // "results issued (rendered and refused, expl. 4)"
        "2" => one.is_late, // "Late results of both outcomes are in 2."
        "3" => late("corporation_employee"),
        "4" => late("provider"),
        "5" => late("power_outage"),
        "6" => late("network_failure"),
        "7" => late("is_failure") || late("other_technical"),
        "8" => late("mail_delivery"),
        "9" => one.is_refusal,
        "10" => refused("corporation_incomplete_package"),
        "11" => refused("provider_unjustified"),
        "12" => refused("encumbrance"),
        // "by `refusal_reason` and its parent": records.md, the grounds of art. 19-1 are children of `other_justified`.
        "13" => {
            refused("other_justified")
                || refused("unreliable_documents")
                || refused("requirements_not_met")
                || refused("negative_approval")
                || refused("court_ban")
                || refused("court_deprivation")
                || refused("no_personal_data_consent")
        }
        other => panic!("no column {other}"),
    }
}

/// Forms.md, 4-mk: rows provider → service (row `1`), last row TOTAL.
pub fn form_4(world: &World) -> Cells {
    let mut cells = Cells::new();
    let columns: Vec<String> = (1..=9).map(|number| number.to_string()).collect();
    let is_ours = |one: &Outcome| one.channel() == "egov_portal" || one.channel() == "elicense";
    let belongs = |one: &Outcome, column: &str| is_ours(one) && in_column_4(one, column);
    put_lines(&mut cells, world, "1", &columns, &is_ours, &belongs);
    put(&mut cells, world, "TOTAL", None, None, &columns, &belongs);
    cells
}

fn in_column_4(one: &Outcome, column: &str) -> bool {
    let late = |cause: &str| one.is_late && one.row.text("delay_cause") == Some(cause);
    match column {
        "1" => true,
        "2" => one.channel() == "egov_portal",
        "3" => one.channel() == "elicense",
        "4" => one.is_refusal,
        "5" => one.is_refusal && one.channel() == "egov_portal",
        "6" => one.is_refusal && one.channel() == "elicense",
        "7" => one.is_late, // "Any other cause or none: column 7 only"
        "8" => late("power_outage") || late("network_failure") || late("is_failure") || late("other_technical"),
        "9" => late("provider"),
        other => panic!("no column {other}"),
    }
}

/// D1: which tables a column needs.
fn is_known(world: &World, columns: &[String], column: &str) -> bool {
    let is_refusals = if columns.len() == 13 {
        ["9", "10", "11", "12", "13"].contains(&column)
    } else {
        ["4", "5", "6"].contains(&column)
    };
    if is_refusals { world.refusals_handed_over() } else { world.handed_over("services") }
}

/// "3-mk and 4-mk count ended months only" (D1).
fn is_in_ended_month(world: &World, one: &Outcome) -> bool {
    world.months.iter().any(|month| world.has_ended(*month) && month.has(Some(one.issued.day)))
}

fn put_lines(
    cells: &mut Cells,
    world: &World,
    row: &str,
    columns: &[String],
    is_in_row: &dyn Fn(&Outcome) -> bool,
    belongs: &dyn Fn(&Outcome, &str) -> bool,
) {
    // "It exists when something fed it in an ended month of the quarter."
    let feeds = |one: &Outcome, provider: &Who, service: Option<&Who>| {
        is_in_row(one)
            && is_in_ended_month(world, one)
            && one.row.provider.as_ref() == Some(provider)
            && (service.is_none() || one.service() == service)
    };
    for provider in everyone(&world.tables, PROVIDER) {
        if !world.outcomes.iter().any(|one| feeds(one, &provider, None)) {
            continue;
        }
        put(cells, world, row, Some(&provider), None, columns, belongs);
        for service in everyone(&world.tables, SERVICE) {
            if world.outcomes.iter().any(|one| feeds(one, &provider, Some(&service))) {
                put(cells, world, row, Some(&provider), Some(&service), columns, belongs);
            }
        }
    }
}

fn put(
    cells: &mut Cells,
    world: &World,
    row: &str,
    provider: Option<&Who>,
    service: Option<&Who>,
    columns: &[String],
    belongs: &dyn Fn(&Outcome, &str) -> bool,
) {
    let mut key = Key { row: row.to_string(), ..Key::default() };
    if let Some(provider) = provider {
        key.provider_bin = code(provider);
        key.provider_name = printed_name(&world.tables, provider, PROVIDER);
    }
    if let Some(service) = service {
        key.service_code = code(service);
        key.service_name = printed_name(&world.tables, service, SERVICE);
    }
    let mut values = Vec::new();
    for column in columns {
        let any_month = world.months.iter().any(|month| world.has_ended(*month));
        if !any_month || !is_known(world, columns, column) {
            values.push(None);
            continue;
        }
        let mut total = 0;
        for one in &world.outcomes {
            let fits_provider = provider.is_none() || one.row.provider.as_ref() == provider;
            let fits_service = service.is_none() || one.service() == service;
            if is_in_ended_month(world, one) && fits_provider && fits_service && belongs(one, column) {
                total += one.row.quantity();
            }
        }
        values.push(Some(total));
    }
    // "All-zero lines are not written" (outputs.md): lines by provider and service, never the fixed rows.
    if provider.is_some() && values.iter().all(|value| value.unwrap_or(0) == 0) {
        return;
    }
    for (column, value) in columns.iter().zip(values) {
        let before = cells.insert(Key { column: column.clone(), ..key.clone() }, value);
        assert!(before.is_none(), "two lines of one name: {key:?}");
    }
}
