//! Signs that nobody sees: they are dropped from every value, and told once a source.

use crate::definitions::record::Table;
use crate::records::typed::has_unseen;
use crate::sources::raw::{FoundTable, Raw, Row};
use crate::words::finding::{Finding, Place};

/// Rows of a source with such signs.
#[derive(Debug, Default, Clone, Copy)]
pub struct Unseen {
    rows: u64,
    /// Line and field of the first one.
    first: Option<(u64, usize)>,
}

impl Unseen {
    /// Notes a row, if it has any.
    pub fn note(&mut self, found: &FoundTable, row: &Row<'_>) {
        let has = |column: &usize| matches!(row.cells.get(*column), Some(Raw::Text(text)) if has_unseen(text));
        let field = found.columns.iter().position(|column| column.as_ref().is_some_and(has));
        if let Some(field) = field.filter(|_| row.fault.is_none()) {
            self.rows += 1;
            self.first = self.first.into_iter().chain([(row.line, field)]).min();
        }
    }

    /// Adds what others noted of the same source.
    pub fn join(&mut self, other: Self) {
        self.rows += other.rows;
        self.first = self.first.into_iter().chain(other.first).min();
    }

    /// What is to be told of the source.
    pub fn tell(self, found: &FoundTable, table: &Table) -> Option<Finding> {
        let (line, field) = self.first?;
        let place = Place { field: Some(table.fields[field].name.clone()), ..found.place(line) };
        Some(Finding::new("signs_unseen", place).with("count", self.rows))
    }
}
