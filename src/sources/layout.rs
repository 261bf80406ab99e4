//! How a sheet is laid out beside its values: merged cells, hidden rows and columns, numbers shown as others.

use crate::sources::shown::ShownNumbers;

/// Merged cells, rows and columns from 0, both ends inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Area {
    pub first: (u32, u32),
    pub last: (u32, u32),
}

/// What a person sees of a sheet and a reader of values does not.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Layout {
    pub merged: Vec<Area>,
    /// Rows from 1, first and last, in order.
    pub hidden_rows: Vec<(u64, u64)>,
    /// Columns from 0, first and last, in order.
    pub hidden_columns: Vec<(u64, u64)>,
    pub shown: ShownNumbers,
}

impl Layout {
    pub fn is_row_hidden(&self, line: u64) -> bool {
        is_within(&self.hidden_rows, line)
    }

    pub fn is_column_hidden(&self, column: usize) -> bool {
        is_within(&self.hidden_columns, column as u64)
    }
}

fn is_within(ranges: &[(u64, u64)], place: u64) -> bool {
    let next = ranges.partition_point(|(first, _)| *first <= place);
    next.checked_sub(1).is_some_and(|range| ranges[range].1 >= place)
}

/// Adds a number behind the last range, or to it.
pub fn extend(ranges: &mut Vec<(u64, u64)>, first: u64, last: u64) {
    match ranges.last_mut() {
        Some(range) if range.1 + 1 == first => range.1 = last,
        _ => ranges.push((first, last)),
    }
}

/// Ranges as people write them: `5–9, 12`; of very many the first ones.
pub fn print(ranges: &[(u64, u64)]) -> String {
    const SHOWN: usize = 20;
    let one = |(first, last): &(u64, u64)| if first == last { first.to_string() } else { format!("{first}–{last}") };
    let shown: Vec<String> = ranges.iter().take(SHOWN).map(one).collect();
    shown.join(", ") + if ranges.len() > SHOWN { ", …" } else { "" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_grow_and_are_printed() {
        let mut ranges = Vec::new();
        for (first, last) in [(2, 3), (4, 4), (9, 9)] {
            extend(&mut ranges, first, last);
        }
        assert_eq!((ranges.clone(), print(&ranges)), (vec![(2, 4), (9, 9)], "2–4, 9".to_owned()));
        let layout = Layout { hidden_rows: ranges, ..Layout::default() };
        assert_eq!([1, 2, 4, 5, 9, 10].map(|line| layout.is_row_hidden(line)), [false, true, true, false, true, false]);
    }
}
