//! `generate --mapping` and `--mends`: the body's own headers and values, and what people changed beside its files.

use crate::body::mapping::Used;
use crate::commands::parts::answers;
use crate::definitions::Definitions;
use crate::sources::mend::Mends;
use crate::words::failure::Halt;
use anyhow::Result;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The mapping, and the definitions with its spellings.
///
/// # Errors
/// What is wrong with the mapping.
pub(crate) fn teach(path: &Path, definitions: &Definitions) -> Result<(Used, Definitions)> {
    let used = match answers::read(path, path, definitions)? {
        Some(used) => used,
        None => Used::read(path)?,
    };
    let taught = used
        .mapping
        .teach(definitions)
        .map_err(|fault| Halt::within(path).because(Halt::new("fault_told").with_text("message", &fault)))?;
    Ok((used, taught))
}

/// The mends of all files, if there are any.
///
/// # Errors
/// What is wrong with one of them.
pub(crate) fn mends(paths: &[PathBuf], definitions: &Definitions) -> Result<Option<Arc<Mends>>> {
    Ok(if paths.is_empty() { None } else { Some(Arc::new(Mends::read(paths, definitions)?)) })
}
