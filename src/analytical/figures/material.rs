//! What the analytical report is made from, and what it must ask people.

use crate::analytical::figures::figure::Figures;
use crate::analytical::figures::units::Member;
use crate::body::narrative::{Attachment, Known, Narrative};
use crate::definitions::Definitions;
use crate::definitions::analytical::{Analytical, Section};
use crate::definitions::form::Form;
use crate::definitions::slot;
use crate::facts::wordings::Told;
use crate::filed::form::Filed;
use crate::report::Report;
use crate::values::cells::Cells;
use crate::words::finding::{Finding, Place};
use std::collections::BTreeSet;

/// Everything that the analytical report of one form is made from.
#[derive(Debug, Clone, Copy)]
pub struct Material<'a> {
    pub definitions: &'a Definitions,
    pub report: &'a Report<'a>,
    pub texts: &'a Told,
    /// The unit among the resolved ones, when the report is of a unit.
    pub unit: Option<u32>,
    /// The units that the report stands for, in their order.
    pub units: &'a [Member<'a>],
    pub earlier: &'a [Filed<'a>],
    pub narrative: &'a Narrative,
    /// `None`: no folder was given.
    pub attachments: Option<&'a [Attachment]>,
    /// Tables that were handed over.
    pub given: &'a BTreeSet<String>,
}

/// The template of the analytical report of a form.
pub fn template<'d>(definitions: &'d Definitions, form: &Form) -> Option<&'d Analytical> {
    definitions.analyticals.iter().find(|report| report.forms.contains(&form.form))
}

/// Sections that people may tell about, for the forms of a run.
pub fn sections<'d>(definitions: &'d Definitions, forms: &[&Form]) -> Vec<Known<'d>> {
    let asked = |report: &&Analytical| forms.iter().any(|form| report.forms.contains(&form.form));
    let reports = definitions.analyticals.iter().filter(asked);
    let numbered = reports.flat_map(Analytical::numbered);
    numbered.map(|(number, section)| Known { id: &section.id, number, title: &section.title }).collect()
}

/// Whether data or people answer a section.
pub fn is_answered(section: &Section, figures: &Figures<'_>, narrative: &Narrative) -> bool {
    let told = narrative.is_told(&section.id);
    let known = |of: &String| slot::terms(of).is_ok_and(|terms| figures.of(&terms).is_some());
    told || section.answered_by.iter().any(known)
}

/// A finding for each section that neither data nor people answer.
pub fn open_questions(definitions: &Definitions, form: &Form, cells: &Cells, narrative: &Narrative) -> Vec<Finding> {
    let figures = Figures::new(form, cells);
    let Some(report) = template(definitions, form) else { return Vec::new() };
    let open = report.sections().filter(|section| !is_answered(section, &figures, narrative));
    open.map(|section| {
        let place = Place { form: Some(form.form.clone()), ..Place::default() };
        let (title, ask) = (&section.title, &section.ask);
        let finding = Finding::new("open_question", place).with("section", &section.id);
        let of = |finding: Finding, text: &crate::words::lang::Text, name: &str| {
            finding
                .with(&format!("{name}_kk"), &text.kk)
                .with(&format!("{name}_ru"), &text.ru)
                .with(&format!("{name}_en"), &text.en)
        };
        of(of(finding, title, "title"), ask, "ask")
    })
    .collect()
}

/// A finding for each file that the narrative names and nobody attached.
pub fn missing_attachments(narrative: &Narrative, attachments: Option<&[Attachment]>) -> Vec<Finding> {
    let attached = |file: &str| attachments.is_some_and(|files| files.iter().any(|known| known.name == file));
    let missing = narrative.named().filter(|(_, file)| !attached(file));
    missing
        .map(|(section, file)| {
            Finding::new("attachment_missing", Place::default()).with("section", section).with("file", file)
        })
        .collect()
}
