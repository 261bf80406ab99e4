//! Files that repeat another byte for byte: all their rows are repeats, which nobody has to read.

use super::Discovered;
use super::raw::{Format, FoundTable};
use crate::finding::{Finding, Place};
use crate::halt::{Halt, OrHalt};
use anyhow::Result;
use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// A file that repeats another; both as printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Twin {
    pub name: String,
    pub first: String,
}

/// Bytes that are compared at a time.
const PART: usize = 1 << 20;

/// Parts the tables of such files from the others, and tells of each.
pub(super) fn part(discovered: &mut Discovered) -> Result<()> {
    let mut by_size: HashMap<u64, Vec<usize>> = HashMap::new();
    for place in 0..discovered.files.len() {
        let known = by_size.entry(discovered.files[place].bytes).or_default();
        let mut first = None;
        for other in known.iter() {
            if is_twin(discovered, *other, place)? {
                first = Some(*other);
                break;
            }
        }
        let Some(first) = first else {
            known.push(place);
            continue;
        };
        let (first, file) = (&discovered.files[first].name, &discovered.files[place]);
        let place = Place { source: Some(file.name.clone()), ..Place::default() };
        discovered.findings.push(Finding::new("file_repeated", place).with("first", first));
        discovered.twins.push(Twin { name: file.name.clone(), first: first.clone() });
        let path = file.path.clone();
        discovered.tables.retain(|table| table.path != path);
    }
    Ok(())
}

/// Whether a file has the tables of another, and its bytes.
fn is_twin(discovered: &Discovered, first: usize, place: usize) -> Result<bool> {
    let (first, file) = (&discovered.files[first], &discovered.files[place]);
    let of = |path: &Path| discovered.tables.iter().filter(|table| table.path == path).collect::<Vec<_>>();
    let (tables, others) = (of(&file.path), of(&first.path));
    let alike = tables.len() == others.len() && tables.iter().zip(&others).all(|(one, other)| is_alike(one, other));
    if tables.is_empty() || !alike {
        return Ok(false);
    }
    if !first.sha256.is_empty() && !file.sha256.is_empty() {
        return Ok(first.sha256 == file.sha256);
    }
    let open = |file: &super::SourceFile| File::open(&file.path).or_halt(|| Halt::reading(&file.name));
    same(open(first)?, open(file)?).or_halt(|| Halt::reading(&file.name))
}

/// The same table in the same place, to whose rows neither a mapping nor a folder adds anything of its own.
fn is_alike(one: &FoundTable, other: &FoundTable) -> bool {
    let is_plain = one.supplied.is_empty() && other.supplied.is_empty();
    let is_near = one.format != Format::Parquet || one.path.parent() == other.path.parent();
    is_plain
        && is_near
        && (one.table, one.header_line, &one.sheet) == (other.table, other.header_line, &other.sheet)
        && (&one.headers, &one.columns, &one.format) == (&other.headers, &other.columns, &other.format)
}

fn same(mut one: impl Read, mut other: impl Read) -> io::Result<bool> {
    let (mut ones, mut others) = (Vec::new(), Vec::new());
    loop {
        ones.clear();
        others.clear();
        (&mut one).take(PART as u64).read_to_end(&mut ones)?;
        (&mut other).take(PART as u64).read_to_end(&mut others)?;
        if ones != others || ones.is_empty() {
            return Ok(ones == others);
        }
    }
}
