//! A quarter: begun, set, undone, handed in, opened again.

use crate::api::asked::{Answered, Asked, Known, change};
use crate::journal::{Change, Journal};
use crate::quarter::{self, begin};
use crate::refusal::Refusal;
use crate::state::{App, today};
use crate::work::Work;
use crate::{results, sent, stamp};
use serde::Deserialize;
use serde_json::json;

pub fn new_quarter(app: &App, asked: &Asked) -> Answered {
    #[derive(Deserialize)]
    struct New {
        name: String,
        form: String,
    }
    let new: New = asked.json()?;
    let open = begin(&app.folder, &new.name, &new.form, &app.definitions)?;
    if open.settings.forms.first() != Some(&new.form) {
        let mut forms = open.settings.forms.clone();
        forms.retain(|form| *form != new.form);
        forms.insert(0, new.form);
        let settings = quarter::Settings { forms, ..open.settings.clone() };
        change(app, &open, "chose_form", (&open.file(quarter::file()), &open.version), settings.print())?;
    }
    Ok(json!({ "name": open.name }))
}

pub fn settings(app: &App, asked: &Asked) -> Answered {
    #[derive(Deserialize)]
    struct Chosen {
        forms: Vec<String>,
    }
    let open = asked.quarter(app)?;
    let Known { known, rest }: Known<Chosen> = asked.json()?;
    let settings = quarter::Settings { forms: rest.forms, ..open.settings.clone() };
    settings.check(open.quarter, &app.definitions)?;
    change(app, &open, "chose_form", (&open.file(quarter::file()), &known), settings.print())
}

pub fn undo(app: &App, asked: &Asked) -> Answered {
    #[derive(Deserialize)]
    struct Which {
        n: u64,
    }
    let open = asked.quarter(app)?;
    open.writable()?;
    let which: Which = asked.json()?;
    Journal::of(&app.folder, &open.name).undo(which.n)?;
    Ok(json!({}))
}

pub fn freeze(app: &App, asked: &Asked) -> Answered {
    #[derive(Deserialize)]
    struct Who {
        person: String,
    }
    let open = asked.quarter(app)?;
    open.writable()?;
    let who: Who = asked.json()?;
    let work = asked.work();
    // a consolidation is of one form; the body's own forms are handed in together
    let forms = if work == Work::Own { open.settings.forms.clone() } else { vec![asked.form(&open).to_owned()] };
    let own = app.organisation().ok_or(Refusal::new(404, "refused_no_results"))?;
    let mut all = Vec::new();
    for form in forms {
        let place = results::folder(&app.folder, &open, (work, &form, &own.bin))?;
        all.push((form, place.ok_or(Refusal::new(404, "refused_no_results"))?));
    }
    if app.runs.standing().running || !stamp::is_fresh(&app.folder, &open, (work, asked.form(&open)))? {
        return Err(Refusal::new(409, "refused_not_fresh"));
    }
    let frozen = sent::freeze(&app.folder, &open, (work, &all), &who.person)?;
    let settings = quarter::Settings { frozen: frozen.name.clone(), ..open.settings.clone() };
    change(app, &open, "froze", (&open.file(quarter::file()), &open.version), settings.print())?;
    Ok(serde_json::to_value(frozen)?)
}

pub fn reopen(app: &App, asked: &Asked) -> Answered {
    #[derive(Deserialize)]
    struct Why {
        reason: String,
    }
    let open = asked.quarter(app)?;
    let why: Why = asked.json()?;
    if why.reason.trim().is_empty() || open.settings.frozen.is_empty() {
        return Err(Refusal::new(422, "refused_reason"));
    }
    let mut settings = quarter::Settings { frozen: String::new(), ..open.settings.clone() };
    settings.reopened.push(format!("{}: {}", today(), why.reason.trim()));
    let file = open.file(quarter::file());
    let journal = Journal::of(&app.folder, &open.name);
    journal.change("reopened", &file, Some(&open.version), Change::Text(settings.print()))?;
    Ok(json!({}))
}
