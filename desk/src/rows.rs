//! Rows of a source as she wrote them.

use crate::preview::{Enough, enough, text};
use anyhow::Result;
use esep::body::mapping::Used;
use esep::definitions::Definitions;
use esep::sources;
use esep::sources::Options;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

/// Rows of one answer, at most.
pub const ROWS: usize = 200;

/// The head and the rows at some lines of a source; without a head where the source is not read.
///
/// # Errors
/// The records cannot be read.
pub fn rows(
    records: &Path,
    (source, sheet): (&str, Option<&str>),
    lines: &BTreeSet<u64>,
    mapping: Option<Used>,
    definitions: &Definitions,
) -> Result<Value> {
    let options = Options { mapping: mapping.map(Arc::new), ..Options::default() };
    let discovered = sources::discover(&[records.to_owned()], &definitions.tables, &options)?;
    let is_it = |found: &&sources::raw::FoundTable| found.name == source && found.sheet.as_deref() == sheet;
    let Some(found) = discovered.tables.iter().find(is_it) else {
        return Ok(json!({ "headers": [], "rows": [], "fields": {} }));
    };
    let table = &definitions.tables[found.table];
    let mut rows = Vec::new();
    let last = lines.last().copied().unwrap_or_default();
    let done = sources::read(found, table, &options, &mut |row| {
        anyhow::ensure!(row.line <= last, Enough);
        if lines.contains(&row.line) && rows.len() < ROWS {
            let cells: Vec<String> = row.cells.iter().map(text).collect();
            rows.push(json!({ "line": row.line, "cells": cells }));
        }
        Ok(())
    });
    enough(done)?;
    let fields = table.fields.iter().zip(&found.columns);
    let fields: Vec<Value> = fields
        .filter_map(|(field, column)| Some(json!({ "field": field.name, "column": (*column)?, "list": field.list })))
        .collect();
    Ok(json!({ "headers": found.headers, "rows": rows, "fields": fields }))
}
