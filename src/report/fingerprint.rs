//! A fingerprint of a report's cells, short enough to be compared by eye.

use crate::report::filled::Report;
use crate::report::flat;
use crate::values::digest::Digester;
use anyhow::Result;

/// Digits of the fingerprint.
const DIGITS: usize = 12;

/// The first digits of the SHA-256 of `cells.csv`: whoever has the file can compare it with the paper.
///
/// # Errors
/// As `flat::write`.
pub fn fingerprint(report: &Report) -> Result<String> {
    if let Some(known) = report.fingerprint.get() {
        return Ok(known.clone());
    }
    let mut digest = Digester::default();
    flat::write(report, &mut digest)?;
    let whole: String = digest.finish().chars().take(DIGITS).collect();
    Ok(report.fingerprint.get_or_init(|| whole).clone())
}
