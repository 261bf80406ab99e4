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
    let mut is_asked = false;
    let read = book.rows(&questions.name, &ShownNumbers::default(), &mut |line, cells| {
        is_asked |= matches!(cells.first(), Some((0, Value::Text(text))) if text.trim() == ALL);
        Ok(!is_asked && line < BEGIN)
    });
    is_asked && read.is_ok()
}
