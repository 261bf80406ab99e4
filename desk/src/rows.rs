//! Rows of the records as she wrote them: what was found in a folder is kept until something in it changes.

use crate::preview::text;
use anyhow::Result;
use esep::body::mapping::Used;
use esep::definitions::Definitions;
use esep::sources;
use esep::sources::Options;
use esep::sources::raw::FoundTable;
use esep::values::aside::Shelf;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// Rows of one answer, at most.
pub const ROWS: usize = 200;
/// Tables whose rows are held ready; each is a file that is open.
const HELD: usize = 64;

/// The tables of a folder, and the rows of those that were asked for.
#[derive(Debug)]
pub struct Rows {
    tables: Vec<FoundTable>,
    /// As the body's mapping teaches them.
    definitions: Definitions,
    options: Options,
    shelves: Mutex<BTreeMap<usize, Arc<Shelf>>>,
}

impl Rows {
    /// Finds the tables of a folder.
    ///
    /// # Errors
    /// The records cannot be read.
    pub fn find(records: &Path, mapping: Option<Used>, definitions: Definitions) -> Result<Self> {
        let options = Options { mapping: mapping.map(Arc::new), ..Options::default() };
        let tables = sources::discover(&[records.to_owned()], &definitions.tables, &options)?.tables;
        Ok(Self { tables, definitions, options, shelves: Mutex::default() })
    }

    /// The head and the rows at some lines of a source; without a head where the source is not read.
    ///
    /// # Errors
    /// The source cannot be read, or its rows be put aside.
    pub fn at(&self, (source, sheet): (&str, Option<&str>), lines: &BTreeSet<u64>) -> Result<Value> {
        let is_it = |found: &FoundTable| found.name == source && found.sheet.as_deref() == sheet;
        let Some(place) = self.tables.iter().position(is_it) else {
            return Ok(json!({ "headers": [], "rows": [], "fields": {} }));
        };
        let found = &self.tables[place];
        let table = &self.definitions.tables[found.table];
        let fields = table.fields.iter().zip(&found.columns);
        let fields: Vec<Value> = fields
            .filter_map(|(field, column)| {
                Some(json!({ "field": field.name, "column": (*column)?, "list": field.list }))
            })
            .collect();
        let lines = lines.iter().map(|line| (0, *line)).collect();
        let rows = self.shelf(place)?.at::<Vec<String>>(&lines)?.into_iter();
        let rows: Vec<Value> = rows.map(|((_, line), cells)| json!({ "line": line, "cells": cells })).collect();
        Ok(json!({ "headers": found.headers, "rows": rows, "fields": fields }))
    }

    /// Reads the rows of all tables that are held ready.
    ///
    /// # Errors
    /// A source cannot be read, or its rows be put aside.
    pub fn prepare(&self) -> Result<()> {
        (0..self.tables.len().min(HELD)).try_for_each(|place| self.shelf(place).map(|_| ()))
    }

    /// The rows of a table, read once.
    fn shelf(&self, place: usize) -> Result<Arc<Shelf>> {
        let mut held = self.shelves.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(rows) = held.get(&place) {
            return Ok(Arc::clone(rows));
        }
        if held.len() == HELD {
            held.clear();
        }
        let found = &self.tables[place];
        let mut rows = Shelf::new()?;
        sources::read(found, &self.definitions.tables[found.table], &self.options, &mut |row| {
            rows.put((0, row.line), &row.cells.iter().map(text).collect::<Vec<_>>())
        })?;
        let rows = Arc::new(rows);
        held.insert(place, Arc::clone(&rows));
        Ok(rows)
    }
}
