//! Rows and lines with their values, put into the printed order of the form.

use crate::definitions::form::{Form, LineBy};
use crate::definitions::spelling::Spellings;
use crate::filed::columns::{Columns, Spans};
use crate::filed::likely;
use crate::filed::lines;
use crate::filed::marks::Marks;
use crate::filed::merges::{Merge, MergeHolds, Merges};
use crate::filed::rows::{Found, Mended, What};
use crate::filed::value;
use crate::filed::value::CellReading;
use crate::sources::workbook::grid::{Area, Grid};
use crate::values::cells::{Line, LineKey, Party, Value};
use crate::words::finding::{Finding, Place};
use crate::words::lang::Lang;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Row and column of the sheet of each value of a line.
pub type ValuePlaces = Vec<Option<(u32, u32)>>;

/// A row or line as it was read.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Row of the sheet, from 0.
    pub(crate) at: u32,
    pub(crate) row: usize,
    pub(crate) is_line: bool,
    pub(crate) number: String,
    pub(crate) indent: usize,
    pub(crate) key: LineKey,
    /// `row`, `provider` or `service`, where the columns for programs say so.
    pub(crate) level: String,
    /// Absent: the table has not the column.
    pub(crate) values: Vec<Option<Value>>,
    pub(crate) places: ValuePlaces,
}

/// Collects what stands in the table of one sheet.
pub struct FormTable<'t> {
    pub form: &'t Form,
    pub grid: &'t Grid,
    pub columns: &'t Columns<'t>,
    pub marks: &'t Marks,
    pub spellings: &'t Spellings,
    pub place: Place,
    /// In which labels are told.
    pub lang: Lang,
    pub findings: Vec<Finding>,
    pub entries: Vec<Entry>,
    /// Row and column of values of which a finding says that they are no numbers, and why.
    pub told: BTreeSet<(u32, u32)>,
}

impl FormTable<'_> {
    /// Takes all rows with their values; what is in doubt stays out and is a finding.
    pub fn take(&mut self, found: &[Found]) {
        let spans = self.spans(found);
        let merges = Merges::find(self.grid, &spans);
        for found in found {
            let at = found.at;
            match &found.what {
                What::Row(row) => {
                    self.report_mended(found, *row);
                    self.entry(found, *row, false, &spans, &merges);
                }
                What::Line(row) => self.entry(found, *row, true, &spans, &merges),
                What::Foreign => {
                    let finding = Finding::new("row_foreign", self.row_place(at, None));
                    self.findings.push(finding.with("label", said(found)));
                }
                What::Doubtful(rows) => {
                    let rows: Vec<&str> = rows.iter().map(|row| self.form.rows[*row].no.as_str()).collect();
                    let finding = Finding::new("row_doubtful", self.row_place(at, None));
                    self.findings.push(finding.with("label", said(found)).with("rows", rows.join(", ")));
                }
                What::Nothing => {}
            }
        }
        self.report_moved(found);
    }

    pub(crate) fn row_place(&self, at: u32, row: Option<usize>) -> Place {
        let row = row.map(|row| self.form.rows[row].no.clone());
        Place { line: Some(u64::from(at) + 1), row, ..self.place.clone() }
    }

    fn report_mended(&mut self, found: &Found, row: usize) {
        let Some(mended) = found.mended else { return };
        let name = match mended {
            Mended::Number => "row_number_mended",
            Mended::Unnumbered => "row_by_label",
            Mended::Relabelled => "row_by_number",
        };
        let finding = Finding::new(name, self.row_place(found.at, Some(row)));
        let slots = finding.with("label", said(found)).with("was", &found.stub.number);
        self.findings.push(slots.with("row", &self.form.rows[row].no));
    }

    /// Rows that do not stand in the printed order: all but the longest run that does.
    fn report_moved(&mut self, found: &[Found]) {
        let mut rows: Vec<(u32, usize)> = Vec::new();
        for found in found {
            // a row that comes again is the continuation of a table or a repeat
            if let What::Row(row) = found.what
                && rows.iter().all(|(_, known)| *known != row)
            {
                rows.push((found.at, row));
            }
        }
        let mut best: Vec<(usize, Option<usize>)> = Vec::new();
        for at in 0..rows.len() {
            let before = (0..at).filter(|before| rows[*before].1 <= rows[at].1).max_by_key(|before| best[*before].0);
            best.push((before.map_or(0, |before| best[before].0) + 1, before));
        }
        let mut keep = vec![false; rows.len()];
        let mut at = (0..rows.len()).max_by_key(|at| best[*at].0);
        while let Some(here) = at {
            keep[here] = true;
            at = best[here].1;
        }
        for ((at, row), _) in rows.iter().zip(keep).filter(|(_, keep)| !keep) {
            let finding = Finding::new("row_moved", self.row_place(*at, Some(*row)));
            self.findings.push(finding.with("row", &self.form.rows[*row].no));
        }
    }

    /// The spans of each row of the sheet: chosen for the rows of one section under one head together.
    fn spans(&mut self, found: &[Found]) -> BTreeMap<u32, Spans> {
        /// Heads and section → rows of the sheet with their rows of the form.
        type Groups = BTreeMap<(Option<usize>, String), Vec<(u32, usize)>>;
        let mut groups = Groups::new();
        for found in found {
            if let What::Row(row) | What::Line(row) = found.what {
                let section = self.form.rows[row].section.clone();
                groups.entry((self.columns.region(found.at), section)).or_default().push((found.at, row));
            }
        }
        let mut spans = BTreeMap::new();
        for ((_, section), rows) in groups {
            let id = &self.form.grid_of(rows[0].1).id;
            let grid = self.form.grids.iter().position(|grid| grid.id == *id).unwrap_or(0);
            let lines: Vec<u32> = rows.iter().map(|(at, _)| *at).collect();
            let chosen = self.columns.choose(grid, self.grid, &lines);
            let place = Place { section: Some(section.clone()), ..self.row_place(lines[0], None) };
            match chosen.as_slice() {
                [] => self.findings.push(Finding::new("columns_not_found", place).with("section", section)),
                [one] => spans.extend(lines.into_iter().map(|line| (line, one.clone()))),
                several => {
                    let both: Vec<String> = several.iter().map(letters_of).collect();
                    let finding = Finding::new("columns_ambiguous", place).with("section", section);
                    self.findings.push(finding.with("columns", both.join(" | ")));
                }
            }
        }
        spans
    }

    fn entry(&mut self, found: &Found, row: usize, is_line: bool, spans: &BTreeMap<u32, Spans>, merges: &Merges) {
        let width = self.form.grid_of(row).columns.len();
        let (mut values, mut places) = (vec![Some(Value::Blank); width], vec![None; width]);
        if let Some(spans) = spans.get(&found.at) {
            for (column, span) in spans.iter().enumerate() {
                let Some(span) = span else {
                    values[column] = None;
                    continue;
                };
                let cells = self.columns.cells(self.grid, found.at, *span);
                let place = (found.at, cells.first().copied().unwrap_or(span.0));
                places[column] = Some(place);
                values[column] = Some(match merges.over(found.at, *span) {
                    Some(merge) => self.merged(merge, place, row, column),
                    None => self.value(found.at, row, column, &cells),
                });
            }
            for column in self.columns.beside(self.grid, found.at, spans) {
                let cell = &self.grid.cells[&(found.at, column)];
                if value::is_like_value(cell) {
                    let place = Place { cell: Some(a1((found.at, column))), ..self.row_place(found.at, Some(row)) };
                    self.findings.push(Finding::new("cell_beside", place).with("value", value::shown(cell)));
                }
            }
        }
        let marked = self.marks.line(self.grid, found.at).unwrap_or_default();
        let key = if is_line { self.key(found, row, &marked) } else { LineKey::default() };
        let (number, indent) = (found.stub.number.clone(), found.stub.indent);
        self.entries.push(Entry {
            at: found.at,
            row,
            is_line,
            number,
            indent,
            key,
            level: marked.level,
            values,
            places,
        });
    }

    /// A value under a merge of several; what stands there is told at the first of them.
    fn merged(&mut self, merge: &Merge, place: (u32, u32), row: usize, column: usize) -> Value {
        match &merge.holds {
            MergeHolds::Nothing => Value::Blank,
            MergeHolds::Dash => Value::NoInfo,
            MergeHolds::Other(text) => {
                let Area { first, last } = merge.area;
                if !self.told.contains(&first) {
                    let area = format!("{}:{}", a1(first), a1(last));
                    let place = Place { cell: Some(a1(first)), ..self.column_place(first.0, row, column) };
                    self.findings.push(Finding::new("value_merged", place).with("area", area).with("value", text));
                }
                self.told.extend([first, place]);
                Value::Fault(text.clone())
            }
        }
    }

    fn column_place(&self, at: u32, row: usize, column: usize) -> Place {
        let id = self.form.grid_of(row).columns.get(column).map(|column| column.id.clone());
        Place { column: id, ..self.row_place(at, Some(row)) }
    }

    fn value(&mut self, at: u32, row: usize, column: usize, cells: &[u32]) -> Value {
        let row_place = self.column_place(at, row, column);
        let place = |column: u32| Place { cell: Some(a1((at, column))), ..row_place.clone() };
        if let [_, _, ..] = cells {
            let shown: Vec<String> =
                cells.iter().map(|column| value::shown(&self.grid.cells[&(at, *column)])).collect();
            let finding = Finding::new("cell_twice", place(cells[0])).with("values", shown.join(" | "));
            self.findings.push(finding);
            return Value::Fault(shown.join(" | "));
        }
        let cell = cells.first().and_then(|column| self.grid.cells.get(&(at, *column)));
        let CellReading { value, mended } = value::read(cell);
        if let Some(was) = mended {
            let finding = Finding::new("value_mended", place(cells.first().copied().unwrap_or(0)));
            self.findings.push(finding.with("was", was).with("value", value.print()));
        }
        if let Some(formula) = cell.filter(|cell| cell.datum == crate::sources::workbook::grid::Datum::Absent) {
            let finding = Finding::new("formula_uncounted", place(cells.first().copied().unwrap_or(0)));
            self.findings.push(finding.with("formula", value::shown(formula)));
        }
        if let (Value::Fault(shown), Some(cell), Some(column)) = (&value, cell, cells.first()) {
            let likely = likely::numbers(cell, self.spellings);
            if !likely.is_empty() {
                let likely = likely.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
                let finding = Finding::new("value_with_more", place(*column)).with("value", shown);
                self.findings.push(finding.with("likely", likely));
                self.told.insert((at, *column));
            }
        }
        value
    }

    /// Who the line is of: the printed name, and the codes beside it.
    fn key(&self, found: &Found, row: usize, marked: &crate::filed::marks::MarkedLine) -> LineKey {
        let by = &self.form.rows[row].lines;
        let label = found.stub.label.clone();
        let is_system = by.contains(&LineBy::System);
        let (name, system) = if is_system { lines::split_system(&label) } else { (label.clone(), None) };
        let system = if marked.system.is_empty() { system } else { Some(marked.system.clone()) };
        let name = match &system {
            Some(system) => label
                .strip_suffix(system.as_str())
                .map_or(name, |rest| rest.trim_end_matches([' ', '—', '–', '-']).to_owned()),
            None => name,
        };
        let party = |code: &str, name: &str| Some(Arc::new(Party { code: code.to_owned(), name: name.to_owned() }));
        // the name of a party that has only its code is printed as the code
        let named = |code: &str| if code == name { "" } else { name.as_str() }.to_owned();
        if marked.level == "provider" {
            return LineKey { provider: party(&marked.provider, &named(&marked.provider)), ..LineKey::default() };
        }
        let provider = (!marked.provider.is_empty()).then(|| party(&marked.provider, "")).flatten();
        LineKey {
            provider,
            service: party(&marked.service, &named(&marked.service)),
            system: system.filter(|_| is_system),
        }
    }
}

/// What a person reads in the stub.
fn said(found: &Found) -> String {
    [found.stub.number.as_str(), found.stub.label.as_str()].join(" ").trim().to_owned()
}

pub(crate) fn disjoint(one: &Entry, other: &Entry) -> bool {
    one.values.iter().zip(&other.values).all(|(one, other)| one.is_none() || other.is_none())
}

/// Fills the columns that the first part has not; `false` where both have one.
pub(crate) fn merge(first: &mut Entry, other: &Entry) -> bool {
    if !disjoint(first, other) {
        return false;
    }
    for column in 0..first.values.len() {
        if first.values[column].is_none() {
            first.values[column].clone_from(&other.values[column]);
            first.places[column] = other.places[column];
        }
    }
    true
}

pub(crate) fn finish(entry: Entry) -> (Line, ValuePlaces) {
    let values = entry.values.into_iter().map(|value| value.unwrap_or(Value::Blank)).collect();
    (Line { row: entry.row, key: entry.key, values }, entry.places)
}

fn letters_of(spans: &Spans) -> String {
    let first = |span: &crate::filed::columns::Span| a1((0, span.0)).trim_end_matches('1').to_owned();
    spans.iter().flatten().map(first).collect::<Vec<_>>().join(" ")
}

/// A1 address of a row and column, from 0.
pub fn a1(place: (u32, u32)) -> String {
    let mut letters = String::new();
    let mut column = place.1 + 1;
    while column > 0 {
        let digit = u8::try_from((column - 1) % 26).unwrap_or(0);
        letters.insert(0, char::from(b'A' + digit));
        column = (column - 1) / 26;
    }
    format!("{letters}{}", place.0 + 1)
}
