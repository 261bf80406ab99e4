//! What a person reads on the terminal: the rows of the form, the ledger, the findings.

use crate::commands::out::speech::one_line;
use crate::definitions::Definitions;
use crate::report::Report;
use crate::report::wording::{Worded, word};
use crate::words::finding::{Finding, Outcome, Severity};
use crate::words::lang::Lang;
use anyhow::Result;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{ErrorKind, Write};

/// Findings of one code shown on the terminal where all of them are in files, or are to be had.
const SHOWN: usize = 3;
/// Letters of a label on the terminal.
const LABEL: usize = 64;

/// Answers on standard output, as far as anybody reads it.
///
/// # Errors
/// Standard output cannot be written.
pub fn answer(text: &str) -> Result<()> {
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(fault) if fault.kind() != ErrorKind::BrokenPipe => Err(fault.into()),
        _ => Ok(()),
    }
}

/// Prints to standard error: standard output is for programs.
pub fn print_summary(reports: &[Report<'_>], written: &[String], definitions: &Definitions, lang: Lang) {
    for (report, folder) in reports.iter().zip(written) {
        if report.unit.is_none() {
            print_form(report, definitions, lang);
        }
        eprintln!("{}: {folder}", definitions.words("written").get(lang));
    }
    if let Some(report) = reports.first().filter(|report| !report.ledger.is_empty()) {
        print_ledger(report, definitions, lang);
    }
    // findings of records stand in the reports of all forms
    let (mut groups, mut met) = (Groups::first(SHOWN), BTreeSet::new());
    for report in reports {
        for finding in &report.findings {
            if finding.rule.is_some() || met.insert((finding.name, &finding.place)) {
                groups.add(Cow::Owned(word(finding, definitions, Some(report.form))));
            }
        }
    }
    groups.print("more", definitions, lang);
}

/// What came of one checked form, to standard error; `written`: all findings are in files, too.
pub fn print_checked(
    file: &str,
    report: Option<&Report<'_>>,
    findings: &[Worded],
    written: bool,
    definitions: &Definitions,
    lang: Lang,
) {
    eprintln!("\n{file}");
    if let Some(report) = report {
        let name = report.organisation.name();
        let known =
            [report.form.index.get(lang).to_owned(), report.period.quarter.to_string(), name.get(lang).to_owned()];
        let unit = report.unit.as_ref().map(|unit| unit.label().to_owned());
        let parts: Vec<String> = known.into_iter().chain(unit).filter(|part| !part.is_empty()).collect();
        eprintln!("{}", parts.join(" · "));
        print_outcomes(report, definitions, lang);
    }
    let mut groups = Groups::first(SHOWN);
    for finding in findings {
        groups.add(Cow::Borrowed(finding));
    }
    groups.print(if written { "more" } else { "more_unwritten" }, definitions, lang);
}

/// Rows of the form with their quarter.
fn print_form(report: &Report<'_>, definitions: &Definitions, lang: Lang) {
    eprintln!(
        "\n{} · {} · {}",
        report.form.index.get(lang),
        report.period.quarter,
        report.organisation.name().get(lang)
    );
    let top = |row: usize| report.form.rows[row].parent.is_none() || !report.form.monthly;
    for line in report.cells.lines.iter().filter(|line| line.key.is_row() && top(line.row)) {
        let row = &report.form.rows[line.row];
        let columns = report.form.grid_of(line.row).columns.iter().zip(&line.values);
        let values: Vec<String> = columns
            .filter(|(column, _)| column.month.is_none())
            .map(|(_, value)| format!("{:>9}", value.print()))
            .collect();
        eprintln!("{:>6}  {:<LABEL$} {}", row.no, cut(&one_line(row.label.get(lang)), LABEL), values.join(" "));
    }
    print_outcomes(report, definitions, lang);
}

/// How many checks hold, fail and cannot be made.
fn print_outcomes(report: &Report<'_>, definitions: &Definitions, lang: Lang) {
    let outcomes = report.outcomes;
    if let Some(cells) = report.provenance.recounted {
        let slots = [("cells".to_owned(), cells.to_string())];
        eprintln!("{}", definitions.words("recounted").fill(&slots).get(lang));
    }
    if !report.provenance.not_recounted.is_empty() {
        let slots = [("rows".to_owned(), report.provenance.not_recounted.join(", "))];
        eprintln!("{}", definitions.words("not_recounted").fill(&slots).get(lang));
    }
    eprintln!(
        "{}: {} · {}: {} · {}: {}",
        definitions.words("holds").get(lang),
        outcomes.holds,
        definitions.words("failed").get(lang),
        outcomes.fails,
        definitions.words("uncheckable").get(lang),
        outcomes.cannot_be_checked
    );
}

fn print_ledger(report: &Report<'_>, definitions: &Definitions, lang: Lang) {
    let words = |key: &str| definitions.words(key).get(lang).to_owned();
    let name = |line: &crate::report::LedgerLine| match &line.sheet {
        Some(sheet) => format!("{} [{sheet}]", line.source),
        None => line.source.clone(),
    };
    let heads = [words("read"), words("accepted"), words("duplicates"), words("quarantined"), words("feeds_nothing")];
    let width = |text: &str| text.chars().count().max(9);
    let first = report
        .ledger
        .iter()
        .map(|line| name(line).chars().count())
        .max()
        .unwrap_or(0)
        .max(words("ledger").chars().count());
    let row = |label: &str, numbers: [String; 5]| {
        let cells: Vec<String> =
            numbers.iter().zip(&heads).map(|(number, head)| format!("{number:>0$}", width(head))).collect();
        eprintln!("{label:<first$}  {}", cells.join("  "));
    };
    eprintln!();
    row(&words("ledger"), heads.clone());
    let mut total = [0; 5];
    for line in report.ledger {
        let numbers = [line.read, line.accepted, line.duplicates, line.quarantined, line.feeds_nothing];
        total = std::array::from_fn(|place| total[place] + numbers[place]);
        row(&name(line), numbers.map(|number| number.to_string()));
    }
    row(&words("total"), total.map(|number| number.to_string()));
}

/// All findings by code, with place, excerpt and remedy: nothing was written.
pub fn print_findings(findings: &[Finding], definitions: &Definitions, lang: Lang) {
    let mut groups = Groups::first(usize::MAX);
    for finding in findings {
        groups.add(Cow::Owned(word(finding, definitions, None)));
    }
    groups.print("more", definitions, lang);
}

/// What failed, by severity and code: how many findings, and the first of them.
struct Groups<'f> {
    /// Findings of one code that are shown.
    shown: usize,
    /// How many there are, and the first.
    met: BTreeMap<(Severity, String), (usize, Vec<Cow<'f, Worded>>)>,
}

impl<'f> Groups<'f> {
    fn first(shown: usize) -> Self {
        Self { shown, met: BTreeMap::new() }
    }

    fn add(&mut self, finding: Cow<'f, Worded>) {
        if finding.outcome == Outcome::Fails {
            let (count, first) = self.met.entry((finding.severity, finding.code.clone())).or_default();
            *count += finding.rows.map_or(1, |rows| usize::try_from(rows).unwrap_or(usize::MAX));
            if first.len() < self.shown {
                first.push(finding);
            }
        }
    }

    /// `more`: key of the words for how many there are, and where.
    fn print(&self, more: &str, definitions: &Definitions, lang: Lang) {
        for ((severity, code), (count, first)) in &self.met {
            let severity = match severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Notice => "notice",
            };
            eprintln!("\n{} {code}", definitions.words(severity).get(lang));
            for finding in first {
                eprintln!("  {}{}", place(finding), finding.message.get(lang));
                for cause in finding.causes.iter().take(1) {
                    eprintln!("    {}: {}", definitions.words("likely_cause").get(lang), cause.message.get(lang));
                }
            }
            if *count > first.len() {
                let count = ("count".to_owned(), count.to_string());
                eprintln!("  {}", definitions.words(more).fill(&[count]).get(lang));
            }
            eprintln!("  → {}", first[0].hint.get(lang));
        }
    }
}

fn place(finding: &Worded) -> String {
    let place = &finding.place;
    let mut parts = Vec::new();
    if let Some(source) = &place.source {
        let sheet = place.sheet.as_ref().map(|sheet| format!(" [{sheet}]")).unwrap_or_default();
        let line = place.line.map(|line| format!(":{line}")).unwrap_or_default();
        // cells of forms have addresses, records have lines
        let of_form = place.cell.as_ref().filter(|_| place.form.is_some());
        let cell = of_form.map(|cell| format!(" {cell}")).unwrap_or_default();
        parts.push(format!("{source}{sheet}{}", if cell.is_empty() { line } else { cell }));
    }
    parts.extend(place.form.clone().filter(|_| place.source.is_none()));
    parts.extend(place.row.clone());
    parts.extend(place.service_name.as_ref().map(|name| cut(name, 40)));
    parts.extend(place.column.clone());
    parts.extend(place.field.clone());
    if parts.is_empty() { String::new() } else { format!("{}: ", parts.join(" ")) }
}

fn cut(text: &str, letters: usize) -> String {
    if text.chars().count() <= letters {
        text.to_owned()
    } else {
        text.chars().take(letters - 1).chain(['…']).collect()
    }
}
