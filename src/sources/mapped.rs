//! What a mapping did, and what in it came to nothing: nothing happens silently.

use crate::body::mapping::{Head, Mapping};
use crate::definitions::record::Table;
use crate::sources::found::Discovered;
use crate::sources::header::{Match, folded};
use crate::words::finding::{Finding, Place, worded};
use crate::words::lang::{Lang, Text};
use std::collections::BTreeSet;

/// Headers that a mapping explained, values that it supplies, headers that are not there.
pub(crate) fn used(head: &Head, table: &Table, found: &Match, place: &Place) -> Vec<Finding> {
    let column = |header: &String| found.cells.iter().position(|cell| folded(cell) == folded(header));
    let (there, absent): (Vec<_>, Vec<_>) = head.columns.iter().partition(|(header, _)| column(header).is_some());
    let said = |field: &str, lang: Lang| match table.position(field) {
        Some(field) => format!("«{}» ({})", table.fields[field].headers.first().get(lang), table.fields[field].name),
        None => "–".to_owned(),
    };
    let list = |parts: &dyn Fn(Lang) -> Vec<String>| {
        let text = |lang| parts(lang).join(", ");
        Text { kk: text(Lang::Kk), ru: text(Lang::Ru), en: text(Lang::En) }
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
    findings.extend(
        absent
            .into_iter()
            .map(|(header, _)| Finding::new("mapping_header_absent", place.clone()).with("column", header)),
    );
    findings
}

/// Heads of the mapping that are not confirmed or meet no source.
pub(crate) fn about(mapping: &Mapping, discovered: &Discovered) -> Vec<Finding> {
    let Discovered { files, tables, findings: told, .. } = discovered;
    let of_tables = tables.iter().map(|table| (table.name.clone(), table.sheet.clone()));
    let of_findings = told.iter().filter_map(|told| Some((told.place.source.clone()?, told.place.sheet.clone())));
    let of_files = files.iter().map(|file| (file.name.clone(), None));
    let sources: BTreeSet<(String, Option<String>)> = of_tables.chain(of_findings).chain(of_files).collect();
    let mut findings = Vec::new();
    for head in &mapping.heads {
        for pattern in &head.sources {
            let alone = Head { sources: vec![pattern.clone()], ..Head::default() };
            let is_there = sources.iter().any(|(source, sheet)| alone.is_of(source, sheet.as_deref()));
            let finding = |name| Finding::new(name, Place::default()).with("part", pattern);
            findings.extend((head.confirmed && !is_there).then(|| finding("mapping_source_absent")));
            findings.extend((!head.confirmed && is_there).then(|| finding("mapping_unconfirmed")));
        }
    }
    findings
}
