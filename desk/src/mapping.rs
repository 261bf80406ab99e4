//! `mapping.toml`: what the body confirmed, kept from quarter to quarter.

use crate::notation::{entry, list, quoted};
use crate::refusal::Refusal;
use esep::body::mapping::{Head, Mapping, Used, Values};
use esep::definitions::Definitions;
use esep::definitions::notation::parse_toml;
use esep::words::failure::Halt;
use std::fmt::Write;

/// Name of the file, in the root.
pub const FILE: &str = "mapping.toml";

/// # Errors
/// The file is not well-formed.
pub fn read(text: &str, definitions: &Definitions) -> Result<Mapping, Refusal> {
    let within = |fault: anyhow::Error| fault.context(Halt::within(FILE));
    parse_toml(text).map_err(|fault| Refusal::said(&within(fault), &definitions.words))
}

/// Puts a head in place of those of the same sheets.
pub fn put_head(mapping: &mut Mapping, head: Head) {
    let (sources, headers, columns) = (head.sources.clone(), head.headers.clone(), head.columns.clone());
    let is_same = |known: &Head| {
        known.sources.iter().any(|source| sources.contains(source))
            || !headers.is_empty() && known.headers == headers
            || !columns.is_empty() && known.columns.keys().eq(columns.keys())
    };
    let place = mapping.heads.iter().position(is_same);
    mapping.heads.retain(|known| !is_same(known));
    let place = place.unwrap_or(mapping.heads.len()).min(mapping.heads.len());
    mapping.heads.insert(place, head);
}

/// Adds what values of a list mean.
pub fn put_values(mapping: &mut Mapping, values: Values) {
    match mapping.values.iter_mut().find(|known| known.list == values.list) {
        Some(known) => *known = values,
        None => mapping.values.push(values),
    }
}

/// Adds what the answers of a `questions.xlsx` confirm; how many heads and lists that is.
pub fn put_answers(mapping: &mut Mapping, answers: Used) -> usize {
    let Mapping { heads, values, .. } = answers.confirmed().mapping;
    let count = heads.len() + values.len();
    for head in heads {
        put_head(mapping, head);
    }
    for own in values {
        match mapping.values.iter_mut().find(|known| known.list == own.list) {
            Some(known) => {
                known.confirmed = true;
                known.codes.extend(own.codes);
            }
            None => mapping.values.push(own),
        }
    }
    count
}

/// The whole file.
///
/// # Errors
/// What esep would refuse: names that nothing has, a field with two headers.
pub fn print(mapping: &Mapping, definitions: &Definitions) -> Result<String, Refusal> {
    let wrong =
        |fault: Box<esep::words::lang::Text>| Refusal { status: 422, key: "refused_by_esep", text: Some(*fault) };
    mapping.teach(definitions).map_err(wrong)?;
    let mut text = String::new();
    for head in &mapping.heads {
        text += "[[head]]\n";
        if !head.sources.is_empty() || head.headers.is_empty() {
            let _ = writeln!(text, "sources = {}", list(&head.sources));
        }
        if !head.headers.is_empty() {
            let _ = writeln!(text, "headers = {}", list(&head.headers));
        }
        entry(&mut text, "table", &head.table);
        let _ = writeln!(text, "confirmed = {}\nnumbered = {}", head.confirmed, head.numbered);
        if head.short_days {
            text += "short_days = true\n";
        }
        if let Some(is_local) = head.local_moments {
            let _ = writeln!(text, "local_moments = {is_local}");
        }
        for (name, field) in [("section", &head.section), ("sheet_name", &head.sheet_name)] {
            if let Some(field) = field {
                entry(&mut text, name, field);
            }
        }
        for (name, pairs) in [("columns", &head.columns), ("fixed", &head.fixed), ("titled", &head.titled)] {
            if !pairs.is_empty() {
                let _ = writeln!(text, "[head.{name}]");
                text.extend(pairs.iter().map(|(key, value)| format!("{} = {}\n", quoted(key), quoted(value))));
            }
        }
        text.push('\n');
    }
    for values in &mapping.values {
        text += "[[values]]\n";
        entry(&mut text, "list", &values.list);
        let _ = writeln!(text, "confirmed = {}\n[values.codes]", values.confirmed);
        text.extend(values.codes.iter().map(|(key, value)| format!("{} = {}\n", quoted(key), quoted(value))));
        text.push('\n');
    }
    Ok(text)
}
