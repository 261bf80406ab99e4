//! What the page asks and changes. Everything stands under the token; a change names the version that it knew.

/// A request, and what every answer is made with.
pub mod asked;
pub mod body;
pub mod region;
pub mod answers;
pub mod records;
pub mod mended;
pub mod outcome;
pub mod quarters;

use crate::api::asked::{Answered, Asked};
use crate::refusal::Refusal;
use crate::state::App;
use crate::survey;

/// Answers a request.
///
/// # Errors
/// Whatever is refused; then nothing was changed.
pub fn answer(app: &App, mut asked: Asked) -> Answered {
    app.beat();
    let file = asked.file.take();
    let path: Vec<&str> = asked.path.iter().map(String::as_str).collect();
    match (asked.method.as_str(), &path[..]) {
        ("GET", ["state"]) => app.state(asked.query.get("q").map(String::as_str), asked.given("form")),
        ("GET", ["vocabulary"]) => Ok(survey::vocabulary(&app.definitions)),
        ("GET", ["run"]) => outcome::standing(app, None),
        ("GET", ["run", id]) => outcome::standing(app, Some(id)),
        ("GET", ["survey"]) => records::look(app, &asked),
        ("GET", ["report", form]) => outcome::report(app, &asked, form),
        ("GET", ["findings"]) => outcome::findings(app, &asked),
        ("GET", ["cell"]) => outcome::cell(app, &asked),
        ("GET", ["idle"]) => outcome::idle(app, &asked),
        ("GET", ["rows"]) => outcome::lines(app, &asked),
        ("GET", ["mends"]) => mended::mends(app, &asked),
        ("GET", ["narrative"]) => mended::narrative(app, &asked),
        ("GET", ["board"]) => region::told(app, &asked),
        ("GET", ["returns", unit]) => region::returns(app, &asked, unit),
        ("POST", ["preview"]) => records::preview(app, &asked),
        ("POST", ["ticket"]) => outcome::ticket(app, &asked),
        ("POST", ["show"]) => outcome::show(app, &asked),
        (_, what) => {
            let _held = app.write();
            match (asked.method.as_str(), what) {
                ("POST", ["quarter"]) => quarters::new_quarter(app, &asked),
                ("PUT", ["quarter"]) => quarters::settings(app, &asked),
                ("PUT", ["organisation"]) => body::put(app, &asked),
                ("PUT", ["files", name]) => records::put_file(app, &asked, name, file),
                ("DELETE", ["files", name]) => records::drop_file(app, &asked, name),
                ("PUT", ["mapping"]) => records::put_mapping(app, &asked),
                ("PUT", ["values"]) => records::put_values(app, &asked),
                ("PUT", ["answers"]) => answers::put(app, &asked),
                ("PUT", ["empty"]) => records::put_empty(app, &asked),
                ("PUT", ["mends"]) => mended::put_mends(app, &asked),
                ("PUT", ["confirmations"]) => mended::confirm(app, &asked),
                ("PUT", ["narrative", section]) => mended::put_narrative(app, &asked, section),
                ("PUT", ["received", name]) => region::put(app, &asked, name),
                ("POST", ["run"]) => outcome::begin_run(app, &asked),
                ("POST", ["undo"]) => quarters::undo(app, &asked),
                ("POST", ["freeze"]) => quarters::freeze(app, &asked),
                ("POST", ["reopen"]) => quarters::reopen(app, &asked),
                _ => Err(Refusal::new(404, "refused_absent")),
            }
        }
    }
}
