//! What stands after the sections: attached materials, and how the numbers were made.

use crate::analytical::document::{ParagraphKind, Piece, Run, Side, Table, TableColumn, TableRow};
use crate::analytical::figures::numeral::grouped;
use crate::analytical::say::Teller;
use crate::analytical::tables::{column, number_column};
use crate::report::LedgerLine;
use crate::report::fingerprint::fingerprint;
use crate::report::wording::{Worded, severity, word};
use crate::values::cells::Value;
use crate::words::finding::Severity;
use crate::words::lang::Text;
use anyhow::Result;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

fn books(count: u64) -> Vec<Run> {
    vec![Run::books(grouped(i128::from(count)))]
}

impl Teller<'_> {
    /// The list of attached materials: name, size, digest.
    pub fn attachments(&mut self, number: &str) {
        self.heading(1, number, self.word("attachments"));
        let Some(files) = self.material.attachments.filter(|files| !files.is_empty()) else {
            self.paragraph(ParagraphKind::Body, vec![Run::plain(self.word("nothing_attached"))]);
            return;
        };
        let row = |(nth, file): (usize, &crate::body::narrative::Attachment)| TableRow {
            cells: vec![
                vec![Run::reference(format!("{}.", nth + 1))],
                vec![Run::quoted(file.name.as_str())],
                books(file.bytes),
                vec![Run::books(file.sha256.as_str())],
            ],
            total: false,
            level: 0,
        };
        let rows = files.iter().enumerate().map(row).collect();
        let columns = vec![
            column(vec![Run::plain("№")], Side::Left, 0.45),
            column(vec![Run::plain(self.word("file"))], Side::Left, 2.6),
            number_column(self.word("bytes")),
            column(vec![Run::reference(self.word("sha256"))], Side::Left, 3.4),
        ];
        self.add_table("attached", columns, rows);
    }

    fn add_table(&mut self, title: &str, columns: Vec<TableColumn>, rows: Vec<TableRow>) {
        let title: &Text = self.phrases.get(title);
        self.table(title, columns, rows);
    }

    /// How the numbers were made: cells, comparison, findings, decisions, dates, ledger.
    pub fn method(&mut self, number: &str) -> Result<()> {
        let report = self.material.report;
        self.heading(1, number, self.word("method"));
        let day = Run::reference(report.period.as_of.format("%d.%m.%Y").to_string());
        let mut said = self.phrase("made", &[("date", vec![day])]);
        said.push(Run::plain(". "));
        let form = Run::reference(report.form.index.get(self.lang));
        let print = Run::books(fingerprint(report)?);
        said.extend(self.phrase("sources", &[("form", vec![form]), ("fingerprint", vec![print])]));
        self.paragraph(ParagraphKind::Body, said);
        self.compared_with();
        if self.template.blocks().any(|block| matches!(block, crate::definitions::analytical::Block::Texts { .. })) {
            self.paragraph(ParagraphKind::Body, vec![Run::plain(self.word("from_records"))]);
        }
        if self.small {
            let base = vec![Run::reference(crate::analytical::figures::SMALL.to_string())];
            let note = self.phrase("small", &[("base", base)]);
            self.paragraph(ParagraphKind::Body, note);
        }
        self.findings();
        self.decisions();
        self.dates();
        self.ledger();
        Ok(())
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

    fn findings(&mut self) {
        let (report, definitions) = (self.material.report, self.material.definitions);
        let of = |wanted: Severity| {
            let same = |finding: &&Arc<crate::words::finding::Finding>| {
                severity(finding, definitions, Some(report.form)) == wanted
            };
            books(report.findings.iter().filter(same).map(|finding| finding.times()).sum())
        };
        let counts =
            [("errors", of(Severity::Error)), ("warnings", of(Severity::Warning)), ("notices", of(Severity::Notice))];
        let mut said = self.phrase("notices", &counts);
        said.push(Run::plain(" "));
        let outcomes = report.outcomes;
        let rules = [
            ("holds", books(outcomes.holds)),
            ("fails", books(outcomes.fails)),
            ("unchecked", books(outcomes.cannot_be_checked)),
        ];
        said.extend(self.phrase("rules", &rules));
        self.paragraph(ParagraphKind::Body, said);
        if let Some(cells) = report.provenance.recounted {
            let said = self.phrase("recounted", &[("cells", books(cells))]);
            self.paragraph(ParagraphKind::Body, said);
        }
        if !report.provenance.not_recounted.is_empty() {
            let rows = report.provenance.not_recounted.join(", ");
            let said = self.phrase("not_recounted", &[("rows", vec![Run::reference(rows)])]);
            self.paragraph(ParagraphKind::Body, said);
        }
        self.confirmed();
    }

    /// Warnings that are right as they are, each with its reason, person and date.
    fn confirmed(&mut self) {
        let (report, definitions) = (self.material.report, self.material.definitions);
        let confirmed: Vec<Worded> = report
            .findings
            .iter()
            .filter(|finding| finding.confirmed.is_some())
            .map(|finding| word(finding, definitions, Some(report.form)))
            .collect();
        if !confirmed.is_empty() {
            self.paragraph(ParagraphKind::Body, vec![Run::plain(format!("{}:", self.word("confirmed_warnings")))]);
        }
        for finding in confirmed {
            let mut runs = vec![
                Run::reference(finding.code.as_str()),
                Run::plain(". "),
                Run::quoted(finding.message.get(self.lang)),
            ];
            if let Some(confirmed) = finding.confirmed {
                let said = format!(" — {} ({}, {})", confirmed.reason, confirmed.person, confirmed.date);
                runs.push(Run::quoted(said));
            }
            self.paragraph(ParagraphKind::Item, runs);
        }
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
        let mut used: BTreeSet<&str> = report.decisions.keys().map(String::as_str).collect();
        let values = || report.cells.lines.iter().flat_map(|line| &line.values);
        if values().any(|value| matches!(value, Value::NoInfo | Value::Number(0))) {
            used.insert("D1");
        }
        if values().any(|value| *value == Value::NoInfo) {
            used.insert("D2");
        }
        for line in &report.cells.lines {
            let bases = form.grid_of(line.row).columns.iter().map(|column| column.basis.as_deref().unwrap_or_default());
            for (value, basis) in line.values.iter().zip(bases) {
                if value.number().is_some_and(|number| number > 0) {
                    let row = form.rows[line.row].basis.as_str();
                    let names = self.phrases.decisions.keys();
                    let named =
                        |name: &&String| [row, basis].iter().any(|basis| basis.split("; ").any(|part| part == *name));
                    used.extend(names.filter(named).map(String::as_str));
                }
            }
        }
        used
    }

    fn dates(&mut self) {
        let given = |tables: &[String]| tables.iter().any(|table| self.material.given.contains(table));
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

    /// The ledger by table.
    fn ledger(&mut self) {
        let mut tables: BTreeMap<&str, LedgerLine> = BTreeMap::new();
        for line in self.material.report.ledger {
            let sum = tables.entry(&line.table).or_default();
            sum.read += line.read;
            sum.accepted += line.accepted;
            sum.duplicates += line.duplicates;
            sum.quarantined += line.quarantined;
            sum.feeds_nothing += line.feeds_nothing;
        }
        let definitions = self.material.definitions;
        let name = |table: &str| {
            let known = definitions.table(table).map(|place| definitions.tables[place].names.first());
            known.map_or_else(|| table.to_owned(), |names| names.get(self.lang).to_owned())
        };
        let rows: Vec<TableRow> = tables
            .iter()
            .map(|(table, sum)| {
                let counts = [sum.read, sum.accepted, sum.duplicates, sum.quarantined, sum.feeds_nothing];
                let cells = [vec![Run::plain(name(table))]].into_iter().chain(counts.map(books)).collect();
                TableRow { cells, total: false, level: 0 }
            })
            .collect();
        let mut columns = vec![column(vec![Run::plain(self.word("table"))], Side::Left, 2.4)];
        let heads = ["read", "accepted", "duplicates", "quarantined", "feeds_nothing"];
        columns.extend(heads.map(|head| number_column(self.word(head))));
        if !rows.is_empty() {
            let title = vec![Run::plain(self.word("ledger"))];
            self.pieces.push(Piece::Table(Table { title, columns, rows }));
        }
    }
}
