//! Rows as they are read with their mends.

use crate::sources::mend::{MendTarget, RowMend, TableMends};
use crate::sources::raw::{Raw, Row, RowFault};
use anyhow::Result;

/// Hands a row on as its mends say.
///
/// # Errors
/// Those of the sink.
pub(crate) fn pass(mends: &TableMends, row: &Row<'_>, sink: &mut dyn FnMut(&Row<'_>) -> Result<()>) -> Result<()> {
    match mends.get(&row.line) {
        None => sink(row),
        Some(RowMend::LeftOut(reason)) => {
            let fault = Some(RowFault::LeftOut { reason: reason.clone() });
            sink(&Row { line: row.line, cells: row.cells, fault })
        }
        Some(RowMend::Changed(changes)) => {
            let mut cells = row.cells.to_vec();
            for (target, text) in changes {
                let MendTarget::Column(column) = *target else { continue };
                cells.resize(cells.len().max(column + 1), Raw::Empty);
                cells[column] = Raw::Text(text);
            }
            sink(&Row { line: row.line, cells: &cells, fault: row.fault.clone() })
        }
    }
}
