//! `organisation.toml`: who reports, and its units.

use crate::notation::{entry, list};
use crate::refusal::Refusal;
use crate::store;
use esep::body::organisation::{Organisation, PlaceNames, Unit, Zeros};
use esep::commands::parts::body;
use esep::consolidate::roster::Roster;
use esep::definitions::Definitions;
use esep::words::lang::Lang;
use serde_json::{Value, json};
use std::fmt::Write;
use std::path::Path;

/// Name of the file, in the root.
pub const FILE: &str = "organisation.toml";

/// The whole file.
pub fn print(own: &Organisation) -> String {
    let mut text = String::new();
    let fields = [
        ("name_kk", &own.name_kk),
        ("name_ru", &own.name_ru),
        ("name_en", &own.name_en),
        ("bin", &own.bin),
        ("address", &own.address),
        ("phone", &own.phone),
        ("email", &own.email),
        ("performer", &own.performer),
        ("performer_phone", &own.performer_phone),
        ("head", &own.head),
    ];
    for (key, value) in fields {
        entry(&mut text, key, value.trim());
    }
    let codes: Vec<String> = own.languages.iter().map(|lang| lang.code().to_owned()).collect();
    let _ = writeln!(text, "languages = {}", list(&codes));
    if own.zeros == Zeros::Dash {
        entry(&mut text, "zeros", "-");
    }
    if let Some(role) = own.role {
        entry(&mut text, "role", role.code());
    }
    if own.place_names == PlaceNames::Current {
        entry(&mut text, "place_names", "current");
    }
    // a table of TOML ends the keys of the body
    if !own.terms.receipt_day_counts.is_empty() {
        let _ = writeln!(text, "\n[terms]\nreceipt_day_counts = {}", list(&own.terms.receipt_day_counts));
    }
    for unit in &own.units {
        print_unit(unit, &mut text);
    }
    text
}

fn print_unit(unit: &Unit, text: &mut String) {
    text.push_str("\n[[unit]]\n");
    let pairs = [
        ("kato", &unit.kato),
        ("name_kk", &unit.name_kk),
        ("name_ru", &unit.name_ru),
        ("bin", &unit.bin),
        ("report", &unit.report),
        ("contact", &unit.contact),
    ];
    let filled = pairs.into_iter().map(|(key, value)| (key, value.trim())).filter(|(_, value)| !value.is_empty());
    for (key, value) in filled {
        entry(text, key, value);
    }
    if !unit.names.is_empty() {
        let _ = writeln!(text, "names = {}", list(&unit.names));
    }
}

/// What esep would refuse is refused before it is written; `beside`: a place where it may be tried.
///
/// # Errors
/// The file would not be read, or two units cannot be told apart.
pub fn check(text: &str, beside: &Path, definitions: &Definitions) -> Result<(), Refusal> {
    let said = |fault: anyhow::Error| Refusal::said(&fault, &definitions.words);
    let trial = store::beside(beside)?;
    std::fs::write(trial.path(), text)?;
    let own = body::read(trial.path(), definitions).map_err(said)?;
    if own.units.is_empty() { Ok(()) } else { Roster::new(&own, Lang::Ru).map(|_| ()).map_err(said) }
}

/// As the page edits it.
pub fn told(own: &Organisation) -> Value {
    let units: Vec<Value> = own
        .units
        .iter()
        .map(|unit| {
            json!({
                "kato": unit.kato, "name_ru": unit.name_ru, "name_kk": unit.name_kk, "bin": unit.bin,
                "names": unit.names, "report": unit.report, "contact": unit.contact,
            })
        })
        .collect();
    json!({
        "name_ru": own.name_ru, "name_kk": own.name_kk, "name_en": own.name_en, "bin": own.bin,
        "address": own.address, "phone": own.phone, "email": own.email, "performer": own.performer,
        "performer_phone": own.performer_phone, "head": own.head, "languages": own.languages, "units": units,
    })
}
