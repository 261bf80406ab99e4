//! The annex that nobody signs: what was found, what the records came to, and the digests of data and files.

use crate::analytical::document::{Document, ParagraphKind, Run, Side, TableRow};
use crate::analytical::say::{Teller, books};
use crate::analytical::tables::{column, number_column};
use crate::report::LedgerLine;
use crate::report::fingerprint::fingerprint;
use crate::report::wording::{Worded, severity, word};
use crate::words::finding::Severity;
use anyhow::Result;
use std::collections::BTreeMap;
use std::sync::Arc;

impl Teller<'_> {
    /// The annex as a document of its own.
    ///
    /// # Errors
    /// The fingerprint of the cells cannot be worked out.
    pub fn annex(mut self) -> Result<Document> {
        let report = self.material.report;
        let title = self.word("annex").to_owned();
        self.paragraph(ParagraphKind::Title, vec![Run::plain(title.as_str())]);
        self.paragraph(ParagraphKind::Subtitle, vec![Run::plain(self.word("annex_note"))]);
        self.paragraph(ParagraphKind::Subtitle, vec![Run::quoted(report.organisation.name().get(self.lang))]);
        let period = self.printer.period(report.period.quarter);
        let form = format!("{}, {}", report.form.index.get(self.lang), period.get(self.lang));
        self.paragraph(ParagraphKind::Subtitle, vec![Run::reference(form)]);
        let mut said = self.as_of();
        said.push(Run::plain(" "));
        said.extend(self.phrase("fingerprint", &[("fingerprint", vec![Run::books(fingerprint(report)?)])]));
        self.paragraph(ParagraphKind::Body, said);
        self.findings();
        self.ledger();
        self.digests();
        Ok(Document { lang: self.lang, title, pieces: self.pieces })
    }

    /// Attached files with their sizes and digests.
    fn digests(&mut self) {
        let row = |file: &crate::body::narrative::Attachment| TableRow {
            cells: vec![
                vec![Run::quoted(file.name.as_str())],
                books(file.bytes),
                vec![Run::books(file.sha256.as_str())],
            ],
            total: false,
            level: 0,
        };
        let rows = self.material.attachments.into_iter().flatten().map(row).collect();
        let columns = vec![
            column(vec![Run::plain(self.word("file"))], Side::Left, 2.6),
            number_column(self.word("bytes")),
            column(vec![Run::reference(self.word("sha256"))], Side::Left, 3.4),
        ];
        self.add_table("attached_files", columns, rows);
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
                let said = format!(" – {} ({}, {})", confirmed.reason, confirmed.person, confirmed.date);
                runs.push(Run::quoted(said));
            }
            self.paragraph(ParagraphKind::Item, runs);
        }
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
        self.add_table("ledger", columns, rows);
    }
}
