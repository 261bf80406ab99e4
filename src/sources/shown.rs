//! Cells of a sheet that show their numbers otherwise than they hold them, by the formats of numbers.

use crate::sources::number_format::{NumberFormat, SeenNumber};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Runs of rows that are kept of a sheet: beyond them a run goes on to the next such cell of its column.
const RUNS: usize = 1 << 20;

/// Cells by their formats, of those formats alone that change what is read; rows and columns from 0.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ShownNumbers {
    /// By column and first row: the last row and the format.
    runs: BTreeMap<(u32, u32), (u32, Arc<NumberFormat>)>,
}

impl ShownNumbers {
    pub fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// Adds cells of one column from this row to that.
    pub fn add(&mut self, column: u32, first: u32, last: u32, format: &Arc<NumberFormat>) {
        let is_full = self.runs.len() >= RUNS;
        if let Some(((known, _), run)) = self.runs.range_mut(..=(column, first)).next_back()
            && *known == column
            && (is_full || Arc::ptr_eq(&run.1, format) && run.0.saturating_add(1) >= first)
        {
            run.0 = run.0.max(last);
            return;
        }
        self.runs.insert((column, first), (last, Arc::clone(format)));
    }

    /// What a cell shows in place of its number.
    pub fn seen(&self, (row, column): (u32, u32), number: f64) -> Option<SeenNumber> {
        let ((known, _), (last, format)) = self.runs.range(..=(column, row)).next_back()?;
        if *known == column && *last >= row { format.seen(number) } else { None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_have_the_formats_of_their_runs() {
        let (percent, thousands) = (Arc::new(NumberFormat::parse("0%")), Arc::new(NumberFormat::parse("0\" тыс.\"")));
        let mut shown = ShownNumbers::default();
        assert!(shown.is_empty());
        for row in 3..6 {
            shown.add(1, row, row, &percent);
            shown.add(2, row, row, if row == 4 { &percent } else { &thousands });
        }
        shown.add(1, 9, 20, &thousands);
        assert_eq!(shown.runs.len(), 5);
        let seen = |row, column| match shown.seen((row, column), 1.0) {
            Some(SeenNumber::Other(text)) => text,
            _ => String::new(),
        };
        let column = |column| (2..11).map(|row| seen(row, column)).collect::<Vec<_>>().join("|");
        assert_eq!(column(1), "|100%|100%|100%||||1 тыс.|1 тыс.");
        assert_eq!(column(2), "|1 тыс.|100%|1 тыс.|||||");
        assert_eq!(column(0), "||||||||");
    }
}
