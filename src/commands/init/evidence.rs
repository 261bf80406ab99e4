//! What the names of files and sheets and the titles say of a table: they outweigh columns that any table may have.

use crate::commands::init::layout::Layout;
use crate::definitions::Definitions;
use crate::words::lang::fold;
use std::collections::BTreeSet;

/// The tables that are named; a table of results only where no other is: «Журнал жалоб на качество услуг» has complaints.
pub fn named(layout: &Layout, definitions: &Definitions) -> BTreeSet<usize> {
    let names: Vec<String> = layout.names().iter().map(|name| fold(name)).collect();
    let is_named = |place: &usize| {
        let table = &definitions.tables[*place];
        let hints = definitions.hints.tables.get(&table.table).into_iter().flatten().map(String::as_str);
        let words = table.names.all().chain([table.table.as_str()]).chain(hints).map(fold);
        words.into_iter().any(|word| names.iter().any(|name| has(name, &word)))
    };
    let all: BTreeSet<usize> = (0..definitions.tables.len()).filter(is_named).collect();
    let others: BTreeSet<usize> = all.iter().copied().filter(|place| !definitions.tables[*place].is_result()).collect();
    if others.is_empty() { all } else { others }
}

/// Whether a name has a word that begins so.
fn has(name: &str, word: &str) -> bool {
    let begins = |(at, _): (usize, &str)| name[..at].chars().next_back().is_none_or(|before| !before.is_alphabetic());
    !word.is_empty() && name.match_indices(word).any(begins)
}

#[cfg(test)]
mod tests {
    use super::has;

    #[test]
    fn words_begin_where_no_letter_stands_before() {
        assert!(has("журнал жалоб.xlsx", "жалоб") && has("2026_услуги", "услуг"));
        assert!(!has("подзаказ", "заказ"));
    }
}
