//! Rows that stand in or about a table and are no records: numbers of columns, remarks, rows above the head.

use crate::definitions::codelist::CodeList;
use crate::definitions::marks::marks;
use crate::definitions::record::{FieldType, Table};
use crate::sources::raw::{FoundTable, Raw, is_empty};
use crate::words::finding::Finding;
use std::sync::Arc;

/// Rows below the head in which numbers of columns are looked for.
const NUMBERED: u64 = 3;

/// Tells such rows by the columns of the fields.
pub(crate) struct Aside {
    header_line: u64,
    /// Columns of required fields, and how many fields are required.
    required: Vec<usize>,
    needed: usize,
    /// Columns that identify a record.
    keys: Vec<usize>,
    dates: Vec<usize>,
    /// Columns of codes with their lists.
    codes: Vec<(usize, Arc<CodeList>)>,
}

/// What a row is that is no record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stray {
    Numbering,
    Remark,
}

impl Stray {
    /// One notice a row, without its text: it may name people.
    pub fn notice(self, found: &FoundTable, line: u64) -> Finding {
        let name = if self == Self::Numbering { "numbering_left_out" } else { "remark_left_out" };
        Finding::new(name, found.place(line))
    }
}

impl Aside {
    pub fn new(found: &FoundTable, definition: &Table) -> Self {
        let columns = |wanted: &dyn Fn(usize) -> bool| -> Vec<usize> {
            let fields = (0..definition.fields.len()).filter(|field| wanted(*field));
            fields.filter_map(|field| found.columns.get(field).copied().flatten()).collect()
        };
        let kind = |field: usize| definition.fields[field].kind;
        Self {
            header_line: found.header_line,
            required: columns(&|field| definition.fields[field].required),
            needed: definition.required().count(),
            keys: columns(&|field| {
                definition.key.contains(&definition.fields[field].name) && kind(field) == FieldType::Identifier
            }),
            dates: columns(&|field| matches!(kind(field), FieldType::Date | FieldType::Moment)),
            codes: codes(found, definition),
        }
    }

    /// What a row below the head is, if it is no record for sure.
    pub fn what(&self, line: u64, cells: &[Raw<'_>]) -> Option<Stray> {
        if line <= self.header_line + NUMBERED && is_numbering(cells) {
            return Some(Stray::Numbering);
        }
        (is_ruling(cells) || self.is_remark(cells)).then_some(Stray::Remark)
    }

    /// Whether some column of a day is filled.
    pub fn has_day(&self, cells: &[Raw<'_>]) -> bool {
        self.dates.iter().any(|column| cells.get(*column).is_some_and(|cell| !is_empty(cell)))
    }

    /// Whether all required columns but those of the id are filled: such a row may be a record that lost its id.
    pub fn lacks_only_id(&self, cells: &[Raw<'_>]) -> bool {
        let mut others = self.required.iter().filter(|column| !self.keys.contains(column)).peekable();
        others.peek().is_some() && others.all(|column| cells.get(*column).is_some_and(|cell| !is_empty(cell)))
    }

    /// Whether a row above the head may be a record: as many values as it needs, one of them as its column wants it.
    pub fn may_be_record(&self, cells: &[Raw<'_>]) -> bool {
        self.may_be_part(cells, self.needed.max(1))
    }

    /// The same of what a quote left of a record: at least two values.
    pub fn may_be_torn(&self, cells: &[Raw<'_>]) -> bool {
        self.may_be_part(cells, 2)
    }

    fn may_be_part(&self, cells: &[Raw<'_>], least: usize) -> bool {
        let filled = cells.iter().filter(|cell| !is_empty(cell)).count();
        let is_any = |columns: &[usize], test: &dyn Fn(&Raw<'_>) -> bool| {
            columns.iter().filter_map(|column| cells.get(*column)).any(test)
        };
        filled >= least
            && !is_numbering(cells)
            && (is_any(&self.keys, &has_digit) || is_any(&self.dates, &is_day) || self.has_code(cells))
    }

    /// Whether some column of codes has one.
    fn has_code(&self, cells: &[Raw<'_>]) -> bool {
        self.codes.iter().any(|(column, list)| match cells.get(*column) {
            Some(Raw::Text(text)) => list.find(text.trim()).is_some(),
            _ => false,
        })
    }

    /// A text alone that is known from below tables, or that is a sentence where an id would stand.
    fn is_remark(&self, cells: &[Raw<'_>]) -> bool {
        let mut filled = cells.iter().enumerate().filter(|(_, cell)| !is_empty(cell));
        let Some((column, Raw::Text(text))) = filled.next() else { return false };
        let others = filled.count();
        let given = self.required.iter().filter(|column| cells.get(**column).is_some_and(|cell| !is_empty(cell)));
        if others > 3 || given.count() > 1 {
            return false;
        }
        let is_digit = |letter: char| letter.is_ascii_digit();
        let is_sentence = || others == 0 && text.split_whitespace().count() >= 3 && !text.contains(is_digit);
        marks().is_remark(text)
            || others == 0 && marks().is_month_line(text)
            || ((column == 0 || self.keys.contains(&column)) && is_sentence())
    }
}

fn codes(found: &FoundTable, definition: &Table) -> Vec<(usize, Arc<CodeList>)> {
    let fields = definition.fields.iter().zip(&found.columns);
    fields.filter_map(|(field, column)| Some(((*column)?, Arc::clone(field.codes.as_ref()?)))).collect()
}

fn has_digit(cell: &Raw<'_>) -> bool {
    match cell {
        Raw::Text(text) => text.bytes().any(|byte| byte.is_ascii_digit()),
        Raw::Integer(_) => true,
        _ => false,
    }
}

/// Three numbers with the signs of a date between them, or a day of a spreadsheet.
pub(crate) fn is_day(cell: &Raw<'_>) -> bool {
    match cell {
        Raw::Moment { .. } => true,
        Raw::Text(text) => {
            let day = text.trim().split([' ', 'T']).next().unwrap_or_default();
            let parts: Vec<&str> = day.split(['.', '-', '/']).collect();
            parts.len() == 3
                && parts.iter().all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
        }
        _ => false,
    }
}

/// A line of dashes and the like in every column, by which consoles of databases set off their heads.
fn is_ruling(cells: &[Raw<'_>]) -> bool {
    let is_line = |cell: &Raw<'_>| match cell {
        Raw::Text(text) => text.len() > 2 && text.chars().all(|sign| matches!(sign, '-' | '=' | '+' | '─' | '┼' | '═')),
        _ => false,
    };
    let mut filled = cells.iter().filter(|cell| !is_empty(cell)).peekable();
    filled.peek().is_some() && filled.all(is_line)
}

/// 1, 2, 3 … from left to right, perhaps after А, Б, В: three columns at least.
pub(crate) fn is_numbering(cells: &[Raw<'_>]) -> bool {
    const LETTERS: [&str; 2] = ["АБВГД", "ABCDE"];
    let (mut next, mut letters, mut count) = (None, 0, 0);
    for cell in cells.iter().filter(|cell| !is_empty(cell)) {
        count += 1;
        let number = match cell {
            Raw::Integer(number) => Some(*number),
            Raw::Text(text) => {
                let text = text.trim().trim_matches(['(', ')', '[', ']', '.']);
                let is_letter =
                    |alphabet: &&str| alphabet.chars().nth(letters).is_some_and(|letter| text.chars().eq([letter]));
                if next.is_none() && LETTERS.iter().any(is_letter) {
                    letters += 1;
                    continue;
                }
                text.parse().ok()
            }
            _ => None,
        };
        match (number, next) {
            (Some(number @ (0 | 1)), None) => next = Some(number + 1),
            (Some(number), Some(expected)) if number == expected => next = Some(number + 1),
            _ => return false,
        }
    }
    count >= 3 && next.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_columns() {
        for (cells, expected) in [
            (&["1", "2", "3"][..], true),
            (&["А", "Б", "1", "2"], true),
            (&["(1)", "", "(2)", "3."], true),
            (&["0", "1", "2"], true),
            (&["1", "2"], false),
            (&["1", "3", "4"], false),
            (&["А", "Б", "В"], false),
            (&["17", "18", "19"], false),
            (&["1", "2026-07-01", "3"], false),
        ] {
            let cells: Vec<Raw<'_>> = cells.iter().map(|text| Raw::Text(text)).collect();
            assert_eq!(is_numbering(&cells), expected, "{cells:?}");
        }
    }

    #[test]
    fn lines_of_dashes() {
        for (cells, expected) in [
            (&["------", "---", "========"][..], true),
            (&["----+-----+---"], true),
            (&["", "─────┼────", ""], true),
            (&["-", "—", "-"], false),
            (&["---", "17"], false),
            (&["", ""], false),
        ] {
            let cells: Vec<Raw<'_>> = cells.iter().map(|text| Raw::Text(text)).collect();
            assert_eq!(is_ruling(&cells), expected, "{cells:?}");
        }
    }

    #[test]
    fn remarks_and_rows_above() {
        let aside = Aside {
            header_line: 1,
            required: vec![0, 1, 2],
            needed: 3,
            keys: vec![0],
            dates: vec![2],
            codes: Vec::new(),
        };
        for (cells, remark, record) in [
            (&["(3 rows affected)", "", ""][..], true, false),
            (&["Исполнитель:", "подпись", ""], false, false),
            (&["Исполнитель:", "", "", "Ахметов"], true, false),
            (&["данные уточняются до конца", "", ""], true, false),
            (&["", "данные уточняются до конца", ""], false, false),
            (&["A-17", "", ""], false, false),
            (&["№ 17 от третьего июля", "", ""], false, false),
            (&["A-17", "x", "2026-07-01"], false, true),
            (&["Отчёт", "за период", "3 квартал"], false, false),
            (&["Итоги", "x", "01.07.2026"], false, true),
        ] {
            let cells: Vec<Raw<'_>> = cells.iter().map(|text| Raw::Text(text)).collect();
            assert_eq!((aside.is_remark(&cells), aside.may_be_record(&cells)), (remark, record), "{cells:?}");
        }
    }
}
