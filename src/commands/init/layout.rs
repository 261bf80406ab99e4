//! Sheets that have the same head: their columns, and where the head stands.

use crate::commands::init::column::OwnColumn;
use crate::definitions::Definitions;
use crate::sources;
use crate::sources::Options;
use crate::sources::raw::{Format, FoundTable};
use crate::sources::survey::{Sheet, folded, joined};
use crate::words::lang::nearest;
use anyhow::Result;
use std::collections::{BTreeMap, BTreeSet};

/// Rows of one layout that are read.
const ROWS: u64 = 200_000;

/// One head and all sheets that have it.
#[derive(Debug)]
pub struct Layout {
    pub sources: Vec<FoundTable>,
    /// The table that was recognised.
    pub table: Option<usize>,
    pub columns: Vec<OwnColumn>,
    pub rows: u64,
}

/// Reads the sheets and puts those with the same head together.
pub fn gather(sheets: Vec<Sheet>, definitions: &Definitions, options: &Options) -> Result<Vec<Layout>> {
    let mut known = KnownHeaders { spellings: spellings(definitions).collect(), met: BTreeMap::new() };
    let mut layouts: Vec<Layout> = Vec::new();
    for sheet in sheets {
        let mut source = sheet.source;
        if !sheet.recognised {
            let Some((line, headers)) = head(&sheet.rows, source.format == Format::Workbook, &mut known) else {
                continue;
            };
            (source.header_line, source.headers) = (line, headers);
        }
        let table = sheet.recognised.then_some(source.table);
        let key = |headers: &[String]| headers.iter().map(|header| folded(header)).collect::<Vec<_>>();
        let same =
            |layout: &&mut Layout| layout.table == table && key(&layout.sources[0].headers) == key(&source.headers);
        let place = if let Some(layout) = layouts.iter_mut().find(same) {
            layout
        } else {
            let columns = source.headers.iter().map(|header| OwnColumn::new(header, definitions)).collect();
            layouts.push(Layout { sources: Vec::new(), table, columns, rows: 0 });
            let last = layouts.len() - 1;
            &mut layouts[last]
        };
        sources::read(&source, &definitions.tables[source.table], options, &mut |row| {
            if place.rows < ROWS {
                place.rows += 1;
                let cells = place.columns.iter_mut().zip(row.cells);
                cells
                    .filter(|(column, _)| !column.header.is_empty())
                    .for_each(|(column, raw)| column.take(raw, definitions));
            }
            Ok(())
        })?;
        place.sources.push(source);
    }
    Ok(layouts)
}

/// Spellings of headers, and words that were compared with them.
struct KnownHeaders {
    spellings: BTreeSet<String>,
    met: BTreeMap<String, bool>,
}

impl KnownHeaders {
    /// Whether a word is a header, or like one.
    fn has(&mut self, word: &str) -> bool {
        let Self { spellings, met } = self;
        *met.entry(word.to_owned()).or_insert_with(|| {
            let is_short = word.chars().count() < 60;
            spellings.contains(word) || is_short && nearest(word, spellings.iter().map(String::as_str)).is_some()
        })
    }
}

fn spellings(definitions: &Definitions) -> impl Iterator<Item = String> {
    let fields = definitions.tables.iter().flat_map(|table| &table.fields).flat_map(|field| field.headers.all());
    let hints = definitions.hints.fields.values().flatten().chain(&definitions.hints.personal);
    fields.chain(hints.map(String::as_str)).map(folded)
}

/// The row, or the rows together, whose cells are most like headers; its line and cells.
fn head(rows: &[(u64, Vec<String>)], is_sheet: bool, known: &mut KnownHeaders) -> Option<(u64, Vec<String>)> {
    let mut best: Option<(usize, u64, Vec<String>)> = None;
    for height in 1..=if is_sheet { 3 } else { 1 } {
        for window in rows.windows(height) {
            let cells = joined(window);
            let words: BTreeSet<String> = cells
                .iter()
                .map(|cell| folded(cell))
                .filter(|cell| cell.chars().any(char::is_alphabetic) || cell == "№")
                .collect();
            let weight = words.iter().filter(|word| known.has(word)).count() * 2 + usize::from(words.len() > 2);
            // a higher head must explain more
            if weight > best.as_ref().map_or(2, |(weight, ..)| *weight) {
                best = Some((weight, window.last().map_or(0, |(line, _)| *line), cells));
            }
        }
    }
    best.map(|(_, line, cells)| (line, cells))
}
