//! The year's table of one form: its cells, what is printed above them, and all that is to be said of its quarters.

use crate::body::organisation::Organisation;
use crate::consolidate::part::{NameNumbers, UnitReport};
use crate::definitions::Definitions;
use crate::definitions::form::{Form, Label};
use crate::definitions::printed::Printer;
use crate::filed::form::Filed;
use crate::report::Outcomes;
use crate::report::standing::Moved;
use crate::report::wording::severity;
use crate::rules;
use crate::rules::beside::Beside;
use crate::values::cells::Cells;
use crate::values::period::Quarter;
use crate::words::finding::{Finding, Place, Severity};
use crate::words::lang::{Lang, Text};
use crate::year::between::between;
use crate::year::form::{counts_persons, head, quarters, stock_rows, yearly};
use crate::year::quarters::QuarterReport;
use crate::year::submitted::{as_submitted, changed};
use crate::year::table::{Year, in_edition};
use anyhow::Result;
use std::collections::BTreeSet;

/// A year of one form, from the reports of its quarters.
#[derive(Debug)]
pub struct YearTable<'r, 'd> {
    pub year: i32,
    pub form: Form,
    /// By quarter; absent: no report.
    pub quarters: [Option<&'r QuarterReport<'d>>; 4],
    /// Of the last quarter of the year before, which the first one was checked against.
    pub before: Option<&'r QuarterReport<'d>>,
    pub cells: Cells,
    pub findings: Vec<Finding>,
    pub outcomes: Outcomes,
    /// Figures of the year that adjustments of its quarters changed.
    pub changed: Vec<Moved>,
    /// What every page says.
    pub marks: Vec<Text>,
}

/// What a year is made of.
#[derive(Debug, Clone, Copy)]
pub struct YearOf<'r, 'd> {
    pub definitions: &'d Definitions,
    pub form: &'r str,
    pub year: i32,
    pub quarters: [Option<&'r QuarterReport<'d>>; 4],
    /// Of the last quarter of the year before.
    pub before: Option<&'r QuarterReport<'d>>,
    pub body: &'r Organisation,
    pub lang: Lang,
}

impl<'r, 'd> YearTable<'r, 'd> {
    /// # Errors
    /// No edition of the form is in force at the end of the year.
    pub fn make(asked: YearOf<'r, 'd>) -> Result<Self> {
        let YearOf { definitions, year, quarters: of, lang, .. } = asked;
        let [_, _, _, last] = quarters(year);
        let form = definitions.form(asked.form, last)?;
        let known = of.iter().flatten().count();
        let mut yearly = yearly(form, year, known, &definitions.printed);
        let mut findings: Vec<Finding> = missing(asked).into_iter().collect();
        let (mut spellings, mut submitted) = (NameNumbers::default(), Vec::new());
        let mut parts: Vec<Option<UnitReport<'d>>> = Vec::new();
        for report in of {
            let part = report.map(|report| {
                let part = UnitReport::new(&report.filed, report.source.clone(), 0, &mut spellings);
                let (part, lost) = in_edition(part, form);
                findings.extend(of_report(report, &part, lost, definitions));
                part
            });
            let before = report.filter(|report| !report.revisions().is_empty()).map(|report| {
                let filed = as_submitted(&report.filed, report.revisions());
                in_edition(UnitReport::new(&filed, report.source.clone(), 0, &mut spellings), form).0
            });
            submitted.push(before);
            parts.push(part);
        }
        findings.extend(definitions_differ(asked));
        let all = [0, 1, 2, 3].map(|nth| parts[nth].as_ref());
        let whole = Year { form, yearly: &yearly, year, parts: all, spellings: &spellings, lang };
        let cells = whole.cells();
        let changed = if submitted.iter().any(Option::is_some) {
            let before = [0, 1, 2, 3].map(|nth| submitted[nth].as_ref().or(parts[nth].as_ref()));
            changed(&yearly, &Year { parts: before, ..whole }.cells(), &cells)
        } else {
            Vec::new()
        };
        let [first, second, third, fourth] = of;
        let filed: [Option<&Filed<'_>>; 5] =
            [asked.before, first, second, third, fourth].map(|report| report.map(|report| &report.filed));
        let (broken, outcomes) = between(&filed);
        findings.extend(broken);
        let persons = persons(form, &yearly, &cells);
        if !persons.is_empty() {
            findings.push(Finding::new("year_persons", place(asked)).with("rows", persons.join(", ")));
        }
        findings.sort();
        yearly.head = above(asked, form, &persons);
        let marks = mark(asked).into_iter().collect();
        Ok(Self { year, form: yearly, quarters: of, before: asked.before, cells, findings, outcomes, changed, marks })
    }
}

/// Quarters without a report.
fn missing(asked: YearOf<'_, '_>) -> Option<Finding> {
    let all = quarters(asked.year).into_iter().zip(asked.quarters);
    let missing: Vec<String> = all.filter(|(_, own)| own.is_none()).map(|(quarter, _)| quarter.to_string()).collect();
    let finding = Finding::new("year_quarter_missing", place(asked)).with("periods", missing.join(", "));
    (!missing.is_empty()).then_some(finding)
}

/// Of the year of one form.
fn place(asked: YearOf<'_, '_>) -> Place {
    Place { form: Some(asked.form.to_owned()), period: Some(asked.year.to_string()), ..Place::default() }
}

/// What is to be said of the report of one quarter.
fn of_report(
    report: &QuarterReport<'_>,
    part: &UnitReport<'_>,
    lost: usize,
    definitions: &Definitions,
) -> Vec<Finding> {
    let quarter = report.filed.period.quarter;
    let about = |name| Finding::new(name, report.place()).with("period", quarter);
    let mut findings = Vec::new();
    if part.unsound > 0 {
        findings.push(about("year_cells_unsound").with("count", part.unsound));
    }
    if lost > 0 {
        let editions = [&report.filed.form.edition, &part.form.edition];
        let finding = about("year_edition_differs").with("count", lost);
        findings.push(finding.with("own", editions[0]).with("edition", editions[1]));
    }
    let whole = report.filed.standing.consolidated.as_ref();
    if let Some(whole) = whole.filter(|whole| whole.provisional) {
        findings.push(about("year_provisional").with("counted", whole.counted).with("expected", whole.expected));
    }
    let Filed { form, cells, .. } = &report.filed;
    let checked = rules::check(form, cells, &Beside::default());
    let is_error = |finding: &&Finding| severity(finding, definitions, Some(form)) == Severity::Error;
    let errors = checked.findings.iter().filter(is_error).count();
    if errors > part.unsound {
        findings.push(about("year_report_has_errors").with("count", errors - part.unsound));
    }
    findings
}

/// Reports that were not all made with the same definitions.
fn definitions_differ(asked: YearOf<'_, '_>) -> Option<Finding> {
    let known: Vec<(Quarter, &str)> = asked
        .quarters
        .iter()
        .flatten()
        .filter_map(|report| Some((report.filed.period.quarter, report.definitions.as_deref()?)))
        .collect();
    let (_, last) = known.last()?;
    let others: Vec<String> =
        known.iter().filter(|(_, own)| own != last).map(|(quarter, _)| quarter.to_string()).collect();
    let finding = Finding::new("year_definitions_differ", place(asked));
    (!others.is_empty()).then(|| finding.with("periods", others.join(", ")))
}

/// Printed numbers of the rows that count persons in two months at least.
fn persons<'f>(form: &'f Form, yearly: &Form, cells: &Cells) -> Vec<&'f str> {
    let rows = cells.lines.iter().filter(|line| line.key.is_row() && counts_persons(form, line.row));
    let several = rows.filter(|line| {
        let columns = yearly.grid_of(line.row).columns.iter().zip(&line.values);
        let months = columns.filter(|(column, value)| column.month.is_some() && value.number() > Some(0));
        months.filter_map(|(column, _)| column.month).collect::<BTreeSet<_>>().len() > 1
    });
    several.map(|line| form.rows[line.row].no.as_str()).collect()
}

/// Of how many quarters the year is, where not of all.
fn mark(asked: YearOf<'_, '_>) -> Option<Text> {
    let known = asked.quarters.iter().flatten().count();
    let mark = asked.definitions.words("year_part_mark");
    (known < 4).then(|| mark.fill(&[("count".to_owned(), known.to_string())]))
}

/// What stands above the table: whose it is, of which reports, and how its figures are to be read.
fn above(asked: YearOf<'_, '_>, form: &Form, persons: &[&str]) -> Vec<Label> {
    let YearOf { definitions, year, body, .. } = asked;
    let printer = Printer::new(&Lang::ALL, &definitions.printed);
    let said = |key: &str, slots: &[(&str, Text)]| {
        let slots = slots.iter().flat_map(|(slot, text)| {
            Lang::ALL.map(|lang| (format!("{slot}_{}", lang.code()), text.get(lang).to_owned()))
        });
        let slots: Vec<(String, String)> = slots.chain([("year".to_owned(), year.to_string())]).collect();
        definitions.words(key).fill(&slots)
    };
    let all = || quarters(year).into_iter().zip(asked.quarters);
    let given = all().filter_map(|(quarter, report)| {
        let period = printer.period(quarter);
        let Some(last) = report?.revisions().last() else { return Some(period) };
        let number = last.number.to_string();
        Some(said("year_revised", &[("period", period), ("number", Text::same(&number))]))
    });
    let absent = all().filter(|(_, report)| report.is_none()).map(|(quarter, _)| printer.period(quarter));
    let mut lines = vec![
        head("note", said("year_title", &[("index", form.index.clone())])),
        head("note", said("year_body", &[("body", body.name()), ("bin", Text::same(&body.bin))])),
        head("period", said("year_period", &[])),
        head("note", said("year_quarters", &[("list", listed(given))])),
    ];
    let absent: Vec<Text> = absent.collect();
    if !absent.is_empty() {
        lines.push(head("note", said("year_missing", &[("list", listed(absent))])));
    }
    for (key, rows) in [("year_stock", stock_rows(form).as_slice()), ("year_persons_note", persons)] {
        if !rows.is_empty() {
            lines.push(head("note", said(key, &[("rows", Text::same(&rows.join(", ")))])));
        }
    }
    lines.extend(Form::label(&form.head, "data_title").map(|title| head("data_title", title.clone())));
    lines
}

fn listed(texts: impl IntoIterator<Item = Text>) -> Text {
    let texts: Vec<Text> = texts.into_iter().collect();
    let join = |lang: Lang| texts.iter().map(|text| text.get(lang)).collect::<Vec<_>>().join(", ");
    Text::by(join)
}
