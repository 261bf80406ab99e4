//! Reading, overriding and cross-checking the definition files.

use crate::definitions::Definitions;
use crate::definitions::analytical::{Analytical, Phrases};
use crate::definitions::calendar::{Calendar, Year};
use crate::definitions::codelist::CodeList;
use crate::definitions::deadline::Deadlines;
use crate::definitions::dimension::{Dimension, SETS, position};
use crate::definitions::form::{Filter, Form, Row};
use crate::definitions::hint::Hints;
use crate::definitions::letterhead::Letterhead;
use crate::definitions::page::Pages;
use crate::definitions::record::{FieldType, Table};
use crate::definitions::vocabulary::Vocabulary;
use crate::words::citation::Citations;
use crate::words::failure::{Halt, OrHalt};
use crate::words::finding::Wording;
use crate::words::lang::{Text, nearest};
use anyhow::{Context, Result, anyhow, bail, ensure};
use include_dir::{Dir, include_dir};
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

static SCHEMAS: Dir = include_dir!("$CARGO_MANIFEST_DIR/schemas");
static TEMPLATES: Dir = include_dir!("$CARGO_MANIFEST_DIR/templates");

/// Path inside the definitions → text, ordered.
type Files = BTreeMap<String, String>;

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Wordings {
    finding: Vec<Wording>,
}

pub(crate) fn load(folder: Option<&Path>) -> Result<Definitions> {
    let mut files = Files::new();
    embedded("schemas", &SCHEMAS, &mut files)?;
    embedded("templates", &TEMPLATES, &mut files)?;
    if let Some(folder) = folder {
        ensure!(folder.is_dir(), Halt::new("fault_definitions_folder").at(folder));
        overrides(folder, folder, &mut files)?;
    }
    let mut digest = Sha256::new();
    for (path, text) in &files {
        digest.update(path.as_bytes());
        digest.update([0]);
        digest.update(text.as_bytes());
        digest.update([0]);
    }
    let mut codelists: Vec<CodeList> = parse_all(&files, "schemas/codelists/")?;
    for list in &mut codelists {
        list.index().map_err(|fault| anyhow!(fault))?;
    }
    let years: Vec<Year> = parse_all(&files, "schemas/calendar/")?;
    let wordings: Vec<Wordings> = parse_all(&files, "templates/findings/")?;
    let words: Vec<BTreeMap<String, Text>> = parse_all(&files, "templates/words/")?;
    let deadlines: Vec<Deadlines> = parse_all(&files, "templates/deadlines.toml")?;
    let citations: Option<Citations> = parse_all(&files, "templates/citations.toml")?.pop();
    let analyticals: Vec<Analytical> = parse_all(&files, "templates/analytical/")?;
    let phrases: Option<Phrases> = parse_all(&files, "templates/phrases.toml")?.pop();
    let letterhead: Option<Letterhead> = parse_all(&files, "schemas/organisation.toml")?.pop();
    let hints: Option<Hints> = parse_all(&files, "schemas/hints.toml")?.pop();
    let pages: Vec<Pages> = parse_all(&files, "templates/handbook/")?;
    let definitions = Definitions {
        analyticals,
        phrases: phrases.unwrap_or_default(),
        letterhead: letterhead.unwrap_or_default(),
        citations: citations.unwrap_or_default(),
        pages: pages.into_iter().flat_map(|file| file.page).collect(),
        vocabulary: Vocabulary::one(parse_all(&files, "templates/explain/")?)?,
        words: words.into_iter().flatten().collect(),
        tables: parse_all(&files, "schemas/records/")?,
        codelists,
        hints: hints.unwrap_or_default(),
        calendar: Calendar::new(&years)?,
        plausible: parse_all(&files, "schemas/dates.toml")?.pop().context("schemas/dates.toml is missing")?,
        forms: parse_all(&files, "templates/forms/")?,
        deadlines: deadlines.into_iter().flat_map(|file| file.deadline).collect(),
        wordings: wordings.into_iter().flat_map(|file| file.finding).collect(),
        digest: crate::values::digest::hex(&digest.finalize()),
    };
    check_wordings(&definitions)?;
    definitions.phrases.check().context("templates/phrases.toml")?;
    for report in &definitions.analyticals {
        report.check(&definitions).with_context(|| format!("templates/analytical: {}", report.forms.join(", ")))?;
    }
    for page in &definitions.pages {
        let known = definitions.wordings.iter().any(|wording| wording.name == page.name);
        ensure!(known, "templates/handbook: no finding {:?}", page.name);
        let mut texts = page.example.iter().chain([&page.why]);
        ensure!(!texts.any(Text::is_incomplete), "templates/handbook: {:?} lacks a language", page.name);
    }
    let incomplete = definitions.words.iter().find(|(_, text)| text.is_incomplete());
    ensure!(incomplete.is_none(), "templates/words: {:?} lacks a language", incomplete.map(|(key, _)| key));
    let incomplete = definitions.citations.incomplete();
    ensure!(incomplete.is_none(), "templates/citations.toml: {incomplete:?} lacks a language");
    for field in definitions.hints.fields.keys() {
        let known = definitions.tables.iter().any(|table| table.position(field).is_some());
        ensure!(known, "schemas/hints.toml: no field {field:?}");
    }
    for (list, code) in
        definitions.hints.codes.iter().flat_map(|(list, codes)| codes.keys().map(move |code| (list, code)))
    {
        let known = definitions.codelist(list).is_some_and(|list| list.position(code).is_some());
        ensure!(known, "schemas/hints.toml: {list} has no code {code:?}");
    }
    for table in &definitions.tables {
        check_table(table, &definitions).with_context(|| format!("schemas/records/{}.toml", table.table))?;
    }
    for deadline in &definitions.deadlines {
        let known = deadline.forms.iter().all(|name| definitions.forms.iter().any(|form| form.form == *name));
        ensure!(known, "templates/deadlines.toml: {:?}: no such form", deadline.role);
        let incomplete = deadline.who.is_incomplete() || deadline.to.is_incomplete();
        ensure!(!incomplete, "templates/deadlines.toml: {:?} lacks a language", deadline.role);
    }
    for form in &definitions.forms {
        check_form(form, &definitions).with_context(|| format!("templates/forms/{}.toml", form.form))?;
    }
    Ok(definitions)
}

fn embedded(root: &str, dir: &Dir<'_>, files: &mut Files) -> Result<()> {
    for file in dir.files() {
        let path = file.path().to_string_lossy().replace('\\', "/");
        if file.path().extension().is_some_and(|extension| extension == "toml") {
            let text = file.contents_utf8().with_context(|| format!("{root}/{path} is not UTF-8"))?;
            files.insert(format!("{root}/{path}"), text.to_owned());
        }
    }
    dir.dirs().try_for_each(|below| embedded(root, below, files))
}

fn overrides(root: &Path, dir: &Path, files: &mut Files) -> Result<()> {
    for entry in std::fs::read_dir(dir).or_halt(|| Halt::reading(dir))? {
        let path = entry?.path();
        if path.is_dir() {
            overrides(root, &path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "toml") {
            let name = path.strip_prefix(root)?.to_string_lossy().replace('\\', "/");
            let known = files.keys().any(|file| folder_of(file) == folder_of(&name));
            ensure!(known, "{name}: definitions have no such folder");
            let text = std::fs::read_to_string(&path).or_halt(|| Halt::reading(&name))?;
            files.insert(name, text);
        }
    }
    Ok(())
}

fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn parse_all<T: DeserializeOwned>(files: &Files, prefix: &str) -> Result<Vec<T>> {
    let found = files.iter().filter(|(path, _)| path.starts_with(prefix));
    found.map(|(path, text)| parse_toml(text).or_halt(|| Halt::within(path))).collect()
}

/// Reads TOML; an unknown key is answered with the nearest known one.
pub fn parse_toml<T: DeserializeOwned>(text: &str) -> Result<T> {
    // Notepad begins a file with a mark
    toml::from_str(text.trim_start_matches('\u{feff}')).map_err(|fault| {
        let message = fault.to_string();
        let mut quoted = fault.message().split('`').skip(1).step_by(2);
        let unknown = fault.message().starts_with("unknown").then(|| quoted.next()).flatten();
        let known: Vec<&str> = quoted.collect();
        let near = unknown.and_then(|word| nearest(word, known.into_iter()));
        Halt::new("fault_toml").near(near).because(anyhow!(message.trim_end().to_owned())).into()
    })
}

fn check_wordings(definitions: &Definitions) -> Result<()> {
    ensure!(!definitions.wordings.is_empty(), "templates/findings: no findings");
    let (mut codes, mut names) = (BTreeSet::new(), BTreeSet::new());
    for wording in &definitions.wordings {
        ensure!(codes.insert(&wording.code), "templates/findings: {} stands twice", wording.code);
        ensure!(names.insert(&wording.name), "templates/findings: {} stands twice", wording.name);
        let incomplete = wording.message.is_incomplete() || wording.hint.is_incomplete();
        ensure!(!incomplete, "templates/findings: {} lacks a language", wording.name);
    }
    Ok(())
}

fn check_table(table: &Table, definitions: &Definitions) -> Result<()> {
    let mut referred: Vec<&String> = table.key.iter().chain(&table.any_of).collect();
    referred.extend(table.together.iter().flatten());
    referred.extend(table.order.iter().flatten());
    referred.extend(table.fields.iter().filter_map(|field| field.required_when.as_ref()).map(|when| &when.field));
    for name in referred {
        ensure!(table.position(name).is_some(), "no field {name:?}");
    }
    for field in &table.fields {
        ensure!(!field.help.is_incomplete(), "{}: help lacks a language", field.name);
        ensure!((field.kind == FieldType::Code) == field.list.is_some(), "{}: list goes with type code", field.name);
        if let Some(list) = &field.list {
            ensure!(definitions.codelist(list).is_some(), "{}: no code list {list:?}", field.name);
        }
    }
    Ok(())
}

fn check_form(form: &Form, definitions: &Definitions) -> Result<()> {
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
        ensure!(!rule.text.is_incomplete(), "rule {:?}: text lacks a language", rule.id);
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

/// A file of `schemas/`, inside the binary.
pub(crate) fn schema(name: &str) -> Option<&'static str> {
    SCHEMAS.get_file(name).and_then(include_dir::File::contents_utf8)
}

/// A file of `templates/fonts/`, inside the binary.
pub(crate) fn font(name: &str) -> Option<&'static [u8]> {
    TEMPLATES.get_file(format!("fonts/{name}")).map(include_dir::File::contents)
}
