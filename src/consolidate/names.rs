//! Names of units: as they are printed, and those that are nearly a report's: a proposal for people, no decision.

use crate::body::organisation::Unit;
use crate::consolidate::part::UnitReport;
use crate::definitions::Definitions;
use crate::definitions::spelling::{Spellings, fold_name};
use crate::report::transliterate;
use crate::words::finding::Finding;
use crate::words::lang::{Lang, Text};

/// How alike two places must be, and how much less alike the second best is.
const LEAST: f64 = 0.6;
const AHEAD: f64 = 0.12;

/// The name of a unit in each language; without one its code.
pub fn unit_name(unit: &Unit) -> Text {
    let name = unit.name();
    if name.get(Lang::Ru).is_empty() { Text::same(unit.code()) } else { name }
}

/// A text as TOML has it.
pub fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// What is said of a report that none of the units has sent, with the position of the unit that it seems to be of.
pub fn stranger(units: &[Unit], part: &UnitReport<'_>, definitions: &Definitions) -> (Option<usize>, Finding) {
    let stem = part.file().rsplit_once('.').map_or(part.file(), |(stem, _)| stem);
    let (name, spelling) =
        if part.is_nameless() { (stem, part.file()) } else { (part.filer.name.as_str(), part.filer.label()) };
    let spellings = units.iter().enumerate().flat_map(|(position, unit)| {
        let all = [&unit.name_ru, &unit.name_kk].into_iter().chain(&unit.names);
        all.filter(|name| !name.is_empty()).map(move |name| (position, name.as_str()))
    });
    let near = nearest(name, spellings, &definitions.filed);
    let unit = near.map(|unit| &units[unit]);
    let known = unit.into_iter().flat_map(|unit| &unit.names).map(String::as_str);
    let line = format!("names = [{}]", known.chain([spelling]).map(quoted).collect::<Vec<_>>().join(", "));
    let finding = match unit {
        _ if part.is_nameless() => {
            let said = unit.map(|unit| {
                let name = unit_name(unit);
                let slots = Lang::ALL.map(|lang| (lang.code().to_owned(), name.get(lang).to_owned()));
                definitions.words("nameless_near").fill(&slots)
            });
            Finding::new("unit_nameless", part.place()).with_text("near", &said.unwrap_or_default())
        }
        Some(unit) => Finding::new("unit_similar", part.place()).of_unit(&unit_name(unit)).with("name", spelling),
        None => return (None, Finding::new("unit_unknown", part.place()).of_unit(&Text::same(spelling))),
    };
    (near, finding.with("line", line))
}

/// What a name says of the place alone: «Аппарат акима Кобдинского района» and «Қобда ауданының әкімдігі» are near.
fn place(name: &str, spellings: &Spellings) -> String {
    let is_said = |word: &&str| {
        spellings.bodies.iter().any(|known| match known.strip_suffix('*') {
            Some(beginning) => word.starts_with(beginning),
            None => known == word,
        })
    };
    let folded = fold_name(name);
    let own = folded.split(' ').filter(|word| !is_said(word)).map(|word| {
        let latin = transliterate(word).replace('q', "k");
        let stems = spellings.place_endings.iter().filter_map(|ending| latin.strip_suffix(&transliterate(ending)));
        stems.filter(|stem| stem.len() > 2).min_by_key(|stem| stem.len()).map_or_else(|| latin.clone(), str::to_owned)
    });
    own.collect::<Vec<_>>().join(" ")
}

/// The candidate whose place is nearest to that of a name, if no other is nearly as near. Names with digits are never
/// near: a digit more is another one.
fn nearest<'c>(name: &str, candidates: impl Iterator<Item = (usize, &'c str)>, spellings: &Spellings) -> Option<usize> {
    let wanted = place(name, spellings);
    if wanted.is_empty() || wanted.chars().any(|sign| sign.is_ascii_digit()) {
        return None;
    }
    let mut best: Vec<(f64, usize)> = Vec::new();
    for (unit, candidate) in candidates {
        let likeness = strsim::normalized_damerau_levenshtein(&wanted, &place(candidate, spellings));
        match best.iter_mut().find(|(_, known)| *known == unit) {
            Some((most, _)) => *most = most.max(likeness),
            None => best.push((likeness, unit)),
        }
    }
    best.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
    let (likeness, unit) = best.first().copied().filter(|(likeness, _)| *likeness >= LEAST)?;
    let second = best.get(1).map_or(0.0, |(likeness, _)| *likeness);
    (second + AHEAD <= likeness).then_some(unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offices_and_languages_of_a_place_are_near_and_other_places_are_not() {
        let definitions = crate::definitions::Definitions::load(None).unwrap();
        let units = ["Кобдинский район", "Алгинский район", "Айтекебийский район", "город Хромтау", "Темирский район"];
        let near = |name: &str| nearest(name, units.into_iter().enumerate(), &definitions.filed);
        for name in
            ["Аппарат акима Кобдинского района", "Кобдинского района", "Қобда ауданының әкімдігі", "кобдинский р-н"]
        {
            assert_eq!(near(name), Some(0), "{name}");
        }
        assert_eq!(near("ГУ «Аппарат акима города Хромтау»"), Some(3));
        assert_eq!(near("Алға ауданы әкімінің аппараты"), Some(1));
        for name in ["Аппарат акима", "Мугалжарский район", "Район 7", "Департамент юстиции", ""]
        {
            assert_eq!(near(name), None, "{name}");
        }
    }
}
