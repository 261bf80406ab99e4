//! Which texts of a head are plainly headers: a text beside a table may as well be a value of another one, and name a
//! person.

use crate::definitions::marks::marks;
use crate::definitions::record::Table;
use crate::definitions::spelling::looks_folded;
use crate::values::personal::{is_personal, shape, veiled};
use crate::words::lang::fold;
use std::borrow::Cow;
use std::collections::BTreeSet;

/// Digits of a header, at most: a year, a number of a column.
const DIGITS: usize = 4;
/// Letters that an ending leaves of a word, at least, and those that it takes, at most.
const STEM: (usize, usize) = (4, 2);

/// Words of all headers that the definitions know.
#[derive(Debug, Default)]
pub struct HeadWords(BTreeSet<String>);

impl HeadWords {
    pub fn new(tables: &[Table]) -> Self {
        let fields = tables.iter().flat_map(|table| &table.fields);
        let own = fields.flat_map(|field| {
            let near = field.near.iter().map(String::as_str);
            field.headers.all().chain(near).chain([field.name.as_str()])
        });
        let marks = marks().headers().iter().map(String::as_str);
        Self(own.chain(marks).flat_map(words).map(|word| stem(&word)).collect())
    }

    /// A text of a head as it may be shown: itself where each of its words is a word of headers, else its shape.
    pub fn shown<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let is_few = text.chars().filter(|letter| letter.is_numeric()).count() <= DIGITS;
        let is_known = |word: String| word.chars().all(char::is_numeric) || self.0.contains(&stem(&word));
        if is_few && !is_personal(text) && words(text).into_iter().all(is_known) {
            Cow::Borrowed(text)
        } else {
            shape(text).into()
        }
    }

    /// The cells of a head as they may be shown. Between the columns of required fields a text is a header for sure;
    /// beside them another table may stand. `column`: of a field, from 0.
    pub fn head<'c>(
        &self,
        table: &Table,
        column: impl Fn(usize) -> Option<usize>,
        cells: &'c [String],
    ) -> Vec<Cow<'c, str>> {
        let required = || table.required().filter_map(&column);
        let inside = required().min().unwrap_or(0)..=required().max().unwrap_or(0);
        let own: BTreeSet<usize> = (0..table.fields.len()).filter_map(&column).collect();
        let is_header = |column: usize| inside.contains(&column) || own.contains(&column);
        let cells = cells.iter().enumerate();
        cells.map(|(column, cell)| if is_header(column) { veiled(cell) } else { self.shown(cell) }).collect()
    }
}

/// The words of a text, folded: `clientName`, `client_name` and «Client name» are two.
fn words(text: &str) -> Vec<String> {
    let mut parted = String::with_capacity(text.len());
    let mut is_small = false;
    for letter in text.chars() {
        if is_small && letter.is_uppercase() {
            parted.push(' ');
        }
        is_small = letter.is_lowercase();
        parted.push(letter);
    }
    let folded = fold(&parted);
    folded.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// A word without its ending: «заявителя» and «заявитель» are one. Letters that look the same are the same.
fn stem(word: &str) -> String {
    let (least, most) = STEM;
    let count = word.chars().count();
    let ending = word.chars().rev().take_while(|letter| "аяоеыиуюйьі".contains(*letter)).count().min(most);
    let stem: String = word.chars().take(count.saturating_sub(ending).max(least.min(count))).collect();
    looks_folded(&stem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_told_from_names() {
        let words = HeadWords::new(&crate::definitions::Definitions::load(None).expect("definitions").tables);
        for text in [
            "Примечание",
            "Комментарий к заявке",
            "№ п/п",
            "ФИО заявителя",
            "created_by",
            "CreatedAt",
            "Телефон заявителя",
            "Ескертпе",
            "Қосымша 1",
            "лишнее",
            "colour",
            "2026",
            "Статус (2)",
        ] {
            assert_eq!(words.shown(text), text);
        }
        for text in [
            "Ахметов Асан",
            "Ахметова А.С.",
            "Серикқызы Айгерим",
            "Заявитель: Сериков Б.",
            "850101300123",
            "Smith John",
            "ivanov_a",
            "КАНАЛОВ Канал",
            "№ 12345",
        ] {
            assert_eq!(words.shown(text), shape(text));
        }
    }
}
