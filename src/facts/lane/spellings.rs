//! What spellings of a column mean: worked out once, then looked up by their bytes.

use crate::definitions::codelist::CodeList;
use crate::definitions::record::Field;
use crate::records::typed;
use crate::records::typed::Typed;
use crate::sources::raw::Raw;
use crate::values::digest::QuickHash;
use std::collections::HashMap;

/// Spellings remembered a column; rows with further ones go the long way.
const SPELLINGS: usize = 1 << 16;

/// Spellings that are found without hashing all of their bytes.
const RECENT: usize = 1 << RECENT_BITS;
const RECENT_BITS: u32 = 12;

/// The number of a missing value.
pub const MISSING: u32 = 0;

/// Spelling → number, number → value. Refused values are never remembered.
#[derive(Debug)]
pub struct Memo {
    numbers: HashMap<Box<[u8]>, u32, QuickHash>,
    /// Spellings that were asked for lately, by a few of their bytes: most are asked for again soon.
    recent: Vec<Recent>,
    values: Vec<Typed<'static>>,
}

/// A spelling that was asked for lately; a short one stands here itself, which spares a way to the memory.
#[derive(Debug, Clone, Default)]
struct Recent {
    length: u32,
    number: u32,
    short: [u8; SHORT],
    long: Box<[u8]>,
}

/// Bytes of a short spelling: a BIN, a code.
const SHORT: usize = 24;

impl Recent {
    #[inline]
    fn is(&self, spelling: &[u8]) -> bool {
        let known = if spelling.len() <= SHORT { &self.short[..spelling.len()] } else { &self.long };
        self.length as usize == spelling.len() && known == spelling
    }

    fn keep(&mut self, spelling: &[u8], number: u32) {
        (self.length, self.number) = (u32::try_from(spelling.len()).unwrap_or(u32::MAX), number);
        match self.short.get_mut(..spelling.len()) {
            Some(short) => short.copy_from_slice(spelling),
            None if self.long.len() == spelling.len() => self.long.copy_from_slice(spelling),
            None => self.long = spelling.into(),
        }
    }
}

impl Default for Memo {
    fn default() -> Self {
        Self {
            numbers: HashMap::default(),
            recent: vec![Recent { number: MISSING, ..Recent::default() }; RECENT],
            values: vec![Typed::Missing],
        }
    }
}

impl Memo {
    /// The number of a spelling as it stands in the file, its quotes only where some are doubled within.
    pub fn number(&mut self, spelling: &[u8], field: &Field, list: Option<&CodeList>) -> Option<u32> {
        let slot = slot(spelling);
        if self.recent[slot].is(spelling) {
            return Some(self.recent[slot].number);
        }
        let number = match self.numbers.get(spelling) {
            Some(number) => *number,
            None => self.learn(spelling, field, list)?,
        };
        self.recent[slot].keep(spelling, number);
        Some(number)
    }

    #[cold]
    fn learn(&mut self, spelling: &[u8], field: &Field, list: Option<&CodeList>) -> Option<u32> {
        if self.numbers.len() >= SPELLINGS {
            return None;
        }
        // signs that nobody sees are told: their rows go the long way
        let text = std::str::from_utf8(spelling).ok().filter(|text| !typed::has_unseen(text))?;
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

/// Where a spelling may stand among the recent ones: its length, first and last bytes tell most apart.
fn slot(spelling: &[u8]) -> usize {
    let number = |bytes: &[u8]| match bytes.try_into() {
        Ok(bytes) => u64::from_le_bytes(bytes),
        Err(_) => bytes.iter().fold(0_u64, |number, byte| number << 8 | u64::from(*byte)),
    };
    let short = spelling.len().min(8);
    let (first, last) = (number(&spelling[..short]), number(&spelling[spelling.len() - short..]));
    let mixed = (first ^ last.rotate_left(29) ^ spelling.len() as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed >> (64 - RECENT_BITS)) as usize
}
