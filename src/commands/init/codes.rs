//! Values that a code list does not know, with the code that each may mean.

use crate::commands::init::column::is_name;
use crate::commands::init::guess::{Guess, SURE};
use crate::commands::init::layout::Layout;
use crate::definitions::Definitions;
use crate::definitions::codelist::CodeList;
use crate::values::personal::{is_personal, shape};
use crate::words::lang::fold;
use std::collections::BTreeMap;

/// Unknown values of one code list.
#[derive(Debug)]
pub struct Unknown<'d> {
    pub list: &'d CodeList,
    /// Value → how often it stands there, and the code that it may mean.
    pub values: BTreeMap<String, (u64, Option<&'d str>)>,
}

/// All values of code fields that the lists do not know, list by list.
pub fn unknown<'d>(parts: &[(Layout, Vec<Guess>)], definitions: &'d Definitions) -> Vec<Unknown<'d>> {
    let mut found: BTreeMap<&str, Unknown<'d>> = BTreeMap::new();
    for (layout, guesses) in parts {
        let Some(guess) = guesses.first() else { continue };
        for proposal in guess.proposals.iter().filter(|proposal| proposal.score >= SURE) {
            let field = &definitions.tables[guess.table].fields[proposal.field];
            let Some(list) = field.list.as_ref().and_then(|list| definitions.codelist(list)) else { continue };
            for (value, times) in layout.columns[proposal.column].commonest() {
                if list.find(value).is_none() {
                    let own = found.entry(&list.list).or_insert_with(|| Unknown { list, values: BTreeMap::new() });
                    let code = meant(value, list, definitions);
                    // what may be somebody's name is no name of a code: of it only the shape is told
                    let is_hidden = is_personal(value) || is_name(value) || code.is_none() && !field.open;
                    let (value, code) = if is_hidden { (shape(value), None) } else { (value.to_owned(), code) };
                    own.values.entry(value).or_insert((0, code)).0 += times;
                }
            }
        }
    }
    found.into_values().collect()
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
            list.find(value).map(|code| list.codes[code].code.as_str()).or_else(|| meant(value, list, definitions))
        };
        let values = layout.columns[own.column].commonest();
        let mut codes = values.into_iter().filter_map(|(value, _)| code(value));
        codes.any(|code| when.values.iter().any(|value| value == code)).then_some(field)
    };
    (0..table.fields.len()).filter(|field| !guess.has(*field)).filter_map(is_asked).collect()
}

/// The code whose spelling, or whose hint, the value has in it; the longest says most.
fn meant<'d>(value: &str, list: &'d CodeList, definitions: &'d Definitions) -> Option<&'d str> {
    let value = fold(value);
    let hints = definitions.hints.codes.get(&list.list);
    let mut best: Option<(usize, &str)> = None;
    for code in &list.codes {
        let spellings = code.also.iter().chain([&code.label.kk, &code.label.ru, &code.label.en]).map(|text| fold(text));
        let whole = spellings.filter(|spelling| is_within(spelling, &value));
        let hints = hints.and_then(|codes| codes.get(&code.code)).into_iter().flatten();
        let parts = hints.map(|hint| fold(hint)).filter(|hint| value.contains(hint.as_str()));
        let length = whole.chain(parts).map(|spelling| spelling.chars().count()).max();
        if let Some(length) = length.filter(|length| best.is_none_or(|(longest, _)| *length > longest)) {
            best = Some((length, &code.code));
        }
    }
    let near = || {
        let spelled = |code: &'d crate::definitions::codelist::Code| {
            let spellings = code.also.iter().chain([&code.label.kk, &code.label.ru, &code.label.en]);
            let likeness = |text: &String| strsim::normalized_damerau_levenshtein(&value, &fold(text));
            (spellings.map(likeness).fold(0.0, f64::max), code.code.as_str())
        };
        let best = list.codes.iter().map(spelled).max_by(|a, b| a.0.total_cmp(&b.0));
        best.filter(|(likeness, _)| *likeness >= 0.7).map(|(_, code)| code)
    };
    best.map(|(_, code)| code).or_else(near)
}

/// Whether a spelling stands in a value as words of its own.
fn is_within(spelling: &str, value: &str) -> bool {
    let spaced = |text: &str| {
        let words = text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
        format!(" {} ", words.collect::<Vec<_>>().join(" "))
    };
    spelling.chars().count() > 1 && spaced(value).contains(&spaced(spelling))
}
