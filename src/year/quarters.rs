//! Which report each quarter of a year has: of one body, each once, the corrected one before what it corrects.

use crate::adjust::history::History;
use crate::body::organisation::Organisation;
use crate::filed::form::Filed;
use crate::report::input_file::InputFile;
use crate::report::standing::Revision;
use crate::words::finding::{Finding, Place};
use crate::words::lang::{Lang, fold};
use crate::year::form::quarters;

/// A stored report as it was read.
#[derive(Debug)]
pub struct QuarterReport<'d> {
    pub filed: Filed<'d>,
    pub source: InputFile,
    /// What lies beside a report that was adjusted.
    pub history: Option<History>,
    /// SHA-256 of the definitions that it was made with, where it says so.
    pub definitions: Option<String>,
}

/// The reports of one form and unit that make a year.
#[derive(Debug, Default)]
pub struct Chosen {
    /// Positions among the reports, by quarter.
    pub of: [Option<usize>; 4],
    /// Of the last quarter of the year before, which the first one is checked against.
    pub before: Option<usize>,
    pub findings: Vec<Finding>,
}

impl QuarterReport<'_> {
    /// Which report it is, for findings.
    pub fn place(&self) -> Place {
        Place {
            source: Some(self.source.name.clone()),
            sheet: self.filed.origin.sheet.clone(),
            form: Some(self.filed.form.form.clone()),
            period: Some(self.filed.period.quarter.to_string()),
            ..Place::default()
        }
    }

    /// Its adjustments, oldest first.
    pub fn revisions(&self) -> &[Revision] {
        self.history.as_ref().map_or(&self.filed.standing.revisions, |history| &history.revisions)
    }

    /// Whether the body files it: by BIN, else by name.
    pub fn is_of_body(&self, body: &Organisation) -> bool {
        let own = &self.filed.organisation;
        if !own.bin.is_empty() && !body.bin.is_empty() {
            return own.bin == body.bin;
        }
        let name = body.name();
        Lang::ALL.into_iter().any(|lang| {
            let own = fold(own.name.get(lang));
            !own.is_empty() && Lang::ALL.iter().any(|lang| fold(name.get(*lang)) == own)
        })
    }

    /// Whether it is what became of another report, or of an earlier correction of it.
    fn corrects(&self, other: &Self) -> bool {
        let Some(history) = &self.history else { return false };
        if let Some(last) = other.revisions().last() {
            let later = history.revisions.len() > other.revisions().len();
            return later && history.revisions.iter().any(|own| own.hash == last.hash);
        }
        history.submitted.sha256 == other.source.sha256
            || History::begin(&other.filed, InputFile::default()).is_ok_and(|begun| begun.lines == history.lines)
    }
}

/// Puts the reports of one form and unit into the quarters of a year. What does not belong there is a finding and
/// counts nowhere; of two reports that contradict each other, neither does.
pub fn choose(reports: &[QuarterReport<'_>], own: &[usize], body: &Organisation, year: i32) -> Chosen {
    let mut chosen = Chosen::default();
    let [first, second, third, fourth] = quarters(year);
    let all = [first.previous(), first, second, third, fourth];
    let mut of_quarters: [Vec<usize>; 5] = Default::default();
    for position in own {
        let report = &reports[*position];
        let quarter = report.filed.period.quarter;
        if !report.is_of_body(body) {
            let bin = &report.filed.organisation.bin;
            let bin = if bin.is_empty() { "—" } else { bin };
            let finding = Finding::new("year_other_body", report.place());
            chosen.findings.push(finding.with("bin", bin).with("own", &body.bin));
        } else if let Some(nth) = all.iter().position(|known| *known == quarter) {
            of_quarters[nth].push(*position);
        } else {
            let finding = Finding::new("year_other_year", report.place());
            chosen.findings.push(finding.with("period", quarter).with("year", year));
        }
    }
    for (nth, positions) in of_quarters.iter().enumerate() {
        let Some(newest) = newest(reports, positions) else {
            for position in positions {
                let others: Vec<&str> = positions
                    .iter()
                    .filter(|other| *other != position)
                    .map(|other| reports[*other].source.name.as_str())
                    .collect();
                let finding = Finding::new("year_quarter_twice", reports[*position].place());
                chosen.findings.push(finding.with("period", all[nth]).with("others", others.join(", ")));
            }
            continue;
        };
        *nth.checked_sub(1).map_or(&mut chosen.before, |nth| &mut chosen.of[nth]) = Some(newest);
        for other in positions.iter().filter(|other| **other != newest) {
            let revision = reports[newest].revisions().last().map_or(0, |last| last.number);
            let finding = Finding::new("year_superseded", reports[*other].place());
            chosen.findings.push(finding.with("other", &reports[newest].source.name).with("number", revision));
        }
    }
    chosen
}

/// The one report of a quarter: it is alone, or what all the others became.
fn newest(reports: &[QuarterReport<'_>], positions: &[usize]) -> Option<usize> {
    let is_last = |position: &&usize| {
        let mut others = positions.iter().filter(|other| other != position);
        others.all(|other| reports[**position].corrects(&reports[*other]))
    };
    positions.iter().find(is_last).copied()
}
