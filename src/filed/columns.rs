//! Which cells of a row hold its values: the columns under the heads that are in force there.

use crate::definitions::form::Form;
use crate::filed::locate::Region;
use crate::sources::workbook::grid::{Cell, Datum, Grid};

/// First and one past the last column of the sheet that belong to a column of the form.
pub type Span = (u32, u32);

/// Spans of all columns of a grid; absent where the table has not the column.
pub type Spans = Vec<Option<Span>>;

/// The heads of a sheet and the columns behind which nothing belongs to the form.
#[derive(Debug)]
pub struct Columns<'a> {
    pub form: &'a Form,
    pub regions: Vec<Region>,
    /// The first of the columns for programs.
    pub end: u32,
}

impl Columns<'_> {
    /// The last heads above a row.
    pub fn region(&self, row: u32) -> Option<usize> {
        self.regions.iter().rposition(|region| region.row < row)
    }

    /// The first column of values at a row.
    pub fn stub_end(&self, row: u32) -> u32 {
        let region = self.region(row).or((!self.regions.is_empty()).then_some(0)).map(|nth| &self.regions[nth]);
        let mut starts = region.into_iter().flat_map(|region| &region.columns).flatten().copied();
        starts.next().map_or(0, |first| starts.fold(first, u32::min))
    }

    /// How the rows of a grid may lie under the heads above `row`: as under the last heads of their own, or with the
    /// columns of the other grid in pairs.
    pub fn candidates(&self, grid: usize, row: u32) -> Vec<Spans> {
        let above = || self.regions.iter().filter(|region| region.row < row);
        let own = above().rfind(|region| region.grid == grid);
        let last = above().next_back();
        let mut candidates: Vec<Spans> = Vec::new();
        candidates.extend(own.map(|region| self.spans(&region.columns)));
        if let Some(other) = last.filter(|region| region.grid != grid) {
            let (wide, narrow) = (other.columns.len(), self.form.grids[grid].columns.len());
            if wide > narrow && wide % narrow == 0 {
                let firsts: Vec<Option<u32>> =
                    other.columns.chunks(wide / narrow).map(|pair| pair.iter().flatten().min().copied()).collect();
                candidates.push(self.spans(&firsts));
            }
        }
        candidates.dedup();
        candidates
    }

    fn spans(&self, starts: &[Option<u32>]) -> Spans {
        let next = |start: u32| starts.iter().flatten().filter(|other| **other > start).min().copied();
        let widths = starts.iter().flatten().filter_map(|start| next(*start).map(|next| next - start));
        let width = widths.min().unwrap_or(1);
        let span = |start: u32| (start, next(start).unwrap_or(start + width).min(self.end.max(start + 1)));
        starts.iter().map(|start| start.map(span)).collect()
    }

    /// Filled cells of a row at or behind the first column of values.
    fn filled<'g>(&self, grid: &'g Grid, row: u32, from: u32) -> impl Iterator<Item = (u32, &'g Cell)> {
        let end = self.end;
        grid.row(row).filter(move |(column, cell)| (from..end).contains(column) && is_filled(cell))
    }

    /// How many of the rows have exactly one filled cell in every span and none elsewhere.
    fn fit(&self, grid: &Grid, rows: &[u32], spans: &Spans) -> usize {
        let from = spans.iter().flatten().map(|span| span.0).min().unwrap_or(0);
        let fits = |row: u32| {
            let columns: Vec<u32> = self.filled(grid, row, from).map(|(column, _)| column).collect();
            let one = |span: &Span| columns.iter().filter(|column| (span.0..span.1).contains(column)).count() == 1;
            spans.iter().flatten().all(one) && columns.len() == spans.iter().flatten().count()
        };
        rows.iter().filter(|row| fits(**row)).count()
    }

    /// The spans that fit the rows of one section; several when they fit equally well and read otherwise.
    pub fn choose(&self, grid: usize, sheet: &Grid, rows: &[u32]) -> Vec<Spans> {
        let Some(first) = rows.first() else { return Vec::new() };
        let candidates = self.candidates(grid, *first);
        let fits: Vec<usize> = candidates.iter().map(|spans| self.fit(sheet, rows, spans)).collect();
        let best = fits.iter().max().copied().unwrap_or(0);
        let mut chosen: Vec<Spans> =
            candidates.into_iter().zip(fits).filter(|(_, fit)| *fit == best).map(|(spans, _)| spans).collect();
        let cells = |spans: &Spans| -> Vec<Option<u32>> {
            let places = |row: &u32| {
                spans.iter().map(|span| self.cells(sheet, *row, (*span)?).first().copied()).collect::<Vec<_>>()
            };
            rows.iter().flat_map(places).collect()
        };
        if best == 0 || chosen.windows(2).all(|pair| cells(&pair[0]) == cells(&pair[1])) {
            chosen.truncate(1);
        }
        chosen
    }

    /// Columns of the filled cells of a row within a span.
    pub fn cells(&self, grid: &Grid, row: u32, span: Span) -> Vec<u32> {
        self.filled(grid, row, span.0).map(|(column, _)| column).take_while(|column| *column < span.1).collect()
    }

    /// Columns of filled cells of a row that belong to no span.
    pub fn beside(&self, grid: &Grid, row: u32, spans: &Spans) -> Vec<u32> {
        let from = spans.iter().flatten().map(|span| span.0).min().unwrap_or(0);
        let within = |column: u32| spans.iter().flatten().any(|span| (span.0..span.1).contains(&column));
        self.filled(grid, row, from).map(|(column, _)| column).filter(|column| !within(*column)).collect()
    }
}

fn is_filled(cell: &Cell) -> bool {
    !matches!(&cell.datum, Datum::Text(text) if text.trim().is_empty())
}
