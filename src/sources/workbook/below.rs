//! Heads that stand below the head of a sheet: the same one again, or that of another table.

use crate::definitions::record::{FieldType, Table};
use crate::sources::header::folded;
use crate::sources::raw::{FoundTable, Raw, RowFault, is_empty};
use crate::words::finding::Finding;

/// Watches the rows of a sheet for further heads.
pub(crate) struct Below<'f> {
    found: &'f FoundTable,
    headers: Vec<String>,
    /// Columns of days: a row with a day is no head.
    days: Vec<usize>,
    /// The head of another table, above the row at hand.
    other: Option<u64>,
    pub findings: Vec<Finding>,
}

impl<'f> Below<'f> {
    pub fn new(found: &'f FoundTable, definition: &Table) -> Self {
        let is_day = |field: usize| matches!(definition.fields[field].kind, FieldType::Date | FieldType::Moment);
        let columns = found.columns.iter().enumerate().filter(|(field, _)| is_day(*field));
        Self {
            found,
            headers: found.headers.iter().map(|header| folded(header)).collect(),
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

    /// What is wrong with a row for where it stands.
    pub fn fault(&self) -> Option<RowFault> {
        self.other.map(|line| RowFault::BelowHead { line })
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
        let mut filled: Vec<(usize, String)> = Vec::new();
        for (column, cell) in cells.iter().enumerate().filter(|(_, cell)| !is_empty(cell)) {
            let Raw::Text(text) = cell else { return None };
            filled.push((column, folded(text)));
        }
        let is_own = |(column, key): &&(usize, String)| {
            let field = self.found.spelled.get(self.found.table).and_then(|fields| fields.get(key));
            self.headers.get(*column) == Some(key)
                || field.is_some_and(|field| self.found.columns[*field] == Some(*column))
        };
        let is_head = |count: usize| count >= 2 && count * 2 >= filled.len();
        let own = filled.iter().filter(is_own).count();
        let spelled = self.found.spelled.iter();
        let best = spelled.map(|fields| filled.iter().filter(|(_, key)| fields.contains_key(key)).count()).max();
        let best = best.unwrap_or_default();
        if is_head(own) && own >= best {
            return Some(true);
        }
        is_head(best).then_some(false)
    }
}
