//! Reading, overriding and cross-checking the definition files.

use crate::definitions::all::Definitions;
use crate::definitions::analytical::{Analytical, Phrases};
use crate::definitions::calendar::{Calendar, Year};
use crate::definitions::check::{check_form, check_table, check_wordings};
use crate::definitions::codelist::CodeList;
use crate::definitions::deadline::Deadlines;
use crate::definitions::format;
use crate::definitions::hint::{HeaderWords, Hints};
use crate::definitions::law::Law;
use crate::definitions::letterhead::Letterhead;
use crate::definitions::marks::Marks;
use crate::definitions::notation::parse_toml;
use crate::definitions::place::Places;
use crate::definitions::record::{Field, FieldType, Table};
use crate::definitions::vocabulary::Vocabulary;
use crate::definitions::written::Written;
use crate::values::text_file;
use crate::words::citation::Citations;
use crate::words::failure::{Halt, OrHalt};
use crate::words::finding::Wording;
use crate::words::lang::{Text, nearest};
use anyhow::{Context, Result, anyhow, bail, ensure};
use include_dir::{Dir, include_dir};
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

static SCHEMAS: Dir = include_dir!("$CARGO_MANIFEST_DIR/schemas");
static TEMPLATES: Dir = include_dir!("$CARGO_MANIFEST_DIR/templates");

/// The definition files, and which of them were read as what they are.
#[derive(Default)]
struct Files {
    /// Path inside the definitions → text, ordered.
    texts: BTreeMap<String, String>,
    /// Those of the user's folder.
    given: BTreeSet<String>,
    used: RefCell<BTreeSet<String>>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Wordings {
    finding: Vec<Wording>,
}

impl Definitions {
    /// The definitions inside the binary, each file overridden by its namesake under `folder`.
    ///
    /// # Errors
    /// A file that is not well-formed, has an unknown key, or names something that does not exist.
    pub fn load(folder: Option<&Path>) -> Result<Self> {
        load(folder)
    }
}

fn load(folder: Option<&Path>) -> Result<Definitions> {
    let mut files = Files::default();
    embedded("schemas", &SCHEMAS, &mut files)?;
    embedded("templates", &TEMPLATES, &mut files)?;
    if let Some(folder) = folder {
        ensure!(folder.is_dir(), Halt::new("fault_definitions_folder").at(folder));
        overrides(folder, folder, &mut files)?;
    }
    let mut digest = Sha256::new();
    for (path, text) in &files.texts {
        digest.update(path.as_bytes());
        digest.update([0]);
        digest.update(text.as_bytes());
        digest.update([0]);
    }
    let mut codelists: Vec<CodeList> = parse_all(&files, "schemas/codelists/")?;
    for list in &mut codelists {
        list.index().map_err(|fault| anyhow!(fault))?;
    }
    let mut written: Written = parse(&files, "schemas/spellings.toml")?;
    written.index();
    let written = Arc::new(written);
    format::keep(parse(&files, "schemas/formats.toml")?);
    let years: Vec<Year> = parse_all(&files, "schemas/calendar/")?;
    let wordings: Vec<Wordings> = parse_all(&files, "templates/findings/")?;
    let words: Vec<BTreeMap<String, Text>> = parse_all(&files, "templates/words/")?;
    let deadlines: Vec<Deadlines> = parse_all(&files, "templates/deadlines.toml")?;
    let places: Vec<Places> = parse_all(&files, "templates/places.toml")?;
    let law: Vec<Law> = parse_all(&files, "templates/law.toml")?;
    let citations: Option<Citations> = parse_all(&files, "templates/citations.toml")?.pop();
    let analyticals: Vec<Analytical> = parse_all(&files, "templates/analytical/")?;
    let phrases: Option<Phrases> = parse_all(&files, "templates/phrases.toml")?.pop();
    let letterhead: Option<Letterhead> = parse_all(&files, "schemas/organisation.toml")?.pop();
    let hints: Option<Hints> = parse_all(&files, "schemas/hints.toml")?.pop();
    let marks: Vec<Marks> = parse_all(&files, "schemas/marks.toml")?;
    marks.into_iter().for_each(Marks::put_in_force);
    let mut definitions = Definitions {
        analyticals,
        phrases: phrases.unwrap_or_default(),
        letterhead: letterhead.unwrap_or_default(),
        citations: citations.unwrap_or_default(),
        vocabulary: Vocabulary::one(parse_all(&files, "templates/explain/")?)?,
        words: words.into_iter().flatten().collect(),
        received: tables(&files, "schemas/received.toml", hints.as_ref(), &written)?.remove(0),
        tables: tables(&files, "schemas/records/", hints.as_ref(), &written)?,
        codelists,
        hints: hints.unwrap_or_default(),
        printed: parse(&files, "templates/words.toml")?,
        theme: parse(&files, "templates/theme.toml")?,
        filed: parse(&files, "templates/filed.toml")?,
        calendar: Calendar::new(&years)?,
        plausible: parse(&files, "schemas/dates.toml")?,
        forms: parse_all(&files, "templates/forms/")?,
        deadlines: deadlines.into_iter().flat_map(|file| file.deadline).collect(),
        places: places.into_iter().flat_map(|file| file.place).collect(),
        law: law.into_iter().flat_map(|file| file.place).collect(),
        wordings: wordings.into_iter().flat_map(|file| file.finding).collect(),
        digest: crate::values::digest::hex(&digest.finalize()),
    };
    let used = files.used.borrow();
    if let Some(unused) = files.given.difference(&used).next() {
        bail!(Halt::new("fault_definitions_unused").at(unused).near(nearest(unused, used.iter().map(String::as_str))));
    }
    check_wordings(&definitions)?;
    definitions.printed.check().context("templates/words.toml")?;
    definitions.theme.check().context("templates/theme.toml")?;
    definitions.phrases.check().context("templates/phrases.toml")?;
    for report in &definitions.analyticals {
        report.check(&definitions).with_context(|| format!("templates/analytical: {}", report.forms.join(", ")))?;
    }
    let incomplete = definitions.words.iter().find(|(_, text)| text.is_incomplete());
    ensure!(incomplete.is_none(), "templates/words: {:?} lacks a language", incomplete.map(|(key, _)| key));
    let incomplete = definitions.citations.incomplete();
    ensure!(incomplete.is_none(), "templates/citations.toml: {incomplete:?} lacks a language");
    for field in definitions.hints.fields.keys().chain(definitions.hints.words.keys()) {
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
        let named = deadline.paper.as_ref().is_none_or(|paper| !paper.label.is_incomplete());
        let incomplete = deadline.who.is_incomplete() || deadline.to.is_incomplete() || !named;
        ensure!(!incomplete, "templates/deadlines.toml: {:?} lacks a language", deadline.role);
    }
    for form in &definitions.forms {
        check_form(form, &definitions).with_context(|| format!("templates/forms/{}.toml", form.form))?;
    }
    definitions.attach_codes();
    Ok(definitions)
}

/// The record tables, each field with the headers that may mean it.
fn tables(files: &Files, place: &str, hints: Option<&Hints>, written: &Arc<Written>) -> Result<Vec<Table>> {
    let mut tables: Vec<Table> = parse_all(files, place)?;
    for field in tables.iter_mut().flat_map(|table| &mut table.fields) {
        field.near = hints.and_then(|hints| hints.fields.get(&field.name)).cloned().unwrap_or_default();
        field.meant = Arc::new(hints.map(|hints| meant(field, hints)).unwrap_or_default());
        field.written = Arc::clone(written);
    }
    Ok(tables)
}

/// Words of headers that may mean a field on which the numbers depend.
fn meant(field: &Field, hints: &Hints) -> Vec<HeaderWords> {
    let own = hints.words.get(&field.name).filter(|_| field.absence.is_some()).cloned().unwrap_or_default();
    if matches!(field.kind, FieldType::Identifier | FieldType::Text) {
        return own;
    }
    own.into_iter().map(|words| words.beside_none_of(&hints.strange)).collect()
}

fn embedded(root: &str, dir: &Dir<'_>, files: &mut Files) -> Result<()> {
    for file in dir.files() {
        let path = file.path().to_string_lossy().replace('\\', "/");
        if file.path().extension().is_some_and(|extension| extension == "toml") {
            let text = file.contents_utf8().with_context(|| format!("{root}/{path} is not UTF-8"))?;
            files.texts.insert(format!("{root}/{path}"), text.to_owned());
        }
    }
    dir.dirs().try_for_each(|below| embedded(root, below, files))
}

/// Every file of the user's folder; hidden ones (`.git`) are nobody's definitions.
fn overrides(root: &Path, dir: &Path, files: &mut Files) -> Result<()> {
    for entry in std::fs::read_dir(dir).or_halt(|| Halt::reading(dir))? {
        let path = entry?.path();
        let name = path.strip_prefix(root)?.to_string_lossy().replace('\\', "/");
        if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.')) {
            continue;
        }
        if path.is_dir() {
            overrides(root, &path, files)?;
            continue;
        }
        if path.extension().is_some_and(|extension| extension == "toml") {
            files.texts.insert(name.clone(), text_file::text(&path)?);
        }
        files.given.insert(name);
    }
    Ok(())
}

/// All files whose path begins so.
fn parse_all<T: DeserializeOwned>(files: &Files, prefix: &str) -> Result<Vec<T>> {
    let found = files.texts.iter().filter(|(path, _)| path.starts_with(prefix));
    found
        .map(|(path, text)| {
            files.used.borrow_mut().insert(path.clone());
            parse_toml(text).or_halt(|| Halt::within(path))
        })
        .collect()
}

/// The one file of a path.
fn parse<T: DeserializeOwned>(files: &Files, path: &str) -> Result<T> {
    parse_all(files, path)?.pop().with_context(|| format!("{path} is missing"))
}

/// A file of `templates/fonts/`, inside the binary.
pub fn font(name: &str) -> Option<&'static [u8]> {
    TEMPLATES.get_file(format!("fonts/{name}")).map(include_dir::File::contents)
}
