//! The records of a cell that a database counted: a query for the database, as only it has them.

use crate::commands::explain::opened::Opened;
use crate::commands::explain::sources::Sources;
use crate::commands::out::speech::Speech;
use crate::commands::out::status::misuse;
use crate::definitions::dimension::RESULTS;
use crate::definitions::form::LineBy;
use crate::facts::groups::month_name;
use crate::facts::parts::{Owner, Part, parts, set_of};
use crate::facts::trace::{RecordPlace, Wanted};
use crate::filed::form::Filed;
use crate::sql::class::filtered;
use crate::sql::literal::{any, text};
use crate::sql::plan::{LakeTable, Plan};
use crate::words::failure::Halt;
use anyhow::{Result, ensure};
use std::collections::{BTreeMap, BTreeSet};

/// Fields by which lines of forms tell parties apart, and those of units.
const PARTIES: [(LineBy, &[&str]); 3] = [
    (LineBy::Provider, &["provider_bin", "provider_name"]),
    (LineBy::Service, &["service_code", "service_name"]),
    (LineBy::System, &["information_system"]),
];

/// The query for the cell at (line, column).
///
/// # Errors
/// The cell counts no results, or the sources hold nothing that a database counted.
pub fn query(opened: &Opened<'_>, at: (usize, usize), sources: &Sources, speech: Speech<'_>) -> Result<String> {
    let definitions = speech.definitions;
    let Filed { form, cells, period, unit, .. } = &opened.filed;
    let line = &cells.lines[at.0];
    let parts = parts(form, line.row, at.1, *period, definitions);
    let parts: Vec<Part> = parts.into_iter().filter(|part| set_of(&form.rows[part.row]) == Some(RESULTS)).collect();
    let is_counted = sources.tables.iter().any(|table| definitions.tables[table.table].counted);
    ensure!(is_counted && !parts.is_empty(), misuse(Halt::new("explain_sql_nothing")));
    let wanted = Wanted::Facts(parts.iter().map(Part::wanted).collect());
    let organisation = opened.organisation()?;
    let reading = sources.trace(&opened.filed, &opened.made, &organisation, definitions, wanted, &BTreeSet::new())?;
    let found = Owner::new(&reading.derived, unit.as_ref()).contributions(form, line, &parts, &reading.derived.traced);
    let places: BTreeSet<RecordPlace> = found.iter().map(|one| (one.traced.source, one.traced.line)).collect();
    let row = &form.rows[parts[0].row];
    let levels = PARTIES.iter().filter(|(by, _)| {
        let has_service = line.key.service.is_some();
        !line.key.is_row() && row.lines.contains(by) && (*by == LineBy::Provider || has_service)
    });
    let mut fields: Vec<&str> = levels.flat_map(|(_, fields)| fields.iter().copied()).collect();
    fields.extend(unit.as_ref().map(|_| "unit"));
    let spelled: Vec<String> = sources
        .spelled(&places, &fields, definitions)?
        .into_iter()
        .map(|values| {
            let each = fields.iter().zip(&values).map(|(field, value)| format!("{field} = {}", text(value)));
            each.collect::<Vec<_>>().join(" AND ")
        })
        .collect();
    let each = parts.iter().map(|part| {
        let column = &form.grid_of(part.row).columns[part.column];
        let month = match column.month.and_then(|month| month.checked_sub(1)) {
            Some(month) => format!("month = {}", text(&month_name(*period, month))),
            None => "month <> ''".to_owned(),
        };
        format!("{month} AND {}", filtered(&[&form.rows[part.row].filter, &column.filter]))
    });
    let mut condition = any(&each.collect::<Vec<_>>());
    if !fields.is_empty() {
        condition = format!("{condition}\n  AND {}", any(&spelled));
    }
    let forms: Result<Vec<_>> = opened.made.forms.iter().map(|form| definitions.form(form, period.quarter)).collect();
    let deriver = sources.register(&forms?, *period, &organisation, definitions)?;
    let forms: Result<Vec<_>> = opened.made.forms.iter().map(|form| definitions.form(form, period.quarter)).collect();
    let plan = Plan::new(definitions, &forms?, *period, tables(opened, &reading.given, speech), &deriver)?;
    Ok(format!("-- {}\n{}", speech.words("explain_sql_head"), plan.records(&condition)))
}

/// The tables under the names of the contract, with the columns that the rest has.
fn tables(opened: &Opened<'_>, given: &BTreeSet<String>, speech: Speech<'_>) -> Vec<LakeTable> {
    let mut tables = Vec::new();
    for (table, definition) in speech.definitions.tables.iter().enumerate().filter(|(_, table)| table.is_result()) {
        let has = |name: &str| given.contains(&format!("{}.{name}", definition.table));
        let fields = definition.fields.iter().enumerate().filter(|(_, field)| has(&field.name));
        let mut columns: BTreeMap<usize, String> = fields.map(|(place, field)| (place, field.name.clone())).collect();
        if columns.is_empty() {
            continue;
        }
        let heads = opened.made.mapping.iter().flat_map(|used| &used.mapping.heads);
        let heads = || heads.clone().filter(|head| head.confirmed && head.table == definition.table);
        let fixed: BTreeMap<usize, String> = heads()
            .flat_map(|head| &head.fixed)
            .filter_map(|(field, value)| Some((definition.position(field)?, value.clone())))
            .collect();
        columns.retain(|field, _| !fixed.contains_key(field));
        let short_days = heads().any(|head| head.short_days);
        tables.push(LakeTable { table, from: definition.table.clone(), order: None, columns, fixed, short_days });
    }
    tables
}
