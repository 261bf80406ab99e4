//! `consolidate`: reports of units → the report of the whole, a table of contributors, a return package a unit.

use crate::analytical::figures::material::{Material, testified};
use crate::analytical::figures::testimony::NoRecords;
use crate::analytical::figures::units::Member;
use crate::commands::args::beside::BesideArgs;
use crate::commands::args::ending::Ending;
use crate::commands::out::output::Staging;
use crate::commands::out::spoken::Spoken;
use crate::commands::out::status::{Misuse, NothingRead, misuse, unreadable};
use crate::commands::out::terminal;
use crate::commands::parts::board;
use crate::commands::parts::gathered::{ReadReports, gather};
use crate::commands::parts::given;
use crate::commands::parts::returns::Returns;
use crate::commands::parts::standing::marked;
use crate::commands::parts::telling::Telling;
use crate::commands::parts::{body, compared};
use crate::consolidate::aside::WholeAside;
use crate::consolidate::merge;
use crate::consolidate::merge::Merged;
use crate::consolidate::names::unit_name;
use crate::consolidate::part::UnitReport;
use crate::consolidate::roster::{Accepted, Roster};
use crate::definitions::Definitions;
use crate::definitions::form::Form;
use crate::render;
use crate::render::data::contributors::Contributors;
use crate::render::pdf::lacking;
use crate::report::filer;
use crate::report::known;
use crate::report::wording::worst;
use crate::report::{Provenance, Report};
use crate::rules;
use crate::rules::beside::{Beside, Other};
use crate::values::cells::{Cells, Party};
use crate::values::period::Quarter;
use crate::words::failure::{Halt, OrHalt};
use crate::words::finding::{Finding, Place, Severity};
use crate::words::lang::Text;
use anyhow::{Context, Error, Result, ensure};
use clap::Args;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// `consolidate`: reports of units, and who they are.
#[derive(Debug, Clone, Default, Args)]
pub struct ConsolidateArgs {
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    #[arg(long, value_name = "FILE")]
    pub organisation: PathBuf,
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Days of receipt, by unit.
    #[arg(long, value_name = "FILE")]
    pub received: Option<PathBuf>,
    /// Absent: what most of the reports are.
    #[arg(long)]
    pub form: Option<String>,
    #[arg(long)]
    pub period: Option<String>,
    #[command(flatten)]
    pub beside: BesideArgs,
    #[arg(long)]
    pub provisional: bool,
    #[command(flatten)]
    pub ending: Ending,
}

impl ConsolidateArgs {
    /// Writes the consolidated report; the worst severity among the findings.
    ///
    /// # Errors
    /// An organisation file without units, reports of which none could be read, an incomplete consolidation that was
    /// not asked for as provisional, results that cannot be written.
    pub fn run(&self, spoken: &Spoken, definitions: &Definitions) -> Result<Option<Severity>> {
        let period = self.period.as_deref().map(Quarter::parse).transpose().context(Misuse)?;
        let organisation = body::read(&self.organisation, definitions).context(Misuse)?;
        let langs = spoken.of_report(&organisation.languages);
        let roster = Roster::new(&organisation, langs[0]).context(Misuse)?;
        let receipts =
            self.received.as_ref().map(|path| roster.receipts(path, definitions)).transpose().context(Misuse)?;
        let mut gathered = gather(&self.reports().context(Misuse)?, &roster, definitions)?;
        gathered.findings.extend(given::unread(&self.files, &self.other_parts()).context(Misuse)?);
        if gathered.parts.is_empty() {
            terminal::print_findings(&gathered.findings, definitions, spoken.terminal);
            return Err(NothingRead::halt(gathered.findings));
        }
        let (name, quarter) =
            subject((self.form.as_deref().map(|form| definitions.form_meant(form)), period), &gathered.parts)
                .context(Misuse)?;
        let form = definitions.form(&name, quarter).context(Misuse)?;
        gathered.answers_before(&self.out, (&name, quarter), &roster, definitions)?;
        let receipts = receipts.unwrap_or_default();
        let mut accepted =
            roster.accept(&gathered.parts, (&name, quarter), &receipts, &gathered.spellings, definitions);
        if accepted.consolidated.provisional && !self.provisional {
            return Err(incomplete(&accepted, &gathered, definitions, spoken));
        }
        accepted.counted.sort_by_key(|position| identity(&gathered.parts[*position]));
        let counted: Vec<&UnitReport<'_>> =
            accepted.counted.iter().map(|position| &gathered.parts[*position]).collect();
        let texts: Vec<Text> = counted.iter().map(|part| called(part, &roster)).collect();
        let names: Vec<String> = texts.iter().map(|name| name.get(langs[0]).to_owned()).collect();
        let spellings = &gathered.spellings;
        let mut merged =
            merge::merge(merge::Reports { form, quarter, parts: &counted, names: &texts, spellings, lang: langs[0] });
        let mut findings: Vec<Finding> = gathered.findings.clone();
        findings.append(&mut merged.findings);
        findings.extend(accepted.findings.iter().map(|(_, finding)| finding.clone()));
        findings.extend(renamed(&merged, &names, form, quarter));
        findings.extend(gathered.answers.iter().map(|answer| answer.finding(&roster)));
        findings.extend(accepted.counted.iter().flat_map(|position| gathered.mended[*position].clone()));
        let previous = given::paths(&self.beside.previous).context(Misuse)?;
        let earlier = compared::earlier(&previous, &[name], definitions, &organisation)?;
        let reports =
            earlier.iter().filter(|report| report.unit.is_none()).map(|report| Other::of(report, &[])).collect();
        let aside = WholeAside::of(form, &counted);
        let established = BTreeMap::from([(form.form.clone(), aside.established.clone())]);
        let checked = rules::check(form, &merged.cells, &Beside { reports, established, ..Beside::default() });
        findings.extend(checked.findings.into_iter().chain(known::finding(form, &aside.deadlines, definitions)));
        findings.sort();
        let none = NoRecords::default();
        let testimony = none.with(&aside.testified.counts);
        let telling = Telling::read(self.beside.told(), definitions, &[form])?;
        let rows: Vec<Cells> = counted.iter().map(|part| part.rows(form, quarter)).collect();
        let members = members(&counted, &texts, &rows);
        findings.extend(telling.findings(definitions, form, &merged.cells, testimony, &members));
        let findings = findings.into_iter().map(Arc::new).collect();
        let provenance = Provenance { inputs: gathered.inputs.clone(), ..Provenance::of(definitions) };
        let period = self.beside.period(quarter);
        let mut standing = marked(Some(accepted.consolidated.clone()), Vec::new(), definitions);
        standing.marks.extend(known::mark(&aside.deadlines, definitions));
        let mut report = Report {
            findings,
            outcomes: checked.outcomes,
            decisions: BTreeMap::from([("D2".to_owned(), 0)]),
            standing,
            deadlines: aside.deadlines.clone(),
            established: aside.established.clone(),
            ..Report::of(definitions, form, period, &organisation, &langs, merged.cells.clone(), &provenance)
        };
        report.testified = testified(definitions, &report, &telling.narrative, testimony).with(aside.testified.clone());
        let lacking = lacking::told(&report, &telling.narrative, testimony, definitions)?;
        report.findings.extend(lacking.map(Arc::new));
        report.findings.extend(filer::told(&report).map(Arc::new));
        let mut staging = Staging::new(&self.out)?;
        let material = Material {
            definitions,
            report: &report,
            testimony,
            units: &members,
            earlier: &earlier,
            narrative: &telling.narrative,
            attachments: telling.attachments.as_deref(),
            silent_of_terms: aside.silent_of_terms,
        };
        let figures = board::figures(&accepted, &gathered.parts, &roster, form);
        let board = board::members(&accepted, &gathered.counts, &roster, &figures);
        let folder = staging.report(&report, Some(&material), &board, definitions)?;
        let contributors = Contributors { report: &report, merged: &merged, parts: &counted, names: &names };
        write_contributors(&contributors, &folder, &staging, definitions)?;
        let ReadReports { parts, filed: seen, answers, .. } = &gathered;
        let returns = Returns { report: &report, roster: &roster, parts, seen, answers, definitions };
        staging.making("returns", || returns.write(&accepted, &folder))?;
        let written = staging.publish(self.ending.force, (definitions, spoken.terminal))?;
        if !self.ending.quiet {
            terminal::print_summary(std::slice::from_ref(&report), (&self.out, &written), definitions, spoken.terminal);
        }
        gathered.all_were_read()?;
        Ok(worst(&report))
    }

    /// The files of reports: all that is given but what has another part in the run.
    fn reports(&self) -> Result<Vec<PathBuf>> {
        given::reports(&self.files, &self.other_parts())
    }

    /// What has another part in the run.
    fn other_parts(&self) -> Vec<&Path> {
        let mut except: Vec<&Path> = vec![&self.organisation, &self.out];
        let (narrative, attachments) = self.beside.told();
        except.extend([self.received.as_deref(), narrative, attachments].into_iter().flatten());
        except.extend(self.beside.previous.iter().map(PathBuf::as_path));
        except
    }
}

/// That too few units are in, with all that was found.
fn incomplete(accepted: &Accepted, gathered: &ReadReports<'_>, definitions: &Definitions, spoken: &Spoken) -> Error {
    let said = accepted.findings.iter().map(|(_, finding)| finding);
    let all: Vec<Finding> = gathered.findings.iter().chain(said).cloned().collect();
    terminal::print_findings(&all, definitions, spoken.terminal);
    let whole = &accepted.consolidated;
    let (counted, expected) = (whole.counted, whole.expected);
    let halt = Halt::new("fault_incomplete").with("counted", counted).with("expected", expected);
    if gathered.unread > 0 { unreadable(halt.into()) } else { misuse(halt) }
}

/// Writes who gave what, as data and as a workbook.
fn write_contributors(
    contributors: &Contributors<'_>,
    folder: &Path,
    staging: &Staging,
    definitions: &Definitions,
) -> Result<()> {
    let (table, workbook) = ("contributors.json", "contributors.xlsx");
    let file = File::create(folder.join(table)).or_halt(|| Halt::writing(table))?;
    render::data::contributors::write(contributors, BufWriter::new(file)).or_halt(|| Halt::writing(table))?;
    let written = staging.making(workbook, || render::xlsx::contributors::write(contributors, definitions))?;
    fs::write(folder.join(workbook), written).or_halt(|| Halt::writing(workbook))
}

/// The counted reports as units of the whole.
fn members<'c>(counted: &[&'c UnitReport<'_>], names: &[Text], cells: &'c [Cells]) -> Vec<Member<'c>> {
    let member = |((part, name), cells): ((&&'c UnitReport<'_>, &Text), &'c Cells)| {
        let (code, testified) = (part.filer.code.clone(), part.aside.testified.as_ref());
        Member { code, name: name.clone(), cells, testified }
    };
    counted.iter().zip(names).zip(cells).map(member).collect()
}

/// The form and the quarter: as asked, else what most of the reports are.
fn subject((form, period): (Option<&str>, Option<Quarter>), parts: &[UnitReport<'_>]) -> Result<(String, Quarter)> {
    let mut counts: BTreeMap<(&str, Quarter), usize> = BTreeMap::new();
    for part in parts {
        let form = form.unwrap_or(&part.form.form);
        let quarter = period.unwrap_or(part.period.quarter);
        *counts.entry((form, quarter)).or_default() += 1;
    }
    let most = counts.values().copied().max().unwrap_or(0);
    let mut best = counts.into_iter().filter(|(_, count)| *count == most);
    let ((form, quarter), _) = best.next().context("no reports")?;
    let second = best.next().map(|((form, quarter), _)| format!("{form} {quarter}"));
    ensure!(
        second.is_none(),
        Halt::new("fault_subject")
            .with("first", format!("{form} {quarter}"))
            .with("second", second.unwrap_or_default())
    );
    Ok((form.to_owned(), quarter))
}

/// By what the reports are put in order, whatever order they were given in.
fn identity(part: &UnitReport<'_>) -> (String, String, String) {
    (part.filer.code.clone(), part.filer.name.clone(), part.source.name.clone())
}

fn called(part: &UnitReport<'_>, roster: &Roster<'_>) -> Text {
    let own = roster.filer(part).map(|unit| unit_name(&roster.units()[unit]));
    own.unwrap_or_else(|| Text::same(part.filer.label()))
}

/// Names that a service, provider or system has in some reports beside the printed one.
fn renamed(merged: &Merged, names: &[String], form: &Form, quarter: Quarter) -> Vec<Finding> {
    let mut findings = Vec::new();
    for renamed in merged.renamed.iter().filter(|renamed| renamed.truly) {
        for (other, parts) in &renamed.others {
            let units: Vec<&str> = parts.iter().map(|part| names[*part].as_str()).collect();
            let (form, period) = (Some(form.form.clone()), Some(quarter.to_string()));
            let filled = |party: &Party| Some(party.code.clone()).filter(|code| !code.is_empty());
            let (code, name) = (filled(&renamed.party), Some(renamed.party.name.clone()));
            let place = Place { form, period, service_code: code, service_name: name, ..Place::default() };
            let finding = Finding::new("service_renamed", place).with("name", &renamed.party.name).with("other", other);
            findings.push(finding.with("units", units.join(", ")));
        }
    }
    findings
}
