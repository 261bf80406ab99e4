//! Heads that stand below the head of a table: the same one again, or another, or one of a table beside it.

use crate::definitions::record::{FieldType, Table};
use crate::sources::header::folded;
use crate::sources::raw::{FoundTable, Raw, RowFault, column_letters, is_empty};
use crate::words::finding::Finding;
use std::collections::BTreeMap;

/// So many headers of one table beside another are its head; two may stand over somebody's sums.
const BESIDE: usize = 3;

/// Watches the rows of a table for further heads.
pub(crate) struct Below<'f> {
    found: &'f FoundTable,
    /// The head, and each of its rows where it has several; as headers are compared.
    headers: Vec<Vec<String>>,
    /// Columns of days: a row with a day is no head.
    days: Vec<usize>,
    /// Another head, above the row at hand.
    other: Option<u64>,
    pub findings: Vec<Finding>,
}

impl<'f> Below<'f> {
    pub fn new(found: &'f FoundTable, definition: &Table) -> Self {
        let is_day = |field: usize| matches!(definition.fields[field].kind, FieldType::Date | FieldType::Moment);
        let columns = found.columns.iter().enumerate().filter(|(field, _)| is_day(*field));
        let rows = std::iter::once(&found.headers).chain(&found.head_rows);
        Self {
            found,
            headers: rows.map(|row| row.iter().map(|header| folded(header)).collect()).collect(),
            days: columns.filter_map(|(_, column)| *column).collect(),
            other: None,
            findings: Vec::new(),
        }
    }

    /// Whether a row is a head, which is told.
    pub fn is_head(&mut self, line: u64, cells: &[Raw<'_>]) -> bool {
        let Some(is_same) = self.judge(cells) else { return false };
        let name = if is_same { "head_repeated" } else { "head_of_another" };
        self.findings.push(Finding::new(name, self.found.place(line)));
        self.other = (!is_same).then_some(line);
        true
    }

    /// Of the cells of a row in columns that the head has not: whether they are the head of another table, which is told.
    pub fn is_head_beside(&mut self, line: u64, cells: &[(usize, Raw<'_>)]) -> bool {
        let Some(filled) = texts(cells.iter().map(|(column, cell)| (*column, cell))) else { return false };
        let count = self.known(&filled);
        let is_head = count >= BESIDE && count * 2 >= filled.len();
        if is_head {
            let cell = format!("{}{line}", column_letters(filled[0].0));
            self.findings.push(Finding::new("head_beside", self.found.place_of(line, &cell)).with("cell", cell));
        }
        is_head
    }

    /// What is wrong with a row for where it stands.
    pub fn fault(&self) -> Option<RowFault> {
        self.other.map(|line| RowFault::BelowHead { line })
    }

    /// Whether another head was met.
    pub fn has_other(&self) -> bool {
        self.findings.iter().any(|finding| finding.name == "head_of_another")
    }

    /// Of a head: whether it says of each column what the first one says.
    fn judge(&self, cells: &[Raw<'_>]) -> Option<bool> {
        let is_digit = |text: &&str| text.trim_start().starts_with(|letter: char| letter.is_ascii_digit());
        let is_value = |column: &usize| match cells.get(*column) {
            Some(Raw::Text(text)) => is_digit(text),
            Some(cell) => !is_empty(cell),
            None => false,
        };
        if self.days.iter().any(is_value) {
            return None;
        }
        let filled = texts(cells.iter().enumerate())?;
        let known = self.found.spelled.get(self.found.table);
        let field_of = |column: usize| self.found.columns.iter().position(|own| *own == Some(column));
        let says_same = |(column, key): &(usize, String)| self.headers.iter().any(|row| row.get(*column) == Some(key));
        let is_own = |cell: &&(usize, String)| {
            let field = known.and_then(|fields| fields.get(&cell.1));
            says_same(cell) || field.is_some_and(|field| field_of(cell.0) == Some(*field))
        };
        let is_head = |count: usize| count >= 2 && count * 2 >= filled.len();
        let own = filled.iter().filter(is_own).count();
        let best = self.known(&filled);
        // of each column both heads say the same: else its values would be read as another field's, or be lost
        let is_changed = |cell: &(usize, String)| {
            let field = known.and_then(|fields| fields.get(&cell.1)).copied();
            !says_same(cell) && field_of(cell.0) != field
        };
        // of several rows each leaves some columns to the others
        let is_left_out = |column: &usize| self.headers.len() == 1 && !filled.iter().any(|(own, _)| own == column);
        if is_head(own) && own >= best {
            return Some(!filled.iter().any(is_changed) && !self.found.columns.iter().flatten().any(is_left_out));
        }
        is_head(best).then_some(false)
    }

    /// How many texts are headers of one and the same table.
    fn known(&self, filled: &[(usize, String)]) -> usize {
        let spelled = self.found.spelled.iter();
        let count =
            |fields: &BTreeMap<String, usize>| filled.iter().filter(|(_, key)| fields.contains_key(key)).count();
        spelled.map(count).max().unwrap_or_default()
    }
}

/// The filled cells as headers are compared, where all of them are texts.
fn texts<'c>(cells: impl Iterator<Item = (usize, &'c Raw<'c>)>) -> Option<Vec<(usize, String)>> {
    let filled = cells.filter(|(_, cell)| !is_empty(cell));
    filled.map(|(column, cell)| if let Raw::Text(text) = cell { Some((column, folded(text))) } else { None }).collect()
}
