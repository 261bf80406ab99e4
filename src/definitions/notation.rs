//! TOML as people write it: what is wrong with it is said by place, in the words of the catalogue.

use crate::words::failure::Halt;
use crate::words::lang::nearest;
use anyhow::Result;
use serde::de::DeserializeOwned;

/// Letters of a line that are shown.
const SHOWN: usize = 60;

/// What a value must be, by what the library calls it.
const KINDS: [(&str, &[&str]); 6] = [
    ("fault_toml_text", &["a string", "a borrowed string", "string"]),
    ("fault_toml_number", &["i64", "u64", "i32", "u32", "u16", "u8", "usize", "an integer"]),
    ("fault_toml_boolean", &["a boolean"]),
    ("fault_toml_list", &["a sequence"]),
    ("fault_toml_date", &["a TOML datetime", "a date such as"]),
    ("fault_toml_section", &["a map", "struct "]),
];

/// Reads TOML; an unknown key is answered with the nearest known one.
///
/// # Errors
/// The first fault: its line, what stands there, and what was expected.
pub fn parse_toml<T: DeserializeOwned>(text: &str) -> Result<T> {
    // Notepad begins a file with a mark
    let text = text.trim_start_matches('\u{feff}');
    toml::from_str(text).map_err(|fault| {
        let what = expected(fault.message());
        let start = fault.span().map_or(0, |span| span.start).min(text.len());
        let is_of_whole = start == 0 && fault.message().starts_with("missing field");
        if is_of_whole { what.into() } else { place(text, start).because(what).into() }
    })
}

/// Where a fault begins.
fn place(text: &str, start: usize) -> Halt {
    let line = text.bytes().take(start).filter(|byte| *byte == b'\n').count();
    let shown: String = text.lines().nth(line).unwrap_or_default().trim().chars().take(SHOWN).collect();
    let line = line + 1;
    Halt::new("fault_toml").with("line", line).with("excerpt", shown)
}

/// What the library says, as the catalogue says it.
fn expected(message: &str) -> Halt {
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    let (first, known) = quoted.split_first().map_or(("", &[][..]), |(first, known)| (*first, known));
    let near = || nearest(first, known.iter().copied());
    if message.starts_with("unknown field") {
        let halt = Halt::new("fault_toml_key").with("key", first);
        return if near().is_some() { halt.near(near()) } else { known_of(halt, known) };
    }
    if message.starts_with("unknown variant") {
        return known_of(Halt::new("fault_toml_choice").with("value", first), known);
    }
    if message.starts_with("missing field") {
        return Halt::new("fault_toml_missing").with("key", first);
    }
    if message.starts_with("duplicate") {
        return Halt::new("fault_toml_twice");
    }
    if let Some((_, wanted)) = message.rsplit_once("expected ") {
        let is_of_value = message.starts_with("invalid type") || message.starts_with("invalid value");
        let named = |names: &&[&str]| names.iter().any(|name| wanted.starts_with(name));
        let kind = KINDS.iter().find(|(_, names)| named(names)).map(|(key, _)| *key);
        if let Some(key) = kind.filter(|key| is_of_value || *key == "fault_toml_date") {
            return Halt::new(key);
        }
    }
    Halt::new(if message.contains("escape") { "fault_toml_backslash" } else { "fault_toml_form" })
}

/// With all that may stand there.
fn known_of(halt: Halt, known: &[&str]) -> Halt {
    halt.because(Halt::new("fault_toml_known").with("known", known.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)] // what is read is not looked at
    struct Read {
        name: String,
        #[serde(default)]
        count: u32,
        #[serde(default)]
        sure: bool,
        #[serde(default)]
        names: Vec<String>,
        #[serde(default)]
        unit: Unit,
        lang: Option<crate::words::lang::Lang>,
        #[serde(default, deserialize_with = "crate::definitions::date::optional")]
        date: Option<chrono::NaiveDate>,
    }

    #[derive(Debug, Default, Deserialize)]
    #[allow(dead_code)] // what is read is not looked at
    struct Unit {
        code: String,
    }

    fn said(text: &str) -> String {
        let fault = parse_toml::<Read>(text).map_or_else(|fault| format!("{fault:#}"), |_| String::new());
        assert!(!fault.contains("TOML") && !fault.contains("expected"), "{fault}");
        fault
    }

    #[test]
    fn a_fault_is_told_by_place_and_by_what_was_expected() {
        for (text, line, key) in [
            ("name = \"а\"\nnmae = 1", "2", "fault_toml_key"),
            ("count = 1", "", "fault_toml_missing key=\"name\""),
            ("name = \"а\"\n\n[unit]\nkode = 1", "3", "fault_toml_missing key=\"code\""),
            ("name = \"а\"\nname = \"б\"", "2", "fault_toml_twice"),
            ("name = 5", "1", "fault_toml_text"),
            ("name = \"а\"\ncount = \"5\"", "2", "fault_toml_number"),
            ("name = \"а\"\ncount = -5", "2", "fault_toml_number"),
            ("name = \"а\"\nsure = \"да\"", "2", "fault_toml_boolean"),
            ("name = \"а\"\nnames = \"б\"", "2", "fault_toml_list"),
            ("name = \"а\"\nunit = \"б\"", "2", "fault_toml_section"),
            ("name = \"а\"\ndate = \"31.12.2026\"", "2", "fault_toml_date"),
            ("name = \"а\"\nlang = \"de\"", "2", "fault_toml_choice"),
            ("name = \"C:\\дом\"", "1", "fault_toml_backslash"),
            ("name = \"а", "1", "fault_toml_form"),
            ("name: а", "1", "fault_toml_form"),
            ("\u{feff}name = «а»", "1", "fault_toml_form"),
        ] {
            let said = said(text);
            assert!(said.contains(key), "{text}: {said}");
            assert_eq!(said.contains("line="), !line.is_empty(), "{text}: {said}");
            assert!(line.is_empty() || said.contains(&format!("line=\"{line}\"")), "{text}: {said}");
        }
        assert!(said("name = \"а\"\ncuont = 1").contains("near=\"count\""));
    }
}
