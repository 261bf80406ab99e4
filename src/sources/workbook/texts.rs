//! A small workbook of ours that a person filled in, as texts.

use crate::sources::bounds::Bounds;
use crate::sources::shown::ShownNumbers;
use crate::sources::value::Value;
use crate::sources::workbook::open::Book;
use crate::sources::workbook::sheet::measure;
use crate::words::finding::Place;
use anyhow::Result;
use std::path::Path;

/// Rows by which a workbook of ours is known.
const BEGIN: usize = 30;

/// A row: its line and cells.
pub type TextRow = (u64, Vec<String>);

/// The rows of the first sheet; nothing of a file that is no sound workbook, or that is none of ours by its first rows.
///
/// # Errors
/// The file cannot be read.
pub fn texts(path: &Path, is_ours: impl Fn(&[TextRow]) -> bool) -> Result<Vec<TextRow>> {
    let mut found = Vec::new();
    let Ok(sound) = measure(path, &Bounds::default(), &Place::default())? else { return Ok(found) };
    let Ok(mut book) = Book::open(path, sound.kind)? else { return Ok(found) };
    let Some(sheet) = book.sheets().into_iter().next() else { return Ok(found) };
    let read = book.rows(&sheet.name, &ShownNumbers::default(), &mut |line, cells| {
        let width = cells.iter().map(|(column, _)| column + 1).max().unwrap_or_default();
        let mut row = vec![String::new(); width.min(16)];
        for (column, value) in cells {
            if let (Some(cell), Value::Text(text)) = (row.get_mut(*column), value) {
                (**text).clone_into(cell);
            } else if let (Some(cell), Value::Integer(number)) = (row.get_mut(*column), value) {
                *cell = number.to_string();
            }
        }
        found.push((line, row));
        Ok(found.len() != BEGIN || is_ours(&found))
    });
    if !is_ours(&found) {
        return Ok(Vec::new());
    }
    read?;
    Ok(found)
}
