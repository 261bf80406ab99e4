//! The region's board: what units sent, whose it is, which version holds, remarks and answers.

use crate::api::asked::{Answered, Asked, Known};
use crate::board::{Asks, Board, board, remarks};
use crate::journal::{Change, Journal};
use crate::quarter::OpenQuarter;
use crate::refusal::Refusal;
use crate::state::App;
use crate::work::Work;
use crate::{organisation, received, results, run, stamp, store};
use esep::body::organisation::Organisation;
use esep::words::lang::Lang;
use serde::Deserialize;
use serde_json::json;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError};

/// The body, and the board of a form, read once for the same files.
fn looked(app: &App, open: &OpenQuarter, form: &str) -> Result<(Organisation, Arc<Board>), Refusal> {
    let own = app.organisation().ok_or(Refusal::new(409, "refused_no_organisation"))?;
    let place = open.place(&app.folder, &[received::FOLDER])?;
    let (text, known) = store::read(&open.place(&app.folder, &[received::FILE])?)?;
    let organisation = store::version(&app.folder.place(&[organisation::FILE])?)?;
    let key = format!("{} {form} {known} {organisation}\n{}", open.name, stamp::files(&place)?);
    let mut held = app.board.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, found)) = held.as_ref().filter(|(of, _)| *of == key) {
        return Ok((own, Arc::clone(found)));
    }
    let said = |fault: anyhow::Error| Refusal::said(&fault, &app.definitions.words);
    let receipts = received::read(&text, &app.definitions)?;
    let form = app.definitions.form(form, open.quarter).map_err(said)?;
    let asks = Asks { received: &place, receipts: &receipts, organisation: &own, form, quarter: open.quarter };
    let found = Arc::new(board(&asks, &app.definitions).map_err(said)?);
    *held = Some((key, Arc::clone(&found)));
    drop(held);
    Ok((own, found))
}

/// `GET board`.
pub fn told(app: &App, asked: &Asked) -> Answered {
    let open = asked.quarter(app)?;
    let form = asked.form(&open);
    let (own, found) = looked(app, &open, form)?;
    let done = results::folder(&app.folder, &open, (Work::Region, form, &own.bin))?;
    Ok(json!({
        "board": found.told,
        "known": store::version(&open.place(&app.folder, &[received::FILE])?)?,
        "results": done.is_some(),
        "fresh": done.is_some() && stamp::is_fresh(&app.folder, &open, (Work::Region, form))?,
    }))
}

/// `GET returns/{unit}`: remarks on what a unit sent, and its answers.
pub fn returns(app: &App, asked: &Asked, unit: &str) -> Answered {
    let open = asked.quarter(app)?;
    let (own, found) = looked(app, &open, asked.form(&open))?;
    let position: usize = unit.parse().map_err(|_| Refusal::malformed())?;
    let unit = own.units.get(position).ok_or(Refusal::new(404, "refused_absent"))?;
    let code = if unit.code().is_empty() { unit.name().get(Lang::Ru).to_owned() } else { unit.code().to_owned() };
    let files = found.units.iter().filter(|(_, of)| **of == code);
    let files: Result<Vec<PathBuf>, Refusal> =
        files.map(|(file, _)| open.place(&app.folder, &[received::FOLDER, file])).collect();
    let read = remarks(&files?, &app.definitions);
    let read = read.map_err(|fault| Refusal::said(&fault, &app.definitions.words))?;
    let all: Vec<_> = found.of_whole.get(position).into_iter().flatten().chain(&read).collect();
    let answers = found.told["answers"].as_array().into_iter().flatten();
    let answers: Vec<_> = answers.filter(|answer| answer["unit"] == position).collect();
    Ok(json!({ "unit": unit.name(), "remarks": all, "answers": answers }))
}

/// `PUT received/{file}`: whose a file is, when it came in, whether it holds.
pub fn put(app: &App, asked: &Asked, file: &str) -> Answered {
    #[derive(Deserialize)]
    struct Said {
        day: Option<chrono::NaiveDate>,
        holds: Option<bool>,
        /// Position of the unit in the organisation file, and that file's version.
        unit: Option<usize>,
        #[serde(default)]
        organisation_known: String,
    }
    let open = asked.quarter(app)?;
    open.writable()?;
    let Known { known, rest }: Known<Said> = asked.json()?;
    let (mut own, found) = looked(app, &open, asked.form(&open))?;
    if !open.place(&app.folder, &[received::FOLDER, file])?.is_file() {
        return Err(Refusal::new(404, "refused_absent"));
    }
    let journal = Journal::of(&app.folder, &open.name);
    if let Some(unit) = rest.unit {
        let sender = found.strangers.get(file).ok_or_else(Refusal::stale)?;
        let unit = own.units.get_mut(unit).ok_or_else(Refusal::malformed)?;
        unit.names.push(sender.clone());
        let text = organisation::print(&own);
        let (name, version) = (organisation::FILE, rest.organisation_known.as_str());
        journal.change("assigned_sender", name, Some(version), Change::Text(text))?;
    }
    if rest.day.is_some() || rest.holds.is_some() {
        let (text, _) = store::read(&open.place(&app.folder, &[received::FILE])?)?;
        let mut receipts = received::read(&text, &app.definitions)?;
        if let Some(day) = rest.day {
            receipts.entry(file.to_owned()).or_default().day = day.to_string();
        }
        if let Some(holds) = rest.holds {
            // of the files of a unit one holds
            let unit = found.units.get(file);
            let others = found.units.iter().filter(|(_, of)| Some(*of) == unit).map(|(file, _)| file);
            others.for_each(|other| receipts.entry(other.clone()).or_default().holds = false);
            receipts.entry(file.to_owned()).or_default().holds = holds;
        }
        let text = Change::Text(received::print(&receipts));
        journal.change("told_receipt", &open.file(received::FILE), Some(&known), text)?;
    }
    Ok(json!({}))
}

/// A file that was dropped came in today, unless something else is said of it.
pub fn came_in(app: &App, open: &OpenQuarter, file: &str, day: &str) -> Result<(), Refusal> {
    let place = open.file(received::FILE);
    let (text, known) = store::read(&app.folder.place(&[&place])?)?;
    let mut receipts = received::read(&text, &app.definitions)?;
    let receipt = receipts.entry(file.to_owned()).or_default();
    if receipt.day.is_empty() {
        day.clone_into(&mut receipt.day);
        let text = Change::Text(received::print(&receipts));
        Journal::of(&app.folder, &open.name).change("told_receipt", &place, Some(&known), text)?;
    }
    Ok(())
}

/// `POST run?of=region`: the table of receipts is made anew, then `consolidate` runs.
pub fn consolidate(app: &App, open: &OpenQuarter, form: &str, lang: Lang) -> Answered {
    let (_, found) = looked(app, open, form)?;
    let (text, _) = store::read(&open.place(&app.folder, &[received::FILE])?)?;
    let receipts = received::read(&text, &app.definitions)?;
    let rows = found.units.iter().map(|(file, unit)| (file.as_str(), unit.as_str()));
    let table = received::table(rows, &receipts)?;
    store::save(&open.place(&app.folder, &[received::TABLE])?, table.as_bytes())?;
    Ok(
        json!({ "id": app.runs.begin(&run::Begun { folder: &app.folder, quarter: open, work: Work::Region, form, lang })? }),
    )
}
