//! What the page asks and changes. Everything stands under the token; a change names the version that it knew.

use crate::folder::component;
use crate::journal::{Change, Journal};
use crate::notation::{entry, list};
use crate::quarter::{OpenQuarter, begin};
use crate::refusal::Refusal;
use crate::results::Told;
use crate::state::{App, today};
use crate::survey::Surveyed;
use crate::{empty, mapping, mends, quarter, questions, results, rows, run, sent, store, survey, warnings};
use axum::http::Method;
use esep::body::mapping::{Head, Used, Values};
use esep::commands::parts::body;
use esep::words::lang::{Lang, Text};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError};
use tempfile::NamedTempFile;

/// A request that has passed the gate.
#[derive(Debug)]
pub struct Asked {
    pub method: Method,
    /// The parts of the path behind `/api/`, decoded.
    pub path: Vec<String>,
    pub query: BTreeMap<String, String>,
    pub body: Vec<u8>,
    /// A file that was dropped, written beside its place.
    pub file: Option<NamedTempFile>,
}

/// What is known of a file that is to be changed, and what is to be changed.
#[derive(Debug, Deserialize)]
struct Known<T> {
    known: String,
    #[serde(flatten)]
    rest: T,
}

type Answered = Result<Value, Refusal>;

/// Answers a request.
///
/// # Errors
/// Whatever is refused; then nothing was changed.
pub fn answer(app: &App, mut asked: Asked) -> Answered {
    app.beat();
    let file = asked.file.take();
    let path: Vec<&str> = asked.path.iter().map(String::as_str).collect();
    match (asked.method.as_str(), &path[..]) {
        ("GET", ["state"]) => app.state(asked.query.get("q").map(String::as_str)),
        ("GET", ["vocabulary"]) => Ok(survey::vocabulary(&app.definitions)),
        ("GET", ["run"]) => Ok(serde_json::to_value(app.runs.standing())?),
        ("GET", ["survey"]) => look(app, &asked),
        ("GET", ["findings"]) => findings(app, &asked),
        ("GET", ["cell"]) => cell(app, &asked),
        ("GET", ["rows"]) => lines(app, &asked),
        ("GET", ["mends"]) => {
            let (text, known) = store::read(&asked.quarter(app)?.place(&app.folder, &[mends::FILE])?)?;
            Ok(json!({ "mends": mends::read(&text)?, "known": known }))
        }
        ("GET", ["narrative"]) => narrative(app, &asked),
        ("POST", ["preview"]) => preview(app, &asked),
        ("POST", ["ticket"]) => ticket(app, &asked),
        ("POST", ["show"]) => show(app, &asked),
        (_, what) => {
            let _held = app.write();
            match (asked.method.as_str(), what) {
                ("POST", ["quarter"]) => new_quarter(app, &asked),
                ("PUT", ["quarter"]) => settings(app, &asked),
                ("PUT", ["organisation"]) => organisation(app, &asked),
                ("PUT", ["files", name]) => put_file(app, &asked, name, file),
                ("DELETE", ["files", name]) => drop_file(app, &asked, name),
                ("PUT", ["mapping"]) => put_mapping(app, &asked),
                ("PUT", ["values"]) => put_values(app, &asked),
                ("PUT", ["empty"]) => put_empty(app, &asked),
                ("PUT", ["mends"]) => put_mends(app, &asked),
                ("PUT", ["confirmations"]) => confirm(app, &asked),
                ("PUT", ["narrative", section]) => put_narrative(app, &asked, section),
                ("POST", ["run"]) => begin_run(app, &asked),
                ("POST", ["undo"]) => undo(app, &asked),
                ("POST", ["freeze"]) => freeze(app, &asked),
                ("POST", ["reopen"]) => reopen(app, &asked),
                _ => Err(Refusal::new(404, "refused_absent")),
            }
        }
    }
}

impl Asked {
    fn quarter(&self, app: &App) -> Result<OpenQuarter, Refusal> {
        let name = self.query.get("q").ok_or_else(Refusal::malformed)?;
        OpenQuarter::open(&app.folder, name)
    }

    fn given(&self, key: &str) -> &str {
        self.query.get(key).map_or("", String::as_str)
    }

    fn json<'b, T: Deserialize<'b>>(&'b self) -> Result<T, Refusal> {
        Ok(serde_json::from_slice(&self.body)?)
    }
}

/// Changes a file of the folder, with its place in the journal of the open quarter.
fn change(app: &App, open: &OpenQuarter, what: &str, (file, known): (&str, &str), text: String) -> Answered {
    open.writable()?;
    Journal::of(&app.folder, &open.name).change(what, file, Some(known), Change::Text(text))?;
    Ok(json!({ "known": store::version(&app.folder.place(&[file])?)? }))
}

fn new_quarter(app: &App, asked: &Asked) -> Answered {
    #[derive(Deserialize)]
    struct New {
        name: String,
        form: String,
    }
    let new: New = asked.json()?;
    let open = begin(&app.folder, &new.name, &new.form, &app.definitions)?;
    if open.settings.form != new.form {
        let settings = quarter::Settings { form: new.form, ..open.settings.clone() };
        change(app, &open, "chose_form", (&open.file(quarter::file()), &open.version), settings.print())?;
    }
    Ok(json!({ "name": open.name }))
}

fn settings(app: &App, asked: &Asked) -> Answered {
    #[derive(Deserialize)]
    struct Chosen {
        form: Option<String>,
        unread: Option<Vec<String>>,
    }
    let open = asked.quarter(app)?;
    let Known { known, rest }: Known<Chosen> = asked.json()?;
    let mut settings = open.settings.clone();
    settings.form = rest.form.unwrap_or(settings.form);
    settings.unread = rest.unread.unwrap_or(settings.unread);
    settings.check(open.quarter, &app.definitions)?;
    change(app, &open, "chose_form", (&open.file(quarter::file()), &known), settings.print())
}

fn organisation(app: &App, asked: &Asked) -> Answered {
    #[derive(Deserialize)]
    struct Given {
        organisation: BTreeMap<String, String>,
        languages: Vec<Lang>,
    }
    const FILE: &str = "organisation.toml";
    let open = asked.quarter(app)?;
    let Known { known, rest }: Known<Given> = asked.json()?;
    let mut text = String::new();
    for field in &app.definitions.letterhead.fields {
        if let Some(value) = rest.organisation.get(&field.name) {
            entry(&mut text, &field.name, value.trim());
        }
    }
    let codes: Vec<String> = rest.languages.iter().map(|lang| lang.code().to_owned()).collect();
    let _ = writeln!(text, "languages = {}", list(&codes));
    if let Some(own) = app.organisation() {
        if own.zeros == esep::body::organisation::Zeros::Dash {
            entry(&mut text, "zeros", "-");
        }
        if !own.terms.receipt_day_counts.is_empty() {
            let _ = writeln!(text, "\n[terms]\nreceipt_day_counts = {}", list(&own.terms.receipt_day_counts));
        }
        for unit in &own.units {
            text += "\n[[unit]]\n";
            let pairs = [
                ("kato", &unit.kato),
                ("name_ru", &unit.name_ru),
                ("name_kk", &unit.name_kk),
                ("bin", &unit.bin),
                ("contact", &unit.contact),
            ];
            pairs
                .into_iter()
                .filter(|(_, value)| !value.is_empty())
                .for_each(|(key, value)| entry(&mut text, key, value));
            if !unit.names.is_empty() {
                let _ = writeln!(text, "names = {}", list(&unit.names));
            }
        }
    }
    // what esep would refuse is refused here, before it is written
    let trial = store::beside(&open.place(&app.folder, &[".bin", FILE])?)?;
    std::fs::write(trial.path(), &text)?;
    body::read(trial.path(), &app.definitions).map_err(|fault| Refusal::said(&fault, &app.definitions.words))?;
    change(app, &open, "told_organisation", (FILE, &known), text)
}

fn put_file(app: &App, asked: &Asked, name: &str, file: Option<NamedTempFile>) -> Answered {
    let open = asked.quarter(app)?;
    open.writable()?;
    let (folder, name) = (asked.folder()?, component(name).ok_or(Refusal::new(400, "refused_name"))?);
    let file = file.ok_or_else(Refusal::malformed)?;
    let place = open.file(&format!("{folder}/{name}"));
    let known = asked.given("known");
    Journal::of(&app.folder, &open.name).change("added_file", &place, Some(known), Change::File(file))?;
    Ok(json!({}))
}

fn drop_file(app: &App, asked: &Asked, name: &str) -> Answered {
    let open = asked.quarter(app)?;
    open.writable()?;
    let (folder, name) = (asked.folder()?, component(name).ok_or(Refusal::new(400, "refused_name"))?);
    let place = open.file(&format!("{folder}/{name}"));
    if !app.folder.place(&[&place])?.is_file() {
        return Err(Refusal::new(404, "refused_absent"));
    }
    Journal::of(&app.folder, &open.name).change("took_file_away", &place, None, Change::Gone)?;
    Ok(json!({}))
}

impl Asked {
    /// Where a file belongs.
    fn folder(&self) -> Result<&'static str, Refusal> {
        match self.given("in") {
            "" | "records" => Ok("records"),
            "attachments" => Ok("attachments"),
            _ => Err(Refusal::malformed()),
        }
    }
}

/// What stands in the records, surveyed once for the same files and the same mapping.
fn surveyed(app: &App, open: &OpenQuarter) -> Result<(Arc<Surveyed>, String), Refusal> {
    let records = open.place(&app.folder, &["records"])?;
    let (text, known) = store::read(&app.folder.place(&[mapping::FILE])?)?;
    let files = run::files(&records)?;
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

fn look(app: &App, asked: &Asked) -> Answered {
    let (found, known) = surveyed(app, &asked.quarter(app)?)?;
    Ok(json!({ "survey": found.told, "known": known }))
}

fn preview(app: &App, asked: &Asked) -> Answered {
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

fn put_mapping(app: &App, asked: &Asked) -> Answered {
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

fn put_values(app: &App, asked: &Asked) -> Answered {
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

fn begin_run(app: &App, asked: &Asked) -> Answered {
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
    let id = app.runs.begin(&app.folder, &open, wanted.lang)?;
    Ok(json!({ "id": id }))
}

/// The results of the quarter's last run.
fn results_of(app: &App, open: &OpenQuarter) -> Result<PathBuf, Refusal> {
    let absent = || Refusal::new(404, "refused_no_results");
    let own = app.organisation().ok_or_else(absent)?;
    results::folder(&app.folder, open, &own.bin)?.ok_or_else(absent)
}

fn findings(app: &App, asked: &Asked) -> Answered {
    let all = results::findings(&results_of(app, &asked.quarter(app)?)?)?;
    match asked.query.get("cause") {
        Some(cause) => Ok(all.of_cause(cause, asked.given("from").parse().unwrap_or(0))),
        None => Ok(json!({ "causes": all.causes(asked.given("severity"), &app.definitions), "counts": all.counts() })),
    }
}

/// The records that a number of the form was made of.
fn cell(app: &App, asked: &Asked) -> Answered {
    /// Parts of a place in a form, at most.
    const PARTS: usize = 6;
    let open = asked.quarter(app)?;
    let report = results_of(app, &open)?.join("report.json");
    let parts: Vec<&str> = asked.given("place").split('\u{1f}').filter(|part| !part.is_empty()).collect();
    if parts.len() > PARTS || parts.iter().any(|part| part.starts_with('-') || part.len() > 1000) {
        return Err(Refusal::malformed());
    }
    let mut words = vec!["explain".to_owned(), report.display().to_string()];
    words.extend(parts.into_iter().map(str::to_owned));
    words.extend(["--sources", "records", "--all", "--json"].map(str::to_owned));
    let page = run::ask(&open.place(&app.folder, &[])?, &words)?;
    let records = &page["records"];
    let from: usize = asked.given("from").parse().unwrap_or(0);
    let all = records["shown"].as_array().map_or(&[][..], Vec::as_slice);
    let shown: Vec<&Value> = all.iter().skip(from).take(results::PAGE).collect();
    Ok(json!({
        "row": page["row"], "label": page["row_label"], "column": page["column"], "value": page["value"],
        "count": all.len(), "agrees": records["agrees"], "from": from, "records": shown,
    }))
}

fn lines(app: &App, asked: &Asked) -> Answered {
    let open = asked.quarter(app)?;
    let records = open.place(&app.folder, &["records"])?;
    let lines: BTreeSet<u64> =
        asked.given("lines").split(',').filter_map(|line| line.parse().ok()).take(rows::ROWS).collect();
    let path = app.folder.place(&[mapping::FILE])?;
    let said = |fault: anyhow::Error| Refusal::said(&fault, &app.definitions.words);
    let used = path.is_file().then(|| Used::read(&path)).transpose().map_err(said)?;
    let taught = used.as_ref().and_then(|used| used.mapping.teach(&app.definitions).ok());
    let definitions = taught.as_ref().unwrap_or(&app.definitions);
    let sheet = asked.query.get("sheet").map(String::as_str).filter(|sheet| !sheet.is_empty());
    rows::rows(&records, (asked.given("source"), sheet), &lines, used, definitions).map_err(said)
}

fn put_mends(app: &App, asked: &Asked) -> Answered {
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

fn put_empty(app: &App, asked: &Asked) -> Answered {
    #[derive(Deserialize)]
    struct Said {
        tables: BTreeMap<String, String>,
    }
    let open = asked.quarter(app)?;
    let Known { known, rest }: Known<Said> = asked.json()?;
    let text = empty::print(&rest.tables, &app.definitions)?;
    change(app, &open, "told_empty", (&open.file(empty::FILE), &known), text)
}

fn confirm(app: &App, asked: &Asked) -> Answered {
    #[derive(Deserialize)]
    struct Said {
        finding: Value,
        reason: String,
        person: String,
    }
    let open = asked.quarter(app)?;
    let Known { known, rest }: Known<Said> = asked.json()?;
    let all = results::findings(&results_of(app, &open)?)?;
    let is_it = |told: &&Told| serde_json::to_value(told).is_ok_and(|told| told == rest.finding);
    let found = all.findings.iter().find(is_it).ok_or_else(Refusal::stale)?;
    if found.severity != "warning" {
        return Err(Refusal::malformed());
    }
    let (text, _) = store::read(&open.place(&app.folder, &[warnings::FILE])?)?;
    let text = warnings::add(&text, found, (&rest.reason, &rest.person), &today())?;
    change(app, &open, "confirmed_warning", (&open.file(warnings::FILE), &known), text)
}

fn narrative(app: &App, asked: &Asked) -> Answered {
    let open = asked.quarter(app)?;
    let form = app.definitions.form(&open.settings.form, open.quarter);
    let form = form.map_err(|fault| Refusal::said(&fault, &app.definitions.words))?;
    let told = results_of(app, &open).and_then(|results| results::findings(&results)).unwrap_or_default();
    let asked_of: BTreeSet<&str> = told.findings.iter().filter_map(Told::section).collect();
    let (text, known) = store::read(&open.place(&app.folder, &[questions::FILE])?)?;
    let before = app.folder.place(&[&open.quarter.previous().to_string(), questions::FILE])?;
    let now = questions::read(&text, &app.definitions)?;
    let before = questions::read(&store::read(&before)?.0, &app.definitions).unwrap_or_default();
    let sections = questions::sections(form, &asked_of, (&now, &before), &app.definitions);
    Ok(json!({ "sections": sections, "known": known }))
}

fn put_narrative(app: &App, asked: &Asked, section: &str) -> Answered {
    #[derive(Deserialize)]
    struct Said {
        answer: questions::Answer,
    }
    let open = asked.quarter(app)?;
    let Known { known, rest }: Known<Said> = asked.json()?;
    let sections = app.definitions.analyticals.iter().flat_map(esep::definitions::analytical::Analytical::sections);
    let id = sections.map(|known| &known.id).find(|id| *id == section).ok_or_else(Refusal::malformed)?;
    let (text, _) = store::read(&open.place(&app.folder, &[questions::FILE])?)?;
    let mut all = questions::read(&text, &app.definitions)?;
    let is_empty = [&rest.answer.text, &rest.answer.kk, &rest.answer.ru, &rest.answer.en]
        .iter()
        .all(|text| text.trim().is_empty());
    if is_empty && rest.answer.attachments.is_empty() {
        all.remove(id);
    } else {
        all.insert(id.clone(), rest.answer);
    }
    change(app, &open, "answered_question", (&open.file(questions::FILE), &known), questions::print(&all))
}

fn undo(app: &App, asked: &Asked) -> Answered {
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

fn freeze(app: &App, asked: &Asked) -> Answered {
    #[derive(Deserialize)]
    struct Who {
        person: String,
    }
    let open = asked.quarter(app)?;
    open.writable()?;
    let who: Who = asked.json()?;
    let results = results_of(app, &open)?;
    if app.runs.standing().running || !run::is_fresh(&app.folder, &open)? {
        return Err(Refusal::new(409, "refused_not_fresh"));
    }
    let frozen = sent::freeze(&app.folder, &open, &results, &who.person)?;
    let settings = quarter::Settings { frozen: frozen.name.clone(), ..open.settings.clone() };
    change(app, &open, "froze", (&open.file(quarter::file()), &open.version), settings.print())?;
    Ok(serde_json::to_value(frozen)?)
}

fn reopen(app: &App, asked: &Asked) -> Answered {
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

fn ticket(app: &App, asked: &Asked) -> Answered {
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
        results_of(app, &open)?
    } else {
        open.place(&app.folder, &["sent", &wanted.sent, results::FOLDER])?
    };
    let place = place.join(known.0);
    if !place.is_file() {
        return Err(Refusal::new(404, "refused_absent"));
    }
    Ok(json!({ "ticket": app.ticket(place, known.1)? }))
}

/// Opens a folder in the system's own window: one of a few, never a path from outside.
fn show(app: &App, asked: &Asked) -> Answered {
    #[derive(Deserialize)]
    struct Wanted {
        what: String,
    }
    let wanted: Wanted = asked.json()?;
    let place = match wanted.what.as_str() {
        "root" => app.folder.place(&[])?,
        "records" => asked.quarter(app)?.place(&app.folder, &["records"])?,
        "results" => results_of(app, &asked.quarter(app)?)?,
        "sent" => asked.quarter(app)?.place(&app.folder, &["sent"])?,
        _ => return Err(Refusal::malformed()),
    };
    if !place.is_dir() {
        return Err(Refusal::new(404, "refused_absent"));
    }
    crate::server::open(&place)
        .map_err(|_| Refusal { text: Some(same(&place)), ..Refusal::new(500, "refused_show") })?;
    Ok(json!({}))
}

fn same(place: &std::path::Path) -> Text {
    let place = place.display().to_string();
    Text { kk: place.clone(), ru: place.clone(), en: place }
}
