//! What stands in the records: sheets with the same head, what each seems to be, and what the body said of it.

use crate::preview;
use esep::body::mapping::{Head, Mapping};
use esep::commands::init::codes;
use esep::commands::init::guess::{Guess, Proposal, SURE, guesses};
use esep::commands::init::layout::{Layout, gather};
use esep::commands::init::supply::{FixedValue, Supply};
use esep::definitions::Definitions;
use esep::definitions::record::Table;
use esep::report::wording::word;
use esep::sources::Options;
use esep::sources::survey::{folded, survey as look};
use esep::values::digest::sha256;
use esep::values::personal::{is_personal, shape};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Findings that a mapping answers: the columns' page asks of them in its own words.
const ANSWERED: [&str; 5] =
    ["table_unknown", "header_not_found", "table_ambiguous", "columns_unknown", "column_similar"];

/// Texts above rows that are shown.
const SECTIONS: usize = 3;

/// What was surveyed: as the page reads it, and the heads themselves.
#[derive(Debug)]
pub struct Surveyed {
    pub told: Value,
    layouts: Vec<Layout>,
}

impl Surveyed {
    /// Of a folder without files.
    pub fn nothing() -> Self {
        let told = json!({ "groups": [], "headless": [], "values": [], "findings": [] });
        Self { told, layouts: Vec::new() }
    }

    /// The first rows of a head as they would be understood if the body said this of it.
    ///
    /// # Errors
    /// The source cannot be read.
    pub fn preview(&self, wanted: &str, head: &Head, definitions: &Definitions) -> anyhow::Result<Value> {
        let Some(layout) = self.layouts.iter().find(|layout| key(layout) == wanted) else { return Ok(Value::Null) };
        let Some(guess) = confirmed(head, layout, definitions) else { return Ok(Value::Null) };
        let rows = preview::rows(layout, (Some(&guess), head.short_days), definitions, &Options::default())?;
        let fixed: BTreeSet<&str> = head.fixed.keys().map(String::as_str).collect();
        let (missing, needed) = lacks(layout, &guess, &fixed, definitions);
        Ok(json!({ "understood": rows.understood, "missing": missing, "needed": needed }))
    }
}

/// All sheets of a folder, put together by their heads.
///
/// # Errors
/// A file cannot be read.
pub fn survey(records: &Path, mapping: &Mapping, definitions: &Definitions) -> anyhow::Result<Surveyed> {
    let options = Options::default();
    let (sheets, found) = look(&[records.to_owned()], &definitions.tables, &options)?;
    let findings: Vec<Value> = found
        .findings
        .iter()
        .filter(|finding| !ANSWERED.contains(&finding.name))
        .map(|finding| serde_json::to_value(word(finding, definitions, None)))
        .collect::<Result<_, _>>()?;
    let seen: BTreeSet<(String, Option<String>)> =
        sheets.iter().map(|sheet| (sheet.source.name.clone(), sheet.source.sheet.clone())).collect();
    let layouts = gather(sheets, definitions, &options)?;
    let mut parts: Vec<(Layout, Vec<Guess>)> = Vec::new();
    let mut groups = Vec::new();
    for layout in layouts {
        let proposed = guesses(&layout, definitions);
        let said = mapping.heads.iter().find(|head| is_of(head, &layout));
        let guess = said.and_then(|head| confirmed(head, &layout, definitions)).or_else(|| proposed.first().cloned());
        groups.push(group(&layout, guess.as_ref(), &proposed, said, definitions, &options)?);
        // of what is not read nothing is asked
        let guess = guess.filter(|_| !said.is_some_and(is_left_out));
        parts.push((layout, guess.into_iter().collect()));
    }
    let placed: BTreeSet<(String, Option<String>)> = parts
        .iter()
        .flat_map(|(layout, _)| &layout.sources)
        .map(|source| (source.name.clone(), source.sheet.clone()))
        .collect();
    // sheets in which nothing is like a head of records
    let headless: Vec<Value> =
        seen.difference(&placed).map(|(source, sheet)| json!({ "source": source, "sheet": sheet })).collect();
    let values: Vec<Value> = codes::unknown(&parts, definitions)
        .iter()
        .map(|unknown| {
            let said = mapping.values.iter().find(|values| values.list == unknown.list.list);
            let values: Vec<Value> = unknown
                .values
                .iter()
                .map(|(value, met)| {
                    let own = said.and_then(|said| said.codes.get(value)).map(String::as_str);
                    // what may mean more than one code is not answered for anybody
                    let meant = met.meaning.filter(|meaning| !meaning.asked).map(|meaning| meaning.code);
                    json!({ "value": value, "times": met.times, "code": own.or(meant), "said": own.is_some(), "hidden": met.hidden })
                })
                .collect();
            let confirmed = said.is_some_and(|said| said.confirmed);
            json!({ "list": unknown.list.list, "name": unknown.list.names, "confirmed": confirmed, "values": values })
        })
        .collect();
    let told = json!({ "groups": groups, "headless": headless, "values": values, "findings": findings });
    Ok(Surveyed { told, layouts: parts.into_iter().map(|(layout, _)| layout).collect() })
}

/// Whether what the body said is about sheets of this head: by their names, or by the same columns.
fn is_of(head: &Head, layout: &Layout) -> bool {
    let by_name = layout.sources.iter().any(|source| head.is_of(&source.name, source.sheet.as_deref()));
    let own = if head.headers.is_empty() { head.columns.keys().collect() } else { Vec::from_iter(&head.headers) };
    let own: BTreeSet<String> =
        own.into_iter().map(|header| folded(header)).filter(|header| !header.is_empty()).collect();
    by_name || !own.is_empty() && own == headers(layout)
}

/// Whether the body said that sheets of this head are not to be read.
fn is_left_out(head: &Head) -> bool {
    head.confirmed && head.table.is_empty()
}

/// A text as it may be shown.
fn shown(text: &str) -> String {
    if is_personal(text) { shape(text) } else { text.to_owned() }
}

fn headers(layout: &Layout) -> BTreeSet<String> {
    layout.columns.iter().map(|column| folded(&column.header)).filter(|header| !header.is_empty()).collect()
}

/// The key of a head: the same columns, the same key, whatever the files are called.
fn key(layout: &Layout) -> String {
    let all: Vec<String> = headers(layout).into_iter().collect();
    sha256(all.join("\u{1f}").as_bytes()).unwrap_or_default()[..16].to_owned()
}

/// What the body said, in the shape of a guess.
fn confirmed(head: &Head, layout: &Layout, definitions: &Definitions) -> Option<Guess> {
    let table = definitions.table(&head.table)?;
    let of = |header: &str| head.columns.iter().find(|(own, _)| folded(own) == folded(header)).map(|(_, field)| field);
    let proposals = layout.columns.iter().enumerate().filter_map(|(column, own)| {
        let field = definitions.tables[table].position(of(&own.header)?)?;
        Some(Proposal { column, field, score: 1.0, like: None, known: true })
    });
    let proposals = proposals.collect();
    let of_table = &definitions.tables[table];
    let field = |name: &String| of_table.position(name);
    let fixed = head
        .fixed
        .iter()
        .filter_map(|(name, value)| Some(FixedValue { field: field(name)?, value: value.clone(), asked: false }));
    let supply = Supply {
        fixed: fixed.collect(),
        section: head.section.as_ref().and_then(field),
        sheet_name: head.sheet_name.as_ref().and_then(field),
        titled: head.titled.iter().filter_map(|(word, name)| Some((word.clone(), field(name)?))).collect(),
    };
    Some(Guess { table, weight: 1.0, proposals, foreign: Vec::new(), numbered: head.numbered, weak: false, supply })
}

/// What no column holds and yet is there, by the names of fields.
fn supplied(supply: &Supply, table: &Table) -> Value {
    let named = |field: usize| table.fields[field].name.clone();
    let titled: BTreeMap<&String, String> = supply.titled.iter().map(|(word, field)| (word, named(*field))).collect();
    // what nothing says is asked, not answered
    let sure = supply.fixed.iter().filter(|fixed| !fixed.asked);
    let fixed: BTreeMap<String, &String> = sure.map(|fixed| (named(fixed.field), &fixed.value)).collect();
    json!({
        "section": supply.section.map(named), "sheet_name": supply.sheet_name.map(named), "titled": titled,
        "fixed": fixed,
    })
}

fn group(
    layout: &Layout,
    guess: Option<&Guess>,
    proposed: &[Guess],
    said: Option<&Head>,
    definitions: &Definitions,
    options: &Options,
) -> anyhow::Result<Value> {
    let sources: Vec<Value> =
        layout.sources.iter().map(|source| json!({ "source": source.name, "sheet": source.sheet })).collect();
    let table = guess.map(|guess| &definitions.tables[guess.table]);
    let is_clear = layout.table.is_some()
        && said.is_none()
        && guess.is_some_and(|guess| {
            let is_known = guess.foreign.is_empty() && guess.proposals.iter().all(|one| one.known);
            is_known && !guess.has_old_moments(layout)
        });
    let rows = preview::rows(layout, (guess, said.is_some_and(|head| head.short_days)), definitions, options)?;
    let columns: Vec<Value> = layout
        .columns
        .iter()
        .enumerate()
        .filter(|(_, column)| !column.header.is_empty())
        .map(|(index, column)| {
            let own = guess.and_then(|guess| guess.proposals.iter().find(|one| one.column == index));
            let sure = own.filter(|one| one.score >= SURE).zip(table).map(|(one, table)| &table.fields[one.field].name);
            let perhaps = own.zip(table).map(|(one, table)| &table.fields[one.field].name);
            json!({
                "header": column.header,
                "field": sure,
                "perhaps": perhaps,
                "personal": column.is_personal(),
                "samples": rows.samples.get(index),
                "filled": column.filled,
                "known": own.is_some_and(|one| one.known),
            })
        })
        .collect();
    let fixed: BTreeSet<&str> = said.iter().flat_map(|head| head.fixed.keys()).map(String::as_str).collect();
    let (missing, needed) = guess.map(|guess| lacks(layout, guess, &fixed, definitions)).unwrap_or_default();
    let others: Vec<Value> = proposed.iter().map(|guess| proposal(layout, guess, definitions)).collect();
    Ok(json!({
        "key": key(layout),
        "sources": sources,
        "rows": layout.rows,
        "table": table.map(|table| &table.table),
        "recognised": is_clear,
        "confirmed": said.is_some_and(|head| head.confirmed),
        "left_out": said.is_some_and(is_left_out),
        "remembered": said.is_some_and(|head| {
            head.headers.is_empty() && !layout.sources.iter().all(|source| head.is_of(&source.name, source.sheet.as_deref()))
        }),
        "others": others,
        "numbered": guess.is_some_and(|guess| guess.numbered),
        "headers": layout.headers(),
        "short": layout.columns.iter().map(|column| column.short).sum::<u64>(),
        "short_days": said.is_some_and(|head| head.short_days),
        "old_moments": guess.is_some_and(|guess| guess.has_old_moments(layout)),
        "local_moments": said.and_then(|head| head.local_moments),
        "fixed": said.map(|head| &head.fixed),
        "supply": guess.zip(table).map(|(guess, table)| supplied(&guess.supply, table)),
        "sections": layout.section.commonest().into_iter().take(SECTIONS).map(|(text, _)| shown(text)).collect::<Vec<_>>(),
        "missing": missing,
        "needed": needed,
        "columns": columns,
        "understood": rows.understood,
    }))
}

/// Fields that are asked for and have no column; and those among them without which no row counts, one value for all
/// rows apart.
fn lacks(
    layout: &Layout,
    guess: &Guess,
    fixed: &BTreeSet<&str>,
    definitions: &Definitions,
) -> (Vec<String>, Vec<String>) {
    let table = &definitions.tables[guess.table];
    let named = |field: usize| table.fields[field].name.clone();
    let needed: Vec<usize> = guess.missing(table);
    let mut all: Vec<String> = Vec::new();
    for field in needed.iter().copied().chain(codes::asked(layout, guess, definitions)).map(named) {
        if !all.contains(&field) {
            all.push(field);
        }
    }
    let needed = needed.into_iter().map(named).filter(|field| !fixed.contains(field.as_str())).collect();
    (all, needed)
}

/// A table that a head may be of, with the fields of its columns.
fn proposal(layout: &Layout, guess: &Guess, definitions: &Definitions) -> Value {
    let table = &definitions.tables[guess.table];
    let sure = guess.proposals.iter().filter(|one| one.score >= SURE);
    let columns: serde_json::Map<String, Value> = sure
        .map(|one| (layout.columns[one.column].header.clone(), table.fields[one.field].name.clone().into()))
        .collect();
    let (missing, needed) = lacks(layout, guess, &BTreeSet::new(), definitions);
    json!({
        "table": table.table,
        "columns": columns,
        "numbered": guess.numbered,
        "weak": guess.weak,
        "supply": supplied(&guess.supply, table),
        "missing": missing,
        "needed": needed,
    })
}

/// Tables, fields and code lists, as the columns' page offers them.
pub fn vocabulary(definitions: &Definitions) -> Value {
    let tables: Vec<Value> = definitions
        .tables
        .iter()
        .map(|table| {
            let fields: Vec<Value> = table
                .fields
                .iter()
                .map(|field| {
                    json!({
                        "field": field.name,
                        "name": field.headers.first(),
                        "help": field.help,
                        "list": field.list,
                        "required": field.required,
                        "needed_for": field.required_for,
                    })
                })
                .collect();
            json!({ "table": table.table, "name": table.names.first(), "fields": fields })
        })
        .collect();
    let lists: Vec<Value> = definitions
        .codelists
        .iter()
        .map(|list| {
            let codes: Vec<Value> =
                list.codes.iter().map(|code| json!({ "code": code.code, "name": code.label })).collect();
            json!({ "list": list.list, "name": list.names, "codes": codes })
        })
        .collect();
    json!({ "tables": tables, "lists": lists })
}
