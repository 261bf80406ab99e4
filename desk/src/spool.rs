//! The rows of a table in a file without a name: each is found by its line, whatever the table was read from.

use crate::preview::text;
use anyhow::Result;
use esep::definitions::record::Table;
use esep::sources;
use esep::sources::Options;
use esep::sources::raw::FoundTable;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Seek, SeekFrom, Write};
use std::sync::{Mutex, PoisonError};

/// Rows from one remembered place to the next: with 16 bytes a place, memory stays small for millions of rows.
const STEP: usize = 64;

/// All rows of a table as they stand, the file shut away with the last that knows it.
#[derive(Debug)]
pub struct Spool {
    /// A line of text a row: its line in the source, a tab, its cells.
    file: Mutex<File>,
    /// Of every so many rows the line in the source, and the place in the file.
    places: Vec<(u64, u64)>,
}

impl Spool {
    /// Reads the table once.
    ///
    /// # Errors
    /// It cannot be read; there is no room for its copy.
    pub fn of(found: &FoundTable, table: &Table, options: &Options) -> Result<Self> {
        let mut copy = BufWriter::new(tempfile::tempfile()?);
        let (mut places, mut rows, mut place) = (Vec::new(), 0, 0);
        sources::read(found, table, options, &mut |row| {
            if rows % STEP == 0 {
                places.push((row.line, place));
            }
            rows += 1;
            let cells: Vec<String> = row.cells.iter().map(text).collect();
            let line = format!("{}\t{}\n", row.line, serde_json::to_string(&cells)?);
            place += line.len() as u64;
            Ok(copy.write_all(line.as_bytes())?)
        })?;
        Ok(Self { file: Mutex::new(copy.into_inner()?), places })
    }

    /// The rows at some lines, in order; lines that have none give none.
    ///
    /// # Errors
    /// The copy cannot be read.
    pub fn rows(&self, lines: &BTreeSet<u64>) -> Result<Vec<Value>> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let before = |line: &u64| self.places.partition_point(|(first, _)| first <= line).checked_sub(1);
        let steps: BTreeSet<usize> = lines.iter().filter_map(before).collect();
        let (mut found, mut row) = (Vec::new(), String::new());
        for step in steps {
            let mut reader = BufReader::new(&mut *file);
            reader.seek(SeekFrom::Start(self.places[step].1))?;
            for _ in 0..STEP {
                row.clear();
                reader.read_line(&mut row)?;
                let Some((line, cells)) = row.split_once('\t') else { break };
                let line: u64 = line.parse()?;
                if lines.contains(&line) {
                    let cells: Value = serde_json::from_str(cells)?;
                    found.push(json!({ "line": line, "cells": cells }));
                }
            }
        }
        Ok(found)
    }
}
