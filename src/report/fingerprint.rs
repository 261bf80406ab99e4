//! A fingerprint of a report's cells, short enough to be compared by eye.

use crate::report::filled::Report;
use crate::report::flat;
use crate::values::digest::Digester;
use anyhow::Result;
use std::io::{self, Write};

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
    Ok(report.fingerprint.get_or_init(|| short(digest)).clone())
}

/// Writes `cells.csv`, and notes its fingerprint on the way.
///
/// # Errors
/// As `flat::write`.
pub fn write_cells(report: &Report, target: impl Write) -> Result<()> {
    let mut noting = Noting { target, digest: Digester::default() };
    flat::write(report, &mut noting)?;
    report.fingerprint.get_or_init(|| short(noting.digest));
    Ok(())
}

fn short(digest: Digester) -> String {
    digest.finish().chars().take(DIGITS).collect()
}

/// Writes, and digests what is written.
struct Noting<W> {
    target: W,
    digest: Digester,
}

impl<W: Write> Write for Noting<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.target.write(bytes)?;
        self.digest.write_all(&bytes[..written])?;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.target.flush()
    }
}
