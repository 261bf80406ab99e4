//! Findings in words: at hand, or worded one by one while they are written, since those of a country fill the memory.

use crate::definitions::Definitions;
use crate::render::drawn::Drawn;
use crate::render::sheet::FormSheet;
use crate::report::Report;
use crate::report::wording::{FindingKind, Worded, word_citing};
use crate::words::finding::Finding;
use crate::words::lang::Text;
use serde::Serialize;
use serde::ser::Serializer;
use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::BTreeMap;

/// Findings in the order of their places.
#[derive(Debug)]
pub enum Findings<'a> {
    Kept(&'a [Worded]),
    Of(Box<LazyFindings<'a>>),
}

/// Words the findings of a report.
#[derive(Debug)]
pub struct LazyFindings<'a> {
    report: &'a Report<'a>,
    definitions: &'a Definitions,
    /// For addresses of cells.
    sheet: Option<&'a FormSheet<'a>>,
    /// Bases that were said before.
    cited: RefCell<BTreeMap<String, Text>>,
}

impl<'a> Findings<'a> {
    /// Those of a report.
    pub fn of(drawn: &'a Drawn<'_>, definitions: &'a Definitions) -> Self {
        let report = drawn.report;
        // a large form is only laid out where a finding stands at one of its cells
        let placed = report.findings.iter().any(|finding| finding.at.is_some());
        let sheet = placed.then(|| drawn.sheet());
        Self::Of(Box::new(LazyFindings { report, definitions, sheet, cited: RefCell::default() }))
    }

    pub fn each(&self) -> Box<dyn Iterator<Item = Cow<'_, Worded>> + '_> {
        match self {
            Self::Kept(findings) => Box::new(findings.iter().map(Cow::Borrowed)),
            Self::Of(wordings) => Box::new(wordings.iter().map(Cow::Owned)),
        }
    }

    /// What each of them is, before it is worded.
    pub fn kinds(&self) -> Box<dyn Iterator<Item = FindingKind> + '_> {
        match self {
            Self::Kept(findings) => Box::new(findings.iter().map(FindingKind::from)),
            Self::Of(wordings) => Box::new(wordings.kinds()),
        }
    }

    pub fn count(&self) -> usize {
        match self {
            Self::Kept(findings) => findings.len(),
            Self::Of(wordings) => wordings.report.findings.len(),
        }
    }

    /// One of them.
    pub fn get(&self, place: usize) -> Option<Worded> {
        match self {
            Self::Kept(findings) => findings.get(place).cloned(),
            Self::Of(wordings) => wordings.report.findings.get(place).map(|finding| wordings.word(finding)),
        }
    }

    /// All of them at once.
    pub fn all(&self) -> Vec<Worded> {
        self.each().map(Cow::into_owned).collect()
    }
}

impl LazyFindings<'_> {
    fn kinds(&self) -> impl Iterator<Item = FindingKind> {
        let Self { report, definitions, .. } = *self;
        report.findings.iter().map(|finding| FindingKind::of(finding, definitions, Some(report.form)))
    }

    fn iter(&self) -> impl Iterator<Item = Worded> {
        self.report.findings.iter().map(|finding| self.word(finding))
    }

    fn word(&self, finding: &Finding) -> Worded {
        let say = |basis: &str| {
            let mut cited = self.cited.borrow_mut();
            cited.entry(basis.to_owned()).or_insert_with(|| self.definitions.citations.say(basis)).clone()
        };
        let mut worded = word_citing(finding, self.definitions, Some(self.report.form), say);
        let cell = self.sheet.zip(finding.at);
        let address = cell.and_then(|(sheet, (line, column))| sheet.address(line, column));
        worded.place.cell = address.or(worded.place.cell);
        worded
    }
}

impl Serialize for Findings<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.each())
    }
}
