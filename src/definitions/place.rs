//! Places that were renamed after the edition of a form. Data in `templates/places.toml`.

use crate::words::lang::{Lang, Text};
use chrono::NaiveDate;
use serde::Deserialize;

/// A place with its name before and since a day.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RenamedPlace {
    /// The first day of the new name.
    #[serde(deserialize_with = "crate::definitions::date::required")]
    pub since: NaiveDate,
    pub was: Text,
    pub is: Text,
    /// What renamed it.
    pub basis: Text,
}

/// The file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Places {
    pub place: Vec<RenamedPlace>,
}

/// The text with the names that places have on a day; without a day those that they have now.
pub fn current(places: &[RenamedPlace], text: &Text, day: Option<NaiveDate>) -> Text {
    let named = |lang: Lang| {
        let known = places.iter().filter(|place| day.is_none_or(|day| place.since <= day));
        known.fold(text.get(lang).to_owned(), |text, place| text.replace(place.was.get(lang), place.is.get(lang)))
    };
    Text::by(named)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_changes_on_its_day_and_not_before() {
        let definitions = crate::definitions::Definitions::load(None).expect("definitions");
        let form = definitions.forms.iter().find(|form| form.form == "1-mk").expect("a form");
        let to = crate::definitions::form::Form::label(&form.head, "submitted_to").expect("an addressee");
        let on = |day: &str| current(&definitions.places, to, Some(day.parse().expect("a day")));
        assert_eq!(on("2022-09-16"), *to);
        let after = on("2022-09-17");
        assert_eq!(after, current(&definitions.places, to, None));
        for (lang, old, new) in [(Lang::Kk, "Нұр-Сұлтан", "Астана"), (Lang::Ru, "Нур-Султан", "Астана")]
        {
            assert!(to.get(lang).contains(old), "the annex as it was approved");
            assert!(after.get(lang).contains(new) && !after.get(lang).contains(old), "{}", after.get(lang));
        }
        assert!(definitions.places.iter().all(|place| !place.basis.is_incomplete()));
    }
}
