//! Totals that stand below or between the records (records.md, Sources).

use crate::definitions::marks::marks;
use crate::definitions::record::Table;
use crate::sources::raw::{FoundTable, Raw, is_empty};
use crate::values::personal::{cut, shape};
use crate::words::finding::{Finding, Place};

/// Tells totals from records by the columns that identify a record.
pub(crate) struct Totals {
    /// The column of the id, and the columns without which there is none.
    id: Option<usize>,
    required: Vec<Option<usize>>,
}

impl Totals {
    pub fn new(found: &FoundTable, definition: &Table) -> Self {
        let key: Vec<usize> = definition.key.iter().filter_map(|name| definition.position(name)).collect();
        let required =
            key.iter().filter(|field| definition.fields[**field].required).map(|field| found.columns[*field]).collect();
        Self { id: key.first().and_then(|field| found.columns[*field]), required }
    }

    /// The word of a totals row: as the id, or in a row without one as the first value or as a whole cell.
    /// `may_be_record`: the row has all else that a record needs.
    pub fn word<'c>(&self, cells: &[Raw<'c>], may_be_record: impl Fn() -> bool) -> Option<&'c str> {
        let id = self.id.and_then(|column| cells.get(column));
        if let Some(Raw::Text(text)) = id
            && marks().begins_total(text)
        {
            return Some(text);
        }
        // grouped by its id: few ids end in a letter
        if let Some(Raw::Text(text)) = id
            && text.ends_with(char::is_alphabetic)
            && let Some(name) = of_group(cells)
        {
            return Some(name).filter(|_| !may_be_record());
        }
        let empty = |column: &Option<usize>| column.and_then(|column| cells.get(column)).is_none_or(is_empty);
        if !self.required.iter().any(empty) {
            return None;
        }
        let mut filled = cells.iter().filter(|cell| !is_empty(cell));
        match filled.next() {
            Some(Raw::Text(first)) if marks().begins_total(first) => return Some(*first).filter(|_| !may_be_record()),
            _ => {}
        }
        let word = filled.find_map(|cell| match cell {
            Raw::Text(text) if marks().is_total(text) => Some(*text),
            _ => None,
        });
        word.or_else(|| of_group(cells)).filter(|_| !may_be_record())
    }
}

/// The name of a group with a word of totals behind it, and beside it numbers alone: what a spreadsheet puts below each group.
fn of_group<'c>(cells: &[Raw<'c>]) -> Option<&'c str> {
    let mut filled = cells.iter().filter(|cell| !is_empty(cell));
    let Some(Raw::Text(name)) = filled.next() else { return None };
    let is_number = |cell: &Raw<'_>| match cell {
        Raw::Integer(_) | Raw::Number(_) => true,
        Raw::Text(text) => {
            text.chars().all(|sign| sign.is_ascii_digit() || matches!(sign, ' ' | '\u{a0}' | ',' | '%' | '(' | ')'))
        }
        // never counted
        Raw::Uncached(formula) => formula.contains("SUBTOTAL("),
        _ => false,
    };
    let mut numbers = filled.peekable();
    (numbers.peek().is_some() && numbers.all(is_number) && marks().ends_total(name)).then_some(name)
}

/// One notice a totals row, so that nobody wonders where it went.
pub(crate) fn notice(place: Place, word: &str) -> Finding {
    // behind the word of a total, or before that of a group, anything may stand
    let words: Vec<&str> = word.split_whitespace().collect();
    let shaped = |words: &[&str]| if words.is_empty() { String::new() } else { shape(&words.join(" ")) };
    let word = match words.as_slice() {
        words if marks().is_total(word) => words.join(" "),
        [first, rest @ ..] if marks().begins_total(word) => format!("{first} {}", shaped(rest)),
        [rest @ .., last] => format!("{} {last}", shaped(rest)),
        [] => String::new(),
    };
    let word = cut(word.trim());
    Finding::new("totals_left_out", Place { value: Some(word.clone()), ..place }).with("value", word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn totals_are_told_from_records() {
        let totals = Totals { id: Some(0), required: vec![Some(0)] };
        for (cells, expected) in [
            (["Итого", "", ""], Some("Итого")),
            (["ИТОГО:", "", "15"], Some("ИТОГО:")),
            (["", "Барлығы", "15"], Some("Барлығы")),
            (["", "15", "Жиыны:"], Some("Жиыны:")),
            (["", "Всего за июль", "3"], Some("Всего за июль")),
            (["Total", "1", "2"], Some("Total")),
            (["", "Выдача справки Итог", "12"], Some("Выдача справки Итог")),
            (["001 Итог", "", "1 200"], Some("001 Итог")),
            (["Итог 001", "", "12"], Some("Итог 001")),
            (["Справка Количество", "", "12"], Some("Справка Количество")),
            (["001 Итог", "Справка", "12"], None),
            (["Количество", "", "12"], None),
            (["", "Справка Total", "Справка"], None),
            (["", "Справка Итог", ""], None),
            (["Итоговая", "", ""], None),
            (["TOTAL-7", "", ""], None),
            (["", "15", "Всего одна справка"], None),
            (["1", "Всего", "3"], None),
            (["", "", ""], None),
        ] {
            assert_eq!(totals.word(&cells.map(Raw::Text), || false), expected, "{cells:?}");
        }
    }
}
