//! What a mapping did, and what in it came to nothing: nothing happens silently.

use crate::body::mapping::{Head, Mapping};
use crate::definitions::head_words::HeadWords;
use crate::definitions::record::Table;
use crate::sources::found::Discovered;
use crate::sources::group;
use crate::sources::header::{Match, folded};
use crate::words::finding::{Finding, Place, worded};
use crate::words::lang::{Lang, Text};
use std::collections::BTreeSet;

/// Headers that a mapping explained, values that it supplies, headers that are not there.
pub(crate) fn used(head: &Head, table: &Table, found: &Match, words: &HeadWords, place: &Place) -> Vec<Finding> {
    let column = |header: &String| found.cells.iter().position(|cell| folded(cell) == folded(header));
    let (there, absent): (Vec<_>, Vec<_>) = head.columns.iter().partition(|(header, _)| column(header).is_some());
    let said = |field: &str, lang: Lang| match table.position(field) {
        Some(field) => format!("«{}» ({})", table.fields[field].headers.first().get(lang), table.fields[field].name),
        None => "–".to_owned(),
    };
    let list = |parts: &dyn Fn(Lang) -> Vec<String>| {
        let text = |lang| parts(lang).join(", ");
        Text::by(text)
    };
    let mut findings = Vec::new();
    if !there.is_empty() {
        let pairs = |lang| there.iter().map(|(header, field)| format!("«{header}» → {}", said(field, lang))).collect();
        findings.push(worded(Finding::new("mapping_used", place.clone()), "", &list(&pairs)));
    }
    if !head.fixed.is_empty() {
        let pairs =
            |lang| head.fixed.iter().map(|(field, value)| format!("{} = «{value}»", said(field, lang))).collect();
        findings.push(worded(Finding::new("mapping_fixed", place.clone()), "", &list(&pairs)));
    }
    if head.numbered {
        let named = |lang| table.key.iter().map(|field| said(field, lang)).collect();
        findings.push(worded(Finding::new("mapping_numbered", place.clone()), "", &list(&named)));
    }
    let is_asked = |(_, field): &(&String, &String)| !field.is_empty() || head.headers.is_empty();
    findings.extend(
        absent
            .into_iter()
            .filter(is_asked)
            .map(|(header, _)| Finding::new("mapping_header_absent", place.clone()).with("column", header)),
    );
    if head.short_days {
        findings.push(Finding::new("mapping_short_days", place.clone()));
    }
    let known = group::headers(head.headers.iter());
    let own = found.cells.iter().take(found.habits.section.unwrap_or(found.cells.len()));
    let strange = own.filter(|cell| !cell.trim().is_empty() && !known.contains(&folded(cell)));
    let strange: Vec<String> = strange.map(|cell| format!("«{}»", words.shown(cell.trim()))).collect();
    if !known.is_empty() && !strange.is_empty() {
        findings.push(Finding::new("mapping_header_new", place.clone()).with("columns", strange.join(", ")));
    }
    findings
}

/// Whether a column of a group was there when a person answered for it.
pub(crate) fn is_answered(head: &Head, cell: &str) -> bool {
    let of = |own: &String| folded(own) == folded(cell);
    head.headers.iter().any(of) || head.columns.iter().any(|(header, field)| field.is_empty() && of(header))
}

/// Heads of the mapping that are not confirmed or meet no source.
pub(crate) fn about(
    mapping: &Mapping,
    met: &BTreeSet<usize>,
    discovered: &Discovered,
    definitions: &[Table],
) -> Vec<Finding> {
    let Discovered { files, tables, findings: told, .. } = discovered;
    let of_tables = tables.iter().map(|table| (table.name.clone(), table.sheet.clone()));
    let of_findings = told.iter().filter_map(|told| Some((told.place.source.clone()?, told.place.sheet.clone())));
    let of_files = files.iter().map(|file| (file.name.clone(), None));
    let sources: BTreeSet<(String, Option<String>)> = of_tables.chain(of_findings).chain(of_files).collect();
    // what a database counted has left its sources there
    let is_counted = tables.iter().any(|found| definitions[found.table].counted);
    let is_away = |head: &Head| is_counted && definitions.iter().any(|own| own.is_result() && own.table == head.table);
    let mut findings = Vec::new();
    for (place, head) in mapping.heads.iter().enumerate() {
        if !head.headers.is_empty() {
            let finding = |name| Finding::new(name, Place::default()).with("part", head.label());
            findings.extend(
                (head.confirmed && !met.contains(&place) && !is_away(head)).then(|| finding("mapping_group_absent")),
            );
            findings.extend((!head.confirmed && met.contains(&place)).then(|| finding("mapping_unconfirmed")));
            continue;
        }
        for pattern in &head.sources {
            let alone = Head { sources: vec![pattern.clone()], ..Head::default() };
            let is_there = sources.iter().any(|(source, sheet)| alone.is_of(source, sheet.as_deref()));
            let finding = |name| Finding::new(name, Place::default()).with("part", pattern);
            findings.extend((head.confirmed && !is_there && !is_away(head)).then(|| finding("mapping_source_absent")));
            findings.extend((!head.confirmed && is_there).then(|| finding("mapping_unconfirmed")));
        }
    }
    findings
}
