//! Cells of an XLS that refer to its list of texts: the reader takes one that refers beyond the list for empty.

use crate::sources::workbook::xls_size::{SHEET, number, records, workbook};

/// A cell of the sheet at this place among the tabs, from 0: its row and column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TextCell {
    pub sheet: usize,
    pub place: (u32, u32),
}

/// The cell whose text stands last in the list: where it has one, all others have theirs.
pub(crate) fn last(file: &[u8]) -> Option<TextCell> {
    let book = workbook(file).ok()?;
    let starts = records(&book).filter(|(kind, _)| *kind == SHEET).map(|(_, data)| number(data, 0, 4));
    let mut last: Option<(usize, TextCell)> = None;
    for (sheet, start) in starts.enumerate() {
        let mut depth = 0_u32;
        for (kind, data) in records(start.and_then(|start| book.get(start..)).unwrap_or_default()) {
            match kind {
                0x0809 => depth += 1,
                0x000A if depth <= 1 => break,
                0x000A => depth -= 1,
                0x00FD if depth <= 1 => {
                    let (Some(row), Some(column), Some(text)) =
                        (number(data, 0, 2), number(data, 2, 2), number(data, 6, 4))
                    else {
                        continue;
                    };
                    // a row and a column of two bytes each
                    #[allow(clippy::cast_possible_truncation)]
                    let cell = TextCell { sheet, place: (row as u32, column as u32) };
                    if last.is_none_or(|(most, _)| text > most) {
                        last = Some((text, cell));
                    }
                }
                _ => {}
            }
        }
    }
    last.map(|(_, cell)| cell)
}
