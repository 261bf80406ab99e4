//! Values that a code list does not know, with the code that each may mean.

use crate::commands::init::column::is_name;
use crate::commands::init::guess::{Guess, SURE};
use crate::commands::init::layout::Layout;
use crate::commands::init::meaning::{Meaning, meant};
use crate::definitions::Definitions;
use crate::definitions::codelist::CodeList;
use crate::values::personal::{is_personal, shape};
use std::collections::BTreeMap;

/// Unknown values of one code list.
#[derive(Debug)]
pub struct Unknown<'d> {
    pub list: &'d CodeList,
    /// Value → how often it stands there, and the code that it may mean.
    pub values: BTreeMap<String, (u64, Option<Meaning<'d>>)>,
}

/// All values of code fields that the lists do not know, list by list.
pub fn unknown<'d>(parts: &[(Layout, Vec<Guess>)], definitions: &'d Definitions) -> Vec<Unknown<'d>> {
    let mut found: BTreeMap<&str, Unknown<'d>> = BTreeMap::new();
    for (layout, guesses) in parts {
        let Some(guess) = guesses.first() else { continue };
        let table = &definitions.tables[guess.table];
        let columns = guess.proposals.iter().filter(|proposal| proposal.score >= SURE);
        let mut values: Vec<(usize, Vec<(String, u64)>)> =
            columns.map(|own| (own.field, owned(layout.columns[own.column].commonest()))).collect();
        values.extend(guess.supply.section.map(|field| (field, owned(layout.section.commonest()))));
        let names = layout.sources.iter().filter_map(|source| source.sheet.clone());
        values.extend(guess.supply.sheet_name.map(|field| (field, names.map(|name| (name, 1)).collect())));
        for (field, values) in values {
            let field = &table.fields[field];
            let Some(list) = field.list.as_ref().and_then(|list| definitions.codelist(list)) else { continue };
            let all: Vec<&str> = values.iter().map(|(value, _)| value.as_str()).collect();
            for (value, times) in &values {
                if list.find(value).is_some() {
                    continue;
                }
                let own = found.entry(&list.list).or_insert_with(|| Unknown { list, values: BTreeMap::new() });
                let meaning = meant(value, list, definitions).map(|meaning| meaning.beside(&all, list, definitions));
                // what may be somebody's name is no name of a code: of it only the shape is told
                let is_hidden = is_personal(value) || is_name(value) || meaning.is_none() && !field.open;
                let (value, meaning) = if is_hidden { (shape(value), None) } else { (value.clone(), meaning) };
                let entry = own.values.entry(value).or_insert((0, meaning));
                entry.0 += times;
                // what one table leaves open stays a question
                if let (Some(known), Some(meaning)) = (&mut entry.1, meaning) {
                    known.asked |= meaning.asked;
                }
            }
        }
    }
    found.into_values().collect()
}

fn owned(values: Vec<(&str, u64)>) -> Vec<(String, u64)> {
    values.into_iter().map(|(value, times)| (value.to_owned(), times)).collect()
}

/// Fields that some values of other columns ask for, and that no column holds.
pub fn asked(layout: &Layout, guess: &Guess, definitions: &Definitions) -> Vec<usize> {
    let table = &definitions.tables[guess.table];
    let is_asked = |field: usize| {
        let when = table.fields[field].required_when.as_ref()?;
        let other = table.position(&when.field)?;
        let list = table.fields[other].list.as_ref().and_then(|list| definitions.codelist(list))?;
        let own = guess.proposals.iter().find(|one| one.field == other && one.score >= SURE)?;
        let code = |value: &str| {
            list.find(value)
                .map(|code| list.codes[code].code.as_str())
                .or_else(|| meant(value, list, definitions).map(|meaning| meaning.code))
        };
        let values = layout.columns[own.column].commonest();
        let mut codes = values.into_iter().filter_map(|(value, _)| code(value));
        codes.any(|code| when.values.iter().any(|value| value == code)).then_some(field)
    };
    (0..table.fields.len()).filter(|field| !guess.has(*field)).filter_map(is_asked).collect()
}
