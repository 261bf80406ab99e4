//! How the numbers were made: cells, comparison, decisions, dates.

use crate::analytical::document::{ParagraphKind, Run, Side, TableColumn, TableRow};
use crate::analytical::say::{Teller, books};
use crate::analytical::tables::column;
use crate::body::organisation::PlaceNames;
use crate::definitions::analytical::Block;
use crate::definitions::form::Form;
use crate::report::places::renamed;
use crate::values::cells::Value;
use crate::words::lang::Text;
use chrono::Datelike;
use std::collections::{BTreeMap, BTreeSet};

impl Teller<'_> {
    pub(crate) fn add_table(&mut self, title: &str, columns: Vec<TableColumn>, rows: Vec<TableRow>) {
        let title: &Text = self.phrases.get(title);
        self.table(title, columns, rows);
    }

    /// How the numbers were made: cells, comparison, decisions, dates.
    pub fn method(&mut self, number: &str) {
        let report = self.material.report;
        self.heading(1, number, self.word("method"));
        let mut said = self.as_of();
        said.push(Run::plain(" "));
        let form = Run::reference(report.form.index.get(self.lang));
        said.extend(self.phrase("sources", &[("form", vec![form])]));
        self.paragraph(ParagraphKind::Body, said);
        self.compared_with();
        if self.template.blocks().any(|block| self.quotes(block)) {
            self.paragraph(ParagraphKind::Body, vec![Run::plain(self.word("from_records"))]);
        }
        self.paragraph(ParagraphKind::Body, vec![Run::plain(self.word("names_as_given"))]);
        if self.small {
            let base = vec![Run::reference(crate::analytical::figures::SMALL.to_string())];
            let note = self.phrase("small", &[("base", base)]);
            self.paragraph(ParagraphKind::Body, note);
        }
        self.paragraph(ParagraphKind::Body, vec![Run::plain(self.word("translated"))]);
        self.places();
        self.decisions();
        self.dates();
    }

    /// Which name the head of the form has of places that were renamed.
    fn places(&mut self) {
        let report = self.material.report;
        let key = match report.organisation.place_names {
            PlaceNames::AsInForm => "place_as_was",
            PlaceNames::Current => "place_as_is",
        };
        for place in renamed(report) {
            let slots = [("was", &place.was), ("is", &place.is), ("basis", &place.basis)];
            let said = self.phrase(key, &slots.map(|(slot, text)| (slot, vec![Run::reference(text.get(self.lang))])));
            self.paragraph(ParagraphKind::Body, said);
        }
    }

    /// Whether a block tells what records say in free words.
    fn quotes(&self, block: &Block) -> bool {
        let Block::Texts { fields, .. } = block else { return false };
        let definitions = self.material.definitions;
        fields.iter().filter_map(|field| field.split_once('.')).any(|(table, field)| {
            let table = definitions.table(table).map(|place| &definitions.tables[place]);
            let field = table.and_then(|table| table.fields.iter().find(|known| known.name == field));
            field.is_some_and(|field| field.list.is_none())
        })
    }

    /// «По состоянию на 1 октября 2026 года.»
    pub(crate) fn as_of(&self) -> Vec<Run> {
        let day = self.material.report.period.as_of;
        let month = self.phrases.as_of.get(day.month0() as usize).map_or("", |month| month.get(self.lang));
        let slots = [("day", day.day().to_string()), ("month", month.to_owned()), ("year", day.year().to_string())];
        self.phrase("made", &slots.map(|(slot, text)| (slot, vec![Run::reference(text)])))
    }

    fn compared_with(&mut self) {
        let ended = self.material.report.period.ended_months();
        if ended < 3 {
            let said = self.phrase("unended", &[("ended", books(u64::from(ended)))]);
            self.paragraph(ParagraphKind::Body, said);
            return;
        }
        let before = [&self.previous, &self.year_before];
        let periods: Vec<String> = before
            .into_iter()
            .flatten()
            .map(|before| self.printer.period(before.quarter).get(self.lang).to_owned())
            .collect();
        let said = if periods.is_empty() {
            vec![Run::plain(self.word("against_none"))]
        } else {
            self.phrase("against", &[("periods", vec![Run::reference(periods.join(", "))])])
        };
        self.paragraph(ParagraphKind::Body, said);
    }

    /// Decisions that were used: by records, by rows that count something, by the cells.
    fn decisions(&mut self) {
        let used = self.used();
        let known = self.phrases.decisions.iter().filter(|(name, _)| used.contains(name.as_str()));
        let mut items: Vec<Vec<Run>> = Vec::new();
        for (name, text) in known {
            let mut runs = vec![Run::reference(format!("{name}. {}", text.get(self.lang)))];
            if let Some(count) = self.material.report.decisions.get(name).filter(|count| **count > 0) {
                runs.extend(self.phrase("concerned", &[("count", books(*count))]));
            }
            items.push(runs);
        }
        if !items.is_empty() {
            self.paragraph(ParagraphKind::Body, vec![Run::plain(format!("{}:", self.word("decisions")))]);
        }
        for item in items {
            self.paragraph(ParagraphKind::Item, item);
        }
    }

    fn used(&self) -> BTreeSet<&str> {
        let report = self.material.report;
        let form = report.form;
        // a decision about rows of other forms was used in the run, and not in this form
        let names_it = |form: &Form, name: &str| form.bases().any(|basis| basis.split("; ").any(|part| part == name));
        let forms = &self.material.definitions.forms;
        let own = |name: &&str| names_it(form, name) || !forms.iter().any(|other| names_it(other, name));
        let mut used: BTreeSet<&str> = report.decisions.keys().map(String::as_str).filter(own).collect();
        let values = || report.cells.lines.iter().flat_map(|line| &line.values);
        if values().any(|value| matches!(value, Value::NoInfo | Value::Number(0))) {
            used.insert("D1");
        }
        if values().any(|value| *value == Value::NoInfo) {
            used.insert("D2");
        }
        // the columns of each row that count something
        let mut counting: BTreeMap<usize, Vec<bool>> = BTreeMap::new();
        for line in &report.cells.lines {
            let columns = counting.entry(line.row).or_insert_with(|| vec![false; line.values.len()]);
            for (counts, value) in columns.iter_mut().zip(&line.values) {
                *counts |= value.number().is_some_and(|number| number > 0);
            }
        }
        for (row, columns) in counting {
            let counted = form.grid_of(row).columns.iter().zip(columns).filter(|(_, counts)| *counts);
            for basis in counted.flat_map(|(column, _)| [Some(&form.rows[row].basis), column.basis.as_ref()]).flatten()
            {
                let named = |name: &&String| basis.split("; ").any(|part| part == *name);
                used.extend(self.phrases.decisions.keys().filter(named).map(String::as_str));
            }
        }
        used
    }

    fn dates(&mut self) {
        let given = |tables: &[String]| tables.iter().any(|table| self.material.testimony.given.contains(table));
        let rows: Vec<TableRow> = self
            .phrases
            .dates
            .iter()
            .filter(|deciding| given(&deciding.tables))
            .map(|deciding| TableRow {
                cells: [&deciding.what, &deciding.date].map(|text| vec![Run::plain(text.get(self.lang))]).to_vec(),
                total: false,
                level: 0,
            })
            .collect();
        let heads = ["counted", "by_date"].map(|head| column(vec![Run::plain(self.word(head))], Side::Left, 1.0));
        self.add_table("dates", heads.to_vec(), rows);
    }
}
