//! What the texts around the table say: which form it is, of which quarter, of whom.

use crate::definitions::form::Form;
use crate::definitions::spelling::{Spellings, fold, holds_words, likeness_from};
use crate::filed::locate::months_in;
use crate::sources::workbook::grid::{Datum, Grid};
use crate::values::period::Quarter;
use crate::words::lang::{Lang, Text};
use std::collections::{BTreeMap, BTreeSet};

/// Folded texts of the rows up to `last`, with their row and column.
pub fn texts(grid: &Grid, last: u32) -> Vec<((u32, u32), String)> {
    let cells = grid.cells.range(..=(last, u32::MAX));
    let of = |datum: &Datum| if let Datum::Text(text) = datum { Some(fold(text)) } else { None };
    cells
        .filter_map(|(place, cell)| of(&cell.datum).map(|text| (*place, text)))
        .filter(|(_, text)| !text.is_empty())
        .collect()
}

/// How a form is named above its table, folded.
#[derive(Debug)]
pub struct Titles {
    form: String,
    indexes: Vec<String>,
    /// The same without blanks.
    tight: Vec<String>,
    names: Vec<String>,
}

impl Titles {
    pub fn of(form: &Form) -> Self {
        let folded = |text: &Text| Lang::ALL.map(|lang| fold(text.get(lang)));
        let indexes: Vec<String> = folded(&form.index).into_iter().chain([fold(&form.form)]).collect();
        let titles = form.head.iter().filter(|label| matches!(label.id.as_str(), "name" | "data_title"));
        Self {
            form: form.form.clone(),
            tight: indexes.iter().map(|index| index.replace(' ', "")).collect(),
            indexes,
            names: titles.flat_map(|label| folded(&label.label)).collect(),
        }
    }

    fn is_index(&self, text: &str) -> bool {
        self.indexes.iter().any(|index| holds_words(text, index))
            || text.split(' ').any(|word| self.tight.iter().any(|tight| tight == word))
    }

    fn is_title(&self, text: &str) -> bool {
        self.names.iter().any(|title| likeness_from(text, title, 0.9) >= 0.9)
    }
}

/// Forms that the texts name, by index or title; the index is stronger.
pub fn forms(texts: &[((u32, u32), String)], all: &[Titles]) -> Vec<String> {
    for evidence in [Titles::is_index, Titles::is_title] {
        let is_named = |titles: &&Titles| texts.iter().any(|(_, text)| evidence(titles, text));
        let named: BTreeSet<String> = all.iter().filter(is_named).map(|titles| titles.form.clone()).collect();
        if !named.is_empty() {
            return named.into_iter().collect();
        }
    }
    Vec::new()
}

/// A quarter that a text names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dated {
    pub quarter: Quarter,
    pub place: Option<(u32, u32)>,
}

/// Quarters that the texts name with their year, without repeats.
pub fn quarters(texts: &[((u32, u32), String)], spellings: &Spellings) -> Vec<Dated> {
    let mut found: Vec<Dated> = Vec::new();
    for (place, text) in texts {
        for quarter in quarters_in(text, spellings) {
            if found.iter().all(|known| known.quarter != quarter) {
                found.push(Dated { quarter, place: Some(*place) });
            }
        }
    }
    found
}

/// `III квартал 2026 года`, `2026 жылғы 3-тоқсан`, `2026Q3`, `3 кв. 2026 г.`; the text is folded. Of a text with
/// several quarters or years all that may be meant.
pub fn quarters_in(text: &str, spellings: &Spellings) -> BTreeSet<Quarter> {
    let words: Vec<&str> = text.split(' ').collect();
    let written: BTreeSet<Quarter> = words.iter().filter_map(|word| Quarter::parse(word).ok()).collect();
    if !written.is_empty() {
        return written;
    }
    let year = |word: &&str| {
        let digits: String = word.chars().take_while(char::is_ascii_digit).collect();
        let year: i32 = digits.parse().ok()?;
        (digits.len() == 4 && (2016..=2100).contains(&year)).then_some(year)
    };
    let years: BTreeSet<i32> = words.iter().filter_map(year).collect();
    let is_quarter = |word: &str| {
        spellings
            .quarter_words
            .iter()
            .any(|known| fold(known) == word || (known.chars().count() > 3 && word.starts_with(fold(known).as_str())))
    };
    let at = (0..words.len()).filter(|at| is_quarter(words[*at]));
    let numbers: BTreeSet<u32> = at.flat_map(|at| ordinals(&words, at, spellings)).collect();
    years.iter().flat_map(|year| numbers.iter().map(|number| Quarter { year: *year, number: *number })).collect()
}

/// Ordinals beside the word for a quarter: before it, over the ending of an ordinal («3-й квартал», «3-ші тоқсан»)
/// and in a row («I–III кварталы»), else behind it.
fn ordinals(words: &[&str], at: usize, spellings: &Spellings) -> Vec<u32> {
    let ordinal = |word: &str| {
        let latin: String = word.chars().map(|letter| if letter == 'і' { 'i' } else { letter }).collect();
        let is = |known: &String| fold(known) == word || fold(known) == latin;
        (1..).zip(&spellings.ordinals).find(|(_, known)| known.iter().any(is)).map(|(number, _)| number)
    };
    let links = |word: &str| spellings.links.iter().any(|known| known == word);
    let mut found = Vec::new();
    for before in (0..at).rev() {
        match ordinal(words[before]) {
            Some(number) => found.push(number),
            None if links(words[before]) || (found.is_empty() && before + 1 == at) => {}
            None => break,
        }
    }
    if found.is_empty() {
        found.extend(words.get(at + 1).and_then(|word| ordinal(word)));
    }
    found
}

/// The quarter of the year that the heads' months belong to, where they name only one quarter's.
pub fn quarter_of_months(texts: &[String], spellings: &Spellings) -> Option<u32> {
    let named: Vec<Vec<u32>> =
        texts.iter().map(|text| months_in(text, spellings)).filter(|months| months.len() == 1).collect();
    let quarters: BTreeSet<u32> = named.iter().flatten().map(|month| (month - 1) / 3 + 1).collect();
    let distinct: BTreeSet<u32> = named.iter().flatten().copied().collect();
    if quarters.len() == 1 && distinct.len() == 3 { quarters.into_iter().next() } else { None }
}

/// BIN and name of the body, where the sheet says them.
pub fn body(grid: &Grid, form: &Form, spellings: &Spellings) -> (String, Text) {
    let (mut bin, mut name) = (String::new(), Text::default());
    for (place, cell) in &grid.cells {
        let shown = crate::filed::value::shown(cell);
        let digits: Vec<&str> =
            shown.split(|sign: char| !sign.is_ascii_digit()).filter(|run| run.len() == 12).collect();
        let beside = || place.1.checked_sub(1).and_then(|left| grid.text(place.0, left)).map(fold).unwrap_or_default();
        let says_bin = |text: &str| spellings.bin.iter().any(|word| text.split(' ').any(|own| own == fold(word)));
        if let [only] = digits[..]
            && crate::values::business_number::is_sound(only)
            && (says_bin(&fold(&shown)) || says_bin(&beside()))
        {
            only.clone_into(&mut bin);
        }
        if let Datum::Text(text) = &cell.datum {
            let right = || {
                grid.row(place.0).find(|(other, _)| *other > place.1).map(|(_, cell)| crate::filed::value::shown(cell))
            };
            for line in text.lines() {
                name_in(line, form, &right().unwrap_or_default(), &mut name);
            }
        }
    }
    let first =
        [Lang::Ru, Lang::Kk].into_iter().chain(Lang::ALL).map(|lang| name.get(lang)).find(|name| !name.is_empty());
    let first = first.unwrap_or_default().to_owned();
    let name = name.map(|own| if own.is_empty() { first.clone() } else { own.to_owned() });
    (bin, name)
}

/// `Наименование органа: …`, or the name in the next cell.
fn name_in(line: &str, form: &Form, right: &str, name: &mut Text) {
    let Some(label) = Form::label(&form.signature, "body") else { return };
    let clean = |text: &str| text.trim_matches([':', ' ', '_', '\u{a0}']).to_owned();
    for lang in Lang::ALL {
        let own = name.get_mut(lang);
        let label = label.get(lang).trim_end_matches(':');
        let begins = line.trim().to_lowercase().starts_with(&label.to_lowercase());
        if own.is_empty() && begins {
            let rest: String = line.trim().chars().skip(label.chars().count()).collect();
            let rest = clean(&rest);
            // the label of the next field is no name
            let lower = right.to_lowercase();
            let labels =
                form.signature.iter().flat_map(|label| Lang::ALL.map(|lang| label.label.get(lang).to_lowercase()));
            let is_label =
                labels.map(|label| label.trim_end_matches(':').to_owned()).any(|label| lower.starts_with(&label));
            *own = match rest.is_empty() {
                true if is_label => String::new(),
                true => clean(right),
                false => rest,
            };
        }
    }
}

/// Languages in which most labels stand, in the order of the program.
pub fn languages(met: &BTreeMap<Lang, usize>, rows: usize) -> Vec<Lang> {
    let most = |count: &usize| *count * 2 > rows;
    let langs: Vec<Lang> = met.iter().filter(|(_, count)| most(count)).map(|(lang, _)| *lang).collect();
    if langs.is_empty() { vec![Lang::Ru] } else { langs }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quarters_as_people_write_them() {
        let definitions = crate::definitions::Definitions::load(None).expect("definitions");
        let spellings = &definitions.filed;
        let third = BTreeSet::from([Quarter { year: 2026, number: 3 }]);
        for text in [
            "Отчетный период: III квартал 2026 года",
            "за 3 квартал 2026г.",
            "3-й квартал 2026 года",
            "ІІІ квартал 2026 года",
            "Есепті кезең: 2026 жылғы III тоқсан",
            "2026 жылғы 3-тоқсан",
            "2026 жылдың үшінші тоқсаны",
            "Reporting period: III quarter of 2026",
            "2026Q3",
            "3 кв. 2026",
            "Третий квартал 2026 года",
        ] {
            assert_eq!(quarters_in(&fold(text), spellings), third, "{text}");
        }
        for text in ["за квартал", "2026 год", "III квартал", "Отчетный период: ___ квартал 20__ года"]
        {
            assert!(quarters_in(&fold(text), spellings).is_empty(), "{text}");
        }
        for (text, count) in [
            ("III квартал 2025 и 2026 годов", 2),
            ("III квартал 2026 года (сравнение: II квартал 2026 года)", 2),
            ("за I–III кварталы 2026 года", 2),
            ("2026 жылғы I және II тоқсан", 2),
            ("2026Q2, 2026Q3", 2),
        ] {
            assert_eq!(quarters_in(&fold(text), spellings).len(), count, "{text}");
        }
    }

    #[test]
    fn months_in_heads_tell_the_quarter() {
        let definitions = crate::definitions::Definitions::load(None).expect("definitions");
        let spellings = &definitions.filed;
        let of =
            |texts: &[&str]| quarter_of_months(&texts.iter().map(|text| fold(text)).collect::<Vec<_>>(), spellings);
        assert_eq!(of(&["Июль", "август 2026", "сентябрь"]), Some(3));
        assert_eq!(of(&["Январь (апрель, июль, октябрь)", "Февраль (май, август, ноябрь)", "Март"]), None);
        assert_eq!(of(&["Июль", "май", "март"]), None);
    }
}
