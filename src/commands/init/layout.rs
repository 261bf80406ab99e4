//! Sheets that have the same head: their columns, and where the head stands.

use crate::commands::init::column::OwnColumn;
use crate::commands::init::people::OrdinaryWords;
use crate::definitions::Definitions;
use crate::definitions::marks::marks;
use crate::sources;
use crate::sources::Options;
use crate::sources::beside::side_by_side;
use crate::sources::head_row::HEAD_HEIGHT;
use crate::sources::raw::{Format, FoundTable};
use crate::sources::survey::{Sheet, folded, joined};
use crate::words::lang::nearest;
use anyhow::Result;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Rows of one layout whose cells are looked at.
const ROWS: u64 = 200_000;

/// One head and all sheets that have it.
#[derive(Debug)]
pub struct Layout {
    pub sources: Vec<FoundTable>,
    /// The table that was recognised.
    pub table: Option<usize>,
    pub columns: Vec<OwnColumn>,
    /// The texts of lines that stand above their rows, row by row.
    pub section: OwnColumn,
    /// The lines above the head of the first sheet.
    pub above: Vec<Vec<String>>,
    pub rows: u64,
    /// Headers of columns that do not say in which time their moments are.
    pub old_moments: BTreeSet<String>,
    /// Words that name nobody.
    pub ordinary: Arc<OrdinaryWords>,
}

/// Reads the sheets and puts those with the same head together.
pub fn gather(sheets: Vec<Sheet>, definitions: &Definitions, options: &Options) -> Result<Vec<Layout>> {
    let mut known = KnownHeaders { spellings: spellings(definitions).collect(), met: BTreeMap::new() };
    let ordinary = Arc::new(OrdinaryWords::new(definitions));
    let mut layouts: Vec<Layout> = Vec::new();
    for sheet in sheets {
        let mut source = sheet.source;
        if !sheet.recognised {
            let Some((line, headers)) = head(&sheet.rows, &mut known) else {
                continue;
            };
            (source.header_line, source.headers) = (line, headers);
            // a column of its own for lines above the rows, wherever there may be any
            if source.format != Format::Parquet {
                source.habits.section = Some(source.headers.len());
                source.headers.push(String::new());
            }
        }
        let table = sheet.recognised.then_some(source.table);
        let own: Vec<String> = source.headers[..source.width()].iter().map(|header| folded(header)).collect();
        let set: BTreeSet<&String> = own.iter().filter(|header| !header.is_empty()).collect();
        let is_same = |layout: &Layout| {
            let headers: Vec<String> = layout.columns.iter().map(|column| folded(&column.header)).collect();
            layout.table == table && headers.iter().filter(|header| !header.is_empty()).collect::<BTreeSet<_>>() == set
        };
        let place = if let Some(known) = layouts.iter().position(is_same) {
            &mut layouts[known]
        } else {
            let layout = Layout::new(&source, &sheet.rows, table, definitions);
            layouts.push(Layout { ordinary: Arc::clone(&ordinary), ..layout });
            let last = layouts.len() - 1;
            &mut layouts[last]
        };
        // the same headers may stand in another order
        let headers: Vec<String> = place.columns.iter().map(|column| folded(&column.header)).collect();
        let order: Vec<Option<usize>> =
            own.iter()
                .enumerate()
                .map(|(at, header)| {
                    if headers.get(at) == Some(header) {
                        Some(at)
                    } else {
                        headers.iter().position(|own| own == header)
                    }
                })
                .collect();
        sources::read(&source, &definitions.tables[source.table], options, &mut |row| {
            place.rows += 1;
            if place.rows <= ROWS {
                for (raw, at) in row.cells.iter().zip(&order) {
                    let column = at.map(|at| &mut place.columns[at]).filter(|column| !column.header.is_empty());
                    if let Some(column) = column {
                        column.take(raw, definitions);
                    }
                }
                let section = source.habits.section.and_then(|column| row.cells.get(column));
                if let Some(raw) = section {
                    place.section.take(raw, definitions);
                }
            }
            Ok(())
        })?;
        place.old_moments.extend(sheet.old_moments);
        place.sources.push(source);
    }
    Ok(layouts)
}

impl Layout {
    fn new(source: &FoundTable, rows: &[(u64, Vec<String>)], table: Option<usize>, definitions: &Definitions) -> Self {
        let headers = &source.headers[..source.width()];
        let place = rows.iter().position(|(line, _)| *line == source.header_line).unwrap_or(0);
        // the head may begin higher: its lowest cells are the headers
        let height = (1..=HEAD_HEIGHT.min(place + 1)).find(|height| {
            let (cells, _) = joined(&rows[place + 1 - height..=place]);
            headers.iter().enumerate().all(|(at, header)| cells.get(at).is_some_and(|cell| cell == header))
        });
        let top = place + 1 - height.unwrap_or(1);
        let upper = rows.get(top..=place).map_or_else(Vec::new, |rows| joined(rows).1);
        let upper = upper.into_iter().chain(std::iter::repeat_n(String::new(), headers.len()));
        let columns = headers.iter().zip(upper).map(|(header, upper)| OwnColumn::new(header, &upper, definitions));
        Self {
            sources: Vec::new(),
            table,
            columns: columns.collect(),
            section: OwnColumn::new("", "", definitions),
            above: rows.iter().take(top).map(|(_, cells)| cells.clone()).collect(),
            rows: 0,
            old_moments: BTreeSet::new(),
            ordinary: Arc::default(),
        }
    }

    /// The columns that have a header of their own; of those that are called the same the first one.
    pub fn named(&self) -> impl Iterator<Item = (usize, &OwnColumn)> {
        let mut met = BTreeSet::from([String::new()]);
        self.columns.iter().enumerate().filter(move |(_, column)| met.insert(folded(&column.header)))
    }

    /// Headers that several columns have.
    pub fn repeated(&self) -> Vec<String> {
        let mut times: BTreeMap<String, usize> = BTreeMap::new();
        for column in &self.columns {
            *times.entry(folded(&column.header)).or_default() += 1;
        }
        let headers = self.named().map(|(_, column)| column.header.clone());
        headers.filter(|header| times[&folded(header)] > 1).collect()
    }

    /// First and last column of tables that stand side by side under the same headers.
    pub fn beside(&self) -> Vec<(usize, usize)> {
        side_by_side(&self.columns.iter().map(|column| folded(column.lowest())).collect::<Vec<_>>())
    }

    /// Headers of columns in which months are counted: such a table holds no records.
    pub fn months(&self) -> Vec<&str> {
        let is_count = |column: &OwnColumn| column.share(column.whole) >= 0.5 && marks().is_month_line(column.lowest());
        let months: Vec<&str> =
            self.columns.iter().filter(|own| is_count(own)).map(|own| own.header.as_str()).collect();
        if months.len() > 1 { months } else { Vec::new() }
    }

    /// The headers by which these sheets are known.
    pub fn headers(&self) -> Vec<String> {
        self.named().map(|(_, column)| column.header.clone()).collect()
    }

    /// What the sheets, their files and their titles are called.
    pub fn names(&self) -> Vec<String> {
        let of = |source: &FoundTable| format!("{} {}", source.name, source.sheet.as_deref().unwrap_or_default());
        let titles = self.above.iter().flatten().filter(|cell| !cell.contains(':'));
        self.sources.iter().map(of).chain(titles.cloned()).collect()
    }
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
fn head(rows: &[(u64, Vec<String>)], known: &mut KnownHeaders) -> Option<(u64, Vec<String>)> {
    let mut best: Option<(usize, u64, Vec<String>)> = None;
    for height in 1..=HEAD_HEIGHT {
        for window in rows.windows(height) {
            let (cells, _) = joined(window);
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
