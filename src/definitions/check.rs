//! Cross-checks of the definitions: whatever one file names, another has.

use crate::definitions::all::Definitions;
use crate::definitions::dimension::{Dimension, SETS};
use crate::definitions::form::{Filter, Form, LineBy, Row};
use crate::definitions::record::{FieldType, Table};
use crate::definitions::sieve::position;
use crate::words::lang::{Text, nearest};
use anyhow::{Context, Result, bail, ensure};
use std::collections::BTreeSet;

pub(crate) fn check_wordings(definitions: &Definitions) -> Result<()> {
    ensure!(!definitions.wordings.is_empty(), "templates/findings: no findings");
    let (mut codes, mut names) = (BTreeSet::new(), BTreeSet::new());
    for wording in &definitions.wordings {
        ensure!(codes.insert(&wording.code), "templates/findings: {} stands twice", wording.code);
        ensure!(names.insert(&wording.name), "templates/findings: {} stands twice", wording.name);
        let texts = [&wording.message, &wording.hint].into_iter().chain(&wording.why).chain(&wording.example);
        let incomplete = texts.into_iter().any(Text::is_incomplete);
        ensure!(!incomplete, "templates/findings: {} lacks a language", wording.name);
    }
    Ok(())
}

pub(crate) fn check_table(table: &Table, definitions: &Definitions) -> Result<()> {
    let mut referred: Vec<&String> = table.key.iter().chain(&table.any_of).collect();
    referred.extend(table.together.iter().flatten());
    referred.extend(table.order.iter().flatten());
    referred.extend(table.fields.iter().filter_map(|field| field.required_when.as_ref()).map(|when| &when.field));
    for name in referred {
        ensure!(table.position(name).is_some(), "no field {name:?}");
    }
    check_needed(table, definitions)?;
    for field in &table.fields {
        ensure!(!field.help.is_incomplete(), "{}: help lacks a language", field.name);
        let incomplete = field.absence.as_ref().is_some_and(Text::is_incomplete);
        ensure!(!incomplete, "{}: absence lacks a language", field.name);
        ensure!((field.kind == FieldType::Code) == field.list.is_some(), "{}: list goes with type code", field.name);
        if let Some(list) = &field.list {
            ensure!(definitions.codelist(list).is_some(), "{}: no code list {list:?}", field.name);
        }
    }
    Ok(())
}

/// A field is asked for only where a form counts by it: as a filter of rows or columns, or by its lines.
fn check_needed(table: &Table, definitions: &Definitions) -> Result<()> {
    for form in definitions.forms.iter().filter(|_| table.is_result()) {
        let columns = form.grids.iter().flat_map(|grid| grid.columns.iter().map(|column| &column.filter));
        let results = form.rows.iter().filter(|row| row.facts.as_deref() == Some("results"));
        let filters = columns.chain(results.clone().map(|row| &row.filter));
        let mut used: BTreeSet<&str> = filters.flat_map(|filter| filter.keys().map(String::as_str)).collect();
        used.extend(results.flat_map(|row| &row.lines).filter_map(|by| match by {
            LineBy::Provider => Some("provider_name"),
            LineBy::System => Some("information_system"),
            LineBy::Service => None,
        }));
        for field in &table.fields {
            let named = field.required_when.iter().flat_map(|when| &when.forms).chain(&field.required_for);
            let is_named = named.clone().any(|named| *named == form.form);
            let is_sound = named.clone().next().is_none() || is_named == used.contains(field.name.as_str());
            ensure!(is_sound, "{}: whether {} needs it, and whether it counts by it", field.name, form.form);
        }
    }
    Ok(())
}

pub(crate) fn check_form(form: &Form, definitions: &Definitions) -> Result<()> {
    for section in &form.sections {
        let grid = form.grids.iter().any(|grid| grid.id == section.grid);
        ensure!(grid, "section {:?}: no grid {:?}", section.id, section.grid);
    }
    for grid in &form.grids {
        for column in &grid.columns {
            let group = column.group.as_ref().is_none_or(|id| grid.groups.iter().any(|group| group.id == *id));
            ensure!(group, "column {:?}: no group {:?}", column.id, column.group);
            check_filter(&column.filter, None, definitions).with_context(|| column.id.clone())?;
            check_needs(&column.needs, definitions)?;
            let months = column.months.iter().all(|month| grid.column(month).is_some());
            ensure!(months, "column {:?}: months are no columns", column.id);
        }
    }
    let mut ids = BTreeSet::new();
    for row in &form.rows {
        ensure!(ids.insert(&row.id), "row {:?} stands twice", row.id);
        check_row(row, form, definitions).with_context(|| format!("row {:?}", row.id))?;
    }
    let mut rules = BTreeSet::new();
    for rule in &form.rules {
        ensure!(rules.insert(&rule.id), "rule {:?} stands twice", rule.id);
        for id in rule.left.iter().chain(&rule.right) {
            ensure!(form.row_position(id).is_some(), "rule {:?}: no row {id:?}", rule.id);
        }
        let other = rule.other_form.as_ref().unwrap_or(&form.form);
        ensure!(definitions.forms.iter().any(|known| known.form == *other), "rule {:?}: no form {other:?}", rule.id);
        for (id, of) in [(&rule.left_columns, &form.form), (&rule.right_columns, other)]
            .into_iter()
            .flat_map(|(columns, of)| columns.iter().map(move |id| (id, of)))
        {
            let mut grids = definitions.forms.iter().filter(|known| known.form == *of).flat_map(|known| &known.grids);
            ensure!(grids.any(|grid| grid.column(id).is_some()), "rule {:?}: no column {id:?} in {of}", rule.id);
        }
        let incomplete = [&rule.text].into_iter().chain(&rule.hint).any(Text::is_incomplete);
        ensure!(!incomplete, "rule {:?}: text lacks a language", rule.id);
    }
    Ok(())
}

fn check_row(row: &Row, form: &Form, definitions: &Definitions) -> Result<()> {
    ensure!(form.sections.iter().any(|section| section.id == row.section), "no section {:?}", row.section);
    for id in row.sum.iter().chain(&row.parent) {
        ensure!(form.row_position(id).is_some(), "no row {id:?}");
    }
    ensure!(row.sum.is_empty() == row.facts.is_some(), "a row either counts facts or sums rows");
    if let Some(facts) = &row.facts {
        let known = SETS.iter().map(|set| set.name);
        if !known.clone().any(|name| name == facts) {
            bail!(
                "no facts {facts:?}{}",
                nearest(facts, known).map(|n| format!("; did you mean {n:?}?")).unwrap_or_default()
            );
        }
    }
    ensure!(row.lines.len() >= row.line_labels.len(), "a label for each level of lines");
    check_filter(&row.filter, row.facts.as_deref(), definitions)?;
    check_needs(&row.needs, definitions)
}

/// Every filter names a dimension of the facts and codes that it knows; `set`: of these facts only.
fn check_filter(filter: &Filter, set: Option<&str>, definitions: &Definitions) -> Result<()> {
    for (name, codes) in filter {
        let sets = SETS.iter().filter(|facts| set.is_none_or(|set| set == facts.name));
        let dimensions: Vec<Dimension> =
            sets.flat_map(|set| set.dimensions).copied().filter(|known| known.name == name).collect();
        ensure!(!dimensions.is_empty(), "no dimension {name:?}");
        for code in codes {
            let known = dimensions.iter().any(|known| position(*known, code, definitions).is_some());
            ensure!(known, "{name} has no code {code:?}");
        }
    }
    Ok(())
}

fn check_needs(needs: &[Vec<String>], definitions: &Definitions) -> Result<()> {
    for need in needs.iter().flatten() {
        let (table, field) = need.split_once('.').map_or((need.as_str(), None), |(table, field)| (table, Some(field)));
        let known = definitions.table(table).map(|index| &definitions.tables[index]);
        let known = known.with_context(|| format!("needs {need:?}: no such table"))?;
        ensure!(field.is_none_or(|field| known.position(field).is_some()), "needs {need:?}: no such field");
    }
    Ok(())
}
