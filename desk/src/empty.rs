//! `empty.toml`: of tables without a file, whether there were no cases or nothing is known.

use crate::notation::entry;
use crate::refusal::Refusal;
use esep::definitions::Definitions;
use esep::definitions::notation::parse_toml;
use esep::words::failure::Halt;
use std::collections::BTreeMap;

/// Name of the file, in a quarter's folder.
pub const FILE: &str = "empty.toml";

/// Table → `0` (there were no cases) or `-` (no information).
///
/// # Errors
/// The file is not well-formed.
pub fn read(text: &str, definitions: &Definitions) -> Result<BTreeMap<String, String>, Refusal> {
    let within = |fault: anyhow::Error| fault.context(Halt::within(FILE));
    parse_toml(text).map_err(|fault| Refusal::said(&within(fault), &definitions.words))
}

/// The whole file; what is not known needs no word.
///
/// # Errors
/// A table that is none, a word that is neither.
pub fn print(said: &BTreeMap<String, String>, definitions: &Definitions) -> Result<String, Refusal> {
    let mut text = String::new();
    for (table, word) in said {
        if definitions.table(table).is_none() || !["0", "-"].contains(&word.as_str()) {
            return Err(Refusal::malformed());
        }
        if word == "0" {
            entry(&mut text, table, word);
        }
    }
    Ok(text)
}
