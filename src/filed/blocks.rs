//! The table in printed order: each row once, and its variable block: lines put together, named once, told apart by level.

use crate::definitions::form::LineBy;
use crate::definitions::spelling::fold;
use crate::filed::lines;
use crate::filed::lines::{Levels, Raw};
use crate::filed::table::{Entry, FormTable, ValuePlaces, disjoint, finish, merge};
use crate::values::cells::{Line, Party, Value};
use crate::words::finding::{Finding, Place};
use std::collections::BTreeMap;
use std::sync::Arc;

impl FormTable<'_> {
    /// Lines of the form in printed order, with the places of their values.
    pub fn lines(&mut self) -> (Vec<Line>, Vec<ValuePlaces>) {
        let mut all: Vec<(Line, ValuePlaces)> = Vec::new();
        for row in 0..self.form.rows.len() {
            let own: Vec<Entry> =
                self.entries.iter().filter(|entry| entry.row == row && !entry.is_line).cloned().collect();
            all.extend(self.row(row, own));
            let block: Vec<Entry> =
                self.entries.iter().filter(|entry| entry.row == row && entry.is_line).cloned().collect();
            all.extend(self.block(row, block));
        }
        all.into_iter().unzip()
    }

    /// The one line of a row; of several, none, unless they are parts of one table or say the same.
    fn row(&mut self, row: usize, found: Vec<Entry>) -> Option<(Line, ValuePlaces)> {
        let definition = &self.form.rows[row];
        let mut found = found.into_iter();
        let Some(mut first) = found.next() else {
            if !definition.lines_only {
                let finding =
                    Finding::new("row_missing", Place { row: Some(definition.no.clone()), ..self.place.clone() });
                self.findings.push(finding.with("row", &definition.no).with("label", definition.label.get(self.lang)));
            }
            return None;
        };
        let mut refused = false;
        for other in found {
            if merge(&mut first, &other) {
                continue;
            }
            let finding = Finding::new("row_repeated", self.row_place(other.at, Some(row)));
            self.findings
                .push(finding.with("row", &definition.no).with("first", first.at + 1).with("second", other.at + 1));
            refused |= first.values != other.values;
        }
        (!refused).then(|| finish(first))
    }

    fn block(&mut self, row: usize, found: Vec<Entry>) -> Vec<(Line, ValuePlaces)> {
        let mut entries = self.united(row, found);
        if self.form.rows[row].lines.contains(&LineBy::Provider) && !self.assign_levels(row, &mut entries) {
            return Vec::new();
        }
        let mut met: BTreeMap<(String, String, String, String), u32> = BTreeMap::new();
        for entry in &entries {
            let party = |party: &Option<Arc<Party>>| {
                party.as_ref().map_or(String::new(), |party| {
                    if party.code.is_empty() { fold(&party.name) } else { party.code.clone() }
                })
            };
            let label = entry.key.service.as_ref().map_or(String::new(), |party| fold(&party.name));
            let key = (
                party(&entry.key.provider),
                party(&entry.key.service),
                label,
                fold(entry.key.system.as_deref().unwrap_or_default()),
            );
            let name = entry.key.label();
            if name.is_empty() {
                self.findings.push(Finding::new("line_unnamed", self.row_place(entry.at, Some(row))));
            } else if let Some(first) = met.insert(key, entry.at) {
                let finding = Finding::new("line_repeated", self.row_place(entry.at, Some(row)));
                self.findings.push(finding.with("label", name).with("first", first + 1).with("second", entry.at + 1));
            }
        }
        entries.into_iter().map(finish).collect()
    }

    /// Lines of a table whose columns go on in a second table, put together by name and order.
    fn united(&self, row: usize, found: Vec<Entry>) -> Vec<Entry> {
        let width = self.form.grid_of(row).columns.len();
        let is_part = |entry: &Entry| entry.values.iter().flatten().count() < width;
        if !found.iter().any(is_part) {
            return found;
        }
        let mut united: Vec<Entry> = Vec::new();
        for entry in found {
            let open = |known: &&mut Entry| {
                fold(&known.key.label()) == fold(&entry.key.label()) && is_part(known) && disjoint(known, &entry)
            };
            match united.iter_mut().find(open) {
                Some(known) => {
                    merge(known, &entry);
                }
                None => united.push(entry),
            }
        }
        united
    }

    /// Providers and services of a block; `false`: it cannot be told.
    fn assign_levels(&mut self, row: usize, entries: &mut [Entry]) -> bool {
        let first = entries.first().map_or(0, |entry| entry.at);
        if entries.iter().any(|entry| entry.level.is_empty()) {
            let whole: Vec<Vec<Value>> = entries
                .iter()
                .map(|entry| entry.values.iter().map(|value| value.clone().unwrap_or(Value::Blank)).collect())
                .collect();
            let raw: Vec<Raw<'_>> = entries
                .iter()
                .zip(&whole)
                .map(|(entry, values)| Raw { number: &entry.number, indent: entry.indent, values })
                .collect();
            let levels = match lines::levels(&raw) {
                Levels::Plain(levels) => levels,
                Levels::BySums(levels) => {
                    self.findings.push(Finding::new("levels_by_sums", self.row_place(first, Some(row))));
                    levels
                }
                Levels::Unknown => {
                    let finding = Finding::new("levels_unknown", self.row_place(first, Some(row)));
                    self.findings.push(finding.with("count", entries.len()));
                    return false;
                }
            };
            for (entry, level) in entries.iter_mut().zip(levels).filter(|(entry, _)| entry.level.is_empty()) {
                let level_name = if level == lines::Level::Provider { "provider" } else { "service" };
                level_name.clone_into(&mut entry.level);
                if level == lines::Level::Provider {
                    entry.key.provider = entry.key.service.take();
                }
            }
        }
        let mut provider = None;
        for entry in entries {
            if entry.level == "provider" {
                provider.clone_from(&entry.key.provider);
            } else {
                entry.key.provider.clone_from(&provider);
            }
        }
        true
    }
}
