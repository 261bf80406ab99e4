//! The sources of the pass, and places within them in one number.

use crate::sources::raw::{Encoding, Format, FoundTable, Signs};

/// A table of results in one source.
#[derive(Debug)]
#[allow(clippy::struct_excessive_bools)] // answers to different questions
pub struct Source<'p> {
    pub found: &'p FoundTable,
    /// Position in the ledger.
    pub ledger: usize,
    /// It lacks a column that the asked forms need: no row can be counted.
    pub absent: bool,
    /// What each column is.
    pub columns: Vec<SourceColumn>,
    pub signs: Signs,
    /// Whether it is read in blocks.
    pub in_blocks: bool,
    /// Whether it is read in groups of rows.
    pub in_groups: bool,
    /// Whether only its beginning was looked at so far.
    pub glanced: bool,
}

/// What a column of a source is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SourceColumn {
    /// Position of the field in its table.
    Field(usize),
    /// It has a name that says nothing.
    Unknown,
    /// It has no name: a value in it is told.
    Nameless,
}

impl<'p> Source<'p> {
    /// `in_order`: no text is read in blocks.
    pub fn new(found: &'p FoundTable, ledger: usize, absent: bool, glanced: bool, in_order: bool) -> Self {
        let column = |(column, header): (usize, &String)| {
            let field = found.columns.iter().position(|place| *place == Some(column));
            let unknown = if header.trim().is_empty() { SourceColumn::Nameless } else { SourceColumn::Unknown };
            field.map_or(unknown, SourceColumn::Field)
        };
        let (signs, in_blocks) = match found.format {
            Format::Csv { encoding, signs } => {
                let is_plain = encoding == Encoding::Utf8 && !signs.backslash && found.is_plain();
                (signs, is_plain && !in_order)
            }
            _ => (Signs::from(b','), false),
        };
        let columns = found.headers.iter().enumerate().map(column).collect();
        let in_groups = found.format == Format::Parquet && found.is_plain();
        Self { found, ledger, absent, columns, signs, in_blocks, in_groups, glanced }
    }
}

/// Where a row begins: the block, and bytes and lines from its start; of sources without blocks the line alone, of
/// groups of rows the row within its group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    pub block: u64,
    pub offset: u64,
    pub line: u64,
}

/// Bits of an offset or a line in a block.
const WITHIN: u32 = 20;
/// Blocks that a place can tell apart.
pub const BLOCKS: u64 = 1 << (64 - 2 * WITHIN);

impl Place {
    /// A line of a source that is not read in blocks.
    pub fn of_line(block: u64, line: u64) -> Self {
        Self { block, offset: line >> WITHIN, line: line & ((1 << WITHIN) - 1) }
    }

    /// The line of `of_line`.
    pub fn whole_line(self) -> u64 {
        self.offset << WITHIN | self.line
    }

    pub fn packed(self) -> u64 {
        self.block << (2 * WITHIN) | self.offset << WITHIN | self.line
    }

    pub fn unpacked(packed: u64) -> Self {
        let mask = (1 << WITHIN) - 1;
        Self { block: packed >> (2 * WITHIN), offset: packed >> WITHIN & mask, line: packed & mask }
    }
}

/// A block that was read: enough to read a row of it again.
#[derive(Debug, Clone, Copy)]
pub struct BlockPlace {
    /// Position of its source in the pass.
    pub source: usize,
    pub offset: u64,
    pub line: u64,
}
