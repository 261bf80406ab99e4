//! `organisation.toml`: who reports, as far as the records tell.

use crate::commands::init::guess::{Guess, SURE};
use crate::commands::init::layout::Layout;
use crate::commands::init::page::quoted;
use crate::commands::out::speech::Speech;
use crate::values::business_number;
use crate::words::lang::Lang;
use std::collections::BTreeMap;
use std::fmt::Write;

/// Name of the file.
pub const FILE: &str = "organisation.toml";
/// Units that are listed.
const UNITS: usize = 300;

/// Languages that the headers are in, the state language first.
pub fn languages(parts: &[(Layout, Vec<Guess>)], speech: Speech<'_>) -> Vec<(Lang, u64)> {
    let mut counts = [(Lang::Kk, 0), (Lang::Ru, 0), (Lang::En, 0)];
    for column in parts.iter().flat_map(|(layout, _)| &layout.columns).filter(|column| !column.header.is_empty()) {
        let has = |letters: &str| column.header.to_lowercase().chars().any(|letter| letters.contains(letter));
        let known = |lang: Lang| {
            let fields = speech.definitions.tables.iter().flat_map(|table| &table.fields);
            let spellings = fields.flat_map(|field| field.headers.of(lang));
            let header = crate::sources::survey::folded(&column.header);
            spellings.into_iter().any(|spelling| crate::sources::survey::folded(spelling) == header)
        };
        let place = if has("әғқңөұүһі") || known(Lang::Kk) {
            0
        } else if has("абвгдежзийклмнопрстуфхцчшщъыьэюя") {
            1
        } else if has("abcdefghijklmnopqrstuvwxyz") {
            2
        } else {
            continue;
        };
        counts[place].1 += 1;
    }
    counts.into_iter().filter(|(_, count)| *count > 0).collect()
}

/// The whole file.
pub fn write(parts: &[(Layout, Vec<Guess>)], languages: &[(Lang, u64)], speech: Speech<'_>) -> String {
    let mut text = head(parts, languages, speech);
    let counts: Vec<String> = languages.iter().map(|(lang, count)| format!("{} – {count}", lang.code())).collect();
    text.push_str(&speech.comment("init_languages", &[("counts", &counts.join(", "))]));
    units(parts, speech, &mut text);
    text
}

/// The body itself.
pub fn head(parts: &[(Layout, Vec<Guess>)], languages: &[(Lang, u64)], speech: Speech<'_>) -> String {
    let letterhead = &speech.definitions.letterhead;
    let help =
        |name: &str| letterhead.fields.iter().find(|field| field.name == name).map(|field| field.help.get(speech.lang));
    let mut text = speech.comment("init_organisation_head", &[]);
    let mut entry = |key: &str, value: Option<(String, u64, u64)>, list: Option<String>| {
        let said = help(key).unwrap_or_default();
        let _ = match (&value, list) {
            (_, Some(list)) => writeln!(text, "# {said}\n{key} = {list}"),
            (Some((value, times, all)), _) => {
                let slots = [("count", times.to_string()), ("all", all.to_string())];
                let slots = slots.each_ref().map(|(slot, value)| (*slot, value.as_str()));
                writeln!(text, "# {said} {}\n{key} = {}", speech.fill("init_dominates", &slots), quoted(value))
            }
            _ => writeln!(text, "# {said}\n{key} = \"\""),
        };
    };
    let name = dominating(parts, "provider_name", speech, |_| true);
    let is_kazakh = |name: &str| name.to_lowercase().chars().any(|letter| "әғқңөұүһі".contains(letter));
    entry("name_ru", name.clone().filter(|(name, ..)| !is_kazakh(name)), None);
    entry("name_kk", name.filter(|(name, ..)| is_kazakh(name)), None);
    entry("bin", dominating(parts, "provider_bin", speech, business_number::is_sound), None);
    for key in ["address", "phone", "email", "performer", "performer_phone", "head"] {
        entry(key, None, None);
    }
    let mut codes: Vec<Lang> = languages.iter().map(|(lang, _)| *lang).filter(|lang| *lang != Lang::En).collect();
    if codes.is_empty() {
        codes.push(if languages.is_empty() { Lang::Ru } else { Lang::En });
    }
    let codes: Vec<String> = codes.iter().map(|lang| quoted(lang.code())).collect();
    entry("languages", None, Some(format!("[{}]", codes.join(", "))));
    text
}

/// Values of a field in all layouts, with how often each stands there.
fn values<'p>(parts: &'p [(Layout, Vec<Guess>)], field: &str, speech: Speech<'_>) -> BTreeMap<&'p str, u64> {
    let mut found: BTreeMap<&str, u64> = BTreeMap::new();
    for (layout, guesses) in parts {
        let Some(guess) = guesses.first() else { continue };
        let field = speech.definitions.tables[guess.table].position(field);
        let own = guess.proposals.iter().find(|one| Some(one.field) == field && one.score >= SURE);
        let column = own.map(|own| &layout.columns[own.column]);
        for (value, times) in
            column.filter(|column| !column.is_personal()).into_iter().flat_map(|column| column.commonest())
        {
            *found.entry(value).or_default() += times;
        }
    }
    found
}

/// The value that stands in most of the records, how often, and of how many.
fn dominating(
    parts: &[(Layout, Vec<Guess>)],
    field: &str,
    speech: Speech<'_>,
    is_sound: impl Fn(&str) -> bool,
) -> Option<(String, u64, u64)> {
    let values = values(parts, field, speech);
    let all: u64 = values.values().sum();
    let (value, times) = values.into_iter().filter(|(value, _)| is_sound(value)).max_by_key(|(_, times)| *times)?;
    (times * 10 >= all * 6).then(|| (value.to_owned(), times, all))
}

fn units(parts: &[(Layout, Vec<Guess>)], speech: Speech<'_>, text: &mut String) {
    let units = values(parts, "unit", speech);
    let _ = write!(text, "\n{}", speech.comment("init_units", &[("count", &units.len().to_string())]));
    if units.is_empty() {
        text.push_str("# [[unit]]\n# kato = \"\"\n# name_ru = \"\"\n# name_kk = \"\"\n");
    }
    for (unit, times) in units.into_iter().take(UNITS) {
        let is_code = unit.len() == 9 && unit.bytes().all(|byte| byte.is_ascii_digit());
        let is_kazakh = unit.to_lowercase().chars().any(|letter| "әғқңөұүһі".contains(letter));
        let times = speech.fill("init_times", &[("count", &times.to_string())]);
        let _ = writeln!(text, "\n[[unit]]  # {times}");
        let line = |key: &str, is_it: bool| format!("{key} = {}\n", quoted(if is_it { unit } else { "" }));
        text.push_str(&line("kato", is_code));
        text.push_str(&line("name_ru", !is_code && !is_kazakh));
        text.push_str(&line("name_kk", !is_code && is_kazakh));
    }
}
