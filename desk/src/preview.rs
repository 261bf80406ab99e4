//! The first rows of a head: values as they stand, and as the program will understand them.

use esep::commands::init::column::OwnColumn;
use esep::commands::init::guess::{Guess, SURE};
use esep::commands::init::layout::Layout;
use esep::definitions::Definitions;
use esep::definitions::record::Table;
use esep::records::typed::{Typed, clean, parse, parse_short};
use esep::sources;
use esep::sources::Options;
use esep::sources::raw::Raw;
use esep::values::moment::print_moment;
use esep::values::personal::{is_personal, shape};
use serde_json::{Value, json};

/// Rows that are shown as they will be understood.
const SHOWN: usize = 5;
/// Rows in which samples are looked for.
const LOOKED: usize = 40;
/// Samples of a column.
const SAMPLES: usize = 3;

/// Enough rows were read.
#[derive(Debug)]
pub struct Enough;

/// That enough was read is no fault.
///
/// # Errors
/// Any other fault.
pub fn enough<T>(done: anyhow::Result<T>) -> anyhow::Result<()> {
    match done {
        Err(fault) if fault.downcast_ref::<Enough>().is_none() => Err(fault),
        _ => Ok(()),
    }
}

impl std::fmt::Display for Enough {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("enough rows")
    }
}

impl std::error::Error for Enough {}

/// The first rows of the first sheet of a head.
#[derive(Debug, Default)]
pub struct Preview {
    /// For each column, values as they stand.
    pub samples: Vec<Vec<String>>,
    /// Rows with a value for each field that has a column.
    pub understood: Value,
}

/// # Errors
/// The source cannot be read.
pub fn rows(
    layout: &Layout,
    (guess, short_days): (Option<&Guess>, bool),
    definitions: &Definitions,
    options: &Options,
) -> anyhow::Result<Preview> {
    let hidden: Vec<bool> = layout.columns.iter().map(OwnColumn::is_personal).collect();
    let mut samples: Vec<Vec<String>> = vec![Vec::new(); layout.columns.len()];
    let mut understood = Vec::new();
    let Some(source) = layout.sources.first() else { return Ok(Preview::default()) };
    let mut source = source.clone();
    let mut sure: Vec<(usize, usize)> = guess
        .iter()
        .flat_map(|guess| &guess.proposals)
        .filter(|one| one.score >= SURE)
        .map(|one| (one.field, one.column))
        .collect();
    if let Some(guess) = guess {
        source.table = guess.table;
        source.columns = vec![None; definitions.tables[guess.table].fields.len()];
        for (field, column) in &sure {
            source.columns[*field] = Some(*column);
        }
    }
    // the text above the rows stands in a column of its own
    sure.extend(guess.and_then(|guess| guess.supply.section).zip(source.habits.section));
    let table = &definitions.tables[source.table];
    let mut read = 0;
    let done = sources::read(&source, table, options, &mut |row| {
        read += 1;
        anyhow::ensure!(read <= LOOKED, Enough);
        for (column, raw) in row.cells.iter().enumerate().take(samples.len()) {
            let text = text(raw);
            if !text.is_empty() && samples[column].len() < SAMPLES && !hidden[column] {
                let text = if is_personal(&text) { shape(&text) } else { text };
                if !samples[column].contains(&text) {
                    samples[column].push(text);
                }
            }
        }
        if guess.is_some() && understood.len() < SHOWN {
            let cells: Vec<Value> = sure
                .iter()
                .map(|(field, column)| {
                    let raw = row.cells.get(*column).unwrap_or(&Raw::Empty);
                    let is_hidden = hidden.get(*column).copied().unwrap_or(false);
                    cell(table, *field, raw, (is_hidden, short_days), definitions)
                })
                .collect();
            understood.push(json!({ "line": row.line, "cells": cells }));
        }
        Ok(())
    });
    enough(done)?;
    let fields: Vec<&str> = sure.iter().map(|(field, _)| table.fields[*field].name.as_str()).collect();
    Ok(Preview { samples, understood: json!({ "fields": fields, "rows": understood }) })
}

/// A cell as the program understands it; `fault`: it does not.
fn cell(
    table: &Table,
    place: usize,
    raw: &Raw<'_>,
    (hidden, short_days): (bool, bool),
    definitions: &Definitions,
) -> Value {
    let field = &table.fields[place];
    let list = field.list.as_ref().and_then(|list| definitions.codelist(list));
    let own = || {
        let text = text(raw);
        if hidden || field.private || is_personal(&text) { shape(&text) } else { text }
    };
    let short = || parse_short(field, raw).filter(|_| short_days);
    match parse(field, list, raw).or_else(|fault| short().ok_or(fault)) {
        Ok(Typed::Missing) => json!({ "text": "" }),
        Ok(Typed::Moment(moment)) => json!({ "text": print_moment(moment) }),
        Ok(Typed::Integer(number)) => json!({ "text": number.to_string() }),
        Ok(Typed::Boolean(flag)) => json!({ "flag": flag }),
        Ok(Typed::Code(code)) => json!({ "name": list.map(|list| &list.codes[code].label) }),
        Ok(_) => json!({ "text": own() }),
        Err(_) => json!({ "text": own(), "fault": true }),
    }
}

/// A cell as it stands.
pub fn text(raw: &Raw<'_>) -> String {
    clean(&String::from_utf8_lossy(&raw.print())).into_owned()
}
