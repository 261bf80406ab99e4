//! The findings of the page, by cause, each at its cell where it has one.

use crate::definitions::Definitions;
use crate::render::page::texts::Texts;
use crate::report::Report;
use crate::report::wording::Worded;
use crate::rules::cell_place;
use crate::words::finding::{Kind, Outcome, Place, Severity};
use crate::words::lang::Text;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Findings of one code.
#[derive(Debug, Serialize)]
pub struct Cause<'a> {
    code: &'a str,
    kind: Kind,
    severity: Severity,
    title: usize,
    basis: usize,
    /// All findings of the cause, also those that the page leaves out.
    count: usize,
    /// Position of the form's rule.
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<usize>,
}

/// One finding.
#[derive(Debug, Serialize)]
pub struct PageFinding<'a> {
    cause: usize,
    severity: Severity,
    outcome: Outcome,
    /// Line of the page and column of its grid.
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<(usize, usize)>,
    message: usize,
    hint: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    left: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    right: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    difference: Option<i64>,
    /// Reason, person and date of its confirmation.
    #[serde(skip_serializing_if = "Option::is_none")]
    confirmed: Option<[&'a str; 3]>,
    place: Shortened<'a>,
}

/// Of a place, what the page shows.
#[derive(Debug, Serialize)]
struct Shortened<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sheet: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    section: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    row: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    provider_bin: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    provider_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    service_code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    service_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    system: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cell: Option<&'a str>,
}

impl<'a> Shortened<'a> {
    fn of(place: &'a Place) -> Self {
        Self {
            source: place.source.as_deref(),
            sheet: place.sheet.as_deref(),
            line: place.line,
            section: place.section.as_deref(),
            row: place.row.as_deref(),
            column: place.column.as_deref(),
            provider_bin: place.provider_bin.as_deref(),
            provider_name: place.provider_name.as_deref(),
            service_code: place.service_code.as_deref(),
            service_name: place.service_name.as_deref(),
            system: place.information_system.as_deref(),
            field: place.field.as_deref(),
            value: place.value.as_deref(),
            cell: place.cell.as_deref(),
        }
    }
}

/// What stands between the form and its signature: findings that nobody answered.
#[derive(Debug, Default, Serialize)]
pub struct Unsettled {
    errors: usize,
    /// Without the questions.
    warnings: usize,
    /// Sections of the analytical report without an answer.
    questions: usize,
}

impl Unsettled {
    pub fn of(findings: &[Worded], definitions: &Definitions) -> Self {
        let question = &definitions.wording("open_question").code;
        let mut open = Self::default();
        for finding in findings.iter().filter(|finding| finding.confirmed.is_none()) {
            match finding.severity {
                Severity::Error => open.errors += 1,
                Severity::Warning if finding.code == *question => open.questions += 1,
                Severity::Warning => open.warnings += 1,
                Severity::Notice => {}
            }
        }
        open
    }
}

/// The headers of the fields that findings name.
pub fn fields<'a>(findings: &'a [Worded], definitions: &Definitions, texts: &mut Texts) -> BTreeMap<&'a str, usize> {
    let named: BTreeSet<&str> = findings.iter().filter_map(|finding| finding.place.field.as_deref()).collect();
    let header = |name: &&str| {
        let field = definitions.tables.iter().find_map(|table| Some(&table.fields[table.position(name)?]));
        field.map(|field| field.headers.first())
    };
    named.into_iter().filter_map(|name| Some((name, texts.id(&header(&name)?)))).collect()
}

/// Where the cells of findings stand in a form.
#[derive(Debug)]
pub struct LinePlaces {
    /// Row number with the codes and names of the line → position of the line.
    lines: BTreeMap<LineName, usize>,
}

/// Section, row, provider, service, information system: codes and names.
type LineName = [Option<String>; 7];

fn key(place: &Place) -> LineName {
    let parts = [
        &place.section,
        &place.row,
        &place.provider_bin,
        &place.provider_name,
        &place.service_code,
        &place.service_name,
        &place.information_system,
    ];
    parts.map(Clone::clone)
}

impl LinePlaces {
    pub fn new(report: &Report<'_>) -> Self {
        let mut lines = BTreeMap::new();
        for (position, line) in report.cells.lines.iter().enumerate() {
            lines.entry(key(&cell_place(report.form, &report.cells, line, 0))).or_insert(position);
        }
        Self { lines }
    }

    /// Line and column of the form of a finding over its cells.
    pub fn of(&self, finding: &Worded, report: &Report<'_>) -> Option<(usize, usize)> {
        let place = &finding.place;
        let line = *self.lines.get(&key(place)).filter(|_| place.form.as_ref() == Some(&report.form.form))?;
        let column = report.form.grid_of(report.cells.lines[line].row).column(place.column.as_ref()?)?;
        Some((line, column))
    }
}

/// Causes and findings of the page.
#[derive(Debug, Serialize)]
pub struct PageFindings<'a> {
    pub causes: Vec<Cause<'a>>,
    pub findings: Vec<PageFinding<'a>>,
}

/// `at`: lines and columns of the form, by finding; `places`: line of the form → line of the page.
pub fn findings<'a>(
    report: &Report<'_>,
    all: &'a [Worded],
    at: &[Option<(usize, usize)>],
    places: &BTreeMap<usize, usize>,
    limit: usize,
    definitions: &Definitions,
    texts: &mut Texts,
) -> PageFindings<'a> {
    let mut by_code: BTreeMap<(Severity, &str), Vec<usize>> = BTreeMap::new();
    for (position, finding) in all.iter().enumerate() {
        by_code.entry((finding.severity, &finding.code)).or_default().push(position);
    }
    let shown = shown(&by_code, limit);
    let mut page = PageFindings { causes: Vec::new(), findings: Vec::new() };
    for ((severity, code), positions) in &by_code {
        let first = &all[positions[0]];
        let rule = report.form.rules.iter().position(|rule| {
            code.strip_prefix(&report.form.form).and_then(|id| id.strip_prefix('.')) == Some(&rule.id)
        });
        page.causes.push(Cause {
            code,
            kind: first.kind,
            severity: *severity,
            title: texts.id(&title(rule.map(|rule| &report.form.rules[rule].text), code, definitions)),
            basis: texts.id(&first.cited),
            count: positions.len(),
            rule,
        });
        for position in positions.iter().filter(|position| shown.contains(position)) {
            let finding = &all[*position];
            let at = at[*position].and_then(|(line, column)| Some((*places.get(&line)?, column)));
            page.findings.push(PageFinding {
                cause: page.causes.len() - 1,
                severity: finding.severity,
                outcome: finding.outcome,
                at,
                message: texts.id(&finding.message),
                hint: texts.id(&finding.hint),
                left: finding.left,
                right: finding.right,
                difference: finding.difference,
                confirmed: finding.confirmed.as_ref().map(|by| [by.reason.as_str(), &by.person, &by.date]),
                place: Shortened::of(&finding.place),
            });
        }
    }
    page
}

/// Within the limit every cause has its turn, so that a flood of one cause hides no other.
fn shown(by_code: &BTreeMap<(Severity, &str), Vec<usize>>, limit: usize) -> BTreeSet<usize> {
    let mut shown = BTreeSet::new();
    let longest = by_code.values().map(Vec::len).max().unwrap_or(0);
    for turn in 0..longest {
        for positions in by_code.values() {
            if shown.len() == limit {
                return shown;
            }
            shown.extend(positions.get(turn));
        }
    }
    shown
}

/// What all findings of a cause have in common: the rule's text, or the message with its blanks open.
fn title(rule: Option<&Text>, code: &str, definitions: &Definitions) -> Text {
    let pattern = definitions.wordings.iter().find(|wording| wording.code == code).map(|wording| &wording.message);
    let open = |text: &str| {
        let mut parts = text.split('{');
        let mut opened = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            opened.push('…');
            opened.push_str(part.split_once('}').map_or(part, |(_, rest)| rest));
        }
        opened
    };
    rule.cloned().or_else(|| pattern.map(|text| text.map(open))).unwrap_or_default()
}
