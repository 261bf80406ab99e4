//! One cell explained: what it counts, its basis, its rules, its records.

use crate::commands::explain::kept::Kept;
use crate::commands::explain::opened::Opened;
use crate::commands::explain::shown::{SourceAt, line_label, print_sources, section, states};
use crate::commands::explain::sources::{Retraced, SourceState};
use crate::commands::out::speech::{Speech, one_line};
use crate::definitions::Definitions;
use crate::definitions::form::Form;
use crate::facts::parts::{Contribution, Owner, Part, leaves, parts};
use crate::facts::trace::Wanted;
use crate::filed::earlier::Earlier;
use crate::filed::form::Filed;
use crate::rules::beside::{Beside, Other};
use crate::rules::part;
use crate::values::cells::{Cells, Line, Value};
use crate::values::moment::print_moment;
use crate::words::finding::Outcome;
use anyhow::Result;
use serde::Serialize;
use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

/// The explanation of one cell, in one language.
#[derive(Debug, Clone, Serialize)]
pub struct CellPage {
    pub version: u32,
    pub lang: &'static str,
    pub form: String,
    pub period: String,
    pub row: String,
    pub row_id: String,
    pub row_label: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<String>,
    pub column: String,
    /// As printed: a whole number or `-`.
    pub value: String,
    pub counts: Vec<String>,
    pub basis: Vec<String>,
    pub rules: Vec<RuleAt>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous: Option<Previous>,
    pub sources: Vec<SourceAt>,
    /// The report was made with the definitions that explain it.
    pub same_definitions: bool,
    pub records: RecordsBehind,
}

/// A rule that the cell takes part in.
#[derive(Debug, Clone, Serialize)]
pub struct RuleAt {
    pub code: String,
    pub outcome: Outcome,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub right: Option<i64>,
    pub text: String,
    pub basis: String,
}

/// The same cell of the quarter before.
#[derive(Debug, Clone, Serialize)]
pub struct Previous {
    pub period: String,
    pub value: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub change: Option<i64>,
}

/// The records behind a cell.
#[derive(Debug, Clone, Serialize)]
pub struct RecordsBehind {
    pub count: usize,
    /// Σ of what the records add.
    pub quantity: i64,
    /// The sum is the value of the cell.
    pub agrees: bool,
    pub shown: Vec<RecordAt>,
}

#[derive(Debug, Clone, Serialize)]
pub struct RecordAt {
    pub id: String,
    pub source: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    pub line: u64,
    /// The row that counts the record, for a cell that is a sum of rows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<String>,
    pub quantity: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<String>,
}

/// The facts that the cell at (line, column) of an opened report is made of.
pub fn wanted(opened: &Opened<'_>, at: (usize, usize), definitions: &Definitions) -> Wanted {
    let Filed { form, cells, period, .. } = &opened.filed;
    let parts = parts(form, cells.lines[at.0].row, at.1, *period, definitions);
    Wanted::Facts(parts.iter().map(Part::wanted).collect())
}

/// Explains the cell at (line, column) of an opened report; `shown`: which of its records are told.
///
/// # Errors
/// A source, or what was kept of it, cannot be read.
pub fn explain(
    opened: &Opened<'_>,
    at: (usize, usize),
    kept: &Kept,
    earlier: &[Filed<'_>],
    shown: Range<usize>,
    speech: Speech<'_>,
) -> Result<CellPage> {
    let Filed { form, cells, period, .. } = &opened.filed;
    let definitions = speech.definitions;
    let (line, column) = (&cells.lines[at.0], at.1);
    let row = &form.rows[line.row];
    let value = &line.values[column];
    let parts = parts(form, line.row, column, *period, definitions);
    let mut counts = speech.counts(form, line, column, *period);
    let records = records(opened, (line, value), &parts, kept, shown, definitions)?;
    if *value == Value::NoInfo {
        counts.push(dash(opened, line, column, &kept.reading, speech));
    }
    let mut basis = vec![row.basis.clone()];
    basis.extend(form.grid_of(line.row).columns[column].basis.clone());
    basis.push(form.basis.clone());
    basis.dedup();
    Ok(CellPage {
        version: 1,
        lang: speech.lang.code(),
        form: form.form.clone(),
        period: period.quarter.to_string(),
        row: row.no.clone(),
        row_id: row.id.clone(),
        row_label: row_label(form, line.row, speech),
        line: (!line.key.is_row()).then(|| line_label(line)),
        column: form.grid_of(line.row).columns[column].id.clone(),
        value: value.print(),
        counts,
        basis,
        rules: rules(form, cells, at, earlier, speech),
        previous: previous(&opened.filed, at, earlier),
        sources: states(&kept.sources),
        same_definitions: opened.made.definitions == definitions.digest,
        records,
    })
}

/// The label of a row below that of the row it belongs to.
fn row_label(form: &Form, row: usize, speech: Speech<'_>) -> String {
    let own = one_line(form.rows[row].label.get(speech.lang));
    match form.rows[row].parent.as_ref().and_then(|parent| form.row_position(parent)) {
        Some(parent) => format!("{} → {own}", one_line(form.rows[parent].label.get(speech.lang))),
        None => own,
    }
}

fn records(
    opened: &Opened<'_>,
    (line, value): (&Line, &Value),
    parts: &[Part],
    kept: &Kept,
    shown: Range<usize>,
    definitions: &Definitions,
) -> Result<RecordsBehind> {
    let form = opened.filed.form;
    let owner = Owner::new(&kept.reading.derived, opened.filed.unit.as_ref());
    // facts have few classes
    let mut takes: HashMap<(usize, u64), bool> = HashMap::new();
    let facts = kept.facts(&mut |traced| {
        let taken = || parts.iter().any(|part| part.takes(traced));
        *takes.entry((traced.set, traced.fact.class)).or_insert_with(taken)
    })?;
    let found = owner.contributions(form, line, parts, &facts);
    let quantity: i64 = found.iter().map(|one| one.quantity).sum();
    let few: Vec<&Contribution<'_>> = found.iter().skip(shown.start).take(shown.len()).collect();
    let places = few.iter().map(|one| (one.traced.source, one.traced.line)).collect();
    let ids = kept.ids(&places, definitions)?;
    let shown = few.into_iter().map(|one| {
        let table = &kept.sources.tables[one.traced.source];
        RecordAt {
            id: ids.get(&(one.traced.source, one.traced.line)).cloned().unwrap_or_default(),
            source: table.name.clone(),
            sheet: table.sheet.clone(),
            line: one.traced.line,
            row: (one.row != line.row).then(|| form.rows[one.row].no.clone()),
            quantity: one.quantity,
            due: one.traced.due.map(print_moment),
        }
    });
    let agrees = quantity == value.number().unwrap_or(0);
    Ok(RecordsBehind { count: found.len(), quantity, agrees, shown: shown.collect() })
}

/// Why a cell holds "-" (forms.md, D1).
fn dash(opened: &Opened<'_>, line: &Line, column: usize, reading: &Retraced, speech: Speech<'_>) -> String {
    let Filed { form, period, unit, .. } = &opened.filed;
    let own = &form.grid_of(line.row).columns[column];
    let rows = leaves(form, line.row).into_iter().map(|leaf| &form.rows[leaf]);
    let needs = rows.clone().flat_map(|row| &row.needs).chain(&own.needs);
    let missing: BTreeSet<String> = needs
        .filter(|any| !any.iter().any(|table| reading.given.contains(table)))
        .map(|any| any.join(speech.words("explain_or")))
        .collect();
    if period.ended_months() < own.month.unwrap_or(1) {
        speech.fill("explain_dash_month", &[("as_of", &period.as_of.to_string())])
    } else if !missing.is_empty() {
        let tables: Vec<String> = missing.into_iter().collect();
        speech.fill("explain_dash_tables", &[("tables", &tables.join(", "))])
    } else if unit.is_some() && rows.clone().all(|row| row.whole_only) {
        speech.words("explain_dash_unit").to_owned()
    } else {
        speech.words("explain_dash_zero").to_owned()
    }
}

fn rules(form: &Form, cells: &Cells, at: (usize, usize), earlier: &[Filed<'_>], speech: Speech<'_>) -> Vec<RuleAt> {
    let reports = earlier.iter().map(|report| Other::of(report, &[])).collect();
    let beside = Beside { reports, ..Beside::default() };
    let parts = part::parts(form, cells, &beside, at);
    let told = parts.into_iter().map(|part| RuleAt {
        code: format!("{}.{}", form.form, part.rule.id),
        outcome: part.outcome,
        left: part.sides.map(|sides| sides.0),
        right: part.sides.map(|sides| sides.1),
        text: part.rule.text.get(speech.lang).to_owned(),
        basis: part.rule.basis.clone(),
    });
    told.collect()
}

/// The same cell of the report of the previous quarter.
fn previous(filed: &Filed<'_>, (line, column): (usize, usize), earlier: &[Filed<'_>]) -> Option<Previous> {
    let Filed { form, cells, .. } = filed;
    let before = Earlier::find(form, filed.unit.as_ref(), cells.quarter, earlier)?;
    let own = &cells.lines[line];
    let value = before.value(form, own, column)?;
    let change = own.values[column].number().zip(value.number()).map(|(now, then)| now - then);
    Some(Previous { period: before.quarter().to_string(), value: value.print(), change })
}

impl CellPage {
    /// The page for people.
    pub fn print(&self, speech: Speech<'_>) -> String {
        use std::fmt::Write;
        let mut text = format!("{} · {} · {}", self.form, self.period, self.row);
        text.extend(self.line.iter().flat_map(|line| [" · ", line]));
        let _ = writeln!(text, " · {}\n{}", self.column, self.row_label);
        let _ = writeln!(text, "{}: {}", speech.words("explain_value"), self.value);
        if let Some(previous) = &self.previous {
            let change = previous.change.map_or_else(|| "-".to_owned(), |change| format!("{change:+}"));
            let slots = [("period", &*previous.period), ("value", &previous.value), ("change", &change)];
            let _ = writeln!(text, "{}", speech.fill("explain_previous", &slots));
        }
        section(&mut text, speech.words("explain_counts"), self.counts.iter().cloned());
        section(&mut text, speech.words("basis"), self.basis.iter().map(|basis| cited(basis, speech)));
        let rules = self.rules.iter().map(|rule| rule.print(speech));
        let none = self.rules.is_empty().then(|| speech.words("explain_no_rules").to_owned());
        section(&mut text, speech.words("explain_rules"), rules.chain(none));
        print_sources(&mut text, &self.sources, self.same_definitions, speech);
        let (count, quantity) = (self.records.count.to_string(), self.records.quantity.to_string());
        let head = speech.fill("explain_records", &[("count", &count), ("quantity", &quantity)]);
        let verdict = if self.records.agrees {
            speech.words("explain_agrees").to_owned()
        } else {
            speech.fill("explain_disagrees", &[("value", &self.value)])
        };
        let rest = self.records.count - self.records.shown.len();
        let more = (rest > 0).then(|| speech.fill("explain_more", &[("count", &rest.to_string())]));
        let records = self.records.shown.iter().map(|record| record.print(speech)).chain(more);
        let is_whole = self.sources.iter().all(|source| source.state != SourceState::Missing);
        let asked = || speech.words("explain_sources_asked").to_owned();
        section(&mut text, &if is_whole { format!("{head} – {verdict}") } else { asked() }, records);
        text
    }
}

impl RuleAt {
    fn print(&self, speech: Speech<'_>) -> String {
        let outcome = speech.words(match self.outcome {
            Outcome::Holds => "explain_outcome_holds",
            Outcome::Fails => "explain_outcome_fails",
            Outcome::CannotBeChecked => "explain_outcome_unknown",
        });
        let sides = self.left.zip(self.right).map(|(left, right)| {
            let (difference, left, right) = (format!("{:+}", left - right), left.to_string(), right.to_string());
            let slots = [("left", &*left), ("right", &right), ("difference", &difference)];
            format!(" ({})", speech.fill("sides", &slots))
        });
        let basis = cited(&self.basis, speech);
        format!("{outcome}{}: {} [{basis}; {}]", sides.unwrap_or_default(), self.text, self.code)
    }
}

/// A basis in the language of the reader.
fn cited(basis: &str, speech: Speech<'_>) -> String {
    speech.definitions.citations.say(basis).get(speech.lang).to_owned()
}

impl RecordAt {
    fn print(&self, speech: Speech<'_>) -> String {
        let sheet = self.sheet.as_ref().map(|sheet| format!(" [{sheet}]")).unwrap_or_default();
        let row = self.row.as_ref().map(|row| speech.fill("explain_row", &[("row", row)]));
        let mut notes: Vec<String> = row.into_iter().collect();
        notes.extend(self.due.as_ref().map(|due| speech.fill("explain_due", &[("due", due)])));
        notes.extend((self.quantity == 0).then(|| speech.words("explain_repeated").to_owned()));
        let notes = if notes.is_empty() { String::new() } else { format!("  ({})", notes.join("; ")) };
        format!("{:>6}  {}  {}{sheet}:{}{notes}", self.quantity, self.id, self.source, self.line)
    }
}
