//! Who reports.

use crate::api::asked::{Answered, Asked, Known, change};
use crate::organisation;
use crate::refusal::Refusal;
use crate::state::App;
use esep::body::organisation::{Organisation, Unit};
use esep::words::lang::Lang;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Saves what the page knows of the body; what it does not know stays as it is.
pub fn put(app: &App, asked: &Asked) -> Answered {
    #[derive(Deserialize)]
    struct Given {
        organisation: BTreeMap<String, String>,
        languages: Vec<Lang>,
        units: Option<Vec<Unit>>,
    }
    let open = asked.quarter(app)?;
    let Known { known, rest }: Known<Given> = asked.json()?;
    let fields = serde_json::to_value(rest.organisation)?;
    let given: Organisation = serde_json::from_value(fields).map_err(|_| Refusal::malformed())?;
    let own = app.organisation().unwrap_or_default();
    let said = Organisation {
        languages: rest.languages,
        units: rest.units.unwrap_or(own.units),
        zeros: own.zeros,
        role: own.role,
        name_en: if given.name_en.is_empty() { own.name_en } else { given.name_en.clone() },
        ..given
    };
    let text = organisation::print(&said);
    organisation::check(&text, &open.place(&app.folder, &[".bin", organisation::FILE])?, &app.definitions)?;
    change(app, &open, "told_organisation", (organisation::FILE, &known), text)
}
