//! Merged cells within the data: every row that they cover has their value, unless it is a number or an id of one row.

use crate::definitions::record::Table;
use crate::sources::layout::Area;
use crate::sources::raw::{FoundTable, Raw, RowFault, column_letters, is_empty};
use crate::sources::value::Value;
use crate::sources::workbook::open::Cells;
use std::collections::BTreeMap;

/// The merged cells of one sheet below its head.
#[derive(Default)]
pub(crate) struct Merged {
    columns: BTreeMap<usize, MergedColumn>,
    /// Merged over several fields, by the first column.
    wide: BTreeMap<usize, Vec<Span>>,
    /// Columns of required fields.
    required: Vec<usize>,
    fields: Vec<usize>,
}

#[derive(Default)]
struct MergedColumn {
    /// In order, none over another.
    spans: Vec<Span>,
    /// What stands in the first cell of a span that was met: the span's first row and the value.
    held: Option<(u64, Value<'static>)>,
    /// The value is of one row alone.
    of_a_row: bool,
}

/// Rows from 1 and columns from 0, both ends inside.
#[derive(Clone, Copy)]
struct Span {
    first: u64,
    last: u64,
    from: usize,
    to: usize,
    /// Rows of the span that have values of their own.
    filled: u64,
}

impl Span {
    fn print(self) -> String {
        format!("{}{}:{}{}", column_letters(self.from), self.first, column_letters(self.to), self.last)
    }
}

/// What merged cells make of a row.
pub(crate) enum MergedRow {
    Sound,
    /// All of it stands in cells merged from above: the record above goes on.
    Continued,
    /// One text over all required columns.
    Title,
    Fault(RowFault),
}

impl Merged {
    pub fn new(found: &FoundTable, definition: &Table) -> Self {
        let fields: Vec<usize> = found.columns.iter().flatten().copied().collect();
        let required = definition.required().filter_map(|field| found.columns.get(field).copied().flatten()).collect();
        let mut merged = Self { required, fields, ..Self::default() };
        let areas = found.layout.iter().flat_map(|layout| &layout.merged);
        for area in areas.filter(|area| u64::from(area.first.0) + 1 > found.header_line) {
            merged.add(area);
        }
        merged.wide.values_mut().for_each(settle);
        for (column, merged) in &mut merged.columns {
            let field = found.columns.iter().position(|own| own == &Some(*column));
            merged.of_a_row = field.is_some_and(|field| {
                let name = &definition.fields[field].name;
                definition.fields[field].of_a_row || definition.key.len() == 1 && definition.key.contains(name)
            });
            settle(&mut merged.spans);
        }
        merged
    }

    fn add(&mut self, area: &Area) {
        let (from, to) = (area.first.1 as usize, area.last.1 as usize);
        let span = Span { first: u64::from(area.first.0) + 1, last: u64::from(area.last.0) + 1, from, to, filled: 0 };
        if self.fields.iter().filter(|column| (from..=to).contains(*column)).count() > 1 {
            self.wide.entry(from).or_default().push(span);
        }
        if span.last > span.first && self.fields.contains(&from) {
            self.columns.entry(from).or_default().spans.push(span);
        }
    }

    /// Whether the rows must be looked at before, to know how many of them share a number.
    pub fn needs_look(&self) -> bool {
        self.columns.values().any(|column| column.of_a_row)
    }

    /// Looks at a row before any is judged.
    pub fn look(&mut self, line: u64, cells: &Cells<'_>) {
        if self.has_own(line, cells) {
            for span in self.columns.values_mut().filter_map(|column| column.span_mut(line)) {
                span.filled += 1;
            }
        }
    }

    /// Some field has a value in the row's own cells.
    fn has_own(&self, line: u64, cells: &Cells<'_>) -> bool {
        let is_covered = |column: usize| {
            self.columns.get(&column).and_then(|column| column.span(line)).is_some_and(|span| span.first < line)
        };
        cells
            .iter()
            .any(|(column, value)| self.fields.contains(column) && !is_empty(&value.raw()) && !is_covered(*column))
    }

    /// Keeps the values that go on in the rows below; before `judge`.
    pub fn keep(&mut self, line: u64, cells: &Cells<'_>) {
        for (place, column) in &mut self.columns {
            if column.span(line).is_some_and(|span| span.first == line) {
                let value =
                    cells.iter().find(|(column, _)| column == place).map(|(_, value)| value.clone().into_owned());
                column.held = value.filter(|value| !is_empty(&value.raw())).map(|value| (line, value));
            }
        }
    }

    /// Fills the cells of a row that are merged from above.
    pub fn judge<'v>(&'v self, line: u64, filled: &Cells<'_>, cells: &mut [Raw<'v>]) -> MergedRow {
        let covered = self.columns.iter().filter_map(|(place, column)| Some((*place, column, column.span(line)?)));
        let covered: Vec<_> = covered.collect();
        if covered.iter().any(|(.., span)| span.first < line) && !self.has_own(line, filled) {
            return MergedRow::Continued;
        }
        let mut fault = None;
        for (place, column, span) in covered {
            let held = column.held.as_ref().filter(|(first, _)| *first == span.first).map(|(_, value)| value);
            let own = filled.iter().find(|(column, _)| *column == place).map(|(_, value)| value);
            let own = own.filter(|own| !is_empty(&own.raw()));
            let is_shared = column.of_a_row && span.filled > 1 && held.is_some();
            // a value beneath the merged one that nobody sees, or a row that stands above it in the file only
            let is_unclear = span.first < line && own.is_some_and(|own| Some(own) != held);
            if is_shared || is_unclear {
                fault = fault.or(Some(RowFault::Merged { cells: span.print() }));
            } else if let (Some(held), true) = (held, span.first < line) {
                cells[place] = held.raw();
            }
        }
        for span in self.wide.values().filter_map(|spans| place(spans, line).map(|place| &spans[place])) {
            let is_first = span.first == line;
            let holds = |(column, value): &(usize, Value<'_>)| *column == span.from && !is_empty(&value.raw());
            let from = self.columns.get(&span.from).and_then(|column| column.held.as_ref());
            let is_filled =
                if is_first { filled.iter().any(holds) } else { from.is_some_and(|(first, _)| *first >= span.first) };
            if !is_filled {
                continue;
            }
            let is_alone = filled.iter().filter(|(_, value)| !is_empty(&value.raw())).count() == 1;
            if is_first && is_alone && self.required.iter().all(|column| (span.from..=span.to).contains(column)) {
                return MergedRow::Title;
            }
            fault = fault.or(Some(RowFault::Merged { cells: span.print() }));
        }
        fault.map_or(MergedRow::Sound, MergedRow::Fault)
    }
}

impl MergedColumn {
    fn span(&self, line: u64) -> Option<&Span> {
        place(&self.spans, line).map(|place| &self.spans[place])
    }

    fn span_mut(&mut self, line: u64) -> Option<&mut Span> {
        place(&self.spans, line).map(|place| &mut self.spans[place])
    }
}

/// In order; what lies over another is one with it.
fn settle(spans: &mut Vec<Span>) {
    spans.sort_by_key(|span| (span.first, span.last));
    let mut settled: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans.drain(..) {
        match settled.last_mut() {
            Some(last) if last.last >= span.first => {
                (last.last, last.to) = (last.last.max(span.last), last.to.max(span.to));
            }
            _ => settled.push(span),
        }
    }
    *spans = settled;
}

/// The settled span that a row lies in.
fn place(spans: &[Span], line: u64) -> Option<usize> {
    let place = spans.partition_point(|span| span.first <= line).checked_sub(1)?;
    (spans[place].last >= line).then_some(place)
}
