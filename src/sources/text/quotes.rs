//! How a CSV file writes quotes within values: twice, or behind a backslash as some data warehouses do.

use crate::sources::options::Options;
use crate::sources::raw::{Encoding, RowFault, Signs};
use crate::sources::text::csv;
use crate::sources::text::scan::Record;
use std::io;
use std::path::Path;

/// Whether the whole file writes `\"`: read so no quote is amiss, read as usual some are. Reads the file twice.
///
/// # Errors
/// The file cannot be read.
pub(crate) fn are_backslashed(path: &Path, encoding: Encoding, separator: u8, options: &Options) -> io::Result<bool> {
    let is_sound = |backslash: bool| -> io::Result<bool> {
        let mut records = csv::open(path, encoding, Signs { backslash, ..separator.into() }, options)?;
        let mut record = Record::default();
        while records.next(&mut record)? {
            if matches!(record.fault, Some(RowFault::OpenQuote | RowFault::BehindQuote)) {
                return Ok(false);
            }
            if let csv::Source::Utf16(text) = &mut records.source {
                text.forget_before(record.offset);
            }
        }
        Ok(true)
    };
    Ok(!is_sound(false)? && is_sound(true)?)
}
