//! Which row of the form each row of the sheet is: by number and label together, never by position.

use crate::definitions::form::Form;
use crate::definitions::spelling::{Spellings, fold};
use crate::filed::columns::Columns;
use crate::filed::labels::{Hit, Labels};
use crate::filed::marks::Marks;
use crate::filed::nameless;
use crate::filed::nameless::Nameless;
use crate::filed::number;
use crate::filed::value;
use crate::filed::value::{is_like_value, shown};
use crate::sources::workbook::grid::Grid;
use crate::values::cells::Value;
use crate::words::lang::Lang;
use std::collections::{BTreeMap, BTreeSet};

/// A label that is this unlike cannot be meant.
const UNLIKE: f64 = 0.5;
/// A label that is this like is meant.
const MEANT: f64 = 0.9;

/// No language is shown.
const NO: &[Lang] = &[];

/// What a row of the sheet is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    Row(usize),
    /// A line of the variable block of a row.
    Line(usize),
    Foreign,
    /// It may be any of these rows; it is none of them until somebody decides.
    Doubtful(Vec<usize>),
    /// A title, a head, an empty line: it counts nothing.
    Nothing,
}

/// What was mended to recognise a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mended {
    Number,
    /// Known by its label alone.
    Unnumbered,
    /// Known by its number alone.
    Relabelled,
}

/// A row of the sheet that belongs to the table.
#[derive(Debug, Clone)]
pub struct Found {
    /// From 0.
    pub at: u32,
    pub what: What,
    pub mended: Option<Mended>,
    pub stub: Stub,
    /// Languages of the label.
    pub langs: &'static [Lang],
}

/// Number and label as they stand there.
#[derive(Debug, Clone, Default)]
pub struct Stub {
    pub number: String,
    /// Row numbers that are meant, the likeliest first.
    pub numbers: Vec<String>,
    pub label: String,
    /// Blanks before the label.
    pub indent: usize,
}

/// Reads the rows of one sheet.
pub struct Rows<'a> {
    pub form: &'a Form,
    pub grid: &'a Grid,
    pub columns: &'a Columns<'a>,
    pub marks: &'a Marks,
    pub spellings: &'a Spellings,
    pub labels: Labels,
    /// Rows of the form whose number and label stand together somewhere.
    certain: BTreeMap<usize, u32>,
    /// Rows under heads without a stub.
    pub nameless: Nameless,
}

impl<'a> Rows<'a> {
    pub fn new(
        form: &'a Form,
        grid: &'a Grid,
        columns: &'a Columns<'a>,
        marks: &'a Marks,
        spellings: &'a Spellings,
    ) -> Self {
        Self {
            form,
            grid,
            columns,
            marks,
            spellings,
            labels: Labels::new(form),
            certain: BTreeMap::new(),
            nameless: Nameless::default(),
        }
    }

    /// All rows of the table, top to bottom.
    pub fn find(&mut self) -> Vec<Found> {
        let first = self.columns.regions.first().map_or(0, |region| region.row);
        let bare = self.bare();
        let rows: Vec<u32> = self.grid.rows().into_iter().filter(|row| *row > first).collect();
        for row in &rows {
            let stub = self.stub(*row);
            if let Some(hit) = self.agreed(&stub) {
                self.certain.entry(hit.row).or_insert(*row);
            }
        }
        let mut found: Vec<Found> = Vec::new();
        // a form whose first row prints only its lines begins with them, and so does its continuation
        let begins = self.form.rows.first().filter(|row| row.lines_only).map(|_| 0);
        let (mut block, mut table) = (begins, self.columns.region(first + 1));
        let mut last = None;
        let mut signed = None;
        for row in rows {
            let sheet = crate::filed::stack::split(row).0;
            if signed == Some(sheet) {
                continue;
            }
            if std::mem::replace(&mut table, self.columns.region(row)) != self.columns.region(row) {
                block = block.or(begins);
            }
            if self.columns.region(row).is_some_and(|region| bare.contains(&region)) {
                if self.signs(row) {
                    signed = Some(sheet);
                } else if self.has_values(row) && self.columns.regions.iter().all(|region| region.row != row) {
                    self.nameless.rows.push(row);
                }
                continue;
            }
            if !bare.is_empty() && !self.has_values(row) && self.is_heads(row) {
                continue;
            }
            let mut stub = self.stub(row);
            let text = fold(&stub.label);
            let is_mine = self.marks.line(self.grid, row).is_some();
            if !is_mine && !found.is_empty() && self.labels.is_signature(&text) && !self.has_values(row) {
                signed = Some(sheet);
                continue;
            }
            let (what, mended, langs) = self.judge(row, &stub, &text, block, last);
            if let What::Row(known) = what {
                last = Some(known);
                let continues = self.form.rows[known].lines_only || !self.form.rows[known].lines.is_empty();
                block = continues.then_some(known);
            }
            if let What::Doubtful(_) = what {
                block = None;
            }
            if matches!(what, What::Line(_)) && self.labels.is_blank_line(&text) {
                // the annex's words in place of a name name nobody
                stub.label.clear();
            }
            if what != What::Nothing {
                found.push(Found { at: row, what, mended, stub, langs });
            }
        }
        self.join(&mut found);
        found
    }

    /// Heads below which no row has a stub.
    fn bare(&self) -> BTreeSet<usize> {
        let is_named = |row: u32| {
            let stub = self.stub(row);
            (!stub.label.is_empty() || !stub.numbers.is_empty()) && self.has_values(row)
        };
        nameless::bare(self.columns, self.grid, &is_named)
    }

    /// Whether the signatures begin in a row that has no stub.
    fn signs(&self, row: u32) -> bool {
        let mut texts = self.grid.row(row).filter_map(|(column, _)| self.grid.text(row, column));
        texts.any(|text| self.labels.is_signature(&fold(text)))
    }

    /// Gives rows without a stub the names of the first part's rows, where there are as many of them.
    fn join(&mut self, found: &mut Vec<Found>) {
        self.nameless.first = found.len();
        if self.nameless.rows.len() == found.len() {
            let named: Vec<Found> = found
                .iter()
                .zip(&self.nameless.rows)
                .map(|(found, at)| Found { at: *at, mended: None, ..found.clone() })
                .collect();
            found.extend(named);
        }
    }

    /// The texts left of the values.
    fn stub(&self, row: u32) -> Stub {
        let end = self.columns.stub_end(row);
        let mut stub = Stub::default();
        for (column, cell) in self.grid.row(row).take_while(|(column, _)| *column < end) {
            let numbers = number::meant(cell);
            if stub.label.is_empty() && stub.numbers.is_empty() && !numbers.is_empty() {
                stub.number = shown(cell);
                stub.numbers = numbers;
            } else if let Some(text) = self.grid.text(row, column) {
                if stub.label.is_empty() {
                    stub.indent = text.chars().take_while(|letter| letter.is_whitespace()).count();
                } else {
                    stub.label.push(' ');
                }
                stub.label.push_str(&text.split_whitespace().collect::<Vec<_>>().join(" "));
            }
        }
        stub
    }

    /// A number that stands in one cell with its label, taken apart.
    fn apart(stub: &Stub) -> (Vec<String>, String) {
        match number::split(&stub.label).filter(|_| stub.numbers.is_empty()) {
            Some((number, label)) => (vec![number], fold(label)),
            None => (stub.numbers.clone(), fold(&stub.label)),
        }
    }

    fn numbered(&self, numbers: &[String]) -> Vec<usize> {
        numbers.iter().filter_map(|number| self.form.rows.iter().position(|row| row.no == *number)).collect()
    }

    /// The row whose number and label are both meant.
    fn agreed(&mut self, stub: &Stub) -> Option<Hit> {
        let (numbers, text) = Self::apart(stub);
        let numbered = self.numbered(&numbers);
        let hits = self.labels.like(&text);
        numbered.iter().find_map(|row| hits.iter().find(|hit| hit.row == *row)).copied()
    }

    fn has_values(&self, row: u32) -> bool {
        let (from, end) = (self.columns.stub_end(row), self.columns.end);
        self.grid.row(row).any(|(column, cell)| (from..end).contains(&column) && is_like_value(cell))
    }

    /// Whether anything but dashes and blanks stands among the values: a line without a name and numbers is room.
    fn has_numbers(&self, row: u32) -> bool {
        let (from, end) = (self.columns.stub_end(row), self.columns.end);
        let cells = self.grid.row(row).filter(|(column, _)| (from..end).contains(column));
        cells.map(|(_, cell)| value::read(Some(cell)).value).any(|value| !matches!(value, Value::NoInfo | Value::Blank))
    }

    fn is_heads(&self, row: u32) -> bool {
        nameless::is_heads(self.form, &self.spellings.introductions, self.grid, row)
    }

    /// Heads, their continuation on another page, titles of sections.
    fn is_title(&self, row: u32, text: &str) -> bool {
        let near = |region: &crate::filed::locate::Region| region.row >= row && region.row - row <= 5;
        let (from, end) = (self.columns.stub_end(row), self.columns.end);
        let words = self.grid.row(row).any(|(column, cell)| {
            (from..end).contains(&column) && self.grid.text(row, column).is_some() && !is_like_value(cell)
        });
        if self.columns.regions.iter().any(|region| region.row == row || (near(region) && words)) {
            return true;
        }
        let is = |label: &crate::words::lang::Text| Lang::ALL.iter().any(|lang| fold(label.get(*lang)) == text);
        let heads = self.form.grids.iter().flat_map(|grid| {
            grid.stub.iter().map(|stub| &stub.label).chain(grid.groups.iter().map(|group| &group.label))
        });
        self.labels.is_section(text)
            || self.spellings.introductions.iter().any(|known| fold(known) == text)
            || (!self.has_values(row) && heads.into_iter().any(is))
    }

    fn judge(
        &mut self,
        row: u32,
        stub: &Stub,
        text: &str,
        block: Option<usize>,
        last: Option<usize>,
    ) -> (What, Option<Mended>, &'static [Lang]) {
        let nothing = (What::Nothing, None, NO);
        let values = self.has_values(row);
        if let Some(verdict) = self.by_marks(row, stub, text) {
            return verdict;
        }
        if self.is_title(row, text) || (text.is_empty() && stub.numbers.is_empty() && !values) {
            return nothing;
        }
        if let Some(hit) = self.agreed(stub) {
            let (numbers, _) = Self::apart(stub);
            let mended = (self.form.rows[hit.row].no != numbers[0]).then_some(Mended::Number);
            if self.form.rows[hit.row].lines_only {
                return nothing;
            }
            return (What::Row(hit.row), mended, hit.langs);
        }
        let (numbers, label) = Self::apart(stub);
        let numbered = self.numbered(&numbers);
        let hits = self.labels.like(&label);
        let own = |row: &usize| self.labels.own(&label, *row).0;
        let best = numbered.iter().map(own).fold(0.0, f64::max);
        if let Some(block) = block
            && hits.first().is_none_or(|hit| hit.likeness < MEANT)
            && best < UNLIKE
            && (!label.is_empty() || (numbered.is_empty() && values))
        {
            let blank = !self.has_numbers(row) && (self.labels.is_blank_line(text) || label.is_empty());
            return if blank { nothing } else { (What::Line(block), None, NO) };
        }
        if self.labels.is_blank_line(text) && !values {
            return nothing;
        }
        match (numbered.as_slice(), hits.as_slice()) {
            ([], []) if values => (What::Foreign, None, NO),
            ([], []) => nothing,
            ([row, ..], []) if label.is_empty() && values => (What::Row(*row), Some(Mended::Relabelled), NO),
            ([], _) | (_, []) if !values && hits.is_empty() => nothing,
            (_, []) if best >= UNLIKE => {
                let row = numbered.iter().copied().max_by(|a, b| own(a).total_cmp(&own(b)));
                (row.map_or(What::Foreign, What::Row), Some(Mended::Relabelled), NO)
            }
            (_, []) => (What::Doubtful(numbered), None, NO),
            ([], hits) => self.unnumbered(hits, last),
            (numbered, hits) => self.contradiction(numbered, hits),
        }
    }

    /// What the columns for programs say, unless number and label say that the row is another one.
    fn by_marks(&mut self, row: u32, stub: &Stub, text: &str) -> Option<(What, Option<Mended>, &'static [Lang])> {
        let line = self.marks.line(self.grid, row)?;
        let known = self.form.row_position(&line.row)?;
        if line.level != "row" {
            let is_room = !self.has_numbers(row) && (text.is_empty() || self.labels.is_blank_line(text));
            return Some((if is_room { What::Nothing } else { What::Line(known) }, None, NO));
        }
        let (numbers, label) = Self::apart(stub);
        let (likeness, langs) = self.labels.own(&label, known);
        let numbered = self.numbered(&numbers);
        let agrees = numbered.contains(&known) || (numbers.is_empty() && self.form.rows[known].print.is_empty());
        if likeness >= UNLIKE && agrees {
            return Some((What::Row(known), None, langs));
        }
        let other = self.labels.like(&label).first().map(|hit| hit.row).or(numbered.first().copied());
        match other.filter(|other| *other != known) {
            Some(other) if likeness < UNLIKE || !agrees => Some((What::Doubtful(vec![known, other]), None, NO)),
            _ => Some((What::Row(known), Some(Mended::Relabelled), langs)),
        }
    }

    /// A label without a number: where it is the label of several rows, their place among the others decides.
    fn unnumbered(&self, hits: &[Hit], last: Option<usize>) -> (What, Option<Mended>, &'static [Lang]) {
        let open: Vec<&Hit> = hits.iter().filter(|hit| !self.certain.contains_key(&hit.row)).collect();
        let parent = |row: usize| self.form.rows[row].parent.as_deref();
        let beside = |hit: &&&Hit| {
            last.is_some_and(|last| {
                parent(hit.row) == Some(&self.form.rows[last].id) || parent(hit.row) == parent(last)
            })
        };
        let near: Vec<&Hit> = open.iter().filter(beside).copied().collect();
        let next = open.iter().find(|hit| last.is_some_and(|last| hit.row == last + 1)).copied();
        let chosen = match (open.as_slice(), near.as_slice()) {
            ([one], _) | (_, [one]) => Some(*one),
            _ => next,
        };
        match chosen {
            Some(hit) if self.form.rows[hit.row].lines_only => (What::Nothing, None, NO),
            Some(hit) => {
                let mended = (!self.form.rows[hit.row].print.is_empty()).then_some(Mended::Unnumbered);
                (What::Row(hit.row), mended, hit.langs)
            }
            None => (What::Doubtful(hits.iter().map(|hit| hit.row).collect()), None, NO),
        }
    }

    /// Number and label of different rows: the label wins where the number's own row stands elsewhere.
    fn contradiction(&self, numbered: &[usize], hits: &[Hit]) -> (What, Option<Mended>, &'static [Lang]) {
        let taken = |row: usize| self.certain.contains_key(&row);
        let free: Vec<&Hit> = hits.iter().filter(|hit| !taken(hit.row) && hit.likeness >= MEANT).collect();
        if let ([hit], true) = (free.as_slice(), numbered.iter().all(|row| taken(*row))) {
            return (What::Row(hit.row), Some(Mended::Number), hit.langs);
        }
        let mut rows: Vec<usize> = numbered.iter().take(1).copied().chain(hits.iter().map(|hit| hit.row)).collect();
        rows.dedup();
        (What::Doubtful(rows), None, NO)
    }
}
