//! Rejected rows: what may be shown of them, why they were rejected, and the list that a person fills in. Of very many
//! the lists are CSV, since a workbook of so many rows cannot be opened.

use crate::definitions::Definitions;
use crate::definitions::head_words::HeadWords;
use crate::definitions::record::Field;
use crate::records::quarantine::{Head, Quarantine, Reason, RejectedRow};
use crate::records::shown::shown;
use crate::report::LedgerLine;
use crate::values::inert::inert;
use crate::values::personal::veiled;
use crate::words::lang::Lang;
use anyhow::Result;
use std::borrow::Cow;
use std::io::Write;

/// Rejected rows that a workbook shows, at most.
pub const SHOWN: usize = 100_000;

/// Rejected rows with what is needed to speak of them.
#[derive(Debug, Clone, Copy)]
pub struct Rejects<'r> {
    pub quarantine: &'r Quarantine,
    pub ledger: &'r [LedgerLine],
    pub definitions: &'r Definitions,
    pub lang: Lang,
}

impl Rejects<'_> {
    /// Source, sheet and line of a row.
    fn place(self, row: &RejectedRow) -> [String; 3] {
        let line = &self.ledger[row.source];
        [line.source.clone(), line.sheet.clone().unwrap_or_default(), row.line.to_string()]
    }

    fn field(self, head: &Head, reason: &Reason) -> Option<usize> {
        self.definitions.tables[head.table].position(reason.field.as_ref()?)
    }

    /// The column that a reason is about, in the sender's words; of one that is not there in ours.
    fn header(self, head: &Head, reason: &Reason) -> String {
        let Some(field) = self.field(head, reason) else { return reason.field.clone().unwrap_or_default() };
        let own = head.column(field).and_then(|column| head.headers.get(column)).filter(|own| !own.trim().is_empty());
        let ours = || self.definitions.tables[head.table].fields[field].headers.first().get(self.lang).to_owned();
        own.map_or_else(ours, |own| veiled(&own.split_whitespace().collect::<Vec<_>>().join(" ")).into_owned())
    }

    /// The head of a source as it may be shown.
    pub(crate) fn headers(self, head: &Head, words: &HeadWords) -> Vec<String> {
        let shown = words.head(&self.definitions.tables[head.table], |field| head.column(field), &head.headers);
        shown.into_iter().map(Cow::into_owned).collect()
    }

    fn why(self, reason: &Reason) -> String {
        self.definitions.wording(&reason.name).message.fill(&reason.slots).get(self.lang).to_owned()
    }

    /// Place, headers and reasons of a row, and its values as they may be shown.
    pub(crate) fn told(self, row: &RejectedRow) -> ([String; 5], Vec<String>) {
        let Some(head) = self.quarantine.head(row.source) else { return Default::default() };
        let fields: Vec<String> = row.reasons.iter().map(|reason| self.header(head, reason)).collect();
        let fields: Vec<String> = fields.into_iter().filter(|field| !field.is_empty()).collect();
        let why: Vec<String> = row.reasons.iter().map(|reason| self.why(reason)).collect();
        let fields_of = &self.definitions.tables[head.table].fields;
        let field = |column: usize| -> Option<&Field> { head.field(column).map(|field| &fields_of[field]) };
        let value = |(column, cell): (usize, &[u8])| {
            shown(field(column), &String::from_utf8_lossy(cell), self.definitions).into_owned()
        };
        let [source, sheet, line] = self.place(row);
        ([source, sheet, line, fields.join(", "), why.join("; ")], row.cells.iter().enumerate().map(value).collect())
    }

    /// One line a reason: place, header, the value as it stands and the reason.
    pub(crate) fn asked(self, row: &RejectedRow) -> Vec<[String; 6]> {
        let Some(head) = self.quarantine.head(row.source) else { return Vec::new() };
        let asked = |reason: &Reason| {
            let column = self.field(head, reason).and_then(|field| head.column(field));
            let value = column.and_then(|column| row.cells.get(column)).unwrap_or_default();
            let [source, sheet, line] = self.place(row);
            let value = String::from_utf8_lossy(value).into_owned();
            let own = column.and_then(|column| head.headers.get(column)).filter(|own| !own.trim().is_empty());
            let header = own.cloned().unwrap_or_else(|| self.header(head, reason));
            let why = match reason.said.as_str() {
                "" => self.why(reason),
                said => format!("{}: {said}", self.why(reason)),
            };
            [source, sheet, line, header, value, why]
        };
        row.reasons.iter().map(asked).collect()
    }

    /// Writes `rejected.csv`: a line for each rejected row, in the order of the quarantine's files.
    ///
    /// # Errors
    /// The rows cannot be read again, or the target cannot be written.
    pub fn write(self, target: impl Write) -> Result<()> {
        let mut writer = csv::Writer::from_writer(target);
        writer.write_record(["source", "sheet", "line", "field", "reason"])?;
        for row in self.quarantine.rows()? {
            writer.write_record(self.told(&row?).0.map(|cell| inert(cell.into_bytes().into())))?;
        }
        writer.flush()?;
        Ok(())
    }

    /// Writes `quarantine/rejected.csv`: the list to fill in.
    ///
    /// # Errors
    /// As of `write`.
    pub fn write_asked(self, target: impl Write) -> Result<()> {
        let mut writer = csv::Writer::from_writer(target);
        writer.write_record(["source", "sheet", "line", "field", "value", "reason", "right_value"])?;
        for row in self.quarantine.rows()? {
            for asked in self.asked(&row?) {
                let right = String::new();
                writer.write_record(asked.into_iter().chain([right]).map(|cell| inert(cell.into_bytes().into())))?;
            }
        }
        writer.flush()?;
        Ok(())
    }
}
