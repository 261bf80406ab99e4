//! What people give for the analytical report: the narrative and the attached materials.

use crate::analytical::figures::material;
use crate::analytical::figures::testimony::Testimony;
use crate::analytical::figures::units::Member;
use crate::body::narrative::{Attachment, Narrative, attachments};
use crate::commands::out::status::Misuse;
use crate::definitions::Definitions;
use crate::definitions::form::Form;
use crate::values::cells::Cells;
use crate::words::finding::Finding;
use anyhow::{Context, Result};
use std::path::Path;

/// The narrative and the attachments of a run.
#[derive(Debug, Default)]
pub struct Telling {
    pub narrative: Narrative,
    /// `None`: no folder was given.
    pub attachments: Option<Vec<Attachment>>,
}

impl Telling {
    /// # Errors
    /// The narrative cannot be read or names no section; the folder cannot be read.
    pub fn read(
        (narrative, folder): (Option<&Path>, Option<&Path>),
        definitions: &Definitions,
        forms: &[&Form],
    ) -> Result<Self> {
        let known = material::sections(definitions, forms);
        let narrative = narrative.map(|path| Narrative::read(path, &known)).transpose();
        let files = folder.map(attachments).transpose();
        Ok(Self { narrative: narrative.context(Misuse)?.unwrap_or_default(), attachments: files.context(Misuse)? })
    }

    /// Questions that stay open in the report of the whole body; files that are named and not attached.
    pub fn findings(
        &self,
        definitions: &Definitions,
        form: &Form,
        cells: &Cells,
        testimony: Testimony<'_>,
        units: &[Member<'_>],
    ) -> Vec<Finding> {
        let mut findings = material::open_questions(definitions, form, cells, &self.narrative, testimony, units);
        findings.extend(material::missing_attachments(definitions, &self.narrative, self.attachments.as_deref()));
        findings.extend(material::undescribed(&self.narrative, self.attachments.as_deref()));
        findings
    }
}
