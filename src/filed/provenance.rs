//! From what a `report.json` was made: its inputs, how they were read, and the forms asked for together.

use crate::body::mapping::Used;
use crate::report::Input;
use crate::words::failure::{Halt, OrHalt};
use anyhow::Result;
use serde::Deserialize;

/// The provenance of a stored report.
#[derive(Debug, Clone, Default)]
pub struct Made {
    pub inputs: Vec<Input>,
    /// SHA-256 over the definitions that were in force.
    pub definitions: String,
    /// Forms asked for in the same run: they decide which fields a record needs.
    pub forms: Vec<String>,
    /// `--encoding` and `--separator`, when they were given.
    pub encoding: Option<String>,
    pub separator: Option<String>,
    /// The mapping that was used.
    pub mapping: Option<Used>,
}

#[derive(Deserialize)]
struct Whole {
    head: Head,
    provenance: Provenance,
}

#[derive(Deserialize)]
struct Head {
    form: String,
}

#[derive(Deserialize)]
struct Provenance {
    definitions: String,
    #[serde(default)]
    forms: Vec<String>,
    encoding: Option<String>,
    separator: Option<String>,
    mapping: Option<Used>,
    inputs: Vec<StoredInput>,
}

#[derive(Deserialize)]
struct StoredInput {
    name: String,
    bytes: u64,
    sha256: String,
}

/// The provenance in the bytes of a `report.json`. A report that does not name its forms was made alone.
pub fn read(bytes: &[u8]) -> Result<Made> {
    let Whole { head, provenance } = serde_json::from_slice(bytes).or_halt(|| Halt::new("fault_not_report"))?;
    let forms = if provenance.forms.is_empty() { vec![head.form] } else { provenance.forms };
    let input = |input: StoredInput| Input { name: input.name, bytes: input.bytes, sha256: input.sha256 };
    Ok(Made {
        inputs: provenance.inputs.into_iter().map(input).collect(),
        definitions: provenance.definitions,
        forms,
        encoding: provenance.encoding,
        separator: provenance.separator,
        mapping: provenance.mapping,
    })
}
