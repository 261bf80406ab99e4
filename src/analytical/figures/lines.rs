//! Lines of variable blocks, brought together by service or provider and ranked.

use crate::analytical::figures::figure::{At, Figures};
use crate::definitions::analytical::By;
use crate::values::cells::Party;
use std::collections::BTreeMap;

/// One service or provider with the lines that are about it.
#[derive(Debug, Clone)]
pub struct Ranked {
    pub party: Party,
    pub lines: Vec<usize>,
    /// What ranks.
    pub value: i64,
}

/// Services or providers of the rows, the largest first, ties by printed name and code; those of nothing are left out.
pub fn ranked(figures: &Figures<'_>, rows: &[String], by: By, column: Option<&str>) -> Vec<Ranked> {
    let rows: Vec<usize> = rows.iter().filter_map(|row| figures.form.row_position(row)).collect();
    let mut found: BTreeMap<Party, Ranked> = BTreeMap::new();
    for (place, line) in figures.cells.lines.iter().enumerate().filter(|(_, line)| rows.contains(&line.row)) {
        let party = match by {
            By::Service => line.key.service.as_deref(),
            // The services of a provider are in the provider's own line.
            By::Provider => line.key.provider.as_deref().filter(|_| line.key.service.is_none()),
        };
        let Some(party) = party else { continue };
        let columns = figures.columns(line.row, column);
        let value: i64 = columns.iter().filter_map(|column| line.values.get(*column)?.number()).sum();
        let entry =
            found.entry(party.clone()).or_insert_with(|| Ranked { party: party.clone(), lines: Vec::new(), value: 0 });
        entry.lines.push(place);
        entry.value += value;
    }
    let mut ranked: Vec<Ranked> = found.into_values().filter(|ranked| ranked.value > 0).collect();
    ranked.sort_by(|a, b| b.value.cmp(&a.value).then_with(|| a.party.label().cmp(b.party.label())));
    ranked
}

impl Ranked {
    /// The cells of some columns of the lines.
    pub fn cells(&self, figures: &Figures<'_>, column: Option<&str>) -> Vec<At> {
        let of = |line: &usize| {
            let columns = figures.columns(figures.cells.lines[*line].row, column);
            columns.into_iter().map(|column| At { line: *line, column }).collect::<Vec<_>>()
        };
        self.lines.iter().flat_map(of).collect()
    }
}
