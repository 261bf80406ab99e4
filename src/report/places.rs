//! Places that the head of a form calls by a name that they no longer have. Data in `templates/places.toml`.

use crate::body::organisation::PlaceNames;
use crate::definitions::place::RenamedPlace;
use crate::report::filled::Report;
use crate::words::finding::{Finding, Place};
use crate::words::lang::Lang;

/// The places that had another name on the day of the report than in the head of the form.
pub fn renamed<'r>(report: &'r Report<'_>) -> impl Iterator<Item = &'r RenamedPlace> {
    let named = |place: &&RenamedPlace| {
        let was =
            |lang: &Lang| report.form.head.iter().any(|label| label.label.get(*lang).contains(place.was.get(*lang)));
        place.since <= report.period.as_of && Lang::ALL.iter().any(was)
    };
    report.definitions.places.iter().filter(named)
}

/// That one page has both names: the old one in the head, the new one in the body's own name or address.
pub fn told(report: &Report<'_>) -> Option<Finding> {
    let body = report.organisation;
    if body.place_names == PlaceNames::Current {
        return None;
    }
    let name = body.name();
    let own = Lang::ALL.iter().map(|lang| name.get(*lang)).chain([body.address.as_str()]);
    let own: Vec<&str> = own.collect();
    let said =
        |place: &&RenamedPlace| Lang::ALL.iter().any(|lang| own.iter().any(|own| own.contains(place.is.get(*lang))));
    let place = renamed(report).find(said)?;
    let at = Place { form: Some(report.form.form.clone()), ..Place::default() };
    let finding = Finding::new("place_renamed", at).with_text("was", &place.was).with_text("is", &place.is);
    Some(finding.with_text("renamed_by", &place.basis))
}
