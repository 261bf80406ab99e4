//! What the writers of one report share: made when the first asks for it, and once.

use crate::analytical::document::Document;
use crate::analytical::documents;
use crate::analytical::figures::material::Material;
use crate::render::sheet::{FormSheet, build};
use crate::report::Report;
use anyhow::Result;
use std::sync::OnceLock;

/// A report on its way to files.
#[derive(Debug)]
pub struct Drawn<'a> {
    pub report: &'a Report<'a>,
    /// Absent: there is no analytical report.
    pub material: Option<&'a Material<'a>>,
    sheet: OnceLock<FormSheet<'a>>,
    documents: OnceLock<Vec<Document>>,
}

impl<'a> Drawn<'a> {
    pub fn new(report: &'a Report<'a>, material: Option<&'a Material<'a>>) -> Self {
        Self { report, material, sheet: OnceLock::new(), documents: OnceLock::new() }
    }

    /// The form laid out in the languages of the report.
    pub fn sheet(&self) -> &FormSheet<'a> {
        self.sheet.get_or_init(|| build(self.report))
    }

    /// The analytical report, one document for each language; none without material.
    ///
    /// # Errors
    /// As `documents`.
    pub fn documents(&self) -> Result<&[Document]> {
        if let Some(known) = self.documents.get() {
            return Ok(known);
        }
        let made = self.material.map(documents).transpose()?.unwrap_or_default();
        Ok(self.documents.get_or_init(|| made))
    }
}
