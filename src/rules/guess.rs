//! Guesses at what went wrong, from the differences of failed sums.

use crate::definitions::form::{Check, Form, Rule};
use crate::rules::recipe::{Recipe, Sums};
use crate::values::cells::{Cells, Line, Value};
use std::collections::BTreeMap;

/// One failed equality at a line: its columns with both sides.
#[derive(Debug)]
pub struct Failure<'r> {
    pub rule: &'r Rule,
    pub line: usize,
    pub columns: BTreeMap<usize, Gap>,
}

/// The sides of an equality in one column.
#[derive(Debug)]
pub struct Gap {
    /// What stands there.
    pub left: i64,
    /// What it should be.
    pub right: i64,
    /// The cells of the right side.
    pub parts: Recipe,
}

impl Failure<'_> {
    /// The cells on the right side in a column; a row of which only lines are printed has none of its own.
    fn places(&self, sums: Sums<'_>, gap: &Gap) -> Vec<(usize, usize)> {
        let own = sums.lines[self.line].row;
        let places = sums.places(&gap.parts);
        places.filter(|(line, _)| sums.lines[*line].row == own || sums.lines[*line].key.is_row()).collect()
    }

    /// The other lines on its right side.
    fn parts(&self, sums: Sums<'_>) -> Vec<usize> {
        let places = self.columns.values().next().map(|gap| self.places(sums, gap)).unwrap_or_default();
        places.into_iter().map(|(line, _)| line).filter(|line| *line != self.line).collect()
    }

    /// Left side less right side.
    fn over(&self, column: usize) -> i64 {
        self.columns.get(&column).map_or(0, |gap| gap.left - gap.right)
    }
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
pub fn all(sums: Sums<'_>, failures: &[Failure<'_>]) -> Vec<Guess> {
    let mut guesses = misplaced(sums, failures);
    for failure in failures {
        guesses.extend(stock_summed(sums, failure));
        guesses.extend(shifted(sums, failure));
        guesses.extend(total(sums, failure));
        guesses.extend(typed(sums, failure));
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

/// Lines under a row that has too many of them, whose amounts are just what another row lacks.
fn misplaced(sums: Sums<'_>, failures: &[Failure<'_>]) -> Vec<Guess> {
    let (rows, lines) = (&sums.form.rows, sums.lines);
    let of_lines =
        failures.iter().filter(|failure| failure.rule.check == Check::LinesSum && lines[failure.line].key.is_row());
    // what the lines have too much in each column
    let gap = |failure: &Failure<'_>| -> Vec<i64> {
        (0..lines[failure.line].values.len()).map(|column| -failure.over(column)).collect()
    };
    let of_lines: Vec<(&Failure<'_>, Vec<i64>)> = of_lines.map(|failure| (failure, gap(failure))).collect();
    let mut guesses = Vec::new();
    for (over, gap) in of_lines.iter().filter(|(_, gap)| gap.iter().all(|gap| *gap >= 0)) {
        let opposite: Vec<i64> = gap.iter().map(|gap| -gap).collect();
        for (under, _) in of_lines.iter().filter(|(_, gap)| *gap == opposite) {
            let (over_row, under_row) = (lines[over.line].row, lines[under.line].row);
            if over_row == under_row || rows[over_row].lines != rows[under_row].lines {
                continue;
            }
            for set in sets(lines, &over.parts(sums), gap) {
                let names: Vec<String> = set.iter().map(|at| format!("«{}»", lines[*at].key.label())).collect();
                let mut guess = Guess::new("cause_lines_misplaced", set.len())
                    .with("lines", names.join(", "))
                    .with("from", &rows[over_row].no)
                    .with("to", &rows[under_row].no);
                guess.moves = set.into_iter().map(|at| (at, under_row)).collect();
                guesses.push(guess);
            }
        }
    }
    guesses
}

/// Sets of few lines whose amounts make up the gap in every column.
fn sets(all: &[Line], lines: &[usize], gap: &[i64]) -> Vec<Vec<usize>> {
    struct Search<'s> {
        all: &'s [Line],
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
                let line = &self.all[self.lines[at]];
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
    let mut search = Search { all, lines, steps: 0, found: Vec::new() };
    search.go(0, gap, &mut Vec::new());
    search.found.sort_by_key(Vec::len);
    search.found
}

/// The quarter of a stock row that was summed over its months.
fn stock_summed(sums: Sums<'_>, failure: &Failure<'_>) -> Option<Guess> {
    if failure.rule.check != Check::QuarterStock {
        return None;
    }
    let mut guess = Guess::new("cause_stock_summed", 1).with("row", name(sums.form, &sums.lines[failure.line]));
    for (column, Gap { left, right, parts }) in &failure.columns {
        let sum: i64 = sums.places(parts).map(|(line, month)| number(&sums.lines[line], month)).sum();
        (sum == *left).then_some(())?;
        guess.values.push((failure.line, *column, Value::Number(*right)));
        guess = guess.with("sum", sum).with("last", right);
    }
    Some(guess)
}

/// All values of a part stand one column too far to the right or to the left.
fn shifted(sums: Sums<'_>, failure: &Failure<'_>) -> Vec<Guess> {
    let mut guesses = Vec::new();
    let mut lines = failure.parts(sums);
    lines.push(failure.line);
    for at in lines {
        let line = &sums.lines[at];
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
            let grid = sums.form.grid_of(line.row);
            for (place, column) in grid.columns.iter().enumerate().filter(|(_, column)| !column.months.is_empty()) {
                let months = column.months.iter().filter_map(|id| grid.column(id)).map(|month| &values[month]);
                values[place] = Value::sum(months).unwrap_or(Value::NoInfo);
            }
            let mut guess = Guess::new("cause_shifted", 2).with("row", name(sums.form, line));
            guess.values = values.into_iter().enumerate().map(|(column, value)| (at, column, value)).collect();
            guesses.push(guess);
        }
        guesses.extend(neighbours(sums, failure, at));
    }
    guesses
}

/// Two neighbouring values of a line in each other's place.
fn neighbours(sums: Sums<'_>, failure: &Failure<'_>, at: usize) -> Vec<Guess> {
    let line = &sums.lines[at];
    let swaps = (1..line.values.len()).filter(|column| {
        let move_by = number(line, column - 1) - number(line, *column);
        move_by != 0
            && failure.over(*column).abs() == move_by.abs()
            && failure.over(column - 1) == -failure.over(*column)
    });
    swaps
        .map(|column| {
            let columns = &sums.form.grid_of(line.row).columns;
            let columns = format!("{}, {}", columns[column - 1].id, columns[column].id);
            let mut guess =
                Guess::new("cause_columns_swapped", 1).with("row", name(sums.form, line)).with("columns", columns);
            let value = |column: usize| line.values[column].clone();
            guess.values = vec![(at, column - 1, value(column)), (at, column, value(column - 1))];
            guess
        })
        .collect()
}

/// The total itself: a part was left out or counted twice, or it was typed before the last correction.
fn total(sums: Sums<'_>, failure: &Failure<'_>) -> Vec<Guess> {
    let parts = failure.parts(sums);
    let named = |line: usize| name(sums.form, &sums.lines[line]);
    let by = |part: usize, sign: i64| {
        failure.columns.keys().all(|column| failure.over(*column) == sign * number(&sums.lines[part], *column))
    };
    let guess = |name_of: &'static str, rank: usize| {
        let mut guess = Guess::new(name_of, rank).with("row", named(failure.line));
        let values = failure.columns.iter().map(|(column, gap)| (failure.line, *column, Value::Number(gap.right)));
        guess.values = values.collect();
        guess
    };
    let mut guesses = Vec::new();
    let left_out = parts.iter().find(|part| by(**part, -1));
    let twice = parts.iter().find(|part| by(**part, 1));
    guesses.extend(left_out.map(|part| guess("cause_part_left_out", 2).with("part", named(*part))));
    guesses.extend(twice.map(|part| guess("cause_part_twice", 2).with("part", named(*part))));
    if failure.columns.values().all(|gap| gap.left == 2 * gap.right) {
        guesses.push(guess("cause_counted_twice", 1));
    }
    guesses.push(guess("cause_total_stale", 5));
    guesses
}

/// A cell that was typed wrong: two digits swapped, one digit wrong, missing or too many.
fn typed(sums: Sums<'_>, failure: &Failure<'_>) -> Vec<Guess> {
    let mut guesses = Vec::new();
    for (column, gap) in &failure.columns {
        let by = gap.left - gap.right;
        let mut places: Vec<(usize, usize, i64)> = vec![(failure.line, *column, -by)];
        // another month than the last of a stock explains nothing
        if !matches!(gap.parts, Recipe::Last(_)) {
            places.extend(failure.places(sums, gap).into_iter().map(|(line, column)| (line, column, by)));
        }
        for (at, column, by) in places {
            let line = &sums.lines[at];
            let Some(Value::Number(from)) = line.values.get(column) else { continue };
            let to = from + by;
            let Some((cause, rank)) = slip(*from, to) else { continue };
            let mut guess =
                Guess::new(cause, rank).with("row", name(sums.form, line)).with("from", from).with("to", to);
            guess = guess.with("column", &sums.form.grid_of(line.row).columns[column].id);
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
