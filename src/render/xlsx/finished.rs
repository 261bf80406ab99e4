//! A workbook as it is handed out: what the library packed, with the lines of the form and with its names hidden.

use crate::render::packed::of_any_system;
use crate::render::sheet::FormSheet;
use crate::render::xlsx::lines;
use crate::render::xlsx::temporary::{pack, saved};
use anyhow::{Context, Result};
use rust_xlsxwriter::Workbook;
use std::io::{Cursor, Read, Write};
use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

/// The parts that are mended: the form is the first sheet.
const FORM: &str = "xl/worksheets/sheet1.xml";
const NAMES: &str = "xl/workbook.xml";

/// Writes a workbook whose first sheet is a form.
///
/// # Errors
/// The library refuses, or the target cannot be written.
pub fn write(workbook: &mut Workbook, sheet: &FormSheet, mut target: impl Write) -> Result<()> {
    let level = pack(workbook, sheet.strips.len());
    let mut source = ZipArchive::new(Cursor::new(saved(workbook)?)).context("reading back the workbook")?;
    let mut mended = ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..source.len() {
        let (name, made) = {
            let entry = source.by_index_raw(index)?;
            let name = entry.name()?.into_owned();
            if ![FORM, NAMES].contains(&name.as_ref()) {
                mended.raw_copy_file(entry)?;
                continue;
            }
            (name, entry.last_modified().unwrap_or_default())
        };
        let mut part = String::new();
        source.by_index(index)?.read_to_string(&mut part)?;
        let options = SimpleFileOptions::default().last_modified_time(made);
        mended.start_file(&name, options.compression_level(level.map(i64::from)))?;
        if name == FORM {
            lines::fill(&part, sheet, &mut mended)?;
        } else {
            mended.write_all(hidden(&part).as_bytes())?;
        }
    }
    target.write_all(&of_any_system(mended.finish()?.into_inner())).context("writing the workbook")
}

/// Hides the names that programs read: the library cannot.
fn hidden(list: &str) -> String {
    list.replace("<definedName name=\"esep_", "<definedName hidden=\"1\" name=\"esep_")
}
