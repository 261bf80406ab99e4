//! `generate`: sources → raw rows → records → facts → cells → findings → files.

mod output;
mod terminal;

use crate::cells::{Cells, Party};
use crate::check::{self, Beside, Other};
use crate::confirm::Confirmations;
use crate::definitions::Definitions;
use crate::definitions::form::Form;
use crate::derive::{Derived, Deriver};
use crate::filed::{self, Body, Filed};
use crate::finding::{Finding, Place, Severity};
use crate::ingest::raw::FoundTable;
use crate::ingest::{self, Discovered};
use crate::lang::Lang;
use crate::organisation::Organisation;
use crate::period::{Period, Quarter};
use crate::records::{Quarantine, Reader};
use crate::recount::{Filled, Outcome, Recount};
use crate::report::{Input, LedgerLine, Provenance, Report};
use crate::tabulate::Tabulator;
use crate::wording::severity;
use anyhow::{Context, Result, bail, ensure};
use chrono::NaiveDate;
use output::Staging;
use std::collections::BTreeMap;
use std::path::PathBuf;

pub use terminal::print_findings;

/// What the user asked for.
#[derive(Debug, Clone)]
pub struct Request {
    pub paths: Vec<PathBuf>,
    pub forms: Vec<String>,
    pub quarter: Quarter,
    pub as_of: Option<NaiveDate>,
    pub organisation: PathBuf,
    pub out: PathBuf,
    pub langs: Vec<Lang>,
    pub previous: Vec<PathBuf>,
    /// Confirmations of warnings.
    pub confirm: Option<PathBuf>,
    pub by_unit: bool,
    /// Count every cell a second time, slowly.
    pub paranoid: bool,
    pub force: bool,
    pub quiet: bool,
    pub ingest: ingest::Options,
}

/// A run that cannot be done as asked: wrong usage or configuration (exit status 2).
#[derive(Debug)]
pub struct Misuse;

impl std::fmt::Display for Misuse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("cannot run as asked")
    }
}

/// No source could be read as a table (exit status 3).
#[derive(Debug)]
pub struct NothingRead;

impl std::fmt::Display for NothingRead {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("no table could be read")
    }
}

/// All that the records came to, before any form is filled.
struct Counted {
    derived: Derived,
    given: BTreeMap<String, ()>,
    ledger: Vec<LedgerLine>,
    findings: Vec<Finding>,
    quarantine: Quarantine,
    provenance: Provenance,
    /// In the order of reading.
    tables: Vec<FoundTable>,
}

/// Fills the forms and writes all files; the worst severity among the findings.
pub fn generate(request: &Request, definitions: &Definitions) -> Result<Option<Severity>> {
    let organisation = Organisation::read(&request.organisation).context(Misuse)?;
    let langs = languages(request, &organisation);
    let forms: Vec<&Form> = request
        .forms
        .iter()
        .map(|form| definitions.form(form, request.quarter))
        .collect::<Result<_>>()
        .context(Misuse)?;
    let period =
        Period { quarter: request.quarter, as_of: request.as_of.unwrap_or_else(|| request.quarter.day_after()) };
    check_period(period, definitions).context(Misuse)?;
    let mut confirmations = match &request.confirm {
        Some(path) => Confirmations::read(path, definitions).context(Misuse)?,
        None => Confirmations::default(),
    };
    let earlier = earlier(request, definitions, &organisation)?;
    let mut staging = Staging::new(&request.out)?;
    let mut counted = count(request, definitions, &organisation, &forms, period, &staging)?;
    let mut filled = Vec::new();
    for form in &forms {
        for unit in units_of(request, form, &counted.derived) {
            filled.push((*form, unit, fill(&counted, definitions, &organisation, form, period, unit)?));
        }
    }
    if request.paranoid {
        counted.provenance.recounted =
            Some(recount(request, definitions, &organisation, &forms, period, &counted, &filled)?);
    }
    let beside = beside(&earlier, &filled, &counted.derived, period, &organisation);
    let mut reports = Vec::new();
    for (form, unit, cells) in filled {
        let mut report = report(&counted, form, period, &organisation, &langs, cells, unit, &beside);
        confirmations.apply(&mut report, definitions);
        reports.push(report);
    }
    confirmations.close(&mut reports);
    let mut worst = None;
    for report in &reports {
        let severities = report.findings.iter().map(|finding| severity(finding, definitions, Some(report.form)));
        worst = severities.chain(worst).min();
        staging.write(report, &counted.quarantine, definitions)?;
    }
    let written = staging.publish(request.force).context(Misuse)?;
    if !request.quiet {
        terminal::print_summary(&reports, &written, definitions, langs[0]);
    }
    Ok(worst)
}

/// The two counters disagree (exit status 4): the program is at fault, not the records.
#[derive(Debug)]
pub struct Disagreement;

impl std::fmt::Display for Disagreement {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the second counter disagrees; nothing was written")
    }
}

/// Counts every cell a second time; the number of cells, all of them equal.
fn recount(
    request: &Request,
    definitions: &Definitions,
    organisation: &Organisation,
    forms: &[&Form],
    period: Period,
    counted: &Counted,
    filled: &[(&Form, Option<u32>, Cells)],
) -> Result<u64> {
    let (tables, options) = (counted.tables.as_slice(), &request.ingest);
    let recount = Recount { definitions, tables, options, forms, organisation, period };
    let units = &counted.derived.units;
    let filled =
        filled.iter().map(|(form, unit, cells)| Filled { form, unit: unit.and_then(|id| units.party(id)), cells });
    let Outcome { cells, differences } = recount.check(&filled.collect::<Vec<_>>())?;
    if !differences.is_empty() {
        bail!(anyhow::anyhow!("{}", differences.join("\n")).context(Disagreement));
    }
    Ok(cells)
}

/// Earlier reports of the same body, and reports of other forms.
fn earlier<'d>(request: &Request, definitions: &'d Definitions, organisation: &Organisation) -> Result<Vec<Filed<'d>>> {
    let mut reports = Vec::new();
    for path in &request.previous {
        let place = || path.display().to_string();
        let bytes = std::fs::read(path).with_context(place)?;
        let report = filed::stored::read(&bytes, definitions).with_context(place).context(Misuse)?;
        let asked = request.forms.contains(&report.form.form);
        if report.unit.is_none() && (!asked || report.organisation.bin == organisation.bin) {
            reports.push(report);
        }
    }
    Ok(reports)
}

/// What the checks of a form may look at beside its cells: reports that were given, and the other forms of this run.
fn beside(
    earlier: &[Filed<'_>],
    filled: &[(&Form, Option<u32>, Cells)],
    derived: &Derived,
    period: Period,
    organisation: &Organisation,
) -> Beside {
    let body = Party { code: organisation.bin.clone(), name: String::new() };
    let own: Vec<Party> = derived.providers.printed.iter().cloned().chain([body]).collect();
    let mut reports: Vec<Other> = earlier.iter().map(|report| Other::of(report, &own)).collect();
    for (form, _, cells) in filled.iter().filter(|(_, unit, _)| unit.is_none()) {
        let filed =
            Filed { form, period, organisation: Body::default(), unit: None, langs: Vec::new(), cells: cells.clone() };
        reports.push(Other::of(&filed, &own));
    }
    Beside { reports, executed_later: Some(derived.executed_later) }
}

/// `--lang`, else the organisation's languages, else Russian.
fn languages(request: &Request, organisation: &Organisation) -> Vec<Lang> {
    let given = [&request.langs, &organisation.languages].into_iter().find(|langs| !langs.is_empty());
    given.cloned().unwrap_or_else(|| vec![Lang::Ru])
}

fn check_period(period: Period, definitions: &Definitions) -> Result<()> {
    let (first, last) = definitions.calendar.span();
    let known = period.quarter.first() >= first && period.quarter.last() <= last;
    ensure!(known, "{}: the calendar of working days knows only {first} to {last}", period.quarter);
    ensure!(
        period.as_of > period.quarter.first(),
        "as-of date {}: it is not after the first day of {}",
        period.as_of,
        period.quarter
    );
    Ok(())
}

/// The one pass over all sources.
fn count(
    request: &Request,
    definitions: &Definitions,
    organisation: &Organisation,
    forms: &[&Form],
    period: Period,
    staging: &Staging,
) -> Result<Counted> {
    let found = ingest::discover(&request.paths, &definitions.tables, &request.ingest)?;
    let Discovered { files, mut tables, findings } = found;
    if tables.is_empty() {
        print_findings(&findings, definitions, languages(request, organisation)[0]);
        return Err(anyhow::Error::new(std::io::Error::other(NothingRead.to_string())).context(NothingRead));
    }
    tables.sort_by_key(|table| reading_rank(&definitions.tables[table.table].table));
    let asked: Vec<&str> = forms.iter().map(|form| form.form.as_str()).collect();
    let mut reader = Reader::new(definitions, &asked, request.ingest.clone(), Quarantine::new(&staging.quarantine()?));
    reader.findings = findings;
    let mut deriver = Deriver::new(definitions, period, forms, organisation);
    for table in &tables {
        reader.read(table, &mut |record, findings| deriver.take(record, findings))?;
    }
    let Reader { mut ledger, mut findings, mut quarantine, .. } = reader;
    quarantine.finish()?;
    let derived = deriver.finish(&mut ledger, &mut findings)?;
    let sum = |of: fn(&LedgerLine) -> u64| ledger.iter().map(of).sum::<u64>();
    let (read, accepted, idle) = (sum(|line| line.read), sum(|line| line.accepted), sum(|line| line.feeds_nothing));
    if accepted == idle {
        let finding =
            Finding::new("nothing_in_period", Place { period: Some(period.quarter.to_string()), ..Place::default() });
        findings.push(finding.with("read", read).with("accepted", accepted));
    }
    findings.sort();
    let given = given(definitions, &tables);
    let inputs =
        files.into_iter().map(|file| Input { name: file.name, bytes: file.bytes, sha256: file.sha256 }).collect();
    let provenance = Provenance {
        inputs,
        definitions: definitions.digest.clone(),
        version: format!("esep {}", env!("CARGO_PKG_VERSION")),
        forms: request.forms.clone(),
        encoding: request.ingest.encoding.map(|encoding| encoding.label().to_owned()),
        separator: request.ingest.separator.map(|separator| char::from(separator).to_string()),
        recounted: None,
    };
    Ok(Counted { derived, given, ledger, findings, quarantine, provenance, tables })
}

/// Events before what hangs on them, the register and the refusals before the services.
pub(crate) fn reading_rank(table: &str) -> usize {
    ["control_events", "register", "refusals", "services"].iter().position(|first| *first == table).unwrap_or(4)
}

fn given(definitions: &Definitions, tables: &[FoundTable]) -> BTreeMap<String, ()> {
    Reader::handed_over(definitions, tables)
}

/// The whole, and with `--by-unit` each unit that has facts or stands in the organisation file.
fn units_of(request: &Request, form: &Form, derived: &Derived) -> Vec<Option<u32>> {
    let mut units = vec![None];
    if request.by_unit && form.by_unit {
        let count = u32::try_from(derived.units.printed.len()).unwrap_or(0);
        units.extend((1..count).map(Some));
    }
    units
}

fn fill(
    counted: &Counted,
    definitions: &Definitions,
    organisation: &Organisation,
    form: &Form,
    period: Period,
    unit: Option<u32>,
) -> Result<Cells> {
    let Counted { derived, given, .. } = counted;
    Tabulator { definitions, derived, given, period, zeros: organisation.zeros, unit }.fill(form)
}

#[allow(clippy::too_many_arguments)] // the parts of a report
fn report<'a>(
    counted: &'a Counted,
    form: &'a Form,
    period: Period,
    organisation: &'a Organisation,
    langs: &'a [Lang],
    cells: Cells,
    unit: Option<u32>,
    beside: &Beside,
) -> Report<'a> {
    let alone = Beside::default();
    let checked = check::check(form, &cells, if unit.is_some() { &alone } else { beside });
    let mut findings = checked.findings;
    if unit.is_none() {
        // Findings of records belong to the whole; those about another form's columns to that form.
        let own = |finding: &&Finding| finding.place.form.as_ref().is_none_or(|of| *of == form.form);
        findings.extend(counted.findings.iter().filter(own).cloned());
    }
    findings.sort();
    let unit: Option<Party> = unit.and_then(|unit| counted.derived.units.party(unit).cloned());
    Report {
        form,
        period,
        organisation,
        unit,
        langs,
        cells,
        findings,
        outcomes: checked.outcomes,
        ledger: &counted.ledger,
        provenance: &counted.provenance,
        decisions: counted.derived.decisions.clone(),
    }
}

/// The folder of a report: `2-mk_2026Q3_<organisation>`.
fn folder_name(report: &Report<'_>) -> String {
    format!("{}_{}_{}", report.form.form, report.period.quarter, report.organisation_id())
}
