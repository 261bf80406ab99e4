//! Days of the command line.

use crate::values::moment::parse_day;
use chrono::NaiveDate;

/// Reads a day as `2026-10-05` or `05.10.2026`.
///
/// # Errors
/// It is no day; what is wrong with it is said in the language of the terminal.
pub fn day(text: &str) -> Result<NaiveDate, &'static str> {
    parse_day(text).ok_or("no day")
}
