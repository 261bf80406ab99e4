//! Tables that stand side by side under the same headers, a month each: a row of the sheet holds a record of each of them.
//!
//! They are told and not read: a record is found by file, sheet and line, in every finding, mend and quarantine, and of
//! such a sheet three records have one line. Put one below the other they are read as they are.

/// Columns that make a table, at least.
const LEAST: usize = 3;
/// Columns of a head that may stand beside the tables: a number of the row for all of them.
const OUTSIDE: usize = 1;

/// First and last column of each table, from the left; empty: there are not several. `headers`: the lowest of a head of
/// several rows, folded.
pub fn side_by_side(headers: &[String]) -> Vec<(usize, usize)> {
    let is_filled = |at: &usize| headers.get(*at).is_some_and(|header| !header.is_empty());
    let alike = |at: usize, shift: usize| is_filled(&at) && headers.get(at) == headers.get(at + shift);
    let shared = |from: usize, to: usize, shift: usize| (from..to).filter(|at| alike(*at, shift)).count();
    let Some(shift) = (LEAST..headers.len()).find(|shift| shared(0, headers.len(), *shift) >= LEAST) else {
        return Vec::new();
    };
    let Some(start) = (0..headers.len()).find(|at| alike(*at, shift)) else { return Vec::new() };
    let mut tables = Vec::new();
    let mut first = start;
    while tables.is_empty() || shared(first - shift, first, shift) >= LEAST {
        let end = (first + shift).min(headers.len());
        let Some(last) = (first..end).rev().find(|at| is_filled(at)) else { break };
        tables.push((first, last));
        first = end;
        if end == headers.len() {
            break;
        }
    }
    let within = |at: &usize| tables.iter().any(|(first, last)| (*first..=*last).contains(at));
    let outside = (0..headers.len()).filter(|at| is_filled(at) && !within(at)).count();
    if tables.len() > 1 && outside <= OUTSIDE { tables } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::side_by_side;

    #[test]
    fn a_head_that_repeats_is_of_several_tables() {
        for (headers, tables) in [
            ("№|Услуга|Дата||№|Услуга|Дата||№|Услуга|Дата", &[(0, 2), (4, 6), (8, 10)][..]),
            ("№|Услуга|Дата|№|Услуга|Дата", &[(0, 2), (3, 5)]),
            ("п/п|Услуга|Канал|Дата|Услуга|Канал|Дата", &[(1, 3), (4, 6)]),
            // the last of them may be shorter, the first may have a column more
            ("№|Услуга|Канал|Дата|№|Услуга|Канал|Прим", &[(0, 3), (4, 7)]),
            // stages of one record, and words that repeat by chance
            ("№|Услуга|Канал|Дата|Время|Кто|Дата|Время|Кто", &[]),
            ("№|Услуга|План|Факт|План|Факт", &[]),
            ("№|Услуга|Дата", &[]),
            ("", &[]),
        ] {
            let headers: Vec<String> = headers.split('|').map(str::to_owned).collect();
            assert_eq!(side_by_side(&headers), tables, "{headers:?}");
        }
    }
}
