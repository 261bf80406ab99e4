//! Tables that were not handed over: whether there were no cases, or nothing is known (`--empty`).

use crate::definitions::Definitions;
use crate::definitions::notation::parse_toml;
use crate::values::text_file;
use crate::words::failure::{Halt, OrHalt};
use crate::words::finding::{Finding, Place};
use crate::words::lang::{Lang, Text, fold, nearest};
use anyhow::{Result, bail};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// What a body says of tables without a file.
#[derive(Debug, Clone, Default)]
pub struct Empty {
    /// Name of the file, as findings show it.
    file: String,
    /// Tables of which there were no cases.
    none: BTreeSet<String>,
}

impl Empty {
    /// Reads a TOML file: table → `"0"` (there were no cases) or `"-"` (no information).
    ///
    /// # Errors
    /// It cannot be read, a table is none, or says neither.
    pub fn read(path: &Path, definitions: &Definitions) -> Result<Self> {
        let place = || Halt::within(path);
        let said: BTreeMap<String, String> = parse_toml(&text_file::text(path)?).or_halt(place)?;
        let mut none = BTreeSet::new();
        for (name, value) in said {
            let is_own = |table: &&crate::definitions::record::Table| {
                table.table == name || table.names.all().any(|own| fold(own) == fold(&name))
            };
            let Some(table) = definitions.tables.iter().find(is_own) else {
                let near = nearest(&name, definitions.tables.iter().map(|table| table.table.as_str()));
                bail!(place().because(Halt::new("fault_empty_table").with("name", &name).near(near)));
            };
            match value.trim() {
                "0" => drop(none.insert(table.table.clone())),
                "-" | "–" | "—" => {}
                _ => bail!(place().because(Halt::new("fault_empty_word").with("name", &name).with("value", value))),
            }
        }
        let file = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        Ok(Self { file, none })
    }

    /// Tables without cases among those that were not handed over, and what is to be told: records speak against it.
    pub fn settle(&self, read: &BTreeMap<String, u64>, definitions: &Definitions) -> (Vec<String>, Vec<Finding>) {
        let place = || Place { source: Some(self.file.clone()), ..Place::default() };
        let named = |name: &String| definitions.table(name).map(|table| definitions.tables[table].names.first());
        let (mut settled, mut findings) = (Vec::new(), Vec::new());
        for name in &self.none {
            match read.get(name).copied().unwrap_or(0) {
                0 => settled.push(name.clone()),
                count => {
                    let finding = Finding::new("empty_contradicted", place()).with("count", count);
                    findings.push(finding.with_text("table", &named(name).unwrap_or_default()));
                }
            }
        }
        if !settled.is_empty() {
            let list = |lang: Lang| {
                let names = settled.iter().filter_map(named).map(|name| format!("«{}»", name.get(lang)));
                names.collect::<Vec<_>>().join(", ")
            };
            findings.push(Finding::new("empty_used", place()).with_text("tables", &Text::by(list)));
        }
        (settled, findings)
    }
}

/// Adds tables without cases to those that were handed over, with all of their columns.
pub fn hand_over(given: &mut BTreeSet<String>, tables: &[String], definitions: &Definitions) {
    for table in tables.iter().filter_map(|name| definitions.table(name)).map(|table| &definitions.tables[table]) {
        given.insert(table.table.clone());
        given.extend(table.fields.iter().map(|field| format!("{}.{}", table.table, field.name)));
    }
}
