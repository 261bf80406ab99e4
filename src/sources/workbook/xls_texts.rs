//! Cells of an XLS that refer to its list of texts: the reader takes one that refers beyond the list for empty.

use crate::sources::workbook::xls_size::{number, sheets, workbook};

/// A cell of the sheet at this place among the tabs, from 0: its row and column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TextCell {
    pub sheet: usize,
    pub place: (u32, u32),
}

/// The cell whose text stands last in the list: where it has one, all others have theirs.
pub(crate) fn last(file: &[u8]) -> Option<TextCell> {
    let book = workbook(file).ok()?;
    let mut last: Option<(usize, TextCell)> = None;
    for (sheet, own) in sheets(&book).enumerate() {
        for (_, data) in own.filter(|(kind, _)| *kind == 0x00FD) {
            let numbers = (number(data, 0, 2), number(data, 2, 2), number(data, 6, 4));
            let (Some(row), Some(column), Some(text)) = numbers else { continue };
            // a row and a column of two bytes each
            #[allow(clippy::cast_possible_truncation)]
            let cell = TextCell { sheet, place: (row as u32, column as u32) };
            if last.is_none_or(|(most, _)| text > most) {
                last = Some((text, cell));
            }
        }
    }
    last.map(|(_, cell)| cell)
}
