//! Sources that are known by their headers, whatever they are called: what a body confirmed for one quarter holds in
//! the next.

use crate::body::mapping::{Head, Mapping, numbered_field};
use crate::definitions::record::{Field, Table};
use crate::sources::head_row::{HEAD_HEIGHT, HeadRow, folded, join};
use crate::sources::raw::{FoundTable, Supplied};
use crate::words::lang::{Lang, is_kazakh};
use std::collections::{BTreeMap, BTreeSet};

/// So many of all headers of a group and of a source must be the same.
const ALIKE: f64 = 0.6;

/// Which head of a mapping a source has.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Fit {
    /// Position in the mapping.
    pub place: usize,
    /// Where the head stands: the first of the rows, and how many; `None`: the source is meant by its name.
    pub at: Option<(usize, usize)>,
    likeness: f64,
}

/// The head of a mapping that a source has: by its name, else by its headers, the likest.
pub(crate) fn find(mapping: &Mapping, source: &str, sheet: Option<&str>, rows: &[HeadRow]) -> Option<Fit> {
    let is_named = |head: &Head| head.confirmed && head.headers.is_empty() && head.is_of(source, sheet);
    if let Some(place) = mapping.heads.iter().position(is_named) {
        return Some(Fit { place, at: None, likeness: 1.0 });
    }
    let groups: Vec<(usize, BTreeSet<String>)> = mapping.heads.iter().enumerate().map(set).collect();
    let groups: Vec<_> = groups.into_iter().filter(|(_, headers)| !headers.is_empty()).collect();
    let mut best: Option<Fit> = None;
    for height in 1..=if groups.is_empty() { 0 } else { HEAD_HEIGHT } {
        for (first, window) in rows.windows(height).enumerate() {
            let own = headers(join(window).cells.iter());
            for (place, group) in &groups {
                let likeness = alike(&own, group);
                // a head that a person confirmed is meant rather than one that nobody looked at
                let weight = |place: usize, likeness: f64| (likeness, mapping.heads[place].confirmed);
                let beats = best.is_none_or(|best| weight(*place, likeness) > weight(best.place, best.likeness));
                if likeness >= ALIKE && beats {
                    best = Some(Fit { place: *place, at: Some((first, height)), likeness });
                }
            }
        }
    }
    best
}

fn set((place, head): (usize, &Head)) -> (usize, BTreeSet<String>) {
    (place, headers(head.headers.iter()))
}

/// Headers as a set.
pub(crate) fn headers<'h>(cells: impl Iterator<Item = &'h String>) -> BTreeSet<String> {
    cells.map(|cell| folded(cell)).filter(|cell| !cell.is_empty()).collect()
}

/// Whether a table that was found is one of those that a head is of.
pub fn is_of(head: &Head, found: &FoundTable) -> bool {
    if head.headers.is_empty() {
        return head.is_of(&found.name, found.sheet.as_deref());
    }
    alike(&headers(found.headers[..found.width()].iter()), &headers(head.headers.iter())) >= ALIKE
}

fn alike(own: &BTreeSet<String>, group: &BTreeSet<String>) -> f64 {
    let all = own.union(group).count();
    #[allow(clippy::cast_precision_loss)] // a few columns
    if all == 0 { 0.0 } else { own.intersection(group).count() as f64 / all as f64 }
}

/// What a mapping gives to all rows of a source: values, the sheet's name, what its title says, places as ids.
pub(crate) fn supplied(
    head: &Head,
    table: &Table,
    sheet: Option<&str>,
    above: &[HeadRow],
) -> BTreeMap<usize, Supplied> {
    let fixed = |value: &str| Supplied::Fixed(value.to_owned());
    let mut supplied: BTreeMap<usize, Supplied> =
        head.fixed.iter().filter_map(|(field, value)| Some((table.position(field)?, fixed(value)))).collect();
    let named = head.sheet_name.as_ref().and_then(|field| table.position(field)).zip(sheet);
    supplied.extend(named.map(|(field, sheet)| (field, fixed(sheet.trim()))));
    let titled = head.titled.iter();
    supplied.extend(titled.filter_map(|(word, field)| {
        let value = above.iter().find_map(|row| titled_value(&row.cells, word))?;
        Some((table.position(field)?, fixed(&value)))
    }));
    let numbered = numbered_field(table).filter(|_| head.numbered);
    supplied.extend(numbered.map(|field| (field, Supplied::Place)));
    supplied
}

/// `Услуга: Выдача справки`, in one cell or in two.
fn titled_value(cells: &[String], word: &str) -> Option<String> {
    let word = folded(word);
    let mut filled = cells.iter().map(|cell| cell.trim()).filter(|cell| !cell.is_empty());
    while let Some(cell) = filled.next() {
        let (label, value) = cell.split_once(':').unwrap_or((cell, ""));
        if folded(label) == word {
            let value = if value.trim().is_empty() { filled.next()? } else { value.trim() };
            return Some(value.to_owned());
        }
    }
    None
}

/// The lines above the head that say what all rows below it have: word before the colon, and value.
pub fn titles(above: &[Vec<String>]) -> Vec<(String, String)> {
    let words = above.iter().flatten().filter_map(|cell| cell.split_once(':')).map(|(word, _)| word.trim().to_owned());
    let said = |word: String| {
        let value = above.iter().find_map(|cells| titled_value(cells, &word))?;
        Some((word, value))
    };
    words.filter(|word| !word.is_empty()).filter_map(said).collect()
}

/// The column of what stands in lines above the rows is called as the field, in the language of the head.
pub(crate) fn section_header(field: &Field, cells: &[String]) -> String {
    let header = field.headers.first();
    header.get(if cells.iter().any(|cell| is_kazakh(cell)) { Lang::Kk } else { Lang::Ru }).to_owned()
}

/// The text of a line that stands above its rows: one text alone, perhaps with a number, perhaps with a word before it.
pub(crate) fn section_text<'t>(texts: &[&'t str], is_header: impl Fn(&str) -> bool) -> Option<&'t str> {
    let letters = |text: &str| text.chars().filter(|letter| letter.is_alphabetic()).count();
    let is_ordinal = |text: &str| text.chars().count() <= 5 && letters(text) <= 3 && !text.contains(' ');
    let (ordinals, texts): (Vec<&str>, Vec<&str>) = if texts.len() == 1 {
        (Vec::new(), texts.to_vec())
    } else {
        texts.iter().copied().partition(|text| is_ordinal(text))
    };
    let [text] = texts.as_slice() else { return None };
    if ordinals.len() > 1 || letters(text) < 3 {
        return None;
    }
    let after_number = text.trim_start_matches(|sign: char| sign.is_ascii_digit());
    let numbered = after_number.strip_prefix(['.', ')']).filter(|_| after_number.len() < text.len());
    let text = numbered.unwrap_or(text).trim();
    let labelled = text.split_once(':').filter(|(word, _)| is_header(&folded(word))).map(|(_, value)| value.trim());
    Some(labelled.unwrap_or(text)).filter(|text| letters(text) >= 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_above_their_rows() {
        for (texts, expected) in [
            (&["Выдача справок"][..], Some("Выдача справок")),
            (&["2. Постановка на учет"], Some("Постановка на учет")),
            (&["Услуга: Выдача справок"], Some("Выдача справок")),
            (&["Адрес: дом 3"], Some("Адрес: дом 3")),
            (&["II", "Выдача справок"], Some("Выдача справок")),
            (&["12", "Выдача справок", "Отказ"], None),
            (&["17"], None),
        ] {
            assert_eq!(section_text(texts, |word| word == folded("услуга")), expected, "{texts:?}");
        }
    }

    #[test]
    fn a_group_is_known_by_its_headers() {
        let head = |headers: &[&str]| Head {
            headers: headers.iter().map(|header| (*header).to_owned()).collect(),
            confirmed: true,
            ..Head::default()
        };
        let mapping = Mapping {
            heads: vec![head(&["№", "Дата", "ФИО"]), head(&["№", "подачи", "выдачи"])],
            ..Mapping::default()
        };
        let row =
            |line: u64, cells: &[&str]| HeadRow { line, cells: cells.iter().map(|cell| (*cell).to_owned()).collect() };
        let rows = [row(1, &["Журнал"]), row(2, &["№", "Дата", ""]), row(3, &["", "Подачи", "выдачи:"])];
        let fit = find(&mapping, "4 кв.xlsx", Some("Октябрь"), &rows).map(|fit| (fit.place, fit.at));
        assert_eq!(fit, Some((1, Some((1, 2)))));
        let shared = find(&mapping, "4 кв.xlsx", None, &rows[..2]).map(|fit| fit.place);
        assert_eq!(shared, Some(0), "two headers of three");
        assert_eq!(find(&mapping, "4 кв.xlsx", None, &rows[..1]), None);
    }
}
