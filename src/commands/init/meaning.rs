//! Which code a value may mean, and whether a person has to say so.

use crate::definitions::Definitions;
use crate::definitions::codelist::{Code, CodeList};
use crate::words::lang::fold;

/// A code that a value may mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Meaning<'d> {
    pub code: &'d str,
    /// It may mean another one, or says whose fault something is: a person decides.
    pub asked: bool,
    /// Only what else stands in the column leaves it open.
    doubtful: bool,
}

impl Meaning<'_> {
    /// The same beside the other values of its column: «Исполнено» beside «Отказано» is no refusal.
    #[must_use]
    pub fn beside(self, all: &[&str], list: &CodeList, definitions: &Definitions) -> Self {
        let code = |value: &&str| {
            let known = list.find(value).map(|place| list.codes[place].code.as_str());
            known.or_else(|| meant(value, list, definitions).filter(|own| !own.doubtful).map(|own| own.code))
        };
        let is_opposite = |code: &str| code == "refused";
        let decides = self.doubtful && list.list == "outcome" && all.iter().filter_map(code).any(is_opposite);
        Self { asked: self.asked && !decides, ..self }
    }
}

/// The code whose spelling, or whose hint, the value has in it; the longest says most. Nothing that is merely spelled
/// alike is proposed across outcomes.
pub fn meant<'d>(value: &str, list: &'d CodeList, definitions: &'d Definitions) -> Option<Meaning<'d>> {
    let value = fold(value);
    let hints = definitions.hints.codes.get(&list.list);
    let is_guilt = definitions.hints.guilt.contains(&list.list);
    let mut met: Vec<(bool, usize, &str)> = Vec::new();
    for code in &list.codes {
        let spellings = code.also.iter().chain(code.label.all()).map(|text| fold(text));
        let whole = spellings.filter(|spelling| is_within(spelling, &value)).map(|text| (true, text.chars().count()));
        let hints = hints.and_then(|codes| codes.get(&code.code)).into_iter().flatten().map(|hint| fold(hint));
        let parts = hints.filter(|hint| begins(hint, &value)).map(|hint| (false, hint.chars().count()));
        met.extend(whole.chain(parts).max().map(|(whole, length)| (whole, length, code.code.as_str())));
    }
    met.sort_by_key(|(whole, length, _)| (std::cmp::Reverse(*whole), std::cmp::Reverse(*length)));
    if let Some((is_whole, _, code)) = met.first().copied() {
        let doubts = definitions.hints.doubts.get(&list.list).into_iter().flatten();
        let doubtful = !is_whole && doubts.map(|doubt| fold(doubt)).any(|doubt| begins(&doubt, &value));
        let is_denied = value.split_whitespace().any(|word| ["не", "нет", "без", "емес", "жоқ", "not"].contains(&word));
        let rivals = met.iter().filter(|(whole, ..)| *whole == is_whole).count() > 1;
        return Some(Meaning { code, asked: doubtful || is_denied || rivals || is_guilt, doubtful });
    }
    if list.list == "outcome" || is_guilt {
        return None;
    }
    let spelled = |code: &'d Code| {
        let spellings = code.also.iter().chain(code.label.all());
        let likeness = |text: &String| strsim::normalized_damerau_levenshtein(&value, &fold(text));
        (spellings.map(likeness).fold(0.0, f64::max), code.code.as_str())
    };
    let best = list.codes.iter().map(spelled).max_by(|a, b| a.0.total_cmp(&b.0));
    let near = best.filter(|(likeness, _)| *likeness >= 0.7);
    near.map(|(_, code)| Meaning { code, asked: true, doubtful: false })
}

/// Whether a word of the value begins so.
fn begins(hint: &str, value: &str) -> bool {
    let is_start =
        |(at, _): (usize, &str)| value[..at].chars().next_back().is_none_or(|before| !before.is_alphabetic());
    value.match_indices(hint).any(is_start)
}

/// Whether a spelling stands in a value as words of its own.
fn is_within(spelling: &str, value: &str) -> bool {
    let spaced = |text: &str| {
        let words = text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
        format!(" {} ", words.collect::<Vec<_>>().join(" "))
    };
    spelling.chars().count() > 1 && spaced(value).contains(&spaced(spelling))
}
