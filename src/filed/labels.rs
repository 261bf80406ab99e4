//! The printed labels of a form in all languages, to find which of them a text is.

use crate::definitions::form::{Form, Label};
use crate::definitions::spelling::{fold, likeness_from};
use crate::words::lang::{ByLang, Lang, Text};
use std::collections::BTreeMap;

/// A label is like a text from here on.
pub const ALIKE: f64 = 0.8;
/// Labels this near to the best one are as good.
const NEAR: f64 = 0.04;

/// A row whose label is like a text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hit {
    pub row: usize,
    pub likeness: f64,
    pub langs: &'static [Lang],
}

/// Languages in which a label may stand, one or two in a cell.
const WAYS: [&[Lang]; 5] = [&[Lang::Kk], &[Lang::Ru], &[Lang::En], &[Lang::Kk, Lang::Ru], &[Lang::Ru, Lang::Kk]];

/// Folded labels of one form.
#[derive(Debug)]
pub struct Labels {
    /// In each of the ways.
    rows: Vec<[String; 5]>,
    sections: Vec<ByLang<String>>,
    /// What stands in the stub of lines that were not filled.
    blanks: Vec<String>,
    /// First words of the lines of the signature block.
    signature: Vec<String>,
    met: BTreeMap<String, Vec<Hit>>,
}

fn folded(text: &Text) -> ByLang<String> {
    Lang::ALL.map(|lang| fold(text.get(lang)))
}

impl Labels {
    pub fn new(form: &Form) -> Self {
        let signed = |label: &Label| -> Vec<String> { folded(&label.label).into_iter().collect() };
        let begins = |label: &&Label| !label.id.ends_with("_hint") && label.id != "date";
        Self {
            rows: form.rows.iter().map(|row| WAYS.map(|langs| fold(&row.label.join(langs)))).collect(),
            sections: form.sections.iter().filter_map(|section| section.label.as_ref()).map(folded).collect(),
            blanks: form.rows.iter().flat_map(|row| &row.line_labels).flat_map(folded).collect(),
            signature: form.signature.iter().filter(begins).flat_map(signed).collect(),
            met: BTreeMap::new(),
        }
    }

    /// Rows whose labels are like the folded text, the likest first.
    pub fn like(&mut self, text: &str) -> Vec<Hit> {
        if let Some(hits) = self.met.get(text) {
            return hits.clone();
        }
        let mut hits: Vec<Hit> = (0..self.rows.len())
            .filter_map(|row| {
                let (likeness, langs) = self.from(text, row, ALIKE);
                (likeness >= ALIKE).then_some(Hit { row, likeness, langs })
            })
            .collect();
        hits.sort_by(|a, b| b.likeness.total_cmp(&a.likeness).then(a.row.cmp(&b.row)));
        let best = hits.first().map_or(0.0, |hit| hit.likeness);
        // the label itself leaves no place for one that is nearly the same
        let least = if best >= 1.0 { best } else { best - NEAR };
        hits.retain(|hit| hit.likeness >= least);
        self.met.insert(text.to_owned(), hits.clone());
        hits
    }

    /// How like the folded text is to the label of one row, and in which languages.
    pub fn own(&self, text: &str, row: usize) -> (f64, &'static [Lang]) {
        self.from(text, row, 0.5)
    }

    fn from(&self, text: &str, row: usize, least: f64) -> (f64, &'static [Lang]) {
        let all = self.rows[row].iter().zip(WAYS).map(|(label, langs)| (likeness_from(text, label, least), langs));
        all.max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.len().cmp(&a.1.len()))).unwrap_or((0.0, WAYS[1]))
    }

    /// Whether the folded text is the title of a section.
    pub fn is_section(&self, text: &str) -> bool {
        self.sections.iter().flatten().any(|label| likeness_from(text, label, 0.9) >= 0.9)
    }

    /// Whether the folded text is what an unfilled line has in its stub.
    pub fn is_blank_line(&self, text: &str) -> bool {
        self.blanks.iter().any(|label| likeness_from(text, label, 0.9) >= 0.9)
    }

    /// Whether the signature block begins with the folded text.
    pub fn is_signature(&self, text: &str) -> bool {
        self.signature
            .iter()
            .any(|label| !label.is_empty() && (text == label || text.starts_with(&format!("{label} "))))
    }
}
