//! `year`: stored reports of a year's quarters → a table of twelve months and the year for each form.

use crate::body::organisation::Organisation;
use crate::commands::args::ending::Ending;
use crate::commands::out::output::Staging;
use crate::commands::out::spoken::Spoken;
use crate::commands::out::status::{Misuse, NothingRead, unreadable};
use crate::commands::out::terminal;
use crate::commands::parts::judged::organisation as body_of;
use crate::commands::parts::{body, given, stored};
use crate::definitions::Definitions;
use crate::render;
use crate::render::data::findings::Findings;
use crate::render::drawn::Drawn;
use crate::report::standing::Standing;
use crate::report::wording::worst;
use crate::report::{Provenance, Report};
use crate::values::cells::Party;
use crate::values::period::Period;
use crate::words::failure::{Halt, OrHalt};
use crate::words::finding::Severity;
use crate::words::lang::{Lang, fold};
use crate::year::form::quarters;
use crate::year::made::{YearOf, YearTable};
use crate::year::quarters::{QuarterReport, choose};
use anyhow::{Context, Result, bail, ensure};
use clap::Args;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// `year`: the reports, and whose year it is.
#[derive(Debug, Clone, Default, Args)]
pub struct YearArgs {
    #[arg(required = true, value_name = "REPORT")]
    pub files: Vec<PathBuf>,
    /// For the signature block; else what most of the reports say of their body.
    #[arg(long, value_name = "FILE")]
    pub organisation: Option<PathBuf>,
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Absent: what most of the reports are of.
    #[arg(long)]
    pub year: Option<i32>,
    #[command(flatten)]
    pub ending: Ending,
}

/// Form and unit of a table.
type OfTable = (String, Option<(String, String)>);

impl YearArgs {
    /// Writes a table for each form (and unit) of which there are reports; the worst severity among the findings.
    ///
    /// # Errors
    /// No report that can be read, as many reports of one year or body as of another, results that cannot be written.
    pub fn run(&self, spoken: &Spoken, definitions: &Definitions) -> Result<Option<Severity>> {
        let organisation = self.organisation.as_ref().map(|path| body::read(path, definitions)).transpose();
        let organisation = organisation.context(Misuse)?;
        let except: Vec<&Path> = self.organisation.iter().chain([&self.out]).map(PathBuf::as_path).collect();
        let files = given::reports(&self.files, &except).context(Misuse)?;
        let mut read = stored::read(&files, definitions)?;
        read.findings.extend(given::unread(&self.files, &except).context(Misuse)?);
        if read.reports.is_empty() {
            terminal::print_findings(&read.findings, definitions, spoken.terminal);
            return Err(NothingRead::halt(read.findings));
        }
        let years = read.reports.iter().map(|report| report.filed.period.quarter.year);
        let year = self.year.map_or_else(|| most(years), Ok).context(Misuse)?;
        let organisation = organisation.map_or_else(|| body_of_most(&read.reports), Ok).context(Misuse)?;
        let langs = spoken.of_report(&organisation.languages);
        let mut tables: BTreeMap<OfTable, Vec<usize>> = BTreeMap::new();
        for (position, report) in read.reports.iter().enumerate() {
            let unit = report.filed.unit.as_ref().map(identity);
            tables.entry((report.filed.form.form.clone(), unit)).or_default().push(position);
        }
        let mut made = Vec::new();
        // what is told of files stands in the first table
        let mut findings = read.findings.clone();
        for ((form, _), own) in &tables {
            let chosen = choose(&read.reports, own, &organisation, year);
            findings.extend(chosen.findings);
            if chosen.of.iter().all(Option::is_none) {
                continue;
            }
            let report = |position: Option<usize>| position.map(|position| &read.reports[position]);
            let (quarters, before) = (chosen.of.map(report), report(chosen.before));
            let asked = YearOf { definitions, form, year, quarters, before, body: &organisation, lang: langs[0] };
            let mut table = YearTable::make(asked).context(Misuse)?;
            table.findings.append(&mut findings);
            table.findings.sort();
            made.push(table);
        }
        if made.is_empty() {
            terminal::print_findings(&findings, definitions, spoken.terminal);
            bail!(anyhow::Error::from(Halt::new("fault_no_quarter").with("year", year)).context(Misuse));
        }
        if let Some(first) = made.first_mut() {
            first.findings.append(&mut findings);
        }
        let worst = self.write(&made, &organisation, &langs, spoken, definitions)?;
        let halt = || Halt::new("fault_reports_unread").with("count", read.unread);
        if read.unread > 0 { Err(unreadable(halt().into())) } else { Ok(worst) }
    }

    fn write(
        &self,
        tables: &[YearTable<'_, '_>],
        organisation: &Organisation,
        langs: &[Lang],
        spoken: &Spoken,
        definitions: &Definitions,
    ) -> Result<Option<Severity>> {
        let provenances: Vec<Provenance> = tables
            .iter()
            .map(|table| {
                let given = table.before.iter().chain(table.quarters.iter().flatten());
                let inputs = given.map(|report| report.source.clone()).collect();
                Provenance { inputs, ..Provenance::of(definitions) }
            })
            .collect();
        let reports = tables.iter().zip(&provenances).map(|(table, provenance)| {
            let given = || table.quarters.iter().flatten().map(|report| &report.filed);
            let [_, _, _, last] = quarters(table.year);
            let as_of = given().map(|filed| filed.period.as_of).max().unwrap_or_else(|| last.day_after());
            let (period, cells) = (Period { quarter: last, as_of }, table.cells.clone());
            Report {
                unit: given().find_map(|filed| filed.unit.clone()),
                findings: table.findings.iter().cloned().map(Arc::new).collect(),
                outcomes: table.outcomes,
                standing: Standing { marks: table.marks.clone(), ..Standing::default() },
                ..Report::of(definitions, &table.form, period, organisation, langs, cells, provenance)
            }
        });
        let reports: Vec<Report<'_>> = reports.collect();
        let mut staging = Staging::new(&self.out)?;
        for (report, table) in reports.iter().zip(tables) {
            let folder = staging.folder(&report.folder_name())?;
            let file = |name: &str| File::create(folder.join(name)).map(BufWriter::new).or_halt(|| Halt::writing(name));
            let drawn = Drawn::new(report, None);
            let findings = Findings::of(&drawn, definitions);
            let workbook = staging.making("year.xlsx", || render::xlsx::year::write(drawn.sheet(), table))?;
            fs::write(folder.join("year.xlsx"), workbook).or_halt(|| Halt::writing("year.xlsx"))?;
            let told = || render::xlsx::findings::write(report, &findings, None, definitions);
            let workbook = staging.making("findings.xlsx", told)?;
            fs::write(folder.join("findings.xlsx"), workbook).or_halt(|| Halt::writing("findings.xlsx"))?;
            render::pdf::form::write(drawn.sheet(), file("year.pdf")?).or_halt(|| Halt::writing("year.pdf"))?;
            render::data::year::write(report, table, &findings, file("year.json")?)
                .or_halt(|| Halt::writing("year.json"))?;
            crate::report::flat::write(report, file("cells.csv")?).or_halt(|| Halt::writing("cells.csv"))?;
            render::data::json::write_findings(report, &findings, file("findings.json")?)
                .or_halt(|| Halt::writing("findings.json"))?;
        }
        let written = staging.publish(self.ending.force, (definitions, spoken.terminal))?;
        if !self.ending.quiet {
            terminal::print_summary(&reports, (&self.out, &written), definitions, spoken.terminal);
        }
        Ok(reports.iter().filter_map(worst).min())
    }
}

fn identity(unit: &Party) -> (String, String) {
    let name = if unit.code.is_empty() { fold(&unit.name) } else { String::new() };
    (unit.code.clone(), name)
}

/// The year of most reports.
fn most(years: impl Iterator<Item = i32>) -> Result<i32> {
    let mut counts: BTreeMap<i32, usize> = BTreeMap::new();
    for year in years {
        *counts.entry(year).or_default() += 1;
    }
    let (first, second) = best(counts);
    ensure!(
        second.is_none(),
        Halt::new("fault_years").with("first", first.unwrap_or_default()).with("second", second.unwrap_or_default())
    );
    first.context("no reports")
}

/// The body of most reports, as the first of them tells it.
fn body_of_most(reports: &[QuarterReport<'_>]) -> Result<Organisation> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for report in reports {
        *counts.entry(&report.filed.organisation.bin).or_default() += 1;
    }
    let (first, second) = best(counts);
    ensure!(
        second.is_none(),
        Halt::new("fault_bodies").with("first", first.unwrap_or_default()).with("second", second.unwrap_or_default())
    );
    let own = reports.iter().find(|report| Some(report.filed.organisation.bin.as_str()) == first);
    own.map(|report| body_of(&report.filed)).context("no reports")
}

/// What is met most often, and what as often.
fn best<K: Ord>(counts: BTreeMap<K, usize>) -> (Option<K>, Option<K>) {
    let most = counts.values().copied().max().unwrap_or(0);
    let mut best = counts.into_iter().filter(|(_, count)| *count == most).map(|(key, _)| key);
    (best.next(), best.next())
}
