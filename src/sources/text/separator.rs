//! Which separator a CSV file has: the one with which a header is recognised.

use crate::sources::header::{HeadRow, Heads, Verdict};
use crate::sources::options::Options;
use crate::sources::origin::Origin;
use crate::sources::raw::Encoding;
use crate::sources::text::csv;
use std::io;
use std::path::Path;

const SEPARATORS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// The separator, the rows that it gives, and what they were recognised as.
pub(crate) struct Choice {
    pub separator: u8,
    pub rows: Vec<HeadRow>,
    pub verdict: Verdict,
    /// The given separator does not fit, this one does.
    pub better: Option<u8>,
}

/// A separator as it is printed and given.
pub fn label(separator: u8) -> String {
    if separator == b'\t' { "tab".to_owned() } else { char::from(separator).to_string() }
}

/// Reads the first rows with each separator, or with the given one.
pub(crate) fn find(
    path: &Path,
    encoding: Encoding,
    options: &Options,
    heads: &Heads<'_>,
    names: &[&str],
) -> io::Result<Choice> {
    let read = |separator: u8| -> io::Result<Choice> {
        let rows = csv::head(path, encoding, separator, options)?;
        let verdict = heads.find(&rows, names).unwrap_or(Verdict::Unknown(None));
        Ok(Choice { separator, rows, verdict, better: None })
    };
    let mut choices = Vec::new();
    for separator in SEPARATORS {
        choices.push(read(separator)?);
    }
    let mut given = options.separator.map(read).transpose()?;
    // what comes nearest tells only where no separator gives a head, or of the one that is given
    let is_unknown = |choice: &Choice| matches!(choice.verdict, Verdict::Unknown(_));
    let all_are = choices.iter().all(is_unknown);
    for choice in choices.iter_mut().filter(|_| all_are).chain(given.as_mut().filter(|given| is_unknown(given))) {
        choice.verdict = heads.unknown(&choice.rows, names);
    }
    // of equals the earlier one wins
    let best = choices.into_iter().rev().max_by_key(weight);
    match (given, best) {
        (Some(given), Some(best)) => {
            let fits_only = is_unknown(&given) && !is_unknown(&best);
            Ok(Choice { better: fits_only.then_some(best.separator), ..given })
        }
        (Some(given), None) => Ok(given),
        (None, Some(best)) => Ok(best),
        (None, None) => read(SEPARATORS[0]),
    }
}

/// What a mapping says of a text file: by its name, or by its headers with the separator that gives them.
pub(crate) fn mapped<'t>(
    origin: &Origin<'_>,
    encoding: Encoding,
    options: &Options,
    heads: &Heads<'t>,
) -> io::Result<Option<Heads<'t>>> {
    if !heads.are_mapped() {
        return Ok(None);
    }
    for separator in options.separator.map_or(SEPARATORS.to_vec(), |given| vec![given]) {
        let rows = csv::head(origin.path, encoding, separator, options)?;
        if let Some(own) = heads.of(origin.name, None, &rows) {
            return Ok(Some(own));
        }
    }
    Ok(None)
}

/// A recognised head weighs most, with the more columns the more; else the nearest; else the more fields.
fn weight(choice: &Choice) -> (usize, usize, usize, usize) {
    let fields = choice.rows.iter().map(|row| row.cells.len()).sum();
    match &choice.verdict {
        Verdict::Found(found) => (3, found.columns.iter().flatten().count(), 0, fields),
        Verdict::Ambiguous { tables, .. } => (2, tables.len(), 0, fields),
        Verdict::Unknown(Some(near)) => (1, near.likeness.0, near.likeness.1, fields),
        Verdict::Unknown(None) => (0, 0, 0, fields),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::sample;
    use anyhow::Result;

    #[test]
    fn the_separator_that_gives_a_header() -> Result<()> {
        let tables = sample::tables();
        let heads = Heads::new(&tables, None);
        let folder = tempfile::tempdir()?;
        for (text, separator) in [
            ("record_id,kind,held_on\n1;2,a,b\n", b','),
            ("Отчёт, за июль, 2026, год, и, так, далее\nrecord_id;kind;held_on\n1;2,5;3\n", b';'),
            ("record_id\tkind\theld_on\n", b'\t'),
            ("\"record_id\"|\"kind, of; it\"|kind|held_on\n", b'|'),
            ("x;y;z\n1;2;3,5\n", b';'),
        ] {
            let path = folder.path().join("a.csv");
            std::fs::write(&path, text)?;
            let choice = find(&path, Encoding::Utf8, &Options::default(), &heads, &[])?;
            assert_eq!(char::from(choice.separator), char::from(separator), "{text:?}");
        }
        let path = folder.path().join("b.csv");
        std::fs::write(&path, "record_id;kind;held_on\n")?;
        let options = Options { separator: Some(b','), ..Options::default() };
        let choice = find(&path, Encoding::Utf8, &options, &heads, &[])?;
        assert_eq!((choice.separator, choice.better), (b',', Some(b';')));
        Ok(())
    }
}
