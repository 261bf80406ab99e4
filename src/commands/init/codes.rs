//! Values that a code list does not know, with the code that each may mean.

use crate::commands::init::column::OwnColumn;
use crate::commands::init::guess::{Guess, SURE};
use crate::commands::init::layout::Layout;
use crate::commands::init::meaning::{Meaning, meant};
use crate::commands::init::people::is_name;
use crate::definitions::Definitions;
use crate::definitions::codelist::CodeList;
use crate::definitions::record::Field;
use crate::values::personal::{is_personal, shape};
use std::collections::{BTreeMap, BTreeSet};

/// Unknown values of one code list.
#[derive(Debug)]
pub struct Unknown<'d> {
    pub list: &'d CodeList,
    pub values: BTreeMap<String, UnknownValue<'d>>,
}

/// What a value that no list knows may mean.
#[derive(Debug, Default)]
pub struct UnknownValue<'d> {
    pub times: u64,
    /// The code that it may mean.
    pub meaning: Option<Meaning<'d>>,
    /// Headers of the columns that have it.
    pub columns: BTreeSet<String>,
    /// It may name a person: only its shape is told.
    pub hidden: bool,
}

/// What stands in a column of codes, value and times; `hides`: what is strange there may be a name.
struct ColumnValues {
    field: usize,
    header: String,
    hides: bool,
    values: Vec<(String, u64)>,
}

/// All values of code fields that the lists do not know, list by list.
pub fn unknown<'d>(parts: &[(Layout, Vec<Guess>)], definitions: &'d Definitions) -> Vec<Unknown<'d>> {
    let mut found: BTreeMap<&str, Unknown<'d>> = BTreeMap::new();
    for (layout, guesses) in parts {
        let Some(guess) = guesses.first() else { continue };
        let table = &definitions.tables[guess.table];
        let columns = guess.proposals.iter().filter(|proposal| proposal.score >= SURE);
        let columns = columns.map(|own| (own.field, &layout.columns[own.column]));
        let section = guess.supply.section.map(|field| (field, &layout.section));
        let of_column = |(field, column): (usize, &OwnColumn)| {
            let hides = !is_closed(column, &table.fields[field], definitions);
            ColumnValues { field, header: column.header.clone(), hides, values: owned(column.commonest()) }
        };
        let mut values: Vec<ColumnValues> = columns.chain(section).map(of_column).collect();
        let names = layout.sources.iter().filter_map(|source| source.sheet.clone());
        let names: Vec<(String, u64)> = names.map(|name| (name, 1)).collect();
        let of_sheet = |field| ColumnValues { field, header: String::new(), hides: false, values: names };
        values.extend(guess.supply.sheet_name.map(of_sheet));
        for ColumnValues { field, header, hides, values } in values {
            let field = &table.fields[field];
            let Some(list) = field.list.as_ref().and_then(|list| definitions.codelist(list)) else { continue };
            let all: Vec<&str> = values.iter().map(|(value, _)| value.as_str()).collect();
            for (value, times) in &values {
                if list.find(value).is_some() {
                    continue;
                }
                let own = found.entry(&list.list).or_insert_with(|| Unknown { list, values: BTreeMap::new() });
                let meaning = meant(value, list, definitions).map(|meaning| meaning.beside(&all, list, definitions));
                let hidden = match meaning {
                    Some(_) => is_personal(value) || is_name(value),
                    None => hides || layout.ordinary.may_name(value, *times),
                };
                // what may be somebody's name is no name of a code: of it only the shape is told
                let (value, meaning) = if hidden { (shape(value), None) } else { (value.clone(), meaning) };
                let entry = own.values.entry(value).or_insert(UnknownValue { meaning, hidden, ..Default::default() });
                entry.times += times;
                entry.columns.extend(Some(header.clone()).filter(|header| !header.is_empty()));
                // what one table leaves open stays a question
                if let (Some(known), Some(meaning)) = (&mut entry.meaning, meaning) {
                    known.asked |= meaning.asked;
                }
            }
        }
    }
    found.into_values().collect()
}

/// Whether a column holds a small closed set and no names: where the field may as well name people, half of the values
/// must be known.
fn is_closed(column: &OwnColumn, field: &Field, definitions: &Definitions) -> bool {
    let place = definitions.codelists.iter().position(|list| Some(&list.list) == field.list.as_ref());
    let is_known = || place.is_some_and(|place| column.share(column.codes[place]) >= 0.5);
    !field.private && !column.is_personal() && (field.open || is_known())
}

/// Whether a value of a column of codes may be shown, though no list knows it.
pub fn is_shown(
    (value, times): (&str, u64),
    (column, layout): (&OwnColumn, &Layout),
    field: &Field,
    definitions: &Definitions,
) -> bool {
    field.list.is_some() && is_closed(column, field, definitions) && !layout.ordinary.may_name(value, times)
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
