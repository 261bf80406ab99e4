//! Records: dropped files, what their sheets and columns are, tables without a file.

use crate::api::asked::{Answered, Asked, Known, change};
use crate::api::{answers, region};
use crate::folder::component;
use crate::journal::{Change, Journal};
use crate::quarter::OpenQuarter;
use crate::refusal::Refusal;
use crate::state::{App, today};
use crate::survey::Surveyed;
use crate::{empty, mapping, received, stamp, store, survey};
use esep::body::mapping::{Head, Values};
use serde::Deserialize;
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError};
use tempfile::NamedTempFile;

/// Where the answers of a `questions.xlsx` are handed in, which are kept in the mapping.
const ANSWERS: &str = "answers";

pub fn put_file(app: &App, asked: &Asked, name: &str, file: Option<NamedTempFile>) -> Answered {
    let open = asked.quarter(app)?;
    open.writable()?;
    let (folder, name) = (folder(asked)?, component(name).ok_or(Refusal::new(400, "refused_name"))?);
    let file = file.ok_or_else(Refusal::malformed)?;
    let place = open.file(&format!("{folder}/{name}"));
    let is_answers = asked.given("in") == ANSWERS;
    if folder == "records" {
        match answers::read(app, file.path(), name)? {
            Some(said) => return answers::take(app, &open, said),
            None if is_answers => return Err(Refusal::new(422, "refused_no_answers")),
            None => {}
        }
    }
    // what is there under the name is replaced only where somebody said so
    let known = Some(asked.given("known")).filter(|_| asked.given("replace").is_empty());
    Journal::of(&app.folder, &open.name).change("added_file", &place, known, Change::File(file))?;
    if folder == received::FOLDER {
        region::came_in(app, &open, name, &today())?;
    }
    Ok(json!({}))
}

pub fn drop_file(app: &App, asked: &Asked, name: &str) -> Answered {
    let open = asked.quarter(app)?;
    open.writable()?;
    let (folder, name) = (folder(asked)?, component(name).ok_or(Refusal::new(400, "refused_name"))?);
    let place = open.file(&format!("{folder}/{name}"));
    if !app.folder.place(&[&place])?.is_file() {
        return Err(Refusal::new(404, "refused_absent"));
    }
    Journal::of(&app.folder, &open.name).change("took_file_away", &place, None, Change::Gone)?;
    Ok(json!({}))
}

/// Where a file belongs.
fn folder(asked: &Asked) -> Result<&'static str, Refusal> {
    match asked.given("in") {
        "" | "records" | ANSWERS => Ok("records"),
        "attachments" => Ok("attachments"),
        "received" => Ok(received::FOLDER),
        _ => Err(Refusal::malformed()),
    }
}

/// What stands in the records, surveyed once for the same files and the same mapping.
pub fn surveyed(app: &App, open: &OpenQuarter) -> Result<(Arc<Surveyed>, String), Refusal> {
    let records = open.place(&app.folder, &["records"])?;
    let (text, known) = store::read(&app.folder.place(&[mapping::FILE])?)?;
    let files = stamp::files(&records)?;
    let key = format!("{} {known}\n{files}", open.name);
    let mut held = app.surveyed.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, found)) = held.as_ref().filter(|(of, _)| *of == key) {
        return Ok((Arc::clone(found), known));
    }
    let said = mapping::read(&text, &app.definitions)?;
    let found = if files.is_empty() {
        Surveyed::nothing()
    } else {
        let found = survey::survey(&records, &said, &app.definitions);
        found.map_err(|fault| Refusal::said(&fault, &app.definitions.words))?
    };
    let found = Arc::new(found);
    *held = Some((key, Arc::clone(&found)));
    Ok((found, known))
}

pub fn look(app: &App, asked: &Asked) -> Answered {
    let open = asked.quarter(app)?;
    let (found, known) = surveyed(app, &open)?;
    Ok(json!({ "survey": found.told, "known": known, "answers": answers::found(app, &open)? }))
}

pub fn preview(app: &App, asked: &Asked) -> Answered {
    #[derive(Deserialize)]
    struct Said {
        key: String,
        head: Head,
    }
    let said: Said = asked.json()?;
    let (found, _) = surveyed(app, &asked.quarter(app)?)?;
    let rows = found.preview(&said.key, &said.head, &app.definitions);
    rows.map_err(|fault| Refusal::said(&fault, &app.definitions.words))
}

pub fn put_mapping(app: &App, asked: &Asked) -> Answered {
    #[derive(Deserialize)]
    struct Said {
        head: Head,
    }
    let open = asked.quarter(app)?;
    let Known { known, rest }: Known<Said> = asked.json()?;
    let (text, _) = store::read(&app.folder.place(&[mapping::FILE])?)?;
    let mut said = mapping::read(&text, &app.definitions)?;
    mapping::put_head(&mut said, rest.head);
    let text = mapping::print(&said, &app.definitions)?;
    change(app, &open, "confirmed_columns", (mapping::FILE, &known), text)
}

pub fn put_values(app: &App, asked: &Asked) -> Answered {
    #[derive(Deserialize)]
    struct Said {
        values: Values,
    }
    let open = asked.quarter(app)?;
    let Known { known, rest }: Known<Said> = asked.json()?;
    let (text, _) = store::read(&app.folder.place(&[mapping::FILE])?)?;
    let mut said = mapping::read(&text, &app.definitions)?;
    mapping::put_values(&mut said, rest.values);
    let text = mapping::print(&said, &app.definitions)?;
    change(app, &open, "confirmed_values", (mapping::FILE, &known), text)
}

pub fn put_empty(app: &App, asked: &Asked) -> Answered {
    #[derive(Deserialize)]
    struct Said {
        tables: BTreeMap<String, String>,
    }
    let open = asked.quarter(app)?;
    let Known { known, rest }: Known<Said> = asked.json()?;
    let text = empty::print(&rest.tables, &app.definitions)?;
    change(app, &open, "told_empty", (&open.file(empty::FILE), &known), text)
}
