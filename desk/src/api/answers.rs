//! An answered `questions.xlsx` of `esep init`: dropped on the page, or found in the folder, and taken into the mapping.

use crate::api::asked::{Answered, Asked, change};
use crate::quarter::OpenQuarter;
use crate::refusal::Refusal;
use crate::state::App;
use crate::{mapping, store};
use esep::body::mapping::{Mapping, Used};
use esep::commands::init::questions::FILE;
use esep::commands::parts::answers;
use serde::Deserialize;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Bytes of such a workbook, at most: larger files are not looked into.
const BYTES: u64 = 4 << 20;

/// Where one may lie: beside the mapping, in the quarter's folder, among its records.
fn places(app: &App, open: &OpenQuarter) -> Result<[(String, PathBuf); 3], Refusal> {
    let at = |name: String| app.folder.place(&[&name]).map(|place| (name, place));
    Ok([at(FILE.to_owned())?, at(open.file(FILE))?, at(open.file(&format!("records/{FILE}")))?])
}

/// What the workbook says; `None`: it is no workbook of questions.
pub fn read(app: &App, path: &Path, called: &str) -> Result<Option<Used>, Refusal> {
    if std::fs::metadata(path)?.len() > BYTES {
        return Ok(None);
    }
    let read = answers::read(path, Path::new(called), &app.definitions);
    read.map_err(|fault| Refusal::said(&fault, &app.definitions.words))
}

/// The mapping as it stands with the answers in it, and how much they confirm.
fn with(app: &App, text: &str, answers: Used) -> Result<(String, usize), Refusal> {
    let mut said: Mapping = mapping::read(text, &app.definitions)?;
    let count = mapping::put_answers(&mut said, answers);
    Ok((mapping::print(&said, &app.definitions)?, count))
}

/// Takes the answers into the mapping.
pub fn take(app: &App, open: &OpenQuarter, answers: Used) -> Answered {
    let (text, known) = store::read(&app.folder.place(&[mapping::FILE])?)?;
    let (text, count) = with(app, &text, answers)?;
    if count == 0 {
        return Err(Refusal::new(422, "refused_unanswered"));
    }
    change(app, open, "took_answers", (mapping::FILE, &known), text)?;
    Ok(json!({ "answers": count }))
}

/// `PUT answers`: those that were found in the folder.
pub fn put(app: &App, asked: &Asked) -> Answered {
    #[derive(Deserialize)]
    struct Wanted {
        file: String,
    }
    let open = asked.quarter(app)?;
    let wanted: Wanted = asked.json()?;
    let places = places(app, &open)?;
    let (name, path) = places.iter().find(|(name, _)| *name == wanted.file).ok_or_else(Refusal::malformed)?;
    take(app, &open, read(app, path, name)?.ok_or(Refusal::new(422, "refused_no_answers"))?)
}

/// Those in the folder that confirm something which the mapping does not say yet, or cannot be understood.
pub fn found(app: &App, open: &OpenQuarter) -> Result<Vec<Value>, Refusal> {
    let (text, _) = store::read(&app.folder.place(&[mapping::FILE])?)?;
    let mut found = Vec::new();
    for (name, path) in places(app, open)?.iter().filter(|(_, path)| path.is_file()) {
        let told = match read(app, path, name) {
            Ok(None) => continue,
            Ok(Some(answers)) => with(app, &text, answers),
            Err(refusal) => Err(refusal),
        };
        match told {
            Ok((new, _)) if new == text => {}
            Ok((_, count)) => found.push(json!({ "file": name, "answers": count })),
            Err(refusal) => found.push(json!({ "file": name, "fault": refusal.text })),
        }
    }
    Ok(found)
}
