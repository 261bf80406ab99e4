//! `adjust`: a submitted report and its changes → a new revision with its history.

use crate::adjust::changes::Changes;
use crate::adjust::history::{FILE, History};
use crate::adjust::{apply, verify};
use crate::body::organisation::Organisation;
use crate::commands::args::ending::Ending;
use crate::commands::out::output::Staging;
use crate::commands::out::spoken::Spoken;
use crate::commands::out::status::{Misuse, misuse, unreadable};
use crate::commands::out::terminal;
use crate::commands::parts::judged::organisation as body_of;
use crate::commands::parts::standing::marked;
use crate::commands::parts::{given, stored};
use crate::definitions::Definitions;
use crate::filed;
use crate::filed::form::Filed;
use crate::report::input_file::InputFile;
use crate::report::known;
use crate::report::standing::Revision;
use crate::report::testified::established;
use crate::report::wording::worst;
use crate::report::{Outcomes, Provenance, Report};
use crate::rules;
use crate::rules::beside::Beside;
use crate::values::cells::{Cells, Value};
use crate::values::period::Quarter;
use crate::words::failure::{Halt, OrHalt};
use crate::words::finding::{Finding, Kind, Severity};
use crate::words::lang::Lang;
use crate::year::between::between;
use crate::year::quarters::choose;
use anyhow::{Context, Result, bail, ensure};
use clap::Args;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// `adjust`: a submitted report and its changes.
#[derive(Debug, Clone, Default, Args)]
pub struct AdjustArgs {
    #[arg(value_name = "REPORT")]
    pub report: PathBuf,
    #[arg(long, value_name = "FILE")]
    pub changes: PathBuf,
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Other reports of the year: the quarters beside the corrected one are compared with it.
    #[arg(long, num_args = 1.., value_name = "REPORT")]
    pub year: Vec<PathBuf>,
    /// For the signature block; else what the report says of its body.
    #[arg(long, value_name = "FILE")]
    pub organisation: Option<PathBuf>,
    #[command(flatten)]
    pub ending: Ending,
}

impl AdjustArgs {
    /// Writes the adjusted report; the worst severity among its findings.
    ///
    /// # Errors
    /// A report that is not one sound form, changes before the fourth quarter has ended or that do not fit, a history that does not hold, results that cannot be written.
    pub fn run(&self, spoken: &Spoken, definitions: &Definitions) -> Result<Option<Severity>> {
        let other_parts: Vec<&Path> =
            [&self.changes, &self.out].into_iter().chain(&self.organisation).map(PathBuf::as_path).collect();
        let given = given::report(&self.report, &other_parts).context(Misuse)?;
        let (filed, submitted) = read(&given, definitions, spoken.terminal)?;
        let changes = Changes::read(&self.changes).context(Misuse)?;
        allowed(&filed, &changes).context(Misuse)?;
        let langs = if spoken.given.is_empty() { &filed.langs } else { &spoken.given };
        let history = history(&given, &filed, submitted.clone(), definitions, spoken.terminal).context(Misuse)?;
        let adjusted = apply::apply(filed.form, &filed.cells, &changes).context(Misuse)?;
        let history = history.with(Revision {
            asked_for: changes.decision.is_none(),
            decision: changes.decision.clone(),
            changes: adjusted.changes,
            followed: adjusted.followed,
            ..Revision::default()
        })?;
        let organisation = self.body(&filed).context(Misuse)?;
        let established = established(filed.form, &filed.aside.established);
        let alone = BTreeMap::from([(filed.form.form.clone(), established.clone())]);
        let alone = Beside { established: alone, ..Beside::default() };
        let checked = rules::check(filed.form, &adjusted.cells, &alone);
        let (beside, mut outcomes) = self.beside(&filed, &adjusted.cells, definitions)?;
        outcomes += checked.outcomes;
        let mut findings: Vec<_> = checked.findings.into_iter().chain(beside).map(Arc::new).collect();
        findings.sort();
        let provenance = Provenance { inputs: self.inputs(submitted, &history)?, ..Provenance::of(definitions) };
        let mut standing = marked(filed.standing.consolidated.clone(), history.revisions.clone(), definitions);
        standing.marks.extend(known::mark(&filed.aside.deadlines, definitions));
        let report = Report {
            unit: filed.unit.clone(),
            // what the records said of the submitted report stays with the adjusted one
            deadlines: filed.aside.deadlines.clone(),
            testified: filed.aside.testified.clone().unwrap_or_default(),
            established,
            findings,
            outcomes,
            standing,
            ..Report::of(definitions, filed.form, filed.period, &organisation, langs, adjusted.cells, &provenance)
        };
        let mut staging = Staging::new(&self.out)?;
        let folder = staging.report(&report, None, &[], definitions)?;
        let mut text = serde_json::to_vec_pretty(&history)?;
        text.push(b'\n');
        std::fs::write(folder.join(FILE), text).or_halt(|| Halt::writing(FILE))?;
        let written = staging.publish(self.ending.force, (definitions, spoken.terminal))?;
        if !self.ending.quiet {
            terminal::print_summary(std::slice::from_ref(&report), (&self.out, &written), definitions, spoken.terminal);
        }
        Ok(worst(&report))
    }

    fn body(&self, filed: &Filed<'_>) -> Result<Organisation> {
        let Some(path) = &self.organisation else { return Ok(body_of(filed)) };
        let organisation = Organisation::read(path)?;
        let own = &filed.organisation.bin;
        ensure!(
            own.is_empty() || *own == organisation.bin,
            Halt::new("fault_other_body").with("own", own).with("other", &organisation.bin)
        );
        Ok(organisation)
    }

    /// What the rules between quarters say of the corrected figures, where the reports beside them are given.
    fn beside(&self, filed: &Filed<'_>, cells: &Cells, definitions: &Definitions) -> Result<(Vec<Finding>, Outcomes)> {
        if self.year.is_empty() {
            return Ok((Vec::new(), Outcomes::default()));
        }
        let files = given::reports(&self.year, &[&self.out]).context(Misuse)?;
        let mut read = stored::read(&files, definitions)?;
        read.findings.extend(given::unread(&self.year, &[&self.out]).context(Misuse)?);
        let quarter = filed.period.quarter;
        // the corrected quarter is the one at hand, whatever else is given of it
        let others = read.reports.iter().enumerate().filter(|(_, other)| {
            let is_same = other.filed.form.form == filed.form.form && other.filed.is_of(filed.unit.as_ref());
            is_same && other.filed.period.quarter != quarter
        });
        let others: Vec<usize> = others.map(|(position, _)| position).collect();
        let chosen = choose(&read.reports, &others, &body_of(filed), quarter.year);
        let corrected = Filed { cells: cells.clone(), ..filed.clone() };
        let own = quarter.number.clamp(1, 4) as usize;
        let [first, second, third, fourth] = chosen.of;
        let chosen_of = [chosen.before, first, second, third, fourth];
        let of: [Option<&Filed<'_>>; 5] = std::array::from_fn(|nth| match nth.abs_diff(own) {
            0 => Some(&corrected),
            1 => chosen_of[nth].map(|position| &read.reports[position].filed),
            _ => None,
        });
        let (broken, outcomes) = between(&of);
        Ok((read.findings.into_iter().chain(chosen.findings).chain(broken).collect(), outcomes))
    }

    /// The report, the changes file, and the documents of the newest revision.
    fn inputs(&self, submitted: InputFile, history: &History) -> Result<Vec<InputFile>> {
        let newest = history.revisions.last().into_iter().flat_map(|revision| &revision.changes);
        let documents: BTreeSet<InputFile> = newest.map(|change| change.document.clone()).collect();
        Ok([submitted, InputFile::of(&self.changes)?].into_iter().chain(documents).collect())
    }
}

/// The one form in the file, and the file.
fn read<'d>(path: &Path, definitions: &'d Definitions, lang: Lang) -> Result<(Filed<'d>, InputFile)> {
    let (mut forms, findings) = filed::read::read(path, definitions)?;
    if forms.len() != 1 {
        terminal::print_findings(&findings, definitions, lang);
        let broken = |finding: &Finding| definitions.wording(finding.name).kind == Kind::Source;
        if forms.is_empty() && findings.iter().any(broken) {
            return Err(unreadable(Halt::new("fault_one_form").at(path).with("count", 0).into()));
        }
        bail!(misuse(Halt::new("fault_one_form").at(path).with("count", forms.len())));
    }
    let filed = forms.remove(0);
    let unsound =
        filed.cells.lines.iter().flat_map(|line| &line.values).filter(|value| !Value::is_sound(value)).count();
    if unsound > 0 {
        bail!(misuse(Halt::new("fault_unsound").at(path).with("count", unsound)));
    }
    Ok((filed, InputFile::of(path)?))
}

/// Para 63: reports of a year are adjusted when its fourth quarter has ended. Source: forms.md, D16.
fn allowed(filed: &Filed<'_>, changes: &Changes) -> Result<()> {
    let quarter = filed.period.quarter;
    let from = Quarter { number: 4, ..quarter }.day_after();
    ensure!(
        changes.first_day().is_some_and(|day| *day >= *from.to_string()),
        Halt::new("fault_fourth_quarter").with("period", quarter).with("day", from.format("%d.%m.%Y"))
    );
    Ok(())
}

/// The history so far: that which lies beside an adjusted report, else a new one.
fn history(
    path: &Path,
    filed: &Filed<'_>,
    submitted: InputFile,
    definitions: &Definitions,
    lang: Lang,
) -> Result<History> {
    let beside = path.with_file_name(FILE);
    let findings: Vec<Finding> = verify::verify(path, filed, definitions);
    if !findings.is_empty() {
        terminal::print_findings(&findings, definitions, lang);
        bail!(Halt::new("fault_history_broken").at(path));
    }
    if beside.exists() { History::read(&beside) } else { History::begin(filed, submitted) }
}
