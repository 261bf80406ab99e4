//! Lines that repeat one another.

use crate::definitions::form::Rule;
use crate::rules::recipe::Sums;
use crate::rules::term::CheckResult;
use crate::values::cells::Line;
use crate::words::finding::Outcome;
use std::collections::BTreeMap;

/// From this number on, equal months of two lines are no coincidence (forms.md, Rules).
const REPEATED_FROM: i64 = 10;

/// Two lines of one block with the same three months, at least two of them ≥ 10: of each line of the blocks of the
/// rule, the column of its quarter, and what came of it.
pub fn compare(sums: Sums<'_>, rule: &Rule, tell: &mut dyn FnMut((usize, usize), CheckResult)) {
    let mut met: BTreeMap<(usize, Vec<i64>), &Line> = BTreeMap::new();
    for (position, line) in sums.lines.iter().enumerate() {
        if line.key.is_row() || !rule.left.contains(&sums.form.rows[line.row].id) {
            continue;
        }
        let columns = &sums.form.grid_of(line.row).columns;
        let months = columns.iter().zip(&line.values).filter(|(column, _)| column.month.is_some());
        let Some(months) = months.map(|(_, value)| value.number()).collect::<Option<Vec<i64>>>() else { continue };
        let large = months.iter().filter(|value| **value >= REPEATED_FROM).count() >= 2;
        let quarter = columns.iter().position(|column| column.month.is_none()).unwrap_or(0);
        let side = |line: &Line| line.values[quarter].number().unwrap_or(0);
        let twin = if large { met.insert((line.row, months), line) } else { None };
        let result = match twin {
            Some(twin) => CheckResult::of(Some((side(line), side(twin))), false),
            None => CheckResult { left: None, right: None, outcome: Outcome::Holds },
        };
        tell((position, quarter), result);
    }
}
