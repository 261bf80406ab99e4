//! A return package: a unit's findings, in its language, with a column for the answer.

use crate::consolidate::answers::{Answer, HEADS};
use crate::definitions::Definitions;
use crate::definitions::printed::Printer;
use crate::render::xlsx::table::{TableFormats, TextTable};
use crate::render::xlsx::temporary::{saved, workbook};
use crate::report::Report;
use crate::report::wording::Worded;
use crate::words::finding::{Outcome, Severity};
use crate::words::lang::Lang;
use anyhow::Result;
use rust_xlsxwriter::{DocProperties, ExcelDateTime};

/// Makes the workbook for one unit of a consolidated report.
///
/// # Errors
/// The library refuses.
pub fn write(
    report: &Report<'_>,
    unit: &str,
    findings: &[Worded],
    answers: &[&Answer],
    lang: Lang,
    definitions: &Definitions,
) -> Result<Vec<u8>> {
    let printer = Printer::new(&[lang], &definitions.printed);
    let words = |key: &str| definitions.words(key).get(lang).to_owned();
    let slot = |name: &str, value: String| (name.to_owned(), value);
    let slots = [
        slot("form", report.form.index.get(lang).to_owned()),
        slot("period", printer.period(report.period.quarter).get(lang).to_owned()),
        slot("unit", unit.to_owned()),
        slot("organisation", report.organisation.name().get(lang).to_owned()),
    ];
    let mut workbook = workbook()?;
    let day = report.period.as_of;
    let created = ExcelDateTime::from_timestamp(day.and_time(chrono::NaiveTime::MIN).and_utc().timestamp())?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&created));
    let widths = [5.0, 15.0, 16.0, 20.0, 9.0, 16.0, 52.0, 44.0, 40.0];
    let mut table = TextTable::begin(&mut workbook, &words("return_sheet"), &widths, &TableFormats::default())?;
    table.title(definitions.words("return_title").fill(&slots).get(lang), true)?;
    table.title(definitions.words("return_ask").fill(&slots).get(lang), false)?;
    table.head(&HEADS.map(words))?;
    let told = findings.iter().filter(|finding| finding.outcome == Outcome::Fails);
    for (number, finding) in (1..).zip(told) {
        let place = &finding.place;
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let severity = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Notice => "notice",
        };
        let cell = [text(&place.source), text(&place.sheet), text(&place.cell)];
        let cell: Vec<String> = cell.into_iter().filter(|part| !part.is_empty()).collect();
        let remark = [finding.code.clone(), cell.join(" · "), text(&place.row), text(&place.column)];
        let answer = answers.iter().rev().find(|answer| answer.remark == remark).map(|answer| answer.text.as_str());
        let [code, cell, row, column] = remark;
        let (message, hint) = (finding.message.get(lang).to_owned(), finding.hint.get(lang).to_owned());
        let told = [number.to_string(), words(severity), code, cell, row, column, message, hint];
        table.question(&told, answer.unwrap_or_default())?;
    }
    table.lock()?;
    table.finish_below(3)?;
    saved(&mut workbook)
}
