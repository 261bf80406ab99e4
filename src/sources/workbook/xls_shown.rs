//! Cells of an XLS that show their numbers otherwise than they hold them, which its reader of values does not tell.

use crate::sources::number_format::NumberFormat;
use crate::sources::shown::ShownNumbers;
use crate::sources::workbook::xls_size::{SHEET_ENDS, number, records, sheets, workbook};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Formats by the places of the styles that have them.
type XlsStyles = BTreeMap<usize, Arc<NumberFormat>>;

/// Formats with a text of their own, and styles, each with the number of its format.
const FORMAT: usize = 0x041E;
const STYLE: usize = 0x00E0;
const BEGINS: usize = 0x0809;
/// Percents, which need no text.
const PERCENTS: [(usize, &str); 2] = [(9, "0%"), (10, "0.00%")];

/// The cells of each sheet, in the order of the tabs; none where all numbers are shown as they are.
pub(crate) fn read(file: &[u8]) -> Vec<ShownNumbers> {
    workbook(file).map(|book| of_book(&book)).unwrap_or_default()
}

fn of_book(book: &[u8]) -> Vec<ShownNumbers> {
    let styles = styles(book);
    if styles.is_empty() {
        return Vec::new();
    }
    sheets(book)
        .map(|records| {
            let mut shown = ShownNumbers::default();
            records.for_each(|(kind, data)| add(&mut shown, &styles, kind, data));
            shown
        })
        .collect()
}

/// Adds the cells of a record whose format changes what is read.
fn add(shown: &mut ShownNumbers, styles: &XlsStyles, kind: usize, data: &[u8]) {
    let (Some(row), Some(column)) = (number(data, 0, 2), number(data, 2, 2)) else { return };
    let small = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let mut add = |column: usize, style: Option<usize>| {
        if let Some(format) = style.and_then(|style| styles.get(&style)) {
            shown.add(small(column), small(row), small(row), format);
        }
    };
    match kind {
        // a number, one in short, a formula
        0x0203 | 0x027E | 0x0006 => add(column, number(data, 4, 2)),
        // numbers in a row: a style and four bytes each, and the last column behind them
        0x00BD => {
            let cells = data.get(4..).unwrap_or_default().chunks_exact(6);
            cells.enumerate().for_each(|(place, cell)| add(column + place, number(cell, 0, 2)));
        }
        _ => {}
    }
}

/// Styles whose format changes what is read, by their places.
fn styles(book: &[u8]) -> XlsStyles {
    let parsed = |code: &str| {
        let format = NumberFormat::parse(code);
        (!format.is_plain()).then(|| Arc::new(format))
    };
    let mut formats: BTreeMap<usize, Arc<NumberFormat>> =
        PERCENTS.iter().filter_map(|(id, code)| Some((*id, parsed(code)?))).collect();
    let (mut styles, mut is_old, mut place) = (Vec::new(), false, 0);
    for (kind, data) in records(book).take_while(|(kind, _)| *kind != SHEET_ENDS) {
        match kind {
            BEGINS => is_old = number(data, 0, 2).is_some_and(|version| version < 0x0600),
            FORMAT => {
                let id = number(data, 0, 2);
                formats.extend(id.zip(code(data, is_old).as_deref().and_then(parsed)));
            }
            STYLE => {
                styles.extend(number(data, 2, 2).map(|format| (place, format)));
                place += 1;
            }
            _ => {}
        }
    }
    styles.into_iter().filter_map(|(place, format)| Some((place, Arc::clone(formats.get(&format)?)))).collect()
}

/// The text of a format: before 1997 in bytes, which in this country are Windows-1251.
fn code(data: &[u8], is_old: bool) -> Option<String> {
    if is_old {
        let length = number(data, 2, 1)?;
        return Some(encoding_rs::WINDOWS_1251.decode_without_bom_handling(data.get(3..3 + length)?).0.into_owned());
    }
    let (length, is_wide) = (number(data, 2, 2)?, number(data, 4, 1)? & 1 == 1);
    if !is_wide {
        return Some(data.get(5..5 + length)?.iter().map(|byte| char::from(*byte)).collect());
    }
    let letters = data.get(5..5 + length * 2)?.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
    Some(char::decode_utf16(letters).map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::number_format::SeenNumber;

    fn record(kind: u16, data: &[u8]) -> Vec<u8> {
        let length = u16::try_from(data.len()).expect("a short record");
        [&kind.to_le_bytes()[..], &length.to_le_bytes(), data].concat()
    }

    fn words(words: &[u16]) -> Vec<u8> {
        words.iter().flat_map(|word| word.to_le_bytes()).collect()
    }

    /// A format of each kind of text, four styles, and cells of every kind of number.
    #[test]
    fn cells_of_every_record() {
        let wide: Vec<u16> = "0\" тыс.\"".encode_utf16().collect();
        let wide = [&words(&[164, 8])[..], &[1], &words(&wide)].concat();
        let old = encoding_rs::WINDOWS_1251.encode("0\" тыс.\"").0;
        let old = [&[164, 0, 8][..], &old].concat();
        let narrow = [&words(&[165, 5])[..], &[0], b"#,##0"].concat();
        for (version, thousands) in [(0x0600_u16, wide), (0x0500, old)] {
            let styles = [0_u16, 9, 164, 165].map(|format| record(0x00E0, &words(&[0, format, 0])));
            let narrow = if version == 0x0600 { record(0x041E, &narrow) } else { Vec::new() };
            let begin = |kind: u16| record(0x0809, &words(&[version, kind]));
            let globals = [begin(5), record(0x041E, &thousands), narrow, styles.concat()].concat();
            let end = record(0x000A, &[]);
            let start = u32::try_from(globals.len() + 12 + end.len()).expect("short");
            let sheet = record(0x0085, &[&start.to_le_bytes()[..], &[0; 4]].concat());
            let cells = [
                record(0x0203, &words(&[1, 0, 1, 0, 0, 0, 0])),
                record(0x027E, &words(&[1, 1, 2, 0, 0])),
                record(0x0006, &words(&[1, 2, 3, 0, 0, 0, 0, 0, 0, 0, 0])),
                record(0x00BD, &words(&[2, 0, 0, 0, 0, 2, 0, 0, 1, 0, 0, 2])),
                record(0x00FD, &words(&[3, 0, 1, 0, 0])),
            ];
            let book = [globals, sheet, end.clone(), begin(0x10), cells.concat(), end].concat();
            let shown = &of_book(&book)[0];
            let seen = |row, column| match shown.seen((row, column), 1.0) {
                Some(SeenNumber::Other(text) | SeenNumber::Padded(text)) => text,
                None => String::new(),
            };
            let found: Vec<String> = (1..4).flat_map(|row| (0..3).map(move |column| seen(row, column))).collect();
            assert_eq!(found, ["100%", "1 тыс.", "", "", "1 тыс.", "100%", "", "", ""], "{version:x}");
        }
    }
}
