//! What came of a run: begun, asked for its findings, numbers, rows and papers.

use crate::api::asked::{Answered, Asked};
use crate::api::region::consolidate;
use crate::quarter::OpenQuarter;
use crate::refusal::Refusal;
use crate::state::App;
use crate::work::Work;
use crate::{mapping, opening, results, rows, run, stamp, store};
use esep::body::mapping::Used;
use esep::words::lang::{Lang, Text};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError};

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

/// What `esep explain` says of the last run, read once for the same question: its pages are asked for one by one.
fn explained(app: &App, asked: &Asked, open: &OpenQuarter, rest: &[&str]) -> Result<Arc<Value>, Refusal> {
    let report = asked.results(app, open)?.join("report.json");
    let place = open.place(&app.folder, &[])?;
    let mut words = vec!["explain".to_owned(), report.display().to_string()];
    words.extend(rest.iter().chain(&["--sources", "records", "--all", "--json"]).map(|word| (*word).to_owned()));
    let made = std::fs::metadata(&report)?.modified()?;
    let key = format!("{} {words:?} {made:?}\n{}", asked.lang().code(), stamp::files(&place.join("records"))?);
    let mut held = app.explained.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, found)) = held.as_ref().filter(|(of, _)| *of == key) {
        return Ok(Arc::clone(found));
    }
    let found = Arc::new(run::ask(&place, &words, asked.lang())?);
    *held = Some((key, Arc::clone(&found)));
    drop(held);
    Ok(found)
}

/// `GET idle`: records that no number of the forms counts, by the reason; of one reason a page of them.
pub fn idle(app: &App, asked: &Asked) -> Answered {
    let open = asked.quarter(app)?;
    let page = explained(app, asked, &open, &["--uncounted"])?;
    let kinds = page["kinds"].as_array().map_or(&[][..], Vec::as_slice);
    let shown = |kind: &Value, from: usize| -> Vec<Value> {
        kind["records"].as_array().into_iter().flatten().skip(from).take(results::PAGE).cloned().collect()
    };
    let Some(wanted) = asked.query.get("reason") else {
        let reasons = kinds.iter().enumerate().map(|(place, kind)| {
            json!({ "reason": place, "why": kind["why"], "count": kind["count"], "records": shown(kind, 0) })
        });
        return Ok(json!({ "reasons": reasons.collect::<Vec<_>>() }));
    };
    let kind = wanted.parse::<usize>().ok().and_then(|place| kinds.get(place));
    let kind = kind.ok_or(Refusal::new(404, "refused_absent"))?;
    Ok(json!({ "count": kind["count"], "from": asked.from(), "records": shown(kind, asked.from()) }))
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
    let parts: Vec<&str> = asked.given("place").split('\u{1f}').filter(|part| !part.is_empty()).collect();
    if parts.len() > PARTS || parts.iter().any(|part| part.starts_with('-') || part.len() > 1000) {
        return Err(Refusal::malformed());
    }
    let page = explained(app, asked, &open, &parts)?;
    let records = &page["records"];
    let from = asked.from();
    let all = records["shown"].as_array().map_or(&[][..], Vec::as_slice);
    let shown: Vec<&Value> = all.iter().skip(from).take(results::PAGE).collect();
    Ok(json!({
        "row": page["row"], "label": page["row_label"], "column": page["column"], "value": page["value"],
        "count": all.len(), "agrees": records["agrees"], "from": from, "records": shown,
    }))
}

/// `GET rows`: rows as they stand in a source; the folder is looked through once for the same files and mapping.
pub fn lines(app: &App, asked: &Asked) -> Answered {
    let open = asked.quarter(app)?;
    let records = open.place(&app.folder, &["records"])?;
    let lines: BTreeSet<u64> =
        asked.given("lines").split(',').filter_map(|line| line.parse().ok()).take(rows::ROWS).collect();
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
        Arc::new(rows::Rows::find(&records, used, definitions).map_err(said)?)
    };
    *held = Some((key, Arc::clone(&found)));
    drop(held);
    let sheet = asked.query.get("sheet").map(String::as_str).filter(|sheet| !sheet.is_empty());
    found.at((asked.given("source"), sheet), &lines).map_err(said)
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
