//! What a report says beside its cells, as `report.json` holds it: causes, measures, answers of people, results whose
//! deadline is not known, and how much of the cells others established.

use crate::definitions::form::Form;
use crate::report::known::KnownDeadlines;
use crate::values::cells::Established;
use crate::words::lang::{Lang, Text};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is told beside the cells; empty where no records were read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Testified {
    /// Counts of records that no cell counts, by their names.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub counts: BTreeMap<String, i64>,
    /// Sections of the analytical report of which something is told.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sections: Vec<SectionTold>,
}

/// What is told of one section.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SectionTold {
    pub section: String,
    /// The words of people, in the languages in which they gave them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<Text>,
    /// What records say: causes, measures.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub words: Vec<WordsTold>,
}

/// A wording of records in one field, with the number of cases.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WordsTold {
    /// `violations.cause`
    pub field: String,
    pub text: String,
    pub count: i64,
}

/// How much of a cell others established (D15).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EstablishedPart {
    pub row_id: String,
    pub column: String,
    pub value: i64,
}

/// What a report that was read back says beside its cells.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Aside {
    /// Empty: the report does not say.
    pub deadlines: Vec<KnownDeadlines>,
    pub established: Vec<EstablishedPart>,
    /// `None`: the report does not say, as a workbook does not.
    pub testified: Option<Testified>,
}

impl Testified {
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty() && self.sections.is_empty()
    }

    /// Its own words of people with what records of units say.
    #[must_use]
    pub fn with(mut self, of_units: Self) -> Self {
        for told in of_units.sections {
            match self.sections.iter_mut().find(|own| own.section == told.section) {
                Some(own) => own.words.extend(told.words),
                None => self.sections.push(told),
            }
        }
        self.counts.extend(of_units.counts);
        self
    }

    pub fn section(&self, id: &str) -> Option<&SectionTold> {
        self.sections.iter().find(|told| told.section == id)
    }
}

impl SectionTold {
    /// The words of people in a language, else in the first one in which there are any.
    pub fn text(&self, lang: Lang) -> Option<&str> {
        let text = self.text.as_ref()?;
        let known = [lang, Lang::Ru, Lang::Kk, Lang::En].into_iter().map(|lang| text.get(lang).trim());
        known.into_iter().find(|text| !text.is_empty())
    }

    /// What records say in these fields.
    pub fn words<'s>(&'s self, fields: &'s [String]) -> impl Iterator<Item = &'s WordsTold> {
        self.words.iter().filter(|words| fields.contains(&words.field))
    }
}

/// The parts that others established, by the symbolic names of rows and columns.
pub fn parts(form: &Form, established: &Established) -> Vec<EstablishedPart> {
    let part = |((row, column), value): (&(usize, usize), &i64)| EstablishedPart {
        row_id: form.rows[*row].id.clone(),
        column: form.grid_of(*row).columns[*column].id.clone(),
        value: *value,
    };
    established.0.iter().filter(|(_, value)| **value != 0).map(part).collect()
}

/// The same by positions in a form; what it has no row or column for is left out.
pub fn established<'p>(form: &Form, parts: impl IntoIterator<Item = &'p EstablishedPart>) -> Established {
    let mut found = Established::default();
    for part in parts {
        let row = form.row_position(&part.row_id);
        let place = row.and_then(|row| Some((row, form.grid_of(row).column(&part.column)?)));
        if let Some(place) = place {
            *found.0.entry(place).or_default() += part.value;
        }
    }
    found
}
