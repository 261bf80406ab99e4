//! Letters that no face of printed pages has: they are printed as a question mark in a box, and people are told.

use crate::analytical::figures::testimony::Testimony;
use crate::body::narrative::Narrative;
use crate::definitions::Definitions;
use crate::render::pdf::font::lacks;
use crate::report::Report;
use crate::words::finding::{Finding, Place};
use crate::words::lang::Text;
use anyhow::Result;
use std::collections::HashSet;

/// Names that are shown as places, and letters of each.
const NAMES: usize = 3;
const SHOWN: usize = 60;

/// What the documents of a report cannot print: which letters, and where they stand.
///
/// # Errors
/// A font inside the binary is not well-formed.
pub fn told(
    report: &Report<'_>,
    narrative: &Narrative,
    testimony: Testimony<'_>,
    definitions: &Definitions,
) -> Result<Option<Finding>> {
    let body = report.organisation;
    let own = [&body.name_kk, &body.name_ru, &body.name_en, &body.address, &body.performer, &body.head];
    let units = body.units.iter().flat_map(|unit| [&unit.name_kk, &unit.name_ru]);
    let organisation: Vec<&str> = own.into_iter().chain(units).map(String::as_str).collect();
    let keys = report.cells.lines.iter().map(|line| &line.key);
    let named = keys.flat_map(|key| {
        let parties = [&key.provider, &key.service].map(|party| party.as_ref().map(|party| party.name.as_str()));
        parties.into_iter().chain([key.system.as_deref()]).flatten()
    });
    // few of very many lines have names that others have not
    let mut names: Vec<&str> = named.collect::<HashSet<_>>().into_iter().collect();
    names.sort_unstable();
    let (narrative, records): (Vec<&str>, Vec<&str>) =
        (narrative.texts().collect(), testimony.texts.texts().chain(testimony.course.texts()).collect());
    let all = [&organisation, &names, &narrative, &records];
    let lacking = lacks(&all.iter().flat_map(|texts| texts.iter()).flat_map(|text| text.chars()).collect())?;
    if lacking.is_empty() {
        return Ok(None);
    }
    let has = |text: &&&str| text.contains(|letter| lacking.contains(&letter));
    let mut places: Vec<Text> = Vec::new();
    let found: Vec<&&str> = names.iter().filter(has).collect();
    for name in found.iter().take(NAMES) {
        let name = format!("«{}»", name.chars().take(SHOWN).collect::<String>());
        places.push(Text::same(&name));
    }
    let more = (found.len() > NAMES).then_some("lacking_more");
    let words =
        [(&organisation, "lacking_organisation"), (&narrative, "lacking_narrative"), (&records, "lacking_records")];
    let words = words.into_iter().filter(|(texts, _)| texts.iter().any(|text| has(&text))).map(|(_, key)| key);
    places.extend(more.into_iter().chain(words).map(|key| definitions.words(key).clone()));
    let joined = |lang| places.iter().map(|place| place.get(lang)).collect::<Vec<_>>().join(", ");
    let letters: Vec<String> =
        lacking.iter().map(|letter| format!("{letter} (U+{:04X})", u32::from(*letter))).collect();
    let (form, period) = (Some(report.form.form.clone()), Some(report.period.quarter.to_string()));
    let finding = Finding::new("letters_lacking", Place { form, period, ..Place::default() });
    Ok(Some(finding.with("letters", letters.join(", ")).with_text("where", &Text::by(joined))))
}
