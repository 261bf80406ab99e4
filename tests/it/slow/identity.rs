//! Who is the same, and which name is printed (forms.md, Cells: "Who is the same", "Printed").

use super::read::{Row, Tables};
use super::value::tidy;
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};

/// A service or a provider: by its code, or, where no code is known, by its folded name.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Who {
    Code(String),
    Name(String),
}

/// The fields that carry code and name: a service's or a provider's.
#[derive(Clone, Copy)]
pub struct Fields {
    pub code: &'static str,
    pub name: &'static str,
}

pub const SERVICE: Fields = Fields { code: "service_code", name: "service_name" };
pub const PROVIDER: Fields = Fields { code: "provider_bin", name: "provider_name" };

/// "case, ё/е, quotes and spaces folded".
pub fn fold(name: &str) -> String {
    let mut folded = String::new();
    for letter in name.to_lowercase().chars() {
        match letter {
            'ё' => folded.push('е'),
            '«' | '»' | '"' | '“' | '”' | '„' | '‟' | '\'' | '‘' | '’' | '‚' | '‹' | '›' | '`' => {}
            other => folded.push(other),
        }
    }
    tidy(&folded)
}

/// Finds the service and the provider of every accepted row.
pub fn find_all(tables: &mut Tables) {
    let services = codes_by_name(tables, SERVICE);
    let providers = codes_by_name(tables, PROVIDER);
    for table in tables.values_mut() {
        for row in &mut table.rows {
            row.service = find(row, SERVICE, &services);
            row.provider = find(row, PROVIDER, &providers);
        }
    }
}

/// All codes that carry a folded name, over all accepted rows of all tables.
fn codes_by_name(tables: &Tables, fields: Fields) -> BTreeMap<String, BTreeSet<String>> {
    let mut codes: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in tables.values().flat_map(|table| &table.rows) {
        if let (Some(code), Some(name)) = (row.text(fields.code), row.text(fields.name)) {
            codes.entry(fold(name)).or_default().insert(code.to_string());
        }
    }
    codes
}

/// "by code …; a row without a code joins the one code that carries the same name".
fn find(row: &Row, fields: Fields, codes: &BTreeMap<String, BTreeSet<String>>) -> Option<Who> {
    if let Some(code) = row.text(fields.code) {
        return Some(Who::Code(code.to_string()));
    }
    let name = fold(row.text(fields.name)?);
    match codes.get(&name) {
        Some(codes) if codes.len() == 1 => codes.first().cloned().map(Who::Code),
        _ => Some(Who::Name(name)),
    }
}

/// The service or the provider of the row.
fn who(row: &Row, fields: Fields) -> Option<&Who> {
    if fields.code == SERVICE.code { row.service.as_ref() } else { row.provider.as_ref() }
}

/// Everyone any accepted row speaks of.
pub fn everyone(tables: &Tables, fields: Fields) -> BTreeSet<Who> {
    let mut all = BTreeSet::new();
    for table in tables.values() {
        for row in &table.rows {
            all.extend(who(row, fields).cloned());
        }
    }
    all
}

/// "the register's name (latest inclusion), else the commonest spelling, ties by code point; never the first met".
pub fn printed_name(tables: &Tables, someone: &Who, fields: Fields) -> String {
    let mut latest: Option<(NaiveDate, &str)> = None;
    for row in &tables["register"].rows {
        let (Some(name), Some(included)) = (row.text(fields.name), row.day("included_on")) else {
            continue;
        };
        if who(row, fields) != Some(someone) {
            continue;
        }
        let is_better = match latest {
            None => true,
            Some((day, other)) => included > day || (included == day && name < other),
        };
        if is_better {
            latest = Some((included, name));
        }
    }
    if let Some((_, name)) = latest {
        return name.to_string();
    }
    let mut spellings: BTreeMap<&str, u64> = BTreeMap::new();
    for table in tables.values() {
        for row in &table.rows {
            if let Some(name) = row.text(fields.name)
                && who(row, fields) == Some(someone)
            {
                *spellings.entry(name).or_default() += 1;
            }
        }
    }
    let most = spellings.values().max().copied().unwrap_or(0);
    let commonest = spellings.iter().find(|(_, times)| **times == most); // the map is in code point order
    commonest.map(|(name, _)| (*name).to_string()).unwrap_or_default()
}
