//! Parquet files: recognised, checked and counted as CSV files with the same values are. A row's line is its number.

pub mod page;
pub mod rle;
pub mod delta;
pub mod print;
pub mod entries;
pub mod value;
pub mod column;
pub mod folders;

use crate::definitions::record::Table;
use crate::sources::caught::guarded;
use crate::sources::header::Match;
use crate::sources::options::Options;
use crate::sources::packed::Fault;
use crate::sources::parquet::column::Column;
use crate::sources::parquet::print::PrintKind;
use crate::sources::parquet::value::ParquetValue;
use crate::sources::raw::{FoundTable, Raw, Row, RowFault};
use crate::sources::rows::{Sieve, is_blank, reuse};
use crate::words::finding::{Finding, Place};
use anyhow::Result;
use memchr::memchr;
use parquet::file::metadata::{ParquetMetaData, ParquetMetaDataReader};
use parquet::schema::types::ColumnDescriptor;
use std::collections::BTreeSet;
use std::fs::File;
use std::io;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

/// The first and last bytes of a file.
const MAGIC: &[u8] = b"PAR1";
/// Bytes of a printed number, at most.
const NUMBER: usize = 64;

/// An opened file: its groups of rows and its columns.
pub struct Parquet {
    file: Arc<File>,
    meta: ParquetMetaData,
    /// One a column; `None`: nothing that a text can be made of.
    kinds: Vec<Option<PrintKind>>,
    /// Names and values that the folders of the file give to all its rows.
    folders: Vec<(String, String)>,
}

/// One group of rows.
pub struct Group<'p> {
    columns: Vec<Option<Column>>,
    folders: &'p [(String, String)],
    rows: usize,
    /// Rows that all columns have at hand.
    ready: usize,
}

/// What some row is like, at most.
#[derive(Debug, Default, Clone, Copy)]
pub struct Looks {
    /// A value is no text.
    pub is_strange: bool,
    /// A value begins with a quote.
    pub is_quoted: bool,
    /// Bytes of all values.
    pub bytes: usize,
}

impl std::fmt::Debug for Parquet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Parquet").field("groups", &self.groups()).finish_non_exhaustive()
    }
}

/// Whether the first bytes are those of a Parquet file.
pub(crate) fn is_parquet(head: &[u8]) -> bool {
    head.starts_with(MAGIC)
}

/// Damage, however the library says it.
fn broken(reason: impl std::fmt::Display) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, Fault::Parquet { reason: reason.to_string() })
}

/// The library takes some damaged files for impossible and panics.
fn sound<T>(read: impl FnOnce() -> Result<T, String>) -> io::Result<T> {
    guarded(read).unwrap_or_else(|_| Err("damaged".to_owned())).map_err(broken)
}

impl Parquet {
    pub fn open(path: &Path) -> io::Result<Self> {
        let file = Arc::new(File::open(path)?);
        let meta = sound(|| ParquetMetaDataReader::new().parse_and_finish(&*file).map_err(|fault| fault.to_string()))?;
        let rows = meta.row_groups().iter().map(|group| i128::from(group.num_rows())).sum::<i128>();
        if rows != i128::from(meta.file_metadata().num_rows()) {
            return Err(broken(format!("{} rows in all, {rows} in groups", meta.file_metadata().num_rows())));
        }
        let flat = |column: &ColumnDescriptor| {
            column.path().parts().len() == 1 && column.max_rep_level() == 0 && column.max_def_level() <= 1
        };
        let columns = meta.file_metadata().schema_descr().columns().iter();
        let kinds = columns.map(|column| PrintKind::of(column).filter(|_| flat(column))).collect();
        let mut parquet = Self { file, meta, kinds, folders: Vec::new() };
        let own = parquet.headers();
        parquet.folders = folders::folders(path);
        parquet.folders.retain(|(name, _)| !own.contains(name));
        Ok(parquet)
    }

    /// The file of a table, read as its mapping says.
    pub fn of(found: &FoundTable) -> io::Result<Self> {
        let mut parquet = Self::open(&found.path)?;
        if found.habits.local_moments == Some(true) {
            let is_old = |kind: &&mut Option<PrintKind>| matches!(kind, Some(PrintKind::Int96(_)));
            parquet.kinds.iter_mut().filter(is_old).for_each(|kind| *kind = Some(PrintKind::Int96(0)));
        }
        Ok(parquet)
    }

    /// Names of the columns, then those that folders give; lists and the like have a name that nothing else has.
    pub fn headers(&self) -> Vec<String> {
        let columns = self.meta.file_metadata().schema_descr().columns().iter().zip(&self.kinds);
        let named = columns.map(|(column, kind)| match kind {
            Some(_) => column.name().to_owned(),
            None => format!("{}[]", column.path().string()),
        });
        named.chain(self.folders.iter().map(|(name, _)| name.clone())).collect()
    }

    /// How many groups of rows there are.
    pub fn groups(&self) -> usize {
        self.meta.num_row_groups()
    }

    /// Rows of a group.
    pub fn rows(&self, group: usize) -> u64 {
        u64::try_from(self.meta.row_group(group).num_rows()).unwrap_or(0)
    }

    /// Bytes of a group in the file.
    pub fn bytes(&self, group: usize) -> u64 {
        u64::try_from(self.meta.row_group(group).compressed_size()).unwrap_or(0)
    }

    /// A group from its first row on.
    pub fn group(&self, group: usize) -> io::Result<Group<'_>> {
        let meta = self.meta.row_group(group);
        let (rows, columns) = sound(|| {
            let rows = usize::try_from(meta.num_rows()).map_err(|fault| fault.to_string())?;
            let chunks = meta.columns().iter().zip(&self.kinds);
            let open =
                chunks.map(|(chunk, kind)| kind.map(|kind| Column::open(&self.file, chunk, kind, rows)).transpose());
            Ok((rows, open.collect::<Result<Vec<_>, String>>()?))
        })?;
        Ok(Group { columns, folders: &self.folders, rows, ready: 0 })
    }

    /// Columns that do not say in which time their moments are.
    pub fn old_moments(&self) -> BTreeSet<usize> {
        let is_old = |column: &usize| matches!(self.kinds[*column], Some(PrintKind::Int96(_)));
        (0..self.kinds.len()).filter(is_old).collect()
    }

    /// In which time the moments of such columns are read, and whether anybody said so; of no column: `None`.
    pub(crate) fn about_moments(&self, found: &Match, place: Place) -> Option<Finding> {
        let read: BTreeSet<usize> = found.columns.iter().flatten().copied().collect();
        let named: Vec<String> =
            self.old_moments().intersection(&read).map(|column| format!("«{}»", found.cells[*column])).collect();
        let name = match found.habits.local_moments {
            None => "moments_universal",
            Some(true) => "mapping_local_moments",
            Some(false) => "mapping_universal_moments",
        };
        (!named.is_empty()).then(|| Finding::new(name, place).with("columns", named.join(", ")))
    }

    /// Reads everything once.
    pub fn prove(&self) -> io::Result<()> {
        for group in 0..self.groups() {
            let mut rows = self.group(group)?;
            while rows.advance()? > 0 {}
        }
        Ok(())
    }
}

impl Group<'_> {
    /// Passes over the rows at hand; how many more there are now, 0 at the end.
    pub fn advance(&mut self) -> io::Result<usize> {
        let Self { columns, rows, ready, .. } = self;
        *rows -= *ready;
        *ready = sound(|| {
            let (mut least, mut most) = (*rows, 0);
            for column in columns.iter_mut().flatten() {
                column.pass(*ready);
                let left = column.left()?;
                (least, most) = (least.min(left), most.max(left));
            }
            // no column may end before the rows do, nor go on behind them
            if (least == 0) == (most.max(*rows) == 0) {
                Ok(least)
            } else {
                Err("columns of different lengths".to_owned())
            }
        })?;
        // a file that only has columns of lists has no rows for us
        if columns.iter().all(Option::is_none) {
            (*rows, *ready) = (0, 0);
        }
        Ok(self.ready)
    }

    /// The values of a row at hand, one a header.
    pub fn values(&self, row: usize) -> impl Iterator<Item = ParquetValue<'_>> {
        (0..self.columns.len() + self.folders.len()).map(move |column| self.value(row, column))
    }

    /// The value of a row at hand under a header.
    #[inline]
    pub fn value(&self, row: usize, header: usize) -> ParquetValue<'_> {
        match self.columns.get(header) {
            Some(Some(column)) => column.value(row),
            Some(None) => ParquetValue::Missing,
            None => ParquetValue::Given(self.folders[header - self.columns.len()].1.as_bytes()),
        }
    }

    /// Entries of dictionaries under a header, and how many that of the column has; none where all rows have the same.
    /// `None`: values have no dictionary.
    pub fn codes(&self, header: usize, rows: Range<usize>) -> Option<(&[u32], usize)> {
        self.columns.get(header).and_then(Option::as_ref).map_or(Some((&[], 0)), |column| column.codes(rows))
    }

    /// Whether a value of a row at hand begins with a quote: in a CSV file it would be read without.
    pub fn is_quoted(&self, row: usize) -> bool {
        self.values(row).any(|value| value.is_quoted())
    }

    /// What the rows at hand may be like.
    pub fn looks(&self) -> Looks {
        let of = |looks: Looks, column: &Column| {
            let entries::Looks { is_strange, is_quoted, longest } = column.looks();
            Looks {
                is_strange: looks.is_strange || is_strange,
                is_quoted: looks.is_quoted || is_quoted,
                bytes: looks.bytes + longest.max(NUMBER) + 1,
            }
        };
        let folders = self.folders.iter().fold(Looks::default(), |looks, (_, value)| Looks {
            is_strange: looks.is_strange || value.contains('\0'),
            is_quoted: looks.is_quoted || value.starts_with('"'),
            bytes: looks.bytes + value.len() + 1,
        });
        self.columns.iter().flatten().fold(folders, of)
    }
}

fn cell(bytes: &[u8]) -> Raw<'_> {
    match std::str::from_utf8(bytes) {
        Ok("") => Raw::Empty,
        Ok(text) if memchr(0, bytes).is_none() => Raw::Text(text),
        _ => Raw::BadBytes(bytes, 0),
    }
}

/// Reads rows of a file one by one.
pub struct ParquetRows<'f> {
    sieve: Sieve<'f>,
    line_bytes: usize,
    spare: Vec<Raw<'static>>,
    /// Numbers of a row as texts, by column.
    printed: Vec<Vec<u8>>,
}

impl std::fmt::Debug for ParquetRows<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ParquetRows").finish_non_exhaustive()
    }
}

impl<'f> ParquetRows<'f> {
    pub fn new(found: &'f FoundTable, definition: &Table, options: &Options) -> Self {
        Self {
            sieve: Sieve::new(found, definition),
            line_bytes: options.bounds.line_bytes,
            spare: Vec::new(),
            printed: Vec::new(),
        }
    }

    /// Gives a row at hand to the sink, if it is one.
    pub fn row(
        &mut self,
        group: &Group<'_>,
        row: usize,
        line: u64,
        sink: &mut dyn FnMut(&Row<'_>) -> Result<()>,
    ) -> Result<()> {
        let (mut cells, mut bytes) = (reuse(std::mem::take(&mut self.spare)), 0);
        self.printed.resize(group.columns.len() + group.folders.len(), Vec::new());
        for (value, space) in group.values(row).zip(&mut self.printed) {
            let text = value.text(space);
            bytes += text.len() + 1;
            cells.push(cell(text));
        }
        let fault = (bytes > self.line_bytes).then_some(RowFault::TooLong { bytes });
        if !is_blank(&cells) {
            self.sieve.pass(line, &cells, fault, sink)?;
        }
        self.spare = reuse(cells);
        Ok(())
    }

    /// Whether a row of so many bytes may be over the bound.
    pub fn may_be_long(&self, bytes: usize) -> bool {
        bytes + 2 >= self.line_bytes
    }

    /// Rows, the first value without a header, and notices.
    pub fn finish(self) -> (u64, Option<(usize, u64)>, Vec<Finding>) {
        (self.sieve.rows, self.sieve.outside, self.sieve.findings)
    }
}

/// Streams the rows of a file; `wanted`: only those at these lines.
pub fn read(
    found: &FoundTable,
    definition: &Table,
    options: &Options,
    wanted: Option<&[u64]>,
    sink: &mut dyn FnMut(&Row<'_>) -> Result<()>,
) -> Result<Vec<Finding>> {
    let parquet = Parquet::of(found)?;
    let mut rows = ParquetRows::new(found, definition, options);
    let mut first = 1;
    for group in 0..parquet.groups() {
        let lines = first..first + parquet.rows(group);
        first = lines.end;
        let wanted = wanted.map(|wanted| {
            let place = |line: u64| wanted.partition_point(|other| *other < line);
            &wanted[place(lines.start)..place(lines.end)]
        });
        if wanted.is_some_and(<[u64]>::is_empty) {
            continue;
        }
        let (mut columns, mut line) = (parquet.group(group)?, lines.start);
        loop {
            let count = columns.advance()? as u64;
            if count == 0 {
                break;
            }
            for row in 0..count {
                if wanted.is_none_or(|wanted| wanted.binary_search(&(line + row)).is_ok()) {
                    rows.row(&columns, usize::try_from(row)?, line + row, sink)?;
                }
            }
            line += count;
        }
    }
    Ok(if wanted.is_some() { Vec::new() } else { rows.sieve.finish() })
}

#[cfg(test)]
mod tests;
