//! A filed form judged: by itself, or with what may be looked at beside it.

use crate::body::organisation::Organisation;
use crate::definitions::Definitions;
use crate::filed::form::Filed;
use crate::render::sheet;
use crate::report::testified::established;
use crate::report::wording::{Worded, word};
use crate::report::{Outcomes, Provenance, Report};
use crate::rules;
use crate::rules::beside::Beside;
use crate::rules::causes;
use crate::words::finding::Finding;
use crate::words::lang::Lang;
use anyhow::Result;
use std::collections::BTreeMap;

/// A filed form with all that is wrong with it, in the order of its places.
#[derive(Debug)]
pub struct JudgedForm<'f, 'd> {
    pub filed: &'f Filed<'d>,
    /// The body as far as the form tells it.
    pub organisation: Organisation,
    pub outcomes: Outcomes,
    pub findings: Vec<Finding>,
}

impl<'f, 'd> JudgedForm<'f, 'd> {
    /// By itself; `reading`: what was found at the form while its file was read.
    pub fn of<'r>(filed: &'f Filed<'d>, reading: impl Iterator<Item = &'r Finding>) -> Self {
        let established = established(filed.form, &filed.aside.established);
        let established = BTreeMap::from([(filed.form.form.clone(), established)]);
        Self::new(filed, reading, rules::check(filed.form, &filed.cells, &Beside { established, ..Beside::default() }))
    }

    /// With other reports beside it, and with likely causes.
    pub fn beside<'r>(filed: &'f Filed<'d>, reading: impl Iterator<Item = &'r Finding>, beside: &Beside) -> Self {
        let mut beside = beside.clone();
        let established = established(filed.form, &filed.aside.established);
        beside.established.insert(filed.form.form.clone(), established);
        let beside = &beside;
        let mut checked = rules::check(filed.form, &filed.cells, beside);
        causes::explain(filed.form, &filed.cells, beside, &mut checked);
        Self::new(filed, reading, checked)
    }

    fn new<'r>(filed: &'f Filed<'d>, reading: impl Iterator<Item = &'r Finding>, mut checked: rules::Checked) -> Self {
        filed.leave_out_told(&mut checked.findings);
        let mut findings: Vec<Finding> = reading.cloned().chain(checked.findings).collect();
        findings.sort();
        Self { filed, organisation: organisation(filed), outcomes: checked.outcomes, findings }
    }

    /// The form as a report of its own; its findings are worded by `words`.
    pub fn report<'r>(&'r self, definitions: &'r Definitions, provenance: &'r Provenance) -> Report<'r> {
        let Filed { form, period, langs, cells, .. } = self.filed;
        Report {
            unit: self.filed.unit.clone(),
            outcomes: self.outcomes,
            ..Report::of(definitions, form, *period, &self.organisation, langs, cells.clone(), provenance)
        }
    }

    /// The findings in words, each with the place of its cell.
    ///
    /// # Errors
    /// The theme inside the binary is not well-formed.
    pub fn words(&self, definitions: &Definitions) -> Result<Vec<Worded>> {
        let filed = self.filed;
        let addresses = self.addresses(definitions);
        let worded = self.findings.iter().map(|finding| {
            let mut worded = word(finding, definitions, Some(filed.form));
            if let Some((line, column)) = finding.at {
                worded.place.cell = addresses(line, column);
                worded.place.source = Some(filed.origin.source.clone());
                worded.place.sheet = filed.origin.sheet_of(line, column).cloned();
                worded.place.line = filed.origin.place(line, column).map(|(row, _)| u64::from(row) + 1);
            }
            worded
        });
        Ok(worded.collect())
    }

    /// A1 addresses of the cells of a form: in its own sheet, or in the workbook that esep would make of it.
    #[allow(clippy::type_complexity)] // a question with an answer
    fn addresses(&self, definitions: &Definitions) -> Box<dyn Fn(usize, usize) -> Option<String> + '_> {
        let filed = self.filed;
        if filed.origin.sheet.is_some() {
            return Box::new(|line, column| {
                let (row, column) = filed.origin.place(line, column)?;
                Some(sheet::a1(row as usize, column as usize))
            });
        }
        let provenance = Provenance::default();
        let report = self.report(definitions, &provenance);
        let sheet = sheet::build(&report);
        let mut known: BTreeMap<(usize, usize), String> = BTreeMap::new();
        for (line, values) in filed.cells.lines.iter().enumerate() {
            for column in 0..values.values.len() {
                known.extend(sheet.address(line, column).map(|address| ((line, column), address)));
            }
        }
        Box::new(move |line, column| known.get(&(line, column)).cloned())
    }
}

/// The body as far as the form tells it.
pub fn organisation(filed: &Filed<'_>) -> Organisation {
    let name = &filed.organisation.name;
    Organisation {
        name_ru: name.get(Lang::Ru).to_owned(),
        name_kk: name.get(Lang::Kk).to_owned(),
        name_en: name.get(Lang::En).to_owned(),
        bin: filed.organisation.bin.clone(),
        languages: filed.langs.clone(),
        ..Organisation::default()
    }
}
