//! `findings.xlsx`: overview, summary by rule, all findings, and the rejected rows in the sender's columns.

use crate::definitions::Definitions;
use crate::finding::{Outcome, Severity};
use crate::lang::Lang;
use crate::records::Quarantine;
use crate::report::{LedgerLine, Report};
use crate::wording::{Worded, word};
use anyhow::Result;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet};
use std::collections::BTreeMap;

/// Rows of a sheet that are used before the next one is begun; Excel ends at 1,048,576.
const SHEET_ROWS: u32 = 1_000_000;
/// Letters of a cell; Excel ends at 32,767.
const CELL_LETTERS: usize = 32_000;

/// A sheet that is written row by row.
struct Book<'a> {
    workbook: Workbook,
    definitions: &'a Definitions,
    lang: Lang,
    head: Format,
    plain: Format,
}

/// Makes the workbook; rejected rows are read back from the quarantine folder.
pub fn write(
    report: &Report<'_>,
    findings: &[Worded],
    quarantine: Option<&Quarantine>,
    definitions: &Definitions,
) -> Result<Vec<u8>> {
    let face = |format: Format| {
        format.set_font_name("Times New Roman").set_font_size(10).set_text_wrap().set_align(FormatAlign::Top)
    };
    let mut book = Book {
        workbook: Workbook::new(),
        definitions,
        lang: report.langs.first().copied().unwrap_or(Lang::Ru),
        head: face(Format::new()).set_bold().set_border(FormatBorder::Thin).set_background_color("F2F2F2"),
        plain: face(Format::new()).set_border(FormatBorder::Thin),
    };
    let day = report.period.as_of;
    let created = ExcelDateTime::from_timestamp(day.and_time(chrono::NaiveTime::MIN).and_utc().timestamp())?;
    book.workbook.set_properties(&DocProperties::new().set_creation_datetime(&created));
    book.overview(report, findings)?;
    book.by_rule(findings)?;
    book.details(findings)?;
    if let Some(quarantine) = quarantine.filter(|quarantine| !quarantine.rejected.is_empty()) {
        book.rejected(quarantine, report.ledger)?;
    }
    Ok(book.workbook.save_to_buffer()?)
}

impl Book<'_> {
    fn words(&self, key: &str) -> String {
        self.definitions.words(key).get(self.lang).to_owned()
    }

    fn sheet(&mut self, name: &str, widths: &[f64]) -> Result<&mut Worksheet> {
        let sheet = self.workbook.add_worksheet_with_constant_memory()?;
        sheet.set_name(name)?.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
        for (column, width) in (0_u16..).zip(widths) {
            sheet.set_column_width(column, *width)?;
        }
        Ok(sheet)
    }

    fn overview(&mut self, report: &Report<'_>, findings: &[Worded]) -> Result<()> {
        let of = |severity| findings.iter().filter(|finding| finding.severity == severity).count().to_string();
        let form = report.form.index.get(self.lang).to_owned();
        let facts = [
            (self.words("form"), form),
            (self.words("period"), report.period.quarter.to_string()),
            (self.words("as_of"), report.period.as_of.to_string()),
            (self.words("organisation"), report.organisation.name().get(self.lang).to_owned()),
            (self.words("error"), of(Severity::Error)),
            (self.words("warning"), of(Severity::Warning)),
            (self.words("notice"), of(Severity::Notice)),
            (self.words("holds"), report.outcomes.holds.to_string()),
            (self.words("failed"), report.outcomes.fails.to_string()),
            (self.words("uncheckable"), report.outcomes.cannot_be_checked.to_string()),
        ];
        let ledger_head =
            ["source", "sheet", "table", "read", "accepted", "duplicates", "quarantined", "feeds_nothing"]
                .map(|key| self.words(key));
        let (head, plain, name) = (self.head.clone(), self.plain.clone(), self.words("overview"));
        let sheet = self.sheet(&name, &[44.0, 24.0, 20.0, 12.0, 12.0, 12.0, 12.0, 18.0])?;
        let mut row = 0;
        for (label, value) in facts {
            text(sheet, row, 0, &label, &head)?;
            text(sheet, row, 1, &value, &plain)?;
            row += 1;
        }
        row += 1;
        for (column, label) in (0_u16..).zip(&ledger_head) {
            text(sheet, row, column, label, &head)?;
        }
        for line in report.ledger {
            row += 1;
            let words = [line.source.as_str(), line.sheet.as_deref().unwrap_or_default(), line.table.as_str()];
            for (column, word) in (0_u16..).zip(words) {
                text(sheet, row, column, word, &plain)?;
            }
            let numbers = [line.read, line.accepted, line.duplicates, line.quarantined, line.feeds_nothing];
            for (column, number) in (3_u16..).zip(numbers) {
                #[allow(clippy::cast_precision_loss)] // counts of rows stay far below 2^53
                sheet.write_number_with_format(row, column, number as f64, &plain)?;
            }
        }
        Ok(())
    }

    fn by_rule(&mut self, findings: &[Worded]) -> Result<()> {
        let mut rules: BTreeMap<(Severity, &str), (u64, &Worded)> = BTreeMap::new();
        for finding in findings {
            rules.entry((finding.severity, &finding.code)).or_insert((0, finding)).0 += 1;
        }
        let heads = ["severity", "code", "count", "message", "hint", "basis"].map(|key| self.words(key));
        let (head, plain, name, lang) = (self.head.clone(), self.plain.clone(), self.words("by_rule"), self.lang);
        let severities = rules.keys().map(|(severity, _)| self.severity(*severity)).collect::<Vec<_>>();
        let sheet = self.sheet(&name, &[15.0, 28.0, 10.0, 60.0, 48.0, 36.0])?;
        for (column, label) in (0_u16..).zip(&heads) {
            text(sheet, 0, column, label, &head)?;
        }
        for (row, (((_, code), (count, example)), severity)) in (1_u32..).zip(rules.iter().zip(severities)) {
            let count = count.to_string();
            let words =
                [severity.as_str(), code, &count, example.message.get(lang), example.hint.get(lang), &example.basis];
            for (column, word) in (0_u16..).zip(words) {
                text(sheet, row, column, word, &plain)?;
            }
        }
        sheet.set_freeze_panes(1, 0)?;
        Ok(())
    }

    fn details(&mut self, findings: &[Worded]) -> Result<()> {
        const KEYS: [&str; 21] = [
            "severity",
            "outcome",
            "code",
            "message",
            "hint",
            "source",
            "sheet",
            "line",
            "field",
            "value",
            "cell",
            "section",
            "row",
            "column",
            "provider",
            "service",
            "system",
            "left",
            "right",
            "difference",
            "basis",
        ];
        let widths = [
            13.0, 14.0, 22.0, 52.0, 40.0, 26.0, 16.0, 9.0, 18.0, 20.0, 9.0, 9.0, 9.0, 16.0, 30.0, 36.0, 20.0, 10.0,
            10.0, 10.0, 34.0,
        ];
        let heads = KEYS.map(|key| self.words(key));
        let (head, plain, name) = (self.head.clone(), self.plain.clone(), self.words("details"));
        for (part, chunk) in
            findings.chunks(SHEET_ROWS as usize).enumerate().chain(findings.is_empty().then_some((0, findings)))
        {
            let rows: Vec<[String; 21]> = chunk.iter().map(|finding| self.detail(finding)).collect();
            let sheet = self.sheet(&numbered(&name, part), &widths)?;
            for (column, label) in (0_u16..).zip(&heads) {
                text(sheet, 0, column, label, &head)?;
            }
            for (row, words) in (1_u32..).zip(&rows) {
                for (column, word) in (0_u16..).zip(words) {
                    text(sheet, row, column, word, &plain)?;
                }
            }
            sheet.set_freeze_panes(1, 0)?;
            sheet.autofilter(0, 0, u32::try_from(rows.len()).unwrap_or(SHEET_ROWS), 20)?;
        }
        Ok(())
    }

    fn detail(&self, finding: &Worded) -> [String; 21] {
        let place = &finding.place;
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let number = |value: Option<i64>| value.map(|number| number.to_string()).unwrap_or_default();
        let party = |code: &Option<String>, name: &Option<String>| [text(code), text(name)].join(" ").trim().to_owned();
        [
            self.severity(finding.severity),
            self.words(if finding.outcome == Outcome::CannotBeChecked { "cannot_be_checked" } else { "fails" }),
            finding.code.clone(),
            finding.message.get(self.lang).to_owned(),
            finding.hint.get(self.lang).to_owned(),
            text(&place.source),
            text(&place.sheet),
            place.line.map(|line| line.to_string()).unwrap_or_default(),
            text(&place.field),
            text(&place.value),
            text(&place.cell),
            text(&place.section),
            text(&place.row),
            text(&place.column),
            party(&place.provider_bin, &place.provider_name),
            party(&place.service_code, &place.service_name),
            text(&place.information_system),
            number(finding.left),
            number(finding.right),
            number(finding.difference),
            finding.basis.clone(),
        ]
    }

    fn severity(&self, severity: Severity) -> String {
        self.words(match severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Notice => "notice",
        })
    }

    /// Rejected rows, source by source, behind place and reasons.
    fn rejected(&mut self, quarantine: &Quarantine, ledger: &[LedgerLine]) -> Result<()> {
        let heads = ["source", "line", "field", "reason"].map(|key| self.words(key));
        let (head, plain, name) = (self.head.clone(), self.plain.clone(), self.words("rejected"));
        let mut part = 0;
        let mut row = 0;
        for (source, file) in &quarantine.names {
            let mut reasons: Vec<[String; 4]> = Vec::new();
            for rejected in quarantine.rejected.iter().filter(|rejected| rejected.source == *source) {
                let fields: Vec<&str> = rejected.reasons.iter().filter_map(|(field, _)| field.as_deref()).collect();
                let why: Vec<String> = rejected
                    .reasons
                    .iter()
                    .map(|(_, finding)| word(finding, self.definitions, None).message.get(self.lang).to_owned())
                    .collect();
                reasons.push([
                    ledger[*source].source.clone(),
                    rejected.line.to_string(),
                    fields.join(", "),
                    why.join("; "),
                ]);
            }
            let mut reader = csv::ReaderBuilder::new()
                .has_headers(false)
                .flexible(true)
                .delimiter(quarantine.separator(*source))
                .from_path(quarantine.folder().join(file))?;
            let mut records = reader.byte_records();
            let header = records.next().transpose()?.unwrap_or_default();
            if row > 0 && row + u32::try_from(reasons.len()).unwrap_or(SHEET_ROWS) >= SHEET_ROWS {
                (row, part) = (0, part + 1);
            }
            if row == 0 {
                self.sheet(&numbered(&name, part), &[26.0, 8.0, 18.0, 52.0])?;
            }
            self.raw_row(row, &heads, &header, &head)?;
            row += 1;
            for (reason, record) in reasons.iter().zip(records) {
                self.raw_row(row, reason, &record?, &plain)?;
                row += 1;
            }
            row += 1;
        }
        Ok(())
    }

    /// One row of the last sheet: place and reason, then the sender's own columns.
    fn raw_row(&mut self, row: u32, first: &[String; 4], cells: &csv::ByteRecord, format: &Format) -> Result<()> {
        let last = self.workbook.worksheets().len() - 1;
        let sheet = &mut self.workbook.worksheets_mut()[last];
        for (column, word) in (0_u16..).zip(first) {
            text(sheet, row, column, word, format)?;
        }
        for (column, cell) in (4_u16..).zip(cells) {
            text(sheet, row, column, &String::from_utf8_lossy(cell), format)?;
        }
        Ok(())
    }
}

fn numbered(name: &str, part: usize) -> String {
    if part == 0 { name.to_owned() } else { format!("{name} {}", part + 1) }
}

/// Text stays text, whatever it begins with.
fn text(sheet: &mut Worksheet, row: u32, column: u16, text: &str, format: &Format) -> Result<()> {
    let text: String =
        if text.len() > CELL_LETTERS { text.chars().take(CELL_LETTERS / 4).collect() } else { text.to_owned() };
    sheet.write_string_with_format(row, column, text, format)?;
    Ok(())
}
