//! What came of a run: begun, asked for its findings, numbers, rows and papers.

use crate::api::asked::{Answered, Asked};
use crate::api::region::consolidate;
use crate::behind::RunRecords;
use crate::quarter::OpenQuarter;
use crate::refusal::Refusal;
use crate::rows::Rows;
use crate::state::App;
use crate::work::Work;
use crate::{mapping, opening, results, rows, run, stamp, store};
use axum::http::Method;
use esep::body::mapping::Used;
use esep::commands::explain::opened::Opened;
use esep::commands::explain::{cell, target, unfed};
use esep::commands::out::speech::Speech;
use esep::words::lang::{Lang, Text};
use serde::Deserialize;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::{Arc, PoisonError};
use std::thread;

/// Bytes of records that are read before anybody asks for them, at most: what is put aside of them needs room.
const PREPARED: u64 = 256 << 20;

pub fn begin_run(app: &App, asked: &Asked) -> Answered {
    #[derive(Deserialize)]
    struct Wanted {
        lang: Lang,
    }
    let open = asked.quarter(app)?;
    open.writable()?;
    let wanted: Wanted = asked.json()?;
    if app.organisation().is_none() {
        return Err(Refusal::new(409, "refused_no_organisation"));
    }
    let (work, form) = (asked.work(), asked.form(&open));
    if work == Work::Region {
        return consolidate(app, &open, form, wanted.lang);
    }
    let begun = run::Begun { folder: &app.folder, quarter: &open, work, form, lang: wanted.lang };
    Ok(json!({ "id": app.runs.begin(&begun)? }))
}

/// `GET run`: how the run goes, or how the last one went.
pub fn standing(app: &App, id: Option<&str>) -> Answered {
    let standing = app.runs.standing();
    match id {
        Some(id) if id != standing.id.to_string() => Err(Refusal::new(404, "refused_absent")),
        _ => Ok(serde_json::to_value(standing)?),
    }
}

/// `GET report/{form}`: the stored report.
pub fn report(app: &App, asked: &Asked, form: &str) -> Answered {
    let open = asked.quarter(app)?;
    let own = app.organisation().ok_or(Refusal::new(404, "refused_no_results"))?;
    let place = results::folder(&app.folder, &open, (asked.work(), open.form_named(form), &own.bin))?;
    let place = place.ok_or(Refusal::new(404, "refused_no_results"))?;
    Ok(serde_json::from_slice(&std::fs::read(place.join("report.json"))?)?)
}

/// The records behind the report that a request is about, and where it lies.
fn behind(app: &App, asked: &Asked, open: &OpenQuarter) -> Result<(Arc<RunRecords>, PathBuf), Refusal> {
    let report = asked.results(app, open)?.join("report.json");
    Ok((app.behind.of(&open.place(&app.folder, &[])?, &report, &app.definitions)?, report))
}

/// Reads the records of a run of the body's own that has ended, so that nobody waits for them.
///
/// # Errors
/// They cannot be read: who asks for them is told.
pub fn prepare(app: &App, quarter: &str) -> Result<(), Refusal> {
    let query = BTreeMap::from([("q".to_owned(), quarter.to_owned())]);
    let asked = Asked { method: Method::GET, path: Vec::new(), query, body: Vec::new(), file: None };
    let open = asked.quarter(app)?;
    if stamp::bytes(&open.place(&app.folder, &["records"])?)? > PREPARED {
        return Ok(());
    }
    // errors show rows, the form shows records
    thread::scope(|scope| {
        scope.spawn(|| Some(found_rows(app, &open).ok()?.prepare()));
        behind(app, &asked, &open).map(|_| ())
    })
}

/// `GET idle`: records that no number of the forms counts, by the reason; of one reason a page of them.
pub fn idle(app: &App, asked: &Asked) -> Answered {
    let open = asked.quarter(app)?;
    let only = asked.query.get("reason").map(|reason| reason.parse::<usize>());
    let only = only.transpose().map_err(|_| Refusal::new(404, "refused_absent"))?;
    let (read, report) = behind(app, asked, &open)?;
    let speech = Speech { definitions: &read.definitions, lang: asked.lang() };
    let from = if only.is_some() { asked.from() } else { 0 };
    let shown = from..from.saturating_add(results::PAGE);
    let page = Opened::open(&report, None, &read.definitions)
        .and_then(|opened| unfed::explain(&opened, &read.kept, &shown, only, speech))
        .map_err(|_| Refusal::new(422, "refused_no_records"))?;
    let Some(only) = only else {
        let reasons = page.kinds.iter().enumerate().map(
            |(place, kind)| json!({ "reason": place, "why": kind.why, "count": kind.count, "records": kind.records }),
        );
        return Ok(json!({ "reasons": reasons.collect::<Vec<_>>() }));
    };
    let kind = page.kinds.get(only).ok_or(Refusal::new(404, "refused_absent"))?;
    Ok(json!({ "count": kind.count, "from": from, "records": kind.records }))
}

pub fn findings(app: &App, asked: &Asked) -> Answered {
    let mut all = results::findings(&asked.results(app, &asked.quarter(app)?)?)?;
    if let Some(code) = asked.query.get("code") {
        all.findings.retain(|told| told.code == *code);
    }
    match asked.query.get("cause") {
        Some(cause) => Ok(all.of_cause(cause, asked.from())),
        None => Ok(json!({ "causes": all.causes(asked.given("severity"), &app.definitions), "counts": all.counts() })),
    }
}

/// The records that a number of the form was made of.
pub fn cell(app: &App, asked: &Asked) -> Answered {
    /// Parts of a place in a form, at most.
    const PARTS: usize = 6;
    let open = asked.quarter(app)?;
    let parts: Vec<String> =
        asked.given("place").split('\u{1f}').filter(|part| !part.is_empty()).map(str::to_owned).collect();
    if parts.len() > PARTS || parts.iter().any(|part| part.starts_with('-') || part.len() > 1000) {
        return Err(Refusal::malformed());
    }
    let (read, report) = behind(app, asked, &open)?;
    let speech = Speech { definitions: &read.definitions, lang: asked.lang() };
    let shown = asked.from()..asked.from().saturating_add(results::PAGE);
    let explained = || {
        let opened = Opened::open(&report, None, &read.definitions)?;
        let at = target::find(opened.filed.form, &opened.filed.cells, &parts)?;
        cell::explain(&opened, at, &read.kept, &[], shown, speech)
    };
    let page = explained().map_err(|_| Refusal::new(422, "refused_no_records"))?;
    let records = page.records;
    Ok(json!({
        "row": page.row, "label": page.row_label, "column": page.column, "value": page.value,
        "count": records.count, "agrees": records.agrees, "from": asked.from(), "records": records.shown,
    }))
}

/// `GET rows`: rows as they stand in a source.
pub fn lines(app: &App, asked: &Asked) -> Answered {
    let lines: BTreeSet<u64> =
        asked.given("lines").split(',').filter_map(|line| line.parse().ok()).take(rows::ROWS).collect();
    let sheet = asked.query.get("sheet").map(String::as_str).filter(|sheet| !sheet.is_empty());
    let found = found_rows(app, &asked.quarter(app)?)?.at((asked.given("source"), sheet), &lines);
    found.map_err(|fault| Refusal::said(&fault, &app.definitions.words))
}

/// The rows of the records; the folder is looked through once for the same files and mapping.
fn found_rows(app: &App, open: &OpenQuarter) -> Result<Arc<Rows>, Refusal> {
    let records = open.place(&app.folder, &["records"])?;
    let path = app.folder.place(&[mapping::FILE])?;
    let key = format!("{} {}\n{}", open.name, store::version(&path)?, stamp::files(&records)?);
    let said = |fault: anyhow::Error| Refusal::said(&fault, &app.definitions.words);
    let mut held = app.rows.lock().unwrap_or_else(PoisonError::into_inner);
    let found = if let Some((_, found)) = held.as_ref().filter(|(of, _)| *of == key) {
        Arc::clone(found)
    } else {
        let used = path.is_file().then(|| Used::read(&path)).transpose().map_err(said)?;
        let taught = used.as_ref().and_then(|used| used.mapping.teach(&app.definitions).ok());
        let definitions = taught.unwrap_or_else(|| app.definitions.clone());
        Arc::new(Rows::find(&records, used, definitions).map_err(said)?)
    };
    *held = Some((key, Arc::clone(&found)));
    drop(held);
    Ok(found)
}

pub fn ticket(app: &App, asked: &Asked) -> Answered {
    #[derive(Deserialize)]
    struct Wanted {
        file: String,
        /// A folder of `sent/`; empty: the last run's results.
        #[serde(default)]
        sent: String,
    }
    let open = asked.quarter(app)?;
    let wanted: Wanted = asked.json()?;
    let known = results::FILES.iter().find(|(name, _)| *name == wanted.file).ok_or_else(Refusal::malformed)?;
    let place = if wanted.sent.is_empty() {
        asked.results(app, &open)?
    } else {
        let form = if open.settings.forms.len() > 1 { asked.form(&open) } else { "" };
        let place = open.place(&app.folder, &["sent", &wanted.sent, "results"])?;
        if form.is_empty() || !place.join(form).is_dir() { place } else { place.join(form) }
    };
    let place = place.join(known.0);
    if !place.is_file() {
        return Err(Refusal::new(404, "refused_absent"));
    }
    Ok(json!({ "ticket": app.ticket(place, known.1)? }))
}

/// Opens a folder in the system's own window: one of a few, never a path from outside.
pub fn show(app: &App, asked: &Asked) -> Answered {
    #[derive(Deserialize)]
    struct Wanted {
        what: String,
    }
    let wanted: Wanted = asked.json()?;
    let place = match wanted.what.as_str() {
        "root" => app.folder.place(&[])?,
        "records" => asked.quarter(app)?.place(&app.folder, &["records"])?,
        "results" => asked.results(app, &asked.quarter(app)?)?,
        "received" => asked.quarter(app)?.place(&app.folder, &["received"])?,
        "returns" => asked.results(app, &asked.quarter(app)?)?.join("returns"),
        "attachments" => asked.quarter(app)?.place(&app.folder, &["attachments"])?,
        "sent" => asked.quarter(app)?.place(&app.folder, &["sent"])?,
        _ => return Err(Refusal::malformed()),
    };
    if !place.is_dir() {
        return Err(Refusal::new(404, "refused_absent"));
    }
    opening::open(&place).map_err(|_| Refusal { text: Some(same(&place)), ..Refusal::new(500, "refused_show") })?;
    Ok(json!({}))
}

pub fn same(place: &std::path::Path) -> Text {
    let place = place.display().to_string();
    Text::same(&place)
}
