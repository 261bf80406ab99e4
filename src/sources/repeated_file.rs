//! Files that repeat another byte for byte: all their rows are repeats, which nobody has to read.

use crate::sources::found::{Discovered, SourceFile, Twin};
use crate::sources::raw::{Format, FoundTable};
use crate::words::failure::{Halt, OrHalt};
use crate::words::finding::{Finding, Place};
use anyhow::Result;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Read;
use std::path::Path;

/// Bytes that are compared at a time.
const PART: u64 = 1 << 20;

/// Parts the tables of such files from the others, and tells of each.
pub(crate) fn part(discovered: &mut Discovered) -> Result<()> {
    let twins = find(discovered)?;
    let mut gone = BTreeSet::new();
    for (first, file) in twins {
        let (first, file) = (&discovered.files[first].name, &discovered.files[file]);
        let place = Place { source: Some(file.name.clone()), ..Place::default() };
        discovered.findings.push(Finding::new("file_repeated", place).with("first", first));
        discovered.twins.push(Twin { name: file.name.clone(), first: first.clone() });
        gone.insert(file.path.clone());
    }
    discovered.tables.retain(|table| !gone.contains(&table.path));
    Ok(())
}

/// Positions of files and of those that repeat them.
fn find(discovered: &Discovered) -> Result<Vec<(usize, usize)>> {
    let mut tables: BTreeMap<&Path, Vec<&FoundTable>> = BTreeMap::new();
    for table in &discovered.tables {
        tables.entry(&table.path).or_default().push(table);
    }
    // of the same size and, where all of it was read before, with the same fingerprint
    let (mut known, mut twins) = (BTreeMap::<_, Vec<usize>>::new(), Vec::new());
    for (place, file) in discovered.files.iter().enumerate() {
        let Some(own) = tables.get(file.path.as_path()) else { continue };
        let others = known.entry((file.bytes, &file.sha256)).or_default();
        let mut first = None;
        for other in others.iter().copied() {
            let before = &discovered.files[other];
            let theirs = &tables[before.path.as_path()];
            let alike = own.len() == theirs.len() && own.iter().zip(theirs).all(|(one, other)| is_alike(one, other));
            if alike && (!file.sha256.is_empty() || same(before, file)?) {
                first = Some(other);
                break;
            }
        }
        match first {
            Some(first) => twins.push((first, place)),
            None => others.push(place),
        }
    }
    Ok(twins)
}

/// The same table in the same place, to whose rows neither a mapping nor a folder nor a mend adds anything of its own.
fn is_alike(one: &FoundTable, other: &FoundTable) -> bool {
    let is_unmended = one.mends.is_none() && other.mends.is_none();
    let is_supplied_alike = (&one.supplied, one.habits) == (&other.supplied, other.habits);
    let is_near = one.format != Format::Parquet || one.path.parent() == other.path.parent();
    is_unmended
        && is_supplied_alike
        && is_near
        && (one.table, one.header_line, &one.sheet) == (other.table, other.header_line, &other.sheet)
        && (&one.headers, &one.columns, &one.format) == (&other.headers, &other.columns, &other.format)
}

fn same(one: &SourceFile, other: &SourceFile) -> Result<bool> {
    let open = |file: &SourceFile| File::open(&file.path).or_halt(|| Halt::reading(&file.name));
    let (mut first, mut second) = (open(one)?, open(other)?);
    let reading = || Halt::reading(&other.name);
    let (mut ones, mut others) = (Vec::new(), Vec::new());
    loop {
        ones.clear();
        others.clear();
        (&mut first).take(PART).read_to_end(&mut ones).or_halt(reading)?;
        (&mut second).take(PART).read_to_end(&mut others).or_halt(reading)?;
        if ones != others || ones.is_empty() {
            return Ok(ones == others);
        }
    }
}
