//! Rows and columns of an XLS that nobody sees, which its reader of values does not tell.

use crate::sources::layout::{Layout, extend};
use crate::sources::workbook::xls_size::{number, sheets, workbook};

/// Hidden rows and columns of the sheet at this place among the tabs, from 0.
pub(crate) fn hidden(file: &[u8], position: usize) -> Layout {
    let mut layout = Layout::default();
    let Ok(book) = workbook(file) else { return layout };
    for (kind, data) in sheets(&book).nth(position).into_iter().flatten() {
        match kind {
            // a row: its number, and behind 12 bytes its options
            0x0208 => {
                if let (Some(row), Some(options)) = (number(data, 0, 2), number(data, 12, 2))
                    && options & 0x20 != 0
                {
                    extend(&mut layout.hidden_rows, row as u64 + 1, row as u64 + 1);
                }
            }
            0x007D => {
                if let (Some(first), Some(last), Some(options)) =
                    (number(data, 0, 2), number(data, 2, 2), number(data, 8, 2))
                    && options & 1 != 0
                {
                    extend(&mut layout.hidden_columns, first as u64, last as u64);
                }
            }
            _ => {}
        }
    }
    layout.hidden_rows.sort_unstable();
    layout.hidden_columns.sort_unstable();
    layout
}
