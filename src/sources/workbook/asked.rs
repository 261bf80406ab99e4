//! Workbooks of questions that the program wrote: people answer them, they hold no records.

use crate::sources::shown::ShownNumbers;
use crate::sources::value::Value;
use crate::sources::workbook::open::Book;

/// Name of the hidden sheet of answers that can be chosen.
pub const LISTS: &str = "lists";
/// The question about all that is proposed: what stands in its first column, which nobody sees.
pub const ALL: &str = "all";
/// Rows in which it stands.
const BEGIN: u64 = 30;

/// Whether a workbook holds questions.
pub(crate) fn is_asked(book: &mut Book) -> bool {
    let sheets = book.sheets();
    let [questions, lists] = sheets.as_slice() else { return false };
    if !lists.hidden || lists.name != LISTS {
        return false;
    }
    let (mut is_asked, mut is_headed) = (false, false);
    let read = book.rows(&questions.name, &ShownNumbers::default(), &mut |line, cells| {
        let first = cells.first().filter(|(column, _)| *column == 0);
        // the column that nobody sees has no title, as a table of records has
        is_headed |= line == 1 && first.is_some();
        is_asked |= matches!(first, Some((_, Value::Text(text))) if text.trim() == ALL);
        Ok(!is_asked && !is_headed && line < BEGIN)
    });
    is_asked && !is_headed && read.is_ok()
}
