//! The continuation of a table without a stub, as Annex 3 prints columns 9–13: heads, and rows that have no names.

use crate::definitions::form::Form;
use crate::definitions::spelling::fold;
use crate::filed::columns::Columns;
use crate::sources::workbook::grid::Grid;
use crate::words::lang::Lang;
use std::collections::BTreeSet;

/// Rows of a continuation that has no stub.
#[derive(Debug, Default)]
pub struct Nameless {
    /// Rows of the sheet, from 0.
    pub rows: Vec<u32>,
    /// How many rows the part with a stub has.
    pub first: usize,
}

/// Heads of some of the columns, behind the first ones, below which no row is named.
pub fn bare(columns: &Columns<'_>, grid: &Grid, is_named: &dyn Fn(u32) -> bool) -> BTreeSet<usize> {
    let regions = &columns.regions;
    let partial = |nth: &usize| *nth > 0 && regions[*nth].columns.iter().any(Option::is_none);
    let mut bare: BTreeSet<usize> = (0..regions.len()).filter(partial).collect();
    let rows = if bare.is_empty() { Vec::new() } else { grid.rows() };
    for row in rows {
        if let Some(region) = columns.region(row).filter(|region| bare.contains(region))
            && is_named(row)
        {
            bare.remove(&region);
        }
    }
    bare
}

/// Whether every text of a row is a head of the form: above a continuation they stand where the first part has its stub.
pub fn is_heads(form: &Form, introductions: &[String], grid: &Grid, row: u32) -> bool {
    let groups = form.grids.iter().flat_map(|heads| heads.groups.iter().map(|group| &group.label));
    let labels = form.grids.iter().flat_map(|heads| heads.columns.iter().filter_map(|column| column.label.as_ref()));
    let printed = groups.chain(labels).flat_map(|label| Lang::ALL.map(|lang| label.get(lang)));
    let heads: BTreeSet<String> = printed.chain(introductions.iter().map(String::as_str)).map(fold).collect();
    let mut texts = grid.row(row).filter_map(|(column, _)| grid.text(row, column)).map(fold).peekable();
    texts.peek().is_some() && texts.all(|text| text.is_empty() || heads.contains(&text))
}
