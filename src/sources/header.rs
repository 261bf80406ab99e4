//! Which table a head is the head of, and which column holds which field.

use crate::body::mapping::{Head, Mapping};
use crate::definitions::head_words::HeadWords;
use crate::definitions::marks::marks;
use crate::definitions::record::{FieldType, Table};
use crate::sources::group;
use crate::sources::raw::{Habits, Spelled, Supplied};
use crate::words::finding::{Finding, Place};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::sources::head_row::HeadKey;
pub(crate) use crate::sources::head_row::{HEAD_HEIGHT, HEAD_ROWS, HeadRow, each, folded, join, over, with_tail};

/// What the first rows were recognised as.
#[derive(Debug)]
pub(crate) enum Verdict {
    Found(Match),
    /// Tables that the row could be the head of, and nothing decides between them.
    Ambiguous {
        line: u64,
        tables: Vec<usize>,
    },
    /// No head; the table that comes nearest, if any comes near.
    Unknown(Option<Near>),
}

/// A field and its two columns.
type Twice = (usize, usize, usize);

/// A recognised head.
#[derive(Debug, Clone)]
pub(crate) struct Match {
    pub table: usize,
    /// A more particular table that the names of the source mean.
    pub named: Option<usize>,
    /// First and last line of the head.
    pub top: u64,
    pub line: u64,
    /// The head's cells; several rows of a sheet may make up one head.
    pub cells: Vec<String>,
    /// The cells of each of several rows.
    pub rows: Vec<Vec<String>>,
    /// For each field its column.
    pub columns: Vec<Option<usize>>,
    /// Fields that have two columns.
    pub twice: Vec<Twice>,
    pub supplied: BTreeMap<usize, Supplied>,
    pub habits: Habits,
    /// Spellings of all tables.
    pub spelled: Arc<Spelled>,
}

/// A head that lacks something.
#[derive(Debug, Clone)]
pub(crate) struct Near {
    pub table: usize,
    pub line: Option<u64>,
    /// Required fields that are not there.
    pub missing: Vec<usize>,
    /// None of `any_of` is there.
    pub lacks_any: bool,
    /// Per mille of the required fields that are there, then all fields that are.
    pub likeness: (usize, usize),
}

/// All spellings of all tables, folded; of a source that a mapping knows, those of its table alone.
pub(crate) struct Heads<'t> {
    tables: &'t [Table],
    fields: Arc<Spelled>,
    /// As `fields`, and those of the tables that a mapping does not mean.
    spelled: Arc<Spelled>,
    names: Vec<(String, usize)>,
    /// By which a header is told from a value of another table.
    pub words: Arc<HeadWords>,
    mapping: Option<&'t Mapping>,
    /// What the mapping says of this source.
    pub mapped: Option<&'t Head>,
    /// Where the head stands that the mapping means: the first of the rows, and how many.
    at: Option<(usize, usize)>,
    supplied: BTreeMap<usize, Supplied>,
    /// Positions of the heads of the mapping that some source has.
    met: RefCell<BTreeSet<usize>>,
}

impl<'t> Heads<'t> {
    pub fn new(tables: &'t [Table], mapping: Option<&'t Mapping>) -> Self {
        let spelled = |table: &Table| {
            let mut fields = BTreeMap::new();
            for (index, field) in table.fields.iter().enumerate() {
                for header in field.headers.all().chain([field.name.as_str()]) {
                    fields.entry(folded(header)).or_insert(index);
                }
            }
            fields
        };
        let named = |(index, table): (usize, &'t Table)| {
            let names = table.names.all().chain([table.table.as_str()]);
            names.map(move |name| (folded(name), index)).collect::<Vec<_>>()
        };
        let fields: Arc<Spelled> = Arc::new(tables.iter().map(spelled).collect());
        Self {
            tables,
            spelled: Arc::clone(&fields),
            fields,
            names: tables.iter().enumerate().flat_map(named).collect(),
            words: Arc::new(HeadWords::new(tables)),
            mapping,
            mapped: None,
            at: None,
            supplied: BTreeMap::new(),
            met: RefCell::default(),
        }
    }

    /// The heads that a source can have by the mapping, if it speaks of the source. `rows`: as of `recognise`.
    pub fn of(&self, source: &str, sheet: Option<&str>, rows: &[HeadRow]) -> Option<Self> {
        let group::Fit { place, at, .. } = group::find(self.mapping?, source, sheet, rows)?;
        self.met.borrow_mut().insert(place);
        let head = &self.mapping?.heads[place];
        if !head.confirmed {
            return None;
        }
        let mut fields: Spelled = vec![BTreeMap::new(); self.tables.len()];
        let mut spelled = Spelled::clone(&self.spelled);
        let mut supplied = BTreeMap::new();
        if let Some(table) = self.tables.iter().position(|table| table.table == head.table) {
            let definition = &self.tables[table];
            // of a group all columns are answered; of named sources the others are read by their own names
            if at.is_none() {
                fields[table].clone_from(&self.fields[table]);
            }
            for (header, field) in &head.columns {
                match definition.position(field) {
                    Some(field) => fields[table].insert(folded(header), field),
                    None => fields[table].remove(&folded(header)),
                };
            }
            spelled[table].clone_from(&fields[table]);
            supplied = group::supplied(head, definition, sheet, &rows[..at.map_or(0, |(first, _)| first)]);
        }
        Some(Self {
            tables: self.tables,
            fields: Arc::new(fields),
            spelled: Arc::new(spelled),
            names: Vec::new(),
            words: Arc::clone(&self.words),
            mapping: self.mapping,
            mapped: Some(head),
            at,
            supplied,
            met: RefCell::default(),
        })
    }

    pub fn is_left_out(&self) -> bool {
        self.mapped.is_some_and(|head| head.table.is_empty())
    }

    /// That a person said of a source that it is not to be read.
    pub fn left_out(&self, place: &Place) -> Option<Finding> {
        self.is_left_out().then(|| Finding::new("mapping_left_out", place.clone()))
    }

    /// Whether anything may be said of the sources.
    pub fn are_mapped(&self) -> bool {
        self.mapping.is_some()
    }

    /// Positions of the heads of the mapping that some source has.
    pub fn met(&self) -> BTreeSet<usize> {
        self.met.borrow().clone()
    }

    pub fn table(&self, index: usize) -> &'t Table {
        &self.tables[index]
    }

    /// Finds the head among the first rows. `names`: sheet and file, the nearer one first.
    /// A head may be spread over several rows, as merged cells spread it.
    pub fn recognise(&self, rows: &[HeadRow], names: &[&str]) -> Verdict {
        self.find(rows, names).unwrap_or_else(|| self.unknown(rows, names))
    }

    /// As `recognise`; `None` where no head is found: what comes nearest takes longer to tell.
    pub fn find(&self, rows: &[HeadRow], names: &[&str]) -> Option<Verdict> {
        if let Some((window, row, table)) = self.meant(rows) {
            let found = self.complete(table?, &HeadKey::of(&row), &row)?;
            return Some(Verdict::Found(Match { top: window[0].line, rows: each(window), ..found }));
        }
        for height in 1..=HEAD_HEIGHT {
            for window in rows.windows(height) {
                let row = if height == 1 { window[0].clone() } else { join(window) };
                // a row that alone was no head is none for what stands above it, unless that gives it cells
                if height > 1 && window.last().is_some_and(|last| last.cells == row.cells) {
                    continue;
                }
                let mut matches = self.candidates(&row);
                if matches.len() > 1 {
                    self.decide_by_name(&mut matches, names);
                }
                if matches.len() > 1 {
                    let tables = matches.iter().map(|found| found.table).collect();
                    return Some(Verdict::Ambiguous { line: row.line, tables });
                }
                if let Some(found) = matches.pop() {
                    let meant = names.iter().find_map(|name| self.named(name).first().copied());
                    let named = meant.filter(|meant| self.includes(*meant, found.table));
                    return Some(Verdict::Found(Match { named, top: window[0].line, rows: each(window), ..found }));
                }
            }
        }
        None
    }

    /// Where no head is found: what comes nearest.
    pub fn unknown(&self, rows: &[HeadRow], names: &[&str]) -> Verdict {
        Verdict::Unknown(match self.meant(rows) {
            Some((_, row, table)) => table.map(|table| self.near(table, &HeadKey::of(&row), row.line)),
            None => self.nearest(rows, names),
        })
    }

    /// The rows that the mapping means as a head, those rows as one, and its table.
    fn meant<'r>(&self, rows: &'r [HeadRow]) -> Option<(&'r [HeadRow], HeadRow, Option<usize>)> {
        let ((first, height), head) = self.at.zip(self.mapped)?;
        let window = rows.get(first..first + height).unwrap_or_default();
        let table = self.tables.iter().position(|table| table.table == head.table);
        Some((window, join(window), table))
    }

    /// Tables whose required fields are all in the row. Of two tables of which one requires all that the other does
    /// and more, the more particular one is meant: a table with `refused_at` is `refusals` (records.md, Sources).
    fn candidates(&self, row: &HeadRow) -> Vec<Match> {
        let keys = HeadKey::of(row);
        let found: Vec<Match> = (0..self.tables.len()).filter_map(|table| self.complete(table, &keys, row)).collect();
        let tables: Vec<usize> = found.iter().map(|found| found.table).collect();
        found.into_iter().filter(|less| !tables.iter().any(|more| self.includes(*more, less.table))).collect()
    }

    fn complete(&self, table: usize, keys: &[HeadKey], row: &HeadRow) -> Option<Match> {
        let (mut columns, twice) = self.columns(table, keys);
        let definition = &self.tables[table];
        let (mut cells, mut habits) = (row.cells.clone(), Habits::default());
        if let Some(head) = self.mapped {
            (habits.short_days, habits.local_moments) = (head.short_days, head.local_moments);
            // what stands in a line above its rows is a column of its own behind the others
            let section = head.section.as_ref().and_then(|field| definition.position(field));
            if let Some(field) = section.filter(|field| columns[*field].is_none()) {
                columns[field] = Some(cells.len());
                habits.section = Some(cells.len());
                cells.push(group::section_header(&definition.fields[field], &row.cells));
            }
        }
        let is_given = |field: usize| columns[field].is_some() || self.supplied.contains_key(&field);
        let any = definition.any_of.is_empty()
            || definition.any_of.iter().any(|name| definition.position(name).is_some_and(is_given));
        // a value for every row is no header
        let complete = any && definition.required().all(is_given) && columns.iter().any(Option::is_some);
        let supplied = self.supplied.clone();
        let (line, spelled) = (row.line, Arc::clone(&self.spelled));
        complete.then_some(Match {
            table,
            named: None,
            top: line,
            line,
            cells,
            rows: Vec::new(),
            columns,
            twice,
            supplied,
            habits,
            spelled,
        })
    }

    fn columns(&self, table: usize, keys: &[HeadKey]) -> (Vec<Option<usize>>, Vec<Twice>) {
        let mut columns = vec![None; self.tables[table].fields.len()];
        let mut twice = Vec::new();
        for (column, key) in keys.iter().enumerate() {
            let Some(field) = self.fields[table].get(&key.whole).copied() else { continue };
            match columns[field] {
                None => columns[field] = Some(column),
                Some(first) => twice.push((field, first, column)),
            }
        }
        // the unit of what is counted one by one says nothing more
        for (column, key) in keys.iter().enumerate() {
            let Some((base, unit)) = with_tail(&key.whole) else { continue };
            let Some(field) = self.fields[table].get(base).copied() else { continue };
            let definition = &self.tables[table].fields[field];
            let counts = definition.kind == FieldType::Integer && definition.written.is_unit(unit);
            if counts && columns[field].is_none() && !self.fields[table].contains_key(&key.whole) {
                columns[field] = Some(column);
            }
        }
        // what says the same in two languages is that
        for (column, key) in keys.iter().enumerate().filter(|(_, key)| !key.parts.is_empty()) {
            let mut fields = key.parts.iter().map(|part| self.fields[table].get(part).copied());
            let Some(field) = fields.next().flatten().filter(|field| fields.all(|other| other == Some(*field))) else {
                continue;
            };
            if columns[field].is_none() && !self.fields[table].contains_key(&key.whole) {
                columns[field] = Some(column);
            }
        }
        (columns, twice)
    }

    /// Tables that require all that this one does, and more.
    pub fn more_particular(&self, table: usize) -> impl Iterator<Item = usize> {
        (0..self.tables.len()).filter(move |more| self.includes(*more, table))
    }

    fn includes(&self, more: usize, less: usize) -> bool {
        let requires = |table: usize, name: &str| {
            self.tables[table].fields.iter().any(|field| field.required && field.name == name)
        };
        let (more_count, less_count) = (self.tables[more].required().count(), self.tables[less].required().count());
        more_count > less_count
            && self.tables[less].required().all(|field| requires(more, &self.tables[less].fields[field].name))
    }

    /// The head again for cells that stand below it in merged columns, if it still is one of the same table.
    pub fn again(&self, found: &Match, mut cells: Vec<String>) -> Option<Match> {
        cells.truncate(found.habits.section.unwrap_or(cells.len()));
        let row = HeadRow { line: found.line, cells };
        let again = self.complete(found.table, &HeadKey::of(&row), &row);
        again.map(|again| Match { top: found.top, named: found.named, ..again })
    }

    /// Whether all cells of a row that are filled are headers of a table, as in the second row of a head. «Итог» alone is
    /// a header, too, and yet a total.
    pub fn are_headers(&self, table: usize, row: &HeadRow) -> bool {
        let filled: Vec<&String> = row.cells.iter().filter(|cell| !cell.trim().is_empty()).collect();
        let is_total = matches!(filled[..], [word] if marks().is_total(word));
        !filled.is_empty() && !is_total && filled.iter().all(|cell| self.fields[table].contains_key(&folded(cell)))
    }

    fn decide_by_name(&self, matches: &mut Vec<Match>, names: &[&str]) {
        let meant = names.iter().find_map(|name| {
            let candidates = self.named(name);
            candidates.into_iter().find(|table| matches.iter().any(|found| found.table == *table))
        });
        if let Some(table) = meant {
            matches.retain(|found| found.table == table);
        }
    }

    /// Tables that a file or sheet name means, the longest spelling first: `services-2026-07`, «Услуги (2)».
    fn named(&self, name: &str) -> Vec<usize> {
        let name = folded(name);
        let is_meant = |spelling: &str| {
            name.strip_prefix(spelling).is_some_and(|rest| rest.chars().next().is_none_or(|next| !next.is_alphabetic()))
        };
        let mut meant: Vec<&(String, usize)> = self.names.iter().filter(|(spelling, _)| is_meant(spelling)).collect();
        meant.sort_by_key(|(spelling, table)| (std::cmp::Reverse(spelling.len()), *table));
        meant.iter().map(|(_, table)| *table).collect()
    }

    fn nearest(&self, rows: &[HeadRow], names: &[&str]) -> Option<Near> {
        let meant = names.iter().find_map(|name| self.named(name).first().copied());
        let mut best: Option<(usize, Near)> = None;
        for row in rows {
            let keys = HeadKey::of(row);
            for table in 0..self.tables.len() {
                let near = self.near(table, &keys, row.line);
                // the name weighs as much as half of the required fields
                let weight = near.likeness.0 + if meant == Some(table) { 500 } else { 0 };
                let better = best
                    .as_ref()
                    .is_none_or(|(heaviest, best)| (weight, near.likeness.1) > (*heaviest, best.likeness.1));
                if near.likeness.1 > 0 && better {
                    best = Some((weight, near));
                }
            }
        }
        let by_name = || meant.map(|table| Near { line: None, ..self.near(table, &[], 0) });
        best.map(|(_, near)| near).or_else(by_name)
    }

    fn near(&self, table: usize, keys: &[HeadKey], line: u64) -> Near {
        let (columns, _) = self.columns(table, keys);
        let definition = &self.tables[table];
        let is_given = |field: usize| columns[field].is_some() || self.supplied.contains_key(&field);
        let missing: Vec<usize> = definition.required().filter(|field| !is_given(*field)).collect();
        let lacks_any = !definition.any_of.is_empty()
            && !definition.any_of.iter().any(|name| definition.position(name).is_some_and(is_given));
        let needed = definition.required().count() + usize::from(!definition.any_of.is_empty());
        let there = needed - missing.len() - usize::from(lacks_any);
        let likeness = (there * 1000 / needed.max(1), columns.iter().flatten().count());
        Near { table, line: Some(line), missing, lacks_any, likeness }
    }
}

#[cfg(test)]
#[path = "header_tests.rs"]
mod tests;
