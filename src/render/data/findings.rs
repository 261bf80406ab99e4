//! Findings in words: at hand, or worded one by one while they are written, since those of a country fill the memory.

use crate::definitions::Definitions;
use crate::render::drawn::Drawn;
use crate::render::sheet::FormSheet;
use crate::report::Report;
use crate::report::wording::{Worded, word};
use serde::Serialize;
use serde::ser::Serializer;
use std::borrow::Cow;

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
}

impl<'a> Findings<'a> {
    /// Those of a report.
    pub fn of(drawn: &'a Drawn<'_>, definitions: &'a Definitions) -> Self {
        let report = drawn.report;
        // a large form is only laid out where a finding stands at one of its cells
        let placed = report.findings.iter().any(|finding| finding.at.is_some());
        let sheet = placed.then(|| drawn.sheet());
        Self::Of(Box::new(LazyFindings { report, definitions, sheet }))
    }

    pub fn each(&self) -> Box<dyn Iterator<Item = Cow<'_, Worded>> + '_> {
        match self {
            Self::Kept(findings) => Box::new(findings.iter().map(Cow::Borrowed)),
            Self::Of(wordings) => Box::new(wordings.iter().map(Cow::Owned)),
        }
    }

    /// All of them at once.
    pub fn all(&self) -> Vec<Worded> {
        self.each().map(Cow::into_owned).collect()
    }
}

impl LazyFindings<'_> {
    fn iter(&self) -> impl Iterator<Item = Worded> {
        self.report.findings.iter().map(|finding| {
            let mut worded = word(finding, self.definitions, Some(self.report.form));
            let cell = self.sheet.zip(finding.at);
            let address = cell.and_then(|(sheet, (line, column))| sheet.address(line, column));
            worded.place.cell = address.or(worded.place.cell);
            worded
        })
    }
}

impl Serialize for Findings<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.each())
    }
}
