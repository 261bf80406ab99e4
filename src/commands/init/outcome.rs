//! What was found, what each form still needs, and the next command.

use crate::commands::init::codes;
use crate::commands::init::codes::Unknown;
use crate::commands::init::guess::{Guess, SURE};
use crate::commands::init::layout::Layout;
use crate::commands::init::page::label;
use crate::commands::init::{body, questions, unreadable};
use crate::commands::out::speech::Speech;
use crate::definitions::form::Form;
use crate::report::wording::word;
use crate::words::finding::Finding;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// Findings that a mapping ends: `init` tells of what they are about in its own words.
const ANSWERED: [&str; 5] =
    ["table_unknown", "header_not_found", "table_ambiguous", "columns_unknown", "column_similar"];

/// Printed numbers of rows that are named.
const ROWS: usize = 6;

/// The words for the terminal.
pub fn tell(
    (paths, folder): (&[PathBuf], &Path),
    files: usize,
    parts: &[(Layout, Vec<Guess>)],
    unknown: &[Unknown<'_>],
    findings: &[Finding],
    speech: Speech<'_>,
) -> String {
    let mut text = format!("{}\n", speech.fill("init_found", &[("files", &files.to_string())]));
    for (layout, guesses) in parts {
        let sources: Vec<String> =
            layout.sources.iter().map(|source| label(&source.name, source.sheet.as_deref())).collect();
        let _ = write!(
            text,
            "  {} · {}",
            sources.join(", "),
            speech.fill("init_rows", &[("count", &layout.rows.to_string())])
        );
        let table = guesses.first().map(|guess| &speech.definitions.tables[guess.table]);
        let name = table.map(|table| table.names.first().get(speech.lang).to_owned()).unwrap_or_default();
        let unreadable = unreadable::told(layout, speech);
        for said in &unreadable {
            let _ = write!(text, "\n    {said}");
        }
        let key = match (layout.table, table) {
            (None, None) if !unreadable.is_empty() => {
                text.push('\n');
                continue;
            }
            (Some(_), _) => "init_is",
            (None, Some(_)) => "init_perhaps",
            (None, None) => "init_nothing",
        };
        let _ = writeln!(text, "\n    {}", speech.fill(key, &[("table", &name)]));
        if let Some((guess, table)) = guesses.first().zip(table) {
            let missing = guess.missing(table).into_iter().chain(codes::asked(layout, guess, speech.definitions));
            for field in missing.map(|field| table.fields[field].headers.first()) {
                let _ = writeln!(text, "    {}", speech.fill("init_lacks", &[("field", field.get(speech.lang))]));
            }
        }
    }
    let values: usize = unknown.iter().map(|one| one.values.len()).sum();
    if values > 0 {
        let _ = writeln!(text, "  {}", speech.fill("init_unknown_values", &[("count", &values.to_string())]));
    }
    for finding in findings.iter().filter(|finding| !ANSWERED.contains(&finding.name)) {
        let worded = word(finding, speech.definitions, None);
        let place =
            finding.place.source.as_ref().map(|source| format!("{}: ", label(source, finding.place.sheet.as_deref())));
        let _ = writeln!(text, "  {}{} {}", place.unwrap_or_default(), worded.code, worded.message.get(speech.lang));
    }
    let given = given(parts, speech);
    let mut best: Option<((usize, usize, bool), &Form)> = None;
    for form in newest(speech) {
        let (lacks, refused) = (needs(form, &given, speech), refused(form, &given, speech));
        let is_ready = lacks.is_empty() && refused.is_empty();
        let key = if is_ready { "init_form_ready" } else { "init_form_lacks" };
        let _ = writeln!(text, "{}", speech.fill(key, &[("form", form.index.get(speech.lang))]));
        for need in &refused {
            let _ = writeln!(text, "  {}", speech.fill("init_need_all", &[("need", need)]));
        }
        for (need, rows) in &lacks {
            let more = if rows.len() > ROWS { " …" } else { "" };
            let rows = format!("{}{more}", rows[..rows.len().min(ROWS)].join(", "));
            let _ = writeln!(text, "  {}", speech.fill("init_need", &[("need", need), ("rows", &rows)]));
        }
        // the form that most of these tables are for; of equals that of most bodies
        let used = used(form, &given).len() * usize::from(refused.is_empty());
        let weight = (used, usize::MAX - lacks.len(), form.usual);
        if best.is_none_or(|(best, _)| weight > best) {
            best = Some((weight, form));
        }
    }
    let out = |name: &str| shell(&folder.join(name));
    let paths: Vec<String> = paths.iter().map(|path| shell(path)).collect();
    let form = best.map_or("", |(_, form)| form.form.as_str());
    let command = format!(
        "esep generate {} --form {form} --period {} --organisation {} --mapping {} --out {}",
        paths.join(" "),
        quarter(parts, speech).unwrap_or_else(|| "2026Q3".to_owned()),
        out(body::FILE),
        out(questions::FILE),
        out("results")
    );
    let slots = [("organisation", out(body::FILE)), ("mapping", out(questions::FILE))];
    let slots = slots.each_ref().map(|(slot, value)| (*slot, value.as_str()));
    let _ = write!(text, "{}\n\n  {command}\n", speech.fill("init_next", &slots));
    text
}

/// Tables and `table.field` that are there, as far as guessed.
fn given(parts: &[(Layout, Vec<Guess>)], speech: Speech<'_>) -> BTreeSet<String> {
    let mut given = BTreeSet::new();
    for guess in parts.iter().filter_map(|(_, guesses)| guesses.first()) {
        let table = &speech.definitions.tables[guess.table];
        given.insert(table.table.clone());
        let sure = guess.proposals.iter().filter(|one| one.score >= SURE);
        given.extend(sure.map(|one| format!("{}.{}", table.table, table.fields[one.field].name)));
    }
    given
}

/// The newest edition of every form.
fn newest(speech: Speech<'_>) -> Vec<&Form> {
    let mut forms: BTreeMap<&str, &Form> = BTreeMap::new();
    for form in &speech.definitions.forms {
        let known = forms.entry(&form.form).or_insert(form);
        if form.valid_from > known.valid_from {
            *known = form;
        }
    }
    forms.into_values().collect()
}

/// What a form needs and is not there → the rows or columns that stay "-".
fn needs(form: &Form, given: &BTreeSet<String>, speech: Speech<'_>) -> BTreeMap<String, Vec<String>> {
    let mut lacking: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let rows = form.rows.iter().map(|row| (&row.needs, row.print.trim_end_matches('.').to_owned()));
    let columns = form.grids.iter().flat_map(|grid| &grid.columns).map(|column| (&column.needs, column.id.clone()));
    for (needs, place) in rows.chain(columns) {
        for need in needs.iter().filter(|need| !need.iter().any(|one| given.contains(one))) {
            let names: Vec<String> = need.iter().map(|one| name(one, speech)).collect();
            let places = lacking.entry(names.join(" / ")).or_default();
            if !places.contains(&place) {
                places.push(place.clone());
            }
        }
    }
    lacking
}

/// Fields without which no record of a table counts for the form.
fn refused(form: &Form, given: &BTreeSet<String>, speech: Speech<'_>) -> Vec<String> {
    let mut lacking = Vec::new();
    for table in speech.definitions.tables.iter().filter(|table| given.contains(&table.table)) {
        let needed = table.fields.iter().filter(|field| field.required_for.contains(&form.form));
        let own = needed.map(|field| format!("{}.{}", table.table, field.name));
        lacking.extend(own.filter(|own| !given.contains(own)).map(|own| name(&own, speech)));
    }
    lacking
}

/// The given tables that a form counts from.
fn used<'g>(form: &Form, given: &'g BTreeSet<String>) -> BTreeSet<&'g str> {
    let columns = form.grids.iter().flat_map(|grid| &grid.columns).flat_map(|column| &column.needs);
    let needs = form.rows.iter().flat_map(|row| &row.needs).chain(columns).flatten();
    let tables = needs.map(|need| need.split_once('.').map_or(need.as_str(), |(table, _)| table));
    tables.filter_map(|table| given.get(table)).map(String::as_str).collect()
}

/// «Услуги» or «Услуги: Канал».
fn name(need: &str, speech: Speech<'_>) -> String {
    let (table, field) = need.split_once('.').map_or((need, None), |(table, field)| (table, Some(field)));
    let Some(table) = speech.definitions.tables.iter().find(|known| known.table == table) else {
        return need.to_owned();
    };
    let names = table.names.first().get(speech.lang).to_owned();
    let field = field.and_then(|field| table.position(field)).map(|field| table.fields[field].headers.first());
    field.map_or_else(
        || format!("«{names}» ({})", table.table),
        |field| format!("«{names}: {}»", field.get(speech.lang)),
    )
}

/// The quarter in which most days of the guessed records are.
fn quarter(parts: &[(Layout, Vec<Guess>)], speech: Speech<'_>) -> Option<String> {
    let mut quarters: BTreeMap<(i32, u32), u64> = BTreeMap::new();
    for (layout, guesses) in parts {
        let Some(guess) = guesses.first() else { continue };
        let fields = &speech.definitions.tables[guess.table].fields;
        let dated = |column: usize| {
            let own = guess.proposals.iter().find(|one| one.column == column);
            own.is_some_and(|one| {
                one.score >= SURE && !["due_at", "included_on"].contains(&fields[one.field].name.as_str())
            })
        };
        for (_, column) in layout.columns.iter().enumerate().filter(|(column, _)| dated(*column)) {
            for ((year, month), times) in &column.months {
                *quarters.entry((*year, (month - 1) / 3 + 1)).or_default() += times;
            }
        }
    }
    quarters.into_iter().max_by_key(|(_, times)| *times).map(|((year, number), _)| format!("{year}Q{number}"))
}

pub fn shell(path: &Path) -> String {
    let text = path.display().to_string();
    let is_plain = text.chars().all(|letter| letter.is_alphanumeric() || "/._-\\:".contains(letter));
    if is_plain { text } else { format!("\"{text}\"") }
}
