//! `quarantine/rejected.xlsx`: what was rejected, why, and a cell for the right value.

use crate::render::data::rejected::Rejects;
use crate::render::xlsx::table::{TableFormats, TextTable};
use crate::render::xlsx::temporary::{pack, saved, workbook};
use anyhow::Result;
use rust_xlsxwriter::{DocProperties, ExcelDateTime};

/// Columns: the word of the head and the width in letters.
const COLUMNS: [(&str, f64); 7] = [
    ("source", 26.0),
    ("sheet", 16.0),
    ("line", 9.0),
    ("field", 24.0),
    ("value", 30.0),
    ("reason", 60.0),
    ("right_value", 30.0),
];

/// Makes the workbook. It holds the values as they stand: it belongs into the quarantine.
///
/// # Errors
/// The rows cannot be read again; those of the library.
pub fn write(rejects: Rejects<'_>) -> Result<Vec<u8>> {
    let mut workbook = workbook()?;
    // the rows are those of their run, whatever the day: the same rows give the same bytes
    let created = ExcelDateTime::from_ymd(2021, 7, 1)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&created));
    let word = |key: &str| rejects.definitions.words(key).get(rejects.lang).to_owned();
    let mut table =
        TextTable::begin(&mut workbook, &word("rejected"), &COLUMNS.map(|(_, width)| width), &TableFormats::default())?;
    table.head(&COLUMNS.map(|(key, _)| word(key)))?;
    for row in rejects.quarantine.rows()? {
        for asked in rejects.asked(&row?) {
            table.question(&asked, "")?;
        }
    }
    let rows = table.rows() as usize;
    table.finish(false)?;
    pack(&mut workbook, rows);
    saved(&mut workbook)
}
