//! `generate --mapping`: the body's own headers and values.

use crate::body::mapping::Used;
use crate::definitions::Definitions;
use crate::words::failure::Halt;
use anyhow::Result;
use std::path::Path;

/// The mapping, and the definitions with its spellings.
///
/// # Errors
/// What is wrong with the mapping.
pub(crate) fn teach(path: &Path, definitions: &Definitions) -> Result<(Used, Definitions)> {
    let used = Used::read(path)?;
    let taught = used
        .mapping
        .teach(definitions)
        .map_err(|fault| Halt::within(path).because(Halt::new("fault_told").with_text("message", &fault)))?;
    Ok((used, taught))
}
