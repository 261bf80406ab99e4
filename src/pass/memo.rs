//! What spellings of a column mean: worked out once, then looked up by their bytes.

use crate::definitions::codelist::CodeList;
use crate::definitions::record::Field;
use crate::digest::QuickHash;
use crate::ingest::raw::Raw;
use crate::typed::{self, Typed};
use std::collections::HashMap;

/// Spellings remembered a column; rows with further ones go the long way.
const SPELLINGS: usize = 1 << 16;

/// The number of a missing value.
pub const MISSING: u32 = 0;

/// Spelling → number, number → value. Refused values are never remembered.
#[derive(Debug)]
pub struct Memo {
    numbers: HashMap<Box<[u8]>, u32, QuickHash>,
    values: Vec<Typed<'static>>,
}

impl Default for Memo {
    fn default() -> Self {
        Self { numbers: HashMap::default(), values: vec![Typed::Missing] }
    }
}

impl Memo {
    /// The number of a spelling as it stands in the file, its quotes only where some are doubled within.
    pub fn number(&mut self, spelling: &[u8], field: &Field, list: Option<&CodeList>) -> Option<u32> {
        if let Some(number) = self.numbers.get(spelling) {
            return Some(*number);
        }
        self.learn(spelling, field, list)
    }

    #[cold]
    fn learn(&mut self, spelling: &[u8], field: &Field, list: Option<&CodeList>) -> Option<u32> {
        if self.numbers.len() >= SPELLINGS {
            return None;
        }
        let text = std::str::from_utf8(spelling).ok()?;
        let quoted = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
        let text = quoted.map_or_else(|| text.to_owned(), |text| text.replace("\"\"", "\""));
        let raw = if text.is_empty() { Raw::Empty } else { Raw::Text(&text) };
        let value = match typed::parse(field, list, &raw).ok()? {
            Typed::Missing => None,
            Typed::Text(text) => Some(Typed::Text(text.into_owned().into())),
            Typed::Moment(moment) => Some(Typed::Moment(moment)),
            Typed::Integer(number) => Some(Typed::Integer(number)),
            Typed::Boolean(flag) => Some(Typed::Boolean(flag)),
            Typed::Code(code) => Some(Typed::Code(code)),
        };
        let number = match value {
            None => MISSING,
            Some(value) => {
                self.values.push(value);
                u32::try_from(self.values.len() - 1).ok()?
            }
        };
        self.numbers.insert(spelling.into(), number);
        Some(number)
    }

    /// The value of a number.
    pub fn value(&self, number: u32) -> &Typed<'static> {
        &self.values[number as usize]
    }

    /// The text of a number; empty for a missing value.
    pub fn text(&self, number: u32) -> &str {
        self.value(number).text().unwrap_or_default()
    }
}
