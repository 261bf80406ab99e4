//! `received.toml`: when each file of a unit came in, and which of several holds; and the table that `esep` reads.

use crate::notation::{entry, quoted};
use crate::refusal::Refusal;
use esep::definitions::Definitions;
use esep::definitions::notation::parse_toml;
use esep::words::failure::Halt;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt::Write;

/// Name of the file, in a quarter's folder.
pub const FILE: &str = "received.toml";
/// Where the units' files stand.
pub const FOLDER: &str = "received";
/// The table that is made of it for `esep consolidate --received`.
pub const TABLE: &str = "received.csv";

/// What is known of a file that came in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// `2026-10-05`.
    #[serde(default)]
    pub day: String,
    /// Of several of its unit, this one holds.
    #[serde(default)]
    pub holds: bool,
}

/// By the name of the file.
pub type Receipts = BTreeMap<String, Receipt>;

/// # Errors
/// The file is not well-formed.
pub fn read(text: &str, definitions: &Definitions) -> Result<Receipts, Refusal> {
    let within = |fault: anyhow::Error| fault.context(Halt::within(FILE));
    parse_toml(text).map_err(|fault| Refusal::said(&within(fault), &definitions.words))
}

/// The whole file.
pub fn print(receipts: &Receipts) -> String {
    let mut text = String::new();
    for (file, receipt) in receipts {
        let _ = writeln!(text, "[{}]", quoted(file));
        entry(&mut text, "day", &receipt.day);
        if receipt.holds {
            text += "holds = true\n";
        }
        text.push('\n');
    }
    text
}

/// The table for `esep`: of each file whose unit is known the unit, the day, and whether it holds.
///
/// # Errors
/// None that can be met: texts are written to memory.
pub fn table<'f>(files: impl Iterator<Item = (&'f str, &'f str)>, receipts: &Receipts) -> Result<String, Refusal> {
    let malformed = |_| Refusal::malformed();
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["unit", "received", "file", "holds"]).map_err(malformed)?;
    for (file, unit) in files {
        if let Some(receipt) = receipts.get(file).filter(|receipt| !receipt.day.is_empty()) {
            let holds = if receipt.holds { "yes" } else { "no" };
            writer.write_record([unit, &receipt.day, file, holds]).map_err(malformed)?;
        }
    }
    let bytes = writer.into_inner().map_err(|_| Refusal::malformed())?;
    String::from_utf8(bytes).map_err(|_| Refusal::malformed())
}
