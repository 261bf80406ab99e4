//! Where a rule stands, said in three languages: "Rules, Annex 1, expl. 24" → «Правила, приложение 1, пояснение 24».
//!
//! A basis is written once, in English, beside what it founds; `templates/citations.toml` says its parts.

use crate::words::lang::{Lang, Text};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The parts of citations, `{n}` standing for the numbers in them.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(transparent)]
pub struct Citations {
    parts: BTreeMap<String, Text>,
}

/// What sets the parts of a citation apart.
const BETWEEN: [&str; 3] = ["; ", ": ", ", "];
/// Where the numbers stand in a part.
const SLOT: &str = "{n}";

impl Citations {
    /// The first part that lacks a language.
    pub fn incomplete(&self) -> Option<&str> {
        self.parts.iter().find(|(_, text)| text.is_incomplete()).map(|(part, _)| part.as_str())
    }

    /// The basis in all languages; a part that is not known stays as it is.
    pub fn say(&self, basis: &str) -> Text {
        let said = |lang| {
            parts(basis)
                .into_iter()
                .map(|(part, between)| self.part(part, lang).unwrap_or_else(|| part.to_owned()) + between)
                .collect::<String>()
        };
        Text::by(|lang| capital(&said(lang)))
    }

    /// The parts of a basis that are not in the data.
    pub fn unknown<'b>(&self, basis: &'b str) -> Vec<&'b str> {
        parts(basis).into_iter().map(|(part, _)| part).filter(|part| self.part(part, Lang::En).is_none()).collect()
    }

    fn part(&self, part: &str, lang: Lang) -> Option<String> {
        if let Some(text) = self.parts.get(part) {
            return Some(text.get(lang).to_owned());
        }
        let start = part.find(|letter: char| letter.is_ascii_digit())?;
        // A date may stand before the numbers: the last entry whose beginning fits.
        let entries = self.parts.iter().filter_map(|(entry, text)| Some((entry.strip_suffix(SLOT)?, text)));
        let (head, text) = entries.filter(|(head, _)| part.starts_with(head)).max_by_key(|(head, _)| head.len())?;
        let numbers = part[head.len()..].trim();
        let sound = head.len() >= start || part[..start].trim_end() == head.trim_end();
        let is_number = |letter: char| letter.is_ascii_digit() || " ,.+–-".contains(letter);
        let and = self.parts.get("and").map_or("and", |and| and.get(lang));
        let bare = numbers.replace(" and ", " ");
        (sound && !bare.is_empty() && bare.chars().all(is_number))
            .then(|| text.get(lang).replace(SLOT, &numbers.replace(" and ", &format!(" {and} "))))
    }
}

/// Parts with what stands behind each; numbers in a row stay together.
fn parts(basis: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    let (mut rest, mut from) = (basis, 0);
    loop {
        let next = BETWEEN.iter().filter_map(|between| Some((rest[from..].find(between)? + from, *between))).min();
        let Some((place, between)) = next else { break };
        let behind = &rest[place + between.len()..];
        if between == ", " && behind.starts_with(|letter: char| letter.is_ascii_digit()) {
            from = place + between.len();
            continue;
        }
        found.push((&rest[..place], between));
        (rest, from) = (behind, 0);
    }
    found.push((rest, ""));
    found
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use crate::definitions::Definitions;
    use crate::words::lang::Lang;

    #[test]
    fn citations_are_said_in_three_languages() {
        let citations = Definitions::load(None).unwrap().citations;
        let check = |basis: &str, ru: &str, kk: &str| {
            let said = citations.say(basis);
            assert_eq!((said.get(Lang::Ru), said.get(Lang::Kk)), (ru, kk));
        };
        check(
            "Rules, Annex 1, expl. 16, 17",
            "Правила, приложение 1, пояснение 16, 17",
            "Қағидалар, 1-қосымша, 16, 17-түсіндірме",
        );
        check("Law, art. 25; D3", "Закон, ст. 25; решение D3", "Заң, 25-бап; D3 шешімі");
        check(
            "Annex 2, row 11.1: of which",
            "Приложение 2, строка 11.1: из них",
            "2-қосымша, 11.1-жол: олардың ішінде",
        );
        check("Rules, Annexes 3 and 4", "Правила, приложения 3 и 4", "Қағидалар, 3 және 4-қосымшалар");
        assert_eq!(citations.unknown("Rules, annex 1; expl. x"), ["annex 1", "expl. x"]);
    }
}
