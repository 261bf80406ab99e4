//! What people say beside the records: mends, confirmations, answers.

use crate::api::asked::{Answered, Asked, Known, change};
use crate::folder::component;
use crate::refusal::Refusal;
use crate::results::{self, Told};
use crate::state::{App, today};
use crate::work::Work;
use crate::{mends, questions, stamp, store, warnings};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// Findings that say of a mend that it does not hold.
const NOT_HELD: [&str; 3] = ["mend_lapsed", "mend_nowhere", "mend_superseded"];

/// `GET mends`: all of them, and of which the last run says that they do not hold.
pub fn mends(app: &App, asked: &Asked) -> Answered {
    let open = asked.quarter(app)?;
    let (text, known) = store::read(&open.place(&app.folder, &[mends::FILE])?)?;
    let is_fresh = stamp::is_fresh(&app.folder, &open, (Work::Own, asked.form(&open)))?;
    let told = asked.results(app, &open).and_then(|results| results::findings(&results)).unwrap_or_default();
    let wordings = app.definitions.wordings.iter().filter(|one| NOT_HELD.contains(&one.name.as_str()));
    let codes: BTreeSet<&str> = wordings.map(|one| one.code.as_str()).collect();
    let lapsed: Vec<&Told> =
        told.findings.iter().filter(|told| is_fresh && codes.contains(told.code.as_str())).collect();
    Ok(json!({ "mends": mends::read(&text)?, "lapsed": lapsed, "known": known }))
}

pub fn put_mends(app: &App, asked: &Asked) -> Answered {
    #[derive(Deserialize)]
    struct Changed {
        #[serde(default)]
        add: Vec<mends::Mend>,
        /// Places of mends that no longer hold.
        #[serde(default)]
        drop: BTreeSet<usize>,
    }
    let open = asked.quarter(app)?;
    let Known { known, rest }: Known<Changed> = asked.json()?;
    let (text, _) = store::read(&open.place(&app.folder, &[mends::FILE])?)?;
    let mut all = mends::read(&text)?;
    let mut place = 0..;
    all.retain(|_| place.next().is_some_and(|place| !rest.drop.contains(&place)));
    for mend in rest.add {
        if mend.action == mends::Action::LeaveOut && (mend.reason.trim().is_empty() || mend.person.trim().is_empty()) {
            return Err(Refusal::new(422, "refused_reason"));
        }
        all.push(mends::Mend { day: today(), ..mend });
    }
    let text = if all.is_empty() { String::new() } else { mends::print(&all)? };
    change(app, &open, "mended_rows", (&open.file(mends::FILE), &known), text)
}

pub fn confirm(app: &App, asked: &Asked) -> Answered {
    #[derive(Deserialize)]
    struct Said {
        finding: Value,
        reason: String,
        person: String,
    }
    let open = asked.quarter(app)?;
    let Known { known, rest }: Known<Said> = asked.json()?;
    let all = results::findings(&asked.results(app, &open)?)?;
    let is_it = |told: &&Told| serde_json::to_value(told).is_ok_and(|told| told == rest.finding);
    let found = all.findings.iter().find(is_it).ok_or_else(Refusal::stale)?;
    if found.severity != "warning" {
        return Err(Refusal::malformed());
    }
    let (text, _) = store::read(&open.place(&app.folder, &[warnings::FILE])?)?;
    let text = warnings::add(&text, found, (&rest.reason, &rest.person), &today())?;
    change(app, &open, "confirmed_warning", (&open.file(warnings::FILE), &known), text)
}

pub fn narrative(app: &App, asked: &Asked) -> Answered {
    let open = asked.quarter(app)?;
    let form = app.definitions.form(asked.form(&open), open.quarter);
    let form = form.map_err(|fault| Refusal::said(&fault, &app.definitions.words))?;
    let told = asked.results(app, &open).and_then(|results| results::findings(&results)).unwrap_or_default();
    let asked_of: BTreeSet<&str> = told.findings.iter().filter_map(Told::section).collect();
    let (text, known) = store::read(&open.place(&app.folder, &[questions::FILE])?)?;
    let before = app.folder.place(&[&open.quarter.previous().to_string(), questions::FILE])?;
    let now = questions::read(&text, &app.definitions)?;
    let before = questions::read(&store::read(&before)?.0, &app.definitions).unwrap_or_default();
    let sections = questions::sections(form, &asked_of, (&now, &before), &app.definitions);
    Ok(json!({ "sections": sections, "known": known }))
}

pub fn put_narrative(app: &App, asked: &Asked, section: &str) -> Answered {
    #[derive(Deserialize)]
    struct Said {
        answer: questions::Answer,
    }
    let open = asked.quarter(app)?;
    let Known { known, rest }: Known<Said> = asked.json()?;
    if rest.answer.attachments.iter().any(|attached| component(&attached.file).is_none()) {
        return Err(Refusal::new(400, "refused_name"));
    }
    let (text, _) = store::read(&open.place(&app.folder, &[questions::FILE])?)?;
    let mut all = questions::read(&text, &app.definitions)?;
    let form = app.definitions.form(asked.form(&open), open.quarter);
    let form = form.map_err(|fault| Refusal::said(&fault, &app.definitions.words))?;
    if !questions::put(&mut all, section, rest.answer, (form, &app.definitions)) {
        return Err(Refusal::malformed());
    }
    change(app, &open, "answered_question", (&open.file(questions::FILE), &known), questions::print(&all))
}
