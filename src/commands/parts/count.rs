//! Records counted: sources → raw rows → records → facts.

use crate::analytical::figures::testimony::Testimony;
use crate::body::empty::{self, Empty};
use crate::body::organisation::Organisation;
use crate::commands::out::output::{CellRecords, Staging};
use crate::commands::out::status::{Misuse, NothingRead};
use crate::commands::out::terminal::{print_findings, print_passed};
use crate::definitions::Definitions;
use crate::definitions::form::Form;
use crate::facts::apart::ToldApart;
use crate::facts::deriver::{Derived, Deriver};
use crate::facts::first;
use crate::facts::first::Traces;
use crate::facts::pass;
use crate::facts::pass::Again;
use crate::facts::tabulate::Tabulator;
use crate::records::Reader;
use crate::records::doubtful;
use crate::records::quarantine::Quarantine;
use crate::report::input_file::InputFile;
use crate::report::{LedgerLine, Provenance, Report};
use crate::sources;
use crate::sources::found::{PassedFolder, Twin};
use crate::sources::raw::FoundTable;
use crate::sources::rows::without_rows;
use crate::sources::{Discovered, SourceFile};
use crate::values::cells::{Cells, Established};
use crate::values::period::Period;
use crate::words::failure::Halt;
use crate::words::finding::{Finding, Place};
use crate::words::gathered::Gathered;
use crate::words::lang::Lang;
use crate::words::progress::Progress;
use anyhow::{Context, Result};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

/// All that the records came to, before any form is filled.
pub(crate) struct Counted {
    pub derived: Derived,
    pub given: BTreeSet<String>,
    pub ledger: Vec<LedgerLine>,
    pub findings: Vec<Arc<Finding>>,
    pub quarantine: Quarantine,
    pub provenance: Provenance,
    /// In the order of reading.
    pub tables: Vec<FoundTable>,
}

impl Counted {
    /// What the records say beside the cells of a report, of the whole body or of one of its units.
    pub fn testimony<'c>(&'c self, apart: &'c ToldApart, unit: Option<u32>) -> Testimony<'c> {
        static NONE: BTreeMap<String, i64> = BTreeMap::new();
        let Derived { texts, course, .. } = &self.derived;
        Testimony { texts, course, apart, given: &self.given, handed: &NONE, unit }
    }
}

/// What records are counted for.
pub(crate) struct Counting<'r> {
    /// Files and folders of records.
    pub paths: &'r [PathBuf],
    pub options: &'r sources::Options,
    pub empty: Option<&'r Empty>,
    /// Language of the terminal.
    pub terminal: Lang,
    /// Nothing is said while records are read.
    pub quiet: bool,
    pub definitions: &'r Definitions,
    pub organisation: &'r Organisation,
    pub forms: &'r [&'r Form],
    pub period: Period,
}

impl Counting<'_> {
    /// The one pass over all sources.
    pub fn count(&self, staging: &Staging) -> Result<Counted> {
        let mut options = self.options.clone();
        // each reason once: a file that gives one again changes while it is read
        for _ in 0..3 {
            match self.count_once(&options, staging)? {
                Ok(counted) => return Ok(counted),
                Err(Again::Whole) => options.pace.glance_bytes = u64::MAX,
                Err(Again::InOrder) => options.pace.in_order = true,
            }
        }
        Err(Halt::new("fault_changes_while_read").into())
    }

    fn count_once(&self, options: &sources::Options, staging: &Staging) -> Result<std::result::Result<Counted, Again>> {
        let Self { definitions, organisation, forms, period, .. } = *self;
        let found = sources::discover(self.paths, &definitions.tables, options);
        let mut found = found.context(NothingRead { findings: Vec::new() })?;
        doubtful::settle(&mut found, definitions, options);
        let Discovered { mut files, mut tables, twins, passed, findings } = found;
        if !self.quiet {
            print_passed(&passed, definitions, self.terminal);
        }
        if tables.is_empty() {
            print_findings(&findings, definitions, self.terminal);
            return Err(NothingRead::halt(findings));
        }
        tables.sort_by_key(|table| reading_rank(&definitions.tables[table.table].table));
        let asked: Vec<&str> = forms.iter().map(|form| form.form.as_str()).collect();
        let mut reader = Reader::new(definitions, &asked, options.clone(), Quarantine::new(&staging.quarantine()?));
        reader.findings = Gathered::from(findings);
        // what this run replaces is not told in its files: a second run gives the same bytes
        let elsewhere = passed.iter().filter(|folder| !folder.is_within(staging.out()));
        reader.findings.extend(elsewhere.map(PassedFolder::told));
        reader.findings.extend(options.mapping.iter().flat_map(|used| used.mapping.told(definitions)));
        let mut deriver = Deriver::new(definitions, period, forms, organisation);
        let is_result = |table: &FoundTable| !options.pace.one_by_one && definitions.tables[table.table].is_result();
        for tables in tables.chunk_by(|one, next| is_result(one) == is_result(next)) {
            if is_result(&tables[0]) {
                let paths: BTreeSet<&PathBuf> = tables.iter().map(|table| &table.path).collect();
                let bytes = files.iter().filter(|file| paths.contains(&file.path)).map(|file| file.bytes).sum();
                let wording = (definitions.words("progress"), self.terminal);
                let progress = Progress::new(bytes, Some(wording).filter(|_| !self.quiet));
                let again = pass::read(&mut reader, &mut deriver, tables, &mut files, &progress, &staging.temporary()?);
                progress.clear();
                if let Some(again) = again? {
                    return Ok(Err(again));
                }
                continue;
            }
            reader.read_all(tables, &mut |record, findings| {
                let taken = deriver.take(record, findings);
                // what was counted for something else is refused, not read
                if definitions.tables[record.found.table].counted { taken.context(Misuse) } else { taken }
            })?;
        }
        let Reader { mut ledger, mut findings, mut quarantine, copies, .. } = reader;
        quarantine.finish()?;
        // a rest without rows says something where the database counted none either
        let is_empty = |found: &FoundTable| {
            let own = ledger.iter().filter(|line| line.source == found.name && line.sheet == found.sheet);
            own.map(|line| line.read).sum::<u64>() == 0
        };
        let rests = tables.iter().filter(|found| found.is_rest && !deriver.is_counted_elsewhere(found.table));
        findings.extend(rests.filter(|found| is_empty(found)).map(without_rows));
        findings.extend(copies.tell(&ledger));
        // what a database counted was read there
        let is_counted = tables.iter().any(|found| definitions.tables[found.table].counted);
        let used = options.mapping.iter().filter(|_| !is_counted);
        findings.extend(used.flat_map(|used| used.mapping.unmet(definitions)));
        let derived = deriver.finish(&mut ledger, &mut findings)?;
        repeat(&twins, &mut ledger, &mut files);
        let sum = |of: fn(&LedgerLine) -> u64| ledger.iter().map(of).sum::<u64>();
        let (read, accepted, idle) = (sum(|line| line.read), sum(|line| line.accepted), sum(|line| line.feeds_nothing));
        if accepted == idle {
            let finding = Finding::new(
                "nothing_in_period",
                Place { period: Some(period.quarter.to_string()), ..Place::default() },
            );
            findings.push(finding.with("read", read).with("accepted", accepted));
        }
        let mut given = Reader::handed_over(definitions, &tables);
        let mut rows: BTreeMap<String, u64> = BTreeMap::new();
        for line in &ledger {
            *rows.entry(line.table.clone()).or_default() += line.read;
        }
        let (without_cases, told) = self.empty.map(|empty| empty.settle(&rows, definitions)).unwrap_or_default();
        empty::hand_over(&mut given, &without_cases, definitions);
        findings.extend(told);
        // without the body's own results rows 14 and 15 stay "-" (D1)
        let needed = [&["services"][..], &["refusals", "services.outcome"]];
        let unseen =
            derived.established.iter().zip(needed).filter(|(_, any)| !any.iter().any(|of| given.contains(*of)));
        let unseen: i64 = unseen.map(|(count, _)| count).sum();
        if unseen > 0 {
            findings.push(Finding::new("established_unseen", Place::default()).with("count", unseen));
        }
        let findings = findings.tell().into_iter().map(Arc::new).collect();
        let input = |file: SourceFile| InputFile { name: file.name, bytes: file.bytes, sha256: file.sha256 };
        let provenance = Provenance {
            inputs: files.into_iter().map(input).collect(),
            forms: asked.into_iter().map(str::to_owned).collect(),
            encoding: options.encoding.map(|encoding| encoding.label().to_owned()),
            separator: options.separator.map(|separator| char::from(separator).to_string()),
            mends: options.mends.as_ref().map(|mends| mends.files.clone()).unwrap_or_default(),
            empty: without_cases,
            databases: derived.databases.clone(),
            receipt_day_counts: organisation.terms.receipt_day_counts.clone(),
            mapping: options.mapping.as_ref().map(|used| used.as_ref().clone().confirmed()),
            ..Provenance::of(definitions)
        };
        Ok(Ok(Counted { derived, given, ledger, findings, quarantine, provenance, tables }))
    }

    /// A form filled from what was counted, for the whole body or for one of its units.
    pub fn fill(&self, counted: &Counted, form: &Form, unit: Option<u32>) -> Result<Cells> {
        self.tabulator(counted, unit).fill(form)
    }

    /// How much of the cells of a form others established.
    pub fn established(&self, counted: &Counted, form: &Form, unit: Option<u32>) -> Result<Established> {
        self.tabulator(counted, unit).established(form)
    }

    fn tabulator<'c>(&'c self, counted: &'c Counted, unit: Option<u32>) -> Tabulator<'c> {
        let (Counted { derived, given, .. }, zeros) = (counted, self.organisation.zeros);
        Tabulator { definitions: self.definitions, derived, given, period: self.period, zeros, unit }
    }

    /// The first records of all cells, where the sources are small enough to be read once more.
    pub fn records(&self, counted: &Counted, reports: &[Report<'_>]) -> Result<Vec<CellRecords>> {
        let accepted: u64 = counted.ledger.iter().map(|line| line.accepted).sum();
        if accepted > first::RECORDS {
            return Ok(Vec::new());
        }
        let Self { definitions, organisation, forms, period, options, .. } = *self;
        let reading = first::Reading { definitions, forms, period, organisation, options };
        let traces = Traces::read(reading, &counted.tables)?;
        Ok(reports.iter().map(|report| traces.of(report, definitions)).collect())
    }
}

/// Rows of files that repeat another are repeats, all of them.
fn repeat(twins: &[Twin], ledger: &mut Vec<LedgerLine>, files: &mut [SourceFile]) {
    for Twin { name, first } in twins {
        let lines = ledger.iter().filter(|line| line.source == *first).map(|line| LedgerLine {
            source: name.clone(),
            sheet: line.sheet.clone(),
            table: line.table.clone(),
            read: line.read,
            duplicates: line.read,
            ..LedgerLine::default()
        });
        let lines: Vec<LedgerLine> = lines.collect();
        ledger.extend(lines);
        let sha256 = files.iter().find(|file| file.name == *first).map(|file| file.sha256.clone());
        let twin = files.iter_mut().find(|file| file.name == *name);
        if let Some((file, sha256)) = twin.zip(sha256) {
            file.sha256 = sha256;
        }
    }
}

/// Events before what hangs on them, the register and the refusals before the services.
pub(crate) fn reading_rank(table: &str) -> usize {
    ["control_events", "register", "established_violations", "refusals", "services"]
        .iter()
        .position(|first| *first == table)
        .unwrap_or(5)
}
