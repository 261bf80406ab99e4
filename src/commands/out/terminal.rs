//! What a person reads on the terminal: the rows of the form, the ledger, the findings.

use crate::commands::out::speech::one_line;
use crate::definitions::Definitions;
use crate::report::Report;
use crate::report::idle;
use crate::report::wording::{Worded, word};
use crate::sources::found::PassedFolder;
use crate::words::failure::{Halt, OrHalt};
use crate::words::finding::{Finding, Outcome, Severity};
use crate::words::lang::Lang;
use crate::words::visible::{visible, visible_lines};
use anyhow::Result;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{ErrorKind, Write};
use std::path::Path;

/// Findings of one code shown on the terminal where all of them are in files, or are to be had.
const SHOWN: usize = 3;
/// Letters of a label on the terminal.
const LABEL: usize = 64;

/// Says something on standard error. That nobody can read it stops no run.
pub fn tell(text: impl AsRef<str>) {
    let line = format!("{}\n", visible_lines(text.as_ref()));
    let _ = std::io::stderr().write_all(line.as_bytes());
}

/// Answers people on standard output, as far as anybody reads it.
///
/// # Errors
/// Standard output cannot be written.
pub fn answer(text: &str) -> Result<()> {
    answer_program(&visible_lines(text))
}

/// Answers programs: the text goes out as it is.
///
/// # Errors
/// As `answer`.
pub fn answer_program(text: &str) -> Result<()> {
    let mut output = output();
    output.write_all(text.as_bytes()).and_then(|()| output.flush()).or_halt(|| Halt::new("fault_answer"))
}

/// Standard output; what follows once its reader is gone is lost, as it should be.
pub fn output() -> impl Write {
    Output { is_open: true }
}

struct Output {
    is_open: bool,
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if !self.is_open {
            return Ok(bytes.len());
        }
        match std::io::stdout().write(bytes) {
            Err(fault) if is_gone(&fault) => {
                self.is_open = false;
                Ok(bytes.len())
            }
            done => done,
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        match std::io::stdout().flush() {
            Err(fault) if is_gone(&fault) => Ok(()),
            done => done,
        }
    }
}

fn is_gone(fault: &std::io::Error) -> bool {
    fault.kind() == ErrorKind::BrokenPipe
}

/// Prints to standard error: standard output is for programs.
pub fn print_summary(
    reports: &[Report<'_>],
    (out, written): (&Path, &[String]),
    definitions: &Definitions,
    lang: Lang,
) {
    for (report, folder) in reports.iter().zip(written) {
        if report.unit.is_none() {
            print_form(report, definitions, lang);
        }
        tell(format!("{}: {}", definitions.words("written").get(lang), out.join(folder).display()));
    }
    if let Some((report, folder)) = reports.iter().zip(written).next().filter(|(report, _)| !report.ledger.is_empty()) {
        print_ledger(report, definitions, lang);
        print_idle(report, &out.join(folder), definitions, lang);
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
    tell(format!("\n{}", visible(file)));
    if let Some(report) = report {
        let name = report.organisation.name();
        let period = definitions.printed.when(report.form, report.period.quarter);
        let known = [report.form.index.get(lang).to_owned(), period.get(lang).to_owned(), name.get(lang).to_owned()];
        let unit = report.unit.as_ref().map(|unit| unit.label().to_owned());
        let parts: Vec<String> = known.into_iter().chain(unit).filter(|part| !part.is_empty()).collect();
        tell(parts.join(" · "));
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
    tell(format!(
        "\n{} · {} · {}",
        report.form.index.get(lang),
        report.definitions.printed.when(report.form, report.period.quarter).get(lang),
        report.organisation.name().get(lang)
    ));
    let top = |row: usize| report.form.rows[row].parent.is_none() || !report.form.monthly;
    for line in report.cells.lines.iter().filter(|line| line.key.is_row() && top(line.row)) {
        let row = &report.form.rows[line.row];
        let columns = report.form.grid_of(line.row).columns.iter().zip(&line.values);
        let values: Vec<String> = columns
            .filter(|(column, _)| column.month.is_none())
            .map(|(_, value)| format!("{:>9}", value.print()))
            .collect();
        tell(format!("{:>6}  {:<LABEL$} {}", row.no, cut(&one_line(row.label.get(lang)), LABEL), values.join(" ")));
    }
    print_outcomes(report, definitions, lang);
}

/// How many checks hold, fail and cannot be made.
fn print_outcomes(report: &Report<'_>, definitions: &Definitions, lang: Lang) {
    let outcomes = report.outcomes;
    if let Some(cells) = report.provenance.recounted {
        let slots = [("cells".to_owned(), cells.to_string())];
        tell(definitions.words("recounted").fill(&slots).get(lang));
    }
    if !report.provenance.not_recounted.is_empty() {
        let slots = [("rows".to_owned(), report.provenance.not_recounted.join(", "))];
        tell(definitions.words("not_recounted").fill(&slots).get(lang));
    }
    tell(format!(
        "{}: {} · {}: {} · {}: {}",
        definitions.words("holds").get(lang),
        outcomes.holds,
        definitions.words("failed").get(lang),
        outcomes.fails,
        definitions.words("uncheckable").get(lang),
        outcomes.cannot_be_checked
    ));
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
        tell(format!("{:<first$}  {}", visible(label), cells.join("  ")));
    };
    tell("");
    row(&words("ledger"), heads.clone());
    let mut total = [0; 5];
    for line in report.ledger {
        let numbers = [line.read, line.accepted, line.duplicates, line.quarantined, line.feeds_nothing];
        total = std::array::from_fn(|place| total[place] + numbers[place]);
        row(&name(line), numbers.map(|number| number.to_string()));
    }
    row(&words("total"), total.map(|number| number.to_string()));
}

/// What of the records is not in the form, by kind, and how to list it.
fn print_idle(report: &Report<'_>, folder: &Path, definitions: &Definitions, lang: Lang) {
    let told = idle::told(report.ledger, report.form, report.period.quarter, definitions);
    let Some((all, kinds)) = told.split_first() else { return };
    tell(format!("\n{}", all.get(lang)));
    for kind in kinds {
        tell(format!("  {}", kind.get(lang)));
    }
    let folder = ("folder".to_owned(), folder.display().to_string());
    tell(format!("  → {}", definitions.words("idle_list").fill(&[folder]).get(lang)));
}

/// Says which folders of our own results were passed over.
pub fn print_passed(passed: &[PassedFolder], definitions: &Definitions, lang: Lang) {
    if !passed.is_empty() {
        let names: Vec<&str> = passed.iter().map(|folder| folder.name.as_str()).collect();
        let folders = ("folders".to_owned(), names.join(", "));
        tell(definitions.words("results_passed").fill(&[folders]).get(lang));
    }
}

/// All findings by code, with place, excerpt and remedy: nothing was written.
pub fn print_findings(findings: &[Finding], definitions: &Definitions, lang: Lang) {
    let mut groups = Groups::first(usize::MAX);
    for finding in findings {
        groups.add(Cow::Owned(word(finding, definitions, None)));
    }
    groups.print("more", definitions, lang);
}

/// How many findings of a code, and the first of them.
type OfCode<'f> = (usize, Vec<Cow<'f, Worded>>);

/// What failed, by severity and code: how many findings, and the first of them.
struct Groups<'f> {
    /// Findings of one code that are shown.
    shown: usize,
    /// How many there are, and the first.
    met: BTreeMap<(Severity, String), OfCode<'f>>,
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
            tell(format!("\n{} {code}", definitions.words(severity).get(lang)));
            for finding in first {
                tell(format!("  {}{}", visible(&place(finding)), visible(finding.message.get(lang))));
                for cause in finding.causes.iter().take(1) {
                    tell(format!(
                        "    {}: {}",
                        definitions.words("likely_cause").get(lang),
                        visible(cause.message.get(lang))
                    ));
                }
            }
            if *count > first.len() {
                let count = ("count".to_owned(), count.to_string());
                tell(format!("  {}", definitions.words(more).fill(&[count]).get(lang)));
            }
            tell(format!("  → {}", visible(first[0].hint.get(lang))));
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
        parts.push(visible(&format!("{source}{sheet}{}", if cell.is_empty() { line } else { cell })).into_owned());
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
