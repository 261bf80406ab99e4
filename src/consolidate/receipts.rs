//! Days on which reports came in, by unit: a table in any format that records come in. Its heads: `schemas/received.toml`.

use crate::definitions::Definitions;
use crate::definitions::record::Table;
use crate::records::typed;
use crate::records::typed::Typed;
use crate::report::wording::word;
use crate::sources;
use crate::sources::raw::{FoundTable, Raw, Row, RowFault};
use crate::sources::{Discovered, Options};
use crate::words::failure::{Halt, OrHalt};
use anyhow::{Result, ensure};
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Findings about a table that has no head, or not all of it.
const NO_HEAD: [&str; 3] = ["header_not_found", "table_unknown", "file_empty"];

/// Days on which reports came in, by the position of their unit.
#[derive(Debug, Default)]
pub struct Receipts {
    days: BTreeMap<usize, NaiveDate>,
    /// Name of a file, where the table says it → the last day on which it came in.
    files: BTreeMap<String, NaiveDate>,
    /// Names of files that the table says hold.
    holding: BTreeSet<String>,
}

impl Receipts {
    /// Reads the file; `find`: the unit that a code or a name means.
    ///
    /// # Errors
    /// The file cannot be read, lacks a column, names nobody of the organisation's units, or has no date in a row.
    pub fn read(path: &Path, find: &dyn Fn(&str) -> Option<usize>, definitions: &Definitions) -> Result<Self> {
        ensure!(!path.is_dir(), Halt::reading(path).because(Halt::new("fault_is_folder")));
        let (table, options) = (&definitions.received, Options::default());
        let Discovered { tables, findings, .. } =
            sources::discover(&[path.to_owned()], std::slice::from_ref(table), &options)?;
        if tables.is_empty() {
            let told = findings.iter().find(|finding| !NO_HEAD.contains(&finding.name));
            return match told.map(|finding| word(finding, definitions, None).message) {
                None => Err(Halt::new("fault_received_column").at(path).into()),
                Some(said) => Err(Halt::new("fault_told").with_text("message", &said)).or_halt(|| Halt::within(path)),
            };
        }
        let mut receipts = Self::default();
        for found in &tables {
            sources::read(found, table, &options, &mut |row| receipts.take(path, table, found, row, find))?;
        }
        Ok(receipts)
    }

    fn take(
        &mut self,
        path: &Path,
        table: &Table,
        found: &FoundTable,
        row: &Row<'_>,
        find: &dyn Fn(&str) -> Option<usize>,
    ) -> Result<()> {
        let halt = |key| Halt::new(key).at(path).with("line", row.line);
        // what stands beside the columns of the table means nothing
        ensure!(matches!(row.fault, None | Some(RowFault::Ragged { .. })), halt("fault_received_row"));
        let raw = |name: &str| {
            let column = table.position(name).and_then(|field| found.columns[field]);
            column.and_then(|column| row.cells.get(column)).unwrap_or(&Raw::Empty)
        };
        let typed = |name: &str| {
            table.fields.iter().find(|field| field.name == name).map(|field| typed::parse(field, None, raw(name)))
        };
        let said = |name: &str| match typed(name) {
            Some(Ok(Typed::Text(text))) => Some(text.into_owned()),
            _ => None,
        };
        let names: Vec<String> = ["unit", "bin", "name"].into_iter().filter_map(said).collect();
        let unit = names.iter().find_map(|name| find(name));
        let unit = unit.or_halt(|| halt("fault_received_unit").with("unit", names.join(", ")))?;
        let day = typed("received").and_then(Result::ok).and_then(|day| day.day());
        let shown = || String::from_utf8_lossy(&raw("received").print()).into_owned();
        let day = day.or_halt(|| halt("fault_received_date").with("day", shown()))?;
        // a report that came twice is in since the first day
        let known = self.days.entry(unit).or_insert(day);
        *known = day.min(*known);
        if let Some(file) = said("file") {
            let known = self.files.entry(file.clone()).or_insert(day);
            *known = day.max(*known);
            if matches!(typed("holds"), Some(Ok(Typed::Boolean(true)))) {
                self.holding.insert(file);
            }
        }
        Ok(())
    }

    /// The last day on which a file of this name came in.
    pub fn day_of_file(&self, name: &str) -> Option<NaiveDate> {
        self.files.get(name).copied()
    }

    /// Whether somebody said that this file holds, of several of a unit.
    pub fn holds(&self, file: &str) -> bool {
        self.holding.contains(file)
    }

    /// The day on which the report of a unit came in.
    pub fn day(&self, unit: usize) -> Option<NaiveDate> {
        self.days.get(&unit).copied()
    }
}
