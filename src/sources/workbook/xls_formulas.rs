//! What the reader of an XLS leaves out: formulas that several cells share, and names that stand for a text.

use crate::sources::workbook::xls_size::{SHEET_ENDS, number, records, sheets, workbook};
use std::collections::BTreeMap;

/// Formulas by row and column, from 0; empty where one is shared in a way that is not understood.
pub(crate) type Formulas = BTreeMap<(u32, u32), String>;

/// Shared formulas of the sheets in the order of the file, and text constants by their names.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Unread {
    pub sheets: Vec<Formulas>,
    pub names: BTreeMap<String, String>,
}

const FORMULA: usize = 0x0006;
const NAME: usize = 0x0018;
const SHARED: usize = 0x04BC;

/// Reads them from the bytes of a file whose size was checked before.
pub(crate) fn read(file: &[u8]) -> Unread {
    let Ok(book) = workbook(file) else { return Unread::default() };
    let sheets = sheets(&book).map(shared).collect();
    let globals = records(&book).take_while(|(kind, _)| *kind != SHEET_ENDS);
    let names = globals.filter(|(kind, _)| *kind == NAME).filter_map(|(_, data)| constant(data)).collect();
    Unread { sheets, names }
}

/// A name that stands for a text: the text as a formula has it.
fn constant(data: &[u8]) -> Option<(String, String)> {
    let length = number(data, 3, 1)?;
    let wide = number(data, 14, 1)? & 1;
    let end = 15 + length * (1 + wide);
    let name = letters(data.get(15..end)?, wide == 1);
    let (text, _) = quoted(data.get(end..)?.strip_prefix(&[0x17])?)?;
    Some((name, format!("\"{}\"", text.replace('"', "\"\""))))
}

fn letters(bytes: &[u8], is_wide: bool) -> String {
    let wide = bytes.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
    if is_wide {
        char::decode_utf16(wide).map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
    } else {
        bytes.iter().map(|byte| char::from(*byte)).collect()
    }
}

/// A short text and the bytes behind it.
fn quoted(bytes: &[u8]) -> Option<(String, &[u8])> {
    let (length, wide) = (number(bytes, 0, 1)?, number(bytes, 1, 1)? & 1);
    let end = 2 + length * (1 + wide);
    Some((letters(bytes.get(2..end)?, wide == 1), bytes.get(end..)?))
}

/// The shared formulas of one sheet.
fn shared<'b>(sheet: impl Iterator<Item = (usize, &'b [u8])>) -> Formulas {
    let (mut formulas, mut patterns) = (Vec::new(), BTreeMap::new());
    for (kind, data) in sheet {
        match kind {
            FORMULA => {
                let cell = number(data, 0, 2).zip(number(data, 2, 2));
                let tokens = data.get(22..).unwrap_or_default();
                if let (Some(cell), Some(0x01)) = (cell, number(tokens, 0, 1)) {
                    formulas.push((cell, number(tokens, 1, 2).zip(number(tokens, 3, 2))));
                }
            }
            // it stands behind the first formula that uses it
            SHARED => {
                let first = formulas.last().and_then(|(_, first)| *first);
                let tokens = number(data, 8, 2).and_then(|length| data.get(10..10 + length));
                patterns.extend(first.zip(tokens));
            }
            _ => {}
        }
    }
    let text = |cell: (usize, usize), first: &Option<(usize, usize)>| {
        Formula { cell, stack: Vec::new() }.print(patterns.get(first.as_ref()?)?)
    };
    let places = formulas.iter().filter_map(|(cell, first)| {
        let place = (u32::try_from(cell.0).ok()?, u32::try_from(cell.1).ok()?);
        Some((place, text(*cell, first).unwrap_or_default()))
    });
    places.collect()
}

/// A formula in tokens (MS-XLS 2.5.198) as the text of one of its cells: what forms use, else nothing.
struct Formula {
    cell: (usize, usize),
    stack: Vec<String>,
}

const OPERATORS: [&str; 12] = ["+", "-", "*", "/", "^", "&", "<", "<=", "=", ">=", ">", "<>"];

impl Formula {
    fn print(mut self, mut rest: &[u8]) -> Option<String> {
        while let Some((token, behind)) = rest.split_first() {
            rest = self.take(*token, behind)?;
        }
        let text = self.stack.pop()?;
        self.stack.is_empty().then_some(text)
    }

    /// Takes a token; the bytes behind it.
    fn take<'t>(&mut self, token: u8, rest: &'t [u8]) -> Option<&'t [u8]> {
        let skip = |count: usize| rest.get(count..);
        match token {
            0x03..=0x0E => {
                let (right, left) = (self.stack.pop()?, self.stack.pop()?);
                let operator = OPERATORS[usize::from(token - 0x03)];
                self.stack.push(format!("{left}{operator}{right}"));
                Some(rest)
            }
            0x12 | 0x13 => {
                let sign = if token == 0x12 { '+' } else { '-' };
                let operand = self.stack.pop()?;
                self.stack.push(format!("{sign}{operand}"));
                Some(rest)
            }
            0x15 => {
                let inner = self.stack.pop()?;
                self.stack.push(format!("({inner})"));
                Some(rest)
            }
            0x17 => {
                let (text, behind) = quoted(rest)?;
                self.stack.push(format!("\"{text}\""));
                Some(behind)
            }
            // jumps say nothing beside the function that they belong to; a sum of one argument is one
            0x19 => {
                if number(rest, 0, 1)? == 0x10 {
                    let inner = self.stack.pop()?;
                    self.stack.push(format!("SUM({inner})"));
                }
                matches!(number(rest, 0, 1)?, 0x01 | 0x02 | 0x08 | 0x10 | 0x40 | 0x41).then(|| skip(3)).flatten()
            }
            0x1E => {
                self.stack.push(number(rest, 0, 2)?.to_string());
                skip(2)
            }
            0x1F => {
                self.stack.push(f64::from_le_bytes(rest.get(..8)?.try_into().ok()?).to_string());
                skip(8)
            }
            0x41 | 0x61 | 0x21 => {
                self.call(number(rest, 0, 2)?, 1)?;
                skip(2)
            }
            0x42 | 0x62 | 0x22 => {
                self.call(number(rest, 1, 2)?, number(rest, 0, 1)?)?;
                skip(3)
            }
            0x24 | 0x44 | 0x64 | 0x2C | 0x4C | 0x6C => {
                let address = self.address(number(rest, 0, 2)?, number(rest, 2, 2)?, token & 0x1F == 0x0C);
                self.stack.push(address);
                skip(4)
            }
            0x25 | 0x45 | 0x65 | 0x2D | 0x4D | 0x6D => {
                let moves = token & 0x1F == 0x0D;
                let first = self.address(number(rest, 0, 2)?, number(rest, 4, 2)?, moves);
                let last = self.address(number(rest, 2, 2)?, number(rest, 6, 2)?, moves);
                self.stack.push(format!("{first}:{last}"));
                skip(8)
            }
            _ => None,
        }
    }

    fn call(&mut self, function: usize, arguments: usize) -> Option<()> {
        let name = match function {
            0 => "COUNT",
            1 => "IF",
            4 => "SUM",
            128 => "ISNUMBER",
            131 => "N",
            _ => return None,
        };
        let from = self.stack.len().checked_sub(arguments)?;
        let arguments = self.stack.split_off(from).join(",");
        self.stack.push(format!("{name}({arguments})"));
        Some(())
    }

    /// In a shared formula a relative row or column is told by its distance from the cell, around the sheet's end.
    fn address(&self, row: usize, column: usize, moves: bool) -> String {
        let shift = |told: usize, own: usize, size: usize, is_relative: bool| {
            if moves && is_relative { (told + own) % size } else { told % size }
        };
        let row = shift(row, self.cell.0, 0x1_0000, column & 0x8000 != 0);
        let column = shift(column & 0xFF, self.cell.1, 0x100, column & 0x4000 != 0);
        let letter = |digit: usize| char::from(b'A' + u8::try_from(digit % 26).unwrap_or(0));
        let letters: String =
            (column >= 26).then(|| letter(column / 26 - 1)).into_iter().chain([letter(column)]).collect();
        format!("{letters}{}", row + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(cell: (usize, usize), tokens: &[u8]) -> Option<String> {
        Formula { cell, stack: Vec::new() }.print(tokens)
    }

    #[test]
    fn a_shared_formula_is_that_of_each_cell() {
        // IF(COUNT(C60,E60)=0,"-",SUM(C60,E60)) as it is shared by the cells of column I
        let away = |columns: i8| [0x4C, 0, 0, columns.to_le_bytes()[0], 0xC0];
        let both: Vec<u8> = [away(-6), away(-4)].concat();
        let tokens = [
            &both[..],
            &[0x42, 2, 0, 0, 0x1E, 0, 0, 0x0B, 0x19, 0x02, 5, 0, 0x17, 1, 0, b'-', 0x19, 0x08, 9, 0],
            &both,
            &[0x42, 2, 4, 0, 0x19, 0x08, 3, 0, 0x42, 3, 1, 0],
        ]
        .concat();
        let wanted = |row: usize| format!("IF(COUNT(C{row},E{row})=0,\"-\",SUM(C{row},E{row}))");
        assert_eq!(of((59, 8), &tokens), Some(wanted(60)));
        assert_eq!(of((60, 8), &tokens), Some(wanted(61)));
        // what forms do not use, and what is torn, is not understood
        assert_eq!(of((0, 0), &[0x42, 1, 9, 0]), None);
        assert_eq!(of((59, 8), &tokens[..tokens.len() - 1]), None);
        assert_eq!(of((0, 30), &[0x4D, 1, 0, 2, 0, 0, 0xC0, 0xFF, 0xC0]), Some("AE2:AD3".to_owned()));
    }

    #[test]
    fn names_that_stand_for_a_text() {
        let data = [&[0, 0, 0, 4, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0][..], b"form", &[0x17, 4, 0], b"2-mk"].concat();
        assert_eq!(constant(&data), Some(("form".to_owned(), "\"2-mk\"".to_owned())));
        assert_eq!(constant(&data[..20]), None);
    }
}
