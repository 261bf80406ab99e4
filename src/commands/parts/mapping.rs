//! `generate --mapping`: the body's own headers and values.

use crate::body::mapping::Used;
use crate::commands::generate::Request;
use crate::definitions::Definitions;
use crate::words::failure::Halt;
use anyhow::Result;
use std::sync::Arc;

/// The request with its mapping read, and the definitions with the mapping's spellings.
///
/// # Errors
/// What is wrong with the mapping.
pub(crate) fn teach(request: &Request, definitions: &Definitions) -> Result<(Request, Option<Definitions>)> {
    let Some(path) = &request.mapping else { return Ok((request.clone(), None)) };
    let used = Used::read(path)?;
    let taught = used
        .mapping
        .teach(definitions)
        .map_err(|fault| Halt::within(path).because(Halt::new("fault_told").with_text("message", &fault)))?;
    let mut request = request.clone();
    request.ingest.mapping = Some(Arc::new(used));
    Ok((request, Some(taught)))
}
