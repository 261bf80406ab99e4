//! What is to be said about a head, in words for the clerk.

use crate::definitions::record::Field;
use crate::sources::beside::side_by_side;
use crate::sources::header::{Heads, Match, Near, folded, with_tail};
use crate::sources::mapped;
use crate::sources::raw::column_letters;
use crate::words::finding::{Finding, Place, worded};
use crate::words::lang::{Lang, Text};

/// Headers so like a known spelling are misspelled, not unknown.
const SIMILAR: f64 = 0.85;
/// The field that says what came of a row.
const OUTCOME: &str = "outcome";
/// Weight of a header by which bodies call a field: more than of words that stand in it.
const CALLED: usize = 9;

/// Findings about a recognised head: columns that are unknown, misspelled or there twice.
pub(crate) fn about(heads: &Heads<'_>, found: &Match, place: &Place, is_sheet: bool) -> Vec<Finding> {
    let table = heads.table(found.table);
    let place = Place { line: Some(found.line), ..place.clone() };
    let mut findings = Vec::new();
    for (field, first, second) in &found.twice {
        let place = Place { field: Some(table.fields[*field].name.clone()), ..place.clone() };
        let header = table.fields[*field].headers.first();
        findings.push(
            worded(Finding::new("column_twice", place), "", &header)
                .with("first", position(*first, is_sheet))
                .with("second", position(*second, is_sheet)),
        );
    }
    findings.extend(named_otherwise(heads, found, &place));
    findings.extend(beside(found, &place, is_sheet));
    findings.extend(heads.mapped.into_iter().flat_map(|head| mapped::used(head, table, found, &heads.words, &place)));
    let left_out = |cell: &str| heads.mapped.is_some_and(|head| mapped::is_answered(head, cell));
    let mut unknown = Vec::new();
    let shown = heads.words.head(table, |field| found.columns[field], &found.cells);
    for (column, cell) in found.cells.iter().enumerate().filter(|(_, cell)| !cell.trim().is_empty()) {
        let is_known =
            found.columns.contains(&Some(column)) || found.twice.iter().any(|(_, _, second)| *second == column);
        if is_known || left_out(cell) {
            continue;
        }
        let cell = cell.split_whitespace().collect::<Vec<_>>().join(" ");
        match similar(heads, found, &cell) {
            Some(field) => {
                let place = Place { field: Some(field.name.clone()), ..place.clone() };
                let finding = Finding::new("column_similar", place)
                    .with("column", &cell)
                    .with("position", position(column, is_sheet));
                let absence = field.absence.clone().unwrap_or_default();
                let follows = |lang: Lang| Some(absence.get(lang)).filter(|text| !text.is_empty());
                let clause = |lang: Lang| follows(lang).map(|text| format!("; {text}")).unwrap_or_default();
                let clauses = Text::by(clause);
                let finding = finding.with_text("follows", &clauses);
                findings.push(worded(finding, "", &field.headers.first()));
            }
            // what is no header for sure is found by its place
            None if shown[column] == found.cells[column] => unknown.push(format!("«{cell}»")),
            None => unknown.push(format!("{} «{}»", position(column, is_sheet), shown[column].trim())),
        }
    }
    // of a group what is new is told as such
    let is_group = heads.mapped.is_some_and(|head| !head.headers.is_empty());
    if !unknown.is_empty() && !is_group {
        findings.push(
            Finding::new("columns_unknown", place).with("count", unknown.len()).with("columns", unknown.join(", ")),
        );
    }
    findings
}

/// Tables beside the one that is read, under the same headers: their rows are lost.
fn beside(found: &Match, place: &Place, is_sheet: bool) -> Option<Finding> {
    let lowest =
        |column: usize| found.rows.iter().rev().filter_map(|row| row.get(column)).find(|cell| !cell.is_empty());
    let headers = (0..found.cells.len()).map(|column| folded(lowest(column).unwrap_or(&found.cells[column])));
    let is_read =
        |(first, last): &(usize, usize)| found.columns.iter().flatten().any(|own| (*first..=*last).contains(own));
    let (read, unread): (Vec<_>, Vec<_>) = side_by_side(&headers.collect::<Vec<_>>()).into_iter().partition(is_read);
    let of = |(first, last): &(usize, usize)| format!("{}–{}", position(*first, is_sheet), position(*last, is_sheet));
    let unread: Vec<String> = unread.iter().map(of).collect();
    let is_lost = found.twice.is_empty() && !read.is_empty() && !unread.is_empty();
    is_lost.then(|| Finding::new("tables_beside", place.clone()).with("columns", unread.join(", ")))
}

/// By its name a source is of a table that requires more than the one it was recognised as; what it lacks is named.
fn named_otherwise(heads: &Heads<'_>, found: &Match, place: &Place) -> Option<Finding> {
    let (table, meant) = (heads.table(found.table), heads.table(found.named?));
    let lacking = meant.required().map(|field| &meant.fields[field]).find(|field| {
        let own = table.position(&field.name);
        own.is_none_or(|own| found.columns[own].is_none())
    })?;
    // where each row says what came of it, rows of both tables may stand in one
    let told = table.position(OUTCOME).is_some_and(|field| found.columns[field].is_some());
    let finding = worded(Finding::new("table_named_otherwise", place.clone()), "", &table.names.first());
    let finding = worded(worded(finding, "named_", &meant.names.first()), "lacking_", &lacking.headers.first());
    (!told).then_some(finding)
}

/// A field that has no column and is spelled almost so, but for a unit, or as bodies like to call it; or one that a more
/// particular table requires. By its words a header is told where the numbers depend on the field.
fn similar<'t>(heads: &Heads<'t>, found: &Match, cell: &str) -> Option<&'t Field> {
    let cell = folded(cell);
    let base = with_tail(&cell).map_or(cell.as_str(), |(base, _)| base);
    let table = heads.table(found.table);
    let own = table.fields.iter().enumerate().filter(|(index, _)| found.columns[*index].is_none());
    let others = heads.more_particular(found.table).flat_map(|more| {
        let more = heads.table(more);
        more.required().map(|field| &more.fields[field]).filter(|field| table.position(&field.name).is_none())
    });
    let free: Vec<&Field> = others.chain(own.map(|(_, field)| field)).collect();
    let likeness = |spelling: &str| {
        let spelling = folded(spelling);
        let of = |text: &str| strsim::normalized_damerau_levenshtein(text, &spelling);
        of(&cell).max(of(base))
    };
    let spelled = free.iter().map(|field| {
        let spellings = field.headers.all().chain([field.name.as_str()]);
        (spellings.map(likeness).fold(0.0, f64::max), *field)
    });
    let spelled: Vec<(f64, &Field)> = spelled.filter(|(likeness, _)| *likeness >= SIMILAR).collect();
    // of equals the first one
    let best = spelled.into_iter().rev().max_by(|(one, _), (other, _)| one.total_cmp(other)).map(|(_, field)| field);
    // what a body calls so may be this field; it is told where the numbers depend on it
    let called = |field: &Field| {
        let mut near = field.near.iter().filter(|_| field.absence.is_some()).map(|word| folded(word));
        near.find_map(|word| [(cell.as_str(), CALLED), (base, 1)].into_iter().find(|(own, _)| word == *own))
    };
    let weigh = |field: &Field| called(field).map_or(0, |(_, weight)| weight).max(field.meant_by(&cell));
    let weighed = || free.into_iter().map(|field| (weigh(field), field)).filter(|(weight, _)| *weight > 0);
    best.or_else(|| weighed().rev().max_by_key(|(weight, _)| *weight).map(|(_, field)| field))
}

/// No head was recognised: the nearest table and what it lacks.
pub(crate) fn unknown(heads: &Heads<'_>, near: Option<&Near>, place: &Place) -> Finding {
    let Some(near) = near else { return Finding::new("header_not_found", place.clone()) };
    let table = heads.table(near.table);
    let name = |field: usize, lang: Lang| {
        format!("«{}» ({})", table.fields[field].headers.first().get(lang), table.fields[field].name)
    };
    let missing = |lang: Lang| {
        let mut parts: Vec<String> = near.missing.iter().map(|field| name(*field, lang)).collect();
        if near.lacks_any {
            let any: Vec<String> =
                table.any_of.iter().filter_map(|field| table.position(field)).map(|field| name(field, lang)).collect();
            parts.push(any.join(" / "));
        }
        parts.join(", ")
    };
    let place = Place { line: near.line, ..place.clone() };
    let missing = Text::by(missing);
    let finding = Finding::new("table_unknown", place).with("table", &table.table);
    worded(worded(finding, "table_", &table.names.first()), "missing_", &missing)
}

pub(crate) fn ambiguous(heads: &Heads<'_>, line: u64, tables: &[usize], place: &Place) -> Finding {
    let names = |lang: Lang| {
        tables
            .iter()
            .map(|table| format!("«{}»", heads.table(*table).names.first().get(lang)))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let text = Text::by(names);
    worded(Finding::new("table_ambiguous", Place { line: Some(line), ..place.clone() }), "", &text)
}

/// A column as people find it: a letter in a sheet, a number in a text file.
fn position(column: usize, is_sheet: bool) -> String {
    if is_sheet { column_letters(column) } else { (column + 1).to_string() }
}

#[cfg(test)]
#[path = "near_tests.rs"]
mod tests;
