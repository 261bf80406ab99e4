//! `generate --mapping`: the body's own headers and values.

use super::Request;
use crate::definitions::Definitions;
use crate::lang::Lang;
use crate::mapping::Used;
use anyhow::{Result, anyhow};
use std::sync::Arc;

/// The request with its mapping read, and the definitions with the mapping's spellings.
///
/// # Errors
/// What is wrong with the mapping, in the language of the reader.
pub(super) fn teach(
    request: &Request,
    definitions: &Definitions,
    lang: Lang,
) -> Result<(Request, Option<Definitions>)> {
    let Some(path) = &request.mapping else { return Ok((request.clone(), None)) };
    let used = Used::read(path)?;
    let taught = used.mapping.teach(definitions).map_err(|fault| anyhow!("{}: {}", path.display(), fault.get(lang)))?;
    let mut request = request.clone();
    request.ingest.mapping = Some(Arc::new(used));
    Ok((request, Some(taught)))
}
