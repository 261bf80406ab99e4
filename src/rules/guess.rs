//! Guesses at what went wrong, from the differences of failed sums.

use crate::definitions::form::{Check, Form, Rule};
use crate::values::cells::{Cells, Line, Value};
use std::collections::BTreeMap;

/// One failed equality at a line: its columns with both sides.
#[derive(Debug)]
pub struct Failure<'r> {
    pub rule: &'r Rule,
    pub line: usize,
    /// Column → left side (what stands there), right side (what it should be).
    pub columns: BTreeMap<usize, (i64, i64)>,
}

/// Steps of the search for a set of lines.
const STEPS: usize = 20_000;
/// Lines of a set at most.
const SET: usize = 4;

/// A change to try, with the evidence for it.
#[derive(Debug, Clone)]
pub struct Guess {
    pub name: &'static str,
    pub slots: Vec<(String, String)>,
    /// The smaller, the more telling the evidence.
    pub rank: usize,
    values: Vec<(usize, usize, Value)>,
    /// Lines that belong to another row.
    moves: Vec<(usize, usize)>,
}

impl Guess {
    fn new(name: &'static str, rank: usize) -> Self {
        Self { name, slots: Vec::new(), rank, values: Vec::new(), moves: Vec::new() }
    }

    #[allow(clippy::needless_pass_by_value)] // as `Finding::with`
    fn with(mut self, slot: &str, value: impl ToString) -> Self {
        self.slots.push((slot.to_owned(), value.to_string()));
        self
    }

    pub fn apply(&self, cells: &mut Cells) {
        for (line, column, value) in &self.values {
            cells.lines[*line].values[*column] = value.clone();
        }
        for (line, row) in &self.moves {
            cells.lines[*line].row = *row;
        }
    }
}

/// All guesses, the more telling first.
pub fn all(form: &Form, cells: &Cells, failures: &[Failure<'_>]) -> Vec<Guess> {
    let mut guesses = misplaced(form, cells, failures);
    for failure in failures {
        guesses.extend(stock_summed(form, cells, failure));
        guesses.extend(shifted(form, cells, failure));
        guesses.extend(total(form, cells, failure));
        guesses.extend(typed(form, cells, failure));
    }
    guesses.sort_by_key(|guess| guess.rank);
    guesses
}

/// The number of a row as printed, with the name of the line.
fn name(form: &Form, line: &Line) -> String {
    let no = &form.rows[line.row].no;
    if line.key.is_row() { no.clone() } else { format!("{no} «{}»", line.key.label()) }
}

fn number(line: &Line, column: usize) -> i64 {
    line.values.get(column).and_then(Value::number).unwrap_or(0)
}

/// The lines on the right side of a failed sum.
fn parts(form: &Form, cells: &Cells, failure: &Failure<'_>) -> Vec<usize> {
    let own = &cells.lines[failure.line];
    let all = || cells.lines.iter().enumerate();
    match failure.rule.check {
        Check::LinesSum if own.key.is_row() => {
            let levels = form.rows[own.row].lines.contains(&crate::definitions::form::LineBy::Provider);
            let top =
                |line: &Line| line.row == own.row && !line.key.is_row() && (!levels || line.key.service.is_none());
            all().filter(|(_, line)| top(line)).map(|(at, _)| at).collect()
        }
        Check::LinesSum => {
            let below = all().skip(failure.line + 1);
            below.take_while(|(_, line)| line.row == own.row && line.key.service.is_some()).map(|(at, _)| at).collect()
        }
        _ => {
            let rows: Vec<usize> = failure.rule.right.iter().filter_map(|id| form.row_position(id)).collect();
            all().filter(|(_, line)| line.key.is_row() && rows.contains(&line.row)).map(|(at, _)| at).collect()
        }
    }
}

/// Lines under a row that has too many of them, whose amounts are just what another row lacks.
fn misplaced(form: &Form, cells: &Cells, failures: &[Failure<'_>]) -> Vec<Guess> {
    let of_lines: Vec<&Failure<'_>> = failures
        .iter()
        .filter(|failure| failure.rule.check == Check::LinesSum && cells.lines[failure.line].key.is_row())
        .collect();
    let gap = |failure: &Failure<'_>| -> Vec<i64> {
        let width = cells.lines[failure.line].values.len();
        (0..width).map(|column| failure.columns.get(&column).map_or(0, |(left, right)| right - left)).collect()
    };
    let mut guesses = Vec::new();
    for over in of_lines.iter().filter(|failure| gap(failure).iter().all(|gap| *gap >= 0)) {
        for under in &of_lines {
            let (over_row, under_row) = (cells.lines[over.line].row, cells.lines[under.line].row);
            let opposite: Vec<i64> = gap(under).iter().map(|gap| -gap).collect();
            if over_row == under_row || gap(over) != opposite || form.rows[over_row].lines != form.rows[under_row].lines
            {
                continue;
            }
            for set in sets(cells, &parts(form, cells, over), &gap(over)) {
                let lines: Vec<String> = set.iter().map(|at| format!("«{}»", cells.lines[*at].key.label())).collect();
                let mut guess = Guess::new("cause_lines_misplaced", set.len())
                    .with("lines", lines.join(", "))
                    .with("from", &form.rows[over_row].no)
                    .with("to", &form.rows[under_row].no);
                guess.moves = set.into_iter().map(|at| (at, under_row)).collect();
                guesses.push(guess);
            }
        }
    }
    guesses
}

/// Sets of few lines whose amounts make up the gap in every column.
fn sets(cells: &Cells, lines: &[usize], gap: &[i64]) -> Vec<Vec<usize>> {
    struct Search<'s> {
        cells: &'s Cells,
        lines: &'s [usize],
        steps: usize,
        found: Vec<Vec<usize>>,
    }
    impl Search<'_> {
        fn go(&mut self, from: usize, rest: &[i64], chosen: &mut Vec<usize>) {
            if !chosen.is_empty() && rest.iter().all(|rest| *rest == 0) {
                self.found.push(chosen.clone());
                return;
            }
            for at in from..self.lines.len() {
                self.steps += 1;
                if self.steps > STEPS || chosen.len() == SET {
                    return;
                }
                let line = &self.cells.lines[self.lines[at]];
                let less: Vec<i64> =
                    rest.iter().enumerate().map(|(column, rest)| rest - number(line, column)).collect();
                // amounts are never negative: a line too large is in no set, one of nothing in all
                if less.iter().all(|rest| *rest >= 0) && less != rest {
                    chosen.push(self.lines[at]);
                    self.go(at + 1, &less, chosen);
                    chosen.pop();
                }
            }
        }
    }
    let mut search = Search { cells, lines, steps: 0, found: Vec::new() };
    search.go(0, gap, &mut Vec::new());
    search.found.sort_by_key(Vec::len);
    search.found
}

/// The quarter of a stock row that was summed over its months.
fn stock_summed(form: &Form, cells: &Cells, failure: &Failure<'_>) -> Option<Guess> {
    if failure.rule.check != Check::QuarterStock {
        return None;
    }
    let line = &cells.lines[failure.line];
    let grid = form.grid_of(line.row);
    let mut guess = Guess::new("cause_stock_summed", 1).with("row", name(form, line));
    for (column, (left, right)) in &failure.columns {
        let months = grid.columns[*column].months.iter().filter_map(|id| grid.column(id));
        let sum: i64 = months.map(|month| number(line, month)).sum();
        (sum == *left).then_some(())?;
        guess.values.push((failure.line, *column, Value::Number(*right)));
        guess = guess.with("sum", sum).with("last", right);
    }
    Some(guess)
}

/// All values of a part stand one column too far to the right or to the left.
fn shifted(form: &Form, cells: &Cells, failure: &Failure<'_>) -> Vec<Guess> {
    let mut guesses = Vec::new();
    let mut lines = if failure.rule.left_columns.is_empty() { parts(form, cells, failure) } else { Vec::new() };
    lines.push(failure.line);
    for at in lines {
        let line = &cells.lines[at];
        let width = line.values.len();
        for left in [true, false] {
            let mut values = line.values.clone();
            if left {
                values.rotate_left(1);
            } else {
                values.rotate_right(1);
            }
            // the value that falls out is nothing, and the quarter that is lost follows from the months
            let fallen = if left { width - 1 } else { 0 };
            if width < 3 || values[fallen].number().unwrap_or(0) != 0 {
                continue;
            }
            let grid = form.grid_of(line.row);
            for (place, column) in grid.columns.iter().enumerate().filter(|(_, column)| !column.months.is_empty()) {
                let months = column.months.iter().filter_map(|id| grid.column(id)).map(|month| &values[month]);
                values[place] = Value::sum(months).unwrap_or(Value::NoInfo);
            }
            let mut guess = Guess::new("cause_shifted", 2).with("row", name(form, line));
            guess.values = values.into_iter().enumerate().map(|(column, value)| (at, column, value)).collect();
            guesses.push(guess);
        }
        guesses.extend(neighbours(form, cells, failure, at));
    }
    guesses
}

/// Two neighbouring values of a line in each other's place.
fn neighbours(form: &Form, cells: &Cells, failure: &Failure<'_>, at: usize) -> Vec<Guess> {
    let line = &cells.lines[at];
    let gap = |column: usize| failure.columns.get(&column).map_or(0, |(left, right)| left - right);
    let swaps = (1..line.values.len()).filter(|column| {
        let move_by = number(line, column - 1) - number(line, *column);
        move_by != 0 && gap(*column).abs() == move_by.abs() && gap(column - 1) == -gap(*column)
    });
    swaps
        .map(|column| {
            let ids = form.grid_of(line.row).columns.iter().map(|column| column.id.as_str()).collect::<Vec<_>>();
            let columns = format!("{}, {}", ids[column - 1], ids[column]);
            let mut guess =
                Guess::new("cause_columns_swapped", 1).with("row", name(form, line)).with("columns", columns);
            let value = |column: usize| line.values[column].clone();
            guess.values = vec![(at, column - 1, value(column)), (at, column, value(column - 1))];
            guess
        })
        .collect()
}

/// The total itself: a part was left out or counted twice, or it was typed before the last correction.
fn total(form: &Form, cells: &Cells, failure: &Failure<'_>) -> Vec<Guess> {
    let parts = if failure.rule.left_columns.is_empty() { parts(form, cells, failure) } else { Vec::new() };
    let line = &cells.lines[failure.line];
    let by = |part: usize, sign: i64| {
        failure.columns.iter().all(|(column, (left, right))| left - right == sign * number(&cells.lines[part], *column))
    };
    let values =
        || failure.columns.iter().map(|(column, (_, right))| (failure.line, *column, Value::Number(*right))).collect();
    let guess = |name_of: &'static str, rank: usize| {
        Guess { values: values(), ..Guess::new(name_of, rank) }.with("row", name(form, line))
    };
    let mut guesses = Vec::new();
    let quarter = matches!(failure.rule.check, Check::QuarterFlow | Check::QuarterStock);
    if !quarter {
        let left_out = parts.iter().find(|part| by(**part, -1));
        let twice = parts.iter().find(|part| by(**part, 1));
        guesses
            .extend(left_out.map(|part| guess("cause_part_left_out", 2).with("part", name(form, &cells.lines[*part]))));
        guesses.extend(twice.map(|part| guess("cause_part_twice", 2).with("part", name(form, &cells.lines[*part]))));
    }
    if failure.columns.values().all(|(left, right)| *left == 2 * right) {
        guesses.push(guess("cause_counted_twice", 1));
    }
    guesses.push(guess("cause_total_stale", 5));
    guesses
}

/// A cell that was typed wrong: two digits swapped, one digit wrong, missing or too many.
fn typed(form: &Form, cells: &Cells, failure: &Failure<'_>) -> Vec<Guess> {
    let mut guesses = Vec::new();
    for (column, (left, right)) in &failure.columns {
        let grid = form.grid_of(cells.lines[failure.line].row);
        let mut places: Vec<(usize, usize, i64)> = vec![(failure.line, *column, right - left)];
        match failure.rule.check {
            Check::QuarterFlow => {
                let months = grid.columns[*column].months.iter().filter_map(|id| grid.column(id));
                places.extend(months.map(|month| (failure.line, month, left - right)));
            }
            Check::ColumnsSum => {
                let parts = failure.rule.right_columns.iter().filter_map(|id| grid.column(id));
                places.extend(parts.map(|part| (failure.line, part, left - right)));
            }
            Check::QuarterStock => {}
            _ => places.extend(parts(form, cells, failure).into_iter().map(|part| (part, *column, left - right))),
        }
        for (at, column, by) in places {
            let Some(Value::Number(from)) = cells.lines[at].values.get(column) else { continue };
            let to = from + by;
            let Some((cause, rank)) = slip(*from, to) else { continue };
            let mut guess =
                Guess::new(cause, rank).with("row", name(form, &cells.lines[at])).with("from", from).with("to", to);
            guess = guess.with("column", &form.grid_of(cells.lines[at].row).columns[column].id);
            guess.values = vec![(at, column, Value::Number(to))];
            guesses.push(guess);
        }
    }
    guesses
}

/// How a hand makes one number of another.
fn slip(from: i64, to: i64) -> Option<(&'static str, usize)> {
    if to < 0 || from == to {
        return None;
    }
    let (old, new) = (from.to_string(), to.to_string());
    let (old, new) = (old.as_bytes(), new.as_bytes());
    if old.len() == new.len() {
        let differ: Vec<usize> = (0..old.len()).filter(|at| old[*at] != new[*at]).collect();
        return match differ.as_slice() {
            [one, other] if other - one == 1 && old[*one] == new[*other] && old[*other] == new[*one] => {
                Some(("cause_digits_swapped", 1))
            }
            [_] if old.len() > 1 => Some(("cause_digit_wrong", 3)),
            _ => None,
        };
    }
    let (short, long) = if old.len() < new.len() { (old, new) } else { (new, old) };
    let without = |skip: usize| {
        long.iter().enumerate().filter(|(at, _)| *at != skip).map(|(_, digit)| *digit).collect::<Vec<_>>()
    };
    let one = long.len() == short.len() + 1 && short != b"0" && (0..long.len()).any(|skip| without(skip) == short);
    one.then_some((if old.len() < new.len() { "cause_digit_missing" } else { "cause_digit_extra" }, 2))
}

#[cfg(test)]
mod tests {
    use super::slip;

    #[test]
    fn slips_of_the_hand() {
        let of = |from, to| slip(from, to).map(|(name, _)| name);
        assert_eq!(of(54, 45), Some("cause_digits_swapped"));
        assert_eq!(of(1324, 1234), Some("cause_digits_swapped"));
        assert_eq!(of(46, 45), Some("cause_digit_wrong"));
        assert_eq!(of(45, 455), Some("cause_digit_missing"));
        assert_eq!(of(455, 45), Some("cause_digit_extra"));
        for (from, to) in [(5, 6), (54, 46), (1234, 4321), (7, -7), (3, 3), (10, 0)] {
            assert_eq!(of(from, to), None, "{from} {to}");
        }
    }
}
