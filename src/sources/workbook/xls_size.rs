//! How much of memory an XLS asks for. Its reader follows every chain of sectors and makes rectangles of the
//! cells it finds, so both are checked before: chains that never end, cells that lie far away.

use crate::sources::bounds::Bounds;
use std::collections::BTreeSet;

/// What speaks against reading an XLS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Objection {
    Protected,
    Broken(&'static str),
    /// Cells of the rectangles.
    TooWide(u64),
    /// Styles, names and merged areas.
    TooManyObjects,
    /// Texts that it says it has.
    TooManyTexts(u64),
}

const END: u32 = 0xFFFF_FFFE;
const MAGIC: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";
/// A sheet of the format; what is declared beyond is a lie.
const ROWS: u64 = 65_536;
const COLUMNS: u64 = 256;
const SHEETS: usize = 1_000;
/// The record that names a sheet and where it begins.
const SHEET: usize = 0x0085;
/// Where a sheet, or a chart within one, begins and ends.
const SHEET_BEGINS: usize = 0x0809;
pub(crate) const SHEET_ENDS: usize = 0x000A;

/// Checks a file that is held in memory.
pub(crate) fn inspect(file: &[u8], bounds: &Bounds) -> Result<(), Objection> {
    let book = workbook(file)?;
    check_objects(&book, bounds)?;
    let mut cells = 0_u64;
    let starts: Vec<usize> = records(&book)
        .filter(|(kind, _)| *kind == SHEET)
        .map(|(_, data)| number(data, 0, 4))
        .collect::<Option<_>>()
        .unwrap_or_default();
    if starts.len() > SHEETS {
        return Err(Objection::TooWide(starts.len() as u64 * ROWS));
    }
    for start in starts {
        cells = cells.saturating_add(rectangle(book.get(start..).ok_or(Objection::Broken("sheet"))?)?);
        if cells > bounds.dense_cells {
            return Err(Objection::TooWide(cells));
        }
    }
    Ok(())
}

/// The reader keeps an object for each of these records, however short they are.
fn check_objects(book: &[u8], bounds: &Bounds) -> Result<(), Objection> {
    let mut objects = 0_u64;
    for (kind, data) in records(book) {
        objects += match kind {
            // style, format of numbers, font, name
            0x00E0 | 0x041E | 0x0031 | 0x0018 => 1,
            // merged areas of eight bytes each
            0x00E5 => data.len() as u64 / 8,
            _ => 0,
        };
        if objects > bounds.objects {
            return Err(Objection::TooManyObjects);
        }
        // the reader takes as many areas as the record says, whatever it holds
        if kind == 0x00E5 && number(data, 0, 2).is_none_or(|count| (data.len() - 2) / 8 != count) {
            return Err(Objection::Broken("merged areas"));
        }
        // texts in all, and how many of them differ
        let texts = number(data, 4, 4).filter(|_| kind == 0x00FC).map_or(0, |texts| texts as u64);
        if texts > bounds.strings {
            return Err(Objection::TooManyTexts(texts));
        }
    }
    Ok(())
}

/// The rectangle around all cells of a sheet; embedded charts have cells that are not the sheet's.
fn rectangle(sheet: &[u8]) -> Result<u64, Objection> {
    let (mut depth, mut rows, mut columns, mut is_whole) = (0_u32, (usize::MAX, 0), (usize::MAX, 0), false);
    for (kind, data) in records(sheet) {
        match kind {
            0x0809 => depth += 1,
            // the reader would take another record for the end as well
            0x000A if !data.is_empty() => return Err(Objection::Broken("sheet")),
            0x000A if depth <= 1 => {
                is_whole = true;
                break;
            }
            0x000A => depth -= 1,
            _ if depth > 1 => {}
            0x0200 => check_declared(data)?,
            // number, label, rich text, boolean or error, number in short, shared text, numbers in a row, formula
            0x0203 | 0x0204 | 0x00D6 | 0x0205 | 0x027E | 0x00FD | 0x00BD | 0x0006 => {
                let (Some(row), Some(column)) = (number(data, 0, 2), number(data, 2, 2)) else {
                    return Err(Objection::Broken("cell"));
                };
                let last = if kind == 0x00BD { column + data.len() / 6 } else { column };
                rows = (rows.0.min(row), rows.1.max(row));
                columns = (columns.0.min(column), columns.1.max(last));
            }
            _ => {}
        }
    }
    // the reader would stop here and call it the end
    if !is_whole {
        return Err(Objection::Broken("sheet"));
    }
    let length = |(first, last): (usize, usize)| (last + 1).saturating_sub(first.min(last + 1)) as u64;
    Ok(if rows.0 == usize::MAX { 0 } else { length(rows) * length(columns) })
}

/// Space for the declared rectangle is taken before a cell is read.
fn check_declared(data: &[u8]) -> Result<(), Objection> {
    let wide = data.len() >= 14;
    let places: [(usize, usize); 4] =
        if wide { [(0, 4), (4, 4), (8, 2), (10, 2)] } else { [(0, 2), (2, 2), (4, 2), (6, 2)] };
    let mut read = places.into_iter().map(|(at, width)| number(data, at, width));
    let (Some(Some(first)), Some(Some(last)), Some(Some(left)), Some(Some(right))) =
        (read.next(), read.next(), read.next(), read.next())
    else {
        return Err(Objection::Broken("dimensions"));
    };
    let (rows, columns) = (last.saturating_sub(first) as u64, right.saturating_sub(left) as u64);
    if rows > ROWS || columns > COLUMNS || first > last || left > right {
        return Err(if first > last || left > right {
            Objection::Broken("dimensions")
        } else {
            Objection::TooWide(rows * columns)
        });
    }
    Ok(())
}

/// The records of a stream, as far as they are whole: their kind and their data.
pub(crate) fn records(stream: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let mut rest = stream;
    std::iter::from_fn(move || {
        let (kind, length) = (number(rest, 0, 2)?, number(rest, 2, 2)?);
        let data = rest.get(4..4 + length)?;
        rest = &rest[4 + length..];
        Some((kind, data))
    })
}

/// The records of each sheet, in the order of the tabs; those of charts within a sheet are passed over.
pub(crate) fn sheets(book: &[u8]) -> impl Iterator<Item = impl Iterator<Item = (usize, &[u8])>> {
    let starts = records(book).filter(|(kind, _)| *kind == SHEET).map(|(_, data)| number(data, 0, 4));
    starts.map(|start| {
        let mut depth = 0_u32;
        let all = records(start.and_then(|start| book.get(start..)).unwrap_or_default());
        let own = all.map_while(move |(kind, data)| {
            match kind {
                SHEET_BEGINS => depth += 1,
                SHEET_ENDS if depth <= 1 => return None,
                SHEET_ENDS => depth -= 1,
                _ => {}
            }
            Some((depth, kind, data))
        });
        own.filter(|(depth, ..)| *depth <= 1).map(|(_, kind, data)| (kind, data))
    })
}

/// A number of so many bytes, the lowest first.
pub(crate) fn number(bytes: &[u8], at: usize, width: usize) -> Option<usize> {
    let bytes = bytes.get(at..at + width)?;
    Some(bytes.iter().rev().fold(0, |number, byte| number << 8 | usize::from(*byte)))
}

/// The stream that holds the workbook (MS-CFB: header, table of sectors, directory, chains).
pub(crate) fn workbook(file: &[u8]) -> Result<Vec<u8>, Objection> {
    let broken = || Objection::Broken("compound file");
    if !file.starts_with(MAGIC) {
        return Err(broken());
    }
    let size = match number(file, 30, 2) {
        Some(9) => 512,
        Some(12) => 4096,
        _ => return Err(broken()),
    };
    let sector = |id: u32| {
        (id as usize)
            .checked_add(1)
            .and_then(|id| id.checked_mul(size))
            .and_then(|at| file.get(at..))
            .map(|rest| &rest[..rest.len().min(size)])
    };
    let word = |at: usize| number(file, at, 4).and_then(|word| u32::try_from(word).ok()).ok_or_else(broken);
    let mut tables: Vec<u32> = (76..512).step_by(4).map(word).collect::<Result<_, _>>()?;
    let mut seen = BTreeSet::new();
    let mut next = word(68)?;
    while next < 0xFFFF_FFFA {
        let list: Vec<u32> =
            if seen.insert(next) { words(sector(next).ok_or_else(broken)?) } else { return Err(broken()) };
        let (onward, held) = list.split_last().ok_or_else(broken)?;
        tables.extend(held);
        next = *onward;
    }
    let mut links: Vec<u32> = Vec::new();
    for table in tables.into_iter().filter(|table| *table < 0xFFFF_FFFC) {
        links.extend(words(sector(table).ok_or_else(broken)?));
        if links.len() > file.len() {
            return Err(broken());
        }
    }
    let follow = |start: u32, length: usize| chain(start, length, file.len(), &links, &sector).ok_or_else(broken);
    let directory = follow(word(48)?, usize::MAX)?;
    let width = if size == 512 { 4 } else { 8 };
    let entry = |name: &str| {
        let wanted: Vec<u8> = name.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect();
        let found = directory.chunks_exact(128).find(|entry| entry[..wanted.len()].eq_ignore_ascii_case(&wanted))?;
        Some((u32::try_from(number(found, 116, 4)?).ok()?, number(found, 120, width)?))
    };
    if entry("EncryptedPackage").is_some() {
        return Err(Objection::Protected);
    }
    let (start, length) = entry("Workbook").or_else(|| entry("Book")).ok_or(Objection::Broken("no workbook"))?;
    // short streams lie in sectors of 64 bytes within the stream of the root entry, which is read in any case
    let small_sectors = word(64)? as usize;
    let root = number(&directory, 116, 4).and_then(|start| u32::try_from(start).ok()).ok_or_else(broken)?;
    let (small, small_links) = if small_sectors > 0 {
        let small = follow(root, number(&directory, 120, width).ok_or_else(broken)?)?;
        (small, words(&follow(word(60)?, small_sectors.saturating_mul(size))?))
    } else {
        (Vec::new(), Vec::new())
    };
    if length >= 4096 {
        return follow(start, length);
    }
    let sector =
        |id: u32| small.get(id as usize * 64..).filter(|rest| !rest.is_empty()).map(|rest| &rest[..rest.len().min(64)]);
    chain(start, length, file.len(), &small_links, &sector).ok_or_else(broken)
}

fn words(bytes: &[u8]) -> Vec<u32> {
    bytes.chunks_exact(4).map(|word| u32::from_le_bytes([word[0], word[1], word[2], word[3]])).collect()
}

/// Sectors in the order of their links, up to `length` bytes; `None` when they lead out of the file, or come to more
/// bytes than it has: they go in a circle.
fn chain<'f>(
    start: u32,
    length: usize,
    most: usize,
    links: &[u32],
    sector: &dyn Fn(u32) -> Option<&'f [u8]>,
) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut next = start;
    while next != END && bytes.len() < length {
        bytes.extend_from_slice(sector(next)?);
        if bytes.len() > most {
            return None;
        }
        next = links.get(next as usize).copied().unwrap_or(END);
    }
    bytes.truncate(length);
    Some(bytes)
}

#[cfg(test)]
#[path = "xls_tests.rs"]
mod tests;
