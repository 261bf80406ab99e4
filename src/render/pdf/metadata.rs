//! What a document says of itself.

use crate::definitions::printed::{Printer, table_title};
use crate::report::Report;
use crate::words::lang::Lang;
use chrono::NaiveDate;

/// Title, author and language of a document.
#[derive(Debug, Clone)]
pub struct Metadata {
    pub title: String,
    /// The organisation.
    pub author: String,
    pub subject: String,
    /// Two-letter code of the leading language.
    pub language: &'static str,
    /// The day that the document says it was made: the as-of date, never the clock.
    pub date: NaiveDate,
    /// `esep 0.1.0`.
    pub producer: String,
}

/// A place that the reader's table of contents leads to.
#[derive(Debug, Clone)]
pub struct Bookmark {
    pub title: String,
    /// Page, from 0.
    pub page: usize,
    /// Points from the top of the page.
    pub top: f64,
}

impl Metadata {
    /// Of a document about a report; `title`: what it is called, before its period and body.
    pub fn of(report: &Report<'_>, title: &str, printer: &Printer, lang: Lang) -> Self {
        let period = printer.when(report.form, report.period.quarter);
        let body = report.organisation.name().get(lang).to_owned();
        let of = report.unit.as_ref().map_or(body.as_str(), |unit| unit.label());
        Self {
            title: format!("{title}, {}: {of}", period.get(lang)),
            subject: table_title(report.form, lang),
            author: body,
            language: lang.code(),
            date: report.period.as_of,
            producer: report.provenance.program.clone(),
        }
    }
}
